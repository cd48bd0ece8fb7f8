//! What the authors of judgments and steps saw: the findings that they could read then.
//!
//! Who may read such a word, and under which terms, follows from these rows and from nothing else.

use std::collections::BTreeMap;

use domain::handling::Handling;
use domain::id::{CandidateId, FindingId, OrganizationId};
use domain::time::Timestamp;
use rusqlite::named_params;

use super::judgment::SAID;
use crate::error::StoreError;
use crate::row::{change, collect, json_list};
use crate::transaction::{Reader, Tx};

/// Which judgment or step is meant.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Word {
    /// About which candidate.
    pub candidate: CandidateId,
    /// Whose word.
    pub organization: OrganizationId,
    /// [`SAID`], or the step.
    pub said: &'static str,
    /// When it was written.
    pub said_at: Timestamp,
}

/// The judgments of candidates with what they may be used for: by candidate, organization and time.
pub type TermsOfWords = BTreeMap<(CandidateId, OrganizationId, Timestamp), Handling>;

/// Notes which findings the author of `word` saw, in the place of what was noted of it before.
pub(super) fn note(tx: &Tx<'_>, word: &Word, seen: &[FindingId]) -> Result<(), StoreError> {
    const FORGET: &str = "-- finding.forget_sight
        DELETE FROM candidate_sight
        WHERE candidate_id = :candidate AND org_id = :org AND said = :said AND said_at = :said_at";
    const NOTE: &str = "-- finding.note_sight
        INSERT INTO candidate_sight (candidate_id, org_id, said, said_at, finding_id, updated_by)
        SELECT :candidate, :org, :said, :said_at, f.finding_id, :by FROM finding f
        WHERE f.finding_id IN (SELECT value FROM json_each(:seen))";
    let (candidate, organization) = (word.candidate.to_string(), word.organization.to_string());
    change(
        tx.data(),
        "finding.forget_sight",
        FORGET,
        named_params! {
            ":candidate": candidate, ":org": organization, ":said": word.said,
            ":said_at": word.said_at.micros(),
        },
    )?;
    change(
        tx.data(),
        "finding.note_sight",
        NOTE,
        named_params! {
            ":candidate": candidate, ":org": organization, ":said": word.said,
            ":said_at": word.said_at.micros(), ":seen": json_list(seen), ":by": tx.name(),
        },
    )
    .map(|_| ())
}

/// Leaves to its own organization alone what was said by those who saw `finding`: it is erased, or
/// comes back under wider terms than those they wrote under. All rows of such a word go: with only
/// this one gone, the word would seem to rest on the others alone.
pub fn forget(tx: &Tx<'_>, finding: FindingId) -> Result<(), StoreError> {
    const FORGET: &str = "-- finding.forget_sight_of
        DELETE FROM candidate_sight
        WHERE (candidate_id, org_id, said, said_at) IN (
            SELECT o.candidate_id, o.org_id, o.said, o.said_at FROM candidate_sight o
            WHERE o.finding_id = :finding)";
    change(
        tx.data(),
        "finding.forget_sight_of",
        FORGET,
        named_params! {":finding": finding.to_string()},
    )
    .map(|_| ())
}

/// The terms of each judgment about those candidates: the strictest of all the findings that its
/// author saw, also of those that a reader may not see. A judgment whose author saw none is missing.
pub fn terms(reader: &Reader<'_>, candidates: &[CandidateId]) -> Result<TermsOfWords, StoreError> {
    const TERMS: &str = "-- finding.terms_of_words
        SELECT s.candidate_id, s.org_id, s.said_at, p.tlp, p.purposes, p.circles, p.consent,
               p.expires_at
        FROM candidate_sight s
        JOIN part p ON p.subject_id = s.finding_id AND p.kind = 'finding' AND p.side = 'outgoing'
        WHERE s.said = :said
          AND s.candidate_id IN (SELECT value FROM json_each(:candidates))
          AND p.version = (SELECT max(q.version) FROM part q
                           WHERE q.subject_id = p.subject_id AND q.side = p.side
                             AND q.kind = p.kind)
        ORDER BY s.candidate_id, s.org_id, s.said_at, s.finding_id";
    let rows = collect(
        reader.data(),
        "finding.terms_of_words",
        "candidate_sight",
        TERMS,
        named_params! {":said": SAID, ":candidates": json_list(candidates)},
        |row| {
            let key = (
                row.word("candidate_id")?,
                row.word("org_id")?,
                row.time("said_at")?,
            );
            let handling = Handling {
                tlp: row.word("tlp")?,
                purposes: row.words("purposes")?,
                circles: row.words("circles")?,
                expires_at: row.time_or_none("expires_at")?,
                consent: row.word("consent")?,
            };
            Ok((key, handling))
        },
    )?;
    let mut terms = TermsOfWords::new();
    for (key, handling) in rows {
        let met = match terms.remove(&key) {
            None => handling,
            Some(before) => before.meet(&handling),
        };
        terms.insert(key, met);
    }
    Ok(terms)
}
