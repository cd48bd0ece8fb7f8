//! The proofs of a source that is not named: whoever has the mailbox code has the report.

use domain::id::{OpeningId, ReportId};
use domain::policy::Action;
use domain::report::receipt::batch_until;
use seal::token::{MailboxCode, mailbox_locator};
use store::log::{Commitment, View};
use store::{Reader, StoreError, custody};

use super::read::prove;
use super::{LogError, Proof};
use crate::call::{Call, Hub};
use crate::limit::{self, Limited};
use crate::mailbox::MailboxPass;
use crate::open_seal::told_opening_ids;

/// The proofs of the published entries about the report behind `typed`, a mailbox code as a person
/// types it, oldest first. A named source sees the same events by owning them.
///
/// # Errors
/// [`LogError::NotFound`] when the code opens nothing; [`LogError::TooMany`] after too many of these;
/// [`LogError::Waiting`] when none of the entries is published yet.
pub fn mailbox_proofs(hub: &Hub, call: &Call<'_>, typed: &str) -> Result<Vec<Proof>, LogError> {
    if !call.may(Action::Submit) {
        return Err(LogError::NotFound);
    }
    let code = MailboxCode::parse(typed).map_err(|_| LogError::NotFound)?;
    let limited = Limited::Mailbox(call.actor.person);
    limit::enter(hub, &limited, call.now, &call.random)?;
    let locator = mailbox_locator(&code, &hub.mailbox_pepper(), hub.cost)?;
    let found = hub
        .store
        .read::<_, StoreError>(move |reader| custody::mailbox(reader, &locator))?;
    let report = found.ok_or(LogError::NotFound)?;
    let desk = hub.clone();
    hub.store
        .write::<_, StoreError>(call.stamp("log.mailbox"), move |tx| {
            limit::clear(&desk, tx, &limited)
        })?;
    proofs_about(hub, call, report)
}

/// The same for a mailbox that is open.
///
/// # Errors
/// [`LogError::Waiting`] when none of the entries is published yet.
pub fn opened_mailbox_proofs(
    hub: &Hub,
    call: &Call<'_>,
    pass: &MailboxPass,
) -> Result<Vec<Proof>, LogError> {
    proofs_about(hub, call, pass.report())
}

/// The proofs that the source of `report` is given now: in the same daily batches as its receipts,
/// since a proof tells the second.
fn proofs_about(hub: &Hub, call: &Call<'_>, report: ReportId) -> Result<Vec<Proof>, LogError> {
    let now = call.now;
    hub.store.read(move |reader| {
        let until = batch_until(now);
        let told = told_opening_ids(reader, report, now)?;
        let mut proofs = Vec::new();
        for entry in store::log::about(reader, View::All, &report.to_string())? {
            let in_batch = entry.committed_at < until || entry.event == ACCEPTED;
            let meant = if OF_OPENINGS.contains(&entry.event.as_str()) {
                is_about(reader, &entry, &told)?
            } else {
                FOR_THE_SOURCE.contains(&entry.event.as_str())
            };
            if in_batch && meant && entry.leaf_index.is_some() {
                proofs.push(prove(reader, &entry)?);
            }
        }
        if proofs.is_empty() {
            return Err(LogError::Waiting);
        }
        Ok(proofs)
    })
}

/// Whether an entry about an opening names one of `told`; an erased one names none.
fn is_about(
    reader: &Reader<'_>,
    entry: &Commitment,
    told: &[OpeningId],
) -> Result<bool, StoreError> {
    let Some(shown) = entry.opening(reader)? else {
        return Ok(false);
    };
    let named = |id: &OpeningId| {
        let fact = format!("opening={id}");
        shown.payload.lines().any(|line| line == fact)
    };
    Ok(told.iter().any(named))
}

/// The source was there when it was accepted.
const ACCEPTED: &str = "report-accepted";

/// What a source may see of its report. Refused attempts are for auditors, and what is said between
/// a relay and those above it before anything reaches the source.
const FOR_THE_SOURCE: [&str; 16] = [
    "author-approved",
    "author-asked",
    "handling-changed",
    "log-erased",
    "part-read",
    "part-released",
    "passage-passed",
    "release-approved",
    "release-withheld",
    ACCEPTED,
    "report-erased",
    "report-updated",
    "report-withdrawn",
    "review-opened",
    "source-answered",
    "source-asked",
];

/// What became of an opening of the sealed identity: for the source once it is told of that opening.
const OF_OPENINGS: [&str; 6] = [
    "identity-opened",
    "opening-approved",
    "opening-ended",
    "opening-refused",
    "opening-requested",
    "opening-withdrawn",
];
