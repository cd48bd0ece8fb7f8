//! Invitations: one-time links to a place, and to new ways in.

use domain::confidential::Confidential;
use domain::id::{InvitationId, MembershipId, OrganizationId, PersonId};
use domain::organization::{Role, Tier};
use domain::time::Timestamp;
use rusqlite::named_params;

use crate::error::StoreError;
use crate::keyring::Place;
use crate::row::{Columns, change, collect, one};
use crate::transaction::{Reader, Tx};

/// An invitation.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Invitation {
    /// Its id.
    pub id: InvitationId,
    /// The organization that invites.
    pub organization: OrganizationId,
    /// What it leads to.
    pub aim: Aim,
    /// Whom it is bound to: for a reset from the start, for a join once it was taken up.
    pub person: Option<PersonId>,
    /// The inviter's place; `None` when it was made on the console.
    pub invited_by: Option<MembershipId>,
    /// Since when.
    pub created_at: Timestamp,
    /// Until when.
    pub expires_at: Timestamp,
    /// When it was taken up; `None` before.
    pub used_at: Option<Timestamp>,
}

/// What an invitation leads to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Aim {
    /// A new place.
    Join(Role, Tier),
    /// New ways in for somebody who has places.
    Reset,
}

/// Writes an invitation under the hash of its link; `meant_for` is what the inviter noted.
pub fn insert(
    tx: &Tx<'_>,
    hash: &[u8; 32],
    invitation: &Invitation,
    meant_for: Option<&Confidential<String>>,
) -> Result<(), StoreError> {
    const INSERT: &str = "-- invitation.insert
        INSERT INTO invitation (invitation_id, link_hash, kind, org_id, role, tier, person_id, body,
                                invited_by, created_at, expires_at, updated_by)
        VALUES (:invitation, :hash, :kind, :org, :role, :tier, :person, :body,
                :invited_by, :now, :expires_at, :by)";
    let (kind, role, tier) = match invitation.aim {
        Aim::Join(role, tier) => ("join", Some(role.word()), Some(tier.word())),
        Aim::Reset => ("reset", None, None),
    };
    let id = invitation.id.to_string();
    let body = meant_for
        .map(|text| tx.sealed(&place(&id), text.expose_for_storage().as_bytes()))
        .transpose()?;
    change(
        tx.data(),
        "invitation.insert",
        INSERT,
        named_params! {
            ":invitation": id,
            ":hash": hash.as_slice(),
            ":kind": kind,
            ":org": invitation.organization.to_string(),
            ":role": role,
            ":tier": tier,
            ":person": invitation.person.map(|person| person.to_string()),
            ":body": body,
            ":invited_by": invitation.invited_by.map(|place| place.to_string()),
            ":now": tx.now().micros(),
            ":expires_at": invitation.expires_at.micros(),
            ":by": tx.name(),
        },
    )
    .map(|_| ())
}

/// The invitation with that link, taken up or not, unless it is withdrawn or has expired.
pub fn by_link(
    reader: &Reader<'_>,
    hash: &[u8; 32],
    now: Timestamp,
) -> Result<Option<Invitation>, StoreError> {
    const FIND: &str = "-- invitation.by_link
        SELECT * FROM invitation
        WHERE link_hash = :hash AND revoked_at IS NULL AND expires_at > :now";
    one(
        reader.data(),
        "invitation.by_link",
        "invitation",
        FIND,
        named_params! {":hash": hash.as_slice(), ":now": now.micros()},
        invitation,
    )
}

/// The invitation with that id.
pub fn find(reader: &Reader<'_>, id: InvitationId) -> Result<Option<Invitation>, StoreError> {
    const FIND: &str = "-- invitation.find
        SELECT * FROM invitation WHERE invitation_id = :invitation";
    one(
        reader.data(),
        "invitation.find",
        "invitation",
        FIND,
        named_params! {":invitation": id.to_string()},
        invitation,
    )
}

/// Invitations of an organization that wait to be taken up, newest first.
pub fn waiting(
    reader: &Reader<'_>,
    organization: OrganizationId,
    now: Timestamp,
) -> Result<Vec<Invitation>, StoreError> {
    const LIST: &str = "-- invitation.waiting
        SELECT * FROM invitation
        WHERE org_id = :org AND used_at IS NULL AND revoked_at IS NULL AND expires_at > :now
        ORDER BY created_at DESC, invitation_id";
    collect(
        reader.data(),
        "invitation.waiting",
        "invitation",
        LIST,
        named_params! {":org": organization.to_string(), ":now": now.micros()},
        invitation,
    )
}

/// What the inviter noted; `None` when he noted nothing or it was erased.
pub fn meant_for(
    reader: &Reader<'_>,
    id: InvitationId,
) -> Result<Option<Confidential<String>>, StoreError> {
    const READ: &str = "-- invitation.meant_for
        SELECT body FROM invitation WHERE invitation_id = :invitation AND body IS NOT NULL";
    let row = id.to_string();
    let sealed: Option<Vec<u8>> = one(
        reader.data(),
        "invitation.meant_for",
        "invitation",
        READ,
        named_params! {":invitation": row},
        |row| row.plain("body"),
    )?;
    let Some(sealed) = sealed else {
        return Ok(None);
    };
    let Some(text) = reader.opened(&place(&row), &sealed)? else {
        return Ok(None);
    };
    let text = String::from_utf8(text).map_err(|_| StoreError::Corrupt {
        table: "invitation",
        column: "body",
    })?;
    Ok(Some(Confidential::new(text)))
}

/// Notes that `person` took it up; `false` when somebody did before.
pub fn take_up(tx: &Tx<'_>, id: InvitationId, person: PersonId) -> Result<bool, StoreError> {
    const TAKE_UP: &str = "-- invitation.take_up
        UPDATE invitation SET used_at = :now, person_id = :person, updated_by = :by
        WHERE invitation_id = :invitation AND used_at IS NULL AND revoked_at IS NULL";
    let changed = change(
        tx.data(),
        "invitation.take_up",
        TAKE_UP,
        named_params! {
            ":invitation": id.to_string(), ":person": person.to_string(),
            ":now": tx.now().micros(), ":by": tx.name(),
        },
    )?;
    Ok(changed == 1)
}

/// Withdraws an invitation; `false` when it was withdrawn or taken up before.
pub fn revoke(tx: &Tx<'_>, id: InvitationId) -> Result<bool, StoreError> {
    const REVOKE: &str = "-- invitation.revoke
        UPDATE invitation SET revoked_at = :now, updated_by = :by
        WHERE invitation_id = :invitation AND used_at IS NULL AND revoked_at IS NULL";
    let changed = change(
        tx.data(),
        "invitation.revoke",
        REVOKE,
        named_params! {
            ":invitation": id.to_string(), ":now": tx.now().micros(), ":by": tx.name(),
        },
    )?;
    Ok(changed == 1)
}

fn invitation(row: &Columns<'_>) -> Result<Invitation, StoreError> {
    let role: Option<Role> = row.word_or_none("role")?;
    let tier: Option<Tier> = row.word_or_none("tier")?;
    Ok(Invitation {
        id: row.word("invitation_id")?,
        organization: row.word("org_id")?,
        aim: match (role, tier) {
            (Some(role), Some(tier)) => Aim::Join(role, tier),
            _ => Aim::Reset,
        },
        person: row.word_or_none("person_id")?,
        invited_by: row.word_or_none("invited_by")?,
        created_at: row.time("created_at")?,
        expires_at: row.time("expires_at")?,
        used_at: row.time_or_none("used_at")?,
    })
}

fn place(invitation: &str) -> Place<'_> {
    Place {
        object: invitation,
        table: "invitation",
        column: "body",
        row: invitation,
    }
}
