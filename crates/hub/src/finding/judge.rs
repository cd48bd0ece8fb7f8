//! An analyst says what a server is, and what became of it.

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
use store::{StoreError, Tx};

use super::desk::read;
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
    noted(hub, call, "finding.judge", id, move |tx, call| {
        let row = JudgmentRow {
            candidate: id,
            organization: call.organization,
            kind: call.kind,
            person: call.person,
            judgment: word,
            reason: Confidential::new(reason),
            given_at: tx.now(),
            expires_at,
        };
        judgment::insert(tx, &row)?;
        let facts = vec![("judgment", word.word().to_owned())];
        record(tx, &entry(tx, "candidate-judged", id, call, facts))
    })
}

/// Says that something happened to a server.
///
/// # Errors
/// [`JudgeError::NotFound`] when nothing of it is there for the caller, [`JudgeError::Future`] for a
/// time that has not come.
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
    noted(hub, call, "finding.step", id, move |tx, call| {
        let row = StepRow {
            candidate: id,
            step,
            happened_at,
            organization: call.organization,
            person: call.person,
        };
        life::note(tx, &row)?;
        let facts = vec![("step", step.word().to_owned())];
        record(tx, &entry(tx, "candidate-step-noted", id, call, facts))
    })
}

/// Runs `write` in a transaction, if the caller judges and may see something of the candidate.
fn noted(
    hub: &Hub,
    call: &Call<'_>,
    name: &'static str,
    id: CandidateId,
    write: impl FnOnce(&Tx<'_>, &domain::actor::Actor) -> Result<(), StoreError> + Send + 'static,
) -> Result<(), JudgeError> {
    if !call.may(Action::JudgeFindings) {
        return Err(JudgeError::NotFound);
    }
    let actor = call.actor.clone();
    hub.store.write(call.stamp(name), move |tx| {
        let sight = Sight::of(&actor, tx.now());
        if read(tx, &actor, &sight, &[id])?.is_empty() {
            return Err(JudgeError::NotFound);
        }
        Ok(write(tx, &actor)?)
    })
}

/// The entry belongs to whoever judged: a finding's carrier is told of readings, not of opinions.
fn entry(
    tx: &Tx<'_>,
    event: &'static str,
    id: CandidateId,
    actor: &domain::actor::Actor,
    facts: Vec<(&'static str, String)>,
) -> Entry {
    let object = id.to_string();
    let mut all = vec![super::by(tx, &object, actor)];
    all.extend(facts);
    Entry {
        event,
        object,
        owner: Some(actor.organization),
        facts: all,
    }
}
