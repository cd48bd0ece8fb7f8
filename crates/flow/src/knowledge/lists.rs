//! How lists of networks, of known servers and of verdicts are spelled.

use std::net::IpAddr;

use serde::Deserialize;

use super::{Knowledge, Network, Verdict};
use crate::column::Address;
use crate::finding::{Hour, Server};
use crate::prefix::PrefixError;
use crate::service;

/// Servers that a list of known ones may have.
pub const KNOWN_MAX: usize = 5_000_000;

/// The form of lists of networks that this program reads.
const FORMAT: u32 = 1;

const MILLIS_PER_HOUR: i64 = 3_600_000;

/// Why a list was not taken. Nothing of it was.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ListError {
    /// It is no TOML of lists of networks.
    #[error("no list of networks: {0}")]
    Toml(String),
    /// It is of another form.
    #[error("its format is {0}; this program reads {FORMAT}")]
    Format(u32),
    /// A prefix of a list cannot be taken.
    #[error("list `{0}`: {1}")]
    Prefix(String, PrefixError),
    /// A line names no server.
    #[error("line {0}: write an address, or an address, a port and a name, with commas between")]
    Line(usize),
    /// A line is no verdict.
    #[error("line {0} is no verdict: {1}")]
    Verdict(usize, String),
    /// It is longer than [`KNOWN_MAX`].
    #[error("more than {KNOWN_MAX} servers")]
    Long,
}

#[derive(Deserialize)]
struct Networks {
    format: u32,
    #[serde(default)]
    list: Vec<List>,
}

#[derive(Deserialize)]
struct List {
    name: String,
    kind: Kind,
    prefixes: Vec<String>,
}

#[derive(Deserialize)]
#[serde(rename_all = "kebab-case")]
enum Kind {
    Delivery,
    Cloud,
    Vendor,
    PublicService,
    Sinkhole,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct VerdictLine {
    server: IpAddr,
    port: u16,
    protocol: u8,
    verdict: Said,
    expires: Hour,
}

#[derive(Deserialize)]
#[serde(rename_all = "kebab-case")]
enum Said {
    Command,
    Benign,
    Unclear,
}

impl Knowledge {
    /// Takes lists of networks: TOML with `format = 1` and `[[list]]` of name, kind and prefixes.
    ///
    /// # Errors
    /// [`ListError`]; lists before the faulty one were taken.
    pub fn take_networks(&mut self, text: &str) -> Result<(), ListError> {
        let networks: Networks =
            toml::from_str(text).map_err(|error| ListError::Toml(error.message().to_owned()))?;
        if networks.format != FORMAT {
            return Err(ListError::Format(networks.format));
        }
        for list in networks.list {
            let kind = match list.kind {
                Kind::Delivery => Network::Delivery,
                Kind::Cloud => Network::Cloud,
                Kind::Vendor => Network::Vendor,
                Kind::PublicService => Network::PublicService,
                Kind::Sinkhole => Network::Sinkhole,
            };
            self.network(kind, list.prefixes.iter().map(String::as_str))
                .map_err(|error| ListError::Prefix(list.name, error))?;
        }
        Ok(())
    }

    /// Takes a list of known C&C servers, one a line: an address alone, or an address, a port and
    /// whatever else with commas between. Empty lines and those that begin with `#` are passed over,
    /// and so is a first line that names columns. A server counts once for the list.
    ///
    /// # Errors
    /// [`ListError`] of the first line that names no server; then nothing was taken.
    pub fn take_known(&mut self, text: &str) -> Result<usize, ListError> {
        let mut named = std::collections::BTreeSet::new();
        for (place, line) in text.lines().enumerate() {
            let line = line.trim();
            if line.is_empty() || line.starts_with('#') {
                continue;
            }
            let Some(server) = known(line) else {
                if place == 0 {
                    continue;
                }
                return Err(ListError::Line(place + 1));
            };
            if named.len() == KNOWN_MAX {
                return Err(ListError::Long);
            }
            named.insert(server);
        }
        for (address, port) in &named {
            self.know(*address, *port);
        }
        Ok(named.len())
    }

    /// Takes verdicts, one JSON object a line: server, port, protocol, verdict (`command`, `benign` or
    /// `unclear`) and the hour at which it expires. An unclear one changes nothing.
    ///
    /// # Errors
    /// [`ListError`] of the first line that is none; then nothing was taken.
    pub fn take_verdicts(&mut self, text: &str) -> Result<usize, ListError> {
        let mut read = Vec::new();
        for (place, line) in text.lines().enumerate() {
            if line.trim().is_empty() {
                continue;
            }
            let verdict: VerdictLine = serde_json::from_str(line)
                .map_err(|error| ListError::Verdict(place + 1, error.to_string()))?;
            read.push(verdict);
        }
        for line in &read {
            let verdict = match line.verdict {
                Said::Command => Verdict::Command,
                Said::Benign => Verdict::Benign,
                Said::Unclear => continue,
            };
            let server = Server {
                address: Address::of(line.server),
                port: line.port,
                protocol: line.protocol,
            };
            self.judge(
                server,
                verdict,
                line.expires.0.saturating_mul(MILLIS_PER_HOUR),
            );
        }
        Ok(read.len())
    }
}

/// The server that a line names.
fn known(line: &str) -> Option<(IpAddr, Option<u16>)> {
    let mut fields = line.split(',').map(|field| field.trim().trim_matches('"'));
    let address: IpAddr = fields.next()?.parse().ok()?;
    let port = match fields.next() {
        None | Some("" | "0") => None,
        Some(port) => Some(port.parse().ok()?),
    };
    service::is_single(Address::of(address)).then_some((address, port))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn server(port: u16) -> Server {
        Server {
            address: Address::v4(0xcb00_7109),
            port,
            protocol: service::TCP,
        }
    }

    #[test]
    fn a_known_server_is_known_on_its_port_or_on_all() {
        let mut knowledge = Knowledge::default();
        let list =
            "ip,port,trail\n# seen in May\n203.0.113.9,4444,mirai\n203.0.113.9,4444,again\n\n";
        assert_eq!(knowledge.take_known(list), Ok(1));
        assert_eq!(knowledge.take_known("203.0.113.9\n"), Ok(1));
        assert_eq!(knowledge.known(&server(4_444)), 2);
        assert_eq!(knowledge.known(&server(80)), 1);
    }

    #[test]
    fn a_line_that_names_none_is_told_and_nothing_is_taken() {
        let mut knowledge = Knowledge::default();
        let list = "203.0.113.9,4444\nhost.example,80\n";
        assert_eq!(knowledge.take_known(list), Err(ListError::Line(2)));
        assert_eq!(
            knowledge.take_known("x\n203.0.113.9,70000\n"),
            Err(ListError::Line(2))
        );
        assert_eq!(knowledge.known(&server(4_444)), 0);
    }

    #[test]
    fn lists_of_networks_say_what_they_are() {
        let mut knowledge = Knowledge::default();
        let lists = "format = 1\n[[list]]\nname = \"a\"\nkind = \"public-service\"\nprefixes = [\"203.0.113.0/24\"]\n";
        knowledge.take_networks(lists).unwrap();
        assert_eq!(
            knowledge.in_networks(Network::PublicService, server(1).address),
            1
        );
        assert_eq!(knowledge.in_networks(Network::Cloud, server(1).address), 0);
        assert_eq!(
            knowledge.take_networks(&lists.replace("= 1", "= 2")),
            Err(ListError::Format(2))
        );
        let wrong = knowledge
            .take_networks(&lists.replace(".0/24", ".9/24"))
            .unwrap_err();
        assert!(wrong.to_string().contains("`a`"), "{wrong}");
        assert!(matches!(
            knowledge.take_networks("list = 3"),
            Err(ListError::Toml(_))
        ));
    }

    #[test]
    fn verdicts_have_an_hour_at_which_they_end() {
        let line = r#"{"server":"203.0.113.9","port":4444,"protocol":6,"verdict":"benign","expires":"2027-01-15T08:00:00Z"}"#;
        let mut knowledge = Knowledge::new(1_800_000_000_000 - MILLIS_PER_HOUR);
        assert_eq!(knowledge.take_verdicts(line), Ok(1));
        assert_eq!(
            knowledge.verdict(&server(4_444)),
            Some((Verdict::Benign, MILLIS_PER_HOUR))
        );
        let wrong = format!("{line}\n{}", line.replace("benign", "fine"));
        let error = knowledge.take_verdicts(&wrong).unwrap_err();
        assert!(error.to_string().starts_with("line 2"), "{error}");
    }
}
