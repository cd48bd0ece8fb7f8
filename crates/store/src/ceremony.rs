//! Ceremonies of passkeys under way: what was asked, kept here until it is answered once.
//!
//! INVARIANT: a ceremony is answered at most once; [`take`] removes it.

use domain::id::PersonId;
use domain::time::Timestamp;
use rusqlite::named_params;

use crate::error::StoreError;
use crate::row::{change, one};
use crate::transaction::Tx;

/// A ceremony under way.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Ceremony {
    /// Who registers a passkey; `None` while somebody signs in.
    pub registering: Option<Registering>,
    /// State of the library that checks the answer.
    pub state: String,
    /// Until when an answer is taken.
    pub expires_at: Timestamp,
}

/// Who registers a passkey, and what it will be called.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Registering {
    /// The person.
    pub person: PersonId,
    /// What the person calls the passkey.
    pub label: String,
}

/// Keeps a ceremony under the hash of its secret, and forgets those that nobody answered.
pub fn insert(tx: &Tx<'_>, hash: &[u8; 32], ceremony: &Ceremony) -> Result<(), StoreError> {
    const FORGET: &str = "-- ceremony.forget
        DELETE FROM ceremony WHERE expires_at <= :now";
    const INSERT: &str = "-- ceremony.insert
        INSERT INTO ceremony (ceremony_hash, kind, person_id, label, state, expires_at, updated_by)
        VALUES (:hash, :kind, :person, :label, :state, :expires_at, :by)";
    change(
        tx.data(),
        "ceremony.forget",
        FORGET,
        named_params! {":now": tx.now().micros()},
    )?;
    let registering = ceremony.registering.as_ref();
    change(
        tx.data(),
        "ceremony.insert",
        INSERT,
        named_params! {
            ":hash": hash.as_slice(),
            ":kind": registering.map_or("sign-in", |_| "register"),
            ":person": registering.map(|who| who.person.to_string()),
            ":label": registering.map(|who| &who.label),
            ":state": ceremony.state,
            ":expires_at": ceremony.expires_at.micros(),
            ":by": tx.name(),
        },
    )
    .map(|_| ())
}

/// Takes the ceremony with that hash out, if it has not expired.
pub fn take(tx: &Tx<'_>, hash: &[u8; 32]) -> Result<Option<Ceremony>, StoreError> {
    const FIND: &str = "-- ceremony.find
        SELECT * FROM ceremony WHERE ceremony_hash = :hash AND expires_at > :now";
    const DELETE: &str = "-- ceremony.delete
        DELETE FROM ceremony WHERE ceremony_hash = :hash";
    let found = one(
        tx.data(),
        "ceremony.find",
        "ceremony",
        FIND,
        named_params! {":hash": hash.as_slice(), ":now": tx.now().micros()},
        |row| {
            let person: Option<PersonId> = row.word_or_none("person_id")?;
            let label: Option<String> = row.plain("label")?;
            Ok(Ceremony {
                registering: person.map(|person| Registering {
                    person,
                    label: label.unwrap_or_default(),
                }),
                state: row.plain("state")?,
                expires_at: row.time("expires_at")?,
            })
        },
    )?;
    change(
        tx.data(),
        "ceremony.delete",
        DELETE,
        named_params! {":hash": hash.as_slice()},
    )?;
    Ok(found)
}
