//! Job leases: of many instances on one store, one runs a job.
//!
//! A lease ends by itself, so that a job whose instance was killed is taken over. A clock that once
//! ran far ahead must not lock a job out: times more than [`AHEAD_SECONDS_MAX`] in the future count
//! as past.

use domain::time::Timestamp;
use rusqlite::named_params;

use crate::error::StoreError;
use crate::row::{change, one};
use crate::transaction::{Reader, Tx};

/// The furthest that a stored time may lie ahead and still be believed, in seconds.
pub const AHEAD_SECONDS_MAX: i64 = 3_600;

/// Takes the lease of `job` for `holder`, for `seconds`. False when another holds it.
pub fn take(
    tx: &Tx<'_>,
    job: &'static str,
    holder: &str,
    seconds: i64,
) -> Result<bool, StoreError> {
    const TAKE: &str = "-- lease.take
        INSERT INTO lease (job, holder, until, ran_at, updated_by)
        VALUES (:job, :holder, :until, NULL, :by)
        ON CONFLICT (job) DO UPDATE SET holder = :holder, until = :until, updated_by = :by
        WHERE lease.until <= :now OR lease.until > :ahead";
    let taken = change(
        tx.data(),
        "lease.take",
        TAKE,
        named_params! {
            ":job": job,
            ":holder": holder,
            ":until": tx.now().plus_seconds(seconds).micros(),
            ":now": tx.now().micros(),
            ":ahead": tx.now().plus_seconds(AHEAD_SECONDS_MAX).micros(),
            ":by": tx.name(),
        },
    )?;
    Ok(taken == 1)
}

/// Ends the lease of `holder` and notes that the job ran. False when another holds it by now.
pub fn finish(tx: &Tx<'_>, job: &'static str, holder: &str) -> Result<bool, StoreError> {
    const FINISH: &str = "-- lease.finish
        UPDATE lease SET until = :now, ran_at = :now, updated_by = :by
        WHERE job = :job AND holder = :holder";
    let finished = change(
        tx.data(),
        "lease.finish",
        FINISH,
        named_params! {
            ":job": job, ":holder": holder, ":now": tx.now().micros(), ":by": tx.name(),
        },
    )?;
    Ok(finished == 1)
}

/// When `job` last ran to its end; `None` before the first time, or when that time lies too far
/// ahead to be believed.
pub fn ran_at(
    reader: &Reader<'_>,
    job: &'static str,
    now: Timestamp,
) -> Result<Option<Timestamp>, StoreError> {
    const READ: &str = "-- lease.ran_at
        SELECT ran_at FROM lease WHERE job = :job";
    let ran_at = one(
        reader.data(),
        "lease.ran_at",
        "lease",
        READ,
        named_params! {":job": job},
        |row| row.time_or_none("ran_at"),
    )?;
    Ok(ran_at
        .flatten()
        .filter(|ran_at| *ran_at <= now.plus_seconds(AHEAD_SECONDS_MAX)))
}
