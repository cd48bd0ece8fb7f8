//! Password hashing: Argon2id, version 0x13, in the PHC string form.
//!
//! The parameters are the second recommended option of RFC 9106, section 4 (3 passes over 64 MiB,
//! 4 lanes, 128 bits of salt, 256 bits of tag). They stand above the minimum of the OWASP Password
//! Storage Cheat Sheet (2 passes over 19 MiB). One hash needs 64 MiB, so that the caller must bound
//! how many run at once.
//!
//! The door brings a password to one Unicode form (NFKC, as SP 800-63B-4 asks) and checks its
//! length before it comes here; this module hashes the bytes it is given.

use std::fmt;

use argon2::password_hash::phc;
use argon2::{Algorithm, Argon2, Params, PasswordHasher, PasswordVerifier, Version};
use zeroize::Zeroizing;

use crate::random::Random;

/// How much work a hash costs. Chosen by the caller and never a default: a hub that serves real
/// people uses [`Cost::Production`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Cost {
    /// The parameters of RFC 9106: a few hundred milliseconds.
    Production,
    /// As good as nothing. For tests and for the synthetic people of a demonstration only.
    Test,
}

/// The stored hash of a password.
#[derive(Clone, PartialEq, Eq)]
pub struct PasswordHash(String);

/// Hashes `password` with a fresh salt.
pub fn hash_password(
    password: &str,
    cost: Cost,
    random: &mut Random,
) -> Result<PasswordHash, PasswordError> {
    if password.len() > PASSWORD_BYTES_MAX {
        return Err(PasswordError::TooLong);
    }
    argon2id(cost)
        .hash_password_with_salt(password.as_bytes(), &random.bytes::<SALT_BYTES>())
        .map(|hash| PasswordHash(hash.to_string()))
        .map_err(|_| PasswordError::OutOfMemory)
}

impl PasswordHash {
    /// Reads a stored hash. Refuses other algorithms, and costs so high that one sign-in would
    /// stop the hub.
    pub fn parse(text: &str) -> Result<Self, PasswordError> {
        let hash = phc::PasswordHash::new(text).map_err(|_| PasswordError::NotAHash)?;
        let params = Params::try_from(&hash).map_err(|_| PasswordError::NotAHash)?;
        let ours = hash.algorithm == Algorithm::Argon2id.ident()
            && hash.version == Some(Version::V0x13.into())
            && hash.salt.is_some()
            && hash.hash.is_some()
            && params.m_cost() <= MEMORY_KIBIBYTES_MAX
            && params.t_cost() <= PASSES_MAX;
        ours.then(|| Self(text.to_owned()))
            .ok_or(PasswordError::NotAHash)
    }

    /// A hash that no password has. Checking against it costs what a real check costs, so that an
    /// absent account answers as slowly as a present one.
    #[must_use]
    pub fn decoy(cost: Cost) -> Self {
        let (memory, passes, lanes) = cost.parameters();
        // Salt and tag are all zero: 16 and 32 bytes in the base64 of the PHC form.
        let (salt, tag) = ("A".repeat(22), "A".repeat(43));
        Self(format!(
            "$argon2id$v=19$m={memory},t={passes},p={lanes}${salt}${tag}"
        ))
    }

    /// Whether `password` is the one that was hashed.
    #[must_use]
    pub fn verify(&self, password: &str) -> bool {
        // The length is checked here as well, so that the door is not the only bound on the work.
        password.len() <= PASSWORD_BYTES_MAX
            && phc::PasswordHash::new(&self.0).is_ok_and(|hash| {
                argon2id(Cost::Production)
                    .verify_password(password.as_bytes(), &hash)
                    .is_ok()
            })
    }

    /// Whether the hash was made at this cost. A sign-in that succeeds against another cost is the
    /// moment to hash again.
    #[must_use]
    pub fn is_of(&self, cost: Cost) -> bool {
        phc::PasswordHash::new(&self.0)
            .ok()
            .and_then(|hash| Params::try_from(&hash).ok())
            .is_some_and(|used| (used.m_cost(), used.t_cost(), used.p_cost()) == cost.parameters())
    }

    /// The PHC string to store.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// Why a password was not hashed, or a stored hash not read.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum PasswordError {
    /// Longer than [`PASSWORD_BYTES_MAX`].
    #[error("the password is longer than {PASSWORD_BYTES_MAX} bytes; choose a shorter one")]
    TooLong,
    /// The machine refused the memory that hashing needs.
    #[error("not enough memory to hash a password; try again when fewer people sign in")]
    OutOfMemory,
    /// The stored text is not a hash of ours.
    #[error("the stored password hash is damaged or foreign; set a new password")]
    NotAHash,
}

/// The longest password that is hashed, in bytes. Above any passphrase; it bounds the work.
pub const PASSWORD_BYTES_MAX: usize = 1024;

/// Turns a low-entropy `text` into a key, at the price of a password hash. `salt` has at least 8
/// bytes.
pub(crate) fn stretch(
    text: &[u8],
    salt: &[u8],
    cost: Cost,
) -> Result<Zeroizing<[u8; 32]>, StretchError> {
    let mut key = Zeroizing::new([0; 32]);
    argon2id(cost)
        .hash_password_into(text, salt, key.as_mut_slice())
        .map_err(|_| StretchError)?;
    Ok(key)
}

/// The machine refused the memory that stretching a code needs.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("not enough memory to check a code; try again in a moment")]
pub struct StretchError;

impl Cost {
    /// Memory in KiB, passes, lanes.
    const fn parameters(self) -> (u32, u32, u32) {
        match self {
            Self::Production => (MEMORY_KIBIBYTES, PASSES, LANES),
            Self::Test => (Params::MIN_M_COST, Params::MIN_T_COST, Params::MIN_P_COST),
        }
    }
}

fn argon2id(cost: Cost) -> Argon2<'static> {
    let (memory, passes, lanes) = cost.parameters();
    #[expect(
        clippy::expect_used,
        reason = "both sets of parameters are constants in range"
    )]
    let params = Params::new(memory, passes, lanes, Some(TAG_BYTES)).expect("constants in range");
    Argon2::new(Algorithm::Argon2id, Version::V0x13, params)
}

impl fmt::Debug for PasswordHash {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("PasswordHash(redacted)")
    }
}

/// RFC 9106, section 4, second recommended option.
const MEMORY_KIBIBYTES: u32 = 64 * 1024;
const PASSES: u32 = 3;
const LANES: u32 = 4;
const SALT_BYTES: usize = 16;
const TAG_BYTES: usize = 32;

/// Four times ours: room for a later, dearer setting in a store that an older program reads.
const MEMORY_KIBIBYTES_MAX: u32 = 4 * MEMORY_KIBIBYTES;
const PASSES_MAX: u32 = 4 * PASSES;

#[cfg(test)]
mod tests;
