//! How old the open reports of a desk are, by severity: the picture above its list.
//!
//! It counts what the same reader finds on the list, through the same join, and tells no time more
//! closely than the list does: of a report whose time is told by the day, the age counts from the
//! begin of that day. What it costs depends on [`COUNTED_REPORTS_MAX`] and not on how much there is.

use std::collections::BTreeMap;

use domain::id::ReportId;
use domain::part::Subject;
use domain::policy::Action;
use domain::report::Report;
use domain::report::stage::Stage;
use domain::severity::Severity;
use domain::time::{DAY_SECONDS, Timestamp};
use store::part::{Sight, visible_subjects};
use store::{opinion, report, withdrawal};

use super::{Head, LISTED, When};
use crate::call::{Call, Hub, ReadError};

/// Most reports that are looked at, the newest first.
pub const COUNTED_REPORTS_MAX: u32 = 1_000;

/// The open reports of a desk.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Ages {
    /// How many, by the highest opinion that the reader may read and by age; what is not there is
    /// none. `None` stands for no opinion.
    pub open: BTreeMap<(Option<Severity>, Age), u64>,
    /// Of which reports.
    pub counted: Counted,
}

/// Which reports were looked at.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Counted {
    /// All that are there for the reader.
    All,
    /// The newest [`COUNTED_REPORTS_MAX`] of them.
    Newest,
}

/// How long a report has been there for its reader, in the classes of the picture.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Age {
    /// Less than an hour.
    Hour,
    /// Less than a day.
    Day,
    /// Less than three days.
    ThreeDays,
    /// Less than seven days.
    Week,
    /// Longer.
    Older,
}

/// The ages of the open reports on the caller's list: neither closed, as far as the caller's
/// organization knows, nor taken back.
///
/// # Errors
/// [`ReadError::NotFound`] when the role has no such desk.
pub fn ages(hub: &Hub, call: &Call<'_>) -> Result<Ages, ReadError> {
    if !call.may(Action::Intake) && !call.may(Action::Triage) {
        return Err(ReadError::NotFound);
    }
    let sight = Sight::of(call.actor, call.now);
    let (organization, now) = (call.actor.organization, call.now);
    hub.store.read(move |reader| {
        let most = COUNTED_REPORTS_MAX as usize;
        let listed = visible_subjects(reader, &sight, LISTED, None, COUNTED_REPORTS_MAX + 1)?;
        let counted = if listed.len() > most {
            Counted::Newest
        } else {
            Counted::All
        };
        let seen: Vec<(ReportId, Timestamp)> = listed
            .iter()
            .take(most)
            .filter_map(|row| match row.subject {
                Subject::Report(id) => Some((id, row.seen_at)),
                Subject::Advisory(_) | Subject::Finding(_) => None,
            })
            .collect();
        let ids: Vec<ReportId> = seen.iter().map(|(id, _)| *id).collect();
        let taken_back = withdrawal::visible_among(reader, &sight, &ids)?;
        let rated = opinion::visible_of(reader, &sight, organization, &ids)?;
        let highest = |id: &ReportId| {
            let opinions = rated.get(id)?;
            opinions.iter().map(|opinion| opinion.severity).max()
        };
        let mut heads: BTreeMap<ReportId, Head> = report::find_among(reader, &ids)?
            .into_iter()
            .map(|found: Report| (found.id, Head::of(found, organization)))
            .collect();
        let mut open = BTreeMap::new();
        for (id, seen_at) in seen {
            let Some(head) = heads.remove(&id) else {
                continue;
            };
            if taken_back.contains(&id) || is_closed(&head) {
                continue;
            }
            let age = Age::of(When::of(&head, None, seen_at), now);
            *open.entry((highest(&id), age)).or_default() += 1;
        }
        Ok(Ages { open, counted })
    })
}

impl Age {
    /// Every class, the youngest first.
    pub const ALL: [Self; 5] = [
        Self::Hour,
        Self::Day,
        Self::ThreeDays,
        Self::Week,
        Self::Older,
    ];

    /// The class at `now` of what is there since `since`.
    fn of(since: When, now: Timestamp) -> Self {
        let seconds = now.seconds_since(since.begin());
        if seconds < 3_600 {
            Self::Hour
        } else if seconds < DAY_SECONDS {
            Self::Day
        } else if seconds < 3 * DAY_SECONDS {
            Self::ThreeDays
        } else if seconds < 7 * DAY_SECONDS {
            Self::Week
        } else {
            Self::Older
        }
    }
}

impl Ages {
    /// How many open reports have `severity` and `age`.
    pub fn count(&self, severity: Option<Severity>, age: Age) -> u64 {
        self.open.get(&(severity, age)).copied().unwrap_or(0)
    }
}

fn is_closed(head: &Head) -> bool {
    let stage = head.at_relay.as_ref().map(|at_relay| at_relay.stage);
    matches!(stage, Some(Stage::Closed | Stage::Withdrawn))
}
