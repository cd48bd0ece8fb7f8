//! What one talk says by itself, before anything is looked up: who began it, whether the client asked
//! for it, whether it goes on with another.

use super::stitch::{Beginning, Piece};
use crate::column::{Address, Ending};
use crate::sealed::{Opened, Talk, Way};
use crate::service;

const MILLIS_PER_HOUR: i64 = 3_600_000;

const FIN_SYN_RST_ACK: u8 = 0x17;
const SYN: u8 = 0x02;
const RST: u8 = 0x04;
const SYN_ACK: u8 = 0x12;
const RST_ACK: u8 = 0x14;

/// Where one direction is not exported, the other has at least so many times its talks.
const ONE_SIDED: u64 = 16;

/// How many talks there were in each direction.
#[derive(Default)]
pub(super) struct Sides {
    forth: u64,
    back: u64,
}

impl Sides {
    pub(super) fn note(&mut self, way: Way) {
        match way {
            Way::Forth => self.forth += 1,
            Way::Back => self.back += 1,
        }
    }

    /// Whether only answers are exported: they have to stand for the calls.
    pub(super) fn is_one(&self) -> bool {
        self.forth.saturating_mul(ONE_SIDED) < self.back
    }
}

/// One packet of how many was looked at. A packet by itself is never a whole talk, also where every
/// packet is taken.
pub(super) fn sampling(talk: &Talk<Address>) -> u32 {
    match talk.ending {
        Ending::Sampled => talk.sampling.max(2),
        _ => talk.sampling.max(1),
    }
}

/// Whether somebody outside opened the talk. Where nobody says, a port of a service on the
/// subscriber's side alone tells that a server stands there, and a beginning without any answer who
/// began. A client may bind any low port, so only those of services speak, and not against a
/// beginning that was seen.
pub(super) fn is_inbound(talk: &Talk<Address>) -> bool {
    match talk.opened {
        Opened::Outside => true,
        Opened::Inside => false,
        Opened::Unsaid => {
            let port = talk.subscriber_port;
            let stands_inside = port.is_low() && port.is_usual() && talk.server_port >= 1_024;
            let knocks = talk.way == Way::Back && begins(talk);
            stands_inside && !(talk.way == Way::Forth && begins(talk)) || knocks
        }
    }
}

/// Whether its flags show a beginning, and no answer to one.
fn begins(talk: &Talk<Address>) -> bool {
    talk.protocol == service::TCP && talk.flags & SYN_ACK == SYN
}

/// Whether the client takes part by itself. What comes from outside unasked makes nobody a client, nor
/// does the refusal of it.
pub(super) fn asked(talk: &Talk<Address>) -> bool {
    talk.way == Way::Forth && !refuses(talk)
}

/// Whether the talk shows by itself that the client called, as whoever names clients must know: nothing
/// that an outsider brings about by knocking, neither a refusal nor an answer.
pub fn is_call(talk: &Talk<Address>) -> bool {
    const FLAGS: u8 = 0x3f;
    let shakes_hands = talk.protocol == service::TCP && talk.flags & FLAGS == SYN_ACK;
    let serves = talk.subscriber_port.is_usual() && !service::is_usual(talk.server_port);
    let may_answer = talk.opened == Opened::Unsaid && (shakes_hands || serves && !begins(talk));
    asked(talk) && !is_inbound(talk) && !may_answer
}

/// Whether it is no more than the refusal of something. That of a beginning acknowledges it (RFC 9293,
/// section 3.10.7.1).
pub(super) fn refuses(talk: &Talk<Address>) -> bool {
    talk.protocol == service::TCP && matches!(talk.flags & FIN_SYN_RST_ACK, RST | RST_ACK)
}

/// Whether it is a connection that was tried, and nothing more was seen of it.
pub(super) fn tries(talk: &Talk<Address>) -> bool {
    talk.protocol == service::TCP && talk.way == Way::Forth && talk.flags & FIN_SYN_RST_ACK == SYN
}

/// Whether its flags show the beginning of a connection.
pub(super) fn opens(talk: &Talk<Address>) -> bool {
    talk.flags & SYN != 0
}

/// The talk as the stitcher sees it; `ends` is the hash of both its ends.
pub(super) fn piece(talk: &Talk<Address>, ends: u64, (start, end): (u32, u32)) -> Piece {
    let port = u64::from(talk.subscriber_port.mark()) << 1 | u64::from(talk.way == Way::Back);
    Piece {
        hash: ends ^ port.wrapping_mul(0x9e37_79b9_7f4a_7c15),
        start,
        end,
        beginning: match (opens(talk), tries(talk)) {
            (_, true) => Beginning::Tries,
            (true, false) => Beginning::Opens,
            (false, false) if talk.protocol == service::TCP => Beginning::Unsaid,
            (false, false) => Beginning::Other,
        },
    }
}

/// The hour of the day, UTC.
pub(super) fn hour(ms: i64) -> usize {
    usize::try_from(ms.div_euclid(MILLIS_PER_HOUR).rem_euclid(24)).unwrap_or(0)
}
