//! pcapng: blocks that say their type and length (draft-ietf-opsawg-pcapng). Read are section headers,
//! interface descriptions and the three kinds of packet blocks; all others are passed over.

use super::{CaptureFault, INTERFACES_MAX, Order, PACKET_OCTETS_MAX, Packet, Step, wide};
use crate::packet::Link;

/// The type of a section header, the same in both orders of octets.
pub(super) const MAGIC: [u8; 4] = [0x0a, 0x0d, 0x0d, 0x0a];

const SECTION: u32 = 0x0a0d_0d0a;
const INTERFACE: u32 = 1;
const OLD_PACKET: u32 = 2;
const SIMPLE_PACKET: u32 = 3;
const PACKET: u32 = 6;

/// What a section header says its own order by.
const ORDER_MAGIC: u32 = 0x1a2b_3c4d;

/// The major version that is read.
const VERSION: u16 = 1;

/// Octets that a block which is read may have: a packet, and room for its options.
const BLOCK_OCTETS_MAX: usize = PACKET_OCTETS_MAX + 65_536;

/// Type and length before a block's body, the length again behind it.
const FRAME_OCTETS: usize = 12;
const BODY_AT: usize = 8;

/// A pcapng file behind its beginning.
#[derive(Default)]
pub(super) struct Pcapng {
    order: Order,
    interfaces: Vec<Interface>,
}

/// What a section says of an interface.
#[derive(Clone, Copy)]
struct Interface {
    link: Link,
    /// Octets of a packet that are kept; 0 is all.
    snap: u32,
    /// Units of its clock in a second.
    per_second: u64,
    /// What is added to its clock.
    offset_seconds: i64,
}

impl Pcapng {
    pub(super) fn step<'b>(&mut self, bytes: &'b [u8]) -> Result<Step<'b>, CaptureFault> {
        let Some(magic) = bytes.first_chunk::<4>() else {
            return Ok(Step::More);
        };
        if *magic == MAGIC {
            let Some(order) = bytes.get(BODY_AT..).and_then(<[u8]>::first_chunk::<4>) else {
                return Ok(Step::More);
            };
            self.order = match *order {
                order if order == ORDER_MAGIC.to_le_bytes() => Order::Little,
                order if order == ORDER_MAGIC.to_be_bytes() => Order::Big,
                _ => return Err(CaptureFault::Block(SECTION)),
            };
        }
        let (Some(kind), Some(said)) = (self.order.long(bytes, 0), self.order.long(bytes, 4))
        else {
            return Ok(Step::More);
        };
        let length = usize::try_from(said).unwrap_or(usize::MAX);
        if length < FRAME_OCTETS || !length.is_multiple_of(4) {
            return Err(CaptureFault::Block(kind));
        }
        if !matches!(
            kind,
            SECTION | INTERFACE | OLD_PACKET | SIMPLE_PACKET | PACKET
        ) {
            return Ok(Step::Skip(u64::from(said)));
        }
        if length > BLOCK_OCTETS_MAX {
            return Err(CaptureFault::Length {
                said: u64::from(said),
                most: wide(BLOCK_OCTETS_MAX),
            });
        }
        let Some(block) = bytes.get(..length) else {
            return Ok(Step::More);
        };
        if self.order.long(block, length - 4) != Some(said) {
            return Err(CaptureFault::Block(kind));
        }
        let body = block.get(BODY_AT..length - 4).unwrap_or_default();
        Ok(match self.block(kind, body)? {
            Some(packet) => Step::Packet(packet, length),
            None => Step::Skip(wide(length)),
        })
    }

    /// The packet of a block, if it is one of those.
    fn block<'b>(&mut self, kind: u32, body: &'b [u8]) -> Result<Option<Packet<'b>>, CaptureFault> {
        let wrong = CaptureFault::Block(kind);
        match kind {
            SECTION => {
                self.interfaces.clear();
                match self.order.short(body, 4) {
                    Some(VERSION) => Ok(None),
                    other => Err(other.map_or(wrong, |said| CaptureFault::Version(said, VERSION))),
                }
            }
            INTERFACE if self.interfaces.len() >= INTERFACES_MAX => Err(CaptureFault::Interfaces),
            INTERFACE => {
                let interface = Interface::read(self.order, body).ok_or(wrong)?;
                self.interfaces.push(interface);
                Ok(None)
            }
            SIMPLE_PACKET => self.simple(body).ok_or(wrong).map(Some),
            _ => self.timed(kind, body).ok_or(wrong).map(Some),
        }
    }

    /// A packet of the first interface, without a time.
    fn simple<'b>(&self, body: &'b [u8]) -> Option<Packet<'b>> {
        let interface = self.interfaces.first()?;
        let length = self.order.long(body, 0)?;
        let kept = match interface.snap {
            0 => length,
            snap => length.min(snap),
        };
        Some(Packet {
            link: interface.link,
            at_ms: None,
            octets: body.get(4..)?.get(..usize::try_from(kept).ok()?)?,
        })
    }

    fn timed<'b>(&self, kind: u32, body: &'b [u8]) -> Option<Packet<'b>> {
        let index = match kind {
            PACKET => usize::try_from(self.order.long(body, 0)?).ok()?,
            _ => usize::from(self.order.short(body, 0)?),
        };
        let interface = self.interfaces.get(index)?;
        let high = u64::from(self.order.long(body, 4)?);
        let low = u64::from(self.order.long(body, 8)?);
        let kept = usize::try_from(self.order.long(body, 12)?).ok()?;
        Some(Packet {
            link: interface.link,
            at_ms: interface.millis(high << 32 | low),
            octets: body.get(20..)?.get(..kept)?,
        })
    }
}

impl Interface {
    fn read(order: Order, body: &[u8]) -> Option<Self> {
        const END: u16 = 0;
        const RESOLUTION: u16 = 9;
        const OFFSET: u16 = 14;
        let mut interface = Self {
            link: Link(u32::from(order.short(body, 0)?)),
            snap: order.long(body, 4)?,
            per_second: 1_000_000,
            offset_seconds: 0,
        };
        let mut options = body.get(8..)?;
        while let (Some(code), Some(length)) = (order.short(options, 0), order.short(options, 2)) {
            let length = usize::from(length);
            let value = options.get(4..)?.get(..length)?;
            match code {
                END => break,
                RESOLUTION => interface.per_second = per_second(*value.first()?)?,
                OFFSET => {
                    let (first, second) = (order.long(value, 0)?, order.long(value, 4)?);
                    let (high, low) = match order {
                        Order::Little => (second, first),
                        Order::Big => (first, second),
                    };
                    let bits = u64::from(high) << 32 | u64::from(low);
                    interface.offset_seconds = bits.cast_signed();
                }
                _ => {}
            }
            options = options
                .get(4 + length.next_multiple_of(4)..)
                .unwrap_or_default();
        }
        Some(interface)
    }

    /// A time of this interface's clock, in milliseconds of Unix time; `None` of one that is none.
    fn millis(&self, units: u64) -> Option<i64> {
        let millis = u128::from(units) * 1_000 / u128::from(self.per_second);
        let offset = self.offset_seconds.checked_mul(1_000)?;
        i64::try_from(millis).ok()?.checked_add(offset)
    }
}

/// Units of a clock: 10 or, with the high bit, 2 to the power of so many parts of a second.
fn per_second(resolution: u8) -> Option<u64> {
    const BINARY_BIT: u8 = 0x80;
    let power = u32::from(resolution & !BINARY_BIT);
    if resolution & BINARY_BIT == 0 {
        10_u64.checked_pow(power)
    } else {
        2_u64.checked_pow(power)
    }
}
