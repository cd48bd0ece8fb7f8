//! What lists from outside say of servers: a public list of known C&C servers, a feed of indicators,
//! what somebody's honeypots saw.
//!
//! Such a list is public knowledge and no finding: nothing of any carrier's flow records is in it. It
//! stands beside a candidate for whoever sees the candidate, and adds nothing to its score.

use std::net::IpAddr;

use crate::finding::Server;
use crate::text::BoundedText;
use crate::time::{DAY_SECONDS, Timestamp};
use crate::word::{Code, words};

/// Servers that one list may name.
pub const LISTED_SERVERS_MAX: usize = 500_000;
/// Lists that a hub may have.
pub const OUTSIDE_LISTS_MAX: usize = 50;
/// Lines of lists that are shown of one server.
pub const OUTSIDE_LINES_MAX: usize = 20;
/// Longest trail: what a list says of a server, in characters.
pub const TRAIL_CHARS_MAX: usize = 200;
/// Longest text on where a list is from, in characters.
pub const LIST_SOURCE_CHARS_MAX: usize = 300;
/// Days after which a list that was not brought in again is said to be old: addresses change hands.
pub const LIST_FRESH_DAYS: i64 = 90;

/// What a list says of a server: mostly the name of a malware or of an actor.
pub type Trail = BoundedText<TRAIL_CHARS_MAX>;
/// Where a list is from, as whoever brought it in says.
pub type ListSource = BoundedText<LIST_SOURCE_CHARS_MAX>;

words! {
    /// How a list is spelled.
    pub enum ListFormat {
        /// An address a line, or address, port and trail with commas between.
        Csv = "csv",
        /// A bundle of STIX 2.1.
        Stix = "stix",
    }
}

/// A server as a list names it.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct ListedServer {
    /// Its address, in its canonical form.
    pub address: IpAddr,
    /// Its port; `None` is every port of it.
    pub port: Option<u16>,
    /// What the list says of it; `None` when it names it and says no more.
    pub trail: Option<Trail>,
    /// When that is over: it is not shown from then on. `None` when the list says nothing of it.
    pub until: Option<Timestamp>,
}

/// How a line of a list fits a server of which the address is that of the line, the closest first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Fit {
    /// It names the port as well.
    Port,
    /// It names the address without a port.
    Address,
    /// It names this other port of the address.
    OtherPort(u16),
}

/// What one line of a list says of a server.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OutsideLine {
    /// Name of the list.
    pub list: Code,
    /// Where the list is from.
    pub source: Option<ListSource>,
    /// How the line fits.
    pub fit: Fit,
    /// What it says.
    pub trail: Option<Trail>,
    /// When the list was brought in.
    pub imported_at: Timestamp,
}

/// What all lists say of a server.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Outside {
    /// At most [`OUTSIDE_LINES_MAX`] lines, those that fit closest first.
    pub lines: Vec<OutsideLine>,
    /// Whether there are more.
    pub more: bool,
    /// How many lists the hub has.
    pub list_count: u64,
}

impl Fit {
    /// How a line with `port` fits `server`, of which the address is that of the line.
    pub const fn of(port: Option<u16>, server: Server) -> Self {
        match port {
            None => Self::Address,
            Some(port) if port == server.port => Self::Port,
            Some(port) => Self::OtherPort(port),
        }
    }
}

impl OutsideLine {
    /// Whether the list is old at `now`.
    pub const fn is_stale(&self, now: Timestamp) -> bool {
        now.seconds_since(self.imported_at) > LIST_FRESH_DAYS * DAY_SECONDS
    }
}

/// Whether a list may name that address: one that a server on the internet may have.
pub fn is_listable(address: IpAddr) -> bool {
    match address {
        IpAddr::V4(v4) => {
            let [first, ..] = v4.octets();
            !(v4.is_private()
                || v4.is_loopback()
                || v4.is_link_local()
                || v4.is_multicast()
                // This network; class E with broadcast.
                || first == 0
                || first >= 240)
        }
        IpAddr::V6(v6) => {
            !(v6.is_unspecified()
                || v6.is_loopback()
                || v6.is_multicast()
                || v6.is_unicast_link_local()
                || v6.is_unique_local())
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lists_name_servers_of_the_internet() {
        let listable = |text: &str| is_listable(text.parse().unwrap());
        for text in ["203.0.113.9", "1.1.1.1", "2001:db8::1"] {
            assert!(listable(text), "{text}");
        }
        for text in [
            "10.1.2.3",
            "127.0.0.1",
            "169.254.1.1",
            "224.0.0.1",
            "0.0.0.0",
            "255.255.255.255",
            "::1",
            "fe80::1",
            "fd00::1",
            "ff02::1",
        ] {
            assert!(!listable(text), "{text}");
        }
    }

    #[test]
    fn a_line_is_old_after_its_days() {
        let line = OutsideLine {
            list: "feed".parse().unwrap(),
            source: None,
            fit: Fit::Address,
            trail: None,
            imported_at: Timestamp::from_seconds(0),
        };
        let after = |days| Timestamp::from_seconds(days * DAY_SECONDS);
        assert!(!line.is_stale(after(LIST_FRESH_DAYS)));
        assert!(line.is_stale(after(LIST_FRESH_DAYS).plus_seconds(1)));
    }
}
