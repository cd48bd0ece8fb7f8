//! Wrong tries, counted on the keyed hash of what the limit protects.
//!
//! A row says nothing of whether the account exists: every canonical name has the same place here.

use domain::time::Timestamp;
use rusqlite::named_params;

use crate::error::StoreError;
use crate::row::{change, one};
use crate::transaction::{Reader, Tx};

/// The wrong tries on one key.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Attempts {
    /// When the last one was counted; the running window begins there.
    pub last_at: Timestamp,
    /// How many, after what time has forgiven.
    pub failures: u32,
    /// Until when further tries are refused; `None` while they are not.
    pub locked_until: Option<Timestamp>,
}

/// What is counted on `key`; `None` when nothing is.
pub fn find(reader: &Reader<'_>, key: &[u8; 32]) -> Result<Option<Attempts>, StoreError> {
    const FIND: &str = "-- attempt.find
        SELECT window_at, failures, locked_until FROM attempt WHERE limit_key = :key";
    one(
        reader.data(),
        "attempt.find",
        "attempt",
        FIND,
        named_params! {":key": key.as_slice()},
        |row| {
            Ok(Attempts {
                last_at: row.time("window_at")?,
                failures: row.plain("failures")?,
                locked_until: row.time_or_none("locked_until")?,
            })
        },
    )
}

/// Writes what is counted on `key`, over what stood there.
pub fn write(tx: &Tx<'_>, key: &[u8; 32], attempts: &Attempts) -> Result<(), StoreError> {
    const WRITE: &str = "-- attempt.write
        INSERT INTO attempt (limit_key, window_at, failures, locked_until, updated_by)
        VALUES (:key, :last_at, :failures, :locked_until, :by)
        ON CONFLICT (limit_key) DO UPDATE SET window_at = excluded.window_at,
            failures = excluded.failures, locked_until = excluded.locked_until,
            updated_by = excluded.updated_by";
    change(
        tx.data(),
        "attempt.write",
        WRITE,
        named_params! {
            ":key": key.as_slice(),
            ":last_at": attempts.last_at.micros(),
            ":failures": attempts.failures,
            ":locked_until": attempts.locked_until.map(Timestamp::micros),
            ":by": tx.name(),
        },
    )
    .map(|_| ())
}

/// Forgets what was counted on `key`.
pub fn clear(tx: &Tx<'_>, key: &[u8; 32]) -> Result<(), StoreError> {
    const CLEAR: &str = "-- attempt.clear
        DELETE FROM attempt WHERE limit_key = :key";
    change(
        tx.data(),
        "attempt.clear",
        CLEAR,
        named_params! {":key": key.as_slice()},
    )
    .map(|_| ())
}

/// Forgets every count whose last try lies before `before`.
pub fn clear_before(tx: &Tx<'_>, before: Timestamp) -> Result<(), StoreError> {
    const CLEAR: &str = "-- attempt.clear_before
        DELETE FROM attempt WHERE window_at < :before";
    change(
        tx.data(),
        "attempt.clear_before",
        CLEAR,
        named_params! {":before": before.micros()},
    )
    .map(|_| ())
}
