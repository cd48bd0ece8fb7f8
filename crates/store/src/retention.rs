//! What is due to be erased, and erasing it.
//!
//! Erasing destroys the object's key, empties the columns and takes the words out of the search
//! index. What stays is a control record, so that what refers to the object still finds something,
//! and the hashes of its log entries.
//!
//! INVARIANT: each `due_…` lists only what still holds a text, so that running it again ends.

mod advisory;
mod finding;
mod grouping;
mod person;
mod report;

use domain::part::Subject;
use rusqlite::named_params;

use crate::error::StoreError;
use crate::row::change;
use crate::transaction::Tx;

pub use advisory::{due_advisories, erase_advisory};
pub use finding::{due_candidates, due_findings, erase_candidate, erase_finding};
pub use grouping::{delete_counts, due_groups, due_invitations, erase_group, erase_invitation};
pub use person::{due_people, erase_person};
pub use report::{due_reports, erase_report, holds_text};

/// A statement with its name; each takes `:id`.
type Step = (&'static str, &'static str);

/// Runs `steps` for the object `id`.
fn run(tx: &Tx<'_>, steps: &[Step], id: &str) -> Result<(), StoreError> {
    for (name, sql) in steps {
        change(tx.data(), name, sql, named_params! {":id": id})?;
    }
    Ok(())
}

/// Erases the texts of what consists of parts: facets and bodies, its words in the search index, what
/// opens its log entries, and its key.
fn erase_subject(tx: &Tx<'_>, subject: Subject) -> Result<(), StoreError> {
    const FACETS: &str = "-- retention.erase_facets
        DELETE FROM part_facet WHERE part_id IN (SELECT part_id FROM part WHERE subject_id = :id)";
    const BODIES: &str = "-- retention.erase_bodies
        UPDATE part SET body = NULL, updated_by = :by WHERE subject_id = :id";
    let id = subject.to_string();
    change(
        tx.data(),
        "retention.erase_facets",
        FACETS,
        named_params! {":id": id},
    )?;
    change(
        tx.data(),
        "retention.erase_bodies",
        BODIES,
        named_params! {":id": id, ":by": tx.name()},
    )?;
    tx.touch(subject);
    crate::log::erase(tx, &id)?;
    tx.destroy_key(&id)
}
