//! Feedback: an organization says what an advisory was worth to it, once it has acted.
//!
//! One answer for each organization. It may be corrected until the day in Japan ends on which it was
//! given; from then on it may be counted and stays ([`domain::advisory::effect`]).

mod effect;

use domain::actor::Actor;
use domain::advisory::Progress;
use domain::advisory::effect::acted;
use domain::advisory::feedback::Feedback;
use domain::handling::Tlp;
use domain::id::{AdvisoryId, FeedbackId};
use domain::policy::Action;
use domain::release::{Visible, own};
use domain::statistic::Figure;
use domain::time::Timestamp;
use store::advisory::{addressee, done};
use store::feedback::{FeedbackRow, of_organization, remark, write};
use store::log::{Entry, record};
use store::{Reader, StoreError};

use crate::call::{Call, Hub, ReadError};
use crate::inbox::issued_text;
use crate::reach::looks_after;

pub(crate) use effect::figures;
pub use effect::{EffectSeen, Pace, Reason, seen};

/// Why feedback was not taken.
#[derive(Debug, thiserror::Error)]
pub enum FeedbackError {
    /// The advisory is not there for this caller, or the role does not answer.
    #[error("nothing is here")]
    NotFound,
    /// Nobody of the organization has taken it on yet.
    #[error("answer the advisory first; what it was worth is asked afterwards")]
    NotYet,
    /// The day on which the organization answered is over.
    #[error("your organization's answer has been counted and stays as it is")]
    Counted,
    /// The store failed.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// What stands beside an advisory for one reader.
pub struct Beside {
    /// Where the reader's organization stands with its feedback.
    pub stand: Stand,
    /// What it said; `None` before it did.
    pub given: Option<Given>,
    /// How many organizations have acted, as far as the reader may be told.
    pub acted: Figure,
    /// Whether the reader may look at the reach.
    pub watches: Watches,
}

/// Where an organization stands with its feedback.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Stand {
    /// It is not asked: it has not acted, or is no addressee, or the reader does not answer.
    NotAsked,
    /// It may answer, or correct its answer.
    Open,
    /// Its answer stays.
    Counted,
}

/// Whether somebody may look at the reach.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Watches {
    /// Yes.
    Yes,
    /// No.
    No,
}

/// What an organization said.
pub struct Given {
    /// The answer.
    pub row: FeedbackRow,
    /// The remark; `None` when none was written.
    pub remark: Option<Visible<String>>,
}

/// Takes the feedback of the caller's organization, or a correction of it.
///
/// # Errors
/// [`FeedbackError`].
pub fn give(
    hub: &Hub,
    call: &Call<'_>,
    id: AdvisoryId,
    feedback: Feedback,
) -> Result<(), FeedbackError> {
    if !call.may(Action::Acknowledge) {
        return Err(FeedbackError::NotFound);
    }
    let actor = call.actor.clone();
    let fresh = FeedbackId::from_random(call.random.derive("feedback.id").bytes());
    hub.store.write(call.stamp("feedback.give"), move |tx| {
        issued_text(tx, &actor, id, tx.now())?.ok_or(FeedbackError::NotFound)?;
        if !has_acted(tx, &actor, id)? {
            return Err(FeedbackError::NotYet);
        }
        let before = of_organization(tx, id, actor.organization)?;
        if before.as_ref().is_some_and(|row| is_counted(row, tx.now())) {
            return Err(FeedbackError::Counted);
        }
        let row = FeedbackRow {
            id: before.as_ref().map_or(fresh, |row| row.id),
            advisory: id,
            organization: actor.organization,
            person: actor.person,
            useful: feedback.useful,
            timeliness: feedback.timeliness,
            matched: feedback.matched,
            given_at: before.map_or(tx.now(), |row| row.given_at),
        };
        write(tx, &row, feedback.remark.as_ref())?;
        // That it was given, and not what: the log is for more eyes than the answer.
        let entry = Entry {
            event: "feedback-given",
            object: id.to_string(),
            owner: Some(actor.organization),
            facts: vec![("feedback", row.id.to_string())],
        };
        Ok(record(tx, &entry)?)
    })
}

/// What stands beside an advisory for the caller, who has opened it.
///
/// # Errors
/// [`ReadError::NotFound`] when the advisory is not there for him.
pub fn beside(hub: &Hub, call: &Call<'_>, id: AdvisoryId) -> Result<Beside, ReadError> {
    if !call.may(Action::ReadAdvisory) {
        return Err(ReadError::NotFound);
    }
    let actor = call.actor.clone();
    let (now, answers) = (call.now, call.may(Action::Acknowledge));
    let may_watch = call.may(Action::WatchReach);
    hub.store.read(move |reader| {
        let text = issued_text(reader, &actor, id, now)?.ok_or(ReadError::NotFound)?;
        let before = of_organization(reader, id, actor.organization)?;
        let stand = match &before {
            _ if !answers || !has_acted(reader, &actor, id)? => Stand::NotAsked,
            Some(given) if is_counted(given, now) => Stand::Counted,
            _ => Stand::Open,
        };
        let given = match before {
            Some(row) => Some(Given {
                remark: remark(reader, &row)?.map(own::<String>),
                row,
            }),
            None => None,
        };
        // Who is named alone is not told how many others are.
        let acted = match text.body.handling().tlp {
            Tlp::Red => Figure::Withheld,
            _ => acted(&done::by_day(reader, id)?, now),
        };
        let watches = may_watch && looks_after(reader, &actor, id)?;
        Ok(Beside {
            stand,
            given,
            acted,
            watches: if watches { Watches::Yes } else { Watches::No },
        })
    })
}

/// Whether somebody of the actor's organization has taken the advisory on or settled it.
fn has_acted(reader: &Reader<'_>, actor: &Actor, id: AdvisoryId) -> Result<bool, StoreError> {
    let lines = addressee::in_organization(reader, id, actor.organization)?;
    Ok(lines
        .iter()
        .filter(|line| line.person.is_none_or(|person| person == actor.person))
        .any(|line| line.progress >= Progress::Accepted))
}

/// Whether the day on which the answer was given is over.
fn is_counted(row: &FeedbackRow, now: Timestamp) -> bool {
    row.given_at.day_in_japan() != now.day_in_japan()
}
