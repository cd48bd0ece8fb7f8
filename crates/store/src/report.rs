//! Control records of reports.

use domain::id::{OrganizationId, PersonId, ReportId};
use domain::report::stage::Stage;
use domain::report::{Edition, Report};
use rusqlite::named_params;

use crate::error::StoreError;
use crate::row::{Columns, change, collect, one};
use crate::transaction::{Reader, Tx};

/// The link from a report to its source; it exists for named custody only.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct SourceLink {
    /// The organization.
    pub organization: OrganizationId,
    /// The person who sent it.
    pub person: PersonId,
}

/// Writes the control record of an accepted report.
pub fn insert(
    tx: &Tx<'_>,
    report: &Report,
    source: Option<SourceLink>,
    promoted_from: Option<ReportId>,
    channel: &str,
) -> Result<(), StoreError> {
    const INSERT: &str = "-- report.insert
        INSERT INTO report (report_id, origin_hub, kind, custody, relay_id, source_id, submitted_by,
                            stage, pseudonym, edition, sector, promoted_from, channel,
                            accepted_at, updated_at, updated_by)
        VALUES (:report, :hub, :kind, :custody, :relay, :source, :person,
                :stage, :pseudonym, :edition, :sector, :promoted_from, :channel,
                :accepted_at, :now, :by)";
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
            ":person": source.map(|link| link.person.to_string()),
            ":stage": report.stage.word(),
            ":pseudonym": report.pseudonym,
            ":edition": report.edition.word(),
            ":sector": report.sector.as_ref().map(domain::word::Code::as_str),
            ":promoted_from": promoted_from.map(|id| id.to_string()),
            ":channel": channel,
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
                person: row.word("submitted_by")?,
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
