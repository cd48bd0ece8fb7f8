//! Opening a sealed identity: what is asked, how far it has come, when the source is told.
//!
//! INVARIANT: an opening is told to the source at the latest [`TOLD_DAYS_MAX`] after it was asked
//! for, whatever became of it and whatever the hub's setting says.

use crate::id::{OrganizationId, PersonId};
use crate::part::PartBody;
use crate::text::BoundedText;
use crate::time::{DAY_SECONDS, Timestamp};
use crate::word::words;

/// Longest reason for an opening, in characters.
pub const REASON_CHARS_MAX: usize = 600;
/// How long a request stands before it lapses, in days.
pub const STANDS_DAYS: i64 = 14;
/// Days after which the source is told, unless the hub is set otherwise.
pub const TOLD_DAYS_DEFAULT: u16 = 30;
/// The most days after which the source is told.
pub const TOLD_DAYS_MAX: u16 = 90;

/// The reason for an opening, bounded at the door.
pub type Reason = BoundedText<REASON_CHARS_MAX>;

words! {
    /// How far an opening has come.
    pub enum OpeningStage {
        /// Custodians are asked.
        Requested = "requested",
        /// Enough custodians agreed; nobody has read the identity.
        Approved = "approved",
        /// The identity was read and can be read again until the request lapses.
        Opened = "opened",
        /// Too many custodians refused.
        Refused = "refused",
        /// The one who asked took the request back.
        Withdrawn = "withdrawn",
        /// Its time ran out before anything was read.
        Lapsed = "lapsed",
        /// The identity was read, and its time has run out.
        Closed = "closed",
    }
}

/// What happens to an opening.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum OpeningStep {
    /// Enough custodians have agreed.
    Approve,
    /// The identity is read.
    Read,
    /// So many have refused that the rest are too few.
    Refuse,
    /// The one who asked takes it back.
    Withdraw,
    /// Its time runs out.
    Lapse,
}

impl OpeningStep {
    /// Every step, in declared order.
    pub const ALL: [Self; 5] = [
        Self::Approve,
        Self::Read,
        Self::Refuse,
        Self::Withdraw,
        Self::Lapse,
    ];
}

/// A step that an opening cannot take any more.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("an opening that is {stage} cannot take this step")]
pub struct WrongOpeningStage {
    stage: OpeningStage,
}

impl OpeningStage {
    /// The stage after `step`.
    ///
    /// # Errors
    /// [`WrongOpeningStage`] when the step is not allowed from here.
    pub fn after(self, step: OpeningStep) -> Result<Self, WrongOpeningStage> {
        match (self, step) {
            (Self::Requested, OpeningStep::Approve) => Ok(Self::Approved),
            (Self::Requested, OpeningStep::Refuse) => Ok(Self::Refused),
            (Self::Approved | Self::Opened, OpeningStep::Read) => Ok(Self::Opened),
            (Self::Requested | Self::Approved, OpeningStep::Withdraw) => Ok(Self::Withdrawn),
            (Self::Requested | Self::Approved, OpeningStep::Lapse) => Ok(Self::Lapsed),
            (Self::Opened, OpeningStep::Lapse) => Ok(Self::Closed),
            (stage, _) => Err(WrongOpeningStage { stage }),
        }
    }

    /// Whether the hub still holds the key that the custodians seal their shares to.
    pub const fn is_under_way(self) -> bool {
        matches!(self, Self::Requested | Self::Approved | Self::Opened)
    }

    /// Whether somebody has read the identity.
    pub const fn was_read(self) -> bool {
        matches!(self, Self::Opened | Self::Closed)
    }
}

/// What the desk that asks says, letter for letter as the custodians read it.
#[derive(Clone, PartialEq, Eq)]
pub struct Ask {
    /// The organization that asks, in Japanese and English.
    pub by: String,
    /// The purpose of use in both languages, and whether the source offered the report for it.
    pub purpose: String,
    /// Why.
    pub reason: String,
    /// When, RFC 3339 with the offset of Japan.
    pub at: String,
}

/// Who a report came from, as it was sealed.
#[derive(Clone, PartialEq, Eq)]
pub struct Identity {
    /// The organization.
    pub organization: OrganizationId,
    /// Its names in Japanese and English when it was sealed.
    pub organization_names: (String, String),
    /// The person who sent the report; `None` when a clerk entered it, since who phoned is not kept.
    pub person: Option<PersonId>,
    /// What the source wrote about itself.
    pub answers: PartBody,
}

/// When a source is told of an opening asked for at `requested_at`, if the hub waits `days`.
pub fn told_at(requested_at: Timestamp, days: u16) -> Timestamp {
    requested_at.plus_seconds(i64::from(days.min(TOLD_DAYS_MAX)) * DAY_SECONDS)
}

/// Whether the source is told by `now` of an opening asked for at `requested_at` and due to be told
/// at `due`: the hard maximum counts, even if a row says later.
pub fn is_told(requested_at: Timestamp, due: Timestamp, now: Timestamp) -> bool {
    now >= due.min(told_at(requested_at, TOLD_DAYS_MAX))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_follows_an_end() {
        for stage in OpeningStage::ALL {
            let ended = OpeningStep::ALL
                .iter()
                .all(|step| stage.after(*step).is_err());
            assert_eq!(ended, !stage.is_under_way(), "{stage}");
        }
    }

    #[test]
    fn nothing_is_read_before_enough_agreed() {
        for stage in OpeningStage::ALL {
            let reads = stage.after(OpeningStep::Read).is_ok();
            let agreed = matches!(stage, OpeningStage::Approved | OpeningStage::Opened);
            assert_eq!(reads, agreed, "{stage}");
        }
    }

    #[test]
    fn the_source_is_told_by_the_hard_maximum() {
        let asked = Timestamp::from_seconds(0);
        let day = |days: i64| Timestamp::from_seconds(days * DAY_SECONDS);
        assert_eq!(told_at(asked, 30), day(30));
        assert_eq!(told_at(asked, u16::MAX), day(90));
        assert!(!is_told(asked, day(30), day(30).plus_seconds(-1)));
        assert!(is_told(asked, day(30), day(30)));
        // A row that somebody changed to say "never".
        assert!(is_told(asked, Timestamp::from_micros(i64::MAX), day(90)));
    }
}
