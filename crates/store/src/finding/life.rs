//! What became of a candidate: steps with their times, and the advisories that rest on it.

use domain::finding::LifeStep;
use domain::id::{AdvisoryId, CandidateId, OrganizationId, PersonId};
use domain::time::Timestamp;
use rusqlite::named_params;

use crate::error::StoreError;
use crate::row::{change, collect, json_list};
use crate::transaction::{Reader, Tx};

/// Something that happened to a server.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct StepRow {
    /// About which candidate.
    pub candidate: CandidateId,
    /// What.
    pub step: LifeStep,
    /// When, as whoever entered it says.
    pub happened_at: Timestamp,
    /// Whose word it is.
    pub organization: OrganizationId,
    /// Who entered it.
    pub person: PersonId,
}

/// Notes a step; noted again, the later entry counts.
pub fn note(tx: &Tx<'_>, step: &StepRow) -> Result<(), StoreError> {
    const NOTE: &str = "-- finding.note_step
        INSERT INTO candidate_step (candidate_id, step, happened_at, org_id, person_id, entered_at,
                                    updated_by)
        VALUES (:candidate, :step, :happened_at, :org, :person, :now, :by)
        ON CONFLICT (candidate_id, step, entered_at) DO UPDATE
        SET happened_at = excluded.happened_at, org_id = excluded.org_id,
            person_id = excluded.person_id";
    change(
        tx.data(),
        "finding.note_step",
        NOTE,
        named_params! {
            ":candidate": step.candidate.to_string(), ":step": step.step.word(),
            ":happened_at": step.happened_at.micros(), ":org": step.organization.to_string(),
            ":person": step.person.to_string(), ":now": tx.now().micros(), ":by": tx.name(),
        },
    )
    .map(|_| ())
}

/// The latest entry of each step of those candidates, in the order in which they happened.
pub fn steps(reader: &Reader<'_>, candidates: &[CandidateId]) -> Result<Vec<StepRow>, StoreError> {
    const STEPS: &str = "-- finding.steps
        SELECT s.* FROM candidate_step s
        WHERE s.candidate_id IN (SELECT value FROM json_each(:candidates))
          AND s.entered_at = (SELECT max(t.entered_at) FROM candidate_step t
                              WHERE t.candidate_id = s.candidate_id AND t.step = s.step)
        ORDER BY s.happened_at, s.step, s.candidate_id";
    collect(
        reader.data(),
        "finding.steps",
        "candidate_step",
        STEPS,
        named_params! {":candidates": json_list(candidates)},
        |row| {
            Ok(StepRow {
                candidate: row.word("candidate_id")?,
                step: row.word("step")?,
                happened_at: row.time("happened_at")?,
                organization: row.word("org_id")?,
                person: row.word("person_id")?,
            })
        },
    )
}

/// Says that an advisory rests on what was found about a candidate.
pub fn link(tx: &Tx<'_>, advisory: AdvisoryId, candidate: CandidateId) -> Result<(), StoreError> {
    const LINK: &str = "-- finding.link_advisory
        INSERT INTO advisory_candidate (advisory_id, candidate_id, updated_by)
        VALUES (:advisory, :candidate, :by)
        ON CONFLICT (advisory_id, candidate_id) DO NOTHING";
    change(
        tx.data(),
        "finding.link_advisory",
        LINK,
        named_params! {
            ":advisory": advisory.to_string(), ":candidate": candidate.to_string(),
            ":by": tx.name(),
        },
    )
    .map(|_| ())
}

/// The candidates that an advisory rests on.
pub fn linked(reader: &Reader<'_>, advisory: AdvisoryId) -> Result<Vec<CandidateId>, StoreError> {
    const LINKED: &str = "-- finding.linked
        SELECT candidate_id FROM advisory_candidate WHERE advisory_id = :advisory
        ORDER BY candidate_id";
    collect(
        reader.data(),
        "finding.linked",
        "advisory_candidate",
        LINKED,
        named_params! {":advisory": advisory.to_string()},
        |row| row.word("candidate_id"),
    )
}
