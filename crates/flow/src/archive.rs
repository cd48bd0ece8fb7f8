//! Sealed talks as Parquet: how a carrier keeps the hours it may look back on.
//!
//! A file holds talks of one kind and of one linking horizon, in groups of rows that are each sorted
//! by server, so that a search for one server skips what cannot hold it. Its columns:
//!
//! | column | what |
//! |---|---|
//! | `server` | 16 octets: the address, of IPv4 the IPv4-mapped form; among subscribers its token |
//! | `server_port`, `protocol` | port and IP protocol number of the server |
//! | `subscriber` | 16 octets: the token |
//! | `household` | of an IPv6 subscriber, keyed; 0 of IPv4, where the token stands for it |
//! | `port_mark` | keyed mark of the port of the subscriber's end: 16 bits, 32 of a shared address |
//! | `port_flags` | 1 that port is below 1024, 2 a usual service's, 4 the address is shared; sums |
//! | `way` | 0 from the subscriber, 1 to it |
//! | `opened` | who opened the talk: 0 nobody says, 1 the subscriber, 2 the other end |
//! | `flags` | TCP flags, all together |
//! | `ending` | 0 unsaid, 1 idle, 2 active timeout, 3 ended, 4 forced (IPFIX element 136); 5 one sampled packet |
//! | `packets`, `bytes` | as exported |
//! | `start`, `duration_ms` | first packet; milliseconds until the last |
//! | `sampling` | one packet of how many; 0 is not known |
//!
//! INVARIANT: nothing but [`Talk`](crate::sealed::Talk) gets in, so no address of a subscriber does.

pub mod profiles;
mod read;
mod write;

use parquet::errors::ParquetError;
use seal::subscriber::SubscriberToken;

use crate::column::Address;
use crate::profile::OctetsError;

pub use read::{Kept, read};
pub use write::{Writer, merge};

/// Rows that are sorted and written together; a writer holds no more.
pub const GROUP_ROWS: usize = 1 << 16;

/// Folders that the talks of an hour are divided among, by server.
pub const SHARDS: usize = 8;

/// The shard of a server: the same on every machine and in every version, so that what several
/// collectors keep of a server lies in shards of one number.
#[inline]
pub fn shard(server: Address) -> usize {
    let [high, low] = [server.bits() >> 64, server.bits() & u128::from(u64::MAX)];
    // Fibonacci hashing: the top bits of the product depend on all bits of the address.
    let product = (high ^ low).wrapping_mul(0x9e37_79b9_7f4a_7c15);
    (product >> 61) as usize % SHARDS
}

/// Why talks were not written or read.
#[derive(Debug, thiserror::Error)]
pub enum ArchiveError {
    /// The file could not be written or read, or is no Parquet.
    #[error("the file of talks cannot be written or read: {0}")]
    Parquet(#[from] ParquetError),
    /// It could not be opened.
    #[error("the file of talks cannot be opened: {0}")]
    Io(#[from] std::io::Error),
    /// It is of an earlier version, which kept ports of subscribers.
    #[error(
        "an earlier version wrote this file of {0}, with ports of subscribers in it; it is not read: \
         remove it, or start the collector, which does"
    )]
    Old(&'static str),
    /// It is Parquet of somebody else, of the other kind, or of a later version.
    #[error("this is no file of {0} that this version wrote")]
    Foreign(&'static str),
    /// The disk damaged it.
    #[error("the file of talks is damaged")]
    Damaged,
    /// A profile in it is none.
    #[error("a profile in the file cannot be read: {0}")]
    Profile(#[from] OctetsError),
}

/// What may stand at the other end of a kept talk.
pub trait Other: Copy + Ord + sealed::Sealed {
    /// What a file of such talks is called.
    const KIND: &'static str;

    /// The 128 bits that are written.
    fn written(self) -> u128;

    /// What was written.
    fn read(bits: u128) -> Self;
}

impl Other for Address {
    const KIND: &'static str = "talks with servers";

    fn written(self) -> u128 {
        self.bits()
    }

    fn read(bits: u128) -> Self {
        Self::v6(bits)
    }
}

impl Other for SubscriberToken {
    const KIND: &'static str = "talks among subscribers";

    fn written(self) -> u128 {
        self.bits()
    }

    fn read(bits: u128) -> Self {
        Self::from_bits(bits)
    }
}

mod sealed {
    pub trait Sealed {}
    impl Sealed for crate::column::Address {}
    impl Sealed for seal::subscriber::SubscriberToken {}
}

/// Names of what stands in the foot of a file.
mod foot {
    pub(super) const KIND: &str = "noroshi.kind";
    pub(super) const HORIZON: &str = "noroshi.horizon";
    pub(super) const VERSION: &str = "noroshi.version";
    /// The version that this code writes and reads.
    pub(super) const VERSION_NOW: &str = "2";
    /// Versions before, which kept ports of subscribers.
    pub(super) const VERSION_OLD: &str = "1";

    /// What the foot of a file says under a name.
    pub(super) fn said<'f>(
        about: &'f parquet::file::metadata::FileMetaData,
        key: &str,
    ) -> Option<&'f str> {
        let pairs = about.key_value_metadata()?;
        let pair = pairs.iter().find(|pair| pair.key == key)?;
        pair.value.as_deref()
    }
}

/// The columns, in the order in which they are written and read.
const SCHEMA: &str = "message talks {
    required fixed_len_byte_array(16) server;
    required int32 server_port (INTEGER(16,false));
    required int32 protocol (INTEGER(8,false));
    required fixed_len_byte_array(16) subscriber;
    required int64 household (INTEGER(64,false));
    required int32 port_mark (INTEGER(32,false));
    required int32 port_flags (INTEGER(8,false));
    required int32 way (INTEGER(8,false));
    required int32 opened (INTEGER(8,false));
    required int32 flags (INTEGER(8,false));
    required int32 ending (INTEGER(8,false));
    required int64 packets (INTEGER(64,false));
    required int64 bytes (INTEGER(64,false));
    required int64 start (TIMESTAMP(MILLIS,true));
    required int64 duration_ms (INTEGER(64,false));
    required int32 sampling (INTEGER(32,false));
}";

#[cfg(test)]
mod tests;
