//! What became of a report, as far as its source is told: who opened it, what left, what it led to.
//!
//! The rows are facts about a report, not its content. They name no person, and of organizations
//! only what kind they are.

use std::collections::BTreeMap;

use domain::handling::Handling;
use domain::id::{AdvisoryId, OrganizationId, ReportId};
use domain::organization::{OrganizationKind, Role};
use domain::part::{PartKind, Side};
use domain::time::Timestamp;
use domain::word::Code;
use rusqlite::named_params;

use crate::error::StoreError;
use crate::row::{Columns, collect};
use crate::transaction::Reader;

/// A part was opened by somebody for the first time that day.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ReadRow {
    /// Who, as a number that stands for one person within this answer and means nothing outside.
    pub reader: usize,
    /// The role acted in.
    pub role: Role,
    /// What the reader's organization is.
    pub organization: OrganizationKind,
    /// For what use.
    pub purpose: Code,
    /// Which part.
    pub kind: PartKind,
    /// The original or what left.
    pub side: Side,
    /// When.
    pub at: Timestamp,
}

/// A part that left.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LeftRow {
    /// Which part.
    pub kind: PartKind,
    /// The terms it left under.
    pub handling: Handling,
    /// When.
    pub at: Timestamp,
}

/// An advisory that rests on the report.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LedRow {
    /// The advisory.
    pub advisory: AdvisoryId,
    /// Its short number.
    pub number: String,
    /// What its issuer is.
    pub issuer: OrganizationKind,
    /// When it was issued.
    pub at: Timestamp,
}

/// Who opened parts of `report`, oldest first, without the people of `source`.
pub fn readings(
    reader: &Reader<'_>,
    report: ReportId,
    source: Option<OrganizationId>,
) -> Result<Vec<ReadRow>, StoreError> {
    const LIST: &str = "-- receipt.readings
        SELECT r.person_id, r.role, r.purpose, r.first_at, o.kind AS org_kind,
               p.kind AS part_kind, p.side
        FROM reading r
        JOIN part p ON p.part_id = r.part_id
        JOIN organization o ON o.org_id = r.org_id
        WHERE p.subject_id = :report AND p.kind <> 'message' AND r.org_id <> :source
        ORDER BY r.first_at, r.person_id, p.part_id";
    let rows = collect(
        reader.data(),
        "receipt.readings",
        "reading",
        LIST,
        named_params! {
            ":report": report.to_string(),
            ":source": source.map_or(String::new(), |source| source.to_string()),
        },
        |row| Ok((row.plain::<String>("person_id")?, read_row(row)?)),
    )?;
    let mut numbers = Numbers::default();
    Ok(rows.into_iter().map(|read| numbers.number(read)).collect())
}

/// Who opened parts of reports that `source` sent under its name, since `since` and oldest first,
/// without its own people; each with the report.
pub fn readings_of(
    reader: &Reader<'_>,
    source: OrganizationId,
    since: Timestamp,
) -> Result<Vec<(ReportId, ReadRow)>, StoreError> {
    const LIST: &str = "-- receipt.readings_of
        SELECT q.report_id, r.person_id, r.role, r.purpose, r.first_at, o.kind AS org_kind,
               p.kind AS part_kind, p.side
        FROM report q
        JOIN part p ON p.subject_id = q.report_id
        JOIN reading r ON r.part_id = p.part_id
        JOIN organization o ON o.org_id = r.org_id
        WHERE q.source_id = :source AND p.kind <> 'message'
          AND r.org_id <> :source AND r.first_at >= :since
        ORDER BY r.first_at, r.person_id, p.part_id";
    let rows = collect(
        reader.data(),
        "receipt.readings_of",
        "reading",
        LIST,
        named_params! {":source": source.to_string(), ":since": since.micros()},
        |row| {
            let read = (row.plain::<String>("person_id")?, read_row(row)?);
            Ok((row.word("report_id")?, read))
        },
    )?;
    let mut numbers = Numbers::default();
    let number = |(report, read)| (report, numbers.number(read));
    Ok(rows.into_iter().map(number).collect())
}

/// Parts of `report` that left, oldest first.
pub fn left(reader: &Reader<'_>, report: ReportId) -> Result<Vec<LeftRow>, StoreError> {
    const LIST: &str = "-- receipt.left
        SELECT kind, tlp, purposes, circles, consent, expires_at, written_at FROM part
        WHERE subject_id = :report AND side = 'outgoing' AND kind <> 'message'
        ORDER BY written_at, kind";
    collect(
        reader.data(),
        "receipt.left",
        "part",
        LIST,
        named_params! {":report": report.to_string()},
        |row| {
            Ok(LeftRow {
                kind: row.word("kind")?,
                handling: Handling {
                    tlp: row.word("tlp")?,
                    purposes: row.words("purposes")?,
                    circles: row.words("circles")?,
                    expires_at: row.time_or_none("expires_at")?,
                    consent: row.word("consent")?,
                },
                at: row.time("written_at")?,
            })
        },
    )
}

/// Issued advisories that rest on `report`, oldest first.
pub fn led_to(reader: &Reader<'_>, report: ReportId) -> Result<Vec<LedRow>, StoreError> {
    const LIST: &str = "-- receipt.led_to
        SELECT a.advisory_id, a.number, a.issued_at, o.kind AS org_kind
        FROM advisory_report l
        JOIN advisory a ON a.advisory_id = l.advisory_id
        JOIN organization o ON o.org_id = a.issuer_id
        WHERE l.report_id = :report AND a.issued_at IS NOT NULL
        ORDER BY a.issued_at, a.advisory_id";
    collect(
        reader.data(),
        "receipt.led_to",
        "advisory",
        LIST,
        named_params! {":report": report.to_string()},
        |row| {
            Ok(LedRow {
                advisory: row.word("advisory_id")?,
                number: row.plain("number")?,
                issuer: row.word("org_kind")?,
                at: row.time("issued_at")?,
            })
        },
    )
}

/// When the border checks of `report` that let nothing through ended, oldest first.
pub fn withheld(reader: &Reader<'_>, report: ReportId) -> Result<Vec<Timestamp>, StoreError> {
    const LIST: &str = "-- receipt.withheld
        SELECT updated_at FROM review WHERE report_id = :report AND stage = 'withheld'
        ORDER BY updated_at";
    collect(
        reader.data(),
        "receipt.withheld",
        "review",
        LIST,
        named_params! {":report": report.to_string()},
        |row| row.time("updated_at"),
    )
}

/// The numbers that stand for people within one answer.
#[derive(Default)]
struct Numbers(BTreeMap<String, usize>);

impl Numbers {
    fn number(&mut self, (person, row): (String, ReadRow)) -> ReadRow {
        let next = self.0.len();
        let reader = *self.0.entry(person).or_insert(next);
        ReadRow { reader, ..row }
    }
}

fn read_row(row: &Columns<'_>) -> Result<ReadRow, StoreError> {
    Ok(ReadRow {
        reader: 0,
        role: row.word("role")?,
        organization: row.word("org_kind")?,
        purpose: row.word("purpose")?,
        kind: row.word("part_kind")?,
        side: row.word("side")?,
        at: row.time("first_at")?,
    })
}
