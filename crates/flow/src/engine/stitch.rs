//! Stitching: exporters cut a long flow into pieces by their active timeout, each minute for instance,
//! and the pieces of one long session must not pass for calls by the clock.
//!
//! What was last seen of a flow is kept in a table of fixed size, at the place that its hash names;
//! another flow of that place takes it over. So memory is bounded, and under a load far above its
//! size some pieces pass for calls, more of them the older they are.

/// Places of the table.
const PLACES: usize = 1 << 20;

/// A connection whose beginning was seen is kept when it lasts so long: of a shorter one the end was
/// seen as well, and nothing follows.
const LONG_MIN_TICKS: u32 = 5 * super::rhythm::TICKS_PER_SECOND;

/// A piece of a TCP connection comes at most this long after the one before: exporters close what is
/// idle for some seconds, and connections are kept alive at longer waits. A port is not given out
/// again so soon.
const TCP_GAP_MAX_TICKS: u32 = 1_800 * super::rhythm::TICKS_PER_SECOND;

/// Without connections, what comes later is a call of its own.
const OTHER_GAP_MAX_TICKS: u32 = 35 * super::rhythm::TICKS_PER_SECOND;

/// Tries of one connection go on for so long after the last (RFC 6298: each wait doubles).
const TRIES_GAP_MAX_TICKS: u32 = 35 * super::rhythm::TICKS_PER_SECOND;

/// A flow as this table sees it, in ticks.
#[derive(Clone, Copy)]
pub(super) struct Piece {
    /// Hash of both ends, ports, protocol and direction.
    pub(super) hash: u64,
    pub(super) start: u32,
    pub(super) end: u32,
    pub(super) beginning: Beginning,
}

/// What the flags of a piece say of its beginning.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Beginning {
    /// Nothing, of a protocol with connections: it goes on with what was, if there was anything.
    Unsaid,
    /// There are no connections.
    Other,
    /// A connection begins.
    Opens,
    /// A connection is tried, and nothing more was seen: the system tries again for a while.
    Tries,
}

#[derive(Clone, Copy, Default)]
struct Seen {
    tag: u32,
    /// When the first piece began.
    first: u32,
    end: u32,
    /// 1 when it was a try.
    tries: u32,
}

/// What was last seen of flows.
pub(super) struct Stitcher {
    seen: Vec<Seen>,
}

/// What a piece is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Stitch {
    /// A call of its own.
    Call,
    /// More of a call that was counted; it lasts as many ticks by now.
    More(u32),
}

impl Stitcher {
    pub(super) fn new() -> Self {
        Self {
            seen: vec![Seen::default(); PLACES],
        }
    }

    /// Brings the place of a hash near; what stands there says nothing by itself.
    #[inline]
    pub(super) fn peek(&self, hash: u64) -> u32 {
        self.seen.get(place(hash)).map_or(0, |seen| seen.tag)
    }

    /// Looks whether `piece` goes on with what was seen.
    pub(super) fn look(&mut self, piece: Piece) -> Stitch {
        if piece.beginning == Beginning::Opens
            && piece.end < piece.start.saturating_add(LONG_MIN_TICKS)
        {
            return Stitch::Call;
        }
        let tag = u32::try_from(piece.hash >> 32).unwrap_or(0) | 1;
        let Some(seen) = self.seen.get_mut(place(piece.hash)) else {
            return Stitch::Call;
        };
        let (fits, gap) = match piece.beginning {
            Beginning::Unsaid => (seen.tries == 0, TCP_GAP_MAX_TICKS),
            Beginning::Other => (seen.tries == 0, OTHER_GAP_MAX_TICKS),
            Beginning::Opens => (false, 0),
            Beginning::Tries => (seen.tries == 1, TRIES_GAP_MAX_TICKS),
        };
        let near = piece.start <= seen.end.saturating_add(gap) && piece.end >= seen.first;
        if seen.tag == tag && fits && near {
            seen.end = seen.end.max(piece.end);
            return Stitch::More(seen.end.saturating_sub(seen.first));
        }
        *seen = Seen {
            tag,
            first: piece.start,
            end: piece.end,
            tries: u32::from(piece.beginning == Beginning::Tries),
        };
        Stitch::Call
    }
}

fn place(hash: u64) -> usize {
    usize::try_from(hash).unwrap_or(0) & (PLACES - 1)
}

#[cfg(test)]
mod tests {
    use super::*;

    const HASH: u64 = 0x1234_5678_9abc_def0;

    fn pieces(beginning: Beginning, of: impl IntoIterator<Item = (u32, u32)>) -> Vec<Stitch> {
        let mut stitcher = Stitcher::new();
        let look = |(start, end)| {
            stitcher.look(Piece {
                hash: HASH,
                start,
                end,
                beginning,
            })
        };
        of.into_iter().map(look).collect()
    }

    fn calls(stitched: &[Stitch]) -> usize {
        stitched
            .iter()
            .filter(|stitch| **stitch == Stitch::Call)
            .count()
    }

    #[test]
    fn a_session_is_one_call_whether_it_is_cut_or_kept_alive() {
        let cut = pieces(
            Beginning::Unsaid,
            (0..10).map(|n| (n * 600 + 3, n * 600 + 598)),
        );
        assert_eq!((calls(&cut), cut[9]), (1, Stitch::More(9 * 600 + 595)));
        // Each minute a word, and the exporter closes what is idle in between.
        let alive = pieces(Beginning::Unsaid, (0..10).map(|n| (n * 600, n * 600 + 1)));
        assert_eq!(calls(&alive), 1);
        let streamed = pieces(Beginning::Other, (0..10).map(|n| (n * 300, n * 300 + 290)));
        assert_eq!(calls(&streamed), 1);
    }

    #[test]
    fn without_connections_calls_by_the_clock_stay_calls_though_the_port_is_the_same() {
        let beacons = pieces(Beginning::Other, (0..10).map(|n| (n * 600, n * 600 + 2)));
        assert_eq!(calls(&beacons), 10);
    }

    #[test]
    fn connections_that_begin_anew_are_calls() {
        let opened = pieces(Beginning::Opens, (0..10).map(|n| (n * 600, n * 600 + 100)));
        assert_eq!(calls(&opened), 10);
    }

    #[test]
    fn tries_of_one_connection_are_one_call() {
        let tries = pieces(
            Beginning::Tries,
            [0, 30, 90, 600].map(|start| (start, start)),
        );
        assert_eq!(
            tries,
            [
                Stitch::Call,
                Stitch::More(30),
                Stitch::More(90),
                Stitch::Call
            ]
        );
    }

    #[test]
    fn another_flow_of_the_same_place_is_no_piece() {
        let mut stitcher = Stitcher::new();
        let piece = |hash, start| Piece {
            hash,
            start,
            end: start + 590,
            beginning: Beginning::Unsaid,
        };
        assert_eq!(stitcher.look(piece(0x1_0000_0007, 0)), Stitch::Call);
        assert_eq!(stitcher.look(piece(0x3_0000_0007, 600)), Stitch::Call);
        assert_eq!(
            stitcher.look(piece(0x3_0000_0007, 1_200)),
            Stitch::More(1_190)
        );
    }
}
