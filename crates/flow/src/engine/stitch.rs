//! Stitching: exporters cut a long flow into pieces by their active timeout, each minute for instance,
//! and the pieces of one long session must not pass for calls by the clock.
//!
//! What was last seen of a flow is kept in a table of fixed size, at the place that its hash names;
//! another flow of that place takes it over. So memory is bounded, and under a load far above its
//! size some pieces pass for calls, more of them the older they are.

/// Places of the table.
const PLACES: usize = 1 << 20;

/// A piece begins at most this long after the one before has ended: idle timeouts of exporters are
/// 10 to 30 s, and whatever is longer ended the flow.
const GAP_MAX_TICKS: u32 = 15 * super::rhythm::TICKS_PER_SECOND;

/// A flow that was cut had lasted at least this long; the shortest active timeouts are some 10 s.
const CUT_MIN_TICKS: u32 = 5 * super::rhythm::TICKS_PER_SECOND;

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
    /// Whether the exporter said that the flow goes on.
    pub(super) cut: bool,
}

/// What the flags of a piece say of its beginning.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Beginning {
    /// Nothing: it may go on with what was.
    Unsaid,
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
    /// 1 when a piece may follow.
    goes_on: u8,
    /// 1 when it was a try.
    tries: u8,
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

    /// Looks whether `piece` goes on with what was seen.
    pub(super) fn look(&mut self, piece: Piece) -> Stitch {
        let long = piece.end.saturating_sub(piece.start) >= CUT_MIN_TICKS;
        let goes_on = piece.cut || long || piece.beginning == Beginning::Tries;
        if piece.beginning == Beginning::Opens && !goes_on {
            return Stitch::Call;
        }
        let tag = u32::try_from(piece.hash >> 32).unwrap_or(0) | 1;
        let place = usize::try_from(piece.hash).unwrap_or(0) & (PLACES - 1);
        let Some(seen) = self.seen.get_mut(place) else {
            return Stitch::Call;
        };
        let (fits, gap) = match piece.beginning {
            Beginning::Unsaid => (seen.tries == 0, GAP_MAX_TICKS),
            Beginning::Opens => (false, 0),
            Beginning::Tries => (seen.tries == 1, TRIES_GAP_MAX_TICKS),
        };
        let near = piece.start <= seen.end.saturating_add(gap) && piece.end >= seen.first;
        if seen.tag == tag && seen.goes_on == 1 && fits && near {
            seen.end = seen.end.max(piece.end);
            seen.goes_on = u8::from(goes_on);
            return Stitch::More(seen.end.saturating_sub(seen.first));
        }
        *seen = Seen {
            tag,
            first: piece.start,
            end: piece.end,
            goes_on: u8::from(goes_on),
            tries: u8::from(piece.beginning == Beginning::Tries),
        };
        Stitch::Call
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn pieces(of: &[(u32, u32)]) -> Vec<Stitch> {
        let mut stitcher = Stitcher::new();
        let look = |(start, end): &(u32, u32)| {
            stitcher.look(Piece {
                hash: 0x1234_5678_9abc_def0,
                start: *start,
                end: *end,
                beginning: Beginning::Unsaid,
                cut: false,
            })
        };
        of.iter().map(look).collect()
    }

    #[test]
    fn a_session_cut_each_minute_is_one_call() {
        let cut: Vec<(u32, u32)> = (0..10).map(|n| (n * 600 + 3, n * 600 + 598)).collect();
        let stitched = pieces(&cut);
        assert_eq!(stitched[0], Stitch::Call);
        assert_eq!(stitched[9], Stitch::More(9 * 600 + 595));
    }

    #[test]
    fn short_calls_by_the_clock_stay_calls_though_the_port_is_the_same() {
        let beacons: Vec<(u32, u32)> = (0..10).map(|n| (n * 100, n * 100 + 2)).collect();
        assert!(
            pieces(&beacons)
                .iter()
                .all(|stitch| *stitch == Stitch::Call)
        );
        // Each wakes a session for a while; in between it is idle, and the exporter closes it.
        let keepalives: Vec<(u32, u32)> = (0..10).map(|n| (n * 600, n * 600 + 60)).collect();
        assert!(
            pieces(&keepalives)
                .iter()
                .all(|stitch| *stitch == Stitch::Call)
        );
    }

    #[test]
    fn tries_of_one_connection_are_one_call() {
        let mut stitcher = Stitcher::new();
        let mut tries = |start| {
            stitcher.look(Piece {
                hash: 0x1234_5678_9abc_def0,
                start,
                end: start,
                beginning: Beginning::Tries,
                cut: false,
            })
        };
        assert_eq!(tries(0), Stitch::Call);
        assert_eq!(tries(30), Stitch::More(30));
        assert_eq!(tries(90), Stitch::More(90));
        assert_eq!(tries(600), Stitch::Call);
    }

    #[test]
    fn another_flow_of_the_same_place_is_no_piece() {
        let mut stitcher = Stitcher::new();
        let piece = |hash, start| Piece {
            hash,
            start,
            end: start + 590,
            beginning: Beginning::Unsaid,
            cut: true,
        };
        assert_eq!(stitcher.look(piece(0x1_0000_0007, 0)), Stitch::Call);
        assert_eq!(stitcher.look(piece(0x3_0000_0007, 600)), Stitch::Call);
        assert_eq!(
            stitcher.look(piece(0x3_0000_0007, 1_200)),
            Stitch::More(1_190)
        );
    }
}
