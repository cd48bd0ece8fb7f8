//! Reach: how far an advisory has come, line by line, and who has to be reminded.

use std::collections::BTreeMap;

use super::Progress;
use crate::time::Timestamp;
use crate::word::words;

/// Least time between two reminders of one addressee, in seconds: two hours. Who is reminded more
/// often stops reading; who must be reached sooner is telephoned.
pub const NUDGE_SECONDS_MIN: i64 = 7_200;

words! {
    /// How much a line needs its issuer, the most urgent first.
    pub enum Urgency {
        /// The time to act has passed and nobody has settled it.
        Overdue = "overdue",
        /// Nobody has taken it on.
        Waits = "waits",
        /// Somebody has taken it on.
        TakenOn = "taken-on",
        /// Done, not applicable, or cannot.
        Settled = "settled",
    }
}

impl Urgency {
    /// The urgency at `now` of a line that has come as far as `progress`.
    pub fn of(progress: Progress, due_at: Timestamp, now: Timestamp) -> Self {
        if progress.is_settled() {
            Self::Settled
        } else if due_at < now {
            Self::Overdue
        } else if progress < Progress::Accepted {
            Self::Waits
        } else {
            Self::TakenOn
        }
    }

    /// Whether the addressee has not acted: it may be reminded and telephoned.
    pub const fn has_not_acted(self) -> bool {
        matches!(self, Self::Overdue | Self::Waits)
    }
}

/// Whether an addressee may be reminded at `now`, `nudged_at` being the last time it was.
pub fn may_nudge(urgency: Urgency, nudged_at: Option<Timestamp>, now: Timestamp) -> bool {
    let rested = nudged_at.is_none_or(|at| now.seconds_since(at) >= NUDGE_SECONDS_MIN);
    urgency.has_not_acted() && rested
}

/// How many lines stand where.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Tally(BTreeMap<Progress, u64>);

impl Tally {
    /// The lines that stand at `progress`.
    pub fn count(&self, progress: Progress) -> u64 {
        self.0.get(&progress).copied().unwrap_or(0)
    }

    /// All lines.
    pub fn total(&self) -> u64 {
        self.0.values().sum()
    }
}

impl FromIterator<Progress> for Tally {
    fn from_iter<I: IntoIterator<Item = Progress>>(lines: I) -> Self {
        let mut tally = Self::default();
        for progress in lines {
            *tally.0.entry(progress).or_default() += 1;
        }
        tally
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOW: Timestamp = Timestamp::from_seconds(10_000);

    #[test]
    fn what_is_late_comes_first_and_what_is_settled_last() {
        let (past, ahead) = (NOW.plus_seconds(-1), NOW.plus_seconds(1));
        for (progress, due_at, expected) in [
            (Progress::Opened, past, Urgency::Overdue),
            (Progress::Accepted, past, Urgency::Overdue),
            (Progress::Waiting, ahead, Urgency::Waits),
            (Progress::Accepted, ahead, Urgency::TakenOn),
            (Progress::Cannot, past, Urgency::Settled),
        ] {
            assert_eq!(Urgency::of(progress, due_at, NOW), expected, "{progress}");
        }
        assert!(Urgency::Overdue < Urgency::Settled);
    }

    #[test]
    fn nobody_is_reminded_twice_in_two_hours_or_after_acting() {
        let nudge = |urgency, ago: i64| may_nudge(urgency, Some(NOW.plus_seconds(-ago)), NOW);
        assert!(may_nudge(Urgency::Waits, None, NOW));
        assert!(!nudge(Urgency::Waits, NUDGE_SECONDS_MIN - 1));
        assert!(nudge(Urgency::Overdue, NUDGE_SECONDS_MIN));
        assert!(!may_nudge(Urgency::TakenOn, None, NOW));
        assert!(!may_nudge(Urgency::Settled, None, NOW));
    }
}
