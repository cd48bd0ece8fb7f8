//! The proofs of a source that is not named: whoever has the mailbox code has the report.

use domain::policy::Action;
use seal::token::{MailboxCode, mailbox_locator};
use store::log::View;
use store::{StoreError, custody};

use super::read::prove;
use super::{LogError, Proof};
use crate::call::{Call, Hub};
use crate::limit::{self, Limited};

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
    hub.store.read(move |reader| {
        let mut proofs = Vec::new();
        for entry in store::log::about(reader, View::All, &report.to_string())? {
            if FOR_THE_SOURCE.contains(&entry.event.as_str()) && entry.leaf_index.is_some() {
                proofs.push(prove(reader, &entry)?);
            }
        }
        if proofs.is_empty() {
            return Err(LogError::Waiting);
        }
        Ok(proofs)
    })
}

/// What a source may see of its report. Refused attempts are for auditors; the opening of a sealed
/// identity is told at its own time, by the receipts.
const FOR_THE_SOURCE: [&str; 9] = [
    "author-approved",
    "handling-changed",
    "log-erased",
    "part-read",
    "part-released",
    "release-approved",
    "report-accepted",
    "report-erased",
    "review-opened",
];
