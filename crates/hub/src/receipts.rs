//! Receipts: what became of a report, for its source.

use domain::policy::Action;
use domain::report::Report;
use store::report;

use crate::call::{Call, Hub, ReadError};

/// Reports shown on the list of what was sent.
pub const SENT_ROWS_MAX: u32 = 200;

/// Reports that the caller's organization sent under its name, newest first.
///
/// # Errors
/// [`ReadError::NotFound`] when the role neither reports nor reads receipts.
pub fn sent(hub: &Hub, call: &Call<'_>) -> Result<Vec<Report>, ReadError> {
    if !call.may(Action::Submit) && !call.may(Action::ReadReceipts) {
        return Err(ReadError::NotFound);
    }
    let own = call.actor.organization;
    Ok(hub
        .store
        .read(move |reader| report::sent_by(reader, own, SENT_ROWS_MAX))?)
}
