//! What a person signs in with: looking at it, setting it, replacing it.
//!
//! INVARIANT: only the person changes his own credentials here; somebody else's are reached by a
//! reset link alone (`invite`).

use domain::actor::Assurance;
use domain::id::{CredentialId, MembershipId, PersonId};
use domain::release::own;
use domain::time::Timestamp;
use seal::secret::password::{PasswordError, hash_password};
use seal::secret::recovery::generate_set;
use seal::secret::totp::TotpKey;
use store::credential::Secret;
use store::log::{Entry, record};
use store::{Reader, StoreError, Tx, credential, invitation, person, session};

use super::hashing::Busy;
use super::password::{Password, PasswordLack};
use super::sessions::hash_of;
use super::{Begin, Begun};
use crate::call::{Call, Hub, ReadError};

/// What a person has to sign in with.
#[derive(Debug, Clone, Default)]
pub struct Overview {
    /// Since when there is a password; `None` when there is none.
    pub password_since: Option<Timestamp>,
    /// Since when there is an authenticator app; `None` when there is none.
    pub totp_since: Option<Timestamp>,
    /// Recovery codes not yet used.
    pub recovery_count: usize,
    /// Passkeys, oldest first.
    pub passkeys: Vec<PasskeyLine>,
}

/// A passkey as its owner sees it.
#[derive(Debug, Clone)]
pub struct PasskeyLine {
    /// Its id.
    pub id: CredentialId,
    /// What the person calls it.
    pub label: String,
    /// Since when.
    pub created_at: Timestamp,
    /// When it was last used; `None` before the first time.
    pub used_at: Option<Timestamp>,
}

/// A key that an authenticator app is about to learn.
pub struct PendingTotp {
    /// The key as people type it: base32.
    pub base32: String,
    /// The `otpauth://` address that an app scans.
    pub uri: String,
}

/// Why credentials were not changed.
#[derive(Debug, thiserror::Error)]
pub enum CredentialError {
    /// The password cannot be chosen.
    #[error(transparent)]
    Password(#[from] PasswordLack),
    /// The code typed is not the one that the app with this key shows.
    #[error("the code does not fit the key; check the clock of the phone and type the next code")]
    WrongCode,
    /// It would leave no way in.
    #[error("this is the only way in; add another before you remove it")]
    OnlyWayIn,
    /// As many passkeys as one person can have.
    #[error("there are 20 passkeys already; remove one you no longer use")]
    TooMany,
    /// It is not there.
    #[error("nothing is here")]
    NotFound,
    /// Too many hash at this moment.
    #[error(transparent)]
    Busy(#[from] Busy),
    /// The password could not be hashed.
    #[error(transparent)]
    Hash(#[from] PasswordError),
    /// The store failed.
    #[error(transparent)]
    Store(#[from] StoreError),
}

impl Overview {
    /// Whether the person can sign in by what is there.
    pub fn has_way_in(&self) -> bool {
        !self.passkeys.is_empty() || (self.password_since.is_some() && self.totp_since.is_some())
    }
}

/// What the caller has to sign in with.
pub fn overview(hub: &Hub, call: &Call<'_>) -> Result<Overview, ReadError> {
    let person = call.actor.person;
    hub.store
        .read(move |reader| Ok(read_overview(reader, person)?))
}

pub(crate) fn read_overview(reader: &Reader<'_>, person: PersonId) -> Result<Overview, StoreError> {
    let mut found = Overview::default();
    for one in credential::of_person(reader, person)? {
        match one.secret {
            Secret::Password(_) => found.password_since = Some(one.created_at),
            Secret::Totp(_) => found.totp_since = Some(one.created_at),
            Secret::Recovery(_) => found.recovery_count += 1,
            Secret::Passkey(_) => found.passkeys.push(PasskeyLine {
                id: one.id,
                label: one.label.unwrap_or_default(),
                created_at: one.created_at,
                used_at: one.used_at,
            }),
        }
    }
    Ok(found)
}

/// Sets the caller's password, in place of an earlier one, and ends his sessions but the asking
/// one, whose secret is `secret`.
pub fn set_password(
    hub: &Hub,
    call: &Call<'_>,
    secret: &str,
    raw: &str,
) -> Result<(), CredentialError> {
    refuse_the_invited(call)?;
    let (person, kept) = (call.actor.person, hash_of(secret));
    let password = hashed(hub, call, &chosen(hub, call, raw)?)?;
    let id = CredentialId::from_random(call.random.derive("sign_in.password_id").bytes());
    hub.store
        .write(call.stamp("sign_in.set_password"), move |tx| {
            credential::revoke_kind(tx, person, Secret::PASSWORD)?;
            credential::insert(tx, id, person, &password, None)?;
            session::delete_others(tx, person, kept.as_ref())?;
            Ok(noted(tx, "password-set", person)?)
        })
}

/// The password that the caller chooses, judged beside his sign-in name.
fn chosen(hub: &Hub, call: &Call<'_>, raw: &str) -> Result<Password, CredentialError> {
    let person = call.actor.person;
    let record = hub
        .store
        .read::<_, StoreError>(move |reader| person::record(reader, person))?
        .ok_or(CredentialError::NotFound)?;
    Ok(Password::chosen(raw, &own(record).content().login)?)
}

fn hashed(hub: &Hub, call: &Call<'_>, password: &Password) -> Result<Secret, CredentialError> {
    let mut random = call.random.derive("sign_in.password_salt");
    let hash = hub
        .hashing
        .run(|| hash_password(password.as_str(), hub.cost, &mut random))??;
    Ok(Secret::Password(hash))
}

/// The key that the caller's authenticator app is to learn. It stays the same for the session
/// `basis` until it is confirmed, so that page and form agree and nothing needs to be kept.
pub fn pending_totp(
    hub: &Hub,
    call: &Call<'_>,
    basis: &str,
) -> Result<PendingTotp, CredentialError> {
    let (person, desk, basis) = (call.actor.person, hub.clone(), basis.to_owned());
    hub.store.read(move |reader| {
        let key = pending_key(
            &desk,
            &basis,
            credential::count_ever(reader, person, Secret::TOTP)?,
        );
        let login = person::record(reader, person)?
            .map(|record| own(record).content().login.clone())
            .ok_or(CredentialError::NotFound)?;
        Ok(pending(&desk, &key, &login))
    })
}

/// Puts the pending key in force, in place of an earlier one, when `code` is what it shows now.
pub fn confirm_totp(
    hub: &Hub,
    call: &Call<'_>,
    basis: &str,
    code: &str,
) -> Result<(), CredentialError> {
    refuse_the_invited(call)?;
    let (person, desk) = (call.actor.person, hub.clone());
    let (basis, code) = (basis.to_owned(), code.to_owned());
    let id = CredentialId::from_random(call.random.derive("sign_in.totp_id").bytes());
    hub.store
        .write(call.stamp("sign_in.confirm_totp"), move |tx| {
            let key = pending_key(
                &desk,
                &basis,
                credential::count_ever(tx, person, Secret::TOTP)?,
            );
            credential::revoke_kind(tx, person, Secret::TOTP)?;
            put_totp(tx, id, person, key, &code)?;
            Ok(noted(tx, "authenticator-set", person)?)
        })
}

/// Puts `key` in force, when `code` is what it shows now; that code is spent.
fn put_totp(
    tx: &Tx<'_>,
    id: CredentialId,
    person: PersonId,
    key: TotpKey,
    code: &str,
) -> Result<(), CredentialError> {
    let seconds = u64::try_from(tx.now().seconds()).unwrap_or(0);
    let step = key
        .matched_step(code, seconds)
        .ok_or(CredentialError::WrongCode)?;
    credential::insert(tx, id, person, &Secret::Totp(key), None)?;
    credential::use_now(tx, id, Some(step))?;
    Ok(())
}

fn pending(hub: &Hub, key: &TotpKey, login: &str) -> PendingTotp {
    PendingTotp {
        base32: key.expose_base32().to_string(),
        uri: key.expose_uri(hub.name(), login).to_string(),
    }
}

/// A key fixed by a secret that only the person's browser holds, and by how many came before it.
fn pending_key(hub: &Hub, basis: &str, count: u32) -> TotpKey {
    let hash = hub
        .store
        .keyring()
        .master()
        .derive("sign-in/pending-totp")
        .keyed_hash(&[basis.as_bytes(), &count.to_be_bytes()]);
    let mut key = [0; 20];
    for (to, from) in key.iter_mut().zip(hash) {
        *to = from;
    }
    TotpKey::from_bytes(key)
}

/// What follows from a way in made of password and app.
pub struct FirstWayIn {
    /// Ten codes, shown once.
    pub recovery_codes: Vec<String>,
    /// The session to go on with, when the caller had come by an invitation; `None` otherwise.
    pub begun: Option<Begun>,
}

/// Who came by an invitation goes on in a session of his own as soon as he has a way in; his link
/// and every other session that it began are void then.
pub(crate) struct Again(Option<(PersonId, MembershipId, Begin)>);

impl Again {
    pub(crate) fn of(call: &Call<'_>, assurance: Assurance) -> Self {
        let invited = call.actor.assurance == Assurance::Invitation;
        let (person, place) = (call.actor.person, call.actor.membership);
        Self(invited.then(|| (person, place, Begin::new(assurance, &call.random))))
    }

    /// Whether the invitation was used up meanwhile: it is good for the first way in, and no second.
    pub(crate) fn is_spent(&self, reader: &Reader<'_>) -> Result<bool, StoreError> {
        match &self.0 {
            Some((person, ..)) => Ok(read_overview(reader, *person)?.has_way_in()),
            None => Ok(false),
        }
    }

    pub(crate) fn begin(&mut self, tx: &Tx<'_>) -> Result<Option<Begun>, StoreError> {
        match &mut self.0 {
            Some((person, place, begin)) => {
                session::delete_others(tx, *person, None)?;
                invitation::revoke_bound(tx, *person)?;
                begin.for_place(tx, *place)
            }
            None => Ok(None),
        }
    }
}

/// A first way in: password and app together, with ten recovery codes, which are shown once.
///
/// # Errors
/// As [`set_password`] and [`confirm_totp`]; nothing is kept then.
pub fn set_password_and_app(
    hub: &Hub,
    call: &Call<'_>,
    basis: &str,
    raw: &str,
    code: &str,
) -> Result<FirstWayIn, CredentialError> {
    let (person, desk) = (call.actor.person, hub.clone());
    let (basis, code) = (basis.to_owned(), code.to_owned());
    let password = hashed(hub, call, &chosen(hub, call, raw)?)?;
    let mut random = call.random.derive("sign_in.first_way_in");
    let mut again = Again::of(call, Assurance::TwoFactor);
    hub.store
        .write(call.stamp("sign_in.set_password_and_app"), move |tx| {
            if again.is_spent(tx)? {
                return Err(CredentialError::NotFound);
            }
            let count = credential::count_ever(tx, person, Secret::TOTP)?;
            let key = pending_key(&desk, &basis, count);
            for kind in [Secret::PASSWORD, Secret::TOTP] {
                credential::revoke_kind(tx, person, kind)?;
            }
            let id = CredentialId::from_random(random.bytes());
            put_totp(tx, id, person, key, &code)?;
            let id = CredentialId::from_random(random.bytes());
            credential::insert(tx, id, person, &password, None)?;
            noted(tx, "password-set", person)?;
            noted(tx, "authenticator-set", person)?;
            Ok(FirstWayIn {
                recovery_codes: put_recovery_codes(&desk, tx, person)?,
                begun: again.begin(tx)?,
            })
        })
}

/// Half a way in is none: who came by an invitation sets password and app together, or a passkey.
fn refuse_the_invited(call: &Call<'_>) -> Result<(), CredentialError> {
    if call.actor.assurance == Assurance::Invitation {
        Err(CredentialError::NotFound)
    } else {
        Ok(())
    }
}

/// Draws ten new recovery codes for the caller; older ones are void. They are shown once.
pub fn renew_recovery_codes(hub: &Hub, call: &Call<'_>) -> Result<Vec<String>, ReadError> {
    if call.actor.assurance == Assurance::Invitation {
        return Err(ReadError::NotFound);
    }
    let (person, desk) = (call.actor.person, hub.clone());
    hub.store
        .write(call.stamp("sign_in.renew_recovery_codes"), move |tx| {
            let codes = put_recovery_codes(&desk, tx, person)?;
            noted(tx, "recovery-codes-renewed", person)?;
            Ok(codes)
        })
}

fn put_recovery_codes(hub: &Hub, tx: &Tx<'_>, person: PersonId) -> Result<Vec<String>, StoreError> {
    credential::revoke_kind(tx, person, Secret::RECOVERY)?;
    let mut random = seal::random::Random::from_seed(tx.random_bytes());
    let mut shown = Vec::new();
    for code in generate_set(&mut random) {
        let id = CredentialId::from_random(random.bytes());
        let secret = Secret::Recovery(code.stored_hash(&hub.recovery_key(), &person.to_string()));
        credential::insert(tx, id, person, &secret, None)?;
        shown.push(code.expose_grouped().to_string());
    }
    Ok(shown)
}

/// A change of credentials is in the log, without any of their content.
pub(crate) fn noted(tx: &Tx<'_>, event: &'static str, person: PersonId) -> Result<(), StoreError> {
    let entry = Entry {
        event,
        object: person.to_string(),
        owner: None,
        facts: Vec::new(),
    };
    record(tx, &entry)
}
