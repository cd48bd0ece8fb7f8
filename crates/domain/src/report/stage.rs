//! The life of a report at the relay, and what may follow what.

use crate::word::words;

words! {
    /// Where a report stands.
    pub enum Stage {
        /// Accepted; nobody at the relay has taken it up.
        Received = "received",
        /// A border review is open.
        UnderReview = "under-review",
        /// At least one part crossed the border.
        Released = "released",
        /// The review ended without a release, or the author's silence withheld it.
        Withheld = "withheld",
        /// The source took it back.
        Withdrawn = "withdrawn",
        /// Settled.
        Closed = "closed",
    }
}

/// What happens to a report.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Step {
    /// A border review begins.
    Review,
    /// The review's release was approved by two persons.
    Release,
    /// The review ends with nothing crossing.
    Withhold,
    /// The source takes the report back.
    Withdraw,
    /// The relay settles it.
    Close,
    /// New facts arrived: what was settled opens again.
    Reopen,
}

impl Step {
    /// Every step, in declared order.
    pub const ALL: [Self; 6] = [
        Self::Review,
        Self::Release,
        Self::Withhold,
        Self::Withdraw,
        Self::Close,
        Self::Reopen,
    ];
}

/// A step that the stage does not allow.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("a report that is {stage} cannot take this step")]
pub struct WrongStage {
    stage: Stage,
}

impl Stage {
    /// The stage after `step`.
    ///
    /// # Errors
    /// [`WrongStage`] when the step is not allowed from here.
    pub fn after(self, step: Step) -> Result<Self, WrongStage> {
        match (self, step) {
            (Self::Received | Self::Withheld | Self::Released, Step::Review) => {
                Ok(Self::UnderReview)
            }
            (Self::UnderReview, Step::Release) => Ok(Self::Released),
            (Self::UnderReview, Step::Withhold) => Ok(Self::Withheld),
            (
                Self::Received | Self::UnderReview | Self::Released | Self::Withheld,
                Step::Withdraw,
            ) => Ok(Self::Withdrawn),
            (Self::Received | Self::Released | Self::Withheld, Step::Close) => Ok(Self::Closed),
            (Self::Closed, Step::Reopen) => Ok(Self::Received),
            (stage, _) => Err(WrongStage { stage }),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_follows_a_withdrawal() {
        assert!(
            Step::ALL
                .iter()
                .all(|step| Stage::Withdrawn.after(*step).is_err())
        );
    }

    #[test]
    fn a_release_needs_a_review() {
        for stage in Stage::ALL {
            assert_eq!(
                stage.after(Step::Release).is_ok(),
                *stage == Stage::UnderReview
            );
        }
    }
}
