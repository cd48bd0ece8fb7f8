//! Invitations: one-time links to a place, and to new ways in.

use domain::confidential::Confidential;
use domain::id::{InvitationId, MembershipId, OrganizationId, PersonId};
use domain::organization::{Post, Role, Tier};
use domain::time::Timestamp;
use rusqlite::named_params;
use serde_json::{Value as Json, json};

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
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Aim {
    /// New places, one for each post; at least one.
    Join(Vec<Post>),
    /// New ways in for somebody who has places.
    Reset,
}

/// Whom the inviter meant.
#[derive(Clone, PartialEq, Eq)]
pub struct Guest {
    /// Name as typed.
    pub name: String,
    /// Mail address; empty when none.
    pub mail: String,
    /// Tag of the language to write in.
    pub language: String,
}

/// Writes an invitation under the hash of its link; `guest` is whom the inviter means.
pub fn insert(
    tx: &Tx<'_>,
    hash: &[u8; 32],
    invitation: &Invitation,
    guest: &Confidential<Guest>,
) -> Result<(), StoreError> {
    const INSERT: &str = "-- invitation.insert
        INSERT INTO invitation (invitation_id, link_hash, kind, org_id, role, tier, person_id, body,
                                invited_by, created_at, expires_at, updated_by)
        VALUES (:invitation, :hash, :kind, :org, :role, :tier, :person, :body,
                :invited_by, :now, :expires_at, :by)";
    const POST: &str = "-- invitation.insert_post
        INSERT INTO invitation_post (invitation_id, position, role, tier, updated_by)
        VALUES (:invitation, :position, :role, :tier, :by)";
    let (kind, posts) = match &invitation.aim {
        Aim::Join(posts) => ("join", posts.as_slice()),
        Aim::Reset => ("reset", &[][..]),
    };
    let first = posts.first();
    let id = invitation.id.to_string();
    let text = guest.expose_for_storage();
    let body = json!({"name": text.name, "mail": text.mail, "language": text.language});
    let body = tx.sealed(&place(&id), body.to_string().as_bytes())?;
    change(
        tx.data(),
        "invitation.insert",
        INSERT,
        named_params! {
            ":invitation": id,
            ":hash": hash.as_slice(),
            ":kind": kind,
            ":org": invitation.organization.to_string(),
            ":role": first.map(|post| post.role.word()),
            ":tier": first.map(|post| post.tier.word()),
            ":person": invitation.person.map(|person| person.to_string()),
            ":body": body,
            ":invited_by": invitation.invited_by.map(|place| place.to_string()),
            ":now": tx.now().micros(),
            ":expires_at": invitation.expires_at.micros(),
            ":by": tx.name(),
        },
    )?;
    for (position, post) in (0_i64..).zip(posts) {
        change(
            tx.data(),
            "invitation.insert_post",
            POST,
            named_params! {
                ":invitation": id, ":position": position, ":role": post.role.word(),
                ":tier": post.tier.word(), ":by": tx.name(),
            },
        )?;
    }
    Ok(())
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
        |row| invitation(reader, row),
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
        |row| invitation(reader, row),
    )
}

/// Whether nobody has taken up or withdrawn the invitation, nor has it expired.
pub fn is_open(reader: &Reader<'_>, id: InvitationId, now: Timestamp) -> Result<bool, StoreError> {
    const FIND: &str = "-- invitation.is_open
        SELECT invitation_id FROM invitation
        WHERE invitation_id = :invitation AND used_at IS NULL AND revoked_at IS NULL
          AND expires_at > :now";
    let found: Option<String> = one(
        reader.data(),
        "invitation.is_open",
        "invitation",
        FIND,
        named_params! {":invitation": id.to_string(), ":now": now.micros()},
        |row| row.plain("invitation_id"),
    )?;
    Ok(found.is_some())
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
        |row| invitation(reader, row),
    )
}

/// How many invitations of an organization wait to be taken up.
pub fn waiting_count(
    reader: &Reader<'_>,
    organization: OrganizationId,
    now: Timestamp,
) -> Result<usize, StoreError> {
    const COUNT: &str = "-- invitation.waiting_count
        SELECT count(*) AS found FROM invitation
        WHERE org_id = :org AND used_at IS NULL AND revoked_at IS NULL AND expires_at > :now";
    let count: Option<u32> = one(
        reader.data(),
        "invitation.waiting_count",
        "invitation",
        COUNT,
        named_params! {":org": organization.to_string(), ":now": now.micros()},
        |row| row.plain("found"),
    )?;
    Ok(usize::try_from(count.unwrap_or(0)).unwrap_or(usize::MAX))
}

/// Whom the inviter meant; `None` when that was erased.
pub fn guest(
    reader: &Reader<'_>,
    id: InvitationId,
) -> Result<Option<Confidential<Guest>>, StoreError> {
    const READ: &str = "-- invitation.guest
        SELECT body FROM invitation WHERE invitation_id = :invitation AND body IS NOT NULL";
    let row = id.to_string();
    let sealed: Option<Vec<u8>> = one(
        reader.data(),
        "invitation.guest",
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
    let json: Json = serde_json::from_slice(&text).map_err(|_| StoreError::Corrupt {
        table: "invitation",
        column: "body",
    })?;
    let field = |name: &str| {
        json.get(name)
            .and_then(Json::as_str)
            .unwrap_or_default()
            .to_owned()
    };
    Ok(Some(Confidential::new(Guest {
        name: field("name"),
        mail: field("mail"),
        language: field("language"),
    })))
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

/// Puts every link that is bound to `person` out of force, taken up or not: a newer one replaces
/// them, or he has a way in of his own.
pub fn revoke_bound(tx: &Tx<'_>, person: PersonId) -> Result<(), StoreError> {
    const REVOKE: &str = "-- invitation.revoke_bound
        UPDATE invitation SET revoked_at = :now, updated_by = :by
        WHERE person_id = :person AND revoked_at IS NULL";
    change(
        tx.data(),
        "invitation.revoke_bound",
        REVOKE,
        named_params! {
            ":person": person.to_string(), ":now": tx.now().micros(), ":by": tx.name(),
        },
    )
    .map(|_| ())
}

fn invitation(reader: &Reader<'_>, row: &Columns<'_>) -> Result<Invitation, StoreError> {
    let id: InvitationId = row.word("invitation_id")?;
    let role: Option<Role> = row.word_or_none("role")?;
    let tier: Option<Tier> = row.word_or_none("tier")?;
    Ok(Invitation {
        id,
        organization: row.word("org_id")?,
        aim: match role.zip(tier) {
            Some(_) => Aim::Join(posts(reader, id)?),
            None => Aim::Reset,
        },
        person: row.word_or_none("person_id")?,
        invited_by: row.word_or_none("invited_by")?,
        created_at: row.time("created_at")?,
        expires_at: row.time("expires_at")?,
        used_at: row.time_or_none("used_at")?,
    })
}

fn posts(reader: &Reader<'_>, id: InvitationId) -> Result<Vec<Post>, StoreError> {
    const LIST: &str = "-- invitation.posts
        SELECT role, tier FROM invitation_post WHERE invitation_id = :invitation ORDER BY position";
    collect(
        reader.data(),
        "invitation.posts",
        "invitation_post",
        LIST,
        named_params! {":invitation": id.to_string()},
        |row| {
            Ok(Post {
                role: row.word("role")?,
                tier: row.word("tier")?,
            })
        },
    )
}

fn place(invitation: &str) -> Place<'_> {
    Place {
        object: invitation,
        table: "invitation",
        column: "body",
        row: invitation,
    }
}
