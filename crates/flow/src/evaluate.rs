//! How good detection is on servers whose nature is known: recall at a budget of false alarms, with
//! intervals, beside what simple rules reach on the same servers.

mod baseline;
mod measure;
mod thin;

pub use baseline::Rita;
pub use measure::{Calibration, Interval, Ranking};
pub use thin::thin;

use crate::finding::EvidenceCode;

/// Rounds of the bootstrap.
pub const ROUNDS: usize = 1_000;

/// Score of a server of which nothing was seen: no budget finds it.
pub const UNSEEN: f64 = f64::NEG_INFINITY;

/// A server whose nature is known.
#[derive(Debug, Clone, PartialEq)]
pub struct Judged {
    /// Family of the malware that it commands; `None` when it is harmless.
    pub family: Option<String>,
    /// Score of each way of judging, the higher the worse: the first is that of detection.
    pub scores: Vec<f64>,
    /// What each kind of evidence added.
    pub weights: Vec<(EvidenceCode, f64)>,
}

impl Judged {
    /// A commanding server of which nothing was seen, for so many `ways` of judging: missed by each.
    pub fn missed(family: String, ways: usize) -> Self {
        Self {
            family: Some(family),
            scores: vec![UNSEEN; ways],
            weights: Vec::new(),
        }
    }
}

/// What was found for one way of judging.
#[derive(Debug, Clone, PartialEq)]
pub struct Measured {
    /// Recall at each budget, in the order of [`BUDGETS`], with the interval that the bootstrap over
    /// families gives, 95 %; where all are found or none, joined with that of Wilson.
    pub recall: Vec<Interval>,
    /// Average precision.
    pub precision: Interval,
    /// Area under the curve of recall over false alarms.
    pub area: f64,
}

/// Shares of harmless servers that may be taken for others.
pub const BUDGETS: [f64; 3] = [0.001, 0.01, 0.05];

/// Measures each way of judging, in the order of [`Judged::scores`]. `draw` gives random numbers.
pub fn measure(servers: &[Judged], mut draw: impl FnMut() -> u64) -> Vec<Measured> {
    let ways = servers.first().map_or(0, |server| server.scores.len());
    let score = |way: usize| move |server: &Judged| server.scores.get(way).copied().unwrap_or(0.0);
    (0..ways)
        .map(|way| measured(servers, score(way), &mut draw))
        .collect()
}

/// What is left when one kind of evidence is taken away, for each kind that there is: area under the
/// curve and recall at the budgets.
pub fn ablation(servers: &[Judged]) -> Vec<(EvidenceCode, f64, Vec<f64>)> {
    let has = |code: &&EvidenceCode| {
        let of_code = |(held, _): &(EvidenceCode, f64)| held == *code;
        servers
            .iter()
            .any(|server| server.weights.iter().any(of_code))
    };
    let without = |code: &EvidenceCode| {
        let ranking = Ranking::of(servers, |server| {
            let score = server.scores.first().copied().unwrap_or(0.0);
            let of_code = server.weights.iter().filter(|(held, _)| held == code);
            score - of_code.map(|(_, weight)| weight).sum::<f64>()
        });
        let recall = BUDGETS.iter().map(|budget| ranking.recall(*budget));
        (*code, ranking.area(), recall.collect())
    };
    EvidenceCode::ALL.iter().filter(has).map(without).collect()
}

fn measured(
    servers: &[Judged],
    score: impl Fn(&Judged) -> f64,
    draw: &mut impl FnMut() -> u64,
) -> Measured {
    let ranking = Ranking::of(servers, &score);
    let mut rounds: Vec<Vec<f64>> = vec![Vec::with_capacity(ROUNDS); BUDGETS.len() + 1];
    for _ in 0..ROUNDS {
        let drawn = measure::resample(servers, draw);
        let ranking = Ranking::of(drawn.iter().copied(), &score);
        let values = BUDGETS.iter().map(|budget| ranking.recall(*budget));
        for (held, value) in rounds.iter_mut().zip(values.chain([ranking.precision()])) {
            held.push(value);
        }
    }
    let points = BUDGETS.iter().map(|budget| ranking.recall(*budget));
    let mut intervals: Vec<Interval> = points
        .chain([ranking.precision()])
        .zip(rounds)
        .map(|(point, rounds)| Interval::of(point, rounds))
        .collect();
    let precision = intervals.pop().unwrap_or_default();
    let widened = |recall: Interval| recall.widened(ranking.commanding());
    Measured {
        recall: intervals.into_iter().map(widened).collect(),
        precision,
        area: ranking.area(),
    }
}

#[cfg(test)]
mod tests;
