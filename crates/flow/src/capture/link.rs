//! From the octets of a link to the payload of a UDP datagram: Ethernet with VLANs, raw IP, Linux
//! cooked, null and loopback; IPv4 and IPv6.
//!
//! No address of a link is read.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

// Numbers of links, from the registry of the pcap formats.
const NULL: u32 = 0;
const ETHERNET: u32 = 1;
const RAW_BSD: u32 = 12;
const RAW_OPENBSD: u32 = 14;
const RAW: u32 = 101;
const LOOPBACK: u32 = 108;
const COOKED: u32 = 113;
const IPV4: u32 = 228;
const IPV6: u32 = 229;
const COOKED_2: u32 = 276;

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

const PROTOCOL_UDP: u8 = 17;
const UDP_HEADER_OCTETS: usize = 8;

/// What a packet is.
pub(super) enum Seen<'p> {
    /// A UDP datagram.
    Datagram {
        /// Source address of its packet.
        sender: IpAddr,
        /// As much of the payload as is there.
        payload: &'p [u8],
        /// Octets that the payload had.
        said_octets: usize,
    },
    /// A piece of a packet.
    Fragment,
    /// A packet of a link that is not read.
    Link,
    /// Anything else, and what is too short to tell.
    Other,
}

/// What the packet of a link is.
pub(super) fn udp(link: u32, packet: &[u8]) -> Seen<'_> {
    let seen = match link {
        ETHERNET => tagged(packet, 12),
        RAW | RAW_BSD | RAW_OPENBSD | IPV4 | IPV6 => ip(packet),
        // The family is in the order of the machine that captured; the version of IP says the same.
        NULL | LOOPBACK => packet.get(4..).and_then(ip),
        COOKED => tagged(packet, 14),
        COOKED_2 => cooked_2(packet),
        _ => Some(Seen::Link),
    };
    seen.unwrap_or(Seen::Other)
}

/// A packet behind an `EtherType` at `at` and the VLAN tags that follow it.
fn tagged(frame: &[u8], mut at: usize) -> Option<Seen<'_>> {
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

fn cooked_2(frame: &[u8]) -> Option<Seen<'_>> {
    const HEADER_OCTETS: usize = 20;
    let packet = frame.get(HEADER_OCTETS..)?;
    match short(frame, 0)? {
        TYPE_IPV4 | TYPE_IPV6 => ip(packet),
        // A tag stands behind the header: its number, then the type of what it tags.
        TYPE_VLAN | TYPE_QINQ | TYPE_QINQ_OLD => tagged(packet, 2),
        _ => None,
    }
}

fn ip(packet: &[u8]) -> Option<Seen<'_>> {
    match packet.first()? >> 4 {
        4 => ipv4(packet),
        6 => ipv6(packet),
        _ => None,
    }
}

fn ipv4(packet: &[u8]) -> Option<Seen<'_>> {
    const HEADER_OCTETS_MIN: usize = 20;
    const MORE_AND_OFFSET: u16 = 0x3fff;
    let header = usize::from(packet.first()? & 0x0f) * 4;
    if header < HEADER_OCTETS_MIN {
        return None;
    }
    let source = packet.get(12..)?.first_chunk::<4>()?;
    if short(packet, 6)? & MORE_AND_OFFSET != 0 {
        return Some(Seen::Fragment);
    }
    if *packet.get(9)? != PROTOCOL_UDP {
        return None;
    }
    // A length of zero: the network card would have cut the packet to size.
    let end = match usize::from(short(packet, 2)?) {
        0 => packet.len(),
        said => said.min(packet.len()),
    };
    datagram(
        IpAddr::V4(Ipv4Addr::from(*source)),
        packet.get(header..end)?,
    )
}

fn ipv6(packet: &[u8]) -> Option<Seen<'_>> {
    const HEADER_OCTETS: usize = 40;
    const HOP_BY_HOP: u8 = 0;
    const ROUTING: u8 = 43;
    const FRAGMENT: u8 = 44;
    const AUTHENTICATION: u8 = 51;
    const DESTINATION: u8 = 60;
    const OFFSET_AND_MORE: u16 = 0xfff9;
    let source = packet.get(8..)?.first_chunk::<16>()?;
    let end = match usize::from(short(packet, 4)?) {
        0 => packet.len(),
        said => (HEADER_OCTETS + said).min(packet.len()),
    };
    let mut next = *packet.get(6)?;
    let mut rest = packet.get(HEADER_OCTETS..end)?;
    for _ in 0..=EXTENSIONS_MAX {
        let octets = match next {
            PROTOCOL_UDP => return datagram(IpAddr::V6(Ipv6Addr::from(*source)), rest),
            HOP_BY_HOP | ROUTING | DESTINATION => (usize::from(*rest.get(1)?) + 1) * 8,
            AUTHENTICATION => (usize::from(*rest.get(1)?) + 2) * 4,
            FRAGMENT if short(rest, 2)? & OFFSET_AND_MORE != 0 => return Some(Seen::Fragment),
            // The only fragment of its packet (RFC 6946).
            FRAGMENT => 8,
            _ => return None,
        };
        next = *rest.first()?;
        rest = rest.get(octets..)?;
    }
    None
}

fn datagram(sender: IpAddr, udp: &[u8]) -> Option<Seen<'_>> {
    let said_octets = usize::from(short(udp, 4)?).checked_sub(UDP_HEADER_OCTETS)?;
    let there = udp.get(UDP_HEADER_OCTETS..)?;
    Some(Seen::Datagram {
        sender,
        payload: there.get(..said_octets).unwrap_or(there),
        said_octets,
    })
}

fn short(bytes: &[u8], at: usize) -> Option<u16> {
    let two = bytes.get(at..)?.first_chunk::<2>()?;
    Some(u16::from_be_bytes(*two))
}
