//! Sessions and one-time links, found by the hash of their secret.

use domain::actor::Assurance;
use domain::id::{MembershipId, PersonId};
use domain::time::Timestamp;
use domain::word::Code;
use rusqlite::named_params;

use crate::error::StoreError;
use crate::row::{change, collect, one};
use crate::transaction::{Reader, Tx};

/// A session of a signed-in person.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Session {
    /// The place acted from.
    pub membership: MembershipId,
    /// The purpose of use chosen.
    pub purpose: Code,
    /// How surely the person was recognized.
    pub assurance: Assurance,
    /// Secret that every form of the session carries.
    pub form_secret: String,
    /// When the person was recognized.
    pub begun_at: Timestamp,
    /// When it ends.
    pub expires_at: Timestamp,
}

/// A running session as its owner sees it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SessionLine {
    /// Beginning of the hash of its secret; names it among the person's sessions.
    pub handle: String,
    /// The place acted from.
    pub membership: MembershipId,
    /// How surely the person was recognized.
    pub assurance: Assurance,
    /// When it began.
    pub begun_at: Timestamp,
    /// When it ends.
    pub expires_at: Timestamp,
}

/// Writes a session under the hash of its secret.
pub fn insert(tx: &Tx<'_>, hash: &[u8; 32], session: &Session) -> Result<(), StoreError> {
    const INSERT: &str = "-- session.insert
        INSERT INTO session (session_hash, membership_id, purpose, assurance, form_secret,
                             created_at, expires_at, updated_by)
        VALUES (:hash, :membership, :purpose, :assurance, :form_secret, :now, :expires_at, :by)";
    change(
        tx.data(),
        "session.insert",
        INSERT,
        named_params! {
            ":hash": hash.as_slice(),
            ":membership": session.membership.to_string(),
            ":purpose": session.purpose.as_str(),
            ":assurance": session.assurance.word(),
            ":form_secret": session.form_secret,
            ":now": session.begun_at.micros(),
            ":expires_at": session.expires_at.micros(),
            ":by": tx.name(),
        },
    )
    .map(|_| ())
}

/// The running session with that hash.
pub fn find(
    reader: &Reader<'_>,
    hash: &[u8; 32],
    now: Timestamp,
) -> Result<Option<Session>, StoreError> {
    const FIND: &str = "-- session.find
        SELECT * FROM session WHERE session_hash = :hash AND expires_at > :now";
    one(
        reader.data(),
        "session.find",
        "session",
        FIND,
        named_params! {":hash": hash.as_slice(), ":now": now.micros()},
        |row| {
            Ok(Session {
                membership: row.word("membership_id")?,
                purpose: row.word("purpose")?,
                assurance: row.word("assurance")?,
                form_secret: row.plain("form_secret")?,
                begun_at: row.time("created_at")?,
                expires_at: row.time("expires_at")?,
            })
        },
    )
}

/// Ends the session with that hash.
pub fn delete(tx: &Tx<'_>, hash: &[u8; 32]) -> Result<(), StoreError> {
    const DELETE: &str = "-- session.delete
        DELETE FROM session WHERE session_hash = :hash";
    change(
        tx.data(),
        "session.delete",
        DELETE,
        named_params! {":hash": hash.as_slice()},
    )
    .map(|_| ())
}

/// Running sessions of a person, newest first.
pub fn of_person(
    reader: &Reader<'_>,
    person: PersonId,
    now: Timestamp,
) -> Result<Vec<SessionLine>, StoreError> {
    const LIST: &str = "-- session.of_person
        SELECT s.* FROM session s JOIN membership m ON m.membership_id = s.membership_id
        WHERE m.person_id = :person AND s.expires_at > :now
        ORDER BY s.created_at DESC, s.session_hash";
    collect(
        reader.data(),
        "session.of_person",
        "session",
        LIST,
        named_params! {":person": person.to_string(), ":now": now.micros()},
        |row| {
            let hash: Vec<u8> = row.plain("session_hash")?;
            Ok(SessionLine {
                handle: short_name(&hash),
                membership: row.word("membership_id")?,
                assurance: row.word("assurance")?,
                begun_at: row.time("created_at")?,
                expires_at: row.time("expires_at")?,
            })
        },
    )
}

/// The name of the session with that hash among the sessions of its person.
pub fn short_name(hash: &[u8]) -> String {
    hash.iter()
        .take(8)
        .map(|byte| format!("{byte:02x}"))
        .collect()
}

/// Ends the person's session of that name; `false` when there is none.
pub fn delete_of(tx: &Tx<'_>, person: PersonId, named: &str) -> Result<bool, StoreError> {
    const DELETE: &str = "-- session.delete_of
        DELETE FROM session WHERE lower(substr(hex(session_hash), 1, 16)) = :handle
          AND membership_id IN (SELECT membership_id FROM membership WHERE person_id = :person)";
    let changed = change(
        tx.data(),
        "session.delete_of",
        DELETE,
        named_params! {":handle": named, ":person": person.to_string()},
    )?;
    Ok(changed > 0)
}

/// Ends every session of a person but the one with the hash `kept`; `None` keeps none.
pub fn delete_others(
    tx: &Tx<'_>,
    person: PersonId,
    kept: Option<&[u8; 32]>,
) -> Result<(), StoreError> {
    const DELETE: &str = "-- session.delete_others
        DELETE FROM session WHERE (:kept IS NULL OR session_hash <> :kept)
          AND membership_id IN (SELECT membership_id FROM membership WHERE person_id = :person)";
    change(
        tx.data(),
        "session.delete_others",
        DELETE,
        named_params! {
            ":kept": kept.map(<[u8; 32]>::as_slice), ":person": person.to_string(),
        },
    )
    .map(|_| ())
}

/// Removes sessions that have ended.
pub fn delete_expired(tx: &Tx<'_>) -> Result<(), StoreError> {
    const DELETE: &str = "-- session.delete_expired
        DELETE FROM session WHERE expires_at <= :now";
    change(
        tx.data(),
        "session.delete_expired",
        DELETE,
        named_params! {":now": tx.now().micros()},
    )
    .map(|_| ())
}

/// Changes the purpose of use of the session with that hash.
pub fn set_purpose(tx: &Tx<'_>, hash: &[u8; 32], purpose: &Code) -> Result<(), StoreError> {
    const UPDATE: &str = "-- session.set_purpose
        UPDATE session SET purpose = :purpose, updated_by = :by WHERE session_hash = :hash";
    change(
        tx.data(),
        "session.set_purpose",
        UPDATE,
        named_params! {":hash": hash.as_slice(), ":purpose": purpose.as_str(), ":by": tx.name()},
    )
    .map(|_| ())
}

/// Writes a one-time link that signs in to a place.
pub fn insert_sign_in_link(
    tx: &Tx<'_>,
    hash: &[u8; 32],
    membership: MembershipId,
    expires_at: Timestamp,
) -> Result<(), StoreError> {
    const INSERT: &str = "-- session.insert_sign_in_link
        INSERT INTO one_time_link (link_hash, kind, membership_id, expires_at, updated_by)
        VALUES (:hash, 'sign-in', :membership, :expires_at, :by)";
    change(
        tx.data(),
        "session.insert_sign_in_link",
        INSERT,
        named_params! {
            ":hash": hash.as_slice(),
            ":membership": membership.to_string(),
            ":expires_at": expires_at.micros(),
            ":by": tx.name(),
        },
    )
    .map(|_| ())
}

/// The place a sign-in link leads to, if it is still valid. Demo links stay valid while it runs.
pub fn sign_in_link(
    reader: &Reader<'_>,
    hash: &[u8; 32],
    now: Timestamp,
) -> Result<Option<MembershipId>, StoreError> {
    const FIND: &str = "-- session.sign_in_link
        SELECT membership_id FROM one_time_link
        WHERE link_hash = :hash AND kind = 'sign-in' AND used_at IS NULL AND expires_at > :now";
    one(
        reader.data(),
        "session.sign_in_link",
        "one_time_link",
        FIND,
        named_params! {":hash": hash.as_slice(), ":now": now.micros()},
        |row| row.word("membership_id"),
    )
}
