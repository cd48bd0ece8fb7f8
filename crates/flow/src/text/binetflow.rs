//! Argus records as comma-separated values, one talk a line (`.binetflow`, as the CTU-13 captures have
//! them): `StartTime,Dur,Proto,SrcAddr,Sport,Dir,DstAddr,Dport,State,sTos,dTos,TotPkts,TotBytes,SrcBytes`.
//!
//! What is assumed, since the lines do not say it:
//! - Times have no zone and are taken for UTC.
//! - `->` and `<->` were opened by the source, `<-` by the destination; with a `?` Argus did not see it.
//! - Packets of each way are told only where the columns `SrcPkts` and `DstPkts` are. Otherwise half of
//!   them went each way, as far as the octets of that way allow at 60 to 1,514 octets a frame.
//! - Argus cuts long talks into records and does not say so; a talk is taken to have ended where a FIN or
//!   a RST was seen, and of all others nothing is said.

use jiff::civil::DateTime;
use jiff::tz::TimeZone;

use super::table::{Quoting, Table, names};
use super::{LINE_OCTETS_MAX, Line, LineFault};
use super::{address, bare, instant, number, protocol_number, span};
use crate::column::{Columns, Ending, Flow, Opener};
use crate::service::TCP;

const SEPARATOR: u8 = b',';

const TIME: &str = "StartTime";
const SOURCE: &str = "SrcAddr";
const DESTINATION: &str = "DstAddr";
const TOTAL_PACKETS: &str = "TotPkts";
const TOTAL_BYTES: &str = "TotBytes";
const SOURCE_BYTES: &str = "SrcBytes";

const WANTED: [&str; 14] = [
    TIME,
    "Dur",
    "Proto",
    SOURCE,
    "Sport",
    "Dir",
    DESTINATION,
    "Dport",
    "State",
    TOTAL_PACKETS,
    TOTAL_BYTES,
    SOURCE_BYTES,
    "SrcPkts",
    "DstPkts",
];

/// Reads a file line by line.
#[derive(Default)]
pub struct BinetflowReader {
    table: Option<Table<{ WANTED.len() }>>,
}

/// Packets and octets of one way.
#[derive(Clone, Copy, PartialEq, Eq)]
struct Volume {
    packets: u64,
    bytes: u64,
}

impl BinetflowReader {
    /// A reader at the beginning of a file.
    pub fn new() -> Self {
        Self::default()
    }

    /// Whether a file whose first line is `line` is one of these.
    pub fn begins(line: &[u8]) -> bool {
        let needed = [TIME, SOURCE, DESTINATION, TOTAL_BYTES, SOURCE_BYTES];
        names(bare(line), SEPARATOR, &needed)
    }

    /// Adds the flows of `line`, without its line feed, to `into`. Lines of protocols that are not over
    /// IP are passed over.
    ///
    /// # Errors
    /// [`LineFault`]; nothing of the line was added.
    pub fn line(&mut self, line: &[u8], into: &mut Columns) -> Result<Line, LineFault> {
        if line.len() > LINE_OCTETS_MAX {
            return Err(LineFault::Long(line.len()));
        }
        let line = bare(line);
        if line.is_empty() {
            return Ok(Line::Header);
        }
        if Self::begins(line) {
            let table = Table::of(line, SEPARATOR, Quoting::Marks, &WANTED)?;
            self.table = Some(table);
            return Ok(Line::Header);
        }
        let table = self.table.as_ref().ok_or(LineFault::NoFields)?;
        add(&table.values(line), into)
    }
}

fn add(values: &[Option<&str>; WANTED.len()], into: &mut Columns) -> Result<Line, LineFault> {
    let [
        time,
        duration,
        protocol,
        source,
        source_port,
        way,
        destination,
        destination_port,
        state,
        volumes @ ..,
    ] = *values;
    let Some(protocol) = protocol.and_then(protocol_number) else {
        return Ok(Line::Passed);
    };
    let (forth, back) = split(volumes)?;
    let start_ms = time.and_then(civil).ok_or(LineFault::Field(TIME))?;
    let flags = state.map_or((0, 0), |state| flags(protocol, state));
    let flow = Flow {
        source: source.and_then(address).ok_or(LineFault::Field(SOURCE))?,
        destination: destination
            .and_then(address)
            .ok_or(LineFault::Field(DESTINATION))?,
        source_port: port(protocol, source_port).ok_or(LineFault::Field("Sport"))?,
        destination_port: port(protocol, destination_port).ok_or(LineFault::Field("Dport"))?,
        protocol,
        flags: flags.0,
        packets: forth.packets,
        bytes: forth.bytes,
        start_ms,
        end_ms: start_ms.saturating_add(span(duration)),
        sampling: 1,
        ending: ending(flags.0 | flags.1),
        opener: opener(way.unwrap_or_default()),
    };
    if !forth.is_empty() || back.is_empty() {
        into.push(flow);
    }
    if !back.is_empty() {
        into.push(Flow {
            flags: flags.1,
            packets: back.packets,
            bytes: back.bytes,
            ..flow.turned()
        });
    }
    Ok(Line::Flows)
}

impl Volume {
    fn is_empty(self) -> bool {
        self.packets == 0 && self.bytes == 0
    }
}

/// What went each way, of all packets, all octets, the source's octets, and the packets each way.
fn split(values: [Option<&str>; 5]) -> Result<(Volume, Volume), LineFault> {
    let [packets, bytes, source_bytes, forth_packets, back_packets] =
        values.map(|value| value.and_then(number::<u64>));
    let bytes = bytes.ok_or(LineFault::Field(TOTAL_BYTES))?;
    let forth_bytes = source_bytes.ok_or(LineFault::Field(SOURCE_BYTES))?;
    let back_bytes = bytes
        .checked_sub(forth_bytes)
        .ok_or(LineFault::Field(SOURCE_BYTES))?;
    let (forth_packets, back_packets) =
        if let (Some(forth), Some(back)) = (forth_packets, back_packets) {
            (forth, back)
        } else {
            let packets = packets.ok_or(LineFault::Field(TOTAL_PACKETS))?;
            let forth = forth_of(packets, forth_bytes, back_bytes);
            (forth, packets - forth)
        };
    let forth = Volume {
        packets: forth_packets,
        bytes: forth_bytes,
    };
    let back = Volume {
        packets: back_packets,
        bytes: back_bytes,
    };
    Ok((forth, back))
}

/// How many of `packets` went forth: half, as far as the octets of both ways allow it.
fn forth_of(packets: u64, forth_bytes: u64, back_bytes: u64) -> u64 {
    const FRAME_OCTETS_MIN: u64 = 60;
    const FRAME_OCTETS_MAX: u64 = 1_514;
    if back_bytes == 0 {
        return packets;
    }
    if forth_bytes == 0 {
        return 0;
    }
    let least = |bytes: u64| bytes.div_ceil(FRAME_OCTETS_MAX);
    let most = |bytes: u64| (bytes / FRAME_OCTETS_MIN).max(1);
    let low = least(forth_bytes).max(packets.saturating_sub(most(back_bytes)));
    let high = most(forth_bytes).min(packets.saturating_sub(least(back_bytes)));
    let half = packets / 2;
    // Frames of other sizes than these: no bound holds.
    if low > high || high > packets {
        return half;
    }
    half.clamp(low, high)
}

/// A point of time as `2011/08/10 09:46:53.047277`, or as other logs have it.
fn civil(text: &str) -> Option<i64> {
    let text = text.trim();
    if text
        .bytes()
        .all(|octet| octet.is_ascii_digit() || octet == b'.')
    {
        return instant(text);
    }
    let date: DateTime = text.replace('/', "-").parse().ok()?;
    let zoned = date.to_zoned(TimeZone::UTC).ok()?;
    let millis = zoned.timestamp().as_millisecond();
    (millis >= 0).then_some(millis)
}

/// A port, decimal or hexadecimal. Where other protocols have none, Argus writes types and numbers of
/// its own there, or nothing.
fn port(protocol: u8, text: Option<&str>) -> Option<u16> {
    const UDP: u8 = 17;
    const SCTP: u8 = 132;
    if !matches!(protocol, TCP | UDP | SCTP) {
        return Some(0);
    }
    let text = text?.trim();
    match text.strip_prefix("0x") {
        Some(digits) => u16::from_str_radix(digits, 16).ok(),
        None if text.is_empty() => Some(0),
        None => number(text),
    }
}

fn opener(way: &str) -> Opener {
    match way.trim() {
        "->" | "<->" => Opener::Source,
        "<-" => Opener::Destination,
        _ => Opener::Unsaid,
    }
}

/// The flags that each way had, of a state as `FSPA_FSPA`: the source's before the stroke.
fn flags(protocol: u8, state: &str) -> (u8, u8) {
    let of = |letters: &str| {
        letters
            .chars()
            .fold(0, |flags, letter| flags | flag(letter))
    };
    match state.trim().split_once('_') {
        Some((source, destination)) if protocol == TCP => (of(source), of(destination)),
        _ => (0, 0),
    }
}

fn flag(letter: char) -> u8 {
    match letter {
        'F' => 0x01,
        'S' => 0x02,
        'R' => 0x04,
        'P' => 0x08,
        'A' => 0x10,
        'U' => 0x20,
        'E' => 0x40,
        'C' => 0x80,
        _ => 0,
    }
}

fn ending(flags: u8) -> Ending {
    const FIN_OR_RST: u8 = 0x05;
    if flags & FIN_OR_RST == 0 {
        Ending::Unsaid
    } else {
        Ending::Ended
    }
}

#[cfg(test)]
mod tests;
