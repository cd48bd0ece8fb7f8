//! How often somebody may be wrong: counted on the account in its one spelling, whether or not the
//! account exists, over every way in.
//!
//! A try is counted *before* its secret is checked and forgotten when it was right, so that many
//! tries at once are many tries. Every answer depends on the count alone.
//!
//! INVARIANT: a clock that jumps forgives at most what a day forgives; a clock that goes back
//! lengthens no lock beyond its own length.

use domain::id::PersonId;
use domain::time::Timestamp;
use seal::random::Random;
use store::attempt::{self, Attempts};
use store::log::{Entry, record};
use store::{Stamp, StoreError, Tx};

use crate::call::Hub;

/// What a limit counts on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Limited {
    /// A sign-in name in its canonical spelling.
    Account(String),
    /// A set-up code or link, by the name of what it opens.
    Link(String),
    /// Mailbox codes typed by one person.
    Mailbox(PersonId),
}

/// Too many wrong tries. The same for accounts that exist and accounts that do not.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("too many wrong tries; wait {wait_seconds} seconds")]
pub struct TooMany {
    /// How long further tries are refused, in seconds.
    pub wait_seconds: u32,
}

/// Why a try was not let through.
#[derive(Debug, thiserror::Error)]
pub enum LimitError {
    /// Too many wrong tries before this one.
    #[error(transparent)]
    TooMany(#[from] TooMany),
    /// The store failed.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// Wrong tries that are let through before the first lock.
pub const WRONG_MAX: u32 = 6;
/// Length of the first lock, in seconds; each further wrong try doubles it.
pub const LOCK_SECONDS: i64 = 60;
/// Longest lock, in seconds.
pub const LOCK_SECONDS_MAX: i64 = 3_600;
/// After each such span without a try, in seconds, half of the count is forgiven.
pub const FORGIVE_SECONDS: i64 = 86_400;
/// Counts older than this, in seconds, are removed.
const KEPT_SECONDS: i64 = 30 * 86_400;

/// Counts a try on `limited`; call [`clear`] when it turns out right.
///
/// # Errors
/// [`LimitError::TooMany`] while the key is locked: then the secret must not be looked at.
pub fn enter(
    hub: &Hub,
    limited: &Limited,
    now: Timestamp,
    random: &Random,
) -> Result<(), LimitError> {
    let key = key(hub, limited);
    let stamp = Stamp {
        name: "limit.enter",
        now,
        random: random.derive("limit.enter"),
    };
    let answer = hub.store.write::<_, StoreError>(stamp, move |tx| {
        attempt::clear_before(tx, now.plus_seconds(-KEPT_SECONDS))?;
        let (attempts, answer) = counted(attempt::find(tx, &key)?, now);
        attempt::write(tx, &key, &attempts)?;
        if answer.is_ok() && attempts.locked_until.is_some() {
            record(tx, &locked_entry(&key, &attempts))?;
        }
        Ok(answer)
    })?;
    Ok(answer?)
}

/// Forgets the wrong tries on `limited`, in the transaction of the try that was right.
pub fn clear(hub: &Hub, tx: &Tx<'_>, limited: &Limited) -> Result<(), StoreError> {
    attempt::clear(tx, &key(hub, limited))
}

/// The count with one more try at `now`, and whether that try is let through.
fn counted(found: Option<Attempts>, now: Timestamp) -> (Attempts, Result<(), TooMany>) {
    let Some(mut attempts) = found else {
        let first = Attempts {
            last_at: now,
            failures: 1,
            locked_until: None,
        };
        return (first, Ok(()));
    };
    if now < attempts.last_at {
        // The clock went back: what runs, runs its length from here.
        attempts.last_at = now;
        attempts.locked_until = attempts
            .locked_until
            .map(|_| now.plus_seconds(lock_seconds(attempts.failures)));
    }
    if let Some(until) = attempts.locked_until
        && until > now
    {
        // A part of a second still counts as one.
        let wait = until.seconds_since(now) + 1;
        let wait_seconds = u32::try_from(wait.min(LOCK_SECONDS_MAX)).unwrap_or(u32::MAX);
        return (attempts, Err(TooMany { wait_seconds }));
    }
    let spans = now.seconds_since(attempts.last_at) / FORGIVE_SECONDS;
    attempts.failures >>= spans.clamp(0, 31);
    attempts.failures = attempts.failures.saturating_add(1);
    attempts.last_at = now;
    attempts.locked_until =
        (attempts.failures >= WRONG_MAX).then(|| now.plus_seconds(lock_seconds(attempts.failures)));
    (attempts, Ok(()))
}

/// Length of the lock after that many wrong tries.
fn lock_seconds(failures: u32) -> i64 {
    let doublings = failures.saturating_sub(WRONG_MAX).min(16);
    (LOCK_SECONDS << doublings).min(LOCK_SECONDS_MAX)
}

fn key(hub: &Hub, limited: &Limited) -> [u8; 32] {
    let (kind, name) = match limited {
        Limited::Account(login) => ("account", login.clone()),
        Limited::Link(name) => ("link", name.clone()),
        Limited::Mailbox(person) => ("mailbox", person.to_string()),
    };
    hub.store
        .keyring()
        .master()
        .derive("limit/key")
        .keyed_hash(&[kind.as_bytes(), name.as_bytes()])
}

/// Written for existing and absent accounts alike; the object is the keyed hash, not the account.
fn locked_entry(key: &[u8; 32], attempts: &Attempts) -> Entry {
    let object = key.iter().take(16).map(|byte| format!("{byte:02x}"));
    Entry {
        event: "tries-locked",
        object: object.collect(),
        owner: None,
        facts: vec![("failures", attempts.failures.to_string())],
    }
}

#[cfg(test)]
mod tests;
