//! Rankings and what is read off them.

use std::collections::BTreeMap;

use super::{Judged, UNSEEN};

/// Servers in the order of a score, the worst first; those of one score stand together.
pub struct Ranking {
    /// How many command and how many do not, at each score.
    steps: Vec<(u32, u32)>,
    commanding: f64,
    harmless: f64,
}

/// The normal deviate that 95 % of the cases stay below, squared.
const DEVIATE_SQUARED: f64 = 1.959_964 * 1.959_964;

/// A number with the interval in which it lies by 95 %.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct Interval {
    /// The number itself.
    pub point: f64,
    /// Lower end.
    pub low: f64,
    /// Upper end.
    pub high: f64,
}

impl Interval {
    /// The middle 95 % of what the rounds of a bootstrap gave, around `point`.
    pub(super) fn of(point: f64, mut rounds: Vec<f64>) -> Self {
        rounds.sort_by(f64::total_cmp);
        let at = |mille: usize| {
            rounds
                .get(rounds.len() * mille / 1_000)
                .copied()
                .unwrap_or(point)
        };
        Self {
            point,
            low: at(25),
            high: at(975),
        }
    }

    /// For a share of `count` servers: where it is 0 or 1 every round of the bootstrap gives the same,
    /// however few there are, so the interval of Wilson (1927) is joined to it.
    #[must_use]
    pub(super) fn widened(self, count: f64) -> Self {
        let whole = count + DEVIATE_SQUARED;
        if self.point >= 1.0 {
            let low = self.low.min(count / whole);
            Self { low, ..self }
        } else if self.point <= 0.0 {
            let high = self.high.max(DEVIATE_SQUARED / whole);
            Self { high, ..self }
        } else {
            self
        }
    }
}

impl Ranking {
    /// Ranks servers by `score`. One of which nothing was seen ([`UNSEEN`]) counts, and stands nowhere.
    pub fn of<'s>(
        servers: impl IntoIterator<Item = &'s Judged>,
        score: impl Fn(&Judged) -> f64,
    ) -> Self {
        let mut scored: Vec<(f64, bool)> = servers
            .into_iter()
            .map(|server| (score(server), server.family.is_some()))
            .collect();
        scored.sort_by(|one, other| other.0.total_cmp(&one.0));
        let mut steps: Vec<(u32, u32)> = Vec::new();
        let (mut commanding, mut harmless, mut last) = (0.0, 0.0, f64::NAN);
        for (score, commands) in scored {
            let all = if commands {
                &mut commanding
            } else {
                &mut harmless
            };
            *all += 1.0;
            if score.total_cmp(&UNSEEN).is_eq() {
                continue;
            }
            if score.total_cmp(&last).is_ne() {
                steps.push((0, 0));
                last = score;
            }
            if let Some(step) = steps.last_mut() {
                let here = if commands { &mut step.0 } else { &mut step.1 };
                *here += 1;
            }
        }
        Self {
            steps,
            commanding,
            harmless,
        }
    }

    /// How many servers command.
    pub(super) fn commanding(&self) -> f64 {
        self.commanding
    }

    /// Share of the commanding servers that are found when at most `budget` of the harmless ones are
    /// taken for such, both 0 to 1. Servers of one score are found together or not at all.
    pub fn recall(&self, budget: f64) -> f64 {
        let allowed = budget * self.harmless;
        let (mut found, mut wrong) = (0.0, 0.0);
        for (commanding, harmless) in &self.steps {
            wrong += f64::from(*harmless);
            if wrong > allowed {
                break;
            }
            found += f64::from(*commanding);
        }
        share(found, self.commanding)
    }

    /// Average precision: the mean, over the commanding servers, of the precision at each.
    pub fn precision(&self) -> f64 {
        let (mut found, mut seen, mut sum) = (0.0, 0.0, 0.0);
        for (commanding, harmless) in &self.steps {
            found += f64::from(*commanding);
            seen += f64::from(*commanding) + f64::from(*harmless);
            sum += f64::from(*commanding) * share(found, seen);
        }
        share(sum, self.commanding)
    }

    /// How often a commanding server stands before a harmless one, 0 to 1; the same place is half.
    pub fn area(&self) -> f64 {
        let (mut before, mut sum) = (0.0, 0.0);
        for (commanding, harmless) in &self.steps {
            let here = f64::from(*harmless);
            sum += f64::from(*commanding) * (self.harmless - before - here / 2.0);
            before += here;
        }
        share(sum, self.commanding * self.harmless)
    }
}

fn share(part: f64, whole: f64) -> f64 {
    if whole > 0.0 { part / whole } else { 0.0 }
}

/// A sample as large as `servers`: families are drawn whole, since servers of one are alike, and
/// harmless servers one by one.
pub(super) fn resample<'s>(
    servers: &'s [Judged],
    draw: &mut impl FnMut() -> u64,
) -> Vec<&'s Judged> {
    let mut families: BTreeMap<&str, Vec<&Judged>> = BTreeMap::new();
    let mut harmless: Vec<&Judged> = Vec::new();
    for server in servers {
        match &server.family {
            Some(family) => families.entry(family).or_default().push(server),
            None => harmless.push(server),
        }
    }
    let families: Vec<Vec<&Judged>> = families.into_values().collect();
    let mut below = |count: usize| {
        let count = u64::try_from(count.max(1)).unwrap_or(1);
        usize::try_from(draw() % count).unwrap_or(0)
    };
    let mut drawn = Vec::with_capacity(servers.len());
    for _ in 0..families.len() {
        drawn.extend(families.get(below(families.len())).into_iter().flatten());
    }
    for _ in 0..harmless.len() {
        drawn.extend(harmless.get(below(harmless.len())));
    }
    drawn
}

/// From a score to a probability: the logistic curve that fits verdicts best.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Calibration {
    /// Logarithm of the odds at score zero.
    pub offset: f64,
    /// What a deciban adds to it.
    pub slope: f64,
}

/// Verdicts of each kind below which no probability is claimed.
pub(super) const VERDICTS_MIN: usize = 20;

impl Calibration {
    /// Fits verdicts: a score, and whether the server commands. `None` with fewer than 20 of either
    /// kind.
    ///
    /// Newton's method on the logarithm of the likelihood, with a small pull to zero so that verdicts
    /// which a score separates have an end too; the targets are Platt's (1999).
    pub fn fit(verdicts: &[(f64, bool)]) -> Option<Self> {
        let commanding = verdicts.iter().filter(|(_, commands)| *commands).count();
        if commanding < VERDICTS_MIN || verdicts.len() - commanding < VERDICTS_MIN {
            return None;
        }
        let count = |n: usize| f64::from(u32::try_from(n).unwrap_or(u32::MAX));
        let high = (count(commanding) + 1.0) / (count(commanding) + 2.0);
        let low = 1.0 / (count(verdicts.len() - commanding) + 2.0);
        let mut fitted = Self {
            offset: 0.0,
            slope: 0.0,
        };
        for _ in 0..50 {
            let (mut g0, mut g1) = (1e-3 * fitted.offset, 1e-3 * fitted.slope);
            let (mut h00, mut h01, mut h11) = (1e-3, 0.0, 1e-3);
            for (score, commands) in verdicts {
                let p = fitted.probability(*score);
                let off = p - if *commands { high } else { low };
                let w = (p * (1.0 - p)).max(1e-9);
                g0 += off;
                g1 += off * score;
                h00 += w;
                h01 += w * score;
                h11 += w * score * score;
            }
            let det = h00 * h11 - h01 * h01;
            let (d0, d1) = ((h11 * g0 - h01 * g1) / det, (h00 * g1 - h01 * g0) / det);
            fitted.offset -= d0.clamp(-5.0, 5.0);
            fitted.slope -= d1.clamp(-1.0, 1.0);
            if d0.abs() < 1e-9 && d1.abs() < 1e-9 {
                break;
            }
        }
        (fitted.offset.is_finite() && fitted.slope.is_finite()).then_some(fitted)
    }

    /// Probability that a server of this score commands, 0 to 1.
    pub fn probability(&self, score: f64) -> f64 {
        1.0 / (1.0 + (-self.offset - self.slope * score).exp())
    }

    /// Mean squared distance of probability and truth (Brier 1950): 0 is perfect.
    pub fn brier(&self, verdicts: &[(f64, bool)]) -> f64 {
        let count = f64::from(u32::try_from(verdicts.len().max(1)).unwrap_or(u32::MAX));
        let off = |(score, commands): &(f64, bool)| {
            (self.probability(*score) - f64::from(u8::from(*commands))).powi(2)
        };
        verdicts.iter().map(off).sum::<f64>() / count
    }
}
