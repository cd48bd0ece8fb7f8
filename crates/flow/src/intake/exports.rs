//! Export datagrams that lie one behind the other in a file, without anything between them.
//!
//! IPFIX says its length (files of it: RFC 5655), v5 its number of records. v9 says neither: its sets
//! say their lengths, and what stands where a set would begin is another datagram when it begins with a
//! version, since the ids of sets below 256 that are not of templates are reserved (RFC 3954,
//! section 5.2).

use super::{IntakeFault, Rest};

/// Octets that a datagram may have.
const DATAGRAM_OCTETS_MAX: usize = 65_535;

/// Cuts octets into datagrams.
#[derive(Default)]
pub(super) struct Exports {
    kept: Vec<u8>,
    /// Octets before those that are kept.
    before: u64,
}

/// Where a datagram ends.
enum End {
    /// After so many octets.
    At(usize),
    /// Behind what is there.
    Later,
    /// No datagram begins here.
    Never,
}

impl Exports {
    /// Gives each datagram that is whole to `each`; when nothing comes behind, also one that is not.
    pub(super) fn push(
        &mut self,
        octets: &[u8],
        rest: Rest,
        each: &mut dyn FnMut(&[u8]),
    ) -> Result<(), IntakeFault> {
        self.kept.extend_from_slice(octets);
        let mut at = 0;
        let cut = loop {
            let datagrams = self.kept.get(at..).unwrap_or_default();
            if datagrams.is_empty() {
                break Ok(());
            }
            match end(datagrams, rest) {
                End::At(octets) => {
                    each(datagrams.get(..octets).unwrap_or(datagrams));
                    at += octets.min(datagrams.len());
                }
                End::Later if rest == Rest::Nothing => {
                    each(datagrams);
                    at = self.kept.len();
                }
                End::Later if datagrams.len() <= DATAGRAM_OCTETS_MAX => break Ok(()),
                End::Later | End::Never => {
                    let place = u64::try_from(at).unwrap_or(u64::MAX);
                    break Err(IntakeFault::Datagrams(self.before.saturating_add(place)));
                }
            }
        };
        self.before += u64::try_from(at).unwrap_or(u64::MAX);
        self.kept.drain(..at);
        cut
    }
}

fn end(octets: &[u8], rest: Rest) -> End {
    const V5_HEADER_OCTETS: usize = 24;
    const V5_RECORD_OCTETS: usize = 48;
    const IPFIX_HEADER_OCTETS: usize = 16;
    let (Some(version), Some(number)) = (short(octets, 0), short(octets, 2)) else {
        return End::Later;
    };
    let said = match (version, usize::from(number)) {
        (5, records) => V5_HEADER_OCTETS + records * V5_RECORD_OCTETS,
        (9, _) => return end_of_v9(octets, rest),
        (10, octets) if octets >= IPFIX_HEADER_OCTETS => octets,
        _ => return End::Never,
    };
    if said <= octets.len() {
        End::At(said)
    } else {
        End::Later
    }
}

/// Walks over the sets of v9, and over zeros behind them, to where another datagram begins.
fn end_of_v9(octets: &[u8], rest: Rest) -> End {
    const HEADER_OCTETS: usize = 20;
    const SET_HEADER_OCTETS: usize = 4;
    let mut at = HEADER_OCTETS;
    while let (Some(id), Some(length)) = (short(octets, at), short(octets, at + 2)) {
        match (id, usize::from(length)) {
            (5 | 9 | 10, _) => return End::At(at),
            (0, 0) => at += SET_HEADER_OCTETS,
            (_, length) if length >= SET_HEADER_OCTETS => at += length,
            // What follows has no order any more: it is this datagram's fault.
            _ => return End::Later,
        }
        if at > DATAGRAM_OCTETS_MAX {
            return End::Never;
        }
    }
    match rest {
        Rest::Nothing => End::At(octets.len()),
        Rest::ToCome => End::Later,
    }
}

fn short(octets: &[u8], at: usize) -> Option<u16> {
    let two = octets.get(at..)?.first_chunk::<2>()?;
    Some(u16::from_be_bytes(*two))
}
