//! What changed among the members of an organization, for its own people to see.

use domain::id::{
    CommunityId, InvitationId, MemberEventId, MembershipId, OrganizationId, PersonId,
};
use domain::organization::{MemberChange, Post, Role, Tier};
use domain::time::Timestamp;
use rusqlite::named_params;

use crate::error::StoreError;
use crate::row::{Columns, change, collect, one};
use crate::transaction::{Reader, Tx};

/// Something that changed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MemberEvent {
    /// The organization.
    pub organization: OrganizationId,
    /// What changed.
    pub change: MemberChange,
    /// Whom it is about; `None` while nobody has taken the invitation up.
    pub person: Option<PersonId>,
    /// The invitation; `None` when it was not about one.
    pub invitation: Option<InvitationId>,
    /// The community in question; `None` when it was about none.
    pub community: Option<CommunityId>,
    /// The post in question; `None` when it was about none.
    pub post: Option<Post>,
    /// The place of whoever did it; `None` when it was done on the console.
    pub by: Option<MembershipId>,
    /// When.
    pub happened_at: Timestamp,
}

/// Notes a change; its time is that of the transaction.
pub fn note(tx: &Tx<'_>, event: &MemberEvent) -> Result<(), StoreError> {
    const INSERT: &str = "-- member.note
        INSERT INTO member_event (event_id, org_id, kind, person_id, invitation_id, community_id,
                                  role, tier, by_membership, happened_at, updated_by)
        VALUES (:event, :org, :kind, :person, :invitation, :community, :role, :tier, :by_membership,
                :now, :by)";
    change(
        tx.data(),
        "member.note",
        INSERT,
        named_params! {
            ":event": MemberEventId::from_random(tx.random_bytes()).to_string(),
            ":org": event.organization.to_string(),
            ":kind": event.change.word(),
            ":person": event.person.map(|person| person.to_string()),
            ":invitation": event.invitation.map(|invitation| invitation.to_string()),
            ":community": event.community.map(|community| community.to_string()),
            ":role": event.post.map(|post| post.role.word()),
            ":tier": event.post.map(|post| post.tier.word()),
            ":by_membership": event.by.map(|place| place.to_string()),
            ":now": tx.now().micros(),
            ":by": tx.name(),
        },
    )
    .map(|_| ())
}

/// What changed in an organization, newest first, at most `limit`.
pub fn events(
    reader: &Reader<'_>,
    organization: OrganizationId,
    limit: u32,
) -> Result<Vec<MemberEvent>, StoreError> {
    const LIST: &str = "-- member.events
        SELECT * FROM member_event WHERE org_id = :org
        ORDER BY happened_at DESC, event_id LIMIT :limit";
    collect(
        reader.data(),
        "member.events",
        "member_event",
        LIST,
        named_params! {":org": organization.to_string(), ":limit": limit},
        event,
    )
}

/// When somebody last signed in to the place; `None` when nobody ever did.
pub fn last_sign_in(
    reader: &Reader<'_>,
    place: MembershipId,
) -> Result<Option<Timestamp>, StoreError> {
    const FIND: &str = "-- member.last_sign_in
        SELECT committed_at FROM commitment
        WHERE object_id = :place AND event = 'signed-in' ORDER BY committed_at DESC LIMIT 1";
    one(
        reader.data(),
        "member.last_sign_in",
        "commitment",
        FIND,
        named_params! {":place": place.to_string()},
        |row| row.time("committed_at"),
    )
}

/// Whether the place has a turn on the duty roster at `now`.
pub fn is_on_duty(
    reader: &Reader<'_>,
    place: MembershipId,
    now: Timestamp,
) -> Result<bool, StoreError> {
    const FIND: &str = "-- member.is_on_duty
        SELECT duty_id FROM duty
        WHERE membership_id = :place AND starts_at <= :now AND ends_at > :now LIMIT 1";
    let found: Option<String> = one(
        reader.data(),
        "member.is_on_duty",
        "duty",
        FIND,
        named_params! {":place": place.to_string(), ":now": now.micros()},
        |row| row.plain("duty_id"),
    )?;
    Ok(found.is_some())
}

/// What hangs on a place beside its post.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Hanging {
    /// Turns on the duty roster that have not ended.
    pub turn_count: u32,
    /// Places that stand in for this one.
    pub deputy_count: u32,
}

/// What hangs on a place at `now`.
pub fn hanging(
    reader: &Reader<'_>,
    place: MembershipId,
    now: Timestamp,
) -> Result<Hanging, StoreError> {
    const COUNT: &str = "-- member.hanging
        SELECT (SELECT count(*) FROM duty WHERE membership_id = :place AND ends_at > :now) AS turns,
               (SELECT count(*) FROM membership WHERE deputy_for = :place
                AND (valid_to IS NULL OR valid_to > :now)) AS deputies";
    let found = one(
        reader.data(),
        "member.hanging",
        "membership",
        COUNT,
        named_params! {":place": place.to_string(), ":now": now.micros()},
        |row| {
            Ok(Hanging {
                turn_count: row.plain("turns")?,
                deputy_count: row.plain("deputies")?,
            })
        },
    )?;
    Ok(found.unwrap_or_default())
}

/// Hangs what hangs on one place on another. A turn under way passes too: whoever left is not on
/// duty. Nobody stands in for himself.
pub fn move_hanging(tx: &Tx<'_>, from: MembershipId, to: MembershipId) -> Result<(), StoreError> {
    const TURNS: &str = "-- member.move_turns
        UPDATE duty SET membership_id = :to, updated_at = :now, updated_by = :by
        WHERE membership_id = :from AND ends_at > :now";
    const DEPUTIES: &str = "-- member.move_deputies
        UPDATE membership SET deputy_for = :to, updated_at = :now, updated_by = :by
        WHERE deputy_for = :from AND membership_id <> :to";
    for (name, sql) in [
        ("member.move_turns", TURNS),
        ("member.move_deputies", DEPUTIES),
    ] {
        change(
            tx.data(),
            name,
            sql,
            named_params! {
                ":from": from.to_string(), ":to": to.to_string(),
                ":now": tx.now().micros(), ":by": tx.name(),
            },
        )?;
    }
    Ok(())
}

fn event(row: &Columns<'_>) -> Result<MemberEvent, StoreError> {
    let role: Option<Role> = row.word_or_none("role")?;
    let tier: Option<Tier> = row.word_or_none("tier")?;
    Ok(MemberEvent {
        organization: row.word("org_id")?,
        change: row.word("kind")?,
        person: row.word_or_none("person_id")?,
        invitation: row.word_or_none("invitation_id")?,
        community: row.word_or_none("community_id")?,
        post: role.zip(tier).map(|(role, tier)| Post { role, tier }),
        by: row.word_or_none("by_membership")?,
        happened_at: row.time("happened_at")?,
    })
}
