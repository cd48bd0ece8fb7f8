//! Sessions and one-time links, found by the hash of their secret.

use domain::actor::Assurance;
use domain::id::MembershipId;
use domain::time::Timestamp;
use domain::word::Code;
use rusqlite::named_params;

use crate::error::StoreError;
use crate::row::{change, one};
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
            ":now": tx.now().micros(),
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
