//! Captures of packets, pcap and pcapng, as far as UDP datagrams are in them.
//!
//! Octets come in pieces of any size. What is kept between two pieces is less than a packet, whatever
//! the file says of its lengths. Datagrams in fragments, packets of other protocols and links that are
//! not known are counted and passed over.

mod pcap;
mod pcapng;

use std::net::IpAddr;

use crate::packet::{self, Link, NoPacket, Piece};

/// Octets that a captured packet may have: what libpcap itself holds for the most.
pub const PACKET_OCTETS_MAX: usize = 262_144;

/// Interfaces that a section of a pcapng file may name.
pub const INTERFACES_MAX: usize = 4_096;

/// A UDP datagram that was captured.
#[derive(Clone, Copy)]
pub struct Captured<'c> {
    /// Who sent it.
    pub sender: IpAddr,
    /// Its payload, as far as it was captured.
    pub payload: &'c [u8],
    /// Octets that the payload had on its way.
    pub said_octets: usize,
    /// When it was captured, milliseconds of Unix time; `None` when the file does not say.
    pub received_ms: Option<i64>,
}

/// What was in a capture.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct CaptureCounts {
    /// Packets of all kinds.
    pub packets: u64,
    /// UDP datagrams.
    pub datagrams: u64,
    /// Fragments of IP packets. They are not put together.
    pub fragments: u64,
    /// Packets of links that are not read here.
    pub links: u64,
    /// All other packets.
    pub others: u64,
}

/// What is wrong with a capture. What stood before the fault was given out.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum CaptureFault {
    /// It does not begin as a capture.
    #[error("neither pcap nor pcapng")]
    Magic,
    /// It has a version that is not read here.
    #[error("version {0} of a capture format that is read in version {1}")]
    Version(u16, u16),
    /// A packet or block says a length that it cannot have.
    #[error("a length of {said} octets where {most} are the most; the capture is damaged")]
    Length {
        /// What it says.
        said: u64,
        /// What it may have.
        most: u64,
    },
    /// A block contradicts itself, or names an interface or a clock that is not there.
    #[error("a block of type {0} contradicts itself; the capture is damaged")]
    Block(u32),
    /// A section has more interfaces than [`INTERFACES_MAX`].
    #[error("more than {INTERFACES_MAX} interfaces in a section")]
    Interfaces,
    /// It ends within a packet.
    #[error("the capture ends within a packet; it was cut")]
    Cut,
}

/// Reads a capture.
#[derive(Default)]
pub struct CaptureReader {
    framing: Framing,
    /// Octets that do not make a step yet.
    kept: Vec<u8>,
    /// Octets to come that nobody reads.
    skip: u64,
    counts: CaptureCounts,
    fault: Option<CaptureFault>,
}

#[derive(Default)]
enum Framing {
    #[default]
    Unknown,
    Pcap(pcap::Pcap),
    Pcapng(pcapng::Pcapng),
}

/// What stands next.
enum Step<'b> {
    /// More octets are needed to say.
    More,
    /// So many octets that say nothing of packets.
    Skip(u64),
    /// A packet, in so many octets.
    Packet(Packet<'b>, usize),
}

/// A packet as it was captured.
struct Packet<'b> {
    link: Link,
    at_ms: Option<i64>,
    octets: &'b [u8],
}

impl CaptureReader {
    /// A reader at the beginning of a capture.
    pub fn new() -> Self {
        Self::default()
    }

    /// Whether a file that begins with `octets` says that it is a capture.
    pub fn begins(octets: &[u8]) -> bool {
        octets
            .first_chunk::<4>()
            .is_some_and(|magic| pcap::order(*magic).is_some() || *magic == pcapng::MAGIC)
    }

    /// Gives each UDP datagram of the next `octets` to `take`.
    ///
    /// # Errors
    /// [`CaptureFault`]; nothing behind it can be read.
    pub fn push(
        &mut self,
        octets: &[u8],
        take: &mut dyn FnMut(Captured<'_>),
    ) -> Result<(), CaptureFault> {
        if let Some(fault) = self.fault {
            return Err(fault);
        }
        let unread = usize::try_from(self.skip).map_or(octets.len(), |skip| skip.min(octets.len()));
        self.skip -= wide(unread);
        self.kept
            .extend_from_slice(octets.get(unread..).unwrap_or_default());
        let mut at = 0;
        let read = loop {
            let rest = self.kept.get(at..).unwrap_or_default();
            match self.framing.step(rest) {
                Ok(Step::More) => break Ok(()),
                Ok(Step::Skip(said)) => {
                    let here = wide(rest.len()).min(said);
                    self.skip = said - here;
                    at += usize::try_from(here).unwrap_or(rest.len());
                }
                Ok(Step::Packet(packet, used)) => {
                    self.counts.packet(&packet, take);
                    at += used;
                }
                Err(fault) => break Err(fault),
            }
        };
        self.kept.drain(..at.min(self.kept.len()));
        self.fault = read.err();
        read
    }

    /// Says whether the capture may end here.
    ///
    /// # Errors
    /// [`CaptureFault::Cut`] when a packet is not whole, [`CaptureFault::Magic`] when nothing was read.
    pub fn end(&self) -> Result<(), CaptureFault> {
        match self.framing {
            Framing::Unknown => Err(CaptureFault::Magic),
            _ if self.kept.is_empty() && self.skip == 0 => Ok(()),
            _ => Err(CaptureFault::Cut),
        }
    }

    /// What was in it so far.
    pub fn counts(&self) -> CaptureCounts {
        self.counts
    }
}

impl Framing {
    fn step<'b>(&mut self, bytes: &'b [u8]) -> Result<Step<'b>, CaptureFault> {
        if let Self::Unknown = self {
            let Some(magic) = bytes.first_chunk::<4>() else {
                return Ok(Step::More);
            };
            *self = match pcap::order(*magic) {
                Some(_) => Self::Pcap(pcap::Pcap::default()),
                None if *magic == pcapng::MAGIC => Self::Pcapng(pcapng::Pcapng::default()),
                None => return Err(CaptureFault::Magic),
            };
        }
        match self {
            Self::Unknown => Ok(Step::More),
            Self::Pcap(pcap) => pcap.step(bytes),
            Self::Pcapng(pcapng) => pcapng.step(bytes),
        }
    }
}

impl CaptureCounts {
    fn packet(&mut self, packet: &Packet<'_>, take: &mut dyn FnMut(Captured<'_>)) {
        self.packets += 1;
        match packet::Packet::of(packet.link, packet.octets) {
            Err(NoPacket::Link) => self.links += 1,
            Err(NoPacket::Other) => self.others += 1,
            Ok(found) if found.piece != Piece::Whole => self.fragments += 1,
            Ok(found) => match captured(&found, packet.at_ms) {
                Some(datagram) => {
                    self.datagrams += 1;
                    take(datagram);
                }
                None => self.others += 1,
            },
        }
    }
}

/// The UDP datagram of a packet, if it is one.
fn captured<'p>(packet: &packet::Packet<'p>, at_ms: Option<i64>) -> Option<Captured<'p>> {
    const HEADER_OCTETS: usize = 8;
    if packet.protocol != packet::PROTOCOL_UDP {
        return None;
    }
    let said = Order::Big.short(packet.body, 4)?;
    let said_octets = usize::from(said).checked_sub(HEADER_OCTETS)?;
    let there = packet.body.get(HEADER_OCTETS..)?;
    Some(Captured {
        sender: packet.source.ip(),
        payload: there.get(..said_octets).unwrap_or(there),
        said_octets,
        received_ms: at_ms,
    })
}

/// In which order the octets of a number stand.
#[derive(Clone, Copy, PartialEq, Eq, Default)]
enum Order {
    /// The low octet is first.
    #[default]
    Little,
    /// The high octet is first.
    Big,
}

impl Order {
    fn short(self, bytes: &[u8], at: usize) -> Option<u16> {
        let two = *bytes.get(at..)?.first_chunk::<2>()?;
        Some(match self {
            Self::Little => u16::from_le_bytes(two),
            Self::Big => u16::from_be_bytes(two),
        })
    }

    fn long(self, bytes: &[u8], at: usize) -> Option<u32> {
        let four = *bytes.get(at..)?.first_chunk::<4>()?;
        Some(match self {
            Self::Little => u32::from_le_bytes(four),
            Self::Big => u32::from_be_bytes(four),
        })
    }
}

/// A length, which no machine of ours has more bits for.
fn wide(octets: usize) -> u64 {
    u64::try_from(octets).unwrap_or(u64::MAX)
}

#[cfg(test)]
mod tests;
