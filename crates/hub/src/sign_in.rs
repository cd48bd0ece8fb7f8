//! Signing in and out, and turning a session into an actor.

mod by_password;
mod credentials;
pub(crate) mod hashing;
mod passkey;
mod password;
mod sessions;

pub(crate) use credentials::read_overview;

use domain::actor::{Actor, Assurance, Keeping};
use domain::id::{MembershipId, OrganizationId, PersonId};
use domain::organization::OrganizationKind;
use domain::release::{Visible, own};
use domain::time::Timestamp;
use domain::word::Code;
use seal::random::Random;
use seal::secret::bearer::{BearerKind, BearerSecret};
use seal::secret::constant_time_eq;
use store::log::{Entry, record};
use store::session::Session;
use store::{Reader, Stamp, StoreError, Tx, fact, organization, person, session};

use crate::call::{Call, Hub, ReadError};
use crate::set_up::{StoreKind, marked};

pub use by_password::{SignInError, Typed, by_password};
pub use credentials::{
    CredentialError, FirstWayIn, Overview, PasskeyLine, PendingTotp, confirm_totp, overview,
    pending_totp, renew_recovery_codes, set_password, set_password_and_app,
};
pub use hashing::Busy;
pub use passkey::{
    Answered, CEREMONY_SECONDS, KnownPasskey, PASSKEY_NAME_CHARS_MAX, PASSKEYS_MAX, PasskeyOwner,
    add_passkey, answer_ceremony, begin_registration, begin_sign_in, by_passkey, passkey_owner,
    passkeys_by_handle, remove_passkey,
};
pub use password::{PASSWORD_CHARS_MIN, Password, PasswordLack};
pub use sessions::{
    HeldPlace, RunningSession, SessionStanding, end_other_sessions, end_session, forget_ended,
    places, purposes, sessions, set_purpose, switch_place,
};

/// How long a session lasts, in seconds: one duty of eight hours.
pub const SESSION_SECONDS: i64 = 8 * 3_600;

/// How long somebody who came by an invitation has to make a way in, in seconds. The link leads him
/// back as long as it lasts.
pub const INVITED_SECONDS: i64 = 3_600;

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
    /// Secret from which the tokens of the session's forms are made.
    pub form_secret: String,
    /// The person's own name.
    pub person_name: Visible<String>,
    /// When the person was recognized: some acts ask for that again after a while.
    pub begun_at: Timestamp,
    /// Name of the organization acted from, in Japanese and English.
    pub organization_names: (String, String),
}

/// How long after signing in the acts that matter most are open without signing in again, in
/// seconds: credentials, tokens, invitations, places.
pub const RECENT_SECONDS: i64 = 3_600;

impl Resumed {
    /// Whether the person was recognized not long before `now`. A demo's links are always recent,
    /// since there is nothing to recognize anybody by.
    pub fn is_recent(&self, now: Timestamp) -> bool {
        self.actor.assurance == Assurance::DemoLink
            || now.seconds_since(self.begun_at).abs() <= RECENT_SECONDS
    }
}

/// Signs in by a one-time link of the demo. Such links stay valid while it runs.
///
/// # Errors
/// [`ReadError::NotFound`] when the link is unknown or expired, or the store is no demo's.
pub fn by_link(hub: &Hub, text: &str, now: Timestamp, random: &Random) -> Result<Begun, ReadError> {
    let secret = BearerSecret::parse(BearerKind::SignIn, text).map_err(|_| ReadError::NotFound)?;
    let hash = secret.stored_hash();
    let mut begin = Begin::new(Assurance::DemoLink, random);
    let stamp = Stamp {
        name: "sign_in.by_link",
        now,
        random: random.derive("sign_in.by_link"),
    };
    hub.store
        .write::<_, StoreError>(stamp, move |tx| {
            let place = session::sign_in_link(tx, &hash, now)?;
            match (place, marked(tx)?) {
                (Some(place), None | Some(StoreKind::Demo)) => begin.for_place(tx, place),
                _ => Ok(None),
            }
        })?
        .ok_or(ReadError::NotFound)
}

/// A session about to begin; its secrets are drawn anew, whatever the browser held before.
pub(crate) struct Begin {
    assurance: Assurance,
    random: Random,
}

impl Begin {
    pub(crate) fn new(assurance: Assurance, random: &Random) -> Self {
        Self {
            assurance,
            random: random.derive("sign_in.begin"),
        }
    }

    /// Begins in the first of the person's places; `None` when he holds none now.
    pub(crate) fn for_person(
        &mut self,
        tx: &Tx<'_>,
        person: PersonId,
    ) -> Result<Option<Begun>, StoreError> {
        match person::memberships_of(tx, person, tx.now())?.first() {
            Some(place) => self.for_place(tx, place.id),
            None => Ok(None),
        }
    }

    /// Begins in that place; `None` when it is not held now.
    pub(crate) fn for_place(
        &mut self,
        tx: &Tx<'_>,
        place: MembershipId,
    ) -> Result<Option<Begun>, StoreError> {
        let Some(place) = person::membership(tx, place, tx.now())? else {
            return Ok(None);
        };
        let purpose = first_purpose()?;
        let secret = BearerSecret::generate(BearerKind::Session, &mut self.random);
        let form_secret = BearerSecret::generate(BearerKind::Session, &mut self.random);
        let seconds = match self.assurance {
            Assurance::Invitation => INVITED_SECONDS,
            _ => SESSION_SECONDS,
        };
        let expires_at = tx.now().plus_seconds(seconds);
        let row = Session {
            membership: place.id,
            purpose,
            assurance: self.assurance,
            form_secret: form_secret.expose_text().to_string(),
            begun_at: tx.now(),
            expires_at,
        };
        session::insert(tx, &secret.stored_hash(), &row)?;
        let facts = vec![
            ("person", place.person.to_string()),
            ("assurance", self.assurance.word().to_owned()),
        ];
        let entry = Entry {
            // Who is on his way in has not signed in yet.
            event: match self.assurance {
                Assurance::Invitation => "way-in-begun",
                _ => "signed-in",
            },
            object: place.id.to_string(),
            owner: Some(place.organization),
            facts,
        };
        record(tx, &entry)?;
        Ok(Some(Begun {
            secret: secret.expose_text().to_string(),
            expires_at,
        }))
    }
}

/// A token for one form of the session: a nonce and its keyed hash, so that no two answers carry
/// the same secret text.
pub fn form_token(hub: &Hub, form_secret: &str, mut random: Random) -> String {
    let nonce: [u8; 16] = random.bytes();
    format!(
        "{}{}",
        hex(&nonce),
        hex(&form_hash(hub, form_secret, &nonce))
    )
}

/// Whether `token` was made for that session.
pub fn form_token_fits(hub: &Hub, form_secret: &str, token: &str) -> bool {
    let Some((nonce, hash)) = token.split_at_checked(32) else {
        return false;
    };
    let Some(nonce) = unhex(nonce) else {
        return false;
    };
    constant_time_eq(
        hash.as_bytes(),
        hex(&form_hash(hub, form_secret, &nonce)).as_bytes(),
    )
}

fn form_hash(hub: &Hub, form_secret: &str, nonce: &[u8; 16]) -> [u8; 32] {
    hub.store
        .keyring()
        .master()
        .derive("sign-in/form")
        .keyed_hash(&[form_secret.as_bytes(), nonce])
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().fold(String::new(), |mut text, byte| {
        text.extend(
            [byte >> 4, byte & 15]
                .map(|digit| char::from_digit(u32::from(digit), 16).unwrap_or('0')),
        );
        text
    })
}

fn unhex(text: &str) -> Option<[u8; 16]> {
    u128::from_str_radix(text, 16).ok().map(u128::to_be_bytes)
}

/// Who acts under the session with that secret. A purpose that his place does not read for any more
/// has become the one that sessions begin with.
///
/// # Errors
/// [`ReadError::NotFound`] when the session has ended or the place is no longer held.
pub fn resume(hub: &Hub, secret: &str, now: Timestamp) -> Result<Resumed, ReadError> {
    let secret =
        BearerSecret::parse(BearerKind::Session, secret).map_err(|_| ReadError::NotFound)?;
    let hash = secret.stored_hash();
    let mut resumed = hub.store.read(move |reader| {
        let session = session::find(reader, &hash, now)?.ok_or(ReadError::NotFound)?;
        let actor = actor(
            reader,
            session.membership,
            session.purpose,
            session.assurance,
            now,
        )?;
        resumed(reader, actor, session.form_secret, session.begun_at)
    })?;
    if !reads_for_its_purpose(hub, &resumed.actor, now) {
        resumed.actor.purpose = first_purpose()?;
    }
    Ok(resumed)
}

/// Whether the actor's role, as it is now, reads for his purpose. That with which sessions begin is
/// everybody's.
pub(crate) fn reads_for_its_purpose(hub: &Hub, actor: &Actor, now: Timestamp) -> bool {
    actor.purpose.as_str() == FIRST_PURPOSE || purposes(hub, actor, now).contains(&actor.purpose)
}

fn first_purpose() -> Result<Code, StoreError> {
    FIRST_PURPOSE.parse().map_err(|_| StoreError::Corrupt {
        table: "session",
        column: "purpose",
    })
}

/// The actor with what pages and programs show of him.
pub(crate) fn resumed(
    reader: &Reader<'_>,
    actor: Actor,
    form_secret: String,
    begun_at: Timestamp,
) -> Result<Resumed, ReadError> {
    let names = organization::find(reader, actor.organization)?.ok_or(ReadError::NotFound)?;
    let record = person::record(reader, actor.person)?.ok_or(ReadError::NotFound)?;
    Ok(Resumed {
        actor,
        form_secret,
        begun_at,
        person_name: own(record).map(|record| record.name),
        organization_names: (names.name_ja, names.name_en),
    })
}

/// The actor in `membership` at `now`, for programs that act without a session: the demo's making
/// and the simulation.
///
/// # Errors
/// [`ReadError::NotFound`] when the place is not held then.
pub fn actor_of(
    hub: &Hub,
    membership: MembershipId,
    purpose: Code,
    assurance: Assurance,
    now: Timestamp,
) -> Result<Actor, ReadError> {
    hub.store
        .read(move |reader| actor(reader, membership, purpose, assurance, now))
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
        keeping: keeping(reader, place.organization, place.organization_kind)?,
        role: place.role,
        tier: place.tier,
        clearance: place.clearance,
        purpose,
        communities: organization::communities_of(reader, place.organization)?,
        assurance,
        scope: None,
    })
}

/// Name of the fact that says which organization keeps the hub.
pub(crate) const KEEPER: &str = "hub-keeper";

/// Whether that organization keeps the hub: the one that the first run named, or, in a store that
/// was set up without one, the national center.
pub(crate) fn keeping(
    reader: &Reader<'_>,
    organization: OrganizationId,
    kind: OrganizationKind,
) -> Result<Keeping, StoreError> {
    let keeps = match fact::find(reader, KEEPER)? {
        Some(keeper) => keeper == organization.to_string().into_bytes(),
        None => kind == OrganizationKind::NationalCenter,
    };
    Ok(if keeps {
        Keeping::Keeper
    } else {
        Keeping::Member
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
