//! Control records of findings: which candidate each belongs to, and whose it is.
//!
//! What was found stands in a part; no row here tells a server.

pub mod campaign;
pub mod judgment;
pub mod life;
pub mod outside;
pub mod sight;

use domain::actor::Actor;
use domain::finding::Server;
use domain::id::{CandidateId, FindingId, OrganizationId, PartId, PersonId};
use domain::report::Channel;
use domain::time::Timestamp;
use rusqlite::named_params;

use crate::error::StoreError;
use crate::part::{self, Sight};
use crate::row::{Columns, change, collect, json_list, one};
use crate::transaction::{Reader, Tx};

/// The control record of a finding.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct FindingRow {
    /// The finding.
    pub id: FindingId,
    /// The candidate it is about.
    pub candidate: CandidateId,
    /// The carrier.
    pub source: OrganizationId,
    /// Who sent the latest version.
    pub person: PersonId,
    /// The way its terms came by: by a person's hand, or from a program.
    pub channel: Channel,
    /// When the carrier first sent it.
    pub accepted_at: Timestamp,
    /// When it took it back; `None` while it stands.
    pub withdrawn_at: Option<Timestamp>,
}

/// The candidate of `server`; `None` while nobody found anything there.
pub fn candidate_of(
    reader: &Reader<'_>,
    server: Server,
) -> Result<Option<CandidateId>, StoreError> {
    const FIND: &str = "-- finding.candidate_of
        SELECT candidate_id FROM candidate WHERE locator = :locator";
    one(
        reader.data(),
        "finding.candidate_of",
        "candidate",
        FIND,
        named_params! {":locator": locator(reader, server)},
        |row| row.word("candidate_id"),
    )
}

/// Begins a candidate.
pub fn insert_candidate(tx: &Tx<'_>, id: CandidateId, server: Server) -> Result<(), StoreError> {
    const INSERT: &str = "-- finding.insert_candidate
        INSERT INTO candidate (candidate_id, origin_hub, locator, opened_at, updated_by)
        VALUES (:candidate, :hub, :locator, :now, :by)";
    change(
        tx.data(),
        "finding.insert_candidate",
        INSERT,
        named_params! {
            ":candidate": id.to_string(), ":hub": tx.hub(), ":locator": locator(tx, server),
            ":now": tx.now().micros(), ":by": tx.name(),
        },
    )
    .map(|_| ())
}

/// What `source` found about `candidate`; `None` while it found nothing.
pub fn of_source(
    reader: &Reader<'_>,
    candidate: CandidateId,
    source: OrganizationId,
) -> Result<Option<FindingRow>, StoreError> {
    const FIND: &str = "-- finding.of_source
        SELECT * FROM finding WHERE candidate_id = :candidate AND source_id = :source";
    one(
        reader.data(),
        "finding.of_source",
        "finding",
        FIND,
        named_params! {":candidate": candidate.to_string(), ":source": source.to_string()},
        row,
    )
}

/// Writes the control record of a finding, or that another version of it came.
pub fn write(tx: &Tx<'_>, finding: &FindingRow) -> Result<(), StoreError> {
    const WRITE: &str = "-- finding.write
        INSERT INTO finding (finding_id, origin_hub, candidate_id, source_id, submitted_by, channel,
                             accepted_at, withdrawn_at, updated_at, updated_by)
        VALUES (:finding, :hub, :candidate, :source, :person, :channel, :accepted_at, :withdrawn_at,
                :now, :by)
        ON CONFLICT (finding_id) DO UPDATE
        SET submitted_by = excluded.submitted_by, channel = excluded.channel,
            withdrawn_at = excluded.withdrawn_at,
            updated_at = excluded.updated_at, updated_by = excluded.updated_by";
    change(
        tx.data(),
        "finding.write",
        WRITE,
        named_params! {
            ":finding": finding.id.to_string(), ":hub": tx.hub(),
            ":candidate": finding.candidate.to_string(), ":source": finding.source.to_string(),
            ":person": finding.person.to_string(), ":channel": finding.channel.word(),
            ":accepted_at": finding.accepted_at.micros(),
            ":withdrawn_at": finding.withdrawn_at.map(Timestamp::micros),
            ":now": tx.now().micros(), ":by": tx.name(),
        },
    )
    .map(|_| ())
}

/// How many findings of `source` are shared now.
pub fn open_count(
    reader: &Reader<'_>,
    source: OrganizationId,
    now: Timestamp,
) -> Result<u64, StoreError> {
    const COUNT: &str = "-- finding.open_count
        SELECT count(*) AS open FROM finding f
        WHERE f.source_id = :source AND f.withdrawn_at IS NULL
          AND EXISTS (SELECT 1 FROM part p
                      WHERE p.subject_id = f.finding_id AND p.body IS NOT NULL
                        AND (p.expires_at IS NULL OR p.expires_at > :now))";
    let count = one(
        reader.data(),
        "finding.open_count",
        "finding",
        COUNT,
        named_params! {":source": source.to_string(), ":now": now.micros()},
        |row| row.count("open"),
    )?;
    Ok(count.unwrap_or(0))
}

/// Whether `organization` found, noted or counted anything about `candidate`, however long ago.
pub fn involves(
    reader: &Reader<'_>,
    candidate: CandidateId,
    organization: OrganizationId,
) -> Result<bool, StoreError> {
    const INVOLVES: &str = "-- finding.involves
        SELECT candidate_id FROM candidate c
        WHERE c.candidate_id = :candidate
          AND (EXISTS (SELECT 1 FROM finding f
                       WHERE f.candidate_id = c.candidate_id AND f.source_id = :org)
               OR EXISTS (SELECT 1 FROM campaign n
                          WHERE n.candidate_id = c.candidate_id AND n.org_id = :org)
               OR EXISTS (SELECT 1 FROM candidate_step s
                          WHERE s.candidate_id = c.candidate_id AND s.org_id = :org))";
    let found: Option<CandidateId> = one(
        reader.data(),
        "finding.involves",
        "candidate",
        INVOLVES,
        named_params! {":candidate": candidate.to_string(), ":org": organization.to_string()},
        |row| row.word("candidate_id"),
    )?;
    Ok(found.is_some())
}

/// Drops a version of a finding that another has taken the place of: its text, whom it was granted to,
/// and all of it where nobody ever read it.
pub fn drop_version(tx: &Tx<'_>, part: PartId) -> Result<(), StoreError> {
    const STEPS: [(&str, &str); 3] = [
        (
            "finding.drop_grants",
            "-- finding.drop_grants
            DELETE FROM part_audience WHERE part_id = :part",
        ),
        (
            "finding.drop_body",
            "-- finding.drop_body
            UPDATE part SET body = NULL WHERE part_id = :part",
        ),
        (
            "finding.drop_part",
            "-- finding.drop_part
            DELETE FROM part WHERE part_id = :part
              AND NOT EXISTS (SELECT 1 FROM reading r WHERE r.part_id = part.part_id)",
        ),
    ];
    for (name, sql) in STEPS {
        change(
            tx.data(),
            name,
            sql,
            named_params! {":part": part.to_string()},
        )?;
    }
    Ok(())
}

/// Notes that a person read a finding; true when it is the first time that day, whatever the version.
pub fn note_reading(
    tx: &Tx<'_>,
    finding: FindingId,
    part: PartId,
    actor: &Actor,
) -> Result<bool, StoreError> {
    const READ: &str = "-- finding.read_today
        SELECT r.part_id FROM reading r
        JOIN part p ON p.part_id = r.part_id
        WHERE p.subject_id = :finding AND r.person_id = :person AND r.day = :day LIMIT 1";
    let before: Option<PartId> = one(
        tx.data(),
        "finding.read_today",
        "reading",
        READ,
        named_params! {
            ":finding": finding.to_string(), ":person": actor.person.to_string(),
            ":day": tx.now().day_in_japan().to_string(),
        },
        |row| row.word("part_id"),
    )?;
    match before {
        Some(_) => Ok(false),
        None => part::note_reading(tx, part, actor),
    }
}

/// A page of candidates of which the reader may see a finding, those that something was told of last
/// first; and those that `counting` found itself and counts users of, when their sharing is over.
///
/// `after` is the last candidate of the page before; one that is not there any more begins anew.
pub fn visible_candidates(
    reader: &Reader<'_>,
    sight: &Sight,
    counting: Option<OrganizationId>,
    after: Option<CandidateId>,
    limit: u32,
) -> Result<Vec<CandidateId>, StoreError> {
    const CANDIDATES: &str = "-- finding.visible_candidates
        WITH seen AS (
            SELECT f.candidate_id, max(f.updated_at) AS told_at FROM finding f
            WHERE EXISTS (SELECT 1 FROM part p
                          JOIN part_audience a ON a.part_id = p.part_id
                          WHERE p.subject_id = f.finding_id
                            AND p.body IS NOT NULL
                            AND (p.expires_at IS NULL OR p.expires_at > :now)
                            AND a.audience_key IN (SELECT value FROM json_each(:keys))
                            AND a.purpose = :purpose
                            AND a.clearance <= :clearance
                            AND (a.expires_at IS NULL OR a.expires_at > :now))
               OR (f.source_id = :counting
                   AND EXISTS (SELECT 1 FROM campaign n
                               WHERE n.candidate_id = f.candidate_id AND n.org_id = :counting))
            GROUP BY f.candidate_id)
        SELECT s.candidate_id FROM seen s
        WHERE NOT EXISTS (SELECT 1 FROM seen b WHERE b.candidate_id = :after)
           OR (s.told_at, s.candidate_id) < (SELECT b.told_at, b.candidate_id FROM seen b
                                             WHERE b.candidate_id = :after)
        ORDER BY s.told_at DESC, s.candidate_id DESC LIMIT :limit";
    collect(
        reader.data(),
        "finding.visible_candidates",
        "finding",
        CANDIDATES,
        named_params! {
            ":now": sight.now().micros(), ":keys": sight.keys(), ":purpose": sight.purpose(),
            ":clearance": sight.clearance(), ":counting": counting.map(|id| id.to_string()),
            ":after": after.map(|id| id.to_string()), ":limit": limit,
        },
        |row| row.word("candidate_id"),
    )
}

/// The findings about those candidates of which this reader may see the part.
pub fn visible_about(
    reader: &Reader<'_>,
    sight: &Sight,
    candidates: &[CandidateId],
) -> Result<Vec<FindingRow>, StoreError> {
    const ABOUT: &str = "-- finding.visible_about
        SELECT f.* FROM finding f
        WHERE f.candidate_id IN (SELECT value FROM json_each(:candidates))
          AND EXISTS (SELECT 1 FROM part p
                      JOIN part_audience a ON a.part_id = p.part_id
                      WHERE p.subject_id = f.finding_id
                        AND p.body IS NOT NULL
                        AND (p.expires_at IS NULL OR p.expires_at > :now)
                        AND a.audience_key IN (SELECT value FROM json_each(:keys))
                        AND a.purpose = :purpose
                        AND a.clearance <= :clearance
                        AND (a.expires_at IS NULL OR a.expires_at > :now))
        ORDER BY f.candidate_id, f.finding_id";
    collect(
        reader.data(),
        "finding.visible_about",
        "finding",
        ABOUT,
        named_params! {
            ":candidates": json_list(candidates), ":now": sight.now().micros(),
            ":keys": sight.keys(), ":purpose": sight.purpose(), ":clearance": sight.clearance(),
        },
        row,
    )
}

fn locator(reader: &Reader<'_>, server: Server) -> String {
    reader.mark("finding/server", &[server.to_string().as_bytes()])
}

fn row(row: &Columns<'_>) -> Result<FindingRow, StoreError> {
    Ok(FindingRow {
        id: row.word("finding_id")?,
        candidate: row.word("candidate_id")?,
        source: row.word("source_id")?,
        person: row.word("submitted_by")?,
        channel: row.word("channel")?,
        accepted_at: row.time("accepted_at")?,
        withdrawn_at: row.time_or_none("withdrawn_at")?,
    })
}
