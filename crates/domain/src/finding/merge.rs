//! Findings of several carriers about one server, put together.

use super::{Decibans, Evidence, EvidenceCode, Finding, FindingTier, Measure, Server};
use crate::time::Timestamp;

/// Carriers from which on their number is told; one is told as "a carrier".
pub const CARRIERS_TOLD_MIN: usize = 2;

/// What a second carrier adds to the score, and what each further one does, in tenths of a deciban:
/// networks that share no client rarely make the same mistake.
const SECOND_CARRIER: i32 = 40;
const FURTHER_CARRIER: i32 = 10;
/// Further carriers that count.
const FURTHER_MAX: usize = 4;

/// A server that may be a C&C server, as far as one reader may know of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Candidate {
    /// Which server.
    pub server: Server,
    /// The best score of a carrier, with what the number of carriers adds.
    pub score: Decibans,
    /// The highest tier.
    pub tier: FindingTier,
    /// Carriers that found it; `None` below [`CARRIERS_TOLD_MIN`].
    pub carriers: Option<usize>,
    /// At least this many clients at one carrier; `None` when fewer than may be told.
    pub clients: Option<u32>,
    /// Begin of the hour of the first call at any carrier.
    pub first_at: Timestamp,
    /// Begin of the hour of the last call at any carrier.
    pub last_at: Timestamp,
    /// At least this many clients at one carrier in each hour of the day (UTC).
    pub hours: [Option<u32>; 24],
    /// The reasons of the carrier with the best score, and that several found it; heaviest first.
    pub evidence: Vec<Evidence>,
}

/// Puts together what carriers, each once, found about one server; `None` of nothing. The order of
/// the findings makes no difference.
pub fn merge(findings: &[&Finding]) -> Option<Candidate> {
    let best = findings.iter().max_by_key(|finding| {
        let codes: Vec<EvidenceCode> = finding.evidence.iter().map(|each| each.code).collect();
        (finding.score, finding.tier, finding.last_at, codes)
    })?;
    let carriers = Some(findings.len()).filter(|count| *count >= CARRIERS_TOLD_MIN);
    let mut evidence = best.evidence.clone();
    let mut score = best.score;
    if let Some(count) = carriers {
        // A carrier that knew of others counted them itself.
        evidence.retain(|each| {
            let told = each.code == EvidenceCode::Carriers;
            if told {
                score = score.minus(each.weight);
            }
            !told
        });
        let added = several(count);
        score = score.plus(added.weight);
        evidence.push(added);
    }
    evidence.sort_by_key(|each| {
        (
            std::cmp::Reverse(each.weight.tenths().unsigned_abs()),
            each.code,
        )
    });
    let mut hours = [None; 24];
    for (place, told) in hours.iter_mut().enumerate() {
        *told = findings
            .iter()
            .filter_map(|finding| finding.hours.get(place).copied())
            .max()
            .flatten();
    }
    Some(Candidate {
        server: best.server,
        score,
        tier: findings
            .iter()
            .map(|finding| finding.tier)
            .max()
            .unwrap_or(best.tier),
        carriers,
        clients: findings.iter().filter_map(|finding| finding.clients).max(),
        first_at: findings
            .iter()
            .map(|finding| finding.first_at)
            .min()
            .unwrap_or(best.first_at),
        last_at: findings
            .iter()
            .map(|finding| finding.last_at)
            .max()
            .unwrap_or(best.last_at),
        hours,
        evidence,
    })
}

impl Candidate {
    /// The score that is left without the evidence of `code`.
    #[must_use]
    pub fn score_without(&self, code: EvidenceCode) -> Decibans {
        let of_code = self.evidence.iter().filter(|each| each.code == code);
        of_code.fold(self.score, |score, each| score.minus(each.weight))
    }

    /// Hours of the day in which enough clients called to be told.
    pub fn active_hour_count(&self) -> usize {
        self.hours.iter().flatten().count()
    }
}

fn several(count: usize) -> Evidence {
    let further = i32::try_from(count.saturating_sub(2).min(FURTHER_MAX)).unwrap_or(0);
    let carriers = i64::try_from(count).unwrap_or(i64::MAX);
    Evidence {
        code: EvidenceCode::Carriers,
        value: Measure::from_millionths(carriers.saturating_mul(1_000_000)),
        weight: Decibans::from_tenths(SECOND_CARRIER + further * FURTHER_CARRIER),
    }
}
