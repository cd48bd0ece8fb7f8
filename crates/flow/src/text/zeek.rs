//! The connection log of Zeek, as tab-separated values with its header, or as one JSON object a line.
//!
//! A connection is both ways of a talk; it becomes a flow for each way in which octets or packets went.
//! Zeek joins what exporters cut into pieces, so nothing has to be stitched.

use serde_json::Value;

use crate::column::{Address, Columns, Ending, Flow, Opener};
use crate::service::TCP;

/// Octets that a line may have.
pub const LINE_OCTETS_MAX: usize = 1 << 20;

/// What is wrong with a line.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum LineFault {
    /// It is longer than [`LINE_OCTETS_MAX`].
    #[error("a line of {0} octets; a connection log has none above {LINE_OCTETS_MAX}")]
    Long(usize),
    /// Values came before the line that names them.
    #[error("values without a `#fields` line before them; is this a conn.log?")]
    NoFields,
    /// A value that every connection has is absent or unreadable.
    #[error("`{0}` is absent or unreadable")]
    Field(&'static str),
    /// It begins like JSON and is none.
    #[error("no JSON object")]
    Json,
}

const TIME: &str = "ts";
const SOURCE: &str = "id.orig_h";
const SOURCE_PORT: &str = "id.orig_p";
const DESTINATION: &str = "id.resp_h";
const DESTINATION_PORT: &str = "id.resp_p";
const PROTOCOL: &str = "proto";

/// What is read of a line, in the order of [`Columnar::places`].
const WANTED: [&str; 14] = [
    TIME,
    SOURCE,
    SOURCE_PORT,
    DESTINATION,
    DESTINATION_PORT,
    PROTOCOL,
    "duration",
    "history",
    "orig_pkts",
    "orig_ip_bytes",
    "orig_bytes",
    "resp_pkts",
    "resp_ip_bytes",
    "resp_bytes",
];

/// Reads a log line by line.
#[derive(Default)]
pub struct ZeekReader {
    columnar: Option<Columnar>,
}

/// What the header of a tab-separated log says.
struct Columnar {
    /// Column of each of [`WANTED`]; `None` where the log has none.
    places: [Option<usize>; WANTED.len()],
}

impl ZeekReader {
    /// A reader at the beginning of a log.
    pub fn new() -> Self {
        Self::default()
    }

    /// Adds the flows of `line`, without its line feed, to `into`. Header lines and empty ones add
    /// none.
    ///
    /// # Errors
    /// [`LineFault`]; nothing of the line was added.
    pub fn line(&mut self, line: &[u8], into: &mut Columns) -> Result<(), LineFault> {
        if line.len() > LINE_OCTETS_MAX {
            return Err(LineFault::Long(line.len()));
        }
        let line = line.strip_suffix(b"\r").unwrap_or(line);
        match line.first() {
            None => Ok(()),
            Some(b'#') => {
                if let Some(names) = line.strip_prefix(b"#fields\t") {
                    self.columnar = Some(Columnar::of(names));
                }
                Ok(())
            }
            Some(b'{') => {
                let object: Value = serde_json::from_slice(line).map_err(|_| LineFault::Json)?;
                let values = WANTED.map(|name| spelled(object.get(name)));
                let texts = values.each_ref().map(Option::as_deref);
                add(&texts, into)
            }
            Some(_) => {
                let columnar = self.columnar.as_ref().ok_or(LineFault::NoFields)?;
                let values: Vec<&[u8]> = line.split(|byte| *byte == b'\t').collect();
                let texts = columnar.places.map(|place| {
                    let value = place.and_then(|place| values.get(place).copied())?;
                    // What Zeek writes for a value that is not set, and for an empty one.
                    let said = !matches!(value, b"-" | b"(empty)");
                    std::str::from_utf8(value).ok().filter(|_| said)
                });
                add(&texts, into)
            }
        }
    }
}

impl Columnar {
    fn of(names: &[u8]) -> Self {
        let names: Vec<&[u8]> = names.split(|byte| *byte == b'\t').collect();
        let place = |wanted: &str| names.iter().position(|name| *name == wanted.as_bytes());
        Self {
            places: WANTED.map(place),
        }
    }
}

/// A value of JSON as the tab-separated log has it.
fn spelled(value: Option<&Value>) -> Option<String> {
    match value? {
        Value::String(text) => Some(text.clone()),
        Value::Number(number) => Some(number.to_string()),
        _ => None,
    }
}

fn add(texts: &[Option<&str>; WANTED.len()], into: &mut Columns) -> Result<(), LineFault> {
    let [
        time,
        source,
        source_port,
        destination,
        destination_port,
        protocol,
        duration,
        history,
        forth @ ..,
        back_packets,
        back_ip,
        back_bytes,
    ] = *texts;
    let [forth_packets, forth_ip, forth_bytes] = forth;
    let start_ms = time.and_then(millis).ok_or(LineFault::Field(TIME))?;
    let duration_ms = duration.and_then(millis).unwrap_or(0).max(0);
    let history = history.unwrap_or_default();
    // Of a connection whose beginning was not seen, Zeek takes whoever was seen first.
    let protocol = protocol.and_then(protocol_number);
    let opener = if protocol == Some(TCP) && !history.contains(['S', 'h']) {
        Opener::Unsaid
    } else {
        Opener::Source
    };
    let forth = Flow {
        source: address(source).ok_or(LineFault::Field(SOURCE))?,
        destination: address(destination).ok_or(LineFault::Field(DESTINATION))?,
        source_port: number(source_port).ok_or(LineFault::Field(SOURCE_PORT))?,
        destination_port: number(destination_port).ok_or(LineFault::Field(DESTINATION_PORT))?,
        protocol: protocol.ok_or(LineFault::Field(PROTOCOL))?,
        flags: flags(history.chars()),
        packets: number(forth_packets).unwrap_or(0),
        bytes: number(forth_ip).or(number(forth_bytes)).unwrap_or(0),
        start_ms,
        end_ms: start_ms.saturating_add(duration_ms),
        sampling: 1,
        ending: Ending::Ended,
        opener,
    };
    let (packets, bytes): (u64, u64) = (
        number(back_packets).unwrap_or(0),
        number(back_ip).or(number(back_bytes)).unwrap_or(0),
    );
    into.push(forth);
    if packets > 0 || bytes > 0 {
        into.push(Flow {
            source: forth.destination,
            destination: forth.source,
            source_port: forth.destination_port,
            destination_port: forth.source_port,
            flags: flags(history.chars().filter_map(of_responder)),
            packets,
            bytes,
            opener: match opener {
                Opener::Unsaid => Opener::Unsaid,
                _ => Opener::Destination,
            },
            ..forth
        });
    }
    Ok(())
}

fn address(text: Option<&str>) -> Option<Address> {
    text?.parse().ok().map(Address::of)
}

fn number<N: std::str::FromStr>(text: Option<&str>) -> Option<N> {
    text?.parse().ok()
}

/// Seconds with a fraction as milliseconds, without the rounding of a floating-point number.
fn millis(text: &str) -> Option<i64> {
    let (seconds, fraction) = text.split_once('.').unwrap_or((text, ""));
    let seconds: i64 = seconds.parse().ok()?;
    let mut thousandths = 0;
    let mut digits = fraction.bytes();
    for _ in 0..3 {
        let digit = digits.next().unwrap_or(b'0');
        thousandths = thousandths * 10 + i64::from(char::from(digit).to_digit(10)?);
    }
    seconds.checked_mul(1_000)?.checked_add(thousandths)
}

fn protocol_number(name: &str) -> Option<u8> {
    match name {
        "tcp" => Some(6),
        "udp" => Some(17),
        "icmp" => Some(1),
        // Zeek's word for a protocol that it does not follow; its number is not told.
        "unknown_transport" => Some(0),
        other => other.parse().ok(),
    }
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
