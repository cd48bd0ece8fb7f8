//! Figures of the situation, as they were published, and which reports they counted.
//!
//! INVARIANT: a figure is written once. No statement here changes one.

use domain::count::{Period, Quarter};
use domain::id::{OrganizationId, ReportId};
use domain::part::{PartKind, Side};
use domain::time::Timestamp;
use domain::word::Code;
use rusqlite::named_params;

use crate::error::StoreError;
use crate::row::{change, collect, number, one};
use crate::transaction::{Reader, Tx};

/// What stands in the row of a table that has one for all sectors.
pub const ALL_SECTORS: &str = "all";

/// A part of a report that could be counted. A report has several.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Countable {
    /// The report.
    pub report: ReportId,
    /// Its sector.
    pub sector: Option<Code>,
    /// Its source; only for named custody.
    pub source: Option<OrganizationId>,
    /// Purposes that this part is offered for.
    pub purposes: std::collections::BTreeSet<Code>,
}

/// The newest original parts of reports accepted from `from` until before `until` that were not
/// withdrawn; without the part that names the source.
pub fn countable(
    reader: &Reader<'_>,
    from: Timestamp,
    until: Timestamp,
) -> Result<Vec<Countable>, StoreError> {
    const LIST: &str = "-- situation.countable
        SELECT r.report_id, r.sector, r.source_id, p.purposes
        FROM report r
        JOIN part p ON p.subject_id = r.report_id
        WHERE r.accepted_at >= :from AND r.accepted_at < :until AND r.stage <> 'withdrawn'
          AND p.side = :side AND p.kind IN (:attack, :damage, :summary)
          AND p.version = (SELECT max(q.version) FROM part q
                           WHERE q.subject_id = p.subject_id AND q.side = p.side AND q.kind = p.kind)
        ORDER BY r.report_id, p.kind";
    collect(
        reader.data(),
        "situation.countable",
        "report",
        LIST,
        named_params! {
            ":from": from.micros(),
            ":until": until.micros(),
            ":side": Side::Original.word(),
            ":attack": PartKind::Attack.word(),
            ":damage": PartKind::Damage.word(),
            ":summary": PartKind::Summary.word(),
        },
        |row| {
            Ok(Countable {
                report: row.word("report_id")?,
                sector: row.word_or_none("sector")?,
                source: row.word_or_none("source_id")?,
                purposes: row.words("purposes")?,
            })
        },
    )
}

/// When the first report was accepted; `None` before.
pub fn first_accepted(reader: &Reader<'_>) -> Result<Option<Timestamp>, StoreError> {
    const FIRST: &str = "-- situation.first_accepted
        SELECT min(accepted_at) AS at FROM report";
    Ok(one(
        reader.data(),
        "situation.first_accepted",
        "report",
        FIRST,
        [],
        |row| row.time_or_none("at"),
    )?
    .flatten())
}

/// Opens the table of `period` for writing; false when it was published before.
pub fn begin(tx: &Tx<'_>, period: &str) -> Result<bool, StoreError> {
    const BEGIN: &str = "-- situation.begin
        INSERT INTO situation_table (period, origin_hub, published_at, updated_by)
        VALUES (:period, :hub, :now, :by)
        ON CONFLICT (period) DO NOTHING";
    let written = change(
        tx.data(),
        "situation.begin",
        BEGIN,
        named_params! {
            ":period": period, ":hub": tx.hub(), ":now": tx.now().micros(), ":by": tx.name(),
        },
    )?;
    Ok(written == 1)
}

/// Writes a figure of a table just begun.
pub fn insert(tx: &Tx<'_>, period: &str, sector: &str, count: u64) -> Result<(), StoreError> {
    const INSERT: &str = "-- situation.insert
        INSERT INTO situation_figure (period, sector, count, updated_by)
        VALUES (:period, :sector, :count, :by)";
    change(
        tx.data(),
        "situation.insert",
        INSERT,
        named_params! {
            ":period": period, ":sector": sector, ":count": number(count), ":by": tx.name(),
        },
    )
    .map(|_| ())
}

/// Notes that the table of `week` counted a report in the row `sector`.
pub fn note_counted(
    tx: &Tx<'_>,
    week: Period,
    report: ReportId,
    sector: &Code,
) -> Result<(), StoreError> {
    const NOTE: &str = "-- situation.note_counted
        INSERT INTO situation_report (report_id, period, sector, updated_by)
        VALUES (:report, :period, :sector, :by)";
    change(
        tx.data(),
        "situation.note_counted",
        NOTE,
        named_params! {
            ":report": report.to_string(),
            ":period": week.to_string(),
            ":sector": sector.as_str(),
            ":by": tx.name(),
        },
    )
    .map(|_| ())
}

/// What the table of `week` counted: row and source.
pub fn counted(
    reader: &Reader<'_>,
    week: Period,
) -> Result<Vec<(Code, Option<OrganizationId>)>, StoreError> {
    const LIST: &str = "-- situation.counted
        SELECT s.sector AS sector, r.source_id AS source_id
        FROM situation_report s JOIN report r ON r.report_id = s.report_id
        WHERE s.period = :period ORDER BY s.report_id";
    collect(
        reader.data(),
        "situation.counted",
        "situation_report",
        LIST,
        named_params! {":period": week.to_string()},
        |row| Ok((row.word("sector")?, row.word_or_none("source_id")?)),
    )
}

/// Forgets which reports the weeks of `quarter` counted: its own figures are published.
pub fn forget_counted(tx: &Tx<'_>, quarter: Quarter) -> Result<usize, StoreError> {
    const FORGET: &str = "-- situation.forget_counted
        DELETE FROM situation_report WHERE period >= :first AND period < :next";
    change(
        tx.data(),
        "situation.forget_counted",
        FORGET,
        named_params! {
            ":first": format!("week:{}", quarter.start()),
            ":next": format!("week:{}", quarter.next().start()),
        },
    )
}

/// When the table of `period` was published; `None` before.
pub fn published_at(reader: &Reader<'_>, period: &str) -> Result<Option<Timestamp>, StoreError> {
    const FIND: &str = "-- situation.published_at
        SELECT published_at FROM situation_table WHERE period = :period";
    one(
        reader.data(),
        "situation.published_at",
        "situation_table",
        FIND,
        named_params! {":period": period},
        |row| row.time("published_at"),
    )
}

/// The figures of a published table, by row.
pub fn figures(reader: &Reader<'_>, period: &str) -> Result<Vec<(Code, u64)>, StoreError> {
    const LIST: &str = "-- situation.figures
        SELECT sector, count FROM situation_figure WHERE period = :period ORDER BY sector";
    collect(
        reader.data(),
        "situation.figures",
        "situation_figure",
        LIST,
        named_params! {":period": period},
        |row| Ok((row.word("sector")?, row.count("count")?)),
    )
}

/// The newest published periods whose text begins with `kind`, newest first.
pub fn newest(reader: &Reader<'_>, kind: &str, limit: u32) -> Result<Vec<String>, StoreError> {
    const LIST: &str = "-- situation.newest
        SELECT period FROM situation_table WHERE period LIKE :kind
        ORDER BY period DESC LIMIT :limit";
    collect(
        reader.data(),
        "situation.newest",
        "situation_table",
        LIST,
        named_params! {":kind": format!("{kind}:%"), ":limit": limit},
        |row| row.plain("period"),
    )
}
