//! Advisories that a reader could read once and cannot any more: what a tombstone stands for.
//!
//! INVARIANT: the statement joins with `part_audience` for the reader's keys, purpose and clearance as
//! those of [`crate::part`] do, and leaves out the time: who could never read an advisory learns
//! nothing of its end.

use domain::id::AdvisoryId;
use domain::time::Timestamp;
use rusqlite::named_params;

use super::{AdvisoryRow, advisory};
use crate::error::StoreError;
use crate::part::Sight;
use crate::row::collect;
use crate::transaction::Reader;

/// An advisory the reader lost sight of.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LostRow {
    /// The advisory.
    pub advisory: AdvisoryRow,
    /// Since when the reader may not read it.
    pub lost_at: Timestamp,
}

/// Which of them are wanted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Lost {
    /// This one.
    One(AdvisoryId),
    /// All, the latest loss first.
    All,
}

/// Issued advisories that were granted to the reader and are not any more.
pub fn lost(
    reader: &Reader<'_>,
    sight: &Sight,
    wanted: Lost,
    limit: u32,
) -> Result<Vec<LostRow>, StoreError> {
    const LOST: &str = "-- lost.advisories
        SELECT v.*, max(a.expires_at) AS lost_at
        FROM part_audience a
        JOIN part p ON p.part_id = a.part_id
        JOIN advisory v ON v.advisory_id = p.subject_id
        WHERE p.kind = 'advisory' AND p.side = 'outgoing'
          AND a.audience_key IN (SELECT value FROM json_each(:keys))
          AND a.purpose = :purpose
          AND a.clearance <= :clearance
          AND (:all = 1 OR p.subject_id = :advisory)
        GROUP BY v.advisory_id
        HAVING sum(CASE WHEN a.expires_at IS NULL OR a.expires_at > :now THEN 1 ELSE 0 END) = 0
        ORDER BY max(a.expires_at) DESC, v.advisory_id
        LIMIT :limit";
    let one = match wanted {
        Lost::One(id) => id.to_string(),
        Lost::All => String::new(),
    };
    collect(
        reader.data(),
        "lost.advisories",
        "part_audience",
        LOST,
        named_params! {
            ":keys": sight.keys(),
            ":purpose": sight.purpose(),
            ":clearance": sight.clearance(),
            ":all": i64::from(wanted == Lost::All),
            ":advisory": one,
            ":now": sight.now().micros(),
            ":limit": limit,
        },
        |row| {
            Ok(LostRow {
                advisory: advisory(row)?,
                lost_at: row.time("lost_at")?,
            })
        },
    )
}
