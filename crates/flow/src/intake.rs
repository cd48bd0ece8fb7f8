//! One input of any kind that is read here: what it is, is found out by its beginning.
//!
//! Octets come in pieces of any size, unpacked. What is kept between two pieces is less than a line or
//! a datagram, whatever the input holds. A line or datagram with a fault is counted and passed over;
//! of the first few it is kept where they stood and what was wrong, and nothing of what they said.

mod exports;
mod lines;

use std::fmt;
use std::net::{IpAddr, Ipv4Addr};

use crate::capture::{CaptureCounts, CaptureFault, CaptureReader, Captured};
use crate::column::Columns;
use crate::decode::{Decoder, ExportKind, Fault};
use crate::text::binetflow::BinetflowReader;
use crate::text::eve::EveReader;
use crate::text::zeek::ZeekReader;
use crate::text::{LINE_OCTETS_MAX, Line, LineFault};
use exports::Exports;
use lines::Lines;

/// Faults of which place and cause are kept.
pub const FAULTS_KEPT_MAX: usize = 10;

/// Who exported what lies in a file of datagrams without addresses.
const NOBODY: IpAddr = IpAddr::V4(Ipv4Addr::UNSPECIFIED);

/// What an input is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum InputKind {
    /// A capture of packets, pcap or pcapng, with export datagrams in it.
    Capture,
    /// Export datagrams one behind the other, as RFC 5655 has them for IPFIX.
    Exports,
    /// A connection log of Zeek, or a table that was made of one.
    Zeek,
    /// Records of Argus as a table (`.binetflow`).
    Binetflow,
    /// Events of Suricata (`eve.json`).
    Eve,
}

/// What came of an input so far.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Totals {
    /// Octets taken.
    pub octets: u64,
    /// Lines read, headers and empty ones too.
    pub lines: u64,
    /// Export datagrams read.
    pub datagrams: u64,
    /// Flows added. A talk that a log tells with both ways is two.
    pub flows: u64,
    /// Packets of captures that are no exports, fragments too, and events of logs that are no flows.
    pub passed: u64,
    /// Lines and datagrams with a fault.
    pub faults: u64,
    /// What the sequence numbers of the exporters say did not arrive.
    pub lost: u64,
    /// Sets of records whose template was not known.
    pub unknown_sets: u64,
}

impl Totals {
    /// Adds what came of another input.
    pub fn add(&mut self, other: &Self) {
        self.octets += other.octets;
        self.lines += other.lines;
        self.datagrams += other.datagrams;
        self.flows += other.flows;
        self.passed += other.passed;
        self.faults += other.faults;
        self.lost += other.lost;
        self.unknown_sets += other.unknown_sets;
    }
}

/// Why nothing more of an input can be read. What was read before stays.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum IntakeFault {
    /// It begins like none of [`InputKind`].
    #[error(
        "the input begins like nothing that is read here; give a log of Zeek, Argus (binetflow) or \
         Suricata (eve.json), or NetFlow, IPFIX or sFlow in a pcap or pcapng file"
    )]
    Unknown,
    /// It is sFlow without the time at which it came.
    #[error("sFlow without its time; give a capture that has it")]
    Timeless,
    /// No datagram begins where one has to.
    #[error(
        "no export datagram begins at octet {0}; the file was cut, or holds something else as well"
    )]
    Datagrams(u64),
    /// The capture is damaged.
    #[error(transparent)]
    Capture(#[from] CaptureFault),
}

/// A fault and where it stood.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Placed {
    /// Which line or datagram, counted from 1.
    pub place: u64,
    /// What was wrong with it.
    pub wrong: Wrong,
}

/// What was wrong with a line or a datagram.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Wrong {
    /// With a line.
    Line(LineFault),
    /// With an export datagram.
    Datagram(Fault),
    /// With the end of a capture.
    Capture(CaptureFault),
}

impl fmt::Display for Placed {
    fn fmt(&self, into: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.wrong {
            Wrong::Line(fault) => write!(into, "line {}: {fault}", self.place),
            Wrong::Datagram(fault) => write!(into, "datagram {}: {fault}", self.place),
            Wrong::Capture(fault) => write!(into, "after datagram {}: {fault}", self.place),
        }
    }
}

/// Reads an input.
#[derive(Default)]
pub struct Intake {
    way: Way,
    decoder: Decoder,
    tally: Tally,
    fault: Option<IntakeFault>,
    /// What the decoder had counted before this input.
    before: (u64, u64),
}

/// How an input is read.
enum Way {
    /// Not known yet: what came so far.
    Unknown(Vec<u8>),
    Capture(CaptureReader),
    Exports(Exports),
    Lines(Lines, Reader),
}

/// Who reads its lines.
enum Reader {
    Zeek(ZeekReader),
    Binetflow(BinetflowReader),
    Eve(EveReader),
}

/// What was counted.
#[derive(Default)]
struct Tally {
    totals: Totals,
    faults: Vec<Placed>,
}

impl Intake {
    /// A reader at the beginning of an input.
    pub fn new() -> Self {
        Self::default()
    }

    /// A reader at the beginning of another input, which knows the templates of this one: captures
    /// are cut into several files, and the templates stand in one of them.
    #[must_use]
    pub fn next_input(self) -> Self {
        let before = counted(&self.decoder);
        Self {
            decoder: self.decoder,
            before,
            ..Self::default()
        }
    }

    /// Adds the flows of the next `octets` to `into`.
    ///
    /// # Errors
    /// [`IntakeFault`], then and from then on; what stood before it was added.
    pub fn push(&mut self, octets: &[u8], into: &mut Columns) -> Result<(), IntakeFault> {
        if let Some(fault) = self.fault {
            return Err(fault);
        }
        self.tally.totals.octets += u64::try_from(octets.len()).unwrap_or(u64::MAX);
        let flows = into.len();
        let read = if let Way::Unknown(beginning) = &mut self.way {
            beginning.extend_from_slice(octets);
            self.begin(Rest::ToCome, into)
        } else {
            self.read(octets, into)
        };
        self.added(flows, into);
        self.fault = read.err();
        read
    }

    /// Adds what the end of the input completes to `into`.
    ///
    /// # Errors
    /// [`IntakeFault`] as from [`Intake::push`]. An input without any octet has no fault.
    pub fn end(&mut self, into: &mut Columns) -> Result<(), IntakeFault> {
        if let Some(fault) = self.fault {
            return Err(fault);
        }
        let flows = into.len();
        let mut read = match &self.way {
            Way::Unknown(beginning) if beginning.is_empty() => Ok(()),
            Way::Unknown(_) => self.begin(Rest::Nothing, into),
            _ => Ok(()),
        };
        if read.is_ok() {
            read = self.finish(into);
        }
        self.added(flows, into);
        self.fault = read.err();
        read
    }

    /// What the input is; `None` while it is not known.
    pub fn kind(&self) -> Option<InputKind> {
        match &self.way {
            Way::Unknown(_) => None,
            Way::Capture(_) => Some(InputKind::Capture),
            Way::Exports(_) => Some(InputKind::Exports),
            Way::Lines(_, Reader::Zeek(_)) => Some(InputKind::Zeek),
            Way::Lines(_, Reader::Binetflow(_)) => Some(InputKind::Binetflow),
            Way::Lines(_, Reader::Eve(_)) => Some(InputKind::Eve),
        }
    }

    /// What came of it so far.
    pub fn totals(&self) -> Totals {
        let (lost, unknown_sets) = counted(&self.decoder);
        let counts = self.capture_counts().unwrap_or_default();
        Totals {
            passed: self.tally.totals.passed + counts.packets - counts.datagrams,
            lost: lost - self.before.0,
            unknown_sets: unknown_sets - self.before.1,
            ..self.tally.totals
        }
    }

    /// The first faults, at most [`FAULTS_KEPT_MAX`].
    pub fn faults(&self) -> &[Placed] {
        &self.tally.faults
    }

    /// What packets there were; `None` when the input is no capture.
    pub fn capture_counts(&self) -> Option<CaptureCounts> {
        match &self.way {
            Way::Capture(reader) => Some(reader.counts()),
            _ => None,
        }
    }

    fn added(&mut self, before: usize, into: &Columns) {
        let added = into.len().saturating_sub(before);
        self.tally.totals.flows += u64::try_from(added).unwrap_or(u64::MAX);
    }

    /// Finds out what the input is, and reads what came so far.
    fn begin(&mut self, rest: Rest, into: &mut Columns) -> Result<(), IntakeFault> {
        let Way::Unknown(beginning) = &mut self.way else {
            return Ok(());
        };
        let Some(way) = Way::of(beginning, rest)? else {
            return Ok(());
        };
        let beginning = std::mem::take(beginning);
        self.way = way;
        self.read(&beginning, into)
    }

    fn read(&mut self, octets: &[u8], into: &mut Columns) -> Result<(), IntakeFault> {
        let Self {
            way,
            decoder,
            tally,
            ..
        } = self;
        match way {
            Way::Unknown(_) => Ok(()),
            Way::Capture(reader) => {
                let mut take = |datagram: Captured<'_>| {
                    if ExportKind::of(datagram.payload, datagram.said_octets).is_none() {
                        tally.totals.passed += 1;
                        return;
                    }
                    let Captured {
                        sender, payload, ..
                    } = datagram;
                    let read = decoder.received(sender, payload, datagram.received_ms, into);
                    tally.datagram(read);
                };
                Ok(reader.push(octets, &mut take)?)
            }
            Way::Exports(exports) => exports.push(octets, Rest::ToCome, &mut |datagram| {
                tally.datagram(decoder.received(NOBODY, datagram, None, into));
            }),
            Way::Lines(lines, reader) => {
                lines.push(octets, &mut |line| {
                    tally.line(line.and_then(|line| reader.line(line, into)));
                });
                Ok(())
            }
        }
    }

    fn finish(&mut self, into: &mut Columns) -> Result<(), IntakeFault> {
        let Self {
            way,
            decoder,
            tally,
            ..
        } = self;
        match way {
            Way::Unknown(_) => Ok(()),
            Way::Capture(reader) => {
                if let Err(fault) = reader.end() {
                    tally.fault(tally.totals.datagrams, Wrong::Capture(fault));
                }
                Ok(())
            }
            Way::Exports(exports) => exports.push(&[], Rest::Nothing, &mut |datagram| {
                tally.datagram(decoder.received(NOBODY, datagram, None, into));
            }),
            Way::Lines(lines, reader) => {
                if let Some(line) = lines.end() {
                    tally.line(line.and_then(|line| reader.line(line, into)));
                }
                Ok(())
            }
        }
    }
}

/// What is behind the octets at hand.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Rest {
    /// There may be more.
    ToCome,
    /// The input ended.
    Nothing,
}

impl Default for Way {
    fn default() -> Self {
        Self::Unknown(Vec::new())
    }
}

impl Way {
    /// How an input with that beginning is read; `None` when it is too short to tell.
    fn of(beginning: &[u8], rest: Rest) -> Result<Option<Self>, IntakeFault> {
        let Some(word) = beginning.first_chunk::<4>() else {
            return match rest {
                Rest::ToCome => Ok(None),
                Rest::Nothing => Err(IntakeFault::Unknown),
            };
        };
        if CaptureReader::begins(beginning) {
            return Ok(Some(Self::Capture(CaptureReader::new())));
        }
        match word {
            [0, 5 | 9 | 10, ..] => return Ok(Some(Self::Exports(Exports::default()))),
            [0, 0, 0, 5] => return Err(IntakeFault::Timeless),
            _ => {}
        }
        let Some(line) = first_line(beginning, rest) else {
            return if rest == Rest::Nothing || beginning.len() > LINE_OCTETS_MAX {
                Err(IntakeFault::Unknown)
            } else {
                Ok(None)
            };
        };
        let reader = Reader::of(line).ok_or(IntakeFault::Unknown)?;
        Ok(Some(Self::Lines(Lines::default(), reader)))
    }
}

/// The first line that is whole and says something.
fn first_line(beginning: &[u8], rest: Rest) -> Option<&[u8]> {
    let lines = beginning.split_inclusive(|octet| *octet == b'\n');
    let line = lines
        .into_iter()
        .find(|line| !line.trim_ascii().is_empty())?;
    match line.strip_suffix(b"\n") {
        None if rest == Rest::ToCome => None,
        whole => Some(whole.unwrap_or(line)),
    }
}

impl Reader {
    fn of(line: &[u8]) -> Option<Self> {
        if EveReader::begins(line) {
            Some(Self::Eve(EveReader::new()))
        } else if BinetflowReader::begins(line) {
            Some(Self::Binetflow(BinetflowReader::new()))
        } else if ZeekReader::begins(line) {
            Some(Self::Zeek(ZeekReader::new()))
        } else {
            None
        }
    }

    fn line(&mut self, line: &[u8], into: &mut Columns) -> Result<Line, LineFault> {
        match self {
            Self::Zeek(reader) => reader.line(line, into),
            Self::Binetflow(reader) => reader.line(line, into),
            Self::Eve(reader) => reader.line(line, into),
        }
    }
}

impl Tally {
    fn datagram(&mut self, read: Result<(), Fault>) {
        self.totals.datagrams += 1;
        if let Err(fault) = read {
            self.fault(self.totals.datagrams, Wrong::Datagram(fault));
        }
    }

    fn line(&mut self, read: Result<Line, LineFault>) {
        self.totals.lines += 1;
        match read {
            Ok(Line::Flows | Line::Header) => {}
            Ok(Line::Passed) => self.totals.passed += 1,
            Err(fault) => self.fault(self.totals.lines, Wrong::Line(fault)),
        }
    }

    fn fault(&mut self, place: u64, wrong: Wrong) {
        self.totals.faults += 1;
        if self.faults.len() < FAULTS_KEPT_MAX {
            self.faults.push(Placed { place, wrong });
        }
    }
}

/// What a decoder counted as lost, and of sets without template.
fn counted(decoder: &Decoder) -> (u64, u64) {
    let all = decoder.total();
    (all.lost, all.unknown_sets)
}

#[cfg(test)]
mod tests;
