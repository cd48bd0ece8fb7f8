//! Since when something of a subject is there for a reader.

use domain::part::{PartKind, Subject};
use domain::time::Timestamp;
use rusqlite::named_params;

use super::Sight;
use crate::error::StoreError;
use crate::row::{json_list, one};
use crate::transaction::Reader;

/// When the newest part of one of `kinds` became visible to the reader; `None` when none is.
pub fn visible_since(
    reader: &Reader<'_>,
    sight: &Sight,
    subject: Subject,
    kinds: &[PartKind],
) -> Result<Option<Timestamp>, StoreError> {
    const SINCE: &str = "-- part.visible_since
        SELECT max(a.granted_at) AS seen_at
        FROM part p JOIN part_audience a ON a.part_id = p.part_id
        WHERE p.subject_id = :subject
          AND p.kind IN (SELECT value FROM json_each(:kinds))
          AND p.body IS NOT NULL
          AND (p.expires_at IS NULL OR p.expires_at > :now)
          AND a.audience_key IN (SELECT value FROM json_each(:keys))
          AND a.purpose = :purpose
          AND a.clearance <= :clearance
          AND (a.expires_at IS NULL OR a.expires_at > :now)";
    let found = one(
        reader.data(),
        "part.visible_since",
        "part_audience",
        SINCE,
        named_params! {
            ":subject": subject.to_string(),
            ":kinds": json_list(kinds.iter().map(|kind| kind.word())),
            ":now": sight.now().micros(),
            ":keys": sight.keys(),
            ":purpose": sight.purpose(),
            ":clearance": sight.clearance(),
        },
        |row| row.time_or_none("seen_at"),
    )?;
    Ok(found.flatten())
}
