//! Destroying keys: only with the data they belong to, and then without a trace in the files.
//!
//! The keys of a batch are committed before its data. A key that was simply deleted would be gone
//! although the data, after a crash between the two, still needs it: a draft that was being sent
//! would be lost without its report. A destroyed key is therefore put aside first; only when the
//! data says that the destruction is committed is it deleted. Otherwise it is put back.
//!
//! INVARIANT: a key put aside is settled under the write lock of the data, which a writer holds
//! from before its keys are committed until its data is: nobody settles what is still undecided.

use std::time::Duration;

use rusqlite::{Connection, Transaction, TransactionBehavior, named_params};

use crate::error::{Named as _, StoreError};

/// How long overwriting the traces waits for somebody who reads keys, in milliseconds.
const SWEEP_MILLISECONDS: u64 = 50;

/// Puts the key of `object` aside; false when it has none. The data keeps `destruction`, which is
/// drawn at random.
pub(crate) fn begin(
    data: &Connection,
    keys: &Connection,
    object: &str,
    destruction: &str,
    by: &str,
) -> Result<bool, StoreError> {
    const ASIDE: &str = "-- destruction.aside
        INSERT INTO key_to_destroy (destruction_id, object_id, wrapped)
        SELECT :destruction, object_id, wrapped FROM object_key WHERE object_id = :object";
    const DELETE: &str = "-- destruction.take
        DELETE FROM object_key WHERE object_id = :object";
    const NOTE: &str = "-- destruction.note
        INSERT INTO key_destruction (destruction_id, updated_by) VALUES (:destruction, :by)";
    let step = "destruction.begin";
    let found = keys
        .prepare_cached(ASIDE)
        .and_then(|mut s| s.execute(named_params! {":destruction": destruction, ":object": object}))
        .named(step)?;
    if found == 0 {
        return Ok(false);
    }
    keys.prepare_cached(DELETE)
        .and_then(|mut s| s.execute(named_params! {":object": object}))
        .named(step)?;
    data.prepare_cached(NOTE)
        .and_then(|mut s| s.execute(named_params! {":destruction": destruction, ":by": by}))
        .named(step)?;
    Ok(true)
}

/// Settles every key put aside, then overwrites what the key file and its log still hold of the
/// deleted ones. False when somebody reads keys just now: to be tried again.
pub(crate) fn finish(data: &Connection, keys: &Connection) -> Result<bool, StoreError> {
    settle(data, keys)?;
    sweep(keys)
}

fn settle(data: &Connection, keys: &Connection) -> Result<(), StoreError> {
    const FORGET: &str = "-- destruction.forget
        DELETE FROM key_destruction";
    let step = "destruction.settle";
    if is_settled(data, keys)? {
        return Ok(());
    }
    // Rolled back when it is dropped early.
    let in_data = Transaction::new_unchecked(data, TransactionBehavior::Immediate).named(step)?;
    let in_keys = Transaction::new_unchecked(keys, TransactionBehavior::Immediate).named(step)?;
    for (destruction, object, wrapped) in aside(&in_keys)? {
        settle_one(&in_data, &in_keys, &destruction, &object, &wrapped)?;
    }
    in_data.execute(FORGET, []).named(step)?;
    in_keys.commit().named(step)?;
    in_data.commit().named(step)
}

/// Whether there is nothing to settle, so that a start need not wait for who writes just now.
fn is_settled(data: &Connection, keys: &Connection) -> Result<bool, StoreError> {
    const NOTED: &str = "-- destruction.noted
        SELECT count(*) FROM key_destruction";
    const ASIDE: &str = "-- destruction.count
        SELECT count(*) FROM key_to_destroy";
    let count = |connection: &Connection, sql| {
        connection
            .query_row(sql, [], |row| row.get::<_, i64>(0))
            .named("destruction.settle")
    };
    Ok(count(keys, ASIDE)? + count(data, NOTED)? == 0)
}

type Aside = (String, String, Vec<u8>);

/// The keys put aside, the latest first: of two keys of one object the older is put back last.
fn aside(keys: &Connection) -> Result<Vec<Aside>, StoreError> {
    const LIST: &str = "-- destruction.list
        SELECT destruction_id, object_id, wrapped FROM key_to_destroy
        ORDER BY destruction_number DESC";
    keys.prepare_cached(LIST)
        .and_then(|mut s| {
            s.query_map([], |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?)))?
                .collect()
        })
        .named("destruction.list")
}

fn settle_one(
    data: &Connection,
    keys: &Connection,
    destruction: &str,
    object: &str,
    wrapped: &[u8],
) -> Result<(), StoreError> {
    const COMMITTED: &str = "-- destruction.committed
        SELECT count(*) FROM key_destruction WHERE destruction_id = :destruction";
    const BACK: &str = "-- destruction.back
        INSERT INTO object_key (object_id, wrapped) VALUES (:object, :wrapped)
        ON CONFLICT (object_id) DO UPDATE SET wrapped = excluded.wrapped";
    const DELETE: &str = "-- destruction.delete
        DELETE FROM key_to_destroy WHERE destruction_id = :destruction";
    let step = "destruction.settle";
    let committed: i64 = data
        .prepare_cached(COMMITTED)
        .and_then(|mut s| {
            s.query_row(named_params! {":destruction": destruction}, |row| {
                row.get(0)
            })
        })
        .named(step)?;
    if committed == 0 {
        keys.prepare_cached(BACK)
            .and_then(|mut s| s.execute(named_params! {":object": object, ":wrapped": wrapped}))
            .named(step)?;
    }
    keys.prepare_cached(DELETE)
        .and_then(|mut s| s.execute(named_params! {":destruction": destruction}))
        .named(step)
        .map(|_| ())
}

/// Writes the log of the key file back into the file, whose deleted cells are zeros, and empties
/// the log. False when somebody reads keys just now.
fn sweep(keys: &Connection) -> Result<bool, StoreError> {
    const CHECKPOINT: &str = "-- destruction.sweep
        PRAGMA wal_checkpoint(TRUNCATE)";
    let step = "destruction.sweep";
    let patience = |milliseconds| {
        keys.busy_timeout(Duration::from_millis(milliseconds))
            .named(step)
    };
    patience(SWEEP_MILLISECONDS)?;
    let busy: Result<i64, _> = keys.query_row(CHECKPOINT, [], |row| row.get(0)).named(step);
    patience(crate::open::BUSY_MILLISECONDS)?;
    Ok(busy? == 0)
}

#[cfg(test)]
mod tests;
