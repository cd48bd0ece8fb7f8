//! Reports past their time.

use domain::id::ReportId;
use domain::part::Subject;
use domain::report::ReportKind;
use domain::time::Timestamp;
use rusqlite::named_params;

use super::{Step, erase_subject, run};
use crate::error::StoreError;
use crate::row::{change, collect, one};
use crate::transaction::{Reader, Tx};

/// Reports of `kind` accepted before `before` that still have texts, oldest first.
pub fn due_reports(
    reader: &Reader<'_>,
    kind: ReportKind,
    before: Timestamp,
    limit: u32,
) -> Result<Vec<ReportId>, StoreError> {
    const DUE: &str = "-- retention.due_reports
        SELECT r.report_id FROM report r
        WHERE r.kind = :kind AND r.accepted_at < :before
          AND EXISTS (SELECT 1 FROM part p WHERE p.subject_id = r.report_id AND p.body IS NOT NULL)
        ORDER BY r.accepted_at, r.report_id LIMIT :limit";
    collect(
        reader.data(),
        "retention.due_reports",
        "report",
        DUE,
        named_params! {":kind": kind.word(), ":before": before.micros(), ":limit": limit},
        |row| row.word("report_id"),
    )
}

/// Whether anything of a report can still be read by somebody.
pub fn holds_text(reader: &Reader<'_>, report: ReportId) -> Result<bool, StoreError> {
    const HOLDS: &str = "-- retention.holds_text
        SELECT part_id FROM part WHERE subject_id = :report AND body IS NOT NULL LIMIT 1";
    let found: Option<String> = one(
        reader.data(),
        "retention.holds_text",
        "part",
        HOLDS,
        named_params! {":report": report.to_string()},
        |row| row.plain("part_id"),
    )?;
    Ok(found.is_some())
}

/// Erases everything that could be read of a report: its key, and with it every text wherever a copy
/// lies; its bodies, facets, words of the search index, seal, dialogue, reviews and mailbox. The
/// control record stays without its sector and without the person who sent it.
pub fn erase_report(tx: &Tx<'_>, report: ReportId) -> Result<(), StoreError> {
    const STEPS: &[Step] = &[
        (
            "retention.erase_seal",
            "-- retention.erase_seal
            DELETE FROM sealed_identity WHERE report_id = :id",
        ),
        (
            "retention.erase_passages",
            "-- retention.erase_passages
            UPDATE message_passage SET body = NULL
            WHERE message_id IN (SELECT message_id FROM message WHERE report_id = :id)",
        ),
        (
            "retention.erase_reviews",
            "-- retention.erase_reviews
            UPDATE review SET body = x'', author_due_at = NULL,
                   stage = CASE stage WHEN 'open' THEN 'withheld' ELSE stage END
            WHERE report_id = :id",
        ),
        (
            "retention.erase_mailbox",
            "-- retention.erase_mailbox
            DELETE FROM mailbox WHERE report_id = :id",
        ),
    ];
    const CONTROL: &str = "-- retention.erase_control
        UPDATE report SET sector = NULL, submitted_by = NULL, updated_at = :now, updated_by = :by
        WHERE report_id = :report";
    let id = report.to_string();
    run(tx, STEPS, &id)?;
    change(
        tx.data(),
        "retention.erase_control",
        CONTROL,
        named_params! {":report": id, ":now": tx.now().micros(), ":by": tx.name()},
    )?;
    erase_subject(tx, Subject::Report(report))
}
