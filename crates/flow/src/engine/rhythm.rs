//! The rhythm of a server: how long its clients wait between calls, all pooled.
//!
//! Two looks at the same waits. Heaps on a scale of equal ratios show whether waits are alike in
//! proportion; nothing is fitted to one period, so that retries at two or three waits show as few
//! narrow heaps where people make broad ones. The comb looks for a period of which the waits are
//! multiples, so that a clock is seen though most of its calls were lost or not sampled.

mod comb;

pub(super) use comb::Comb;

/// Ticks in a second.
pub(crate) const TICKS_PER_SECOND: u32 = 10;

/// Ratio of two neighbors on the scale.
const RATIO: f64 = 1.065;

/// Steps of the scale; the last is some ten days.
const STEPS: usize = 256;

/// Waits that are kept one by one: the latest.
const RECENT_MAX: usize = 48;

/// Steps to both sides that are alike: 13 %.
const ALIKE: usize = 2;

/// Steps to both sides of the middle of a clock that runs early and late on purpose, by a third or so: to 1.65
/// times as long, and as short.
const LOOSE: usize = 8;

/// Steps below the middle from which on a wait is one between the calls of one visit: to an eighth.
const WITHIN_VISIT: usize = 33;

/// The shortest wait that is taken for one between visits: 2 seconds.
const VISIT_STEP_MIN: usize = 48;

/// Pooled waits.
pub(super) struct Rhythm {
    /// The latest, in ticks.
    recent: Vec<u32>,
    /// How many there were.
    added: u32,
    /// All, in heaps, when they are more than the latest.
    heaps: Option<Box<[u16; STEPS]>>,
}

/// What a rhythm says.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Beat {
    /// How many waits.
    pub(super) waits: u32,
    /// How many of all pairs of waits are alike, 0 to 1.
    pub(super) alike: f64,
    /// The commonest wait, in seconds.
    pub(super) period_seconds: f64,
    /// Waits that one loose clock explains.
    pub(super) loose: Loose,
}

/// A clock that runs early and late, and how many waits it explains.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Loose {
    /// How many it explains.
    pub(super) waits: u32,
    /// Their share of all but those within a visit, 0 to 1.
    pub(super) share: f64,
    /// The middle of them, in seconds.
    pub(super) period_seconds: f64,
}

/// Place of a wait on the scale.
#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "the logarithm of a number from 1 to 2^32, divided: 0 to 352, then bounded"
)]
pub(super) fn step(ticks: u32) -> u8 {
    let place = f64::from(ticks.max(1)).ln() / RATIO.ln();
    place.round().min(255.0) as u8
}

/// Whether two places on the scale are alike.
pub(super) fn near(one: u8, other: u8) -> bool {
    usize::from(one.abs_diff(other)) <= ALIKE
}

fn seconds(step: usize) -> f64 {
    RATIO.powi(i32::try_from(step).unwrap_or(0)) / f64::from(TICKS_PER_SECOND)
}

impl Rhythm {
    pub(super) const fn none() -> Self {
        Self {
            recent: Vec::new(),
            added: 0,
            heaps: None,
        }
    }

    /// Adds a wait of so many ticks.
    pub(super) fn add(&mut self, ticks: u32) {
        if self.recent.len() < RECENT_MAX {
            self.recent.push(ticks);
        } else {
            let heaps = self.heaps.get_or_insert_with(|| heaps_of(&self.recent));
            count_up(heaps, step(ticks));
            let oldest = usize::try_from(self.added).unwrap_or(0) % RECENT_MAX;
            if let Some(place) = self.recent.get_mut(oldest) {
                *place = ticks;
            }
        }
        self.added = self.added.saturating_add(1);
    }

    /// The latest waits, in ticks.
    pub(super) fn recent(&self) -> &[u32] {
        &self.recent
    }

    /// What it says; `None` below two waits.
    pub(super) fn beat(&self) -> Option<Beat> {
        if self.added < 2 {
            return None;
        }
        let few;
        let heaps: &[u16; STEPS] = if let Some(heaps) = &self.heaps {
            heaps
        } else {
            few = heaps_of(&self.recent);
            &few
        };
        let (mut alike, mut commonest, mut most, mut all) = (0.0, 0, (0, 0), 0.0);
        for (place, heap) in heaps.iter().enumerate().filter(|(_, heap)| **heap > 0) {
            let low = place.saturating_sub(ALIKE);
            let window = heaps.iter().skip(low).take(place + ALIKE + 1 - low);
            let near: u32 = window.map(|heap| u32::from(*heap)).sum();
            // Each wait with each other, itself left out.
            alike += f64::from(*heap) * f64::from(near.saturating_sub(1));
            all += f64::from(*heap);
            if (near, *heap) > most {
                (commonest, most) = (place, (near, *heap));
            }
        }
        Some(Beat {
            waits: self.added,
            alike: alike / (all * (all - 1.0)),
            period_seconds: self.period(commonest),
            loose: loose(heaps),
        })
    }

    /// The middle one of the latest waits around that step, in seconds: the step itself is coarse.
    fn period(&self, commonest: usize) -> f64 {
        let commonest_step = u8::try_from(commonest).unwrap_or(u8::MAX);
        let around = |ticks: &u32| near(step(*ticks), commonest_step);
        let mut waits: Vec<u32> = self.recent.iter().copied().filter(around).collect();
        waits.sort_unstable();
        waits.get(waits.len() / 2).map_or_else(
            || seconds(commonest),
            |ticks| f64::from(*ticks) / f64::from(TICKS_PER_SECOND),
        )
    }
}

/// The clock that explains most: waits within [`LOOSE`] of its middle, beside all that are no shorter than an
/// eighth of it. A program that calls twice or three times whenever it wakes has the short waits as well.
fn loose(heaps: &[u16; STEPS]) -> Loose {
    let mut below = [0_u32; STEPS + 1];
    let mut sum = 0;
    for (below, heap) in below.iter_mut().skip(1).zip(heaps) {
        sum += u32::from(*heap);
        *below = sum;
    }
    let sum = |from: usize, until: usize| {
        let below = |step: usize| below.get(step.min(STEPS)).copied().unwrap_or(0);
        below(until) - below(from)
    };
    let mut best = Loose {
        waits: 0,
        share: 0.0,
        period_seconds: 0.0,
    };
    let mut most = 0.0;
    for middle in VISIT_STEP_MIN..STEPS {
        let waits = sum(middle - LOOSE, middle + LOOSE + 1);
        let all = sum(middle - WITHIN_VISIT, STEPS);
        let share = f64::from(waits) / f64::from(all.max(1));
        // Of two that explain as large a share the one with more waits tells more.
        let told = share * share * f64::from(waits);
        if told > most {
            most = told;
            best = Loose {
                waits,
                share,
                period_seconds: seconds(middle),
            };
        }
    }
    best
}

fn heaps_of(waits: &[u32]) -> Box<[u16; STEPS]> {
    let mut heaps = Box::new([0; STEPS]);
    for ticks in waits {
        count_up(&mut heaps, step(*ticks));
    }
    heaps
}

fn count_up(heaps: &mut [u16; STEPS], step: u8) {
    super::profile::count_up(heaps, usize::from(step));
}

#[cfg(test)]
mod tests {
    use super::*;

    fn beat(waits: impl IntoIterator<Item = u32>) -> Beat {
        let mut rhythm = Rhythm::none();
        for ticks in waits {
            rhythm.add(ticks);
        }
        rhythm.beat().unwrap()
    }

    #[test]
    fn a_clock_is_all_alike_and_tells_its_period() {
        for count in [5, 48, 49, 500] {
            let beat = beat((0..count).map(|n| 600 + 10 * (n % 3)));
            assert!(beat.alike > 0.99, "{beat:?}");
            assert!((60.0..62.1).contains(&beat.period_seconds), "{beat:?}");
            assert_eq!(beat.waits, count);
        }
    }

    #[test]
    fn calls_lost_on_the_way_make_a_second_heap_and_no_noise() {
        let beat = beat((0..100).map(|n| if n % 5 == 0 { 1_200 } else { 600 }));
        assert!((0.6..0.75).contains(&beat.alike), "{beat:?}");
    }

    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "2 · 1.04^200 is some thousands"
    )]
    #[test]
    fn waits_of_every_length_are_not_alike() {
        let mut ticks = 20.0;
        let beat = beat((0..200).map(|_| {
            ticks *= 1.04;
            ticks as u32
        }));
        assert!(beat.alike < 0.06, "{beat:?}");
    }

    #[test]
    fn a_clock_that_runs_early_and_late_is_seen_behind_the_calls_of_each_visit() {
        // 60 s, a third early or late, each with a second call after a second.
        let beat = beat((0..80).map(|n| if n % 2 == 0 { 10 } else { 400 + (n * 37) % 400 }));
        assert!(beat.loose.share > 0.95, "{beat:?}");
        assert_eq!(beat.loose.waits, 40);
        assert!(
            (45.0..75.0).contains(&beat.loose.period_seconds),
            "{beat:?}"
        );
        assert!(beat.alike < 0.65, "{beat:?}");
    }

    #[test]
    fn one_wait_says_nothing_and_full_heaps_keep_the_proportion() {
        let mut rhythm = Rhythm::none();
        rhythm.add(100);
        assert!(rhythm.beat().is_none());
        for _ in 0..100_000 {
            rhythm.add(100);
            rhythm.add(9_000);
        }
        let beat = rhythm.beat().unwrap();
        assert!((0.49..0.51).contains(&beat.alike), "{beat:?}");
    }
}
