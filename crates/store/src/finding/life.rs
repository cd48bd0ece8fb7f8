//! What became of a candidate: steps with their times, and the advisories that rest on it.

use domain::finding::LifeStep;
use domain::id::{AdvisoryId, CandidateId, FindingId, OrganizationId, PersonId};
use domain::organization::OrganizationKind;
use domain::time::Timestamp;
use rusqlite::named_params;

use super::sight::{self, Word};
use crate::error::StoreError;
use crate::part::Sight;
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
    /// What that organization is.
    pub kind: OrganizationKind,
    /// Who entered it.
    pub person: PersonId,
}

/// Notes a step by somebody who saw the findings `seen`; noted again by the same organization, the
/// later entry counts.
pub fn note(tx: &Tx<'_>, step: &StepRow, seen: &[FindingId]) -> Result<(), StoreError> {
    const NOTE: &str = "-- finding.note_step
        INSERT INTO candidate_step (candidate_id, org_id, step, happened_at, person_id, entered_at,
                                    updated_by)
        VALUES (:candidate, :org, :step, :happened_at, :person, :now, :by)
        ON CONFLICT (candidate_id, org_id, step, entered_at) DO UPDATE
        SET happened_at = excluded.happened_at, person_id = excluded.person_id";
    change(
        tx.data(),
        "finding.note_step",
        NOTE,
        named_params! {
            ":candidate": step.candidate.to_string(), ":step": step.step.word(),
            ":happened_at": step.happened_at.micros(), ":org": step.organization.to_string(),
            ":person": step.person.to_string(), ":now": tx.now().micros(), ":by": tx.name(),
        },
    )?;
    let word = Word {
        candidate: step.candidate,
        organization: step.organization,
        said: step.step.word(),
        said_at: tx.now(),
    };
    sight::note(tx, &word, seen)
}

/// Each organization's latest entry of each step of those candidates that the reader may see, in the
/// order in which they happened; who may see one, [`super::judgment::visible`] says.
pub fn visible_steps(
    reader: &Reader<'_>,
    sight: &Sight,
    own: OrganizationId,
    candidates: &[CandidateId],
) -> Result<Vec<StepRow>, StoreError> {
    const STEPS: &str = "-- finding.steps
        WITH seen AS (
            SELECT t.* FROM candidate_step t
            WHERE t.candidate_id IN (SELECT value FROM json_each(:candidates))
              AND (t.org_id = :own OR EXISTS (
                  SELECT 1 FROM candidate_sight s
                  JOIN finding f ON f.finding_id = s.finding_id
                  JOIN part p ON p.subject_id = f.finding_id
                  JOIN part_audience a ON a.part_id = p.part_id
                  WHERE s.candidate_id = t.candidate_id AND s.org_id = t.org_id
                    AND s.said = t.step AND s.said_at = t.entered_at
                    AND (f.source_id <> :own OR NOT EXISTS (
                        SELECT 1 FROM candidate_sight o
                        JOIN finding g ON g.finding_id = o.finding_id
                        WHERE o.candidate_id = s.candidate_id AND o.org_id = s.org_id
                          AND o.said = s.said AND o.said_at = s.said_at AND g.source_id <> :own))
                    AND p.body IS NOT NULL
                    AND (p.expires_at IS NULL OR p.expires_at > :now)
                    AND a.audience_key IN (SELECT value FROM json_each(:keys))
                    AND a.purpose = :purpose
                    AND a.clearance <= :clearance
                    AND (a.expires_at IS NULL OR a.expires_at > :now))))
        SELECT t.*, o.kind AS org_kind FROM seen t
        JOIN organization o ON o.org_id = t.org_id
        WHERE t.entered_at = (SELECT max(u.entered_at) FROM seen u
                              WHERE u.candidate_id = t.candidate_id AND u.org_id = t.org_id
                                AND u.step = t.step)
        ORDER BY t.happened_at, t.step, t.candidate_id, t.org_id";
    collect(
        reader.data(),
        "finding.steps",
        "candidate_step",
        STEPS,
        named_params! {
            ":candidates": json_list(candidates), ":own": own.to_string(),
            ":now": sight.now().micros(), ":keys": sight.keys(), ":purpose": sight.purpose(),
            ":clearance": sight.clearance(),
        },
        |row| {
            Ok(StepRow {
                candidate: row.word("candidate_id")?,
                step: row.word("step")?,
                happened_at: row.time("happened_at")?,
                organization: row.word("org_id")?,
                kind: row.word("org_kind")?,
                person: row.word("person_id")?,
            })
        },
    )
}

/// Those of `candidates` of which `organization` noted `step` before.
pub fn noted_by(
    reader: &Reader<'_>,
    organization: OrganizationId,
    step: LifeStep,
    candidates: &[CandidateId],
) -> Result<Vec<CandidateId>, StoreError> {
    const NOTED: &str = "-- finding.step_noted_by
        SELECT DISTINCT candidate_id FROM candidate_step
        WHERE org_id = :org AND step = :step
          AND candidate_id IN (SELECT value FROM json_each(:candidates))
        ORDER BY candidate_id";
    collect(
        reader.data(),
        "finding.step_noted_by",
        "candidate_step",
        NOTED,
        named_params! {
            ":org": organization.to_string(), ":step": step.word(),
            ":candidates": json_list(candidates),
        },
        |row| row.word("candidate_id"),
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
