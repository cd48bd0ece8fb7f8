//! Incidents: reports that an organization looks at as one, with who put each in or out, and why.
//!
//! An incident is its organization's own. Which members a reader is told of is decided where it is
//! shown, by what he may see of each report.

use domain::confidential::Confidential;
use domain::id::{IncidentId, OrganizationId, PersonId, ReportId};
use domain::organization::Clearance;
use domain::text::BoundedText;
use domain::time::Timestamp;
use domain::word::Code;
use rusqlite::named_params;

use crate::error::StoreError;
use crate::keyring::Place;
use crate::part::Sight;
use crate::row::{Columns, change, collect, one};
use crate::transaction::{Reader, Tx};

/// Longest name of an incident, in characters.
pub const NAME_CHARS_MAX: usize = 120;
/// Longest reason, in characters.
pub const WHY_CHARS_MAX: usize = 400;

/// What the analysts call an incident.
pub type Name = BoundedText<NAME_CHARS_MAX>;
/// Why a report was put in or taken out.
pub type Why = BoundedText<WHY_CHARS_MAX>;

/// An incident.
pub struct Incident {
    /// Its id.
    pub id: IncidentId,
    /// Whose grouping it is.
    pub organization: OrganizationId,
    /// For what it was made; colleagues who read for it see it.
    pub purpose: Code,
    /// How far one has to be cleared.
    pub clearance: Clearance,
    /// What the analysts call it.
    pub name: Confidential<Name>,
    /// When it was begun.
    pub opened_at: Timestamp,
}

/// One stay of a report in an incident.
pub struct Membership {
    /// The incident.
    pub incident: IncidentId,
    /// The report.
    pub report: ReportId,
    /// Who put it in.
    pub added_by: PersonId,
    /// When.
    pub added_at: Timestamp,
    /// Why.
    pub added_why: Option<Confidential<Why>>,
    /// Who took it out, and when; `None` while it is in.
    pub removed: Option<(PersonId, Timestamp)>,
    /// Why it was taken out.
    pub removed_why: Option<Confidential<Why>>,
}

/// Begins an incident.
pub fn insert(tx: &Tx<'_>, incident: &Incident) -> Result<(), StoreError> {
    const INSERT: &str = "-- incident.insert
        INSERT INTO incident (incident_id, origin_hub, org_id, body, opened_at, closed_at, updated_by,
                              purpose, clearance)
        VALUES (:incident, :hub, :org, :body, :now, NULL, :by, :purpose, :clearance)";
    let id = incident.id.to_string();
    let name = incident.name.expose_for_storage().as_str();
    let body = tx.sealed(&name_place(&id), name.as_bytes())?;
    change(
        tx.data(),
        "incident.insert",
        INSERT,
        named_params! {
            ":incident": id,
            ":hub": tx.hub(),
            ":org": incident.organization.to_string(),
            ":body": body,
            ":now": incident.opened_at.micros(),
            ":by": tx.name(),
            ":purpose": incident.purpose.as_str(),
            ":clearance": incident.clearance.level(),
        },
    )
    .map(|_| ())
}

/// The incident, if it is `organization`'s and this reader reads as those who made it.
pub fn find(
    reader: &Reader<'_>,
    sight: &Sight,
    organization: OrganizationId,
    id: IncidentId,
) -> Result<Option<Incident>, StoreError> {
    const FIND: &str = "-- incident.find
        SELECT * FROM incident
        WHERE incident_id = :incident AND org_id = :org AND purpose = :purpose
          AND clearance <= :clearance";
    let sealed = one(
        reader.data(),
        "incident.find",
        "incident",
        FIND,
        named_params! {
            ":incident": id.to_string(),
            ":org": organization.to_string(),
            ":purpose": sight.purpose(),
            ":clearance": sight.clearance(),
        },
        sealed_incident,
    )?;
    Ok(match sealed {
        Some(sealed) => sealed.open(reader)?,
        None => None,
    })
}

/// Incidents of `organization` that this reader may be shown and of which he may see a member now,
/// newest first.
pub fn visible(
    reader: &Reader<'_>,
    sight: &Sight,
    organization: OrganizationId,
    limit: u32,
) -> Result<Vec<Incident>, StoreError> {
    const VISIBLE: &str = "-- incident.visible
        SELECT * FROM incident i
        WHERE i.org_id = :org AND i.purpose = :purpose AND i.clearance <= :clearance
          AND EXISTS (SELECT 1 FROM incident_report m
                      JOIN part p ON p.subject_id = m.report_id
                      JOIN part_audience a ON a.part_id = p.part_id
                      WHERE m.incident_id = i.incident_id AND m.removed_at IS NULL
                        AND p.kind IN ('attack', 'damage', 'summary')
                        AND p.body IS NOT NULL
                        AND (p.expires_at IS NULL OR p.expires_at > :now)
                        AND a.audience_key IN (SELECT value FROM json_each(:keys))
                        AND a.purpose = :purpose
                        AND a.clearance <= :clearance
                        AND (a.expires_at IS NULL OR a.expires_at > :now))
        ORDER BY i.opened_at DESC, i.incident_id LIMIT :limit";
    let sealed = collect(
        reader.data(),
        "incident.visible",
        "incident",
        VISIBLE,
        named_params! {
            ":org": organization.to_string(),
            ":purpose": sight.purpose(),
            ":clearance": sight.clearance(),
            ":now": sight.now().micros(),
            ":keys": sight.keys(),
            ":limit": limit,
        },
        sealed_incident,
    )?;
    sealed
        .into_iter()
        .filter_map(|incident| incident.open(reader).transpose())
        .collect()
}

/// Puts a report in.
pub fn add(
    tx: &Tx<'_>,
    incident: IncidentId,
    report: ReportId,
    person: PersonId,
    why: &Why,
) -> Result<(), StoreError> {
    const ADD: &str = "-- incident.add
        INSERT INTO incident_report (incident_id, report_id, added_by, added_at, removed_by, removed_at,
                                     updated_by, added_why, removed_why)
        VALUES (:incident, :report, :person, :now, NULL, NULL, :by, :why, NULL)
        ON CONFLICT (incident_id, report_id, added_at) DO NOTHING";
    let id = incident.to_string();
    let row = stay(report, tx.now());
    let sealed = tx.sealed(&why_place(&id, "added_why", &row), why.as_str().as_bytes())?;
    change(
        tx.data(),
        "incident.add",
        ADD,
        named_params! {
            ":incident": id,
            ":report": report.to_string(),
            ":person": person.to_string(),
            ":now": tx.now().micros(),
            ":by": tx.name(),
            ":why": sealed,
        },
    )
    .map(|_| ())
}

/// Takes a report out; the row stays.
pub fn remove(
    tx: &Tx<'_>,
    member: &Membership,
    person: PersonId,
    why: &Why,
) -> Result<(), StoreError> {
    const REMOVE: &str = "-- incident.remove
        UPDATE incident_report SET removed_by = :person, removed_at = :now, removed_why = :why,
                                   updated_by = :by
        WHERE incident_id = :incident AND report_id = :report AND added_at = :added_at
          AND removed_at IS NULL";
    let id = member.incident.to_string();
    let row = stay(member.report, member.added_at);
    let sealed = tx.sealed(
        &why_place(&id, "removed_why", &row),
        why.as_str().as_bytes(),
    )?;
    change(
        tx.data(),
        "incident.remove",
        REMOVE,
        named_params! {
            ":incident": id,
            ":report": member.report.to_string(),
            ":added_at": member.added_at.micros(),
            ":person": person.to_string(),
            ":now": tx.now().micros(),
            ":by": tx.name(),
            ":why": sealed,
        },
    )
    .map(|_| ())
}

/// Every stay in `incident`, oldest first. The caller shows those whose report its reader may see.
pub fn stays(reader: &Reader<'_>, incident: IncidentId) -> Result<Vec<Membership>, StoreError> {
    const STAYS: &str = "-- incident.stays
        SELECT * FROM incident_report WHERE incident_id = :incident
        ORDER BY added_at, report_id";
    let sealed = collect(
        reader.data(),
        "incident.stays",
        "incident_report",
        STAYS,
        named_params! {":incident": incident.to_string()},
        sealed_stay,
    )?;
    sealed.into_iter().map(|stay| stay.open(reader)).collect()
}

/// Incidents that hold `report` now, whoever's they are.
pub fn holding(reader: &Reader<'_>, report: ReportId) -> Result<Vec<IncidentId>, StoreError> {
    const HOLDING: &str = "-- incident.holding
        SELECT DISTINCT incident_id FROM incident_report
        WHERE report_id = :report AND removed_at IS NULL ORDER BY incident_id";
    collect(
        reader.data(),
        "incident.holding",
        "incident_report",
        HOLDING,
        named_params! {":report": report.to_string()},
        |row| row.word("incident_id"),
    )
}

struct SealedIncident {
    id: IncidentId,
    organization: OrganizationId,
    purpose: Code,
    clearance: Clearance,
    body: Vec<u8>,
    opened_at: Timestamp,
}

fn sealed_incident(row: &Columns<'_>) -> Result<SealedIncident, StoreError> {
    Ok(SealedIncident {
        id: row.word("incident_id")?,
        organization: row.word("org_id")?,
        purpose: row.word("purpose")?,
        clearance: Clearance::from_level(row.plain("clearance")?).ok_or(CORRUPT)?,
        body: row.plain("body")?,
        opened_at: row.time("opened_at")?,
    })
}

impl SealedIncident {
    /// Opens the name; `None` when the incident was erased.
    fn open(self, reader: &Reader<'_>) -> Result<Option<Incident>, StoreError> {
        let id = self.id.to_string();
        let Some(name) = reader.opened(&name_place(&id), &self.body)? else {
            return Ok(None);
        };
        Ok(Some(Incident {
            id: self.id,
            organization: self.organization,
            purpose: self.purpose,
            clearance: self.clearance,
            name: Confidential::new(text(&name)?),
            opened_at: self.opened_at,
        }))
    }
}

struct SealedStay {
    incident: IncidentId,
    report: ReportId,
    added_by: PersonId,
    added_at: Timestamp,
    added_why: Option<Vec<u8>>,
    removed: Option<(PersonId, Timestamp)>,
    removed_why: Option<Vec<u8>>,
}

fn sealed_stay(row: &Columns<'_>) -> Result<SealedStay, StoreError> {
    let removed_by = row.word_or_none("removed_by")?;
    let removed_at = row.time_or_none("removed_at")?;
    Ok(SealedStay {
        incident: row.word("incident_id")?,
        report: row.word("report_id")?,
        added_by: row.word("added_by")?,
        added_at: row.time("added_at")?,
        added_why: row.plain("added_why")?,
        removed: removed_by.zip(removed_at),
        removed_why: row.plain("removed_why")?,
    })
}

impl SealedStay {
    fn open(self, reader: &Reader<'_>) -> Result<Membership, StoreError> {
        let (id, row) = (self.incident.to_string(), stay(self.report, self.added_at));
        let why = |column, sealed: Option<Vec<u8>>| -> Result<_, StoreError> {
            let Some(sealed) = sealed else {
                return Ok(None);
            };
            let opened = reader.opened(&why_place(&id, column, &row), &sealed)?;
            opened
                .map(|opened| Ok(Confidential::new(text(&opened)?)))
                .transpose()
        };
        Ok(Membership {
            incident: self.incident,
            report: self.report,
            added_by: self.added_by,
            added_at: self.added_at,
            added_why: why("added_why", self.added_why)?,
            removed: self.removed,
            removed_why: why("removed_why", self.removed_why)?,
        })
    }
}

const CORRUPT: StoreError = StoreError::Corrupt {
    table: "incident",
    column: "body",
};

fn text<const MAX: usize>(opened: &[u8]) -> Result<BoundedText<MAX>, StoreError> {
    let text = std::str::from_utf8(opened).map_err(|_| CORRUPT)?;
    BoundedText::parse(text).map_err(|_| CORRUPT)
}

fn stay(report: ReportId, added_at: Timestamp) -> String {
    format!("{report} {}", added_at.micros())
}

fn name_place(id: &str) -> Place<'_> {
    Place {
        object: id,
        table: "incident",
        column: "body",
        row: id,
    }
}

fn why_place<'a>(incident: &'a str, column: &'static str, row: &'a str) -> Place<'a> {
    Place {
        object: incident,
        table: "incident_report",
        column,
        row,
    }
}
