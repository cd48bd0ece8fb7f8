//! A person's sessions: which run, from which place, for which purpose.

use std::collections::BTreeMap;

use domain::actor::{Actor, Assurance};
use domain::id::{MembershipId, OrganizationId};
use domain::organization::{OrganizationKind, Role, Tier};
use domain::policy::special_purposes;
use domain::reference::terms::Offer;
use domain::time::Timestamp;
use domain::word::Code;
use seal::random::Random;
use seal::secret::bearer::{BearerKind, BearerSecret};
use store::log::{Entry, record};
use store::session::SessionLine;
use store::{Reader, Stamp, StoreError, organization, person, session};

use super::{Begin, Begun};
use crate::call::{Call, Hub, ReadError};

/// A place that a person holds, with the organization's name.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct HeldPlace {
    /// The place.
    pub membership: MembershipId,
    /// The organization.
    pub organization: OrganizationId,
    /// What it is.
    pub kind: OrganizationKind,
    /// Its name in Japanese and English.
    pub names: (String, String),
    /// The role there.
    pub role: Role,
    /// The layer.
    pub tier: Tier,
}

/// A running session.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RunningSession {
    /// Names it among the person's sessions.
    pub handle: String,
    /// Whether it is the one that asks.
    pub standing: SessionStanding,
    /// The place acted from; `None` when it is no longer held.
    pub place: Option<HeldPlace>,
    /// How surely the person was recognized.
    pub assurance: Assurance,
    /// When it began.
    pub begun_at: Timestamp,
    /// When it ends.
    pub expires_at: Timestamp,
}

/// Whether a session is the one that asks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SessionStanding {
    /// The one that asks.
    This,
    /// Another.
    Another,
}

/// The caller's running sessions, newest first; `secret` is the asking one's.
pub fn sessions(
    hub: &Hub,
    call: &Call<'_>,
    secret: &str,
) -> Result<Vec<RunningSession>, ReadError> {
    let (person, now) = (call.actor.person, call.now);
    let own = hash_of(secret).map(|hash| session::short_name(&hash));
    hub.store.read(move |reader| {
        let places: BTreeMap<_, _> = held(reader, person, now)?
            .into_iter()
            .map(|place| (place.membership, place))
            .collect();
        let found = session::of_person(reader, person, now)?;
        let running = |line: SessionLine| RunningSession {
            standing: if own.as_ref() == Some(&line.handle) {
                SessionStanding::This
            } else {
                SessionStanding::Another
            },
            handle: line.handle,
            place: places.get(&line.membership).cloned(),
            assurance: line.assurance,
            begun_at: line.begun_at,
            expires_at: line.expires_at,
        };
        Ok(found.into_iter().map(running).collect())
    })
}

/// Ends one of the caller's sessions by its name.
///
/// # Errors
/// [`ReadError::NotFound`] when the caller has no such session.
pub fn end_session(hub: &Hub, call: &Call<'_>, handle: &str) -> Result<(), ReadError> {
    let (person, handle) = (call.actor.person, handle.to_owned());
    hub.store
        .write(call.stamp("sign_in.end_session"), move |tx| {
            if session::delete_of(tx, person, &handle)? {
                super::credentials::noted(tx, "session-ended", person)?;
                Ok(())
            } else {
                Err(ReadError::NotFound)
            }
        })
}

/// Ends every session of the caller but the asking one.
pub fn end_other_sessions(hub: &Hub, call: &Call<'_>, secret: &str) -> Result<(), ReadError> {
    let (person, kept) = (call.actor.person, hash_of(secret));
    hub.store
        .write(call.stamp("sign_in.end_other_sessions"), move |tx| {
            session::delete_others(tx, person, kept.as_ref())?;
            Ok(super::credentials::noted(tx, "sessions-ended", person)?)
        })
}

/// The places that the caller holds now.
pub fn places(hub: &Hub, call: &Call<'_>) -> Result<Vec<HeldPlace>, ReadError> {
    let (person, now) = (call.actor.person, call.now);
    hub.store.read(move |reader| Ok(held(reader, person, now)?))
}

/// Goes on from another place of the caller: a new session with new secrets, as sure as this one.
/// The caller ends the old one.
///
/// # Errors
/// [`ReadError::NotFound`] when the caller does not hold that place.
pub fn switch_place(hub: &Hub, call: &Call<'_>, place: MembershipId) -> Result<Begun, ReadError> {
    let person = call.actor.person;
    let mut begin = Begin::new(call.actor.assurance, &call.random);
    hub.store
        .write(call.stamp("sign_in.switch_place"), move |tx| {
            let held = person::membership(tx, place, tx.now())?;
            if held.is_none_or(|held| held.person != person) {
                return Err(ReadError::NotFound);
            }
            begin.for_place(tx, place)?.ok_or(ReadError::NotFound)
        })
}

/// The purposes that the caller may read for: those preset for everybody, and those of his office.
pub fn purposes(hub: &Hub, actor: &Actor, now: Timestamp) -> Vec<Code> {
    let special = special_purposes(actor.kind, actor.role);
    let day = now.day_in_japan();
    let may = |code: &Code, offer: Offer| {
        offer == Offer::Preset && actor.role.reads() || special.contains(&code.as_str())
    };
    let mut found: Vec<Code> = hub
        .reference()
        .purposes
        .current(day)
        .filter(|row| may(&row.code, row.body.offer))
        .map(|row| row.code.clone())
        .collect();
    if found.is_empty() {
        found.extend(super::FIRST_PURPOSE.parse::<Code>());
    }
    found
}

/// Changes the purpose that the session with `secret` reads for.
///
/// # Errors
/// [`ReadError::NotFound`] when the caller's role may not choose that purpose.
pub fn set_purpose(
    hub: &Hub,
    call: &Call<'_>,
    secret: &str,
    purpose: &str,
) -> Result<(), ReadError> {
    let chosen = purposes(hub, call.actor, call.now)
        .into_iter()
        .find(|code| code.as_str() == purpose)
        .ok_or(ReadError::NotFound)?;
    let hash = hash_of(secret).ok_or(ReadError::NotFound)?;
    let entry = Entry {
        event: "purpose-chosen",
        object: call.actor.membership.to_string(),
        owner: Some(call.actor.organization),
        facts: vec![("purpose", chosen.to_string())],
    };
    hub.store
        .write(call.stamp("sign_in.set_purpose"), move |tx| {
            session::set_purpose(tx, &hash, &chosen)?;
            Ok(record(tx, &entry)?)
        })
}

fn held(
    reader: &Reader<'_>,
    person: domain::id::PersonId,
    now: Timestamp,
) -> Result<Vec<HeldPlace>, StoreError> {
    let mut places = Vec::new();
    for place in person::memberships_of(reader, person, now)? {
        let names = organization::find(reader, place.organization)?
            .map(|found| (found.name_ja, found.name_en))
            .unwrap_or_default();
        places.push(HeldPlace {
            membership: place.id,
            organization: place.organization,
            kind: place.organization_kind,
            names,
            role: place.role,
            tier: place.tier,
        });
    }
    Ok(places)
}

pub(crate) fn hash_of(secret: &str) -> Option<[u8; 32]> {
    BearerSecret::parse(BearerKind::Session, secret)
        .ok()
        .map(|secret| secret.stored_hash())
}

/// Removes sessions that have ended from the store. Called by the job loop.
pub fn forget_ended(hub: &Hub, now: Timestamp, random: &Random) -> Result<(), StoreError> {
    let stamp = Stamp {
        name: "sign_in.forget_ended",
        now,
        random: random.derive("sign_in.forget_ended"),
    };
    hub.store.write(stamp, session::delete_expired)
}
