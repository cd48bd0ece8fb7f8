//! The rule of RITA, to be compared with: what its version 5 publishes of its beacon score, put in
//! our words and written anew.
//!
//! A quarter each: how regular the intervals are, how regular the sizes, how even the day, and how
//! long the talk goes on. Only pairs of client and server with four different moments have a score.

use std::collections::BTreeMap;

use crate::column::Address;
use crate::finding::Server;
use crate::sealed::{Opened, Talk, Way};

/// Moments from which a pair has a score.
const MOMENTS_MIN: usize = 4;

/// Talks of a pair that are kept.
const KEPT_MAX: usize = 100_000;

/// Skew counts when the middle half of the values is at least this wide (seconds).
const SKEW_WIDTH_MIN: f64 = 10.0;

const SECONDS_PER_HOUR: i64 = 3_600;

/// Collects what the rule needs: every call of every pair.
#[derive(Default)]
pub struct Rita {
    pairs: BTreeMap<(Server, u128), Vec<(i64, u64)>>,
}

impl Rita {
    /// Looks at talks.
    pub fn take(&mut self, talks: &[Talk<Address>]) {
        for talk in talks {
            if talk.opened == Opened::Outside || talk.way == Way::Back {
                continue;
            }
            let server = Server {
                address: talk.server,
                port: talk.server_port,
                protocol: talk.protocol,
            };
            let calls = self
                .pairs
                .entry((server, talk.subscriber.bits()))
                .or_default();
            if calls.len() < KEPT_MAX {
                calls.push((talk.start_ms.div_euclid(1_000), talk.bytes));
            }
        }
    }

    /// The score of each server, 0 to 1: that of its pair with the highest.
    pub fn scores(&self) -> BTreeMap<Server, f64> {
        let window = self.window();
        let mut scores: BTreeMap<Server, f64> = BTreeMap::new();
        for ((server, _), calls) in &self.pairs {
            let score = score(calls, window);
            let held = scores.entry(*server).or_default();
            *held = held.max(score);
        }
        scores
    }

    /// First and last second that were seen.
    fn window(&self) -> (i64, i64) {
        let seconds = || self.pairs.values().flatten().map(|(second, _)| *second);
        (seconds().min().unwrap_or(0), seconds().max().unwrap_or(0))
    }
}

fn score(calls: &[(i64, u64)], window: (i64, i64)) -> f64 {
    let mut moments: Vec<i64> = calls.iter().map(|(second, _)| *second).collect();
    moments.sort_unstable();
    moments.dedup();
    if moments.len() < MOMENTS_MIN {
        return 0.0;
    }
    let intervals: Vec<f64> = moments
        .windows(2)
        .map(|two| {
            seconds(
                two.iter()
                    .rev()
                    .copied()
                    .reduce(|last, first| last - first)
                    .unwrap_or(0),
            )
        })
        .collect();
    #[expect(clippy::cast_precision_loss, reason = "octets, as a score")]
    let sizes: Vec<f64> = calls.iter().map(|(_, bytes)| *bytes as f64).collect();
    let hours = hours(&moments, window);
    (regular(&intervals) + regular(&sizes) + even(&hours) + lasting(&hours)) / 4.0
}

fn seconds(whole: i64) -> f64 {
    f64::from(i32::try_from(whole).unwrap_or(i32::MAX))
}

/// Half by the skew of Bowley, half by the median distance from the median.
fn regular(values: &[f64]) -> f64 {
    let mut sorted = values.to_vec();
    sorted.sort_by(f64::total_cmp);
    let (low, middle, high) = (
        quantile(&sorted, 1),
        quantile(&sorted, 2),
        quantile(&sorted, 3),
    );
    let width = high - low;
    let skew = if width >= SKEW_WIDTH_MIN && middle > low && middle < high {
        ((low + high - 2.0 * middle) / width).abs()
    } else {
        0.0
    };
    let mut off: Vec<f64> = sorted.iter().map(|value| (value - middle).abs()).collect();
    off.sort_by(f64::total_cmp);
    let spread = if middle > 0.0 {
        ((middle - quantile(&off, 2)) / middle).max(0.0)
    } else {
        0.0
    };
    f64::midpoint(1.0 - skew, spread)
}

fn quantile(sorted: &[f64], quarters: usize) -> f64 {
    let place = (sorted.len().saturating_sub(1)) * quarters / 4;
    sorted.get(place).copied().unwrap_or(0.0)
}

/// Calls in 24 equal parts of the window.
fn hours(moments: &[i64], (first, last): (i64, i64)) -> [u32; 24] {
    let part = ((last - first) / 24).max(SECONDS_PER_HOUR);
    let mut hours = [0; 24];
    for moment in moments {
        let place = usize::try_from((moment - first) / part)
            .unwrap_or(0)
            .min(23);
        if let Some(hour) = hours.get_mut(place) {
            *hour += 1;
        }
    }
    hours
}

/// One less the coefficient of variation, over the parts of the window.
fn even(hours: &[u32; 24]) -> f64 {
    let mean = hours.iter().map(|calls| f64::from(*calls)).sum::<f64>() / 24.0;
    let variance = hours
        .iter()
        .map(|calls| (f64::from(*calls) - mean).powi(2))
        .sum::<f64>()
        / 24.0;
    (1.0 - variance.sqrt() / mean).max(0.0)
}

/// From six parts with calls on: the share of parts with calls, or the longest run over half of them.
fn lasting(hours: &[u32; 24]) -> f64 {
    let busy = hours.iter().filter(|calls| **calls > 0).count();
    if busy < 6 {
        return 0.0;
    }
    let (mut run, mut longest) = (0_u32, 0_u32);
    for calls in hours {
        run = if *calls > 0 { run + 1 } else { 0 };
        longest = longest.max(run);
    }
    let covered = f64::from(u32::try_from(busy).unwrap_or(0)) / 24.0;
    covered.max(f64::from(longest) / 12.0).min(1.0)
}
