//! From the flow room's finding to the domain's.

use domain::finding::{Decibans, Evidence, Finding, Measure, Server};
use domain::time::Timestamp;
use flow::finding::{Hour, SharedEvidence, SharedFinding};

/// The finding that `shared` spells; `None` for a word that the domain does not know, which the two
/// lists of words rule out.
pub(super) fn turned(shared: &SharedFinding) -> Option<Finding> {
    Some(Finding {
        server: Server {
            address: shared.server.to_canonical(),
            port: shared.port,
            protocol: shared.protocol,
        },
        score: Decibans::nearest(shared.score),
        tier: shared.tier.parse().ok()?,
        clients: shared.clients,
        first_at: hour(shared.first),
        last_at: hour(shared.last),
        hours: shared.hours,
        evidence: shared
            .evidence
            .iter()
            .map(evidence)
            .collect::<Option<_>>()?,
    })
}

fn evidence(shared: &SharedEvidence) -> Option<Evidence> {
    Some(Evidence {
        code: shared.code.parse().ok()?,
        value: Measure::nearest(shared.value),
        weight: Decibans::nearest(shared.weight),
    })
}

fn hour(Hour(hour): Hour) -> Timestamp {
    Timestamp::from_seconds(hour.saturating_mul(3_600))
}

#[cfg(test)]
mod tests {
    use domain::finding::{EvidenceCode, FindingTier};

    #[test]
    fn both_rooms_have_the_same_words() {
        let codes = |words: Vec<&'static str>| words.join(" ");
        let of_flow = flow::finding::EvidenceCode::ALL
            .iter()
            .map(|code| code.word());
        let of_domain = EvidenceCode::ALL.iter().map(|code| code.word());
        assert_eq!(codes(of_flow.collect()), codes(of_domain.collect()));
        let of_flow = flow::finding::Tier::ALL.iter().map(|tier| tier.word());
        let of_domain = FindingTier::ALL.iter().map(|tier| tier.word());
        assert_eq!(codes(of_flow.collect()), codes(of_domain.collect()));
    }
}
