//! Passkeys: what is kept of a ceremony under way, and what follows from its result.
//!
//! The library that speaks the browser's protocol lives in `web`; it hands in what it verified.
//!
//! INVARIANT: a ceremony is answered once, within [`CEREMONY_SECONDS`], by the browser that began
//! it; its state never leaves the hub.

use domain::actor::Assurance;
use domain::id::{CredentialId, PersonId};
use domain::release::{Visible, own};
use domain::time::Timestamp;
use seal::random::Random;
use seal::secret::bearer::{BearerKind, BearerSecret};
use store::ceremony::{self, Ceremony, Registering};
use store::credential::{self, Secret};
use store::person::PersonRecord;
use store::{Stamp, StoreError, person};

use super::credentials::{Again, CredentialError, noted, read_overview};
use super::{Begin, Begun};
use crate::call::{Call, Hub, ReadError};

/// How long an answer is waited for, in seconds: people look for their security key.
pub const CEREMONY_SECONDS: i64 = 300;
/// Most passkeys of one person.
pub const PASSKEYS_MAX: usize = 20;
/// Longest name of a passkey, in characters.
pub const PASSKEY_NAME_CHARS_MAX: usize = 40;

/// A passkey in the JSON of the library that checks it.
#[derive(Clone)]
pub struct KnownPasskey {
    /// Its id.
    pub id: CredentialId,
    /// The library's JSON.
    pub json: String,
}

/// Who registers a passkey.
pub struct PasskeyOwner {
    /// What authenticators know the person by: random, without a name in it.
    pub handle: [u8; 16],
    /// Name and sign-in name, the person's own.
    pub record: Visible<PersonRecord>,
    /// The passkeys there are.
    pub passkeys: Vec<KnownPasskey>,
}

/// A ceremony taken out to be answered.
pub struct Answered {
    /// What the new passkey will be called; `None` while somebody signs in.
    pub label: Option<String>,
    /// The library's state.
    pub state: String,
}

/// Who the caller is to an authenticator, and which passkeys he has.
pub fn passkey_owner(hub: &Hub, call: &Call<'_>) -> Result<PasskeyOwner, ReadError> {
    let person = call.actor.person;
    hub.store.read(move |reader| {
        let record = person::record(reader, person)?.ok_or(ReadError::NotFound)?;
        Ok(PasskeyOwner {
            handle: person.to_bytes(),
            record: own(record),
            passkeys: passkeys_of(reader, person)?,
        })
    })
}

/// Keeps the state of a registration by the caller; the secret for his browser.
pub fn begin_registration(
    hub: &Hub,
    call: &Call<'_>,
    label: &str,
    state: String,
) -> Result<String, ReadError> {
    let registering = Registering {
        person: call.actor.person,
        label: label.trim().chars().take(PASSKEY_NAME_CHARS_MAX).collect(),
    };
    keep(hub, Some(registering), state, call.now, &call.random)
}

/// Keeps the state of a sign-in by somebody; the secret for his browser.
pub fn begin_sign_in(
    hub: &Hub,
    state: String,
    now: Timestamp,
    random: &Random,
) -> Result<String, ReadError> {
    keep(hub, None, state, now, random)
}

fn keep(
    hub: &Hub,
    registering: Option<Registering>,
    state: String,
    now: Timestamp,
    random: &Random,
) -> Result<String, ReadError> {
    let mut drawn = random.derive("sign_in.ceremony");
    let secret = BearerSecret::generate(BearerKind::Ceremony, &mut drawn);
    let hash = secret.stored_hash();
    let ceremony = Ceremony {
        registering,
        state,
        expires_at: now.plus_seconds(CEREMONY_SECONDS),
    };
    let stamp = Stamp {
        name: "sign_in.keep_ceremony",
        now,
        random: random.derive("sign_in.keep_ceremony"),
    };
    hub.store
        .write::<_, StoreError>(stamp, move |tx| ceremony::insert(tx, &hash, &ceremony))?;
    Ok(secret.expose_text().to_string())
}

/// Takes out the ceremony with that secret; `registering` is who must have begun it, `None` for a
/// sign-in.
///
/// # Errors
/// [`ReadError::NotFound`] when it was answered before, has expired, or is somebody else's.
pub fn answer_ceremony(
    hub: &Hub,
    secret: &str,
    registering: Option<PersonId>,
    now: Timestamp,
    random: &Random,
) -> Result<Answered, ReadError> {
    let hash = BearerSecret::parse(BearerKind::Ceremony, secret)
        .map_err(|_| ReadError::NotFound)?
        .stored_hash();
    let stamp = Stamp {
        name: "sign_in.answer_ceremony",
        now,
        random: random.derive("sign_in.answer_ceremony"),
    };
    // Taken out in any case: what was answered wrongly is not answered again.
    let found = hub
        .store
        .write::<_, StoreError>(stamp, move |tx| ceremony::take(tx, &hash))?
        .ok_or(ReadError::NotFound)?;
    let who = found.registering.as_ref().map(|who| who.person);
    if who == registering {
        Ok(Answered {
            label: found.registering.map(|who| who.label),
            state: found.state,
        })
    } else {
        Err(ReadError::NotFound)
    }
}

/// Gives the caller a passkey that was verified; the session to go on with, when he had come by an
/// invitation.
pub fn add_passkey(
    hub: &Hub,
    call: &Call<'_>,
    label: &str,
    json: String,
) -> Result<Option<Begun>, CredentialError> {
    let (person, label) = (call.actor.person, label.to_owned());
    let id = CredentialId::from_random(call.random.derive("sign_in.passkey_id").bytes());
    let mut again = Again::of(call, Assurance::Passkey);
    hub.store
        .write(call.stamp("sign_in.add_passkey"), move |tx| {
            if again.is_spent(tx)? {
                return Err(CredentialError::NotFound);
            }
            if passkeys_of(tx, person)?.len() >= PASSKEYS_MAX {
                return Err(CredentialError::TooMany);
            }
            credential::insert(tx, id, person, &Secret::Passkey(json), Some(&label))?;
            noted(tx, "passkey-added", person)?;
            Ok(again.begin(tx)?)
        })
}

/// The passkeys of the person that an authenticator named by `handle`; none when there is nobody.
pub fn passkeys_by_handle(hub: &Hub, handle: [u8; 16]) -> Result<Vec<KnownPasskey>, ReadError> {
    let person = PersonId::from_random(handle);
    hub.store
        .read(move |reader| Ok(passkeys_of(reader, person)?))
}

/// Signs in the person of `handle` by his passkey `id`, whose answer was verified; `json` is the
/// passkey afterwards, its counter moved.
///
/// # Errors
/// [`ReadError::NotFound`] when the passkey is not in force or the person holds no place.
pub fn by_passkey(
    hub: &Hub,
    handle: [u8; 16],
    id: CredentialId,
    json: String,
    now: Timestamp,
    random: &Random,
) -> Result<Begun, ReadError> {
    let person = PersonId::from_random(handle);
    let mut begin = Begin::new(Assurance::Passkey, random);
    let stamp = Stamp {
        name: "sign_in.by_passkey",
        now,
        random: random.derive("sign_in.by_passkey"),
    };
    hub.store.write(stamp, move |tx| {
        let used = credential::of_person(tx, person)?
            .into_iter()
            .find(|one| one.id == id)
            .ok_or(ReadError::NotFound)?;
        credential::use_now(tx, id, None)?;
        credential::replace_secret(tx, &used, &Secret::Passkey(json))?;
        begin.for_person(tx, person)?.ok_or(ReadError::NotFound)
    })
}

/// Takes a passkey from the caller.
///
/// # Errors
/// [`CredentialError::OnlyWayIn`] when he could not sign in afterwards.
pub fn remove_passkey(hub: &Hub, call: &Call<'_>, id: CredentialId) -> Result<(), CredentialError> {
    let person = call.actor.person;
    hub.store
        .write(call.stamp("sign_in.remove_passkey"), move |tx| {
            if !passkeys_of(tx, person)?.iter().any(|one| one.id == id) {
                return Err(CredentialError::NotFound);
            }
            credential::revoke(tx, person, id)?;
            if !read_overview(tx, person)?.has_way_in() {
                return Err(CredentialError::OnlyWayIn);
            }
            Ok(noted(tx, "passkey-removed", person)?)
        })
}

fn passkeys_of(
    reader: &store::Reader<'_>,
    person: PersonId,
) -> Result<Vec<KnownPasskey>, StoreError> {
    let found = credential::of_person(reader, person)?;
    Ok(found
        .into_iter()
        .filter_map(|one| match one.secret {
            Secret::Passkey(json) => Some(KnownPasskey { id: one.id, json }),
            _ => None,
        })
        .collect())
}
