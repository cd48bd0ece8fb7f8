//! Indicators in a text: addresses, names, hashes and numbers of vulnerabilities, each in one
//! spelling, as a whole.
//!
//! Works on text in normal form, in which defanged addresses are put together again.

use std::collections::BTreeSet;
use std::net::{Ipv4Addr, Ipv6Addr};

use super::normal::{Class, class};

/// Lengths of hashes in hexadecimal: MD5, SHA-1, SHA-256, SHA-512.
const HASH_CHARS: [usize; 4] = [32, 40, 64, 128];
/// Longest domain name (RFC 1035, 2.3.4).
const NAME_CHARS_MAX: usize = 253;

/// An indicator and what it is also found by.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Indicator {
    /// The whole, in its one spelling, with its kind before it: `ip:198.51.100.7`.
    pub(super) whole: String,
    /// What stands in it or above it: the host of a URL, the domains above a name.
    pub(super) also: BTreeSet<String>,
}

impl Indicator {
    fn new(kind: &str, whole: &str) -> Self {
        Self {
            whole: format!("{kind}:{whole}"),
            also: BTreeSet::new(),
        }
    }

    /// Whether it says something about an attacker by itself: no address that every network uses
    /// inside, no bare name of a file or number of a vulnerability.
    pub(super) fn is_telling(&self) -> bool {
        match self.whole.split_once(':') {
            Some(("ip", address)) => address
                .parse::<Ipv4Addr>()
                .is_ok_and(|ip| !(ip.is_private() || ip.is_loopback() || ip.is_unspecified())),
            Some(("ip6", address)) => address
                .parse::<Ipv6Addr>()
                .is_ok_and(|ip| !(ip.is_loopback() || ip.is_unspecified())),
            Some(("hash" | "url" | "mail" | "name", _)) => true,
            _ => false,
        }
    }

    /// Whether it is a dotted name.
    pub(super) fn is_name(&self) -> bool {
        self.whole.starts_with("name:")
    }
}

/// The indicators of a text in normal form.
pub(super) fn scan(normal: &str) -> Vec<Indicator> {
    normal
        .split(|letter: char| letter.is_whitespace() || ends_chunk(letter))
        .flat_map(|chunk| {
            let is_url = chunk.contains("://");
            chunk.split(move |letter| !is_url && matches!(letter, '=' | ',' | ';' | '|'))
        })
        .filter_map(indicator)
        .collect()
}

/// The indicator that `chunk` is as a whole; `None` when it is a word or nothing.
pub(super) fn indicator(chunk: &str) -> Option<Indicator> {
    let chunk = chunk.trim_matches(|letter| matches!(letter, '.' | ':' | '!' | '?' | '-' | ','));
    if let Some((scheme, rest)) = chunk.split_once("://") {
        let known = !scheme.is_empty() && scheme.chars().all(|l| l.is_ascii_alphanumeric());
        return known.then(|| located(rest)).flatten();
    }
    if let Some((local, host)) = chunk.split_once('@') {
        let host = name(host)?;
        let mut mail = Indicator::new("mail", chunk);
        mail.also.extend(host.also);
        mail.also.insert(host.whole);
        return (!local.is_empty()).then_some(mail);
    }
    if HASH_CHARS.contains(&chunk.len()) && chunk.chars().all(|l| l.is_ascii_hexdigit()) {
        return Some(Indicator::new("hash", chunk));
    }
    if is_numbered(chunk) {
        return Some(Indicator::new("id", chunk));
    }
    if let Some((network, bits)) = chunk.split_once('/')
        && host_address(network).is_some()
        && bits.parse::<u8>().is_ok_and(|bits| bits <= 128)
    {
        return Some(Indicator::new("net", chunk));
    }
    located(chunk)
}

/// A host, with or without a path behind it.
fn located(text: &str) -> Option<Indicator> {
    let end = text.find(['/', '?', '#']).unwrap_or(text.len());
    let (authority, path) = text.split_at_checked(end)?;
    let authority = authority.rsplit('@').next().unwrap_or(authority);
    let host = host(authority)?;
    let path = path.trim_end_matches('/');
    if path.is_empty() {
        return Some(host);
    }
    let mut url = Indicator::new("url", &format!("{authority}{path}"));
    url.also.extend(host.also);
    url.also.insert(host.whole);
    Some(url)
}

/// An address or a name, with or without a port.
fn host(authority: &str) -> Option<Indicator> {
    if let Some(found) = host_address(authority) {
        return Some(found);
    }
    let (host, port) = authority.rsplit_once(':').unwrap_or((authority, "0"));
    port.parse::<u16>().ok()?;
    host_address(host).or_else(|| name(host))
}

fn host_address(text: &str) -> Option<Indicator> {
    let bare = text.trim_start_matches('[').trim_end_matches(']');
    if let Ok(address) = bare.parse::<Ipv4Addr>() {
        return Some(Indicator::new("ip", &address.to_string()));
    }
    let address = bare.parse::<Ipv6Addr>().ok()?;
    Some(Indicator::new("ip6", &address.to_string()))
}

/// A domain name of at least two labels, found also by the names above it.
fn name(text: &str) -> Option<Indicator> {
    let labels: Vec<&str> = text.split('.').collect();
    let sound = |label: &&str| {
        !label.is_empty()
            && label
                .chars()
                .all(|l| l.is_ascii_alphanumeric() || matches!(l, '-' | '_'))
    };
    let top = labels.last()?;
    let named = top.len() >= 2 && top.starts_with(|l: char| l.is_ascii_alphabetic());
    if labels.len() < 2 || text.len() > NAME_CHARS_MAX || !named || !labels.iter().all(sound) {
        return None;
    }
    let mut found = Indicator::new("name", text);
    for above in 1..labels.len().saturating_sub(1) {
        let above: Vec<&str> = labels.iter().skip(above).copied().collect();
        found.also.insert(format!("name:{}", above.join(".")));
    }
    Some(found)
}

/// `cve-2026-12345` and its like: letters, a year, a number.
fn is_numbered(chunk: &str) -> bool {
    let mut pieces = chunk.split('-');
    let (Some(letters), Some(year), Some(number), None) =
        (pieces.next(), pieces.next(), pieces.next(), pieces.next())
    else {
        return false;
    };
    let digits = |text: &str| text.chars().all(|l| l.is_ascii_digit());
    !letters.is_empty()
        && letters.chars().all(|l| l.is_ascii_alphabetic())
        && (year.len() == 4 && digits(year))
        && (number.len() >= 3 && digits(number))
}

fn ends_chunk(letter: char) -> bool {
    class(letter) == Class::Cjk
        || matches!(
            letter,
            '"' | '\'' | '<' | '>' | '(' | ')' | '{' | '}' | '`' | '、' | '。' | '「' | '」'
        )
        || (!letter.is_ascii() && class(letter) == Class::Other)
}
