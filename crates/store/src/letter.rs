//! Letters with invitations: a durable queue of what is to be sent by mail.
//!
//! INVARIANT: the secret of a link lies here, encrypted, only until its letter was handed over or
//! given up.

use domain::advisory::delivery::{DeliveryState, Failure, Tries};
use domain::confidential::Confidential;
use domain::id::InvitationId;
use domain::time::Timestamp;
use rusqlite::named_params;

use crate::error::StoreError;
use crate::keyring::Place;
use crate::row::{Columns, change, collect, one};
use crate::transaction::{Reader, Tx};

/// A letter with an invitation.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LetterRow {
    /// The invitation it carries.
    pub invitation: InvitationId,
    /// How sending it went so far.
    pub tries: Tries,
}

/// Queues the letter of an invitation; `secret` is the secret in its link.
pub fn insert(
    tx: &Tx<'_>,
    invitation: InvitationId,
    secret: &Confidential<String>,
) -> Result<(), StoreError> {
    const INSERT: &str = "-- letter.insert
        INSERT INTO letter (invitation_id, secret, state, attempts, next_at, updated_at, updated_by)
        VALUES (:invitation, :secret, :state, 0, :now, :now, :by)";
    let id = invitation.to_string();
    let sealed = tx.sealed(&place(&id), secret.expose_for_storage().as_bytes())?;
    change(
        tx.data(),
        "letter.insert",
        INSERT,
        named_params! {
            ":invitation": id,
            ":secret": sealed,
            ":state": DeliveryState::Waiting.word(),
            ":now": tx.now().micros(),
            ":by": tx.name(),
        },
    )
    .map(|_| ())
}

/// Takes up to `limit` letters that are due, for `lease_seconds`; nobody else gets them until then.
pub fn take_due(tx: &Tx<'_>, lease_seconds: i64, limit: u32) -> Result<Vec<LetterRow>, StoreError> {
    const DUE: &str = "-- letter.due
        SELECT * FROM letter
        WHERE state = 'waiting' AND next_at <= :now AND (lease_until IS NULL OR lease_until <= :now)
        ORDER BY next_at, invitation_id LIMIT :limit";
    const LEASE: &str = "-- letter.lease
        UPDATE letter SET lease_until = :until, updated_at = :now, updated_by = :by
        WHERE invitation_id = :invitation";
    let due = collect(
        tx.data(),
        "letter.due",
        "letter",
        DUE,
        named_params! {":now": tx.now().micros(), ":limit": limit},
        letter,
    )?;
    for row in &due {
        change(
            tx.data(),
            "letter.lease",
            LEASE,
            named_params! {
                ":until": tx.now().plus_seconds(lease_seconds).micros(),
                ":now": tx.now().micros(),
                ":by": tx.name(),
                ":invitation": row.invitation.to_string(),
            },
        )?;
    }
    Ok(due)
}

/// Writes how a try ended, and gives the lease back. What is not tried again loses its secret.
pub fn settle(tx: &Tx<'_>, row: &LetterRow) -> Result<(), StoreError> {
    const SETTLE: &str = "-- letter.settle
        UPDATE letter SET state = :state, attempts = :attempts, next_at = :next_at,
               failure = :failure, sent_at = :sent_at, lease_until = NULL,
               secret = CASE WHEN :state = 'waiting' THEN secret ELSE NULL END,
               updated_at = :now, updated_by = :by
        WHERE invitation_id = :invitation";
    change(
        tx.data(),
        "letter.settle",
        SETTLE,
        named_params! {
            ":state": row.tries.state.word(),
            ":attempts": row.tries.attempts,
            ":next_at": row.tries.next_at.micros(),
            ":failure": row.tries.failure.map(Failure::word),
            ":sent_at": row.tries.sent_at.map(Timestamp::micros),
            ":now": tx.now().micros(),
            ":by": tx.name(),
            ":invitation": row.invitation.to_string(),
        },
    )
    .map(|_| ())
}

/// The letter of an invitation; `None` when it goes by hand.
pub fn find(
    reader: &Reader<'_>,
    invitation: InvitationId,
) -> Result<Option<LetterRow>, StoreError> {
    const FIND: &str = "-- letter.find
        SELECT * FROM letter WHERE invitation_id = :invitation";
    one(
        reader.data(),
        "letter.find",
        "letter",
        FIND,
        named_params! {":invitation": invitation.to_string()},
        letter,
    )
}

/// The secret that the letter carries; `None` when it is no longer here.
pub fn secret(
    reader: &Reader<'_>,
    invitation: InvitationId,
) -> Result<Option<Confidential<String>>, StoreError> {
    const READ: &str = "-- letter.secret
        SELECT secret FROM letter WHERE invitation_id = :invitation AND secret IS NOT NULL";
    let id = invitation.to_string();
    let sealed: Option<Vec<u8>> = one(
        reader.data(),
        "letter.secret",
        "letter",
        READ,
        named_params! {":invitation": id},
        |row| row.plain("secret"),
    )?;
    let Some(sealed) = sealed else {
        return Ok(None);
    };
    let Some(text) = reader.opened(&place(&id), &sealed)? else {
        return Ok(None);
    };
    let text = String::from_utf8(text).map_err(|_| StoreError::Corrupt {
        table: "letter",
        column: "secret",
    })?;
    Ok(Some(Confidential::new(text)))
}

fn letter(row: &Columns<'_>) -> Result<LetterRow, StoreError> {
    Ok(LetterRow {
        invitation: row.word("invitation_id")?,
        tries: crate::delivery::tries(row)?,
    })
}

fn place(invitation: &str) -> Place<'_> {
    Place {
        object: invitation,
        table: "letter",
        column: "secret",
        row: invitation,
    }
}
