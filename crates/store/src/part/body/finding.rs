//! The stored form of a finding.

use domain::finding::{Decibans, Evidence, Finding, Measure};
use domain::time::Timestamp;
use serde_json::{Value as Json, json};

pub(super) fn encode(finding: &Finding) -> Json {
    let evidence: Vec<Json> = finding
        .evidence
        .iter()
        .map(|each| {
            json!([
                each.code.word(),
                each.value.millionths(),
                each.weight.tenths()
            ])
        })
        .collect();
    json!({
        "server": finding.server.to_string(),
        "score": finding.score.tenths(),
        "tier": finding.tier.word(),
        "clients": finding.clients,
        "first": finding.first_at.micros(),
        "last": finding.last_at.micros(),
        "hours": finding.hours,
        "evidence": evidence,
    })
}

pub(super) fn decode(json: &Json) -> Option<Finding> {
    let number = |name: &str| json.get(name)?.as_i64();
    let text = |name: &str| json.get(name)?.as_str();
    let mut hours = [None; 24];
    let told = json.get("hours")?.as_array()?;
    if told.len() != hours.len() {
        return None;
    }
    for (place, told) in hours.iter_mut().zip(told) {
        *place = step(told).ok()?;
    }
    Some(Finding {
        server: text("server")?.parse().ok()?,
        score: Decibans::from_tenths(i32::try_from(number("score")?).ok()?),
        tier: text("tier")?.parse().ok()?,
        clients: step(json.get("clients")?).ok()?,
        first_at: Timestamp::from_micros(number("first")?),
        last_at: Timestamp::from_micros(number("last")?),
        hours,
        evidence: json
            .get("evidence")?
            .as_array()?
            .iter()
            .map(evidence)
            .collect::<Option<_>>()?,
    })
}

fn evidence(json: &Json) -> Option<Evidence> {
    let tenths = json.get(2)?.as_i64()?;
    Some(Evidence {
        code: json.get(0)?.as_str()?.parse().ok()?,
        value: Measure::from_millionths(json.get(1)?.as_i64()?),
        weight: Decibans::from_tenths(i32::try_from(tenths).ok()?),
    })
}

/// A number of clients; `None` where it is not told.
///
/// # Errors
/// [`NoNumber`] where something else stands.
fn step(json: &Json) -> Result<Option<u32>, NoNumber> {
    if json.is_null() {
        return Ok(None);
    }
    let number = json.as_u64().ok_or(NoNumber)?;
    u32::try_from(number).map(Some).map_err(|_| NoNumber)
}

/// What stands there is no number of clients.
struct NoNumber;

#[cfg(test)]
mod tests {
    use super::*;
    use domain::finding::{EvidenceCode, FindingTier};

    #[test]
    fn a_finding_round_trips() {
        let mut hours = [None; 24];
        hours[3] = Some(20);
        let finding = Finding {
            server: "2001:db8::9 443/17".parse().unwrap(),
            score: Decibans::from_tenths(-12),
            tier: FindingTier::Watch,
            clients: None,
            first_at: Timestamp::from_seconds(3_600),
            last_at: Timestamp::from_seconds(7_200),
            hours,
            evidence: vec![Evidence {
                code: EvidenceCode::Flat,
                value: Measure::nearest(0.96),
                weight: Decibans::from_tenths(31),
            }],
        };
        let json = encode(&finding);
        assert_eq!(decode(&json), Some(finding));
        assert_eq!(decode(&json!({"server": "203.0.113.9 1/6"})), None);
    }
}
