//! An analyst says what a server is, and what became of it.

use domain::actor::Actor;
use domain::confidential::Confidential;
use domain::finding::{Judgment, LifeStep};
use domain::id::CandidateId;
use domain::policy::Action;
use domain::time::{DAY_SECONDS, Timestamp};
use store::finding::judgment::{JudgmentRow, Reason};
use store::finding::life::StepRow;
use store::finding::{judgment, life};
use store::log::{Entry, record};
use store::part::Sight;
use store::{StoreError, Tx, finding};

use super::desk::{Pieces, read_or_own};
use crate::call::{Call, Hub};

/// Most days for which a judgment is in force.
pub const JUDGED_DAYS_MAX: i64 = 180;

/// Why nothing was noted.
#[derive(Debug, thiserror::Error)]
pub enum JudgeError {
    /// It is not there for this caller, or the role does not judge.
    #[error("nothing is here")]
    NotFound,
    /// It would be in force for no day or for too many.
    #[error("a judgment is in force for 1 to {JUDGED_DAYS_MAX} days")]
    Days,
    /// It would have happened later than now.
    #[error("the time lies in the future")]
    Future,
    /// It would have happened before the first call that the caller knows of.
    #[error("the time lies before the first call")]
    Early,
    /// This step is not for the caller's organization to note.
    #[error("this step is not noted by hand, or not by this kind of organization")]
    Step,
    /// The store failed.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// Says what the caller's organization takes a candidate to be, for `days`.
///
/// # Errors
/// [`JudgeError::NotFound`] when nothing of it is there for the caller.
pub fn judge(
    hub: &Hub,
    call: &Call<'_>,
    id: CandidateId,
    word: Judgment,
    reason: Reason,
    days: i64,
) -> Result<(), JudgeError> {
    if !(1..=JUDGED_DAYS_MAX).contains(&days) {
        return Err(JudgeError::Days);
    }
    let expires_at = call.now.plus_seconds(days * DAY_SECONDS);
    noted(hub, call, "finding.judge", id, move |tx, call, pieces| {
        let row = JudgmentRow {
            candidate: id,
            organization: call.organization,
            kind: call.kind,
            person: call.person,
            judgment: word,
            given_at: tx.now(),
            expires_at,
        };
        let pieces = pieces.ok_or(JudgeError::NotFound)?;
        judgment::insert(tx, &row, &Confidential::new(reason), &pieces.seen)?;
        let facts = vec![("judgment", word.word().to_owned())];
        Ok(record(tx, &entry(tx, "candidate-judged", id, call, facts))?)
    })
}

/// Says that something happened to a server.
///
/// # Errors
/// [`JudgeError::NotFound`] when nothing of it is there for the caller, [`JudgeError::Future`] for a
/// time that has not come, [`JudgeError::Early`] for one before the first call, [`JudgeError::Step`]
/// for a step that [`LifeStep::noted_by`] does not have for the caller's kind of organization.
pub fn note_step(
    hub: &Hub,
    call: &Call<'_>,
    id: CandidateId,
    step: LifeStep,
    happened_at: Timestamp,
) -> Result<(), JudgeError> {
    if happened_at > call.now {
        return Err(JudgeError::Future);
    }
    if !LifeStep::noted_by(call.actor.kind).contains(&step) {
        return Err(JudgeError::Step);
    }
    noted(hub, call, "finding.step", id, move |tx, call, pieces| {
        let first_at = pieces.map(|pieces| pieces.found.content().first_at);
        if first_at.is_some_and(|first_at| happened_at < first_at) {
            return Err(JudgeError::Early);
        }
        let row = StepRow {
            candidate: id,
            step,
            happened_at,
            organization: call.organization,
            kind: call.kind,
            person: call.person,
        };
        life::note(tx, &row, pieces.map_or(&[], |pieces| &pieces.seen))?;
        let facts = vec![("step", step.word().to_owned())];
        let entry = entry(tx, "candidate-step-noted", id, call, facts);
        Ok(record(tx, &entry)?)
    })
}

/// Runs `write` in a transaction, if the caller judges and may see something of the candidate, or his
/// organization found, noted or counted something there before its sharing ended.
fn noted(
    hub: &Hub,
    call: &Call<'_>,
    name: &'static str,
    id: CandidateId,
    write: impl FnOnce(&Tx<'_>, &Actor, Option<&Pieces>) -> Result<(), JudgeError> + Send + 'static,
) -> Result<(), JudgeError> {
    if !call.may(Action::JudgeFindings) {
        return Err(JudgeError::NotFound);
    }
    let actor = call.actor.clone();
    hub.store.write(call.stamp(name), move |tx| {
        let sight = Sight::of(&actor, tx.now());
        let pieces = read_or_own(tx, &actor, &sight, id)?;
        if pieces.is_none() && !finding::involves(tx, id, actor.organization)? {
            return Err(JudgeError::NotFound);
        }
        write(tx, &actor, pieces.as_ref())
    })
}

/// The entry belongs to the desk that judged: a finding's carrier is told of readings, not of opinions.
fn entry(
    tx: &Tx<'_>,
    event: &'static str,
    id: CandidateId,
    actor: &Actor,
    facts: Vec<(&'static str, String)>,
) -> Entry {
    let object = id.to_string();
    let mut all = vec![super::by(tx, &object, actor)];
    all.extend(facts);
    Entry {
        event,
        object,
        owner: super::owner(actor),
        facts: all,
    }
}
