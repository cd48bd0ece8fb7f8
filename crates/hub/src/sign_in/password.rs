//! A password at the door: one Unicode form, a least length, and not one that everybody tries.
//!
//! SP 800-63B-4, section 3.1.1: at least 15 characters where a password stands alone (here it never
//! does, and we ask it all the same), no rules of composition, no expiry, and a check against what
//! is commonly used.

use std::collections::BTreeSet;
use std::fmt;

use domain::text::nfkc;
use seal::secret::password::PASSWORD_BYTES_MAX;

/// Shortest password that can be chosen, in characters.
pub const PASSWORD_CHARS_MIN: usize = 15;

/// A password as typed, in the form NFKC.
#[derive(Clone, PartialEq, Eq)]
pub struct Password(String);

/// Why a password cannot be chosen. The password is not repeated.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum PasswordLack {
    /// Too short.
    #[error("a password has at least {PASSWORD_CHARS_MIN} characters, this one has {0}")]
    Short(usize),
    /// Too long to hash.
    #[error("a password has at most {PASSWORD_BYTES_MAX} bytes; choose a shorter one")]
    Long,
    /// Repetition, a run of keys, or a well-known phrase.
    #[error("this password is easily guessed; choose several words that do not belong together")]
    Common,
    /// It is little more than the sign-in name.
    #[error("the password contains your sign-in name; choose another")]
    OwnName,
}

impl Password {
    /// A password that was typed to sign in. It is not judged: a wrong one is merely wrong.
    pub fn typed(raw: &str) -> Self {
        Self(nfkc(raw))
    }

    /// A password that somebody chooses for the account `login`.
    pub fn chosen(raw: &str, login: &str) -> Result<Self, PasswordLack> {
        let text = nfkc(raw);
        let chars = text.chars().count();
        if chars < PASSWORD_CHARS_MIN {
            return Err(PasswordLack::Short(chars));
        }
        if text.len() > PASSWORD_BYTES_MAX {
            return Err(PasswordLack::Long);
        }
        let folded = text.to_lowercase();
        let own = login.split('@').next().unwrap_or(login);
        if own.len() >= 3 && without(&folded, own).chars().count() < PASSWORD_CHARS_MIN / 2 {
            return Err(PasswordLack::OwnName);
        }
        if is_common(&folded) {
            return Err(PasswordLack::Common);
        }
        Ok(Self(text))
    }

    pub(crate) fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for Password {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str("Password(redacted)")
    }
}

/// Few different characters, a short piece over and over, a run along the keyboard or the alphabet,
/// or only such words as everybody puts into a password.
fn is_common(folded: &str) -> bool {
    let letters: Vec<char> = folded.chars().collect();
    let different: BTreeSet<char> = letters.iter().copied().collect();
    if different.len() < 5 {
        return true;
    }
    let repeats = (1..=letters.len() / 2).any(|piece| {
        letters
            .iter()
            .zip(letters.iter().skip(piece))
            .all(|(one, other)| one == other)
    });
    if repeats {
        return true;
    }
    let mut rest = folded.to_owned();
    for word in COMMON_WORDS {
        rest = without(&rest, word);
    }
    let left = rest.chars().filter(|letter| letter.is_alphanumeric());
    left.count() < PASSWORD_CHARS_MIN / 3
}

fn without(text: &str, piece: &str) -> String {
    text.replace(piece, "")
}

/// What long but worthless passwords are made of, longest first where one holds another.
const COMMON_WORDS: &[&str] = &[
    "qwertyuiopasdfghjklzxcvbnm",
    "abcdefghijklmnopqrstuvwxyz",
    "1qaz2wsx3edc4rfv5tgb",
    "01234567890123456789",
    "correcthorsebatterystaple",
    "correct horse battery staple",
    "qwertyuiop",
    "asdfghjkl",
    "zxcvbnm",
    "1q2w3e4r5t6y",
    "1qaz2wsx",
    "1q2w3e4r",
    "qazwsx",
    "abcdefgh",
    "1234567890",
    "0123456789",
    "0987654321",
    "123456789",
    "12345678",
    "123456",
    "12345",
    "1234",
    "123",
    "p@ssw0rd",
    "passw0rd",
    "password",
    "administrator",
    "iloveyou",
    "welcome",
    "letmein",
    "noroshi",
    "security",
    "qwerty",
    "admin",
    "login",
    "pass",
    "abc",
    "2024",
    "2025",
    "2026",
    "2027",
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn long_unlike_words_are_taken_in_one_form() {
        let chosen = |raw| Password::chosen(raw, "sato@kitahama.example");
        assert!(chosen("tidal lantern obeys copper").is_ok());
        assert!(chosen("夜明け前の送電線に霧がかかる朝だった").is_ok());
        let (wide, narrow) = ("ｔｉｄａｌ　lantern obeys", "tidal lantern obeys");
        assert_eq!(chosen(wide).unwrap(), Password::typed(narrow));
        // Half-width kana with a voicing mark and the full-width letter are one.
        assert_eq!(Password::typed("ｶﾞ"), Password::typed("ガ"));
    }

    #[test]
    fn short_common_and_own_names_are_refused() {
        let lack = |raw: &str| Password::chosen(raw, "sato@kitahama.example").unwrap_err();
        assert_eq!(lack("fourteen chars"), PasswordLack::Short(14));
        assert_eq!(lack(&"語".repeat(400)), PasswordLack::Long);
        for raw in [
            "aaaaaaaaaaaaaaaaaaaa",
            "password12345678",
            "P@ssw0rd20261234",
            "qwertyuiopasdfghjkl",
            "tidaltidaltidaltidal",
            "123456789012345",
            "correct horse battery staple",
        ] {
            assert_eq!(lack(raw), PasswordLack::Common, "{raw}");
        }
        assert_eq!(lack("sato-sato-sato-1"), PasswordLack::OwnName);
    }

    #[test]
    fn debug_shows_nothing() {
        assert_eq!(format!("{:?}", Password::typed("x")), "Password(redacted)");
    }
}
