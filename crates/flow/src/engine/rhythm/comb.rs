//! The comb: a period of which the waits between calls are multiples.
//!
//! Each wait is a point on a circle that is one period long; if the waits are multiples the points
//! stand together. That they do is tested as Rayleigh did for directions (Mardia and Jupp,
//! Directional Statistics, 2000, section 6.3): for n points of a mean length R the logarithm of the
//! chance is about -n R². Many periods are tried, and that is taken off.

use super::TICKS_PER_SECOND;

/// Waits that are asked for.
const WAITS_MIN: usize = 5;

/// The shortest period that is tried, in ticks: exporters may tell whole seconds only.
const PERIOD_MIN: f64 = 3.0 * TICKS_PER_SECOND as f64;

/// Ratio of a period that is tried and the next: fine enough for waits of some 50 periods.
const RATIO: f64 = 1.002;

/// A period that was found.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(in crate::engine) struct Comb {
    /// The period, in seconds.
    pub(in crate::engine) period_seconds: f64,
    /// How much likelier than by chance, as a natural logarithm, after what the search costs. Above
    /// zero.
    pub(in crate::engine) surprise: f64,
}

impl Comb {
    /// Looks for a period in `waits` (ticks); `None` when there is none, or waits are too few.
    ///
    /// Periods up to the shorter waits only: on a circle much longer than the waits all of them
    /// stand together, whatever they are.
    pub(in crate::engine) fn of(waits: &[u32]) -> Option<Self> {
        if waits.len() < WAITS_MIN {
            return None;
        }
        let mut sorted: Vec<f64> = waits.iter().map(|ticks| f64::from(*ticks)).collect();
        sorted.sort_by(f64::total_cmp);
        let short = *sorted.get(sorted.len() / 5)? * 1.05;
        let (mut period, mut tried, mut best) = (PERIOD_MIN, 0.0, (0.0, 0.0));
        while period <= short {
            let length = together(&sorted, period);
            if length > best.0 {
                best = (length, period);
            }
            tried += 1.0;
            period *= RATIO;
        }
        let surprise = best.0 - f64::ln(f64::max(tried, 1.0));
        (surprise > 0.0).then_some(Self {
            period_seconds: best.1 / f64::from(TICKS_PER_SECOND),
            surprise,
        })
    }
}

/// n R² of the waits on a circle of one period.
fn together(waits: &[f64], period: f64) -> f64 {
    let (mut sine, mut cosine, mut count) = (0.0, 0.0, 0.0);
    let turns = 1.0 / period;
    for wait in waits {
        let (s, c) = on_circle(wait * turns);
        sine += s;
        cosine += c;
        count += 1.0;
    }
    // Multiples of the period stand at the top of the circle; other heaps are none.
    if cosine <= 0.0 {
        return 0.0;
    }
    (sine * sine + cosine * cosine) / count
}

/// Sine and cosine of so many turns, from 0 to 2^51, right to six digits: series of the half angle, which
/// a compiler turns into steps for several at once. Most of the judging would go into exact ones.
#[inline]
fn on_circle(turns: f64) -> (f64, f64) {
    // Added and taken away again, it leaves the nearest whole number.
    const WHOLE: f64 = 6_755_399_441_055_744.0;
    let part = turns - ((turns + WHOLE) - WHOLE);
    let half = std::f64::consts::PI * part;
    let square = half * half;
    let sine = half
        * (1.0
            - square / 6.0
                * (1.0
                    - square / 20.0
                        * (1.0 - square / 42.0 * (1.0 - square / 72.0 * (1.0 - square / 110.0)))));
    let cosine = 1.0
        - square / 2.0
            * (1.0
                - square / 12.0
                    * (1.0
                        - square / 30.0
                            * (1.0
                                - square / 56.0 * (1.0 - square / 90.0 * (1.0 - square / 132.0)))));
    (2.0 * sine * cosine, 1.0 - 2.0 * sine * sine)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::draw;

    fn draws() -> impl Iterator<Item = u64> {
        (1..).map(draw::at)
    }

    #[test]
    fn the_series_agree_with_the_library() {
        for n in 0..10_000 {
            let turns = f64::from(n) * 0.001_7;
            let (sine, cosine) = on_circle(turns);
            let (s, c) = (std::f64::consts::TAU * turns).sin_cos();
            assert!(
                (sine - s).abs() < 1e-6 && (cosine - c).abs() < 1e-6,
                "{turns}"
            );
        }
    }

    #[test]
    fn a_clock_is_found_though_nine_of_ten_calls_are_lost() {
        let waits: Vec<u32> = draws()
            .take(30)
            .map(|draw| {
                let (periods, jitter) = (1 + draw % 18, (draw >> 32) % 20);
                u32::try_from(600 * periods + jitter).unwrap()
            })
            .collect();
        let comb = Comb::of(&waits).unwrap();
        assert!(comb.surprise > 6.0, "{comb:?}");
        assert!((57.0..63.0).contains(&comb.period_seconds), "{comb:?}");
    }

    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_precision_loss,
        clippy::cast_sign_loss,
        reason = "a share of a million, and less than an hour of ticks"
    )]
    #[test]
    fn waits_of_people_have_no_period() {
        let found = (0..50).filter(|person| {
            let waits: Vec<u32> = draws()
                .skip(person * 40)
                .take(40)
                .map(|draw| {
                    // From a second to some twenty minutes, equally often at every magnitude.
                    let magnitude = (draw % 1_000_000) as f64 / 1_000_000.0;
                    (10.0 * 1_200_f64.powf(magnitude)) as u32
                })
                .collect();
            Comb::of(&waits).is_some_and(|comb| comb.surprise > 3.0)
        });
        assert!(found.count() <= 2);
    }

    #[test]
    fn few_waits_say_nothing() {
        assert_eq!(Comb::of(&[600; 4]), None);
    }
}
