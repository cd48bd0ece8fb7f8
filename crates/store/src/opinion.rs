//! Opinions on severity: whose, when, and how it was worked out. Every opinion is kept.

use std::collections::BTreeMap;

use domain::id::{OpinionId, OrganizationId, PersonId, ReportId};
use domain::severity::{Reach, Severity, Standpoint};
use domain::time::Timestamp;
use rusqlite::named_params;

use crate::error::StoreError;
use crate::part::Sight;
use crate::row::{change, collect, json_list};
use crate::transaction::{Reader, Tx};

/// One opinion.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Opinion {
    /// Its id.
    pub id: OpinionId,
    /// The report it is about.
    pub report: ReportId,
    /// Operator, relay or center.
    pub standpoint: Standpoint,
    /// The organization that holds it.
    pub organization: OrganizationId,
    /// The person who gave it.
    pub person: PersonId,
    /// The rung.
    pub severity: Severity,
    /// Bands of the rubric, `aspect=band` one per line; empty when the rung was set by hand.
    pub working: String,
    /// To whom it is shown.
    pub reach: Reach,
    /// When it was given.
    pub given_at: Timestamp,
}

const CORRUPT: StoreError = StoreError::Corrupt {
    table: "opinion",
    column: "standpoint",
};

/// Keeps an opinion beside those given before.
pub fn insert(tx: &Tx<'_>, opinion: &Opinion) -> Result<(), StoreError> {
    const INSERT: &str = "-- opinion.insert
        INSERT INTO opinion (opinion_id, origin_hub, report_id, standpoint, org_id, person_id, rung,
                             working, reach, given_at, updated_by)
        VALUES (:opinion, :hub, :report, :standpoint, :org, :person, :rung, :working, :reach, :now, :by)";
    change(
        tx.data(),
        "opinion.insert",
        INSERT,
        named_params! {
            ":opinion": opinion.id.to_string(),
            ":hub": tx.hub(),
            ":report": opinion.report.to_string(),
            ":standpoint": word(opinion.standpoint),
            ":org": opinion.organization.to_string(),
            ":person": opinion.person.to_string(),
            ":rung": opinion.severity.rung(),
            ":working": opinion.working,
            ":reach": opinion.reach.word(),
            ":now": opinion.given_at.micros(),
            ":by": tx.name(),
        },
    )
    .map(|_| ())
}

/// The opinions on a report that `organization` holds or that are shown to this reader, newest
/// first; none when the reader may see no part of the report.
pub fn visible(
    reader: &Reader<'_>,
    sight: &Sight,
    organization: OrganizationId,
    report: ReportId,
) -> Result<Vec<Opinion>, StoreError> {
    let mut found = visible_of(reader, sight, organization, &[report])?;
    Ok(found.remove(&report).unwrap_or_default())
}

/// The same of several reports at once; a report without any is left out.
pub fn visible_of(
    reader: &Reader<'_>,
    sight: &Sight,
    organization: OrganizationId,
    reports: &[ReportId],
) -> Result<BTreeMap<ReportId, Vec<Opinion>>, StoreError> {
    const VISIBLE: &str = "-- opinion.visible
        SELECT * FROM opinion o
        WHERE o.report_id IN (SELECT value FROM json_each(:reports))
          AND EXISTS (SELECT 1 FROM part p JOIN part_audience a ON a.part_id = p.part_id
                      WHERE p.subject_id = o.report_id
                        AND (o.org_id = :org OR o.reach = 'readers' OR p.side = 'original')
                        AND p.kind IN ('source', 'attack', 'damage', 'summary')
                        AND p.body IS NOT NULL
                        AND (p.expires_at IS NULL OR p.expires_at > :now)
                        AND a.audience_key IN (SELECT value FROM json_each(:keys))
                        AND a.purpose = :purpose
                        AND a.clearance <= :clearance
                        AND (a.expires_at IS NULL OR a.expires_at > :now))
        ORDER BY o.given_at DESC, o.opinion_id";
    let found = collect(
        reader.data(),
        "opinion.visible",
        "opinion",
        VISIBLE,
        named_params! {
            ":reports": json_list(reports),
            ":org": organization.to_string(),
            ":now": sight.now().micros(),
            ":keys": sight.keys(),
            ":purpose": sight.purpose(),
            ":clearance": sight.clearance(),
        },
        |row| {
            let standpoint: String = row.plain("standpoint")?;
            Ok(Opinion {
                id: row.word("opinion_id")?,
                report: row.word("report_id")?,
                standpoint: read(&standpoint).ok_or(CORRUPT)?,
                organization: row.word("org_id")?,
                person: row.word("person_id")?,
                severity: Severity::from_rung(row.plain("rung")?).ok_or(CORRUPT)?,
                working: row.plain("working")?,
                reach: row.word("reach")?,
                given_at: row.time("given_at")?,
            })
        },
    )?;
    let mut opinions: BTreeMap<ReportId, Vec<Opinion>> = BTreeMap::new();
    for opinion in found {
        opinions.entry(opinion.report).or_default().push(opinion);
    }
    Ok(opinions)
}

const fn word(standpoint: Standpoint) -> &'static str {
    match standpoint {
        Standpoint::Operator => "operator",
        Standpoint::Relay => "relay",
        Standpoint::Center => "center",
    }
}

fn read(word: &str) -> Option<Standpoint> {
    match word {
        "operator" => Some(Standpoint::Operator),
        "relay" => Some(Standpoint::Relay),
        "center" => Some(Standpoint::Center),
        _ => None,
    }
}
