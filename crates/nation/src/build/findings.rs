//! What two carriers found in their flow records, and what desks made of it.
//!
//! The servers stand in addresses for documentation (RFC 5737, RFC 3849): they are nobody's.

use std::fmt::Write as _;

use domain::finding::{Judgment, LifeStep, ListFormat, ListedServer};
use domain::handling::{Consent, Tlp};
use domain::organization::{OrganizationKind, Role};
use domain::text::BoundedText;
use domain::time::{DAY_SECONDS, Timestamp};
use hub::finding::{
    FindingTerms, NewList, Taken, default_circles, judge, note_step, submit, write_list,
};
use hub::set_up::{Authority, Installer, SetUp};

use super::{BuildError, Register, Stage, call};
use crate::plan::CARRIERS;

/// A finding of one carrier.
struct Found {
    /// Which of the carriers.
    carrier: usize,
    server: &'static str,
    port: u16,
    protocol: u8,
    tier: &'static str,
    clients: Option<u32>,
    /// Hours before now of the first and the last call.
    hours_back: (i64, i64),
    /// First and last hour of the day (UTC) with clients, and their number.
    active: (usize, usize, u32),
    /// Reasons: code, value, weight.
    evidence: &'static [(&'static str, f64, f64)],
}

const FOUND: &[Found] = &[
    Found {
        carrier: 0,
        server: "203.0.113.77",
        port: 48_101,
        protocol: 6,
        tier: "share",
        clients: Some(50),
        hours_back: (140, 3),
        active: (0, 23, 20),
        evidence: &[
            ("automation", 61.0, 14.3),
            ("scanning-clients", 0.72, 9.4),
            ("odd-port", 48_101.0, 8.9),
            ("flat", 0.96, 4.1),
            ("uniform", 0.88, 3.2),
        ],
    },
    Found {
        carrier: 1,
        server: "203.0.113.77",
        port: 48_101,
        protocol: 6,
        tier: "share",
        clients: Some(10),
        hours_back: (96, 5),
        active: (2, 20, 5),
        evidence: &[
            ("automation", 60.0, 13.8),
            ("odd-port", 48_101.0, 8.9),
            ("flat", 0.83, 2.6),
        ],
    },
    Found {
        carrier: 0,
        server: "198.51.100.77",
        port: 443,
        protocol: 6,
        tier: "review",
        clients: Some(5),
        hours_back: (52, 2),
        active: (22, 23, 5),
        evidence: &[
            ("automation", 300.0, 12.1),
            ("not-the-service", 212.0, 6.3),
            ("novel", 52.0, 2.5),
            ("cloud", 2.0, -6.0),
        ],
    },
    Found {
        carrier: 1,
        server: "2001:db8:5::c2",
        port: 8_080,
        protocol: 17,
        tier: "review",
        clients: None,
        hours_back: (30, 9),
        active: (0, 0, 0),
        evidence: &[
            ("failures", 0.64, 7.7),
            ("alike", 1.0, 6.5),
            ("small-talk", 74.0, 3.0),
        ],
    },
    Found {
        carrier: 0,
        server: "192.0.2.140",
        port: 8_883,
        protocol: 6,
        tier: "watch",
        clients: Some(200),
        hours_back: (170, 1),
        active: (0, 23, 100),
        evidence: &[
            ("automation", 60.0, 14.0),
            ("held-open", 31.0, 2.2),
            ("polling-port", 8_883.0, -9.5),
            ("popular", 0.06, -5.5),
        ],
    },
];

/// A line of a list from outside: address, port and trail.
type Line = (&'static str, Option<u16>, &'static str);

/// Lists from outside: name, and how many days before now each was brought in. They are as invented as
/// the rest.
const LISTS: &[(&str, i64, &[Line])] = &[
    (
        "c2-tracker",
        2,
        &[
            ("203.0.113.77", Some(48_101), "mirai"),
            ("2001:db8:5::c2", None, "unknown loader"),
        ],
    ),
    (
        "honeypots",
        120,
        &[
            ("203.0.113.77", Some(23), "telnet brute force"),
            ("198.51.100.77", Some(443), ""),
        ],
    ),
];

/// Plays the lists from outside, the findings and two judgments.
pub(super) fn play(stage: &Stage<'_>, register: &Register) -> Result<(), BuildError> {
    bring_in_lists(stage)?;
    let mut first = None;
    for (place, found) in FOUND.iter().enumerate() {
        let taken = send(stage, register, found, place)?;
        if place == 0 {
            first = taken;
        }
    }
    let Some(first) = first else { return Ok(()) };
    let center = register.analyst(OrganizationKind::NationalCenter, None)?;
    let at = stage.now.plus_seconds(-7_200);
    let why = "公表された検体の設定にある通信先と、アドレスもポートも一致した";
    let judging = call(center, at, stage.random, "findings/judge");
    let why = BoundedText::parse(why)?;
    judge(
        stage.hub,
        &judging,
        first.candidate,
        Judgment::Malicious,
        why,
        90,
    )?;
    let noting = call(center, at, stage.random, "findings/note");
    let blocked = at.plus_seconds(-3_600);
    note_step(
        stage.hub,
        &noting,
        first.candidate,
        LifeStep::Blocked,
        blocked,
    )?;
    Ok(())
}

fn bring_in_lists(stage: &Stage<'_>) -> Result<(), BuildError> {
    let installer = Installer::local_console();
    for (name, days, servers) in LISTS {
        let listed = |(address, port, trail): &Line| {
            Ok(ListedServer {
                address: address
                    .parse()
                    .map_err(|_| BuildError::Missing("address"))?,
                port: *port,
                trail: BoundedText::parse_optional(trail)?,
                until: None,
            })
        };
        let servers = servers.iter().map(listed);
        let list = NewList {
            name: name.parse()?,
            format: ListFormat::Csv,
            source: BoundedText::parse_optional("https://lists.example/")?,
            servers: servers.collect::<Result<_, BuildError>>()?,
            refused_count: 0,
        };
        let set_up = SetUp {
            authority: Authority::Console(&installer),
            now: stage.now.plus_seconds(-days * DAY_SECONDS),
            random: stage.random.derive("findings/lists").derive(name),
        };
        write_list(stage.hub, &set_up, list, || {})?;
    }
    Ok(())
}

fn send(
    stage: &Stage<'_>,
    register: &Register,
    found: &Found,
    place: usize,
) -> Result<Option<Taken>, BuildError> {
    let mut analysts = register
        .actors
        .iter()
        .filter(|actor| actor.role == Role::FlowAnalyst);
    let analyst = analysts
        .nth(found.carrier % CARRIERS)
        .ok_or(BuildError::Missing("flow analyst"))?;
    let terms = FindingTerms {
        tlp: Tlp::Amber,
        purposes: ["defense".parse()?, "recovery".parse()?].into(),
        circles: default_circles(),
        consent: Consent::Granted,
        days: 90,
    };
    let label = format!("findings/{place}");
    // Sent at the end of the hour of the last call.
    let at = stage.now.plus_seconds(-(found.hours_back.1 - 1) * 3_600);
    let sending = call(analyst, at.min(stage.now), stage.random, &label);
    let taken = submit(stage.hub, &sending, &line(found, stage.now), terms)?;
    Ok(taken.first().copied())
}

/// The finding as `noroshi flow scan` writes it.
fn line(found: &Found, now: Timestamp) -> String {
    let hour = |back: i64| {
        let whole = now.seconds().div_euclid(3_600) - back;
        Timestamp::from_seconds(whole * 3_600).to_jiff().to_string()
    };
    let (begin, end, most) = found.active;
    let hours: Vec<String> = (0..24)
        .map(|hour| {
            if most == 0 || hour < begin || hour > end {
                "null".to_owned()
            } else {
                // Evenings are busier; numbers of clients go in steps.
                let busier = if most == 20 { 50 } else { most * 2 };
                let told = if (10..15).contains(&hour) {
                    busier
                } else {
                    most
                };
                told.to_string()
            }
        })
        .collect();
    let evidence: Vec<String> = found
        .evidence
        .iter()
        .map(|(code, value, weight)| {
            format!(r#"{{"code":"{code}","value":{value:?},"weight":{weight:?}}}"#)
        })
        .collect();
    let score: f64 = found.evidence.iter().map(|(_, _, weight)| weight).sum();
    let clients = found
        .clients
        .map_or("null".to_owned(), |count| count.to_string());
    let mut line = format!(
        r#"{{"server":"{}","port":{},"protocol":{},"score":{score:.1},"#,
        found.server, found.port, found.protocol
    );
    let _ = write!(
        line,
        r#""tier":"{}","clients":{clients},"first":"{}","last":"{}","hours":[{}],"evidence":[{}]}}"#,
        found.tier,
        hour(found.hours_back.0),
        hour(found.hours_back.1),
        hours.join(","),
        evidence.join(",")
    );
    line
}
