//! Signing in with a password and a one-time code, or a recovery code in its place.
//!
//! An account that does not exist is treated like one that does: the same limit, a hash of the same
//! cost, the same writes, the same answer.
//!
//! INVARIANT: a one-time code is good for one sign-in (RFC 6238, section 5.2), also when the same
//! code is sent twice at the same moment.

use domain::actor::Assurance;
use domain::id::PersonId;
use domain::time::Timestamp;
use seal::random::Random;
use seal::secret::constant_time_eq;
use seal::secret::password::{PasswordHash, hash_password};
use seal::secret::recovery::RecoveryCode;
use seal::secret::totp::TotpKey;
use store::credential::{Credential, Secret};
use store::{Stamp, StoreError, Tx, credential, person};

use super::hashing::Busy;
use super::password::Password;
use super::{Begin, Begun};
use crate::call::Hub;
use crate::limit::{self, LimitError, Limited, TooMany};
use crate::set_up::LoginName;

/// What was typed on the sign-in page.
pub struct Typed<'a> {
    /// Sign-in name.
    pub account: &'a str,
    /// Password.
    pub password: &'a str,
    /// Six digits of the authenticator app, or a recovery code.
    pub code: &'a str,
}

/// Why nobody was signed in.
#[derive(Debug, thiserror::Error)]
pub enum SignInError {
    /// Name, password or code is wrong, or the account holds no place. Which of them is not told.
    #[error("the sign-in name, the password or the code is wrong")]
    Refused,
    /// Too many wrong tries.
    #[error(transparent)]
    TooMany(#[from] TooMany),
    /// Too many sign in at this moment.
    #[error(transparent)]
    Busy(#[from] Busy),
    /// The store failed.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// Signs in by password and code.
pub fn by_password(
    hub: &Hub,
    typed: &Typed<'_>,
    now: Timestamp,
    random: &Random,
) -> Result<Begun, SignInError> {
    let login = canonical(typed.account);
    let limited = Limited::Account(login.clone());
    limit::enter(hub, &limited, now, random)?;
    let found = hub.store.read::<_, StoreError>(move |reader| {
        let Some(person) = person::find_by_login(reader, &login)? else {
            return Ok(None);
        };
        Ok(Some((person, credential::of_person(reader, person)?)))
    })?;
    let proof = check(hub, found, typed, now, random)?;
    let stamp = Stamp {
        name: "sign_in.by_password",
        now,
        random: random.derive("sign_in.by_password"),
    };
    let mut begin = Begin::new(Assurance::TwoFactor, random);
    let desk = hub.clone();
    // A refusal writes as well: nothing, but through the same writer and the same commit.
    hub.store
        .write(stamp, move |tx| {
            let Some(proof) = proof else {
                return Ok(None);
            };
            if !proof.spend(tx)? {
                return Ok(None);
            }
            let begun = begin.for_person(tx, proof.person)?;
            if begun.is_some() {
                limit::clear(&desk, tx, &limited)?;
            }
            Ok::<_, StoreError>(begun)
        })?
        .ok_or(SignInError::Refused)
}

/// What was right, to be spent in the transaction that signs in.
struct Proof {
    person: PersonId,
    factor: Factor,
    rehashed: Option<(Credential, PasswordHash)>,
}

enum Factor {
    /// The key whose code was typed, and the step of that code.
    Code(Credential, u64),
    /// The recovery code that was typed.
    Recovery(Credential),
}

impl Proof {
    /// Notes the use; `false` when the code was spent before.
    fn spend(&self, tx: &Tx<'_>) -> Result<bool, StoreError> {
        let fresh = match &self.factor {
            Factor::Code(key, step) => credential::use_now(tx, key.id, Some(*step))?,
            Factor::Recovery(code) => credential::revoke(tx, self.person, code.id)?,
        };
        if let (true, Some((old, hash))) = (fresh, &self.rehashed) {
            credential::replace_secret(tx, old, &Secret::Password(hash.clone()))?;
        }
        Ok(fresh)
    }
}

/// Checks password and code. Both are always computed, whether or not there is an account.
fn check(
    hub: &Hub,
    found: Option<(PersonId, Vec<Credential>)>,
    typed: &Typed<'_>,
    now: Timestamp,
    random: &Random,
) -> Result<Option<Proof>, SignInError> {
    let (person, credentials) = match found {
        Some((person, credentials)) => (Some(person), credentials),
        None => (None, Vec::new()),
    };
    let password = Password::typed(typed.password);
    let stored = credentials.iter().find_map(|one| match &one.secret {
        Secret::Password(hash) => Some((one, hash)),
        _ => None,
    });
    let decoy = PasswordHash::decoy(hub.cost);
    let hash = stored.map_or(&decoy, |(_, hash)| hash);
    let right = hub.hashing.run(|| hash.verify(password.as_str()))?;
    let factor = factor(hub, person, &credentials, typed.code, now);
    let (Some(person), Some((old, hash)), Some(factor), true) = (person, stored, factor, right)
    else {
        return Ok(None);
    };
    let rehashed = if hash.is_of(hub.cost) {
        None
    } else {
        let mut random = random.derive("sign_in.rehash");
        let again = hub
            .hashing
            .run(|| hash_password(password.as_str(), hub.cost, &mut random))?;
        again.ok().map(|hash| (old.clone(), hash))
    };
    Ok(Some(Proof {
        person,
        factor,
        rehashed,
    }))
}

/// The second factor that `code` proves, if it proves one.
fn factor(
    hub: &Hub,
    person: Option<PersonId>,
    credentials: &[Credential],
    code: &str,
    now: Timestamp,
) -> Option<Factor> {
    let seconds = u64::try_from(now.seconds()).unwrap_or(0);
    let decoy = TotpKey::from_bytes([0; 20]);
    let keys = credentials.iter().filter_map(|one| match &one.secret {
        Secret::Totp(key) => Some((one, key)),
        _ => None,
    });
    let mut matched = None;
    for (one, key) in keys {
        matched = matched.or(key.matched_step(code, seconds).map(|step| (one, step)));
    }
    if credentials.is_empty() {
        let _nobody = decoy.matched_step(code, seconds);
    }
    if let Some((one, step)) = matched {
        return Some(Factor::Code(one.clone(), step));
    }
    let account = person.map(|person| person.to_string()).unwrap_or_default();
    let typed = RecoveryCode::parse(code)
        .ok()?
        .stored_hash(&hub.recovery_key(), &account);
    let mut matched = None;
    for one in credentials {
        if let Secret::Recovery(hash) = &one.secret
            && constant_time_eq(hash, &typed)
        {
            matched = Some(Factor::Recovery(one.clone()));
        }
    }
    matched
}

/// The one spelling of what was typed; what cannot be a sign-in name is counted as it is.
fn canonical(typed: &str) -> String {
    LoginName::parse(typed).map_or_else(
        |_| typed.chars().take(200).collect(),
        |name| name.as_str().to_owned(),
    )
}

impl From<LimitError> for SignInError {
    fn from(error: LimitError) -> Self {
        match error {
            LimitError::TooMany(wait) => Self::TooMany(wait),
            LimitError::Store(source) => Self::Store(source),
        }
    }
}
