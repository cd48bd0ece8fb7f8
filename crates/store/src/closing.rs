//! Reports that their relay settled, and those that their source opened again.

use domain::id::{PersonId, ReportId};
use domain::report::closing::CloseReason;
use domain::time::Timestamp;
use rusqlite::named_params;

use crate::error::StoreError;
use crate::row::{change, collect};
use crate::transaction::{Reader, Tx};

/// That a report was closed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Closing {
    /// Why.
    pub reason: CloseReason,
    /// When.
    pub closed_at: Timestamp,
    /// When it was opened again; `None` while it is closed.
    pub reopened_at: Option<Timestamp>,
}

/// Writes that `report` is closed now.
pub fn insert(
    tx: &Tx<'_>,
    report: ReportId,
    reason: CloseReason,
    person: PersonId,
) -> Result<(), StoreError> {
    const INSERT: &str = "-- closing.insert
        INSERT INTO closing (report_id, closed_at, reason, person_id, updated_by)
        VALUES (:report, :now, :reason, :person, :by)";
    change(
        tx.data(),
        "closing.insert",
        INSERT,
        named_params! {
            ":report": report.to_string(),
            ":now": tx.now().micros(),
            ":reason": reason.word(),
            ":person": person.to_string(),
            ":by": tx.name(),
        },
    )
    .map(|_| ())
}

/// Writes that `report` is open again.
pub fn reopen(tx: &Tx<'_>, report: ReportId) -> Result<(), StoreError> {
    const REOPEN: &str = "-- closing.reopen
        UPDATE closing SET reopened_at = :now, updated_by = :by
        WHERE report_id = :report AND reopened_at IS NULL";
    change(
        tx.data(),
        "closing.reopen",
        REOPEN,
        named_params! {
            ":report": report.to_string(), ":now": tx.now().micros(), ":by": tx.name(),
        },
    )
    .map(|_| ())
}

/// Every closing of `report`, oldest first.
pub fn of_report(reader: &Reader<'_>, report: ReportId) -> Result<Vec<Closing>, StoreError> {
    const LIST: &str = "-- closing.of_report
        SELECT reason, closed_at, reopened_at FROM closing
        WHERE report_id = :report ORDER BY closed_at";
    collect(
        reader.data(),
        "closing.of_report",
        "closing",
        LIST,
        named_params! {":report": report.to_string()},
        |row| {
            Ok(Closing {
                reason: row.word("reason")?,
                closed_at: row.time("closed_at")?,
                reopened_at: row.time_or_none("reopened_at")?,
            })
        },
    )
}
