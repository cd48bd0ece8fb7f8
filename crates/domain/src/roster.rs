//! The duty roster of an organization: turns, and what they leave open.
//!
//! Times are instants; days are those of Japan. Pure: who may plan stands in the policy, and how a
//! turn is kept in the store.

use crate::id::{DutyId, MembershipId};
use crate::time::{DAY_SECONDS, Timestamp};

/// A turn on the duty roster.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Turn {
    /// Its id.
    pub id: DutyId,
    /// The place that is on duty.
    pub membership: MembershipId,
    /// When.
    pub span: Span,
}

/// A stretch of time: the beginning belongs to it, the end does not.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Span {
    /// From when.
    pub starts_at: Timestamp,
    /// Until when; later than the start.
    pub ends_at: Timestamp,
}

/// Two turns at the same time.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Overlap {
    /// The one that began first.
    pub first: Turn,
    /// The other.
    pub second: Turn,
    /// When both are on duty.
    pub span: Span,
}

/// Longest turn, in hours: a week on call.
pub const TURN_HOURS_MAX: u16 = 168;
/// Days that the roster's page shows, today among them.
pub const DAYS_SHOWN: i64 = 14;
/// How long somebody takes over when nobody else is planned, in seconds.
pub const TAKE_OVER_SECONDS: i64 = DAY_SECONDS / 2;

impl Span {
    /// The span between the two; `None` when it would be empty.
    pub fn new(starts_at: Timestamp, ends_at: Timestamp) -> Option<Self> {
        (starts_at < ends_at).then_some(Self { starts_at, ends_at })
    }

    /// Whether `at` lies in it.
    pub fn covers(self, at: Timestamp) -> bool {
        self.starts_at <= at && at < self.ends_at
    }

    /// What both have in common.
    pub fn meet(self, other: Self) -> Option<Self> {
        Self::new(
            self.starts_at.max(other.starts_at),
            self.ends_at.min(other.ends_at),
        )
    }

    /// Whether it lasts longer than [`TURN_HOURS_MAX`].
    pub fn is_too_long(self) -> bool {
        self.ends_at.seconds_since(self.starts_at) > i64::from(TURN_HOURS_MAX) * 3_600
    }
}

/// The stretches of `within` in which nobody has a turn, in order.
pub fn gaps(turns: &[Turn], within: Span) -> Vec<Span> {
    let mut spans: Vec<Span> = turns
        .iter()
        .filter_map(|turn| turn.span.meet(within))
        .collect();
    spans.sort_unstable();
    let mut open_from = within.starts_at;
    let mut found = Vec::new();
    for span in spans {
        found.extend(Span::new(open_from, span.starts_at));
        open_from = open_from.max(span.ends_at);
    }
    found.extend(Span::new(open_from, within.ends_at));
    found
}

/// Turns at the same time, each pair once, in the order of their beginnings.
pub fn overlaps(turns: &[Turn]) -> Vec<Overlap> {
    let mut sorted: Vec<Turn> = turns.to_vec();
    sorted.sort_unstable_by_key(|turn| (turn.span, turn.id));
    let mut found = Vec::new();
    for (place, first) in sorted.iter().enumerate() {
        let later = sorted.iter().skip(place + 1);
        let near = later.take_while(|second| second.span.starts_at < first.span.ends_at);
        for second in near {
            if let Some(span) = first.span.meet(second.span) {
                found.push(Overlap {
                    first: *first,
                    second: *second,
                    span,
                });
            }
        }
    }
    found
}

/// What a planned roster changes: it replaces what was planned for its own days, from now on. What
/// has begun stays, and what has passed is not written afterwards.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Replan {
    /// For each planned turn what becomes of it, in the same order.
    pub fates: Vec<Fate>,
    /// Turns that were planned before and are no more.
    pub dropped: Vec<Turn>,
}

/// What becomes of a planned turn.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fate {
    /// It is new.
    Added,
    /// It stands on the roster already.
    Unchanged,
    /// It has ended.
    Past,
}

/// What planning `wanted` at `now` makes of the `turns` that stand on the roster.
pub fn replan(turns: &[Turn], wanted: &[(MembershipId, Span)], now: Timestamp) -> Replan {
    let stands = |place: MembershipId, span: Span| {
        turns
            .iter()
            .any(|turn| turn.membership == place && turn.span == span)
    };
    let mut seen = Vec::new();
    let mut fate = |place: MembershipId, span: Span| {
        if span.ends_at <= now {
            Fate::Past
        } else if stands(place, span) || seen.contains(&(place, span)) {
            Fate::Unchanged
        } else {
            seen.push((place, span));
            Fate::Added
        }
    };
    let fates = wanted
        .iter()
        .map(|(place, span)| fate(*place, *span))
        .collect();
    let first = wanted.iter().map(|(_, span)| span.starts_at).min();
    let last = wanted.iter().map(|(_, span)| span.ends_at).max();
    let days = first
        .zip(last)
        .and_then(|(first, last)| Span::new(first, last));
    let is_dropped = |turn: &&Turn| {
        turn.span.starts_at > now
            && days.is_some_and(|days| days.covers(turn.span.starts_at))
            && !wanted.contains(&(turn.membership, turn.span))
    };
    Replan {
        fates,
        dropped: turns.iter().filter(is_dropped).copied().collect(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn span(from: i64, until: i64) -> Span {
        let hour = |hour| Timestamp::from_seconds(hour * 3_600);
        Span::new(hour(from), hour(until)).unwrap()
    }

    fn turn(number: u8, from: i64, until: i64) -> Turn {
        Turn {
            id: DutyId::from_random([number; 16]),
            membership: MembershipId::from_random([number % 3; 16]),
            span: span(from, until),
        }
    }

    #[test]
    fn gaps_are_what_no_turn_covers() {
        let turns = [turn(1, 9, 17), turn(2, 16, 20), turn(3, 30, 40)];
        assert_eq!(
            gaps(&turns, span(0, 48)),
            [span(0, 9), span(20, 30), span(40, 48)]
        );
        assert_eq!(gaps(&turns, span(10, 20)), []);
        assert_eq!(gaps(&[], span(0, 48)), [span(0, 48)]);
        let night = [turn(1, 17, 33)];
        assert_eq!(gaps(&night, span(0, 48)), [span(0, 17), span(33, 48)]);
    }

    #[test]
    fn overlaps_are_found_once_and_touching_turns_are_none() {
        let turns = [
            turn(1, 9, 17),
            turn(2, 17, 33),
            turn(3, 32, 40),
            turn(4, 10, 12),
        ];
        let found: Vec<(Turn, Turn, Span)> = overlaps(&turns)
            .into_iter()
            .map(|overlap| (overlap.first, overlap.second, overlap.span))
            .collect();
        assert_eq!(
            found,
            [
                (turns[0], turns[3], span(10, 12)),
                (turns[1], turns[2], span(32, 33))
            ]
        );
    }

    #[test]
    fn a_plan_replaces_its_own_days_and_nothing_that_has_begun() {
        let now = Timestamp::from_seconds(12 * 3_600);
        let turns = [
            turn(1, 9, 17),
            turn(2, 17, 33),
            turn(3, 33, 41),
            turn(4, 90, 99),
        ];
        let wanted = [
            (turns[0].membership, span(1, 8)),
            (turns[0].membership, span(9, 17)),
            (turns[2].membership, span(17, 33)),
            (turns[2].membership, span(33, 41)),
        ];
        let plan = replan(&turns, &wanted, now);
        assert_eq!(
            plan.fates,
            [Fate::Past, Fate::Unchanged, Fate::Added, Fate::Unchanged]
        );
        assert_eq!(
            plan.dropped,
            [turns[1]],
            "the last lies beyond the plan's days"
        );
        assert_eq!(replan(&turns, &[], now), Replan::default());
    }

    #[test]
    fn a_week_on_call_is_the_longest_turn() {
        assert!(!span(0, 168).is_too_long());
        assert!(span(0, 169).is_too_long());
    }
}
