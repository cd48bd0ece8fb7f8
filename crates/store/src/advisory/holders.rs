//! Holders: everyone an issued advisory was ever granted to. Ending a grant keeps its row, since
//! nobody can be made to unread.

use domain::audience::AudienceKey;
use domain::id::AdvisoryId;
use domain::part::Subject;
use domain::time::Timestamp;
use rusqlite::named_params;

use crate::error::StoreError;
use crate::row::{change, collect};
use crate::transaction::{Reader, Tx};

/// Somebody who was granted an issued advisory.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Holder {
    /// Who.
    pub key: AudienceKey,
    /// Since when.
    pub granted_at: Timestamp,
    /// Until when; `None` while the grant lasts.
    pub ended_at: Option<Timestamp>,
}

/// Everyone the issued text was ever granted to, in the order of their keys.
pub fn holders(reader: &Reader<'_>, advisory: AdvisoryId) -> Result<Vec<Holder>, StoreError> {
    const LIST: &str = "-- holders.list
        SELECT a.audience_key, min(a.granted_at) AS granted_at,
               CASE WHEN sum(CASE WHEN a.expires_at IS NULL THEN 1 ELSE 0 END) > 0 THEN NULL
                    ELSE max(a.expires_at) END AS ended_at
        FROM part_audience a JOIN part p ON p.part_id = a.part_id
        WHERE p.subject_id = :advisory AND p.kind = 'advisory' AND p.side = 'outgoing'
        GROUP BY a.audience_key ORDER BY a.audience_key";
    collect(
        reader.data(),
        "holders.list",
        "part_audience",
        LIST,
        named_params! {":advisory": advisory.to_string()},
        |row| {
            Ok(Holder {
                key: row.word("audience_key")?,
                granted_at: row.time("granted_at")?,
                ended_at: row.time_or_none("ended_at")?,
            })
        },
    )
}

/// Ends all grants of what was issued now; the rows stay as the list of holders.
pub fn end_issued(tx: &Tx<'_>, advisory: AdvisoryId) -> Result<(), StoreError> {
    const END: &str = "-- holders.end_issued
        UPDATE part_audience SET expires_at = :now, updated_by = :by
        WHERE part_id IN (SELECT part_id FROM part WHERE subject_id = :advisory AND side = 'outgoing')
          AND (expires_at IS NULL OR expires_at > :now)";
    tx.touch(Subject::Advisory(advisory));
    change(
        tx.data(),
        "holders.end_issued",
        END,
        named_params! {
            ":now": tx.now().micros(), ":by": tx.name(), ":advisory": advisory.to_string(),
        },
    )
    .map(|_| ())
}
