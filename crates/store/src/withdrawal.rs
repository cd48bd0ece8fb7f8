//! Reports that their source took back: the tombstone for those who held them.

use std::collections::{BTreeMap, BTreeSet};

use domain::id::{PartId, ReportId};
use domain::report::update::WithdrawReason;
use domain::time::Timestamp;
use rusqlite::named_params;

use crate::error::StoreError;
use crate::part::Sight;
use crate::row::{change, collect, json_list};
use crate::transaction::{Reader, Tx};

/// That a report was taken back.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Withdrawal {
    /// Why.
    pub reason: WithdrawReason,
    /// When.
    pub withdrawn_at: Timestamp,
}

/// Writes that `report` was taken back; `part` carries the audience that is told.
pub fn insert(
    tx: &Tx<'_>,
    report: ReportId,
    part: PartId,
    reason: WithdrawReason,
) -> Result<(), StoreError> {
    const INSERT: &str = "-- withdrawal.insert
        INSERT INTO withdrawal (report_id, part_id, reason, withdrawn_at, updated_by)
        VALUES (:report, :part, :reason, :now, :by)";
    change(
        tx.data(),
        "withdrawal.insert",
        INSERT,
        named_params! {
            ":report": report.to_string(),
            ":part": part.to_string(),
            ":reason": reason.word(),
            ":now": tx.now().micros(),
            ":by": tx.name(),
        },
    )
    .map(|_| ())
}

/// That `report` was taken back, if the reader is one of those who held it.
pub fn visible(
    reader: &Reader<'_>,
    sight: &Sight,
    report: ReportId,
) -> Result<Option<Withdrawal>, StoreError> {
    Ok(visible_of(reader, sight, &[report])?.remove(&report))
}

/// The same of several reports at once; one that stands is left out.
pub fn visible_of(
    reader: &Reader<'_>,
    sight: &Sight,
    reports: &[ReportId],
) -> Result<BTreeMap<ReportId, Withdrawal>, StoreError> {
    const VISIBLE: &str = "-- withdrawal.visible
        SELECT w.report_id, w.reason, w.withdrawn_at FROM withdrawal w
        JOIN part p ON p.part_id = w.part_id
        WHERE w.report_id IN (SELECT value FROM json_each(:reports))
          AND p.body IS NOT NULL
          AND EXISTS (SELECT 1 FROM part_audience a
                      WHERE a.part_id = w.part_id
                        AND a.audience_key IN (SELECT value FROM json_each(:keys))
                        AND a.purpose = :purpose
                        AND a.clearance <= :clearance
                        AND (a.expires_at IS NULL OR a.expires_at > :now))";
    let found = collect(
        reader.data(),
        "withdrawal.visible",
        "withdrawal",
        VISIBLE,
        named_params! {
            ":reports": json_list(reports),
            ":keys": sight.keys(),
            ":purpose": sight.purpose(),
            ":clearance": sight.clearance(),
            ":now": sight.now().micros(),
        },
        |row| {
            let withdrawal = Withdrawal {
                reason: row.word("reason")?,
                withdrawn_at: row.time("withdrawn_at")?,
            };
            Ok((row.word("report_id")?, withdrawal))
        },
    )?;
    Ok(found.into_iter().collect())
}

/// Those of `reports` that were taken back, as far as the reader is one of those who held them.
pub fn visible_among(
    reader: &Reader<'_>,
    sight: &Sight,
    reports: &[ReportId],
) -> Result<BTreeSet<ReportId>, StoreError> {
    Ok(visible_of(reader, sight, reports)?.into_keys().collect())
}
