//! Findings as STIX 2.1: what leaves a carrier, in the form that other programs read.
//!
//! A server is an `infrastructure` of type command-and-control that consists of an address, with an
//! `indicator` of it. Score, tier and evidence stand in an extension that the bundle defines; nothing
//! is said there that the shared form does not say.

use std::net::IpAddr;

use jiff::Timestamp;
use serde_json::{Value, json};

use super::SharedFinding;
use crate::service;

/// This program, as the author of its extension.
const PROGRAM: &str = "identity--4d9e7b52-1c3a-4f86-8b0e-2a7c5d9f6e31";

/// Our extension; its identity never changes.
const EXTENSION: &str = "extension-definition--8f1e6c5a-2f0b-4d0e-9a53-6c1f6a8d7b21";

/// When the extension was defined.
const DEFINED: &str = "2026-11-22T00:00:00.000Z";

/// TLP:AMBER of the Traffic Light Protocol 2.0, and the extension that defines it (OASIS).
const TLP_AMBER: &str = "marking-definition--55d920b0-5e8b-4f79-9ee9-91f868d9b421";
const TLP_2_0: &str = "extension-definition--60a3c5c5-0d10-413e-aab3-9e08dde9e88d";

/// A bundle of findings, made at `created`; `draw` gives 128 random bits for each new identity.
pub fn bundle(
    findings: &[SharedFinding],
    created: Timestamp,
    mut draw: impl FnMut() -> u128,
) -> Value {
    let created = format!("{created:.3}");
    let mut objects = definitions();
    for finding in findings {
        of_one(finding, &created, &mut draw, &mut objects);
    }
    json!({ "type": "bundle", "id": identity("bundle", draw()), "objects": objects })
}

fn of_one(
    finding: &SharedFinding,
    created: &str,
    draw: &mut impl FnMut() -> u128,
    objects: &mut Vec<Value>,
) {
    let kind = match finding.server.to_canonical() {
        IpAddr::V4(_) => "ipv4-addr",
        IpAddr::V6(_) => "ipv6-addr",
    };
    let (address, port) = (finding.server.to_canonical().to_string(), finding.port);
    let protocol = if finding.protocol == service::UDP {
        "udp"
    } else {
        "tcp"
    };
    let (observed, infrastructure, indicator) = (
        identity(kind, draw()),
        identity("infrastructure", draw()),
        identity("indicator", draw()),
    );
    let name = format!("{address} {port}/{protocol}");
    objects.push(json!({
        "type": kind, "spec_version": "2.1", "id": observed, "value": address,
        "object_marking_refs": [TLP_AMBER],
    }));
    objects.push(json!({
        "type": "infrastructure", "spec_version": "2.1", "id": infrastructure,
        "created": created, "modified": created, "name": name,
        "infrastructure_types": ["command-and-control"],
        "first_seen": finding.first, "last_seen": finding.last,
        "object_marking_refs": [TLP_AMBER],
        "extensions": { EXTENSION: {
            "extension_type": "property-extension",
            "port": port, "protocol": finding.protocol, "score": finding.score,
            "tier": finding.tier, "clients": finding.clients, "hours": finding.hours,
            "evidence": finding.evidence,
        }},
    }));
    objects.push(json!({
        "type": "indicator", "spec_version": "2.1", "id": indicator,
        "created": created, "modified": created, "valid_from": finding.first, "name": name,
        "indicator_types": ["malicious-activity"], "pattern_type": "stix",
        "pattern": format!(
            "[network-traffic:dst_ref.type = '{kind}' AND network-traffic:dst_ref.value = \
             '{address}' AND network-traffic:dst_port = {port} AND \
             network-traffic:protocols[*] = '{protocol}']"
        ),
        "object_marking_refs": [TLP_AMBER],
    }));
    for (verb, from, to) in [
        ("consists-of", &infrastructure, &observed),
        ("indicates", &indicator, &infrastructure),
    ] {
        objects.push(json!({
            "type": "relationship", "spec_version": "2.1",
            "id": identity("relationship", draw()), "created": created, "modified": created,
            "relationship_type": verb, "source_ref": from, "target_ref": to,
            "object_marking_refs": [TLP_AMBER],
        }));
    }
}

/// What the objects lean on: author, extension, marking.
fn definitions() -> Vec<Value> {
    vec![
        json!({
            "type": "identity", "spec_version": "2.1", "id": PROGRAM, "created": DEFINED,
            "modified": DEFINED, "name": "Noroshi", "identity_class": "system",
        }),
        json!({
            "type": "extension-definition", "spec_version": "2.1", "id": EXTENSION,
            "created": DEFINED, "modified": DEFINED, "created_by_ref": PROGRAM,
            "name": "Noroshi finding", "version": "1.0.0",
            "description": "Score in decibans, tier, evidence and clients in steps of a server that \
                flow records show. No client is told below a least number.",
            "schema": "https://noroshi.example/docs/flow.md",
            "extension_types": ["property-extension"],
        }),
        json!({
            "type": "marking-definition", "spec_version": "2.1", "id": TLP_AMBER,
            "created": "2022-10-01T00:00:00.000Z", "name": "TLP:AMBER",
            "extensions": { TLP_2_0: {
                "extension_type": "property-extension", "tlp_2_0": "amber",
            }},
        }),
    ]
}

/// An identity of STIX: the type and a random UUID (RFC 9562, version 4).
fn identity(kind: &str, bits: u128) -> String {
    let bits = bits & !(0xf << 76) & !(0x3 << 62) | 0x4 << 76 | 0x2 << 62;
    let text = format!("{bits:032x}");
    let parts =
        [0..8, 8..12, 12..16, 16..20, 20..32].map(|part| text.get(part).unwrap_or_default());
    format!("{kind}--{}", parts.join("-"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::column::Address;
    use crate::finding::{Evidence, EvidenceCode, Finding, Server, Tier};

    #[test]
    fn a_bundle_tells_the_server_and_holds_everything_that_it_refers_to() {
        let finding = Finding {
            server: Server {
                address: Address::v4(0xcb00_7109),
                port: 4_444,
                protocol: service::TCP,
            },
            score: 31.0,
            tier: Tier::Share,
            flows: 1_440,
            clients: 4,
            first_ms: 1_800_000_123_456,
            last_ms: 1_800_080_123_456,
            hours: [4; 24],
            evidence: vec![Evidence {
                code: EvidenceCode::Automation,
                value: 61.0,
                weight: 14.0,
            }],
        };
        let mut drawn = 0_u128;
        let bundle = bundle(&[finding.shared(5)], Timestamp::UNIX_EPOCH, || {
            drawn += 0x0123_4567_89ab_cdef_0123_4567_89ab_cdef;
            drawn
        });
        let objects = bundle["objects"].as_array().unwrap();
        let ids: Vec<&str> = objects
            .iter()
            .map(|object| object["id"].as_str().unwrap())
            .collect();
        for object in objects {
            let id = object["id"].as_str().unwrap();
            assert!(id.starts_with(object["type"].as_str().unwrap()), "{id}");
            let singles = ["source_ref", "target_ref", "created_by_ref"];
            let refs = singles.iter().filter_map(|key| object[key].as_str());
            let marks = object["object_marking_refs"]
                .as_array()
                .into_iter()
                .flatten();
            for told in refs.chain(marks.filter_map(Value::as_str)) {
                assert!(ids.contains(&told), "{told}");
            }
        }
        let text = bundle.to_string();
        assert!(
            text.contains("network-traffic:dst_ref.value = '203.0.113.9'"),
            "{text}"
        );
        assert!(
            text.contains(r#""first_seen":"2027-01-15T08:00:00Z""#),
            "{text}"
        );
        assert!(!text.contains("1440"), "calls do not leave");
        let uuid = ids.last().unwrap().rsplit_once("--").unwrap().1;
        assert_eq!(uuid.as_bytes()[14], b'4', "version 4: {uuid}");
    }
}
