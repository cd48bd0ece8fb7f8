//! Control records of reports.

use domain::id::{OrganizationId, PersonId, ReportId};
use domain::report::stage::Stage;
use domain::report::{Channel, Edition, Report};
use rusqlite::named_params;

use crate::error::StoreError;
use crate::row::{Columns, change, collect, json_list, one};
use crate::transaction::{Reader, Tx};

/// The link from a report to its source; it exists for named custody only.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct SourceLink {
    /// The organization.
    pub organization: OrganizationId,
    /// The person who sent it; `None` when a clerk entered it.
    pub person: Option<PersonId>,
}

/// How a report came here: nothing of it says whose it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Provenance {
    /// The way it came by.
    pub channel: Channel,
    /// The near miss it was promoted from.
    pub promoted_from: Option<ReportId>,
    /// Who wrote it down for a source that phoned or faxed.
    pub clerk: Option<Clerk>,
}

/// Who wrote a report down for somebody else.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Clerk {
    /// The person.
    pub person: PersonId,
    /// The organization acted for.
    pub organization: OrganizationId,
}

/// Writes the control record of an accepted report.
pub fn insert(
    tx: &Tx<'_>,
    report: &Report,
    source: Option<SourceLink>,
    provenance: &Provenance,
) -> Result<(), StoreError> {
    const INSERT: &str = "-- report.insert
        INSERT INTO report (report_id, origin_hub, kind, custody, relay_id, source_id, submitted_by,
                            stage, pseudonym, edition, sector, promoted_from, channel,
                            clerk_id, clerk_org, accepted_at, updated_at, updated_by)
        VALUES (:report, :hub, :kind, :custody, :relay, :source, :person,
                :stage, :pseudonym, :edition, :sector, :promoted_from, :channel,
                :clerk, :clerk_org, :accepted_at, :now, :by)";
    let clerk = provenance.clerk;
    change(
        tx.data(),
        "report.insert",
        INSERT,
        named_params! {
            ":report": report.id.to_string(),
            ":hub": report.origin_hub,
            ":kind": report.kind.word(),
            ":custody": report.custody.word(),
            ":relay": report.relay.to_string(),
            ":source": source.map(|link| link.organization.to_string()),
            ":person": source.and_then(|link| link.person).map(|person| person.to_string()),
            ":stage": report.stage.word(),
            ":pseudonym": report.pseudonym,
            ":edition": report.edition.word(),
            ":sector": report.sector.as_ref().map(domain::word::Code::as_str),
            ":promoted_from": provenance.promoted_from.map(|id| id.to_string()),
            ":channel": provenance.channel.word(),
            ":clerk": clerk.map(|clerk| clerk.person.to_string()),
            ":clerk_org": clerk.map(|clerk| clerk.organization.to_string()),
            ":accepted_at": report.accepted_at.micros(),
            ":now": tx.now().micros(),
            ":by": tx.name(),
        },
    )
    .map(|_| ())
}

/// The control record with that id, for the hub's own work.
pub fn find(reader: &Reader<'_>, id: ReportId) -> Result<Option<Report>, StoreError> {
    const FIND: &str = "-- report.find
        SELECT * FROM report WHERE report_id = :report";
    one(
        reader.data(),
        "report.find",
        "report",
        FIND,
        named_params! {":report": id.to_string()},
        report,
    )
}

/// The control records of those of `ids` that are there, in any order, for the hub's own work.
pub fn find_among(reader: &Reader<'_>, ids: &[ReportId]) -> Result<Vec<Report>, StoreError> {
    const AMONG: &str = "-- report.find_among
        SELECT * FROM report WHERE report_id IN (SELECT value FROM json_each(:reports))";
    collect(
        reader.data(),
        "report.find_among",
        "report",
        AMONG,
        named_params! {":reports": json_list(ids)},
        report,
    )
}

/// The link to the source; `None` unless the custody is named.
pub fn source(reader: &Reader<'_>, id: ReportId) -> Result<Option<SourceLink>, StoreError> {
    const FIND: &str = "-- report.source
        SELECT source_id, submitted_by FROM report WHERE report_id = :report AND source_id IS NOT NULL";
    one(
        reader.data(),
        "report.source",
        "report",
        FIND,
        named_params! {":report": id.to_string()},
        |row| {
            Ok(SourceLink {
                organization: row.word("source_id")?,
                person: row.word_or_none("submitted_by")?,
            })
        },
    )
}

/// How a report came here; `None` when it is not there.
pub fn provenance(reader: &Reader<'_>, id: ReportId) -> Result<Option<Provenance>, StoreError> {
    const FIND: &str = "-- report.provenance
        SELECT channel, promoted_from, clerk_id, clerk_org FROM report WHERE report_id = :report";
    one(
        reader.data(),
        "report.provenance",
        "report",
        FIND,
        named_params! {":report": id.to_string()},
        |row| {
            let person: Option<PersonId> = row.word_or_none("clerk_id")?;
            let organization: Option<OrganizationId> = row.word_or_none("clerk_org")?;
            Ok(Provenance {
                channel: row.word("channel")?,
                promoted_from: row.word_or_none("promoted_from")?,
                clerk: person
                    .zip(organization)
                    .map(|(person, organization)| Clerk {
                        person,
                        organization,
                    }),
            })
        },
    )
}

/// Reports that an organization sent under its name, newest first.
pub fn sent_by(
    reader: &Reader<'_>,
    source: OrganizationId,
    limit: u32,
) -> Result<Vec<Report>, StoreError> {
    const LIST: &str = "-- report.sent_by
        SELECT * FROM report WHERE source_id = :source
        ORDER BY accepted_at DESC, report_id DESC LIMIT :limit";
    collect(
        reader.data(),
        "report.sent_by",
        "report",
        LIST,
        named_params! {":source": source.to_string(), ":limit": limit},
        report,
    )
}

/// Moves a report to `stage`.
pub fn set_stage(tx: &Tx<'_>, id: ReportId, stage: Stage) -> Result<(), StoreError> {
    const UPDATE: &str = "-- report.set_stage
        UPDATE report SET stage = :stage, updated_at = :now, updated_by = :by WHERE report_id = :report";
    change(
        tx.data(),
        "report.set_stage",
        UPDATE,
        named_params! {
            ":report": id.to_string(),
            ":stage": stage.word(),
            ":now": tx.now().micros(),
            ":by": tx.name(),
        },
    )
    .map(|_| ())
}

/// Says which report of its series the latest is.
pub fn set_edition(tx: &Tx<'_>, id: ReportId, edition: Edition) -> Result<(), StoreError> {
    const UPDATE: &str = "-- report.set_edition
        UPDATE report SET edition = :edition, updated_at = :now, updated_by = :by
        WHERE report_id = :report";
    change(
        tx.data(),
        "report.set_edition",
        UPDATE,
        named_params! {
            ":report": id.to_string(),
            ":edition": edition.word(),
            ":now": tx.now().micros(),
            ":by": tx.name(),
        },
    )
    .map(|_| ())
}

fn report(row: &Columns<'_>) -> Result<Report, StoreError> {
    Ok(Report {
        id: row.word("report_id")?,
        origin_hub: row.plain("origin_hub")?,
        kind: row.word("kind")?,
        custody: row.word("custody")?,
        relay: row.word("relay_id")?,
        stage: row.word("stage")?,
        pseudonym: row.plain("pseudonym")?,
        edition: row.word("edition")?,
        sector: row.word_or_none("sector")?,
        accepted_at: row.time("accepted_at")?,
    })
}
