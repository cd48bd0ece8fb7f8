//! What a request to open names: tokens, and of calls the server, the second and, where translation shares an
//! address between lines, the mark of the port.
//!
//! ```text
//! token 00112233445566778899aabbccddeeff
//! token 00112233445566778899aabbccddeeff called 203.0.113.9:4444 at 2027-01-15T08:00:00Z
//! token 00112233445566778899aabbccddeeff called 203.0.113.9:4444 port 89abcdef at 2027-01-15T08:00:00Z
//! ```

use std::collections::BTreeMap;
use std::fmt;
use std::fs::{self, File};
use std::io::ErrorKind;
use std::net::{IpAddr, SocketAddr};
use std::path::{Path, PathBuf};

use anyhow::Context as _;
use flow::archive::{Kept, shard};
use flow::column::Address;
use flow::engine::is_call;
use flow::sealed::Talk;
use jiff::Timestamp;
use seal::subscriber::{HorizonKey, SubscriberToken};

use super::super::hunt::Indicator;

/// Stands before each token in the reason that custodians read.
const MARK: &str = "token ";

/// A token that a request names.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) struct Named {
    pub(super) token: SubscriberToken,
    /// Of a call: the server.
    pub(super) called: Option<SocketAddr>,
    /// Of a call from a shared address: what stands for the port.
    port_mark: Option<u32>,
    /// Of a call: when the last one was. Addresses go from line to line, and the translator's log goes
    /// by the second.
    pub(super) at: Option<Timestamp>,
}

impl fmt::Display for Named {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "{MARK}{:032x}", self.token.bits())?;
        if let Some(server) = self.called {
            write!(out, " called {server}")?;
        }
        if let Some(mark) = self.port_mark {
            write!(out, " port {mark:08x}")?;
        }
        match self.at {
            Some(at) => write!(out, " at {at}"),
            None => Ok(()),
        }
    }
}

impl Named {
    /// A token by itself.
    pub(super) fn alone(token: SubscriberToken) -> Self {
        Self {
            token,
            called: None,
            port_mark: None,
            at: None,
        }
    }

    /// What a line of the reason names; `None` of one that names nothing.
    pub(super) fn read(line: &str) -> Option<Self> {
        let mut words = line.strip_prefix(MARK)?.split(' ');
        let mut named = Self::alone(token(words.next()?)?);
        while let Some(word) = words.next() {
            match word {
                "called" => named.called = Some(words.next()?.parse().ok()?),
                "port" => named.port_mark = Some(u32::from_str_radix(words.next()?, 16).ok()?),
                "at" => named.at = Some(words.next()?.parse().ok()?),
                _ => return None,
            }
        }
        Some(named)
    }

    /// The address that the key says it stands for.
    pub(super) fn address(&self, key: &HorizonKey) -> IpAddr {
        Address::v6(key.address(self.token)).ip()
    }

    /// Behind a shared address the ports that it can be: one, and hardly ever two. Else nothing.
    pub(super) fn ports(&self, key: &HorizonKey) -> Vec<u16> {
        let mark = self.port_mark;
        mark.map_or_else(Vec::new, |mark| key.ports_marked(self.token, mark))
    }

    /// What the key says of it, a line each.
    pub(super) fn opened(&self, key: &HorizonKey) -> Vec<String> {
        let at = self.at.map_or(String::new(), |at| format!(" at {at}"));
        let called = self.called;
        let called = called.map_or(String::new(), |server| format!(" called {server}"));
        let line = format!("{:032x} {}", self.token.bits(), self.address(key));
        if self.port_mark.is_none() {
            return vec![format!("{line}{at}{called}")];
        }
        let ports = self.ports(key);
        let of = match ports.len() {
            1 => String::new(),
            many => format!(" (one of {many})"),
        };
        let one = |port: &u16| format!("{line} port {port}{at}{called}{of}");
        ports.iter().map(one).collect()
    }
}

/// A token as it is written: 32 hexadecimal digits.
pub(super) fn token(text: &str) -> Option<SubscriberToken> {
    let digits = text.len() == 32 && text.bytes().all(|digit| digit.is_ascii_hexdigit());
    let bits = u128::from_str_radix(text, 16).ok()?;
    digits.then(|| SubscriberToken::from_bits(bits))
}

/// By token, server and mark of the port: when the last call was, in milliseconds.
type Calls = BTreeMap<(SubscriberToken, SocketAddr, Option<u32>), i64>;

/// Who called these servers in the talks that a collector kept, with tokens of that horizon, in the order
/// of tokens: each line once for each server, with its last call. Of a shared address each port is a line of
/// its own.
///
/// # Errors
/// When the talks cannot be read.
pub(super) fn callers(
    directory: &Path,
    horizon: u64,
    servers: &[Indicator],
) -> anyhow::Result<Vec<Named>> {
    let mut last = Calls::new();
    for hour in entries(&directory.join("talks"))? {
        for shard_of in entries(&hour)? {
            let is_of = |(address, _): &Indicator| {
                let name = format!("shard={:02}", shard(Address::of(*address)));
                shard_of.file_name().is_some_and(|of| of == name.as_str())
            };
            if !servers.iter().any(is_of) {
                continue;
            }
            for path in entries(&shard_of)? {
                calls(&path, horizon, servers, &mut last)
                    .with_context(|| format!("`{}`", path.display()))?;
            }
        }
    }
    let named = |((token, server, port_mark), ms): (_, i64)| Named {
        token,
        called: Some(server),
        port_mark,
        at: Timestamp::from_second(ms.div_euclid(1_000)).ok(),
    };
    Ok(last.into_iter().map(named).collect())
}

fn calls(path: &Path, horizon: u64, servers: &[Indicator], last: &mut Calls) -> anyhow::Result<()> {
    let file = match File::open(path) {
        // Merged or removed since the folder was read; what was merged is in another file of it.
        Err(error) if error.kind() == ErrorKind::NotFound => return Ok(()),
        opened => opened?,
    };
    let kept: Kept<Address, _> = Kept::open(file)?;
    if kept.horizon() != horizon {
        return Ok(());
    }
    let mut talks: Vec<Talk<Address>> = Vec::new();
    for group in 0..kept.groups() {
        let may_hold = |(address, _): &Indicator| kept.may_hold(group, Address::of(*address));
        if !servers.iter().any(may_hold) {
            continue;
        }
        talks.clear();
        kept.group(group, &mut talks)?;
        let is_call = |talk: &&Talk<Address>| {
            let names = |(address, port): &Indicator| {
                talk.server == Address::of(*address)
                    && port.is_none_or(|port| port == talk.server_port)
            };
            is_call(talk) && servers.iter().any(names)
        };
        for talk in talks.iter().filter(is_call) {
            let port = talk.subscriber_port;
            let mark = port.is_shared().then(|| port.mark());
            let server = SocketAddr::new(talk.server.ip(), talk.server_port);
            let at = last.entry((talk.subscriber, server, mark));
            let at = at.or_insert(i64::MIN);
            *at = talk.start_ms.max(*at);
        }
    }
    Ok(())
}

fn entries(folder: &Path) -> anyhow::Result<Vec<PathBuf>> {
    let named = || format!("cannot read `{}`", folder.display());
    let mut paths = Vec::new();
    for entry in fs::read_dir(folder).with_context(named)? {
        paths.push(entry.with_context(named)?.path());
    }
    paths.sort();
    Ok(paths)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_written_is_read_and_anything_else_is_not() {
        let bits = "00112233445566778899aabbccddeeff";
        for text in [
            format!("token {bits}"),
            format!("token {bits} at 2027-01-15T08:00:00Z"),
            format!("token {bits} port 89abcdef at 2027-01-15T08:00:00Z"),
            format!("token {bits} called 203.0.113.9:4444 at 2027-01-15T08:00:00Z"),
            format!("token {bits} called [2001:db8::9]:443 port 89abcdef"),
        ] {
            assert_eq!(Named::read(&text).unwrap().to_string(), text);
        }
        for text in [
            "calls a C&C server",
            "token 0011",
            &format!("token {bits} port x"),
            &format!("token {bits} called host.example:80"),
            &format!("token {bits} from 2027-01-15T08:00:00Z"),
            bits,
        ] {
            assert!(Named::read(text).is_none(), "{text}");
        }
    }
}
