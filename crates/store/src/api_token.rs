//! Tokens of the API, found by the hash of their secret.

use std::collections::BTreeSet;

use domain::id::{ApiTokenId, MembershipId, PersonId};
use domain::policy::Action;
use domain::time::Timestamp;
use domain::word::Code;
use rusqlite::named_params;

use crate::error::StoreError;
use crate::row::{Columns, change, collect, lines, one};
use crate::transaction::{Reader, Tx};

/// A token of limited scope.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ApiToken {
    /// Its id.
    pub id: ApiTokenId,
    /// The place it acts from.
    pub membership: MembershipId,
    /// What its owner calls it.
    pub label: String,
    /// The actions it is limited to.
    pub scope: BTreeSet<Action>,
    /// The purpose of use it reads for.
    pub purpose: Code,
    /// Since when.
    pub created_at: Timestamp,
    /// Until when.
    pub expires_at: Timestamp,
}

/// Writes a token under the hash of its secret.
pub fn insert(tx: &Tx<'_>, hash: &[u8; 32], token: &ApiToken) -> Result<(), StoreError> {
    const INSERT: &str = "-- api_token.insert
        INSERT INTO api_token (token_id, token_hash, membership_id, label, scope, purpose,
                               created_at, expires_at, updated_by)
        VALUES (:token, :hash, :membership, :label, :scope, :purpose, :now, :expires_at, :by)";
    change(
        tx.data(),
        "api_token.insert",
        INSERT,
        named_params! {
            ":token": token.id.to_string(),
            ":hash": hash.as_slice(),
            ":membership": token.membership.to_string(),
            ":label": token.label,
            ":scope": lines(&token.scope),
            ":purpose": token.purpose.as_str(),
            ":now": tx.now().micros(),
            ":expires_at": token.expires_at.micros(),
            ":by": tx.name(),
        },
    )
    .map(|_| ())
}

/// The token with that hash, unless it is revoked or has expired.
pub fn find(
    reader: &Reader<'_>,
    hash: &[u8; 32],
    now: Timestamp,
) -> Result<Option<ApiToken>, StoreError> {
    const FIND: &str = "-- api_token.find
        SELECT * FROM api_token
        WHERE token_hash = :hash AND revoked_at IS NULL AND expires_at > :now";
    one(
        reader.data(),
        "api_token.find",
        "api_token",
        FIND,
        named_params! {":hash": hash.as_slice(), ":now": now.micros()},
        token,
    )
}

/// Tokens of a place that are in force, newest first.
pub fn of_membership(
    reader: &Reader<'_>,
    membership: MembershipId,
    now: Timestamp,
) -> Result<Vec<ApiToken>, StoreError> {
    const LIST: &str = "-- api_token.of_membership
        SELECT * FROM api_token
        WHERE membership_id = :membership AND revoked_at IS NULL AND expires_at > :now
        ORDER BY created_at DESC, token_id";
    collect(
        reader.data(),
        "api_token.of_membership",
        "api_token",
        LIST,
        named_params! {":membership": membership.to_string(), ":now": now.micros()},
        token,
    )
}

/// Puts a token out of force; `false` when that place has none in force with that id.
pub fn revoke(tx: &Tx<'_>, membership: MembershipId, id: ApiTokenId) -> Result<bool, StoreError> {
    const REVOKE: &str = "-- api_token.revoke
        UPDATE api_token SET revoked_at = :now, updated_by = :by
        WHERE token_id = :token AND membership_id = :membership AND revoked_at IS NULL";
    let changed = change(
        tx.data(),
        "api_token.revoke",
        REVOKE,
        named_params! {
            ":token": id.to_string(), ":membership": membership.to_string(),
            ":now": tx.now().micros(), ":by": tx.name(),
        },
    )?;
    Ok(changed == 1)
}

/// Puts every token of a person out of force, at whatever place.
pub fn revoke_of_person(tx: &Tx<'_>, person: PersonId) -> Result<(), StoreError> {
    const REVOKE: &str = "-- api_token.revoke_of_person
        UPDATE api_token SET revoked_at = :now, updated_by = :by
        WHERE revoked_at IS NULL
          AND membership_id IN (SELECT membership_id FROM membership WHERE person_id = :person)";
    change(
        tx.data(),
        "api_token.revoke_of_person",
        REVOKE,
        named_params! {
            ":person": person.to_string(), ":now": tx.now().micros(), ":by": tx.name(),
        },
    )
    .map(|_| ())
}

fn token(row: &Columns<'_>) -> Result<ApiToken, StoreError> {
    Ok(ApiToken {
        id: row.word("token_id")?,
        membership: row.word("membership_id")?,
        label: row.plain("label")?,
        scope: row.words("scope")?,
        purpose: row.word("purpose")?,
        created_at: row.time("created_at")?,
        expires_at: row.time("expires_at")?,
    })
}
