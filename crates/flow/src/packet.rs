//! From the octets of a link to what an IP packet says of itself: Ethernet with VLANs, raw IP, Linux
//! cooked, null and loopback; IPv4 and IPv6.
//!
//! No address of a link is read.

use crate::column::Address;

/// A link, by its number in the registry of the pcap formats.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Link(pub(crate) u32);

impl Link {
    const NULL: Self = Self(0);
    pub(crate) const ETHERNET: Self = Self(1);
    const RAW_BSD: Self = Self(12);
    const RAW_OPENBSD: Self = Self(14);
    pub(crate) const RAW: Self = Self(101);
    const LOOPBACK: Self = Self(108);
    const COOKED: Self = Self(113);
    const IPV4: Self = Self(228);
    const IPV6: Self = Self(229);
    const COOKED_2: Self = Self(276);
}

// EtherTypes.
const TYPE_IPV4: u16 = 0x0800;
const TYPE_IPV6: u16 = 0x86dd;
const TYPE_VLAN: u16 = 0x8100;
const TYPE_QINQ: u16 = 0x88a8;
const TYPE_QINQ_OLD: u16 = 0x9100;

/// VLAN tags that are read through.
const TAGS_MAX: usize = 4;

/// Extension headers of IPv6 that are read through.
const EXTENSIONS_MAX: usize = 8;

pub(crate) const PROTOCOL_TCP: u8 = 6;
pub(crate) const PROTOCOL_UDP: u8 = 17;

/// Why a frame is no [`Packet`].
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum NoPacket {
    /// It is of a link that is not read.
    Link,
    /// It carries no IP, or is too short to tell.
    Other,
}

/// How much of a packet one is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Piece {
    /// All of it.
    Whole,
    /// The first fragment: the header of the transport is in it.
    First,
    /// A later fragment.
    Later,
}

/// An IP packet.
#[derive(Clone, Copy)]
pub(crate) struct Packet<'p> {
    pub(crate) source: Address,
    pub(crate) destination: Address,
    /// IP protocol number of the body.
    pub(crate) protocol: u8,
    pub(crate) piece: Piece,
    /// Octets of the packet with its header, as it says; 0 when it does not say.
    pub(crate) octets: u64,
    /// What is behind the headers of IP, as far as it is there.
    pub(crate) body: &'p [u8],
}

impl<'p> Packet<'p> {
    /// The packet in a frame of `link`.
    pub(crate) fn of(link: Link, frame: &'p [u8]) -> Result<Self, NoPacket> {
        let packet = match link {
            Link::ETHERNET => tagged(frame, 12),
            Link::RAW | Link::RAW_BSD | Link::RAW_OPENBSD | Link::IPV4 | Link::IPV6 => ip(frame),
            // The family is in the order of the machine that captured; the version of IP says the same.
            Link::NULL | Link::LOOPBACK => frame.get(4..).and_then(ip),
            Link::COOKED => tagged(frame, 14),
            Link::COOKED_2 => cooked_2(frame),
            _ => return Err(NoPacket::Link),
        };
        packet.ok_or(NoPacket::Other)
    }

    /// Source and destination port; zero where the protocol has none or they are not here.
    pub(crate) fn ports(&self) -> (u16, u16) {
        const SCTP: u8 = 132;
        let has = matches!(self.protocol, PROTOCOL_TCP | PROTOCOL_UDP | SCTP);
        if !has || self.piece == Piece::Later {
            return (0, 0);
        }
        let port = |at| short(self.body, at).unwrap_or(0);
        (port(0), port(2))
    }

    /// The flags of TCP; zero where there are none.
    pub(crate) fn flags(&self) -> u8 {
        const FLAGS_AT: usize = 13;
        if self.protocol != PROTOCOL_TCP || self.piece == Piece::Later {
            return 0;
        }
        self.body.get(FLAGS_AT).copied().unwrap_or(0)
    }
}

/// A packet behind an `EtherType` at `at` and the VLAN tags that follow it.
fn tagged(frame: &[u8], mut at: usize) -> Option<Packet<'_>> {
    for _ in 0..=TAGS_MAX {
        let kind = short(frame, at)?;
        at += 2;
        match kind {
            TYPE_VLAN | TYPE_QINQ | TYPE_QINQ_OLD => at += 2,
            TYPE_IPV4 | TYPE_IPV6 => return ip(frame.get(at..)?),
            _ => return None,
        }
    }
    None
}

fn cooked_2(frame: &[u8]) -> Option<Packet<'_>> {
    const HEADER_OCTETS: usize = 20;
    let packet = frame.get(HEADER_OCTETS..)?;
    match short(frame, 0)? {
        TYPE_IPV4 | TYPE_IPV6 => ip(packet),
        // A tag stands behind the header: its number, then the type of what it tags.
        TYPE_VLAN | TYPE_QINQ | TYPE_QINQ_OLD => tagged(packet, 2),
        _ => None,
    }
}

fn ip(packet: &[u8]) -> Option<Packet<'_>> {
    match packet.first()? >> 4 {
        4 => ipv4(packet),
        6 => ipv6(packet),
        _ => None,
    }
}

fn ipv4(packet: &[u8]) -> Option<Packet<'_>> {
    const HEADER_OCTETS_MIN: usize = 20;
    const OFFSET: u16 = 0x1fff;
    const MORE: u16 = 0x2000;
    let header = usize::from(packet.first()? & 0x0f) * 4;
    if header < HEADER_OCTETS_MIN {
        return None;
    }
    let address = |at: usize| {
        let four = packet.get(at..)?.first_chunk::<4>()?;
        Some(Address::v4(u32::from_be_bytes(*four)))
    };
    let piece = match short(packet, 6)? {
        bits if bits & OFFSET != 0 => Piece::Later,
        bits if bits & MORE != 0 => Piece::First,
        _ => Piece::Whole,
    };
    // A length of zero: the network card would have cut the packet to size.
    let said = short(packet, 2)?;
    Some(Packet {
        source: address(12)?,
        destination: address(16)?,
        protocol: *packet.get(9)?,
        piece,
        octets: u64::from(said),
        body: upto(packet, usize::from(said)).get(header..)?,
    })
}

fn ipv6(packet: &[u8]) -> Option<Packet<'_>> {
    const HEADER_OCTETS: u16 = 40;
    const HOP_BY_HOP: u8 = 0;
    const ROUTING: u8 = 43;
    const FRAGMENT: u8 = 44;
    const AUTHENTICATION: u8 = 51;
    const DESTINATION: u8 = 60;
    const OFFSET: u16 = 0xfff8;
    const MORE: u16 = 1;
    let address = |at: usize| {
        let sixteen = packet.get(at..)?.first_chunk::<16>()?;
        Some(Address::v6(u128::from_be_bytes(*sixteen)))
    };
    let said = match short(packet, 4)? {
        0 => 0,
        said => usize::from(said) + usize::from(HEADER_OCTETS),
    };
    let mut found = Packet {
        source: address(8)?,
        destination: address(24)?,
        protocol: *packet.get(6)?,
        piece: Piece::Whole,
        octets: u64::try_from(said).ok()?,
        body: upto(packet, said).get(usize::from(HEADER_OCTETS)..)?,
    };
    for _ in 0..=EXTENSIONS_MAX {
        let octets = match found.protocol {
            HOP_BY_HOP | ROUTING | DESTINATION => (usize::from(*found.body.get(1)?) + 1) * 8,
            AUTHENTICATION => (usize::from(*found.body.get(1)?) + 2) * 4,
            FRAGMENT => {
                // One that is the only one of its packet is no fragment (RFC 6946).
                found.piece = match short(found.body, 2)? {
                    bits if bits & OFFSET != 0 => Piece::Later,
                    bits if bits & MORE != 0 => Piece::First,
                    _ => found.piece,
                };
                8
            }
            _ => return Some(found),
        };
        found.protocol = *found.body.first()?;
        found.body = found.body.get(octets..)?;
        if found.piece == Piece::Later {
            return Some(found);
        }
    }
    None
}

/// The first `octets`; all when they are not known or not there.
fn upto(packet: &[u8], octets: usize) -> &[u8] {
    let known = packet.get(..octets).filter(|_| octets > 0);
    known.unwrap_or(packet)
}

fn short(bytes: &[u8], at: usize) -> Option<u16> {
    let two = bytes.get(at..)?.first_chunk::<2>()?;
    Some(u16::from_be_bytes(*two))
}
