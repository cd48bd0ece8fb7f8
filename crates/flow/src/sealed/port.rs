//! The port of a subscriber's end, sealed.
//!
//! A session keeps its port over a change of keys, and with server and time beside it the port would
//! link the tokens of two horizons. What stays is what detection asks: whether two talks have the same
//! port, and whether a server may stand there.

/// A port without the port.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct SealedPort {
    mark: u32,
    flags: u8,
}

const IS_LOW: u8 = 1;
const IS_USUAL: u8 = 2;
const IS_SHARED: u8 = 4;

impl SealedPort {
    /// Bits of the mark that are kept of a port: enough to tell sessions of one subscriber apart.
    pub const MARK_BITS: u32 = 16;

    /// Bits that are kept where translation shares the address between lines: enough to find the port
    /// again with the key.
    pub const SHARED_MARK_BITS: u32 = 32;

    pub(super) fn seal(port: u16, mark: u32, is_usual: bool, is_shared: bool) -> Self {
        let flag = |is: bool, flag: u8| if is { flag } else { 0 };
        Self {
            mark: if is_shared {
                mark
            } else {
                mark >> (Self::SHARED_MARK_BITS - Self::MARK_BITS)
            },
            flags: flag((1..1_024).contains(&port), IS_LOW)
                | flag(is_usual, IS_USUAL)
                | flag(is_shared, IS_SHARED),
        }
    }

    /// As it was kept.
    pub const fn kept(mark: u32, flags: u8) -> Self {
        Self { mark, flags }
    }

    /// What stands for the port: the same for the same port of the same token in one horizon, of another
    /// port the same once in 65,536 times.
    pub const fn mark(self) -> u32 {
        self.mark
    }

    /// What is known of the port, as it is kept: 1 below 1024, 2 a usual service's, 4 of a shared
    /// address; sums.
    pub const fn flags(self) -> u8 {
        self.flags
    }

    /// Whether it is below 1024, and not 0.
    pub const fn is_low(self) -> bool {
        self.flags & IS_LOW != 0
    }

    /// Whether a usual service has this port.
    pub const fn is_usual(self) -> bool {
        self.flags & IS_USUAL != 0
    }

    /// Whether translation shares the address between lines: then the mark has
    /// [`Self::SHARED_MARK_BITS`], and leads back to the port with the key.
    pub const fn is_shared(self) -> bool {
        self.flags & IS_SHARED != 0
    }
}
