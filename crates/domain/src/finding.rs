//! Findings: what carriers found in their flow records about one server, and what several of them
//! are together.
//!
//! A finding arrives reduced: codes and numbers, hours and steps, no subscriber. Findings about the
//! same server make a [`Candidate`], put together anew for each reader from those he may see.
//!
//! INVARIANT: which carrier found something is nowhere in a candidate, and that several did is told
//! from two on.

mod again;
mod campaign;
mod evidence;
mod letter;
mod life;
mod merge;
mod outside;

use std::net::IpAddr;

use crate::time::Timestamp;
use crate::word::words;

pub use campaign::{Campaign, WrongNumbers, cured_tenths};
pub use evidence::{Decibans, Evidence, EvidenceCode, Measure};
pub use letter::{LetterNews, numbers, standing};
pub use life::{Judgment, LifeStep};
pub use merge::{CARRIERS_TOLD_MIN, Candidate, merge};
pub use outside::{
    Fit, LIST_FRESH_DAYS, LIST_SOURCE_CHARS_MAX, LISTED_SERVERS_MAX, ListFormat, ListSource,
    ListedServer, OUTSIDE_LINES_MAX, OUTSIDE_LISTS_MAX, Outside, OutsideLine, TRAIL_CHARS_MAX,
    Trail, is_listable,
};

/// Findings that one upload may hold.
pub const FINDINGS_MAX: usize = 200;
/// Findings that one carrier may have shared at the same time.
pub const FINDINGS_OPEN_MAX: usize = 2_000;
/// Days for which a finding is shared where its carrier says nothing else.
pub const SHARED_DAYS: i64 = 30;
/// Most days for which one may be shared.
pub const SHARED_DAYS_MAX: i64 = 180;

/// Where something answers.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Server {
    /// Its address, in its canonical form.
    pub address: IpAddr,
    /// Its port; 0 where the protocol has none.
    pub port: u16,
    /// IP protocol number: 6 is TCP, 17 UDP.
    pub protocol: u8,
}

words! {
    /// What is to be done with a finding, the least first.
    pub enum FindingTier {
        /// Below every threshold.
        Low = "low",
        /// Look again tomorrow.
        Watch = "watch",
        /// An analyst should look.
        Review = "review",
        /// Strong enough to tell others.
        Share = "share",
    }
}

/// What one carrier says of one server.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Finding {
    /// Which server.
    pub server: Server,
    /// Sum of the weights.
    pub score: Decibans,
    /// What is to be done.
    pub tier: FindingTier,
    /// At least this many clients, in steps; `None` when fewer than may be told.
    pub clients: Option<u32>,
    /// Begin of the hour of the first call.
    pub first_at: Timestamp,
    /// Begin of the hour of the last call.
    pub last_at: Timestamp,
    /// At least this many clients in each hour of the day (UTC); `None` when fewer than may be told.
    pub hours: [Option<u32>; 24],
    /// The reasons, the heaviest first.
    pub evidence: Vec<Evidence>,
}

impl Server {
    /// The protocol as people write it; `None` for one without a usual name.
    pub const fn protocol_name(self) -> Option<&'static str> {
        match self.protocol {
            1 => Some("ICMP"),
            6 => Some("TCP"),
            17 => Some("UDP"),
            47 => Some("GRE"),
            58 => Some("ICMPv6"),
            132 => Some("SCTP"),
            _ => None,
        }
    }

    /// The address with its dots or colons in brackets, so that no program makes a link of it.
    pub fn defanged(self) -> String {
        let text = self.address.to_string();
        if self.address.is_ipv4() {
            text.replace('.', "[.]")
        } else {
            text.replace(':', "[:]")
        }
    }
}

impl std::fmt::Display for Server {
    /// `203.0.113.9 4444/6`: address, port and protocol number.
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(out, "{} {}/{}", self.address, self.port, self.protocol)
    }
}

impl std::str::FromStr for Server {
    type Err = crate::word::UnknownWord;

    /// Reads what `Display` wrote.
    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let read = || {
            let (address, place) = text.split_once(' ')?;
            let (port, protocol) = place.split_once('/')?;
            Some(Self {
                address: address.parse().ok()?,
                port: port.parse().ok()?,
                protocol: protocol.parse().ok()?,
            })
        };
        read().ok_or_else(|| crate::word::UnknownWord {
            given: text.chars().take(40).collect(),
            allowed: "address, port and protocol".to_owned(),
        })
    }
}

#[cfg(test)]
mod tests;
