//! The connection log of Zeek: columns below its own header, columns below a line of names (as tables
//! that were made of it have), or one JSON object a line.
//!
//! A connection is both ways of a talk; it becomes a flow for each way in which octets or packets went.
//! Zeek joins what exporters cut into pieces, so nothing has to be stitched. Who opened is whom Zeek
//! calls the originator, unless it saw no beginning of a connection of TCP.

use serde::Deserialize;

use super::json::Scalar;
use super::table::{Quoting, Table, names};
use super::{LINE_OCTETS_MAX, Line, LineFault};
use super::{address, bare, instant, number, protocol_number, span};
use crate::column::{Columns, Ending, Flow, Opener};
use crate::service::TCP;

const TIME: &str = "ts";
const SOURCE: &str = "id.orig_h";
const SOURCE_PORT: &str = "id.orig_p";
const DESTINATION: &str = "id.resp_h";
const DESTINATION_PORT: &str = "id.resp_p";
const PROTOCOL: &str = "proto";

/// What is read of a line, in the order of [`Values`].
const WANTED: [&str; 15] = [
    TIME,
    SOURCE,
    SOURCE_PORT,
    DESTINATION,
    DESTINATION_PORT,
    PROTOCOL,
    STATE,
    "duration",
    "history",
    "orig_pkts",
    "orig_ip_bytes",
    "orig_bytes",
    "resp_pkts",
    "resp_ip_bytes",
    "resp_bytes",
];

/// Every connection has a state, and no other log has one.
const STATE: &str = "conn_state";

/// The texts of [`WANTED`].
type Values<'l> = [Option<&'l str>; WANTED.len()];

/// What separates the columns of logs without Zeek's own header.
const SEPARATORS: [u8; 4] = [b'\t', b',', b';', b'|'];

/// Reads a log line by line.
#[derive(Default)]
pub struct ZeekReader {
    separator: Option<u8>,
    columns: Named,
    /// Objects of another log, of which the first is named.
    others: u64,
}

/// What the header says.
#[derive(Default)]
enum Named {
    /// Nothing yet.
    #[default]
    Nothing,
    /// The columns of another log: its lines are passed over.
    Other,
    /// The columns of connections.
    Connections(Table<{ WANTED.len() }>),
}

/// A connection as JSON.
#[derive(Deserialize)]
struct Connection<'l> {
    /// Which log it is of, where several are written into one file.
    #[serde(rename = "_path", borrow, default)]
    path: Scalar<'l>,
    #[serde(borrow, default)]
    ts: Scalar<'l>,
    #[serde(rename = "id.orig_h", borrow, default)]
    source: Scalar<'l>,
    #[serde(rename = "id.orig_p", borrow, default)]
    source_port: Scalar<'l>,
    #[serde(rename = "id.resp_h", borrow, default)]
    destination: Scalar<'l>,
    #[serde(rename = "id.resp_p", borrow, default)]
    destination_port: Scalar<'l>,
    #[serde(borrow, default)]
    proto: Scalar<'l>,
    #[serde(borrow, default)]
    conn_state: Scalar<'l>,
    #[serde(borrow, default)]
    duration: Scalar<'l>,
    #[serde(borrow, default)]
    history: Scalar<'l>,
    #[serde(borrow, default)]
    orig_pkts: Scalar<'l>,
    #[serde(borrow, default)]
    orig_ip_bytes: Scalar<'l>,
    #[serde(borrow, default)]
    orig_bytes: Scalar<'l>,
    #[serde(borrow, default)]
    resp_pkts: Scalar<'l>,
    #[serde(borrow, default)]
    resp_ip_bytes: Scalar<'l>,
    #[serde(borrow, default)]
    resp_bytes: Scalar<'l>,
}

impl ZeekReader {
    /// A reader at the beginning of a log.
    pub fn new() -> Self {
        Self::default()
    }

    /// Whether a file whose first line is `line` is such a log, or one of Zeek's others.
    pub fn begins(line: &[u8]) -> bool {
        let line = bare(line);
        let zeeks: [&[u8]; 3] = [b"#separator", b"#fields", b"#path"];
        if line.starts_with(b"{") {
            return [&b"\"id.orig_h\""[..], b"\"_path\""]
                .iter()
                .any(|member| line.windows(member.len()).any(|found| found == *member));
        }
        zeeks.iter().any(|word| line.starts_with(word)) || table(line).is_some()
    }

    /// Adds the flows of `line`, without its line feed, to `into`.
    ///
    /// # Errors
    /// [`LineFault`]; nothing of the line was added.
    pub fn line(&mut self, line: &[u8], into: &mut Columns) -> Result<Line, LineFault> {
        if line.len() > LINE_OCTETS_MAX {
            return Err(LineFault::Long(line.len()));
        }
        let line = bare(line);
        match line.first() {
            None => Ok(Line::Header),
            Some(b'#') => self.header(line).map(|()| Line::Header),
            Some(b'{') => self.object(line, into),
            Some(_) => self.values(line, into),
        }
    }

    /// Learns from a line of Zeek's own header, of which there may be several in a log.
    fn header(&mut self, line: &[u8]) -> Result<(), LineFault> {
        if let Some(separator) = line.strip_prefix(b"#separator ") {
            self.separator = Some(unescaped(separator).ok_or(LineFault::Separator)?);
            return Ok(());
        }
        let separator = self.separator.unwrap_or(b'\t');
        let named = line.strip_prefix(b"#fields");
        if let Some(names) = named.and_then(|names| names.strip_prefix(&[separator])) {
            self.columns = Named::Other;
            self.columns = Named::of(names, separator, Quoting::Never)?;
            if let Named::Other = self.columns {
                return Err(LineFault::OtherLog);
            }
        }
        Ok(())
    }

    fn object(&mut self, line: &[u8], into: &mut Columns) -> Result<Line, LineFault> {
        let found: Connection<'_> = serde_json::from_slice(line).map_err(|_| LineFault::Json)?;
        if found.path.text().is_some_and(|path| path != "conn") {
            return Ok(Line::Passed);
        }
        if found.conn_state.text().is_some() {
            return connection(&found, into).map(|()| Line::Flows);
        }
        self.others += 1;
        if self.others == 1 {
            return Err(LineFault::OtherLog);
        }
        Ok(Line::Passed)
    }

    fn values(&mut self, line: &[u8], into: &mut Columns) -> Result<Line, LineFault> {
        match &self.columns {
            Named::Other => Ok(Line::Passed),
            Named::Connections(table) => {
                let values = table.values(line);
                // Tables that were joined have the names again.
                if values.first() == Some(&Some(TIME)) {
                    return Ok(Line::Header);
                }
                add(&values, into).map(|()| Line::Flows)
            }
            Named::Nothing => {
                let separator = table(line).ok_or(LineFault::NoFields)?;
                self.columns = Named::of(line, separator, Quoting::Marks)?;
                Ok(Line::Header)
            }
        }
    }
}

impl Named {
    fn of(names: &[u8], separator: u8, quoting: Quoting) -> Result<Self, LineFault> {
        let table = Table::of(names, separator, quoting, &WANTED)?;
        let state = WANTED.iter().position(|wanted| *wanted == STATE);
        Ok(if state.is_some_and(|state| table.has(state)) {
            Self::Connections(table)
        } else {
            Self::Other
        })
    }
}

/// The separator of a line that names columns as Zeek does, without its own header.
fn table(line: &[u8]) -> Option<u8> {
    let wanted = [SOURCE, DESTINATION];
    let mut separators = SEPARATORS.into_iter();
    separators.find(|separator| names(line, *separator, &wanted))
}

/// One octet as Zeek writes its separator: by itself or as `\x09`.
fn unescaped(separator: &[u8]) -> Option<u8> {
    match separator {
        [octet] => Some(*octet),
        [b'\\', b'x', digits @ ..] => {
            u8::from_str_radix(std::str::from_utf8(digits).ok()?, 16).ok()
        }
        _ => None,
    }
}

/// Adds the flows of a connection.
fn connection(found: &Connection<'_>, into: &mut Columns) -> Result<(), LineFault> {
    let values = [
        &found.ts,
        &found.source,
        &found.source_port,
        &found.destination,
        &found.destination_port,
        &found.proto,
        &found.conn_state,
        &found.duration,
        &found.history,
        &found.orig_pkts,
        &found.orig_ip_bytes,
        &found.orig_bytes,
        &found.resp_pkts,
        &found.resp_ip_bytes,
        &found.resp_bytes,
    ];
    add(&values.map(Scalar::text), into)
}

fn add(values: &Values<'_>, into: &mut Columns) -> Result<(), LineFault> {
    let [
        time,
        source,
        source_port,
        destination,
        destination_port,
        protocol,
        _state,
        duration,
        history,
        forth @ ..,
        back_packets,
        back_ip,
        back_bytes,
    ] = *values;
    let [forth_packets, forth_ip, forth_bytes] = forth;
    let start_ms = time.and_then(instant).ok_or(LineFault::Field(TIME))?;
    let history = history.unwrap_or_default();
    let protocol = protocol.and_then(protocol_number);
    // Of a connection whose beginning was not seen, Zeek takes whoever was seen first.
    let opener = if protocol == Some(TCP) && !history.contains(['S', 'h']) {
        Opener::Unsaid
    } else {
        Opener::Source
    };
    let count = |value: Option<&str>| value.and_then(number::<u64>);
    let port = |value: Option<&str>| value.and_then(number::<u16>);
    let forth = Flow {
        source: source.and_then(address).ok_or(LineFault::Field(SOURCE))?,
        destination: destination
            .and_then(address)
            .ok_or(LineFault::Field(DESTINATION))?,
        source_port: port(source_port).ok_or(LineFault::Field(SOURCE_PORT))?,
        destination_port: port(destination_port).ok_or(LineFault::Field(DESTINATION_PORT))?,
        protocol: protocol.ok_or(LineFault::Field(PROTOCOL))?,
        flags: flags(history.chars()),
        packets: count(forth_packets).unwrap_or(0),
        bytes: count(forth_ip).or(count(forth_bytes)).unwrap_or(0),
        start_ms,
        end_ms: start_ms.saturating_add(span(duration)),
        sampling: 1,
        ending: Ending::Ended,
        opener,
    };
    let packets = count(back_packets).unwrap_or(0);
    let bytes = count(back_ip).or(count(back_bytes)).unwrap_or(0);
    into.push(forth);
    if packets > 0 || bytes > 0 {
        into.push(Flow {
            flags: flags(history.chars().filter_map(of_responder)),
            packets,
            bytes,
            ..forth.turned()
        });
    }
    Ok(())
}

/// TCP flags that the letters of a history tell: the originator's are upper case.
fn flags(history: impl Iterator<Item = char>) -> u8 {
    history.fold(0, |flags, letter| flags | flag(letter))
}

fn flag(letter: char) -> u8 {
    match letter {
        'S' => 0x02,
        'H' => 0x12,
        'A' => 0x10,
        'D' => 0x18,
        'F' => 0x01,
        'R' => 0x04,
        _ => 0,
    }
}

/// A letter of the responder as one of the originator would be; `None` of the originator's own.
fn of_responder(letter: char) -> Option<char> {
    letter
        .is_ascii_lowercase()
        .then(|| letter.to_ascii_uppercase())
}

#[cfg(test)]
mod tests;
