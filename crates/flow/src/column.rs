//! Flows in columns: what the decoders fill and everything later reads.
//!
//! INVARIANT: no type here that holds an address is `Debug` or serialized, so that no log line, panic
//! or file can show one by accident.

use std::net::IpAddr;

/// An address, IPv4 as its IPv4-mapped IPv6 form (RFC 4291, section 2.5.5.2).
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Address(u128);

impl Address {
    /// The unspecified address.
    pub const NONE: Self = Self(0);

    const MAPPED: u128 = 0xffff_0000_0000;

    /// An IPv4 address from its 32 bits.
    pub const fn v4(bits: u32) -> Self {
        Self(Self::MAPPED | bits as u128)
    }

    /// An IPv6 address from its 128 bits; an IPv4-mapped one is the IPv4 address.
    pub const fn v6(bits: u128) -> Self {
        Self(bits)
    }

    /// An address of the standard library.
    pub const fn of(address: IpAddr) -> Self {
        match address {
            IpAddr::V4(address) => Self::v4(address.to_bits()),
            IpAddr::V6(address) => Self::v6(address.to_bits()),
        }
    }

    /// The 128 bits.
    pub const fn bits(self) -> u128 {
        self.0
    }

    /// The address as the standard library has it.
    pub fn ip(self) -> IpAddr {
        std::net::Ipv6Addr::from_bits(self.0).to_canonical()
    }
}

impl From<IpAddr> for Address {
    fn from(address: IpAddr) -> Self {
        match address {
            IpAddr::V4(address) => Self::v4(address.to_bits()),
            IpAddr::V6(address) => Self::v6(address.to_bits()),
        }
    }
}

/// Why an exporter sent a record (IPFIX element 136), or that it is none of a flow.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Ending {
    /// The exporter does not say.
    #[default]
    Unsaid,
    /// Nothing came for a while.
    Idle,
    /// It went on: the exporter cuts long flows into pieces.
    Active,
    /// The flow was seen to end, by FIN or RST for instance.
    Ended,
    /// The meter was stopped or ran out of room.
    Forced,
    /// No flow at all: one packet that was picked out of the traffic (sFlow). Nothing says how long,
    /// how large or how often the talk was that it is of.
    Sampled,
}

impl Ending {
    /// From the code of element 136; unknown codes say nothing.
    pub const fn from_code(code: u64) -> Self {
        match code {
            1 => Self::Idle,
            2 => Self::Active,
            3 => Self::Ended,
            4 | 5 => Self::Forced,
            _ => Self::Unsaid,
        }
    }
}

/// Which end of a flow opened the talk.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Opener {
    /// Nobody says: one direction of a talk was seen.
    #[default]
    Unsaid,
    /// Who sent this flow.
    Source,
    /// Who received it.
    Destination,
}

/// One flow record, in one direction.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) struct Flow {
    /// Who sent.
    pub(crate) source: Address,
    /// Who received.
    pub(crate) destination: Address,
    /// Port of the sender; 0 where the protocol has none.
    pub(crate) source_port: u16,
    /// Port of the receiver.
    pub(crate) destination_port: u16,
    /// IP protocol number.
    pub(crate) protocol: u8,
    /// TCP flags that were seen, all together; 0 where there are none.
    pub(crate) flags: u8,
    /// Packets as exported, before scaling by `sampling`.
    pub(crate) packets: u64,
    /// Octets as exported.
    pub(crate) bytes: u64,
    /// First packet, milliseconds of Unix time.
    pub(crate) start_ms: i64,
    /// Last packet, milliseconds of Unix time; never before `start_ms`.
    pub(crate) end_ms: i64,
    /// One packet of how many was looked at; 1 is all, 0 is not known.
    pub(crate) sampling: u32,
    /// Why the record was sent.
    pub(crate) ending: Ending,
    /// Which end opened the talk.
    pub(crate) opener: Opener,
}

impl Flow {
    /// The same with its ends exchanged: the way back of the talk, whose counts are then set.
    pub(crate) fn turned(self) -> Self {
        Self {
            source: self.destination,
            destination: self.source,
            source_port: self.destination_port,
            destination_port: self.source_port,
            opener: match self.opener {
                Opener::Unsaid => Opener::Unsaid,
                Opener::Source => Opener::Destination,
                Opener::Destination => Opener::Source,
            },
            ..self
        }
    }
}

/// Flows as columns of equal length. Opaque to other rooms.
#[derive(Default)]
pub struct Columns {
    pub(crate) source: Vec<Address>,
    pub(crate) destination: Vec<Address>,
    pub(crate) source_port: Vec<u16>,
    pub(crate) destination_port: Vec<u16>,
    pub(crate) protocol: Vec<u8>,
    pub(crate) flags: Vec<u8>,
    pub(crate) packets: Vec<u64>,
    pub(crate) bytes: Vec<u64>,
    pub(crate) start_ms: Vec<i64>,
    pub(crate) end_ms: Vec<i64>,
    pub(crate) sampling: Vec<u32>,
    pub(crate) ending: Vec<Ending>,
    pub(crate) opener: Vec<Opener>,
}

impl Columns {
    /// How many flows there are.
    pub fn len(&self) -> usize {
        self.source.len()
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.source.is_empty()
    }

    /// Takes all flows out; the room for them is kept.
    pub fn clear(&mut self) {
        self.source.clear();
        self.destination.clear();
        self.source_port.clear();
        self.destination_port.clear();
        self.protocol.clear();
        self.flags.clear();
        self.packets.clear();
        self.bytes.clear();
        self.start_ms.clear();
        self.end_ms.clear();
        self.sampling.clear();
        self.ending.clear();
        self.opener.clear();
    }

    /// Adds a flow.
    pub(crate) fn push(&mut self, flow: Flow) {
        self.source.push(flow.source);
        self.destination.push(flow.destination);
        self.source_port.push(flow.source_port);
        self.destination_port.push(flow.destination_port);
        self.protocol.push(flow.protocol);
        self.flags.push(flow.flags);
        self.packets.push(flow.packets);
        self.bytes.push(flow.bytes);
        self.start_ms.push(flow.start_ms);
        self.end_ms.push(flow.end_ms);
        self.sampling.push(flow.sampling);
        self.ending.push(flow.ending);
        self.opener.push(flow.opener);
    }

    /// The flow at `row`; `None` behind the last.
    pub(crate) fn flow(&self, row: usize) -> Option<Flow> {
        Some(Flow {
            source: *self.source.get(row)?,
            destination: *self.destination.get(row)?,
            source_port: *self.source_port.get(row)?,
            destination_port: *self.destination_port.get(row)?,
            protocol: *self.protocol.get(row)?,
            flags: *self.flags.get(row)?,
            packets: *self.packets.get(row)?,
            bytes: *self.bytes.get(row)?,
            start_ms: *self.start_ms.get(row)?,
            end_ms: *self.end_ms.get(row)?,
            sampling: *self.sampling.get(row)?,
            ending: *self.ending.get(row)?,
            opener: *self.opener.get(row)?,
        })
    }
}
