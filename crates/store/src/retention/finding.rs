//! Findings and candidates past their time.

use domain::id::{CandidateId, FindingId};
use domain::part::Subject;
use domain::time::Timestamp;
use rusqlite::named_params;

use super::{Step, erase_subject, run};
use crate::error::StoreError;
use crate::row::collect;
use crate::transaction::{Reader, Tx};

/// Findings of which nothing came after `before` and whose sharing is over at `now`, the oldest first.
pub fn due_findings(
    reader: &Reader<'_>,
    before: Timestamp,
    now: Timestamp,
    limit: u32,
) -> Result<Vec<FindingId>, StoreError> {
    const DUE: &str = "-- retention.due_findings
        SELECT f.finding_id FROM finding f
        WHERE f.updated_at < :before
          AND NOT EXISTS (SELECT 1 FROM part p
                          WHERE p.subject_id = f.finding_id AND p.body IS NOT NULL
                            AND f.withdrawn_at IS NULL
                            AND (p.expires_at IS NULL OR p.expires_at > :now))
        ORDER BY f.updated_at, f.finding_id LIMIT :limit";
    collect(
        reader.data(),
        "retention.due_findings",
        "finding",
        DUE,
        named_params! {":before": before.micros(), ":now": now.micros(), ":limit": limit},
        |row| row.word("finding_id"),
    )
}

/// Candidates without a finding about which nobody said or counted anything after `before`.
pub fn due_candidates(
    reader: &Reader<'_>,
    before: Timestamp,
    limit: u32,
) -> Result<Vec<CandidateId>, StoreError> {
    const DUE: &str = "-- retention.due_candidates
        SELECT c.candidate_id FROM candidate c
        WHERE c.opened_at < :before
          AND NOT EXISTS (SELECT 1 FROM finding f WHERE f.candidate_id = c.candidate_id)
          AND NOT EXISTS (SELECT 1 FROM candidate_judgment j
                          WHERE j.candidate_id = c.candidate_id AND j.given_at >= :before)
          AND NOT EXISTS (SELECT 1 FROM candidate_step s
                          WHERE s.candidate_id = c.candidate_id AND s.entered_at >= :before)
          AND NOT EXISTS (SELECT 1 FROM campaign n
                          WHERE n.candidate_id = c.candidate_id AND n.updated_at >= :before)
        ORDER BY c.opened_at, c.candidate_id LIMIT :limit";
    collect(
        reader.data(),
        "retention.due_candidates",
        "candidate",
        DUE,
        named_params! {":before": before.micros(), ":limit": limit},
        |row| row.word("candidate_id"),
    )
}

/// Erases a finding: its key, its texts, to whom it was granted, and whose it was. Its parts stay as
/// empty rows where somebody read them.
pub fn erase_finding(tx: &Tx<'_>, finding: FindingId) -> Result<(), StoreError> {
    const STEPS: &[Step] = &[
        (
            "retention.erase_finding_grants",
            "-- retention.erase_finding_grants
            DELETE FROM part_audience
            WHERE part_id IN (SELECT part_id FROM part WHERE subject_id = :id)",
        ),
        (
            "retention.erase_finding_source",
            "-- retention.erase_finding_source
            DELETE FROM finding WHERE finding_id = :id",
        ),
    ];
    let id = finding.to_string();
    erase_subject(tx, Subject::Finding(finding))?;
    crate::finding::sight::forget(tx, finding)?;
    run(tx, STEPS, &id)
}

/// Erases a candidate: what was said of it with the reasons, what became of it, and the numbers of
/// users that were told. Found again, the server is a new candidate.
pub fn erase_candidate(tx: &Tx<'_>, candidate: CandidateId) -> Result<(), StoreError> {
    const STEPS: &[Step] = &[
        (
            "retention.erase_sight",
            "-- retention.erase_sight
            DELETE FROM candidate_sight WHERE candidate_id = :id",
        ),
        (
            "retention.erase_judgments",
            "-- retention.erase_judgments
            DELETE FROM candidate_judgment WHERE candidate_id = :id",
        ),
        (
            "retention.erase_steps",
            "-- retention.erase_steps
            DELETE FROM candidate_step WHERE candidate_id = :id",
        ),
        (
            "retention.erase_campaigns",
            "-- retention.erase_campaigns
            DELETE FROM campaign WHERE candidate_id = :id",
        ),
        (
            "retention.erase_advised",
            "-- retention.erase_advised
            DELETE FROM advisory_candidate WHERE candidate_id = :id",
        ),
        (
            "retention.erase_candidate",
            "-- retention.erase_candidate
            DELETE FROM candidate WHERE candidate_id = :id",
        ),
    ];
    let id = candidate.to_string();
    run(tx, STEPS, &id)?;
    crate::log::erase(tx, &id)?;
    tx.destroy_key(&id)
}
