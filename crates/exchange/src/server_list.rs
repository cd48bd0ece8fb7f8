//! Lists of servers from outside: the spellings in which others publish known C&C servers.
//!
//! A list is taken as far as it can be: each line that cannot be taken is told, with what is wrong
//! about it and what to do. Flow analysis reads the plain spelling as well, for its own knowledge,
//! and there the first wrong line stops it.

mod lines;
mod pattern;
mod stix;

use std::collections::BTreeSet;
use std::net::IpAddr;

use domain::finding::{LISTED_SERVERS_MAX, ListFormat, ListedServer, Trail, is_listable};
use domain::text::{BoundedText, TextError};
use domain::time::Timestamp;

pub use pattern::{PATTERN_CHARS_MAX, PATTERN_SERVERS_MAX};
pub use stix::{NESTING_MAX, OBJECTS_MAX};

/// Octets that a list may have, unpacked.
pub const LIST_OCTETS_MAX: usize = 128 * 1024 * 1024;
/// Refused lines that are told one by one; the others are counted.
pub const REFUSED_TOLD_MAX: usize = 20;
/// Statements that are told.
pub const STATEMENTS_TOLD_MAX: usize = 5;
/// Characters of a statement that are told.
const STATEMENT_CHARS_TOLD: usize = 200;
/// Characters of an object's id that are told.
const ID_CHARS_TOLD: usize = 80;

/// What was read of a list.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct ServerList {
    /// The servers, each once for each thing that is said of it.
    pub servers: BTreeSet<ListedServer>,
    /// Lines that said again what a line before said.
    pub repeated_count: u64,
    /// Objects that name no server or only harmless ones, are over or revoked, or were written anew since.
    pub passed_count: u64,
    /// Objects that were taken although a statement marks them and nothing else does: a statement can
    /// forbid to pass them on, and only a person can read it.
    pub under_statement_count: u64,
    /// The first of those statements, at most [`STATEMENTS_TOLD_MAX`].
    pub statements: BTreeSet<String>,
    /// The first lines that could not be taken, at most [`REFUSED_TOLD_MAX`].
    pub refused: Vec<Refused>,
    /// How many could not be taken.
    pub refused_count: u64,
}

/// A line that cannot be taken.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Refused {
    /// Where it stands.
    pub place: Place,
    /// What is wrong, and what to do.
    pub fault: LineFault,
}

/// Where something stands in a list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Place {
    /// A line, counted from 1.
    Line(usize),
    /// An object of a bundle, counted from 1, with its id as far as it can be told.
    Object(usize, String),
}

/// Why a line cannot be taken, and what to do.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum LineFault {
    /// It names no address.
    #[error(
        "no address stands at its beginning; write an IPv4 or IPv6 address, as in `203.0.113.9,443,mirai`"
    )]
    NoAddress,
    /// It names a network.
    #[error("this is a network and no server; name each server by its own address")]
    Network,
    /// No server on the internet has the address.
    #[error("no server on the internet has the address `{0}`; leave it out")]
    NotPublic(IpAddr),
    /// The port is none.
    #[error("the port is no number from 0 to 65535; write the number, or nothing for every port")]
    Port,
    /// The port of network traffic is none.
    #[error(
        "its `dst_port` is no number from 1 to 65535; write the number, or leave it out for every port"
    )]
    TrafficPort,
    /// A quote is not closed, or something stands behind it.
    #[error("a field is not closed by a quote; close it, and write a quote inside of it twice")]
    Quote,
    /// What is said of the server cannot be kept.
    #[error("what it says of the server cannot be kept: {0}")]
    Trail(TextError),
    /// It may not be shown to everybody who reads findings.
    #[error(
        "its marking does not let everybody see it ({0}); lists are shown to all who read findings, so leave it out"
    )]
    Marked(&'static str),
    /// A reference leads nowhere.
    #[error("its `dst_ref` names no address of this bundle; put the address into the bundle")]
    NoReference,
    /// Another language of patterns.
    #[error("its pattern is not of type `stix`; only STIX patterns are read")]
    OtherPattern,
    /// The pattern cannot be reduced to servers.
    #[error("its pattern {0}")]
    Pattern(#[from] pattern::PatternFault),
    /// Which version of it counts cannot be said.
    #[error("its `modified` is no time; write it as `2026-04-01T00:00:00Z`")]
    Modified,
    /// A date that is none.
    #[error("its `valid_until` is no time; write it as `2026-04-01T00:00:00Z`")]
    Until,
}

/// Why nothing of a list can be taken.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ListFault {
    /// It is too long.
    #[error("it has more than {LIST_OCTETS_MAX} octets; cut it into several lists")]
    Octets,
    /// It names too many servers.
    #[error("it names more than {LISTED_SERVERS_MAX} servers; cut it into several lists")]
    Servers,
    /// It has too many objects.
    #[error("it has more than {OBJECTS_MAX} objects; cut it into several bundles")]
    Objects,
    /// It is nested too deeply.
    #[error("it is nested more than {NESTING_MAX} deep, which no STIX bundle is; look at the file")]
    Nested,
    /// It is no JSON, or no bundle.
    #[error("it is no STIX 2.1 bundle ({0}); give an object of type `bundle` with `objects`")]
    NoBundle(String),
}

/// Reads a list; what is over at `now` is passed over.
///
/// # Errors
/// [`ListFault`] when it is not of that format, or too large.
pub fn read(format: ListFormat, text: &str, now: Timestamp) -> Result<ServerList, ListFault> {
    if text.len() > LIST_OCTETS_MAX {
        return Err(ListFault::Octets);
    }
    let text = text.strip_prefix('\u{FEFF}').unwrap_or(text);
    match format {
        ListFormat::Csv => lines::read(text),
        ListFormat::Stix => stix::read(text, now),
    }
}

impl ServerList {
    fn take(&mut self, server: ListedServer) -> Result<(), ListFault> {
        if !self.servers.insert(server) {
            self.repeated_count += 1;
        }
        if self.servers.len() > LISTED_SERVERS_MAX {
            return Err(ListFault::Servers);
        }
        Ok(())
    }

    fn refuse(&mut self, place: Place, fault: LineFault) {
        self.refused_count += 1;
        if self.refused.len() < REFUSED_TOLD_MAX {
            self.refused.push(Refused { place, fault });
        }
    }
}

impl std::fmt::Display for Place {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Line(line) => write!(out, "line {line}"),
            Self::Object(number, id) => write!(out, "object {number} ({id})"),
        }
    }
}

/// The address that `text` spells, if a server on the internet may have it.
fn address(text: &str) -> Result<IpAddr, LineFault> {
    let text = text.trim();
    let address = match text.parse::<IpAddr>() {
        Ok(address) => address,
        Err(_) => of_network(text)?,
    };
    let address = address.to_canonical();
    if is_listable(address) {
        Ok(address)
    } else {
        Err(LineFault::NotPublic(address))
    }
}

/// The address of a network that has only one.
fn of_network(text: &str) -> Result<IpAddr, LineFault> {
    let (address, bits) = text.split_once('/').ok_or(LineFault::NoAddress)?;
    let address: IpAddr = address.parse().map_err(|_| LineFault::NoAddress)?;
    match (address, bits) {
        (IpAddr::V4(_), "32") | (IpAddr::V6(_), "128") => Ok(address),
        _ => Err(LineFault::Network),
    }
}

fn trail(text: &str) -> Result<Option<Trail>, LineFault> {
    BoundedText::parse_optional(text).map_err(LineFault::Trail)
}

/// An id of outside text, fit to be printed.
fn told(id: &str) -> String {
    let fine = |letter: &char| letter.is_ascii_graphic();
    id.chars().filter(fine).take(ID_CHARS_TOLD).collect()
}

#[cfg(test)]
mod tests;
