//! Calls of real families, read from Zeek's connection logs by a list of their servers: which call
//! came how long after the one before, how large it was and how it ended.

use std::collections::BTreeMap;
use std::path::Path;

use anyhow::{Context as _, Result, bail};

use crate::draw::millis;
use crate::router::Kind;

/// A pause in a capture that is longer was one of the laboratory.
const PAUSE_MAX_MS: i64 = 6 * 3_600_000;

/// A call as it was.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Step {
    /// Until the next one begins.
    pub(crate) wait_ms: i64,
    pub(crate) lasts_ms: i64,
    pub(crate) kind: Kind,
    pub(crate) packets: [u64; 2],
    pub(crate) octets: [u64; 2],
}

/// The calls of one infected device.
#[derive(Debug, Clone)]
pub(crate) struct Family {
    pub(crate) name: String,
    pub(crate) port: u16,
    pub(crate) steps: Vec<Step>,
}

/// A server of the list.
struct Labeled {
    server: String,
    port: String,
    protocol: String,
    family: String,
}

/// Reads every log in `folder` and takes the calls to servers of the list `labels`, lines of
/// `server,port,proto,family`. Of a server that several devices call, the busiest is taken.
///
/// # Errors
/// When a file cannot be read, or a server of the list has no calls.
pub(crate) fn read(folder: &Path, labels: &Path) -> Result<Vec<Family>> {
    let list = std::fs::read_to_string(labels).with_context(|| labels.display().to_string())?;
    let labeled: Vec<Labeled> = list.lines().filter_map(labeled).collect();
    let mut files: Vec<_> = std::fs::read_dir(folder)
        .with_context(|| folder.display().to_string())?
        .filter_map(|entry| entry.ok().map(|entry| entry.path()))
        .filter(|path| path.extension().is_some_and(|extension| extension == "log"))
        .collect();
    files.sort();
    let mut calls: BTreeMap<(usize, String), Vec<(f64, Step)>> = BTreeMap::new();
    for path in files {
        let text = std::fs::read_to_string(&path).with_context(|| path.display().to_string())?;
        take(&text, &path.display().to_string(), &labeled, &mut calls);
    }
    let mut families = Vec::new();
    for (place, label) in labeled.iter().enumerate() {
        let of_label = calls.iter().filter(|((of, _), _)| *of == place);
        let Some((_, busiest)) = of_label.max_by_key(|(_, calls)| calls.len()) else {
            bail!("no log has a call to {}:{}", label.server, label.port);
        };
        families.push(Family {
            name: label.family.clone(),
            port: label.port.parse()?,
            steps: in_order(busiest.clone()),
        });
    }
    Ok(families)
}

fn labeled(line: &str) -> Option<Labeled> {
    let mut parts = line.split(',').map(|part| part.trim().to_owned());
    let labeled = Labeled {
        server: parts.next()?,
        port: parts.next()?,
        protocol: parts.next()?,
        family: parts.next()?,
    };
    labeled.port.parse::<u16>().is_ok().then_some(labeled)
}

fn take(
    text: &str,
    file: &str,
    labeled: &[Labeled],
    calls: &mut BTreeMap<(usize, String), Vec<(f64, Step)>>,
) {
    let mut names: Vec<&str> = Vec::new();
    for line in text.lines() {
        if let Some(fields) = line.strip_prefix("#fields\t") {
            names = fields.split('\t').collect();
        }
        if line.starts_with('#') {
            continue;
        }
        let values: Vec<&str> = line.split('\t').collect();
        let value = |name: &str| {
            let place = names.iter().position(|held| *held == name)?;
            values.get(place).copied()
        };
        let is = |label: &Labeled| {
            value("id.resp_h") == Some(label.server.as_str())
                && value("id.resp_p") == Some(label.port.as_str())
                && value("proto") == Some(label.protocol.as_str())
        };
        let Some(place) = labeled.iter().position(is) else {
            continue;
        };
        let Some((when, step)) = step(&value) else {
            continue;
        };
        let client = format!("{file} {}", value("id.orig_h").unwrap_or("-"));
        calls.entry((place, client)).or_default().push((when, step));
    }
}

fn step<'t>(value: &impl Fn(&str) -> Option<&'t str>) -> Option<(f64, Step)> {
    let when: f64 = value("ts")?.parse().ok()?;
    let number = |name: &str| value(name).and_then(|text| text.parse::<u64>().ok());
    let seconds = value("duration").and_then(|text| text.parse::<f64>().ok());
    let history = value("history").unwrap_or_default();
    let kind = match (value("proto"), value("conn_state")) {
        (Some("udp"), _) => Kind::Datagrams,
        (_, Some("S0")) => Kind::Tried,
        (_, Some("REJ" | "RSTOS0" | "RSTRH")) => Kind::Refused,
        _ if history.starts_with('S') => Kind::Whole,
        _ => Kind::Amid,
    };
    let packets = [
        number("orig_pkts").unwrap_or(1).max(1),
        number("resp_pkts").unwrap_or(0),
    ];
    let octets = |ip: &str, count: u64| number(ip).unwrap_or(0).max(count * 40);
    Some((
        when,
        Step {
            wait_ms: 0,
            lasts_ms: millis(seconds.unwrap_or(0.0)),
            kind,
            packets,
            octets: [
                octets("orig_ip_bytes", packets[0]),
                octets("resp_ip_bytes", packets[1]),
            ],
        },
    ))
}

/// Steps with their waits; behind the last one the first comes again, after a wait as usual.
fn in_order(mut calls: Vec<(f64, Step)>) -> Vec<Step> {
    calls.sort_by(|one, other| one.0.total_cmp(&other.0));
    let mut waits: Vec<i64> = calls
        .windows(2)
        .map(|two| match two {
            [(first, _), (second, _)] => millis(second - first).clamp(1, PAUSE_MAX_MS),
            _ => 1,
        })
        .collect();
    let mut sorted = waits.clone();
    sorted.sort_unstable();
    let usual = sorted.get(sorted.len() / 2).copied().unwrap_or(60_000);
    let last = calls.last().map_or(0, |(_, step)| step.lasts_ms);
    waits.push(usual.max(last));
    calls
        .into_iter()
        .zip(waits)
        .map(|((_, step), wait_ms)| Step { wait_ms, ..step })
        .collect()
}
