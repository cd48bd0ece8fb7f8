//! Facts about the store itself, one row each.

use rusqlite::named_params;

use crate::error::StoreError;
use crate::row::{change, one};
use crate::transaction::{Reader, Tx};

/// The fact of that name; `None` when it was never written.
pub fn find(reader: &Reader<'_>, fact: &str) -> Result<Option<Vec<u8>>, StoreError> {
    const FIND: &str = "-- fact.find
        SELECT body FROM hub_fact WHERE fact = :fact";
    one(
        reader.data(),
        "fact.find",
        "hub_fact",
        FIND,
        named_params! {":fact": fact},
        |row| row.plain("body"),
    )
}

/// Writes a fact, over what stood there.
pub fn write(tx: &Tx<'_>, fact: &str, body: &[u8]) -> Result<(), StoreError> {
    const WRITE: &str = "-- fact.write
        INSERT INTO hub_fact (fact, body, updated_at, updated_by)
        VALUES (:fact, :body, :now, :by)
        ON CONFLICT (fact) DO UPDATE SET body = excluded.body, updated_at = excluded.updated_at,
                                         updated_by = excluded.updated_by";
    change(
        tx.data(),
        "fact.write",
        WRITE,
        named_params! {
            ":fact": fact, ":body": body, ":now": tx.now().micros(), ":by": tx.name(),
        },
    )
    .map(|_| ())
}
