//! Advisories past their time.

use domain::id::AdvisoryId;
use domain::part::Subject;
use domain::time::Timestamp;
use rusqlite::named_params;

use super::{Step, erase_subject, run};
use crate::error::StoreError;
use crate::row::collect;
use crate::transaction::{Reader, Tx};

/// Advisories whose last step was before `before` and that still have texts, oldest first.
pub fn due_advisories(
    reader: &Reader<'_>,
    before: Timestamp,
    limit: u32,
) -> Result<Vec<AdvisoryId>, StoreError> {
    const DUE: &str = "-- retention.due_advisories
        SELECT v.advisory_id FROM advisory v
        WHERE v.updated_at < :before
          AND NOT EXISTS (SELECT 1 FROM advisory_draft d
                          WHERE d.advisory_id = v.advisory_id AND d.updated_at >= :before)
          AND EXISTS (SELECT 1 FROM part p WHERE p.subject_id = v.advisory_id AND p.body IS NOT NULL)
        ORDER BY v.updated_at, v.advisory_id LIMIT :limit";
    collect(
        reader.data(),
        "retention.due_advisories",
        "advisory",
        DUE,
        named_params! {":before": before.micros(), ":limit": limit},
        |row| row.word("advisory_id"),
    )
}

/// Erases every text of an advisory: what was issued in each revision, what is under work, the
/// reasons, remarks and questions of its addressees, and the answers to these. Number, addressees,
/// times and answers stay: they are
/// codes, and the measures rest on them.
pub fn erase_advisory(tx: &Tx<'_>, advisory: AdvisoryId) -> Result<(), StoreError> {
    const STEPS: &[Step] = &[
        (
            "retention.erase_advisory_draft",
            "-- retention.erase_advisory_draft
            DELETE FROM advisory_draft WHERE advisory_id = :id",
        ),
        (
            "retention.erase_reasons",
            "-- retention.erase_reasons
            UPDATE addressee SET reason = NULL WHERE advisory_id = :id",
        ),
        (
            "retention.erase_remarks",
            "-- retention.erase_remarks
            UPDATE feedback SET remark = NULL WHERE advisory_id = :id",
        ),
        (
            "retention.erase_questions",
            "-- retention.erase_questions
            UPDATE question SET body = NULL, answer = NULL, wording = NULL
            WHERE advisory_id = :id",
        ),
        (
            "retention.erase_proposals",
            "-- retention.erase_proposals
            DELETE FROM question_proposal
            WHERE question_id IN (SELECT question_id FROM question WHERE advisory_id = :id)",
        ),
    ];
    run(tx, STEPS, &advisory.to_string())?;
    crate::delivery::cancel_waiting(tx, advisory)?;
    erase_subject(tx, Subject::Advisory(advisory))
}
