//! Settling: a relay closes a report, an issuer closes an advisory. Nothing is lost by it.
//!
//! A closed report waits for nobody; its parts and grants stay, and an update by its source opens it
//! again ([`crate::update`]). A closed advisory takes no more answers, reminds and calls in nobody,
//! and stays readable; feedback can still be given, and it can still be recalled.

use domain::actor::Actor;
use domain::advisory::{AdvisoryKind, AdvisoryStep, WrongAdvisoryStage};
use domain::id::{AdvisoryId, ReportId};
use domain::part::Subject;
use domain::policy::Action;
use domain::report::Report;
use domain::report::closing::CloseReason;
use domain::report::stage::{Step, WrongStage};
use domain::time::Timestamp;
use store::advisory::ClosedRow;
use store::advisory::addressee::{self, AddresseeRow};
use store::log::{Entry, record};
use store::part::Sight;
use store::{Reader, StoreError, advisory, closing, delivery, report, withdrawal};

use crate::call::{Call, Hub};
use crate::compose::entry;
use crate::intake::{Head, readable};
use crate::log::{Attempt, noting};

pub use store::closing::Closing;

/// Why nothing was closed. Nothing was changed.
#[derive(Debug, thiserror::Error)]
pub enum CloseError {
    /// It is not there for this caller, or the role does not close.
    #[error("nothing is here")]
    NotFound,
    /// The report is under review, was taken back, or is closed already.
    #[error(transparent)]
    WrongStage(#[from] WrongStage),
    /// The advisory was never issued, was recalled, or is closed already.
    #[error(transparent)]
    WrongAdvisoryStage(#[from] WrongAdvisoryStage),
    /// The store failed.
    #[error(transparent)]
    Store(#[from] StoreError),
}

impl Attempt for CloseError {
    fn is_refusal(&self) -> bool {
        matches!(self, Self::NotFound)
    }
}

/// Closes a report at the relay that received it.
///
/// # Errors
/// [`CloseError`].
pub fn close_report(
    hub: &Hub,
    call: &Call<'_>,
    id: ReportId,
    reason: CloseReason,
) -> Result<(), CloseError> {
    let outcome = report_at_once(hub, call, id, reason);
    noting(hub, call, Action::ReviewBorder, &id.to_string(), outcome)
}

fn report_at_once(
    hub: &Hub,
    call: &Call<'_>,
    id: ReportId,
    reason: CloseReason,
) -> Result<(), CloseError> {
    if !call.may(Action::ReviewBorder) {
        return Err(CloseError::NotFound);
    }
    let actor = call.actor.clone();
    hub.store.write(call.stamp("close.report"), move |tx| {
        let found = at_relay(tx, &actor, id, tx.now())?;
        let stage = found.stage.after(Step::Close)?;
        report::set_stage(tx, id, stage)?;
        closing::insert(tx, id, reason, actor.person)?;
        let entry = Entry {
            event: "report-closed",
            object: id.to_string(),
            owner: report::source(tx, id)?.map(|link| link.organization),
            facts: vec![("reason", reason.word().to_owned())],
        };
        Ok(record(tx, &entry)?)
    })
}

/// Closes an advisory of the caller's organization.
///
/// # Errors
/// [`CloseError`].
pub fn close_advisory(hub: &Hub, call: &Call<'_>, id: AdvisoryId) -> Result<(), CloseError> {
    let outcome = advisory_at_once(hub, call, id);
    noting(hub, call, Action::IssueAdvisory, &id.to_string(), outcome)
}

fn advisory_at_once(hub: &Hub, call: &Call<'_>, id: AdvisoryId) -> Result<(), CloseError> {
    if !call.may(Action::IssueAdvisory) {
        return Err(CloseError::NotFound);
    }
    let actor = call.actor.clone();
    hub.store.write(call.stamp("close.advisory"), move |tx| {
        let mut row = advisory::find(tx, id)?
            .filter(|row| row.advisory.issuer == actor.organization)
            .ok_or(CloseError::NotFound)?;
        row.advisory.stage = row.advisory.stage.after(AdvisoryStep::Close)?;
        row.closed = Some(ClosedRow {
            at: tx.now(),
            by: actor.person,
        });
        advisory::update(tx, &row)?;
        advisory::remove_draft(tx, id)?;
        let canceled = delivery::cancel_older(tx, id)?;
        let facts = vec![
            ("revision", row.advisory.revision.to_string()),
            ("canceled", canceled.to_string()),
        ];
        Ok(record(
            tx,
            &entry("advisory-closed", &row, actor.person, facts),
        )?)
    })
}

/// What closing an advisory would end, for who is about to do it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Ending {
    /// Its number.
    pub number: String,
    /// Its kind.
    pub kind: AdvisoryKind,
    /// Lines that have no final answer yet.
    pub waiting_count: usize,
}

/// What closing an advisory would end; changes nothing.
///
/// # Errors
/// [`CloseError`].
pub fn look_at_advisory(hub: &Hub, call: &Call<'_>, id: AdvisoryId) -> Result<Ending, CloseError> {
    if !call.may(Action::IssueAdvisory) {
        return Err(CloseError::NotFound);
    }
    let own = call.actor.organization;
    hub.store.read(move |reader| {
        let row = advisory::find(reader, id)?
            .filter(|row| row.advisory.issuer == own)
            .ok_or(CloseError::NotFound)?;
        row.advisory.stage.after(AdvisoryStep::Close)?;
        let lines = addressee::of_advisory(reader, id)?;
        let waits = |line: &&AddresseeRow| line.removed_at.is_none() && !line.progress.is_settled();
        Ok(Ending {
            number: row.number,
            kind: row.advisory.kind,
            waiting_count: lines.iter().filter(waits).count(),
        })
    })
}

/// The report that is about to be closed; changes nothing, and shows none of its texts.
///
/// # Errors
/// [`CloseError`].
pub fn look_at_report(hub: &Hub, call: &Call<'_>, id: ReportId) -> Result<Head, CloseError> {
    if !call.may(Action::ReviewBorder) {
        return Err(CloseError::NotFound);
    }
    let (actor, now) = (call.actor.clone(), call.now);
    hub.store.read(move |reader| {
        let found = at_relay(reader, &actor, id, now)?;
        found.stage.after(Step::Close)?;
        Ok(Head::of(found, actor.organization))
    })
}

/// The last closing of a report, for the relay that received it; `None` while it is open and for
/// everybody else.
///
/// # Errors
/// When the store fails.
pub fn closed(hub: &Hub, call: &Call<'_>, id: ReportId) -> Result<Option<Closing>, StoreError> {
    let (actor, now) = (call.actor.clone(), call.now);
    hub.store.read(move |reader| {
        match at_relay(reader, &actor, id, now) {
            Err(CloseError::Store(failure)) => return Err(failure),
            Err(_) => return Ok(None),
            Ok(_) => {}
        }
        let last = closing::of_report(reader, id)?.pop();
        Ok(last.filter(|closing| closing.reopened_at.is_none()))
    })
}

/// The report, if the actor's organization received it and something of it is there for the actor.
fn at_relay(
    reader: &Reader<'_>,
    actor: &Actor,
    id: ReportId,
    now: Timestamp,
) -> Result<Report, CloseError> {
    let found = report::find(reader, id)?
        .filter(|found| found.relay == actor.organization)
        .ok_or(CloseError::NotFound)?;
    // A report that was taken back is there as a tombstone, and takes no step any more.
    if readable(reader, actor, Subject::Report(id), now)?.is_empty()
        && withdrawal::visible(reader, &Sight::of(actor, now), id)?.is_none()
    {
        return Err(CloseError::NotFound);
    }
    Ok(found)
}
