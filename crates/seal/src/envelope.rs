//! Sealing to a person: HPKE in base mode (RFC 9180) with DHKEM(P-256, HKDF-SHA256), HKDF-SHA256
//! and AES-256-GCM.
//!
//! Anyone can seal to a public key; only the holder of the secret key opens. Base mode does not say
//! who sealed: where that matters, something outside the envelope must prove it.
//!
//! A sealed blob is one byte for the suite, the encapsulated key (65 bytes, uncompressed point) and
//! the ciphertext. A reader refuses a suite it does not know, so that another suite can join later.

use std::fmt;

use data_encoding::{BASE64URL_NOPAD, HEXLOWER};
use hpke::aead::AesGcm256;
use hpke::kdf::HkdfSha256;
use hpke::kem::DhP256HkdfSha256;
use hpke::{Deserializable, Kem, OpModeR, OpModeS, Serializable};
use rand_core::CryptoRng;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use zeroize::Zeroizing;

use crate::derivation::{expand, first_bytes};
use crate::encoding::{length_prefixed, read_spelled, spell_secret};
use crate::random::Random;

/// A secret key and its public key.
#[derive(Debug)]
pub struct KeyPair {
    /// Stays with its owner.
    pub secret: SecretKey,
    /// Goes to everyone who seals to him.
    pub public: PublicKey,
}

impl KeyPair {
    /// Draws a new pair.
    pub fn generate(random: &mut Random) -> Self {
        let (secret, public) = DhP256HkdfSha256::gen_keypair_with_rng(random);
        Self {
            secret: SecretKey(secret),
            public: PublicKey(public),
        }
    }
}

/// The key to seal to. Its text form is `noroshi-pk1:` and 87 characters of base64url; in JSON it
/// is that text. Every value of this type is a point of the curve, checked when read.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct PublicKey(Inner<DhP256HkdfSha256>);

impl PublicKey {
    /// Reads the text form.
    pub fn parse(text: &str) -> Result<Self, KeyError> {
        let bytes =
            read_spelled::<PUBLIC_KEY_BYTES>(PUBLIC_KEY_PREFIX, text).ok_or(KeyError::PublicKey)?;
        Deserializable::from_bytes(bytes.as_slice())
            .map(Self)
            .map_err(|_| KeyError::PublicKey)
    }

    /// The short name of the key, for people to compare and for files to refer to it.
    pub fn fingerprint(&self) -> Fingerprint {
        let point = self.0.to_bytes();
        let digest = Sha256::digest(length_prefixed(&[
            b"noroshi/public-key/v1",
            point.as_slice(),
        ]));
        Fingerprint(first_bytes(&digest.into()))
    }
}

impl fmt::Display for PublicKey {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let point = self.0.to_bytes();
        write!(
            formatter,
            "{PUBLIC_KEY_PREFIX}{}",
            BASE64URL_NOPAD.encode(point.as_slice())
        )
    }
}

/// The key that opens. Wiped when dropped; its text form is `noroshi-sk1:` and 43 characters.
#[derive(Clone)]
pub struct SecretKey(<DhP256HkdfSha256 as Kem>::PrivateKey);

impl SecretKey {
    /// Reads the text form.
    pub fn parse(text: &str) -> Result<Self, KeyError> {
        let bytes =
            read_spelled::<SECRET_KEY_BYTES>(SECRET_KEY_PREFIX, text).ok_or(KeyError::SecretKey)?;
        Deserializable::from_bytes(bytes.as_slice())
            .map(Self)
            .map_err(|_| KeyError::SecretKey)
    }

    /// The text form for the owner's key file.
    pub fn expose_text(&self) -> Zeroizing<String> {
        let mut bytes = Zeroizing::new([0; SECRET_KEY_BYTES]);
        self.0.write_exact(bytes.as_mut_slice());
        spell_secret(SECRET_KEY_PREFIX, bytes.as_slice())
    }

    /// The stream for `label`, that this key alone can start again and nobody once it is destroyed.
    pub fn stream(&self, label: &str) -> Random {
        let mut bytes = Zeroizing::new([0; SECRET_KEY_BYTES]);
        self.0.write_exact(bytes.as_mut_slice());
        let seed = expand(&bytes, "noroshi/envelope/stream/v1", &[label.as_bytes()]);
        Random::from_seed(*seed)
    }

    /// The public key that belongs to it.
    pub fn public_key(&self) -> PublicKey {
        PublicKey(DhP256HkdfSha256::sk_to_pk(&self.0))
    }
}

/// The short name of a public key: 160 bits of a hash, shown as ten groups of four hexadecimal
/// digits. Two people who read the same fingerprint hold the same key.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Fingerprint([u8; 20]);

impl Fingerprint {
    /// Reads the form that `Display` writes; the case of the letters does not matter.
    pub fn parse(text: &str) -> Result<Self, KeyError> {
        let bytes = HEXLOWER
            .decode(text.trim().to_ascii_lowercase().replace('-', "").as_bytes())
            .map_err(|_| KeyError::Fingerprint)?;
        bytes
            .try_into()
            .map(Self)
            .map_err(|_| KeyError::Fingerprint)
    }

    pub(crate) fn as_bytes(&self) -> &[u8; 20] {
        &self.0
    }
}

impl fmt::Display for Fingerprint {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (position, pair) in self.0.chunks(2).enumerate() {
            let dash = if position == 0 { "" } else { "-" };
            write!(formatter, "{dash}{}", HEXLOWER.encode(pair))?;
        }
        Ok(())
    }
}

/// Seals `plaintext` to `recipient`. `info` names the use and the place, `associated` what else the
/// opener must know; both are needed to open and neither is part of the blob.
pub fn seal_to(
    recipient: &PublicKey,
    info: &[u8],
    associated: &[u8],
    plaintext: &[u8],
    random: &mut Random,
) -> Result<Vec<u8>, EnvelopeError> {
    seal_with(recipient, info, associated, plaintext, random)
}

/// Opens what [`seal_to`] made with the same `info` and `associated`.
pub fn open(
    secret: &SecretKey,
    info: &[u8],
    associated: &[u8],
    sealed: &[u8],
) -> Result<Zeroizing<Vec<u8>>, EnvelopeError> {
    let (&suite, rest) = sealed.split_first().ok_or(EnvelopeError::DoesNotOpen)?;
    if suite != SUITE {
        return Err(EnvelopeError::UnknownSuite(suite));
    }
    let (encapsulated, ciphertext) = rest
        .split_at_checked(PUBLIC_KEY_BYTES)
        .ok_or(EnvelopeError::DoesNotOpen)?;
    let encapsulated =
        Deserializable::from_bytes(encapsulated).map_err(|_| EnvelopeError::DoesNotOpen)?;
    hpke::single_shot_open::<AesGcm256, HkdfSha256, DhP256HkdfSha256>(
        &OpModeR::Base,
        &secret.0,
        &encapsulated,
        info,
        ciphertext,
        associated,
    )
    .map(Zeroizing::new)
    .map_err(|_| EnvelopeError::DoesNotOpen)
}

/// Why a text is not a key. The text itself is not repeated: it may be a secret, pasted in the
/// wrong place.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum KeyError {
    /// Not the text form of a public key, or not a point of the curve.
    #[error("not a public key: expected `noroshi-pk1:` and 87 characters, copied whole")]
    PublicKey,
    /// Not the text form of a secret key.
    #[error("not a secret key: expected `noroshi-sk1:` and 43 characters, copied whole")]
    SecretKey,
    /// Not a fingerprint.
    #[error("not a fingerprint: expected ten groups of four hexadecimal digits")]
    Fingerprint,
}

/// Why something was not sealed or not opened.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum EnvelopeError {
    /// Another key, another use, or changed on the way; the cipher cannot tell them apart.
    #[error("the envelope does not open: sealed to another key, for another use, or changed")]
    DoesNotOpen,
    /// Sealed by a newer program.
    #[error("the envelope uses suite `{0}`, which this program does not know; update it")]
    UnknownSuite(u8),
    /// The key exchange refused the recipient's key.
    #[error("nothing can be sealed to this public key; ask its owner for a new one")]
    UnusableKey,
}

type Inner<K> = <K as Kem>::PublicKey;

fn seal_with(
    recipient: &PublicKey,
    info: &[u8],
    associated: &[u8],
    plaintext: &[u8],
    random: &mut impl CryptoRng,
) -> Result<Vec<u8>, EnvelopeError> {
    let (encapsulated, ciphertext) =
        hpke::single_shot_seal_with_rng::<AesGcm256, HkdfSha256, DhP256HkdfSha256>(
            &OpModeS::Base,
            &recipient.0,
            info,
            plaintext,
            associated,
            random,
        )
        .map_err(|_| EnvelopeError::UnusableKey)?;
    let mut sealed = Vec::with_capacity(1 + PUBLIC_KEY_BYTES + ciphertext.len());
    sealed.push(SUITE);
    sealed.extend_from_slice(encapsulated.to_bytes().as_slice());
    sealed.extend_from_slice(&ciphertext);
    Ok(sealed)
}

impl From<PublicKey> for String {
    fn from(key: PublicKey) -> Self {
        key.to_string()
    }
}

impl TryFrom<String> for PublicKey {
    type Error = KeyError;

    fn try_from(text: String) -> Result<Self, KeyError> {
        Self::parse(&text)
    }
}

impl From<Fingerprint> for String {
    fn from(fingerprint: Fingerprint) -> Self {
        fingerprint.to_string()
    }
}

impl TryFrom<String> for Fingerprint {
    type Error = KeyError;

    fn try_from(text: String) -> Result<Self, KeyError> {
        Self::parse(&text)
    }
}

impl fmt::Debug for PublicKey {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "PublicKey({})", self.fingerprint())
    }
}

impl fmt::Debug for SecretKey {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("SecretKey(redacted)")
    }
}

impl fmt::Debug for Fingerprint {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "Fingerprint({self})")
    }
}

/// DHKEM(P-256, HKDF-SHA256), HKDF-SHA256, AES-256-GCM, base mode.
const SUITE: u8 = 1;
const PUBLIC_KEY_PREFIX: &str = "noroshi-pk1:";
const SECRET_KEY_PREFIX: &str = "noroshi-sk1:";
const PUBLIC_KEY_BYTES: usize = 65;
const SECRET_KEY_BYTES: usize = 32;

#[cfg(test)]
mod tests;
