//! What analysts say of a candidate, with their reasons.

use domain::confidential::Confidential;
use domain::finding::Judgment;
use domain::id::{CandidateId, OrganizationId, PersonId};
use domain::organization::OrganizationKind;
use domain::text::BoundedText;
use domain::time::Timestamp;
use rusqlite::named_params;

use crate::error::StoreError;
use crate::keyring::Place;
use crate::row::{change, collect, json_list};
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
    /// Why.
    pub reason: Confidential<Reason>,
    /// When he gave it.
    pub given_at: Timestamp,
    /// Until when it is in force.
    pub expires_at: Timestamp,
}

/// Notes a judgment; the organization's one before it is kept as its history.
pub fn insert(tx: &Tx<'_>, judgment: &JudgmentRow) -> Result<(), StoreError> {
    const INSERT: &str = "-- finding.judge
        INSERT INTO candidate_judgment (candidate_id, org_id, given_at, person_id, judgment, reason,
                                        expires_at, updated_by)
        VALUES (:candidate, :org, :given_at, :person, :judgment, :reason, :expires_at, :by)
        ON CONFLICT (candidate_id, org_id, given_at) DO UPDATE
        SET person_id = excluded.person_id, judgment = excluded.judgment,
            reason = excluded.reason, expires_at = excluded.expires_at";
    let candidate = judgment.candidate.to_string();
    let row = place_row(judgment.organization, judgment.given_at);
    let reason = judgment.reason.expose_for_storage().as_str();
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
    )
    .map(|_| ())
}

/// The latest judgment of each organization about those candidates, also those that have expired;
/// the latest first.
pub fn latest(
    reader: &Reader<'_>,
    candidates: &[CandidateId],
) -> Result<Vec<JudgmentRow>, StoreError> {
    const LATEST: &str = "-- finding.judgments
        SELECT j.*, o.kind AS org_kind FROM candidate_judgment j
        JOIN organization o ON o.org_id = j.org_id
        WHERE j.candidate_id IN (SELECT value FROM json_each(:candidates))
          AND j.given_at = (SELECT max(k.given_at) FROM candidate_judgment k
                            WHERE k.candidate_id = j.candidate_id AND k.org_id = j.org_id)
        ORDER BY j.given_at DESC, j.candidate_id, j.org_id";
    let sealed = collect(
        reader.data(),
        "finding.judgments",
        "candidate_judgment",
        LATEST,
        named_params! {":candidates": json_list(candidates)},
        |row| {
            Ok(Sealed {
                candidate: row.word("candidate_id")?,
                organization: row.word("org_id")?,
                kind: row.word("org_kind")?,
                person: row.word("person_id")?,
                judgment: row.word("judgment")?,
                reason: row.plain("reason")?,
                given_at: row.time("given_at")?,
                expires_at: row.time("expires_at")?,
            })
        },
    )?;
    let opened = sealed.into_iter().map(|sealed| sealed.open(reader));
    opened.filter_map(Result::transpose).collect()
}

struct Sealed {
    candidate: CandidateId,
    organization: OrganizationId,
    kind: OrganizationKind,
    person: PersonId,
    judgment: Judgment,
    reason: Vec<u8>,
    given_at: Timestamp,
    expires_at: Timestamp,
}

impl Sealed {
    /// Opens the reason; `None` when it was erased.
    fn open(self, reader: &Reader<'_>) -> Result<Option<JudgmentRow>, StoreError> {
        let candidate = self.candidate.to_string();
        let row = place_row(self.organization, self.given_at);
        let Some(text) = reader.opened(&place(&candidate, &row), &self.reason)? else {
            return Ok(None);
        };
        let text = std::str::from_utf8(&text).map_err(|_| CORRUPT)?;
        Ok(Some(JudgmentRow {
            candidate: self.candidate,
            organization: self.organization,
            kind: self.kind,
            person: self.person,
            judgment: self.judgment,
            reason: Confidential::new(BoundedText::parse(text).map_err(|_| CORRUPT)?),
            given_at: self.given_at,
            expires_at: self.expires_at,
        }))
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
