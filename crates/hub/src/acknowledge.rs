//! Acknowledging: an addressee says what it does with an advisory.
//!
//! INVARIANT: only a person's own step answers; opening an advisory, or a mail scanner opening a
//! link, never does (law 10).

use domain::actor::Actor;
use domain::advisory::feedback::Remark;
use domain::advisory::{AdvisoryStage, Progress};
use domain::confidential::Confidential;
use domain::id::{AddresseeId, AdvisoryId, PersonId};
use domain::policy::Action;
use domain::time::Timestamp;
use store::advisory::addressee::{self, AddresseeRow};
use store::advisory::lost::{Lost, lost};
use store::log::{Entry, record};
use store::part::Sight;
use store::{Reader, StoreError, advisory};

use crate::call::{Call, Hub};
use crate::inbox::issued_text;
use crate::log::{Attempt, noting};

/// What an addressee answers.
pub enum Answer {
    /// Somebody takes it on.
    Accepted,
    /// The action is done.
    Done,
    /// It does not concern the addressee.
    NotApplicable,
    /// It cannot be done, because.
    Cannot(Confidential<Remark>),
}

/// Why an answer was not taken.
#[derive(Debug, thiserror::Error)]
pub enum AnswerError {
    /// It is not there for this caller, or the role does not answer.
    #[error("nothing is here")]
    NotFound,
    /// The advisory was recalled or closed meanwhile, or is not this reader's any more.
    #[error("this advisory takes no more answers")]
    Ended,
    /// The store failed.
    #[error(transparent)]
    Store(#[from] StoreError),
}

impl Attempt for AnswerError {
    fn is_refusal(&self) -> bool {
        matches!(self, Self::NotFound)
    }
}

/// Answers for one line that names the caller's organization.
pub fn answer(
    hub: &Hub,
    call: &Call<'_>,
    id: AdvisoryId,
    line: AddresseeId,
    answer: Answer,
) -> Result<(), AnswerError> {
    let outcome = answer_at_once(hub, call, id, line, answer);
    noting(hub, call, Action::Acknowledge, &id.to_string(), outcome)
}

fn answer_at_once(
    hub: &Hub,
    call: &Call<'_>,
    id: AdvisoryId,
    line: AddresseeId,
    answer: Answer,
) -> Result<(), AnswerError> {
    if !call.may(Action::Acknowledge) {
        return Err(AnswerError::NotFound);
    }
    let actor = call.actor.clone();
    hub.store
        .write(call.stamp("acknowledge.answer"), move |tx| {
            let row = advisory::find(tx, id)?.ok_or(AnswerError::NotFound)?;
            if issued_text(tx, &actor, id, tx.now())?.is_none() {
                return Err(unreadable(tx, &actor, id, tx.now())?);
            }
            let mut line = addressee::find(tx, line)?
                .filter(|line| line.advisory == id && line.organization == actor.organization)
                .filter(|line| line.removed_at.is_none())
                .filter(|line| line.person.is_none_or(|person| person == actor.person))
                .ok_or(AnswerError::NotFound)?;
            if row.advisory.stage != AdvisoryStage::Issued {
                return Err(AnswerError::Ended);
            }
            let (progress, reason) = match answer {
                Answer::Accepted => (Progress::Accepted, None),
                Answer::Done => (Progress::Done, None),
                Answer::NotApplicable => (Progress::NotApplicable, None),
                Answer::Cannot(reason) => (Progress::Cannot, Some(reason)),
            };
            settle(&mut line, progress, actor.person, tx.now());
            addressee::update(tx, &line, reason.as_ref())?;
            addressee::note_answer(tx, &line)?;
            Ok(record(tx, &entry(&line))?)
        })
}

/// Why an advisory that cannot be read takes no answer: who could read it once is told that it ended.
fn unreadable(
    reader: &Reader<'_>,
    actor: &Actor,
    id: AdvisoryId,
    now: Timestamp,
) -> Result<AnswerError, StoreError> {
    let lost = lost(reader, &Sight::of(actor, now), Lost::One(id), 1)?;
    Ok(if lost.is_empty() {
        AnswerError::NotFound
    } else {
        AnswerError::Ended
    })
}

/// Writes the answer into the line. Who answers at all has seen it and taken it on.
fn settle(line: &mut AddresseeRow, progress: Progress, person: PersonId, now: Timestamp) {
    line.progress = line.progress.after(progress);
    line.delivered_at = line.delivered_at.or(Some(now));
    line.opened_at = line.opened_at.or(Some(now));
    line.accepted_at = line.accepted_at.or(Some(now));
    line.settled_at = progress.is_settled().then_some(now);
    line.answered_by = Some(person);
}

fn entry(line: &AddresseeRow) -> Entry {
    Entry {
        event: "advisory-acknowledged",
        object: line.advisory.to_string(),
        owner: Some(line.organization),
        facts: vec![
            ("addressee", line.id.to_string()),
            ("tier", line.tier.word().to_owned()),
            ("progress", line.progress.word().to_owned()),
        ],
    }
}
