//! Flows as lines of text.

pub mod binetflow;
pub mod eve;
mod json;
mod table;
pub mod zeek;

use std::str::FromStr;

use crate::column::Address;

/// Octets that a line may have.
pub const LINE_OCTETS_MAX: usize = 1 << 20;

/// Columns that a header may name.
pub const COLUMNS_MAX: usize = 1_024;

/// What a line was, when nothing was wrong with it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Line {
    /// A talk; its flows were added.
    Flows,
    /// It says how to read the others, or nothing.
    Header,
    /// An event of another kind, which this reader passes over.
    Passed,
}

/// What is wrong with a line. Nothing of what the line says is in it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum LineFault {
    /// It is longer than [`LINE_OCTETS_MAX`].
    #[error("a line of {0} octets; a log of flows has none above {LINE_OCTETS_MAX}")]
    Long(usize),
    /// Values came before the line that names them.
    #[error("values without a line before them that names the columns")]
    NoFields,
    /// The header names columns, and not those of flows.
    #[error("the columns or members of another log; give a log of connections")]
    OtherLog,
    /// The header names too many columns.
    #[error("more than {COLUMNS_MAX} columns")]
    Columns,
    /// A separator that is not read here.
    #[error("a `#separator` of more than one octet; write the log with one")]
    Separator,
    /// A value that every flow has is absent or unreadable.
    #[error("`{0}` is absent or unreadable")]
    Field(&'static str),
    /// It begins like JSON and is none.
    #[error("no JSON object, or a member of a kind that it cannot have")]
    Json,
}

/// The last millisecond of the year 9999.
const INSTANT_MAX: i64 = 253_402_300_799_999;

/// The longest that a talk is taken to last, in milliseconds: ten years.
const SPAN_MAX: i64 = 10 * 365 * 86_400_000;

/// Seconds of Unix time above which a number is taken for milliseconds: the year 5138.
const SECONDS_MAX: i64 = 100_000_000_000;

/// A line without its end and without the mark that some editors begin a file with.
fn bare(line: &[u8]) -> &[u8] {
    const BYTE_ORDER_MARK: &[u8] = b"\xef\xbb\xbf";
    let line = line.strip_prefix(BYTE_ORDER_MARK).unwrap_or(line);
    line.strip_suffix(b"\r").unwrap_or(line)
}

/// An address in its usual spelling, of IPv6 also with a zone, which says nothing here.
fn address(text: &str) -> Option<Address> {
    let text = text.split_once('%').map_or(text, |(address, _)| address);
    text.parse().ok().map(Address::of)
}

/// A whole number, also with the `.0` that spreadsheets and statistics programs write behind it.
fn number<N: FromStr>(text: &str) -> Option<N> {
    let text = text.strip_suffix(".0").unwrap_or(text);
    text.parse().ok()
}

/// Seconds as milliseconds, without the rounding of a floating-point number where that can be had.
fn millis(text: &str) -> Option<i64> {
    let (seconds, fraction) = text.split_once('.').unwrap_or((text, ""));
    if !fraction.bytes().all(|byte| byte.is_ascii_digit()) || seconds.is_empty() {
        return exponential(text);
    }
    let Ok(whole) = seconds.parse::<i64>() else {
        return exponential(text);
    };
    let mut thousandths = 0;
    let mut digits = fraction.bytes();
    for _ in 0..3 {
        let digit = digits.next().unwrap_or(b'0');
        thousandths = thousandths * 10 + i64::from(digit.saturating_sub(b'0'));
    }
    if seconds.starts_with('-') {
        thousandths = -thousandths;
    }
    whole.checked_mul(1_000)?.checked_add(thousandths)
}

/// Seconds as some programs write very short and very long ones (`1.5e-05`).
fn exponential(text: &str) -> Option<i64> {
    if !text
        .bytes()
        .all(|byte| byte.is_ascii_digit() || b".eE+-".contains(&byte))
    {
        return None;
    }
    let millis = text.parse::<f64>().ok()? * 1_000.0;
    // The conversion saturates, and no clock runs that long.
    #[expect(
        clippy::cast_possible_truncation,
        reason = "it saturates, and whole milliseconds are wanted"
    )]
    millis.is_finite().then_some(millis.floor() as i64)
}

/// How long a talk lasted, in milliseconds; 0 when it is not said.
fn span(seconds: Option<&str>) -> i64 {
    let millis = seconds.and_then(millis).unwrap_or(0);
    millis.clamp(0, SPAN_MAX)
}

/// A point of time: seconds or milliseconds of Unix time, or a date with its offset (RFC 3339, and
/// without the colon).
fn instant(text: &str) -> Option<i64> {
    let instant = match millis(text) {
        Some(millis) if millis / 1_000 > SECONDS_MAX => millis / 1_000,
        Some(millis) => millis,
        None => text.parse::<jiff::Timestamp>().ok()?.as_millisecond(),
    };
    (0..=INSTANT_MAX).contains(&instant).then_some(instant)
}

/// The number of a protocol by its name, in the spellings of Zeek, Argus and Suricata.
fn protocol_number(name: &str) -> Option<u8> {
    const NAMES: [(&str, u8); 21] = [
        ("tcp", 6),
        ("udp", 17),
        ("icmp", 1),
        ("icmp6", 58),
        ("ipv6-icmp", 58),
        ("igmp", 2),
        ("ipip", 4),
        ("ipnip", 4),
        ("ipv6", 41),
        ("rsvp", 46),
        ("gre", 47),
        ("esp", 50),
        ("ah", 51),
        ("ospf", 89),
        ("pim", 103),
        ("sctp", 132),
        ("udplite", 136),
        // What Argus finds within UDP.
        ("rtp", 17),
        ("rtcp", 17),
        ("udt", 17),
        // Zeek's word for a protocol that it does not follow; its number is not told.
        ("unknown_transport", 0),
    ];
    let known = NAMES
        .iter()
        .find(|(known, _)| name.eq_ignore_ascii_case(known));
    known
        .map(|(_, number)| *number)
        .or_else(|| name.parse().ok())
}

#[cfg(test)]
mod tests;
