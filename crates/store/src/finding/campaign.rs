//! How far a carrier has come with telling its own users: one row of numbers for each carrier.

use domain::finding::Campaign;
use domain::id::{AdvisoryId, CandidateId, OrganizationId, PersonId};
use domain::time::Timestamp;
use rusqlite::named_params;

use crate::error::StoreError;
use crate::row::{Columns, change, collect, one};
use crate::transaction::{Reader, Tx};

/// What `organization` wrote about `candidate`, and when; `None` before it began.
pub fn of(
    reader: &Reader<'_>,
    candidate: CandidateId,
    organization: OrganizationId,
) -> Result<Option<(Campaign, Timestamp)>, StoreError> {
    const FIND: &str = "-- campaign.of
        SELECT * FROM campaign WHERE candidate_id = :candidate AND org_id = :org";
    one(
        reader.data(),
        "campaign.of",
        "campaign",
        FIND,
        named_params! {":candidate": candidate.to_string(), ":org": organization.to_string()},
        |row| Ok((campaign(row)?, row.time("updated_at")?)),
    )
}

/// Writes the numbers of a carrier over those it had.
pub fn write(
    tx: &Tx<'_>,
    candidate: CandidateId,
    organization: OrganizationId,
    person: PersonId,
    numbers: &Campaign,
) -> Result<(), StoreError> {
    const WRITE: &str = "-- campaign.write
        INSERT INTO campaign (candidate_id, org_id, concerned, told, cured, uncured, person_id,
                              updated_at, updated_by)
        VALUES (:candidate, :org, :concerned, :told, :cured, :uncured, :person, :now, :by)
        ON CONFLICT (candidate_id, org_id) DO UPDATE
        SET concerned = excluded.concerned, told = excluded.told, cured = excluded.cured,
            uncured = excluded.uncured, person_id = excluded.person_id,
            updated_at = excluded.updated_at, updated_by = excluded.updated_by";
    change(
        tx.data(),
        "campaign.write",
        WRITE,
        named_params! {
            ":candidate": candidate.to_string(), ":org": organization.to_string(),
            ":concerned": numbers.concerned(), ":told": numbers.told(),
            ":cured": numbers.cured(), ":uncured": numbers.uncured(),
            ":person": person.to_string(), ":now": tx.now().micros(), ":by": tx.name(),
        },
    )
    .map(|_| ())
}

/// The numbers of every carrier about the candidates that `advisory` rests on, by carrier: for figures
/// that the release checker passes, and for nothing else.
pub fn behind(
    reader: &Reader<'_>,
    advisory: AdvisoryId,
) -> Result<Vec<(OrganizationId, Campaign)>, StoreError> {
    const BEHIND: &str = "-- campaign.behind
        SELECT c.* FROM campaign c
        JOIN advisory_candidate a ON a.candidate_id = c.candidate_id
        WHERE a.advisory_id = :advisory ORDER BY c.org_id, c.candidate_id";
    collect(
        reader.data(),
        "campaign.behind",
        "campaign",
        BEHIND,
        named_params! {":advisory": advisory.to_string()},
        |row| Ok((row.word("org_id")?, campaign(row)?)),
    )
}

fn campaign(row: &Columns<'_>) -> Result<Campaign, StoreError> {
    let numbers = Campaign::new(
        row.plain("concerned")?,
        row.plain("told")?,
        row.plain("cured")?,
        row.plain("uncured")?,
    );
    numbers.map_err(|_| StoreError::Corrupt {
        table: "campaign",
        column: "told",
    })
}
