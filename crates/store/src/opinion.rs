//! Opinions on severity: whose, when, and how it was worked out. Every opinion is kept.

use domain::id::{OpinionId, OrganizationId, PersonId, ReportId};
use domain::severity::{Severity, Standpoint};
use domain::time::Timestamp;
use rusqlite::named_params;

use crate::error::StoreError;
use crate::row::{change, collect};
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
                             working, given_at, updated_by)
        VALUES (:opinion, :hub, :report, :standpoint, :org, :person, :rung, :working, :now, :by)";
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
            ":now": opinion.given_at.micros(),
            ":by": tx.name(),
        },
    )
    .map(|_| ())
}

/// The opinions on a report, newest first. The caller has made sure that its reader may see it.
pub fn of_report(reader: &Reader<'_>, report: ReportId) -> Result<Vec<Opinion>, StoreError> {
    const LIST: &str = "-- opinion.of_report
        SELECT * FROM opinion WHERE report_id = :report ORDER BY given_at DESC, opinion_id";
    collect(
        reader.data(),
        "opinion.of_report",
        "opinion",
        LIST,
        named_params! {":report": report.to_string()},
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
                given_at: row.time("given_at")?,
            })
        },
    )
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
