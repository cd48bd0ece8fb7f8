//! `noroshi flow hunt`: whether anybody called a server, in the talks and profiles that collectors kept.
//!
//! The carrier's own desk asks, about servers and never about subscribers. Each hunt is written down
//! beside the talks before anything is read: who, when, what for, which servers.

use std::collections::{BTreeMap, BTreeSet};
use std::fs::File;
use std::io::{self, Write};
use std::net::{IpAddr, SocketAddr};
use std::os::unix::fs::OpenOptionsExt as _;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use anyhow::Context as _;
use clap::{Args, ValueEnum};
use flow::archive::{Kept, shard};
use flow::column::Address;
use flow::finding::{CLIENTS_MIN_DEFAULT, Server};
use flow::profile::KeptProfile;
use flow::sealed::{Talk, Way};
use serde_json::json;
use view::words::{Argument, Words};

use super::kept::{entries, files};
use super::{Spoken, words};
use crate::ambient;

/// Servers that are looked for at once.
const INDICATORS_MAX: usize = 1_000;

/// Where hunts are written down.
const RECORD: &str = "hunts.jsonl";

/// Looks for servers in what collectors kept: hour by hour in the talks, and in the profiles of servers,
/// which are kept for longer, as one line for each server and port. The hunt is written to hunts.jsonl in each
/// directory first.
#[derive(Debug, Args)]
pub(in crate::cli) struct Hunt {
    /// Servers: an address, or an address and a port (`203.0.113.9:4444`, `[2001:db8::9]:4444`).
    #[arg(required = true, value_name = "INDICATOR")]
    indicators: Vec<String>,
    /// Directory of a collector. May be given several times: what they kept is merged.
    #[arg(long = "in", required = true, value_name = "DIRECTORY")]
    directories: Vec<PathBuf>,
    /// What it is for; it stands in the record of hunts.
    #[arg(long, value_name = "TEXT")]
    purpose: String,
    /// How the answer is written.
    #[arg(long, value_enum, default_value_t = Format::Table)]
    format: Format,
    /// Language of what is said; by default that of the terminal.
    #[arg(long, value_enum)]
    language: Option<Spoken>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Format {
    /// For people.
    Table,
    /// One JSON object a line.
    Json,
}

/// A server that is looked for; `None` is every port.
pub(super) type Indicator = (IpAddr, Option<u16>);

/// What was seen of a server in an hour.
#[derive(Default)]
struct Seen {
    calls: u64,
    octets: u64,
    clients: BTreeSet<u128>,
}

/// By indicator and hour.
type Sightings = BTreeMap<(Indicator, String), Seen>;

/// Profiles of all hours that are kept, by indicator and server.
type Profiled = BTreeMap<(Indicator, Server), LookedBack>;

/// What was kept of a server in all hours.
#[derive(Default)]
struct LookedBack {
    profile: KeptProfile,
    /// At least so many clients in one hour. Over days one line with a changing address is many.
    clients: Option<u32>,
}

impl Hunt {
    pub(super) fn run(self) -> anyhow::Result<ExitCode> {
        let words = words(self.language);
        let indicators = read(&self.indicators)?;
        anyhow::ensure!(
            !self.purpose.trim().is_empty(),
            "say what the hunt is for with --purpose"
        );
        for directory in &self.directories {
            anyhow::ensure!(
                directory.join("talks").is_dir() || directory.join("profiles").is_dir(),
                "`{}` is no directory of a collector: it has no `talks` and no `profiles`",
                directory.display()
            );
        }
        for directory in &self.directories {
            record(directory, &self.purpose, &self.indicators)?;
        }
        let mut sightings = Sightings::new();
        let mut profiled = Profiled::new();
        for directory in &self.directories {
            let talks = directory.join("talks");
            let hours = if talks.is_dir() {
                entries(&talks)?
            } else {
                Vec::new()
            };
            for hour in hours {
                look(&hour, &indicators, &mut sightings)?;
            }
            look_back(directory, &indicators, &mut profiled)?;
        }
        let mut out = io::BufWriter::new(io::stdout().lock());
        match self.format {
            Format::Table => table(&mut out, words, &sightings, &profiled)?,
            Format::Json => json_lines(&mut out, &sightings, &profiled)?,
        }
        out.flush()?;
        Ok(ExitCode::SUCCESS)
    }
}

pub(super) fn read(texts: &[String]) -> anyhow::Result<Vec<Indicator>> {
    anyhow::ensure!(
        texts.len() <= INDICATORS_MAX,
        "more than {INDICATORS_MAX} servers; ask in several hunts"
    );
    let one = |text: &String| {
        let whole = text.parse::<IpAddr>().map(|address| (address, None));
        let socket = || {
            text.parse::<SocketAddr>()
                .map(|at| (at.ip(), Some(at.port())))
        };
        whole.or_else(|_| socket()).with_context(|| {
            format!(
                "`{text}` is no server; write 203.0.113.9, 203.0.113.9:4444 or [2001:db8::9]:4444"
            )
        })
    };
    texts.iter().map(one).collect()
}

/// Writes the hunt down, so that it is there before anything is read.
pub(super) fn record(directory: &Path, purpose: &str, indicators: &[String]) -> anyhow::Result<()> {
    let path = directory.join(RECORD);
    let mut file = File::options()
        .append(true)
        .create(true)
        .mode(0o600)
        .open(&path)
        .with_context(|| format!("cannot write the hunt to `{}`", path.display()))?;
    let user = nix::unistd::User::from_uid(nix::unistd::getuid())
        .ok()
        .flatten()
        .map_or_else(|| nix::unistd::getuid().to_string(), |user| user.name);
    let line = json!({
        "at": ambient::now().to_jiff().to_string(),
        "by": user, "purpose": purpose, "indicators": indicators,
    });
    writeln!(file, "{line}")?;
    file.sync_all()?;
    Ok(())
}

/// Looks through one hour: in the shards only in which the servers can lie.
fn look(hour: &Path, indicators: &[Indicator], sightings: &mut Sightings) -> anyhow::Result<()> {
    let name = hour
        .file_name()
        .and_then(|name| name.to_str())
        .unwrap_or_default();
    let Some(name) = name.strip_prefix("hour=") else {
        return Ok(());
    };
    let shards: BTreeSet<usize> = indicators
        .iter()
        .map(|(address, _)| shard(Address::of(*address)))
        .collect();
    for shard in shards {
        let folder = hour.join(format!("shard={shard:02}"));
        if !folder.is_dir() {
            continue;
        }
        for path in entries(&folder)? {
            file(&path, name, indicators, sightings)
                .with_context(|| format!("`{}`", path.display()))?;
        }
    }
    Ok(())
}

fn file(
    path: &Path,
    hour: &str,
    indicators: &[Indicator],
    sightings: &mut Sightings,
) -> anyhow::Result<()> {
    let opened = match File::open(path) {
        // Merged or removed since the folder was read; what was merged is in another file of it.
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(()),
        opened => opened?,
    };
    let kept: Kept<Address, _> = Kept::open(opened)?;
    let mut talks: Vec<Talk<Address>> = Vec::new();
    for group in 0..kept.groups() {
        let may_hold = |(address, _): &Indicator| kept.may_hold(group, Address::of(*address));
        if !indicators.iter().any(may_hold) {
            continue;
        }
        talks.clear();
        kept.group(group, &mut talks)?;
        for talk in &talks {
            for indicator in indicators.iter().filter(|indicator| names(indicator, talk)) {
                let seen = sightings.entry((*indicator, hour.to_owned())).or_default();
                seen.calls += u64::from(talk.way == Way::Forth);
                seen.octets = seen.octets.saturating_add(talk.bytes);
                seen.clients.insert(talk.client());
            }
        }
    }
    Ok(())
}

/// Looks through the profiles of a collector, in the shards only in which the servers can lie.
fn look_back(
    directory: &Path,
    indicators: &[Indicator],
    profiled: &mut Profiled,
) -> anyhow::Result<()> {
    let shards: BTreeSet<usize> = indicators
        .iter()
        .map(|(address, _)| shard(Address::of(*address)))
        .collect();
    let of = |server: &Server, (address, port): &Indicator| {
        server.address == Address::of(*address) && port.is_none_or(|port| port == server.port)
    };
    for file in files(directory)? {
        if !shards.contains(&file.shard) {
            continue;
        }
        let addresses: Vec<Address> = indicators
            .iter()
            .map(|(address, _)| Address::of(*address))
            .collect();
        let wanted = |server: &Server| indicators.iter().any(|indicator| of(server, indicator));
        file.rows(&addresses, wanted, |row| {
            for indicator in indicators
                .iter()
                .filter(|indicator| of(&row.server, indicator))
            {
                let held = profiled.entry((*indicator, row.server)).or_default();
                held.profile.merge(&row.profile);
                let clients = row.profile.clients_told(CLIENTS_MIN_DEFAULT);
                held.clients = held.clients.max(clients);
            }
        })?;
    }
    Ok(())
}

fn names((address, port): &Indicator, talk: &Talk<Address>) -> bool {
    talk.server == Address::of(*address) && port.is_none_or(|port| port == talk.server_port)
}

fn told((address, port): &Indicator) -> String {
    port.map_or_else(
        || address.to_string(),
        |port| SocketAddr::new(*address, port).to_string(),
    )
}

fn table(
    out: &mut impl Write,
    words: Words,
    sightings: &Sightings,
    profiled: &Profiled,
) -> io::Result<()> {
    if sightings.is_empty() && profiled.is_empty() {
        return writeln!(out, "{}", words.t("flow-cli-hunt-none"));
    }
    for ((indicator, hour), seen) in sightings {
        let line = words.tn(
            "flow-cli-hunt-seen",
            &[
                ("server", Argument::from(told(indicator))),
                ("hour", Argument::from(hour.clone())),
                ("calls", Argument::from(seen.calls.to_string())),
                ("octets", Argument::from(seen.octets.to_string())),
                ("clients", Argument::from(seen.clients.len().to_string())),
            ],
        );
        writeln!(out, "{line}")?;
    }
    for ((indicator, server), LookedBack { profile, clients }) in profiled {
        let key = if clients.is_some() {
            "flow-cli-hunt-profile"
        } else {
            "flow-cli-hunt-profile-few"
        };
        let line = words.tn(
            key,
            &[
                (
                    "server",
                    Argument::from(told(&(indicator.0, Some(server.port)))),
                ),
                ("first", Argument::from(hour(profile.first_ms()))),
                ("last", Argument::from(hour(profile.last_ms()))),
                ("calls", Argument::from(profile.calls().to_string())),
                ("octets", Argument::from(octets(profile).to_string())),
                (
                    "clients",
                    Argument::from(clients.unwrap_or(CLIENTS_MIN_DEFAULT).to_string()),
                ),
            ],
        );
        writeln!(out, "{line}")?;
    }
    Ok(())
}

/// Octets both ways.
fn octets(profile: &KeptProfile) -> u64 {
    profile.octets().saturating_add(profile.octets_back())
}

/// The hour of a moment, like `2026-11-22T17`.
fn hour(ms: Option<i64>) -> String {
    let moment = jiff::Timestamp::from_millisecond(ms.unwrap_or(0)).unwrap_or_default();
    let text = moment.to_string();
    text.split(':').next().unwrap_or_default().to_owned()
}

fn json_lines(out: &mut impl Write, sightings: &Sightings, profiled: &Profiled) -> io::Result<()> {
    for ((indicator, hour), seen) in sightings {
        let line = json!({
            "indicator": told(indicator), "hour": format!("{hour}:00:00Z"),
            "calls": seen.calls, "octets": seen.octets, "clients": seen.clients.len(),
        });
        writeln!(out, "{line}")?;
    }
    for ((indicator, server), LookedBack { profile, clients }) in profiled {
        let line = json!({
            "indicator": told(indicator), "port": server.port, "protocol": server.protocol,
            "first": format!("{}:00:00Z", hour(profile.first_ms())),
            "last": format!("{}:00:00Z", hour(profile.last_ms())),
            "calls": profile.calls(), "octets": octets(profile),
            "clients_at_least": clients,
        });
        writeln!(out, "{line}")?;
    }
    Ok(())
}
