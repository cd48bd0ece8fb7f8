//! What analysts say of a candidate, with their reasons.

use domain::confidential::Confidential;
use domain::finding::Judgment;
use domain::id::{CandidateId, FindingId, OrganizationId, PersonId};
use domain::organization::OrganizationKind;
use domain::text::BoundedText;
use domain::time::Timestamp;
use rusqlite::named_params;

use super::sight::{self, Word};
use crate::error::StoreError;
use crate::keyring::Place;
use crate::part::Sight;
use crate::row::{Columns, change, collect, json_list};
use crate::transaction::{Reader, Tx};

/// Longest reason, in characters.
pub const REASON_CHARS_MAX: usize = 400;

/// Why somebody judges as he does.
pub type Reason = BoundedText<REASON_CHARS_MAX>;

/// A judgment.
pub struct JudgmentRow {
    /// About which candidate.
    pub candidate: CandidateId,
    /// Whose word it is.
    pub organization: OrganizationId,
    /// What that organization is.
    pub kind: OrganizationKind,
    /// Who gave it.
    pub person: PersonId,
    /// What he takes the server to be.
    pub judgment: Judgment,
    /// When he gave it.
    pub given_at: Timestamp,
    /// Until when it is in force.
    pub expires_at: Timestamp,
}

/// A judgment as one reader may see it.
pub struct Heard {
    /// The judgment.
    pub judgment: JudgmentRow,
    /// Why; `None` where the reader may not read every finding that its author saw.
    pub reason: Option<Confidential<Reason>>,
}

/// The word that a judgment is in [`sight`].
pub const SAID: &str = "judgment";

/// Notes a judgment by somebody who saw the findings `seen`; the organization's one before it is kept
/// as its history.
pub fn insert(
    tx: &Tx<'_>,
    judgment: &JudgmentRow,
    reason: &Confidential<Reason>,
    seen: &[FindingId],
) -> Result<(), StoreError> {
    const INSERT: &str = "-- finding.judge
        INSERT INTO candidate_judgment (candidate_id, org_id, given_at, person_id, judgment, reason,
                                        expires_at, updated_by)
        VALUES (:candidate, :org, :given_at, :person, :judgment, :reason, :expires_at, :by)
        ON CONFLICT (candidate_id, org_id, given_at) DO UPDATE
        SET person_id = excluded.person_id, judgment = excluded.judgment,
            reason = excluded.reason, expires_at = excluded.expires_at";
    let candidate = judgment.candidate.to_string();
    let row = place_row(judgment.organization, judgment.given_at);
    let reason = reason.expose_for_storage().as_str();
    let reason = tx.sealed(&place(&candidate, &row), reason.as_bytes())?;
    change(
        tx.data(),
        "finding.judge",
        INSERT,
        named_params! {
            ":candidate": candidate, ":org": judgment.organization.to_string(),
            ":given_at": judgment.given_at.micros(), ":person": judgment.person.to_string(),
            ":judgment": judgment.judgment.word(), ":reason": reason,
            ":expires_at": judgment.expires_at.micros(), ":by": tx.name(),
        },
    )?;
    sight::note(tx, &judgment.word(), seen)
}

/// The latest judgment of each organization about those candidates that the reader may see, also
/// those that have expired; the latest first. One that he may not see does not hide an earlier one.
///
/// He may see his own organization's, and one whose author saw a finding that he may read: of another
/// carrier, or his own where its author saw no other. The reason comes with it where he may read all of
/// them, his own aside. Whoever sends a finding of his own to learn what
/// is said about those of others reads nothing of it.
pub fn visible(
    reader: &Reader<'_>,
    sight: &Sight,
    own: OrganizationId,
    candidates: &[CandidateId],
) -> Result<Vec<Heard>, StoreError> {
    const VISIBLE: &str = "-- finding.judgments
        WITH seen AS (
            SELECT j.* FROM candidate_judgment j
            WHERE j.candidate_id IN (SELECT value FROM json_each(:candidates))
              AND (j.org_id = :own OR EXISTS (
                  SELECT 1 FROM candidate_sight s
                  JOIN finding f ON f.finding_id = s.finding_id
                  JOIN part p ON p.subject_id = f.finding_id
                  JOIN part_audience a ON a.part_id = p.part_id
                  WHERE s.candidate_id = j.candidate_id AND s.org_id = j.org_id
                    AND s.said = 'judgment' AND s.said_at = j.given_at
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
        SELECT j.*, o.kind AS org_kind,
               j.org_id <> :own AND EXISTS (
                   SELECT 1 FROM candidate_sight s
                   JOIN finding f ON f.finding_id = s.finding_id
                   WHERE s.candidate_id = j.candidate_id AND s.org_id = j.org_id
                     AND s.said = 'judgment' AND s.said_at = j.given_at
                     AND f.source_id <> :own
                     AND NOT EXISTS (
                         SELECT 1 FROM part p
                         JOIN part_audience a ON a.part_id = p.part_id
                         WHERE p.subject_id = f.finding_id
                           AND p.body IS NOT NULL
                           AND (p.expires_at IS NULL OR p.expires_at > :now)
                           AND a.audience_key IN (SELECT value FROM json_each(:keys))
                           AND a.purpose = :purpose
                           AND a.clearance <= :clearance
                           AND (a.expires_at IS NULL OR a.expires_at > :now))) AS hidden
        FROM seen j
        JOIN organization o ON o.org_id = j.org_id
        WHERE j.given_at = (SELECT max(k.given_at) FROM seen k
                            WHERE k.candidate_id = j.candidate_id AND k.org_id = j.org_id)
        ORDER BY j.given_at DESC, j.candidate_id, j.org_id";
    let sealed = collect(
        reader.data(),
        "finding.judgments",
        "candidate_judgment",
        VISIBLE,
        named_params! {
            ":candidates": json_list(candidates), ":own": own.to_string(),
            ":now": sight.now().micros(), ":keys": sight.keys(), ":purpose": sight.purpose(),
            ":clearance": sight.clearance(),
        },
        sealed,
    )?;
    let opened = sealed.into_iter().map(|sealed| sealed.open(reader));
    opened.filter_map(Result::transpose).collect()
}

/// Candidates with a judgment in force of `own` or of an organization of one of `kinds`, those judged
/// last first; which of them the reader may see, [`visible`] says.
pub fn in_force(
    reader: &Reader<'_>,
    own: OrganizationId,
    kinds: &[OrganizationKind],
    now: Timestamp,
    limit: u32,
) -> Result<Vec<CandidateId>, StoreError> {
    const IN_FORCE: &str = "-- finding.judged_in_force
        SELECT j.candidate_id FROM candidate_judgment j
        JOIN organization o ON o.org_id = j.org_id
        WHERE j.expires_at > :now
          AND (j.org_id = :own OR o.kind IN (SELECT value FROM json_each(:kinds)))
        GROUP BY j.candidate_id
        ORDER BY max(j.given_at) DESC, j.candidate_id LIMIT :limit";
    collect(
        reader.data(),
        "finding.judged_in_force",
        "candidate_judgment",
        IN_FORCE,
        named_params! {
            ":now": now.micros(), ":own": own.to_string(), ":limit": limit,
            ":kinds": json_list(kinds.iter().map(|kind| kind.word())),
        },
        |row| row.word("candidate_id"),
    )
}

impl JudgmentRow {
    /// Its name in [`sight`].
    pub fn word(&self) -> Word {
        Word {
            candidate: self.candidate,
            organization: self.organization,
            said: SAID,
            said_at: self.given_at,
        }
    }
}

fn sealed(row: &Columns<'_>) -> Result<Sealed, StoreError> {
    Ok(Sealed {
        candidate: row.word("candidate_id")?,
        organization: row.word("org_id")?,
        kind: row.word("org_kind")?,
        person: row.word("person_id")?,
        judgment: row.word("judgment")?,
        reason: row.plain("reason")?,
        hidden: row.count("hidden")? != 0,
        given_at: row.time("given_at")?,
        expires_at: row.time("expires_at")?,
    })
}

struct Sealed {
    candidate: CandidateId,
    organization: OrganizationId,
    kind: OrganizationKind,
    person: PersonId,
    judgment: Judgment,
    reason: Vec<u8>,
    hidden: bool,
    given_at: Timestamp,
    expires_at: Timestamp,
}

impl Sealed {
    /// Opens the reason, unless it is hidden from the reader; `None` when it was erased.
    fn open(self, reader: &Reader<'_>) -> Result<Option<Heard>, StoreError> {
        let reason = if self.hidden {
            None
        } else {
            let candidate = self.candidate.to_string();
            let row = place_row(self.organization, self.given_at);
            let Some(text) = reader.opened(&place(&candidate, &row), &self.reason)? else {
                return Ok(None);
            };
            let text = std::str::from_utf8(&text).map_err(|_| CORRUPT)?;
            let text = BoundedText::parse(text).map_err(|_| CORRUPT)?;
            Some(Confidential::new(text))
        };
        let judgment = JudgmentRow {
            candidate: self.candidate,
            organization: self.organization,
            kind: self.kind,
            person: self.person,
            judgment: self.judgment,
            given_at: self.given_at,
            expires_at: self.expires_at,
        };
        Ok(Some(Heard { judgment, reason }))
    }
}

const CORRUPT: StoreError = StoreError::Corrupt {
    table: "candidate_judgment",
    column: "reason",
};

fn place_row(organization: OrganizationId, given_at: Timestamp) -> String {
    format!("{organization} {}", given_at.micros())
}

fn place<'a>(candidate: &'a str, row: &'a str) -> Place<'a> {
    Place {
        object: candidate,
        table: "candidate_judgment",
        column: "reason",
        row,
    }
}
