//! A carrier takes back what it sent: the server is its own user's, or the finding is wrong.

use domain::id::CandidateId;
use domain::part::Subject;
use domain::policy::Action;
use store::finding::FindingRow;
use store::log::{Entry, record};
use store::{finding, part};

use crate::call::{Call, Hub, ReadError};

/// Ends the sharing of what the caller's organization found about a candidate, for everybody. Only a
/// person shares it again: a program that sends it once more does not.
///
/// # Errors
/// [`ReadError::NotFound`] when the organization found nothing there, or took it back before.
pub fn withdraw(hub: &Hub, call: &Call<'_>, id: CandidateId) -> Result<(), ReadError> {
    if !call.may(Action::SubmitFindings) {
        return Err(ReadError::NotFound);
    }
    let actor = call.actor.clone();
    hub.store.write(call.stamp("finding.withdraw"), move |tx| {
        let found = finding::of_source(tx, id, actor.organization)?;
        let found = found.filter(|found| found.withdrawn_at.is_none());
        let found = found.ok_or(ReadError::NotFound)?;
        part::end_grants(tx, Subject::Finding(found.id))?;
        let row = FindingRow {
            person: actor.person,
            withdrawn_at: Some(tx.now()),
            ..found
        };
        finding::write(tx, &row)?;
        let object = found.id.to_string();
        let mark = super::mark(tx, &object, actor.person);
        let entry = Entry {
            event: "finding-withdrawn",
            object,
            owner: Some(found.source),
            facts: vec![mark],
        };
        Ok::<_, ReadError>(record(tx, &entry)?)
    })
}
