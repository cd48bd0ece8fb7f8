//! Recovery codes: ten one-time codes on paper, for the day the phone is lost.
//!
//! A code has 80 random bits, written in Crockford's base32 (no I, L, O or U) as four groups of
//! four. The store keeps a keyed hash bound to the account; the key does not lie in the database,
//! and even with it 2^80 guesses stand between the hash and the code.

use std::fmt;

use zeroize::Zeroizing;

use crate::object::SubKey;
use crate::random::Random;
use crate::typed::half_width;

/// One recovery code. Deliberately without `PartialEq`: compare what is stored.
pub struct RecoveryCode(Zeroizing<String>);

/// Draws a new set for one account; the codes of an older set are to be forgotten.
pub fn generate_set(random: &mut Random) -> [RecoveryCode; CODES] {
    std::array::from_fn(|_| RecoveryCode::generate(random))
}

impl RecoveryCode {
    fn generate(random: &mut Random) -> Self {
        let mut code = Zeroizing::new(String::with_capacity(SYMBOLS));
        // The alphabet has 32 letters, so that the lowest five bits of a byte choose evenly.
        for byte in random.bytes::<SYMBOLS>() {
            code.extend(ALPHABET.chars().nth(usize::from(byte & 31)));
        }
        Self(code)
    }

    /// Reads a typed code: either case, any grouping, full width, and O for 0 or I and L for 1.
    pub fn parse(typed: &str) -> Result<Self, RecoveryCodeError> {
        let typed = half_width(typed);
        let mut code = Zeroizing::new(String::with_capacity(SYMBOLS));
        for letter in typed.chars() {
            let letter = match letter.to_ascii_uppercase() {
                'O' => '0',
                'I' | 'L' => '1',
                other => other,
            };
            if !ALPHABET.contains(letter) || code.len() == SYMBOLS {
                return Err(RecoveryCodeError);
            }
            code.push(letter);
        }
        if code.len() == SYMBOLS {
            Ok(Self(code))
        } else {
            Err(RecoveryCodeError)
        }
    }

    /// The code for the person's paper, such as `7QK2-0DMX-…`. Shown once.
    pub fn expose_grouped(&self) -> Zeroizing<String> {
        let mut grouped = Zeroizing::new(String::with_capacity(SYMBOLS + SYMBOLS / GROUP));
        for (position, letter) in self.0.chars().enumerate() {
            if position > 0 && position.is_multiple_of(GROUP) {
                grouped.push('-');
            }
            grouped.push(letter);
        }
        grouped
    }

    /// What the store keeps of the code for `account`; a typed code is looked up by the same hash.
    pub fn stored_hash(&self, key: &SubKey, account: &str) -> [u8; 32] {
        key.keyed_hash(&[
            b"noroshi/recovery/v1",
            account.as_bytes(),
            self.0.as_bytes(),
        ])
    }
}

/// The typed text cannot be a recovery code. Not told: how near it came.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("not a recovery code: type the 16 letters and digits of one line of your list")]
pub struct RecoveryCodeError;

/// How many codes a set has.
pub const CODES: usize = 10;

impl fmt::Debug for RecoveryCode {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("RecoveryCode(redacted)")
    }
}

const SYMBOLS: usize = 16;
const GROUP: usize = 4;
const ALPHABET: &str = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::{ALPHABET, RecoveryCode, RecoveryCodeError, generate_set};
    use crate::object::MasterKey;
    use crate::random::Random;

    #[test]
    fn a_set_has_ten_different_codes_that_read_back() {
        let mut random = Random::from_seed([1; 32]);
        let key = MasterKey::generate(&mut random).derive("recovery");
        let set = generate_set(&mut random);
        let stored: BTreeSet<_> = set
            .iter()
            .map(|code| code.stored_hash(&key, "per_1"))
            .collect();
        assert_eq!(stored.len(), 10);
        for code in &set {
            let typed = RecoveryCode::parse(&code.expose_grouped()).unwrap();
            assert!(stored.contains(&typed.stored_hash(&key, "per_1")));
            assert!(!stored.contains(&typed.stored_hash(&key, "per_2")));
        }
    }

    #[test]
    fn careless_typing_is_read() {
        let plain = RecoveryCode::parse("01234567890ABCDE").unwrap();
        for typed in [
            "o1234567890abcde",
            "０Ｉ２３ ４５６７ 890A-bcde",
            "0l23-4567-890A-BCDE",
        ] {
            assert_eq!(*RecoveryCode::parse(typed).unwrap().0, *plain.0, "{typed}");
        }
        for typed in [
            "",
            "0123",
            "01234567890ABCDEF",
            "U123-4567-890A-BCDE",
            "0123-4567-890A-BCD電",
        ] {
            assert_eq!(
                RecoveryCode::parse(typed).unwrap_err(),
                RecoveryCodeError,
                "{typed}"
            );
        }
    }

    #[test]
    fn the_alphabet_fits_five_bits() {
        assert_eq!(ALPHABET.chars().collect::<BTreeSet<_>>().len(), 32);
    }

    #[test]
    fn debug_shows_no_code() {
        let code = RecoveryCode::parse("0123-4567-890A-BCDE").unwrap();
        assert_eq!(format!("{code:?}"), "RecoveryCode(redacted)");
    }
}
