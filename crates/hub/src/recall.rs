//! Recalling: an issued advisory is taken back from everybody it was ever given to.
//!
//! It cannot be unread, and the pages say so. Every grant ends, what waits to be sent is given up, the
//! words leave the search index, and each former reader finds a tombstone ([`crate::tombstone`]).
//!
//! INVARIANT: a recalled advisory has no reader, not even at its issuer.

use std::collections::BTreeSet;

use domain::advisory::delivery::Occasion;
use domain::advisory::withdrawal::{Copies, Why};
use domain::advisory::{AdvisoryStep, WrongAdvisoryStage};
use domain::id::{AdvisoryId, PersonId};
use domain::policy::Action;
use store::advisory::addressee::{self, AddresseeRow};
use store::advisory::holders::{self, ReaderRow};
use store::advisory::{AdvisoryRow, RecallRow};
use store::log::record;
use store::person::memberships_in;
use store::{StoreError, Tx, advisory, delivery};

use crate::addressing::told_first;
use crate::call::{Call, Hub};
use crate::compose::entry;
use crate::deliver::tell;
use crate::log::{Attempt, noting};

/// Why an advisory was not recalled. Nothing was changed.
#[derive(Debug, thiserror::Error)]
pub enum RecallError {
    /// It is not there for this caller, or the role does not issue.
    #[error("nothing is here")]
    NotFound,
    /// It was never issued, or is recalled already.
    #[error(transparent)]
    WrongStage(#[from] WrongAdvisoryStage),
    /// The store failed.
    #[error(transparent)]
    Store(#[from] StoreError),
}

impl Attempt for RecallError {
    fn is_refusal(&self) -> bool {
        matches!(self, Self::NotFound)
    }
}

/// Recalls an advisory of the caller's organization.
pub fn recall(
    hub: &Hub,
    call: &Call<'_>,
    id: AdvisoryId,
    why: Why,
    copies: Copies,
) -> Result<(), RecallError> {
    let outcome = at_once(hub, call, id, why, copies);
    noting(hub, call, Action::IssueAdvisory, &id.to_string(), outcome)
}

fn at_once(
    hub: &Hub,
    call: &Call<'_>,
    id: AdvisoryId,
    why: Why,
    copies: Copies,
) -> Result<(), RecallError> {
    if !call.may(Action::IssueAdvisory) {
        return Err(RecallError::NotFound);
    }
    let actor = call.actor.clone();
    hub.store.write(call.stamp("recall.recall"), move |tx| {
        let mut row = advisory::find(tx, id)?
            .filter(|row| row.advisory.issuer == actor.organization)
            .ok_or(RecallError::NotFound)?;
        row.advisory.stage = row.advisory.stage.after(AdvisoryStep::Recall)?;
        row.recall = Some(RecallRow {
            at: tx.now(),
            why,
            copies,
            by: actor.person,
        });
        advisory::update(tx, &row)?;
        advisory::remove_draft(tx, id)?;
        holders::bury(tx, id)?;
        let canceled = delivery::cancel_waiting(tx, id)?;
        let told = tell_holders(tx, &row)?;
        let facts = vec![
            ("revision", row.advisory.revision.to_string()),
            ("why", why.word().to_owned()),
            ("copies", copies.word().to_owned()),
            ("holders", holders::holders(tx, id)?.len().to_string()),
            ("told", told.to_string()),
            ("canceled", canceled.to_string()),
        ];
        Ok(record(
            tx,
            &entry("advisory-recalled", &row, actor.person, facts),
        )?)
    })
}

/// Tells those who are addressees, and of their organizations everybody who opened it; how many.
fn tell_holders(tx: &Tx<'_>, row: &AdvisoryRow) -> Result<usize, StoreError> {
    let id = row.advisory.id;
    let readers = holders::readers(tx, id)?;
    let mut told: BTreeSet<PersonId> = BTreeSet::new();
    let lines = addressee::of_advisory(tx, id)?;
    for line in lines.iter().filter(|line| line.removed_at.is_none()) {
        let mut people = told_first(tx, &line.addressee(), tx.now())?;
        people.extend(readers_of(tx, line, &readers)?);
        people.retain(|person| told.insert(*person));
        tell(tx, line, row.advisory.revision, Occasion::Recalled, &people)?;
    }
    Ok(told.len())
}

/// People of the line's organization who opened it and still hold a place there.
fn readers_of(
    tx: &Tx<'_>,
    line: &AddresseeRow,
    readers: &[ReaderRow],
) -> Result<Vec<PersonId>, StoreError> {
    let places = memberships_in(tx, line.organization, tx.now())?;
    let here = readers
        .iter()
        .filter(|row| row.organization == line.organization);
    Ok(here
        .map(|row| row.person)
        .filter(|person| places.iter().any(|place| place.person == *person))
        .collect())
}
