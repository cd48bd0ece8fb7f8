//! The events of Suricata (`eve.json`), one JSON object a line: those of type `flow`, which have both
//! ways of a talk, and `netflow`, which have one. All others are passed over.
//!
//! Suricata writes a talk once, when it is over, so that nothing has to be stitched.

use serde::Deserialize;

use super::json::Scalar;
use super::{LINE_OCTETS_MAX, Line, LineFault};
use super::{address, bare, instant, number, protocol_number};
use crate::column::{Columns, Ending, Flow, Opener};
use crate::service::TCP;

/// Flag of TCP by which a talk is opened.
const SYN: u8 = 0x02;

/// Reads events line by line.
#[derive(Default)]
pub struct EveReader;

/// An event, as far as it is wanted.
#[derive(Deserialize)]
struct Event<'l> {
    #[serde(borrow, default)]
    event_type: Scalar<'l>,
    #[serde(borrow, default)]
    src_ip: Scalar<'l>,
    #[serde(borrow, default)]
    src_port: Scalar<'l>,
    #[serde(borrow, default)]
    dest_ip: Scalar<'l>,
    #[serde(borrow, default)]
    dest_port: Scalar<'l>,
    #[serde(borrow, default)]
    proto: Scalar<'l>,
    #[serde(borrow)]
    flow: Option<Talk<'l>>,
    #[serde(borrow)]
    netflow: Option<Talk<'l>>,
    #[serde(borrow)]
    tcp: Option<Flags<'l>>,
}

/// What both types of events say of a talk, each in its words.
#[derive(Deserialize)]
struct Talk<'l> {
    #[serde(borrow, default)]
    start: Scalar<'l>,
    #[serde(borrow, default)]
    end: Scalar<'l>,
    #[serde(borrow, default)]
    state: Scalar<'l>,
    #[serde(borrow, default)]
    reason: Scalar<'l>,
    #[serde(borrow, default)]
    pkts: Scalar<'l>,
    #[serde(borrow, default)]
    bytes: Scalar<'l>,
    #[serde(borrow, default)]
    pkts_toserver: Scalar<'l>,
    #[serde(borrow, default)]
    bytes_toserver: Scalar<'l>,
    #[serde(borrow, default)]
    pkts_toclient: Scalar<'l>,
    #[serde(borrow, default)]
    bytes_toclient: Scalar<'l>,
}

/// The flags of TCP as hexadecimal digits: of the talk, and of each way.
#[derive(Deserialize, Default)]
struct Flags<'l> {
    #[serde(borrow, default)]
    tcp_flags: Scalar<'l>,
    #[serde(borrow, default)]
    tcp_flags_ts: Scalar<'l>,
    #[serde(borrow, default)]
    tcp_flags_tc: Scalar<'l>,
}

impl EveReader {
    /// A reader at the beginning of a file.
    pub fn new() -> Self {
        Self
    }

    /// Whether a file whose first line is `line` is one of events.
    pub fn begins(line: &[u8]) -> bool {
        const MEMBER: &[u8] = b"\"event_type\"";
        bare(line).starts_with(b"{") && line.windows(MEMBER.len()).any(|found| found == MEMBER)
    }

    /// Adds the flows of `line`, without its line feed, to `into`.
    ///
    /// # Errors
    /// [`LineFault`]; nothing of the line was added.
    #[expect(clippy::unused_self, reason = "one shape for all readers of lines")]
    pub fn line(&mut self, line: &[u8], into: &mut Columns) -> Result<Line, LineFault> {
        if line.len() > LINE_OCTETS_MAX {
            return Err(LineFault::Long(line.len()));
        }
        let line = bare(line);
        if line.is_empty() {
            return Ok(Line::Header);
        }
        let event: Event<'_> = serde_json::from_slice(line).map_err(|_| LineFault::Json)?;
        match (event.event_type.text(), &event.flow, &event.netflow) {
            (Some("flow"), Some(talk), _) => both(&event, talk, into),
            (Some("netflow"), _, Some(talk)) => one(&event, talk, into),
            (Some("flow"), None, _) => Err(LineFault::Field("flow")),
            (Some("netflow"), _, None) => Err(LineFault::Field("netflow")),
            (Some(_), ..) => Ok(Line::Passed),
            (None, ..) => Err(LineFault::OtherLog),
        }
    }
}

fn both(event: &Event<'_>, talk: &Talk<'_>, into: &mut Columns) -> Result<Line, LineFault> {
    let Some(flow) = flow(event, talk)? else {
        return Ok(Line::Passed);
    };
    let (of_talk, forth, back) = flags(event);
    // Of a talk of TCP that was under way when Suricata began, it takes whoever was seen first.
    let seen = flow.protocol != TCP || of_talk.is_none_or(|flags| flags & SYN != 0);
    let flow = Flow {
        opener: if seen { Opener::Source } else { Opener::Unsaid },
        ..flow
    };
    into.push(Flow {
        flags: forth.or(of_talk).unwrap_or(0),
        packets: count(&talk.pkts_toserver),
        bytes: count(&talk.bytes_toserver),
        ..flow
    });
    let (packets, bytes) = (count(&talk.pkts_toclient), count(&talk.bytes_toclient));
    if packets > 0 || bytes > 0 {
        into.push(Flow {
            flags: back.unwrap_or(0),
            packets,
            bytes,
            ..flow.turned()
        });
    }
    Ok(Line::Flows)
}

fn one(event: &Event<'_>, talk: &Talk<'_>, into: &mut Columns) -> Result<Line, LineFault> {
    let Some(flow) = flow(event, talk)? else {
        return Ok(Line::Passed);
    };
    into.push(Flow {
        flags: flags(event).0.unwrap_or(0),
        packets: count(&talk.pkts),
        bytes: count(&talk.bytes),
        ..flow
    });
    Ok(Line::Flows)
}

/// What both types have alike; `None` of a protocol that is not known.
fn flow(event: &Event<'_>, talk: &Talk<'_>) -> Result<Option<Flow>, LineFault> {
    let Some(protocol) = event.proto.text().and_then(protocol_number) else {
        return Ok(None);
    };
    let end = |address_of: &Scalar<'_>, name| {
        let text = address_of.text();
        text.and_then(address).ok_or(LineFault::Field(name))
    };
    let start_ms = talk.start.text().and_then(instant);
    let start_ms = start_ms.ok_or(LineFault::Field("start"))?;
    let end_ms = talk.end.text().and_then(instant).unwrap_or(start_ms);
    Ok(Some(Flow {
        source: end(&event.src_ip, "src_ip")?,
        destination: end(&event.dest_ip, "dest_ip")?,
        source_port: port(&event.src_port),
        destination_port: port(&event.dest_port),
        protocol,
        flags: 0,
        packets: 0,
        bytes: 0,
        start_ms,
        end_ms: end_ms.max(start_ms),
        sampling: 1,
        ending: ending(talk),
        opener: Opener::Unsaid,
    }))
}

fn ending(talk: &Talk<'_>) -> Ending {
    match (talk.state.text(), talk.reason.text()) {
        (Some("closed"), _) => Ending::Ended,
        (_, Some("timeout")) => Ending::Idle,
        (_, Some("forced" | "shutdown")) => Ending::Forced,
        _ => Ending::Unsaid,
    }
}

fn count(value: &Scalar<'_>) -> u64 {
    value.text().and_then(number).unwrap_or(0)
}

/// A port; 0 where the protocol has none and the event says none.
fn port(value: &Scalar<'_>) -> u16 {
    value.text().and_then(number).unwrap_or(0)
}

/// The flags of the talk, of the way to the server and of the way back.
fn flags(event: &Event<'_>) -> (Option<u8>, Option<u8>, Option<u8>) {
    let Some(tcp) = &event.tcp else {
        return (None, None, None);
    };
    let of = |digits: &Scalar<'_>| u8::from_str_radix(digits.text()?, 16).ok();
    (
        of(&tcp.tcp_flags),
        of(&tcp.tcp_flags_ts),
        of(&tcp.tcp_flags_tc),
    )
}

#[cfg(test)]
mod tests;
