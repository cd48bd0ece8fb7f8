//! Bearer secrets: whoever shows one is its owner. Sessions, API tokens, and one-time links.
//!
//! Each is 256 random bits, so that a plain SHA-256 is enough for the store: there is no guessing
//! to slow down. The prefix lets secret scanners find one that leaked into a file or a log.

use std::fmt;

use data_encoding::BASE32_NOPAD;
use sha2::{Digest, Sha256};
use zeroize::Zeroizing;

use crate::encoding::length_prefixed;
use crate::random::Random;

/// What a bearer secret opens. A secret of one kind is never accepted as another.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum BearerKind {
    /// A scoped token of the API.
    Api,
    /// A ceremony of passkeys under way in one browser.
    Ceremony,
    /// The code that the console shows when a hub is set up.
    FirstRun,
    /// A link that invites a person to join.
    Invitation,
    /// The session of a signed-in browser.
    Session,
    /// A one-time link that signs a person in.
    SignIn,
}

/// A bearer secret in clear: shown to its owner once, then known to the hub by its hash.
#[derive(Clone)]
pub struct BearerSecret {
    kind: BearerKind,
    bytes: Zeroizing<[u8; 32]>,
}

impl BearerSecret {
    /// Draws a new secret.
    pub fn generate(kind: BearerKind, random: &mut Random) -> Self {
        Self {
            kind,
            bytes: Zeroizing::new(random.bytes()),
        }
    }

    /// Reads a secret of this kind as its owner showed it. Surrounding white space is ignored and
    /// the case of the letters does not matter.
    pub fn parse(kind: BearerKind, text: &str) -> Result<Self, BearerError> {
        let text = text.trim();
        if text.len() != kind.prefix().len() + ENCODED_CHARS {
            return Err(BearerError);
        }
        let text = Zeroizing::new(text.to_ascii_lowercase());
        let encoded = text.strip_prefix(kind.prefix()).ok_or(BearerError)?;
        let encoded = Zeroizing::new(encoded.to_ascii_uppercase());
        let bytes = Zeroizing::new(
            BASE32_NOPAD
                .decode(encoded.as_bytes())
                .map_err(|_| BearerError)?,
        );
        let bytes: &[u8; 32] = bytes.as_slice().try_into().map_err(|_| BearerError)?;
        Ok(Self {
            kind,
            bytes: Zeroizing::new(*bytes),
        })
    }

    /// The text for the owner: a prefix such as `nrs_api_` and 52 letters and digits.
    pub fn expose_text(&self) -> Zeroizing<String> {
        let encoded = Zeroizing::new(BASE32_NOPAD.encode(self.bytes.as_slice()));
        let mut text = Zeroizing::new(String::with_capacity(
            self.kind.prefix().len() + ENCODED_CHARS,
        ));
        text.push_str(self.kind.prefix());
        text.extend(encoded.chars().map(|letter| letter.to_ascii_lowercase()));
        text
    }

    /// What the store keeps, and what a shown secret is looked up by.
    pub fn stored_hash(&self) -> [u8; 32] {
        let parts: [&[u8]; 3] = [
            b"noroshi/bearer/v1",
            self.kind.prefix().as_bytes(),
            self.bytes.as_slice(),
        ];
        Sha256::digest(Zeroizing::new(length_prefixed(&parts))).into()
    }
}

impl BearerKind {
    /// The prefix of the text form.
    #[must_use]
    pub const fn prefix(self) -> &'static str {
        match self {
            Self::Api => "nrs_api_",
            Self::Ceremony => "nrs_crm_",
            Self::FirstRun => "nrs_fst_",
            Self::Invitation => "nrs_inv_",
            Self::Session => "nrs_ses_",
            Self::SignIn => "nrs_sgn_",
        }
    }
}

/// The shown text is not a secret of the expected kind. The text is not repeated.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("not a valid token: copy it whole, with its prefix, or ask for a new one")]
pub struct BearerError;

impl fmt::Debug for BearerSecret {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "BearerSecret({:?}, redacted)", self.kind)
    }
}

/// 256 bits in base32 without padding.
const ENCODED_CHARS: usize = 52;

#[cfg(test)]
mod tests {
    use super::{BearerError, BearerKind, BearerSecret};
    use crate::random::Random;

    #[test]
    fn a_secret_is_found_by_the_hash_of_its_text() {
        let secret = BearerSecret::generate(BearerKind::Api, &mut Random::from_seed([1; 32]));
        let text = secret.expose_text();
        assert!(
            text.starts_with("nrs_api_") && text.len() == 60,
            "{}",
            text.as_str()
        );
        for shown in [
            text.to_string(),
            format!(" {}\n", text.as_str()),
            text.to_uppercase(),
        ] {
            let again = BearerSecret::parse(BearerKind::Api, &shown).unwrap();
            assert_eq!(again.stored_hash(), secret.stored_hash());
        }
    }

    #[test]
    fn a_secret_of_one_kind_is_no_other() {
        let secret = BearerSecret::generate(BearerKind::SignIn, &mut Random::from_seed([1; 32]));
        let text = secret.expose_text();
        assert_eq!(
            BearerSecret::parse(BearerKind::Api, &text).unwrap_err(),
            BearerError
        );
        let renamed = text.replace("nrs_sgn_", "nrs_api_");
        let renamed = BearerSecret::parse(BearerKind::Api, &renamed).unwrap();
        assert_ne!(renamed.stored_hash(), secret.stored_hash());
    }

    #[test]
    fn damaged_texts_are_refused() {
        let text = BearerSecret::generate(BearerKind::Session, &mut Random::from_seed([1; 32]))
            .expose_text();
        let last_letter_with_loose_bits = format!("{}b", text.get(..59).unwrap());
        for shown in [
            "",
            "nrs_ses_",
            text.get(1..).unwrap(),
            text.get(..59).unwrap(),
            &last_letter_with_loose_bits,
            &"語".repeat(20),
        ] {
            assert_eq!(
                BearerSecret::parse(BearerKind::Session, shown).unwrap_err(),
                BearerError
            );
        }
    }

    #[test]
    fn debug_shows_the_kind_alone() {
        let secret = BearerSecret::generate(BearerKind::Session, &mut Random::from_seed([1; 32]));
        assert_eq!(format!("{secret:?}"), "BearerSecret(Session, redacted)");
    }
}
