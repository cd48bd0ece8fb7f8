//! People and the places they hold.

use domain::confidential::Confidential;
use domain::id::{MembershipId, OrganizationId, PersonId};
use domain::organization::{Clearance, OrganizationKind, Post, Role, Tier};
use domain::time::Timestamp;
use rusqlite::named_params;
use serde_json::{Value as Json, json};

use crate::error::StoreError;
use crate::keyring::Place;
use crate::row::{Columns, change, collect, one};
use crate::transaction::{Reader, Tx};

/// What is known of a person; encrypted under the person's own key.
#[derive(Clone, PartialEq, Eq)]
pub struct PersonRecord {
    /// Name as typed.
    pub name: String,
    /// Canonical sign-in name.
    pub login: String,
    /// Mail address; empty when none.
    pub mail: String,
    /// Phone number; empty when none.
    pub phone: String,
}

/// A place that a person holds in an organization.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Membership {
    /// Its id.
    pub id: MembershipId,
    /// The person.
    pub person: PersonId,
    /// The organization.
    pub organization: OrganizationId,
    /// What that organization is.
    pub organization_kind: OrganizationKind,
    /// The role held there.
    pub role: Role,
    /// The layer.
    pub tier: Tier,
    /// How far cleared.
    pub clearance: Clearance,
    /// Order in which the organization's people are called; `None` when not on the list.
    pub call_order: Option<u16>,
    /// From when.
    pub valid_from: Timestamp,
    /// Until when; `None` while held.
    pub valid_to: Option<Timestamp>,
}

impl Membership {
    /// The post held.
    pub const fn post(&self) -> Post {
        Post {
            role: self.role,
            tier: self.tier,
        }
    }
}

/// Adds a person, or leaves it as it is when the sign-in name is known; its id either way.
pub fn insert(
    tx: &Tx<'_>,
    id: PersonId,
    record: &Confidential<PersonRecord>,
) -> Result<(), StoreError> {
    const INSERT: &str = "-- person.insert
        INSERT INTO person (person_id, origin_hub, login_hash, body, created_at, updated_at, updated_by)
        VALUES (:person, :hub, :login, :body, :now, :now, :by)";
    let text = record.expose_for_storage();
    let body =
        json!({"name": text.name, "login": text.login, "mail": text.mail, "phone": text.phone});
    let person = id.to_string();
    let sealed = tx.sealed(&place(&person), body.to_string().as_bytes())?;
    change(
        tx.data(),
        "person.insert",
        INSERT,
        named_params! {
            ":person": person,
            ":hub": tx.hub(),
            ":login": login_hash(tx, &text.login).as_slice(),
            ":body": sealed,
            ":now": tx.now().micros(),
            ":by": tx.name(),
        },
    )
    .map(|_| ())
}

/// The person with that canonical sign-in name.
pub fn find_by_login(reader: &Reader<'_>, login: &str) -> Result<Option<PersonId>, StoreError> {
    const FIND: &str = "-- person.find_by_login
        SELECT person_id FROM person WHERE login_hash = :login AND standing = 'active'";
    one(
        reader.data(),
        "person.find_by_login",
        "person",
        FIND,
        named_params! {":login": login_hash(reader, login).as_slice()},
        |row| row.word("person_id"),
    )
}

/// What is known of a person; `None` when not there or erased.
pub fn record(
    reader: &Reader<'_>,
    id: PersonId,
) -> Result<Option<Confidential<PersonRecord>>, StoreError> {
    const READ: &str = "-- person.record
        SELECT body FROM person WHERE person_id = :person";
    let person = id.to_string();
    let sealed: Option<Vec<u8>> = one(
        reader.data(),
        "person.record",
        "person",
        READ,
        named_params! {":person": person},
        |row| row.plain("body"),
    )?;
    let Some(sealed) = sealed else {
        return Ok(None);
    };
    let Some(text) = reader.opened(&place(&person), &sealed)? else {
        return Ok(None);
    };
    let corrupt = StoreError::Corrupt {
        table: "person",
        column: "body",
    };
    let json: Json = serde_json::from_slice(&text).map_err(|_| corrupt)?;
    let field = |name: &str| {
        json.get(name)
            .and_then(Json::as_str)
            .unwrap_or_default()
            .to_owned()
    };
    Ok(Some(Confidential::new(PersonRecord {
        name: field("name"),
        login: field("login"),
        mail: field("mail"),
        phone: field("phone"),
    })))
}

/// Whether anybody was ever entered.
pub fn is_anybody_there(reader: &Reader<'_>) -> Result<bool, StoreError> {
    const FIND: &str = "-- person.is_anybody_there
        SELECT person_id FROM person LIMIT 1";
    let found: Option<String> = one(
        reader.data(),
        "person.is_anybody_there",
        "person",
        FIND,
        [],
        |row| row.plain("person_id"),
    )?;
    Ok(found.is_some())
}

/// Writes to the person in the language with that tag from now on.
pub fn set_language(tx: &Tx<'_>, id: PersonId, tag: &str) -> Result<(), StoreError> {
    const SET: &str = "-- person.set_language
        UPDATE person SET language = :language, updated_at = :now, updated_by = :by
        WHERE person_id = :person";
    change(
        tx.data(),
        "person.set_language",
        SET,
        named_params! {
            ":person": id.to_string(), ":language": tag,
            ":now": tx.now().micros(), ":by": tx.name(),
        },
    )
    .map(|_| ())
}

/// The tag of the language a person is written to in; `None` when not there.
pub fn language(reader: &Reader<'_>, id: PersonId) -> Result<Option<String>, StoreError> {
    const READ: &str = "-- person.language
        SELECT language FROM person WHERE person_id = :person";
    one(
        reader.data(),
        "person.language",
        "person",
        READ,
        named_params! {":person": id.to_string()},
        |row| row.plain("language"),
    )
}

/// Gives a person a place.
pub fn insert_membership(tx: &Tx<'_>, membership: &Membership) -> Result<(), StoreError> {
    const INSERT: &str = "-- person.insert_membership
        INSERT INTO membership (membership_id, person_id, org_id, role, tier, clearance, call_order,
                                valid_from, valid_to, updated_at, updated_by)
        VALUES (:membership, :person, :org, :role, :tier, :clearance, :call_order,
                :valid_from, :valid_to, :now, :by)";
    change(
        tx.data(),
        "person.insert_membership",
        INSERT,
        named_params! {
            ":membership": membership.id.to_string(),
            ":person": membership.person.to_string(),
            ":org": membership.organization.to_string(),
            ":role": membership.role.word(),
            ":tier": membership.tier.word(),
            ":clearance": membership.clearance.level(),
            ":call_order": membership.call_order,
            ":valid_from": membership.valid_from.micros(),
            ":valid_to": membership.valid_to.map(Timestamp::micros),
            ":now": tx.now().micros(),
            ":by": tx.name(),
        },
    )
    .map(|_| ())
}

/// The place with that id, if it is held at `now` by an active person of an active organization.
pub fn membership(
    reader: &Reader<'_>,
    id: MembershipId,
    now: Timestamp,
) -> Result<Option<Membership>, StoreError> {
    const FIND: &str = "-- person.membership
        SELECT m.*, o.kind AS org_kind FROM membership m
        JOIN organization o ON o.org_id = m.org_id
        JOIN person p ON p.person_id = m.person_id
        WHERE m.membership_id = :membership AND m.valid_from <= :now
          AND (m.valid_to IS NULL OR m.valid_to > :now)
          AND o.standing = 'active' AND p.standing = 'active'";
    one(
        reader.data(),
        "person.membership",
        "membership",
        FIND,
        named_params! {":membership": id.to_string(), ":now": now.micros()},
        membership_row,
    )
}

/// The place with that id, whether or not it is still held.
pub fn membership_ever(
    reader: &Reader<'_>,
    id: MembershipId,
) -> Result<Option<Membership>, StoreError> {
    const FIND: &str = "-- person.membership_ever
        SELECT m.*, o.kind AS org_kind FROM membership m
        JOIN organization o ON o.org_id = m.org_id WHERE m.membership_id = :membership";
    one(
        reader.data(),
        "person.membership_ever",
        "membership",
        FIND,
        named_params! {":membership": id.to_string()},
        membership_row,
    )
}

/// Ends a place now; `false` when it is not held.
pub fn end_membership(tx: &Tx<'_>, id: MembershipId) -> Result<bool, StoreError> {
    const END: &str = "-- person.end_membership
        UPDATE membership SET valid_to = :now, updated_at = :now, updated_by = :by
        WHERE membership_id = :membership AND (valid_to IS NULL OR valid_to > :now)";
    let changed = change(
        tx.data(),
        "person.end_membership",
        END,
        named_params! {
            ":membership": id.to_string(), ":now": tx.now().micros(), ":by": tx.name(),
        },
    )?;
    Ok(changed == 1)
}

/// Makes a place that is held another post.
pub fn set_post(tx: &Tx<'_>, id: MembershipId, post: Post) -> Result<(), StoreError> {
    const SET: &str = "-- person.set_post
        UPDATE membership SET role = :role, tier = :tier, updated_at = :now, updated_by = :by
        WHERE membership_id = :membership";
    change(
        tx.data(),
        "person.set_post",
        SET,
        named_params! {
            ":membership": id.to_string(), ":role": post.role.word(), ":tier": post.tier.word(),
            ":now": tx.now().micros(), ":by": tx.name(),
        },
    )
    .map(|_| ())
}

/// Puts a place at another position of the call list; `None` takes it off.
pub fn set_call_order(
    tx: &Tx<'_>,
    id: MembershipId,
    call_order: Option<u16>,
) -> Result<(), StoreError> {
    const SET: &str = "-- person.set_call_order
        UPDATE membership SET call_order = :call_order, updated_at = :now, updated_by = :by
        WHERE membership_id = :membership";
    change(
        tx.data(),
        "person.set_call_order",
        SET,
        named_params! {
            ":membership": id.to_string(), ":call_order": call_order,
            ":now": tx.now().micros(), ":by": tx.name(),
        },
    )
    .map(|_| ())
}

/// Places of a person at `now`, in the order of their ids.
pub fn memberships_of(
    reader: &Reader<'_>,
    person: PersonId,
    now: Timestamp,
) -> Result<Vec<Membership>, StoreError> {
    const LIST: &str = "-- person.memberships_of
        SELECT m.*, o.kind AS org_kind FROM membership m
        JOIN organization o ON o.org_id = m.org_id
        WHERE m.person_id = :person AND m.valid_from <= :now
          AND (m.valid_to IS NULL OR m.valid_to > :now) AND o.standing = 'active'
        ORDER BY m.membership_id";
    collect(
        reader.data(),
        "person.memberships_of",
        "membership",
        LIST,
        named_params! {":person": person.to_string(), ":now": now.micros()},
        membership_row,
    )
}

/// Places in an organization at `now`: the call list first, then the others.
pub fn memberships_in(
    reader: &Reader<'_>,
    organization: OrganizationId,
    now: Timestamp,
) -> Result<Vec<Membership>, StoreError> {
    const LIST: &str = "-- person.memberships_in
        SELECT m.*, o.kind AS org_kind FROM membership m
        JOIN organization o ON o.org_id = m.org_id
        JOIN person p ON p.person_id = m.person_id
        WHERE m.org_id = :org AND m.valid_from <= :now
          AND (m.valid_to IS NULL OR m.valid_to > :now) AND p.standing = 'active'
        ORDER BY coalesce(m.call_order, 9999), m.membership_id";
    collect(
        reader.data(),
        "person.memberships_in",
        "membership",
        LIST,
        named_params! {":org": organization.to_string(), ":now": now.micros()},
        membership_row,
    )
}

fn membership_row(row: &Columns<'_>) -> Result<Membership, StoreError> {
    Ok(Membership {
        id: row.word("membership_id")?,
        person: row.word("person_id")?,
        organization: row.word("org_id")?,
        organization_kind: row.word("org_kind")?,
        role: row.word("role")?,
        tier: row.word("tier")?,
        clearance: Clearance::from_level(row.plain("clearance")?).ok_or(StoreError::Corrupt {
            table: "membership",
            column: "clearance",
        })?,
        call_order: row.plain("call_order")?,
        valid_from: row.time("valid_from")?,
        valid_to: row.time_or_none("valid_to")?,
    })
}

fn place(person: &str) -> Place<'_> {
    Place {
        object: person,
        table: "person",
        column: "body",
        row: person,
    }
}

fn login_hash(reader: &Reader<'_>, login: &str) -> [u8; 32] {
    reader
        .ring()
        .master()
        .derive("person/login")
        .keyed_hash(&[login.as_bytes()])
}
