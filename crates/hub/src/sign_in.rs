//! Signing in and out, and turning a session into an actor.

use domain::actor::{Actor, Assurance};
use domain::id::MembershipId;
use domain::time::Timestamp;
use domain::word::Code;
use seal::random::Random;
use seal::secret::bearer::{BearerKind, BearerSecret};
use store::session::Session;
use store::{Reader, Stamp, StoreError, organization, person, session};

use crate::call::{Call, Hub, ReadError};

/// How long a session lasts, in seconds: one duty of eight hours.
pub const SESSION_SECONDS: i64 = 8 * 3_600;

/// The purpose a session begins with: defense against what is reported.
pub const FIRST_PURPOSE: &str = "defense";

/// A session just begun: what the browser keeps.
pub struct Begun {
    /// The secret for the cookie.
    pub secret: String,
    /// When it ends.
    pub expires_at: Timestamp,
}

/// A session resumed: who acts, and the secret its forms carry.
#[derive(Debug, Clone)]
pub struct Resumed {
    /// The person, as the verbs take it.
    pub actor: Actor,
    /// Secret that every form of the session sends back.
    pub form_secret: String,
}

/// Signs in by a one-time link. Links of a demo stay valid while it runs.
///
/// # Errors
/// [`ReadError::NotFound`] when the link is unknown, used or expired.
pub fn by_link(hub: &Hub, text: &str, now: Timestamp, random: Random) -> Result<Begun, ReadError> {
    let secret = BearerSecret::parse(BearerKind::SignIn, text).map_err(|_| ReadError::NotFound)?;
    let hash = secret.stored_hash();
    let membership = hub
        .store
        .read::<_, StoreError>(move |reader| session::sign_in_link(reader, &hash, now))?
        .ok_or(ReadError::NotFound)?;
    begin(hub, membership, Assurance::DemoLink, now, random)
}

/// Begins a session for a recognized person in `membership`.
pub(crate) fn begin(
    hub: &Hub,
    membership: MembershipId,
    assurance: Assurance,
    now: Timestamp,
    mut random: Random,
) -> Result<Begun, ReadError> {
    let secret = BearerSecret::generate(BearerKind::Session, &mut random);
    let form_secret = BearerSecret::generate(BearerKind::Session, &mut random)
        .expose_text()
        .to_string();
    let expires_at = now.plus_seconds(SESSION_SECONDS);
    let purpose: Code = FIRST_PURPOSE.parse().map_err(|_| ReadError::NotFound)?;
    let row = Session {
        membership,
        purpose,
        assurance,
        form_secret,
        expires_at,
    };
    let hash = secret.stored_hash();
    let stamp = Stamp {
        name: "sign_in.begin",
        now,
        random,
    };
    hub.store.write::<_, StoreError>(stamp, move |tx| {
        person::membership(tx, membership, now)?
            .map_or(Ok(()), |_| session::insert(tx, &hash, &row))
    })?;
    Ok(Begun {
        secret: secret.expose_text().to_string(),
        expires_at,
    })
}

/// Who acts under the session with that secret.
///
/// # Errors
/// [`ReadError::NotFound`] when the session has ended or the place is no longer held.
pub fn resume(hub: &Hub, secret: &str, now: Timestamp) -> Result<Resumed, ReadError> {
    let secret =
        BearerSecret::parse(BearerKind::Session, secret).map_err(|_| ReadError::NotFound)?;
    let hash = secret.stored_hash();
    hub.store.read(move |reader| {
        let session = session::find(reader, &hash, now)?.ok_or(ReadError::NotFound)?;
        let actor = actor(
            reader,
            session.membership,
            session.purpose,
            session.assurance,
            now,
        )?;
        Ok(Resumed {
            actor,
            form_secret: session.form_secret,
        })
    })
}

/// The actor in `membership`, as he stands now.
pub(crate) fn actor(
    reader: &Reader<'_>,
    membership: MembershipId,
    purpose: Code,
    assurance: Assurance,
    now: Timestamp,
) -> Result<Actor, ReadError> {
    let place = person::membership(reader, membership, now)?.ok_or(ReadError::NotFound)?;
    Ok(Actor {
        person: place.person,
        membership: place.id,
        organization: place.organization,
        kind: place.organization_kind,
        role: place.role,
        tier: place.tier,
        clearance: place.clearance,
        purpose,
        communities: organization::communities_of(reader, place.organization)?,
        assurance,
    })
}

/// Ends the session with that secret; a session that is not there counts as ended.
pub fn end(hub: &Hub, call: &Call<'_>, secret: &str) -> Result<(), ReadError> {
    let Ok(secret) = BearerSecret::parse(BearerKind::Session, secret) else {
        return Ok(());
    };
    let hash = secret.stored_hash();
    Ok(hub
        .store
        .write::<_, StoreError>(call.stamp("sign_in.end"), move |tx| {
            session::delete(tx, &hash)
        })?)
}
