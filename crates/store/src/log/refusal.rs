//! Refused attempts of signed-in persons, counted so that nobody floods the log with them.

use domain::id::PersonId;
use rusqlite::named_params;

use crate::error::StoreError;
use crate::row::{change, one};
use crate::transaction::Tx;

/// Refused attempts of one person that are told apart on one day.
pub const REFUSALS_PER_DAY_MAX: i64 = 64;

/// What is to be recorded of a refused attempt.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Refusal {
    /// The first of its kind today: to be recorded.
    First,
    /// The person reached the day's limit with it: that alone is to be recorded.
    Limit,
    /// It was recorded today, or the limit was reached before.
    Known,
}

/// Notes that `person` was refused `action` on `object` today.
pub fn note(
    tx: &Tx<'_>,
    person: PersonId,
    action: &str,
    object: &str,
) -> Result<Refusal, StoreError> {
    const COUNT: &str = "-- log_refusal.count
        SELECT count(*) AS attempts FROM refused_attempt WHERE person_id = :person AND day = :day";
    const FORGET: &str = "-- log_refusal.forget
        DELETE FROM refused_attempt WHERE day < :day";
    const NOTE: &str = "-- log_refusal.note
        INSERT INTO refused_attempt (person_id, day, action, object_id, updated_by)
        VALUES (:person, :day, :action, :object, :by)
        ON CONFLICT (person_id, day, action, object_id) DO NOTHING";
    let person = person.to_string();
    let day = tx.now().day_in_japan().to_string();
    change(
        tx.data(),
        "log_refusal.forget",
        FORGET,
        named_params! {":day": day},
    )?;
    let before: i64 = one(
        tx.data(),
        "log_refusal.count",
        "refused_attempt",
        COUNT,
        named_params! {":person": person, ":day": day},
        |row| row.plain("attempts"),
    )?
    .unwrap_or(0);
    if before > REFUSALS_PER_DAY_MAX {
        return Ok(Refusal::Known);
    }
    let noted = change(
        tx.data(),
        "log_refusal.note",
        NOTE,
        named_params! {
            ":person": person, ":day": day, ":action": action, ":object": object, ":by": tx.name(),
        },
    )?;
    Ok(match noted {
        0 => Refusal::Known,
        _ if before == REFUSALS_PER_DAY_MAX => Refusal::Limit,
        _ => Refusal::First,
    })
}
