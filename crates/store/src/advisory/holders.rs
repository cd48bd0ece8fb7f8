//! Holders: everyone an issued advisory was ever granted to, who opened it, and what they say they
//! did with their copies. Ending a grant keeps its row, since nobody can be made to unread.

use domain::advisory::withdrawal::Disposal;
use domain::audience::AudienceKey;
use domain::id::{AdvisoryId, OrganizationId, PersonId};
use domain::part::Subject;
use domain::time::Timestamp;
use rusqlite::named_params;

use crate::error::StoreError;
use crate::part::end_grants;
use crate::row::{change, collect};
use crate::transaction::{Reader, Tx};

/// Somebody who was granted an issued advisory.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Holder {
    /// Who.
    pub key: AudienceKey,
    /// Since when.
    pub granted_at: Timestamp,
    /// Until when; `None` while the grant lasts.
    pub ended_at: Option<Timestamp>,
}

/// Everyone the issued text was ever granted to, in the order of their keys.
pub fn holders(reader: &Reader<'_>, advisory: AdvisoryId) -> Result<Vec<Holder>, StoreError> {
    const LIST: &str = "-- holders.list
        SELECT a.audience_key, min(a.granted_at) AS granted_at,
               CASE WHEN sum(CASE WHEN a.expires_at IS NULL THEN 1 ELSE 0 END) > 0 THEN NULL
                    ELSE max(a.expires_at) END AS ended_at
        FROM part_audience a JOIN part p ON p.part_id = a.part_id
        WHERE p.subject_id = :advisory AND p.kind = 'advisory' AND p.side = 'outgoing'
        GROUP BY a.audience_key ORDER BY a.audience_key";
    collect(
        reader.data(),
        "holders.list",
        "part_audience",
        LIST,
        named_params! {":advisory": advisory.to_string()},
        |row| {
            Ok(Holder {
                key: row.word("audience_key")?,
                granted_at: row.time("granted_at")?,
                ended_at: row.time_or_none("ended_at")?,
            })
        },
    )
}

/// Ends all grants of what was issued now; the rows stay as the list of holders.
pub fn end_issued(tx: &Tx<'_>, advisory: AdvisoryId) -> Result<(), StoreError> {
    const END: &str = "-- holders.end_issued
        UPDATE part_audience SET expires_at = :now, updated_by = :by
        WHERE part_id IN (SELECT part_id FROM part WHERE subject_id = :advisory AND side = 'outgoing')
          AND (expires_at IS NULL OR expires_at > :now)";
    tx.touch(Subject::Advisory(advisory));
    change(
        tx.data(),
        "holders.end_issued",
        END,
        named_params! {
            ":now": tx.now().micros(), ":by": tx.name(), ":advisory": advisory.to_string(),
        },
    )
    .map(|_| ())
}

/// Somebody who opened an issued advisory.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ReaderRow {
    /// The organization acted for.
    pub organization: OrganizationId,
    /// Who.
    pub person: PersonId,
    /// When it was first opened.
    pub first_at: Timestamp,
}

/// Who opened the issued text, in any revision, in the order of first opening.
pub fn readers(reader: &Reader<'_>, advisory: AdvisoryId) -> Result<Vec<ReaderRow>, StoreError> {
    const LIST: &str = "-- holders.readers
        SELECT r.org_id, r.person_id, min(r.first_at) AS first_at
        FROM reading r JOIN part p ON p.part_id = r.part_id
        WHERE p.subject_id = :advisory AND p.kind = 'advisory' AND p.side = 'outgoing'
        GROUP BY r.org_id, r.person_id ORDER BY min(r.first_at), r.person_id";
    collect(
        reader.data(),
        "holders.readers",
        "reading",
        LIST,
        named_params! {":advisory": advisory.to_string()},
        |row| {
            Ok(ReaderRow {
                organization: row.word("org_id")?,
                person: row.word("person_id")?,
                first_at: row.time("first_at")?,
            })
        },
    )
}

/// What a holder says it did with its copies.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DisposalRow {
    /// Who held it.
    pub key: AudienceKey,
    /// What was done.
    pub disposal: Disposal,
    /// Who says so.
    pub person: PersonId,
    /// When.
    pub confirmed_at: Timestamp,
}

/// Notes what a holder says it did with its copies.
pub fn confirm(tx: &Tx<'_>, advisory: AdvisoryId, row: &DisposalRow) -> Result<(), StoreError> {
    const CONFIRM: &str = "-- holders.confirm
        INSERT INTO disposal (advisory_id, audience_key, disposal, person_id, confirmed_at, updated_by)
        VALUES (:advisory, :key, :disposal, :person, :at, :by)
        ON CONFLICT (advisory_id, audience_key, confirmed_at) DO NOTHING";
    change(
        tx.data(),
        "holders.confirm",
        CONFIRM,
        named_params! {
            ":advisory": advisory.to_string(),
            ":key": row.key.to_string(),
            ":disposal": row.disposal.word(),
            ":person": row.person.to_string(),
            ":at": row.confirmed_at.micros(),
            ":by": tx.name(),
        },
    )
    .map(|_| ())
}

/// What holders of an advisory said, first to last.
pub fn confirmed(
    reader: &Reader<'_>,
    advisory: AdvisoryId,
) -> Result<Vec<DisposalRow>, StoreError> {
    const LIST: &str = "-- holders.confirmed
        SELECT * FROM disposal WHERE advisory_id = :advisory ORDER BY confirmed_at, audience_key";
    collect(
        reader.data(),
        "holders.confirmed",
        "disposal",
        LIST,
        named_params! {":advisory": advisory.to_string()},
        |row| {
            Ok(DisposalRow {
                key: row.word("audience_key")?,
                disposal: row.word("disposal")?,
                person: row.word("person_id")?,
                confirmed_at: row.time("confirmed_at")?,
            })
        },
    )
}

/// Ends every grant of an advisory, of what was issued and of what is under work: nobody reads it and
/// nobody finds its words any more.
pub fn bury(tx: &Tx<'_>, advisory: AdvisoryId) -> Result<(), StoreError> {
    end_grants(tx, Subject::Advisory(advisory)).map(|_| ())
}
