//! Tokens that stand for somebody without naming him: counting organizations, and the mailbox of
//! an unnamed source.
//!
//! A mailbox code has fifteen random digits, about 50 bits: few enough to write on a slip, too few
//! to hash plainly. Both what the store looks a mailbox up by and the key of its contents are
//! therefore stretched with Argon2id, and the look-up value is keyed with a pepper besides. A
//! stolen database alone opens no mailbox; a stolen database with the master key costs its holder
//! an Argon2id per guess. Who controls the running server sees a code when it is typed.

use std::fmt;

use zeroize::Zeroizing;

use crate::derivation::{expand, first_bytes, keyed_hash};
use crate::encoding::length_prefixed;
use crate::object::{ObjectKey, SubKey};
use crate::random::Random;
use crate::secret::password::{Cost, stretch};
use crate::typed::half_width;

pub use crate::secret::password::StretchError;

/// The key under which organizations are counted in one quarter. Its destruction at the end of the
/// quarter makes the tokens of that quarter mean nothing to anybody, the hub included.
pub struct QuarterKey(Zeroizing<[u8; 32]>);

impl QuarterKey {
    /// Draws the key of a new quarter.
    pub fn generate(random: &mut Random) -> Self {
        Self(Zeroizing::new(random.bytes()))
    }

    /// The key as it was stored, after decryption.
    pub fn from_bytes(bytes: [u8; 32]) -> Self {
        Self(Zeroizing::new(bytes))
    }

    /// The bytes to encrypt and store until the quarter ends.
    pub fn as_bytes(&self) -> &[u8; 32] {
        &self.0
    }

    /// The token of an organization: the same within the quarter, unrelated in any other.
    ///
    /// While the key exists, its holder can compute the token of every member and compare: until
    /// the quarter ends this is a pseudonym against readers of the table, not against the hub.
    pub fn organization_token(&self, organization_id: &str) -> [u8; 16] {
        first_bytes(&keyed_hash(
            &self.0,
            "noroshi/quarter/v1",
            &[organization_id.as_bytes()],
        ))
    }
}

/// The sixteen digits by which an unnamed source finds its mailbox: fifteen random ones and a check
/// digit (ISO/IEC 7064, MOD 11,10).
pub struct MailboxCode(Zeroizing<[u8; 16]>);

impl MailboxCode {
    /// Draws a new code.
    pub fn generate(random: &mut Random) -> Self {
        let mut digits = Zeroizing::new([0; 16]);
        if let [payload @ .., check] = digits.as_mut_slice() {
            for digit in payload.iter_mut() {
                // A number below ten is its own lowest byte.
                *digit = random.below(10).to_le_bytes()[0];
            }
            *check = check_digit(payload);
        }
        Self(digits)
    }

    /// Reads a typed code: any grouping, spaces, hyphens and full-width digits.
    pub fn parse(typed: &str) -> Result<Self, MailboxCodeError> {
        let typed = half_width(typed);
        let mut digits = Zeroizing::new([0; 16]);
        if typed.len() != digits.len() {
            return Err(MailboxCodeError::Length);
        }
        for (digit, letter) in digits.iter_mut().zip(typed.bytes()) {
            if !letter.is_ascii_digit() {
                return Err(MailboxCodeError::Length);
            }
            *digit = letter - b'0';
        }
        match digits.as_slice() {
            [payload @ .., check] if check_digit(payload) == *check => Ok(Self(digits)),
            _ => Err(MailboxCodeError::CheckDigit),
        }
    }

    /// The code for the source's slip: `1234 5678 9012 3456`. Shown once.
    pub fn expose_grouped(&self) -> Zeroizing<String> {
        let mut grouped = Zeroizing::new(String::with_capacity(19));
        for (position, digit) in self.0.iter().enumerate() {
            if position > 0 && position.is_multiple_of(4) {
                grouped.push(' ');
            }
            grouped.push(char::from(b'0' + digit));
        }
        grouped
    }
}

/// Why a typed text is not a mailbox code.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum MailboxCodeError {
    /// Not sixteen digits.
    #[error("a mailbox code has 16 digits; compare with your slip")]
    Length,
    /// Sixteen digits, one of them misread or two exchanged.
    #[error("one of the digits is wrong; compare with your slip")]
    CheckDigit,
}

/// The key of a mailbox: encrypts the drafts and the dialogue of its source. `salt` belongs to the
/// mailbox, is random, and lies beside the ciphertext; destroying it erases the mailbox.
pub fn mailbox_key(
    code: &MailboxCode,
    salt: &[u8; 16],
    cost: Cost,
) -> Result<ObjectKey, StretchError> {
    let stretched = stretch(
        code.0.as_slice(),
        &labeled(b"noroshi/mailbox/key/v1", salt),
        cost,
    )?;
    Ok(ObjectKey::from_bytes(stretched))
}

/// What a mailbox is looked up by. `pepper` is a key of the server ([`MasterKey::derive`]).
///
/// [`MasterKey::derive`]: crate::object::MasterKey::derive
pub fn mailbox_locator(
    code: &MailboxCode,
    pepper: &SubKey,
    cost: Cost,
) -> Result<[u8; 32], StretchError> {
    let salt = expand(pepper.as_bytes(), "noroshi/mailbox/locator-salt/v1", &[]);
    let salt = labeled(b"noroshi/mailbox/locator/v1", salt.as_slice());
    let stretched = stretch(code.0.as_slice(), &salt, cost)?;
    Ok(pepper.keyed_hash(&[b"noroshi/mailbox/locator/v1", stretched.as_slice()]))
}

impl fmt::Debug for QuarterKey {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("QuarterKey(redacted)")
    }
}

impl fmt::Debug for MailboxCode {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("MailboxCode(redacted)")
    }
}

fn labeled(label: &[u8], salt: &[u8]) -> Zeroizing<Vec<u8>> {
    Zeroizing::new(length_prefixed(&[label, salt]))
}

/// The check digit of ISO/IEC 7064, MOD 11,10: finds every single wrong digit and, but for rare
/// pairs, every exchange of two neighbors.
fn check_digit(payload: &[u8]) -> u8 {
    let mut product = 10;
    for digit in payload {
        let sum = match (product + digit) % 10 {
            0 => 10,
            sum => sum,
        };
        product = sum * 2 % 11;
    }
    (11 - product) % 10
}

#[cfg(test)]
mod tests;
