//! What the client tells: JSON lines on standard output.

use std::io::{self, BufWriter, Write as _};

use flow::column::Address;
use flow::finding::{CLIENTS_MIN_DEFAULT, Finding, Server, Tier};
use flow::profile::KeptProfile;
use flow::service;
use jiff::Timestamp;
use serde_json::{Map, Value, json};

use crate::answer::Sighting;

/// Findings, the highest score first, as `noroshi flow scan --format json` has them, without sentences:
/// those are the pages' and the terminal's. Only those from the tier `least` on.
///
/// # Errors
/// When nobody takes the lines.
pub fn findings(findings: &[Finding], least: Tier) -> anyhow::Result<()> {
    let told = findings.iter().filter(|finding| finding.tier >= least);
    lines(told.map(|finding| {
        let reasons = finding.evidence.iter().map(|reason| {
            json!({
                "code": reason.code.word(),
                "value": rounded(reason.value, 1_000.0),
                "weight": rounded(reason.weight, 10.0),
                "score_without": rounded(finding.score_without(reason.code), 10.0),
            })
        });
        let mut line = of(&finding.server);
        line.extend([
            ("score".into(), rounded(finding.score, 10.0).into()),
            ("tier".into(), finding.tier.word().into()),
            ("flows".into(), finding.flows.into()),
            ("clients".into(), finding.clients.into()),
            ("first".into(), moment(Some(finding.first_ms))),
            ("last".into(), moment(Some(finding.last_ms))),
            ("evidence".into(), reasons.collect()),
        ]);
        line
    }))
}

/// What profiles tell of servers hour by hour; `clients` in steps, absent below five.
///
/// # Errors
/// When nobody takes the lines.
pub fn hours(hours: &[(Server, String, KeptProfile)]) -> anyhow::Result<()> {
    lines(hours.iter().map(|(server, hour, profile)| {
        let mut line = of(server);
        line.extend([
            ("hour".into(), begin(hour)),
            ("calls".into(), profile.calls().into()),
            ("answers".into(), profile.answers().into()),
            ("octets".into(), profile.octets().into()),
            ("octets_back".into(), profile.octets_back().into()),
            ("first".into(), moment(profile.first_ms())),
            ("last".into(), moment(profile.last_ms())),
        ]);
        if let Some(clients) = profile.clients_told(CLIENTS_MIN_DEFAULT) {
            line.insert("clients_min".into(), clients.into());
        }
        line
    }))
}

/// What talks tell of servers hour by hour.
///
/// # Errors
/// When nobody takes the lines.
pub fn sightings(sightings: &[Sighting]) -> anyhow::Result<()> {
    lines(sightings.iter().map(|sighting| {
        let mut line = of(&sighting.server);
        line.extend([
            ("hour".into(), begin(&sighting.hour)),
            ("calls".into(), sighting.calls.into()),
            ("octets".into(), sighting.octets.into()),
            ("clients".into(), sighting.clients.into()),
        ]);
        line
    }))
}

fn lines(lines: impl Iterator<Item = Map<String, Value>>) -> anyhow::Result<()> {
    let mut out = BufWriter::new(io::stdout().lock());
    for line in lines {
        writeln!(out, "{}", Value::Object(line))?;
    }
    Ok(out.flush()?)
}

fn of(server: &Server) -> Map<String, Value> {
    let Server {
        address,
        port,
        protocol,
    } = server;
    let protocol = match *protocol {
        service::TCP => "tcp".to_owned(),
        service::UDP => "udp".to_owned(),
        other => other.to_string(),
    };
    let columns = [
        ("server".to_owned(), address_of(*address)),
        ("port".to_owned(), (*port).into()),
        ("proto".to_owned(), protocol.into()),
    ];
    columns.into_iter().collect()
}

fn address_of(address: Address) -> Value {
    address.ip().to_string().into()
}

/// The beginning of an hour that is spelled as its folder is.
fn begin(hour: &str) -> Value {
    format!("{hour}:00:00Z").into()
}

fn moment(ms: Option<i64>) -> Value {
    let moment = ms.and_then(|ms| Timestamp::from_millisecond(ms).ok());
    moment.map_or(Value::Null, |moment| moment.to_string().into())
}

fn rounded(value: f64, parts: f64) -> f64 {
    (value * parts).round() / parts
}
