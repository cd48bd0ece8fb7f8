//! pcap: a header of 24 octets, then packets with a header of 16 octets each
//! (draft-ietf-opsawg-pcap).

use super::{CaptureFault, Order, PACKET_OCTETS_MAX, Packet, Step, wide};
use crate::packet::Link;

const HEADER_OCTETS: usize = 24;
const PACKET_HEADER_OCTETS: usize = 16;

/// The major version that is read.
const VERSION: u16 = 2;

/// The link type stands in these bits, the length of a checksum above them.
const LINK_MASK: u32 = 0x0fff_ffff;

/// A pcap file behind its beginning.
#[derive(Default)]
pub(super) struct Pcap {
    header: Option<Header>,
}

struct Header {
    order: Order,
    per_ms: u32,
    link: Link,
}

/// Order of octets and parts of a second that a magic number says; `None` of any other.
pub(super) fn order(magic: [u8; 4]) -> Option<(Order, u32)> {
    const MICRO: u32 = 0xa1b2_c3d4;
    const NANO: u32 = 0xa1b2_3c4d;
    let of = |order, number| match number {
        MICRO => Some((order, 1_000)),
        NANO => Some((order, 1_000_000)),
        _ => None,
    };
    of(Order::Little, u32::from_le_bytes(magic)).or(of(Order::Big, u32::from_be_bytes(magic)))
}

impl Pcap {
    pub(super) fn step<'b>(&mut self, bytes: &'b [u8]) -> Result<Step<'b>, CaptureFault> {
        let Some(header) = &self.header else {
            let Some(bytes) = bytes.first_chunk::<HEADER_OCTETS>() else {
                return Ok(Step::More);
            };
            self.header = Some(Header::read(bytes)?);
            return Ok(Step::Skip(wide(HEADER_OCTETS)));
        };
        header.packet(bytes)
    }
}

impl Header {
    fn read(bytes: &[u8; HEADER_OCTETS]) -> Result<Self, CaptureFault> {
        let magic = bytes.first_chunk::<4>().copied().unwrap_or_default();
        let (order, per_ms) = order(magic).ok_or(CaptureFault::Magic)?;
        let (version, link) = (order.short(bytes, 4), order.long(bytes, 20));
        let version = version.unwrap_or(0);
        if version != VERSION {
            return Err(CaptureFault::Version(version, VERSION));
        }
        Ok(Self {
            order,
            per_ms,
            link: Link(link.unwrap_or(0) & LINK_MASK),
        })
    }

    fn packet<'b>(&self, bytes: &'b [u8]) -> Result<Step<'b>, CaptureFault> {
        let (Some(seconds), Some(parts), Some(held), Some(_)) = (
            self.order.long(bytes, 0),
            self.order.long(bytes, 4),
            self.order.long(bytes, 8),
            self.order.long(bytes, 12),
        ) else {
            return Ok(Step::More);
        };
        let octets = usize::try_from(held).unwrap_or(usize::MAX);
        if octets > PACKET_OCTETS_MAX {
            return Err(CaptureFault::Length {
                said: u64::from(held),
                most: wide(PACKET_OCTETS_MAX),
            });
        }
        let end = PACKET_HEADER_OCTETS + octets;
        let Some(octets) = bytes.get(PACKET_HEADER_OCTETS..end) else {
            return Ok(Step::More);
        };
        let at_ms = i64::from(seconds) * 1_000 + i64::from(parts / self.per_ms);
        let packet = Packet {
            link: self.link,
            at_ms: Some(at_ms),
            octets,
        };
        Ok(Step::Packet(packet, end))
    }
}
