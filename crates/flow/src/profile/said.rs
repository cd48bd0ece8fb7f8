//! What was said of a server by looking at its clients one by one: numbers, and none of a client.

use std::collections::BTreeMap;

use super::Session;
use crate::finding::{Evidence, EvidenceCode as Code};

/// Evidence that needs what is kept of each client, in the order in which it is written: a new one
/// stands last.
pub(crate) const PAIRED: [Code; 7] = [
    Code::Automation,
    Code::Uniform,
    Code::Failures,
    Code::Alike,
    Code::ScanningClients,
    Code::ScanTarget,
    Code::Flood,
];

const MILLION: f64 = 1e6;

/// The word of a day of a collector: the evidence that needs what is kept of each client.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Default)]
pub struct Said {
    /// What it rests on: calls of the day so far. It stands first, so that of two words of one day the
    /// later one is the greater.
    pub(crate) calls: u64,
    /// Value and weight of each of [`PAIRED`], in millionths; weight 0 is no evidence.
    pub(crate) evidence: [(i64, i64); PAIRED.len()],
}

impl Said {
    /// The word that this evidence is, after so many calls; `None` where none of it needs clients.
    pub(crate) fn of(calls: u64, found: &[Evidence]) -> Option<Self> {
        let mut said = Self {
            calls,
            ..Self::default()
        };
        for (code, place) in PAIRED.iter().zip(&mut said.evidence) {
            if let Some(evidence) = found.iter().find(|evidence| evidence.code == *code) {
                *place = (millionths(evidence.value), millionths(evidence.weight));
            }
        }
        said.evidence
            .iter()
            .any(|(_, weight)| *weight != 0)
            .then_some(said)
    }
}

/// Words of several days or collectors as one. What speaks for a server counts where it is largest: one
/// that commands at one carrier commands. What speaks against it counts where it is smallest, since the
/// master of a server may call it from a line of his own as he likes. So no word takes from another's.
pub(crate) fn pooled(words: &BTreeMap<Session, Said>) -> Vec<Evidence> {
    let one = |(place, code): (usize, &Code)| {
        let told = || words.values().filter_map(|said| said.evidence.get(place));
        let speaks_for = told().filter(|(_, weight)| *weight > 0);
        let most = speaks_for.max_by_key(|(value, weight)| (*weight, *value));
        let least = || told().max_by_key(|(value, weight)| (*weight, *value));
        let (value, weight) = most.or_else(least)?;
        (*weight != 0).then(|| Evidence {
            code: *code,
            value: whole(*value),
            weight: whole(*weight),
        })
    };
    PAIRED.iter().enumerate().filter_map(one).collect()
}

#[expect(
    clippy::cast_possible_truncation,
    reason = "a float beyond i64 becomes its end"
)]
fn millionths(value: f64) -> i64 {
    (value * MILLION).round() as i64
}

#[expect(clippy::cast_precision_loss, reason = "values have some ten digits")]
fn whole(millionths: i64) -> f64 {
    millionths as f64 / MILLION
}
