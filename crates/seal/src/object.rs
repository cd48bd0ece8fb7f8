//! Encryption of stored objects: one key per object, wrapped by the master key of the hub.
//!
//! Each object (a report, a draft, a dialogue) has its own [`ObjectKey`]. The store keeps it only
//! wrapped by the [`MasterKey`]; destroying that one wrapped key erases the object wherever its
//! ciphertext still lies: free pages, the write-ahead log, backups.
//!
//! INVARIANT: a ciphertext opens only in the place it was made for. Hub, table, column and row
//! stand in its associated data, so that a row copied to another place is refused.

use std::fmt;

use zeroize::Zeroizing;

use crate::cipher;
use crate::derivation::{expand, first_bytes, keyed_hash};
use crate::encoding::{length_prefixed, read_spelled, spell_secret};
use crate::random::Random;

/// The key of one stored object: 256 random bits, wiped when dropped.
#[derive(Clone)]
pub struct ObjectKey(Zeroizing<[u8; 32]>);

impl ObjectKey {
    /// Draws a new key.
    pub fn generate(random: &mut Random) -> Self {
        Self(Zeroizing::new(random.bytes()))
    }

    pub(crate) fn from_bytes(bytes: Zeroizing<[u8; 32]>) -> Self {
        Self(bytes)
    }
}

/// The place a ciphertext belongs to. All four names are authenticated, none is encrypted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Binding<'a> {
    /// The hub the object comes from (`origin_hub`).
    pub hub: &'a str,
    /// The table that holds the ciphertext.
    pub table: &'a str,
    /// The column that holds the ciphertext.
    pub column: &'a str,
    /// The row, by its whole key.
    pub row: &'a str,
}

impl Binding<'_> {
    fn associated(&self) -> Vec<u8> {
        length_prefixed(&[
            b"noroshi/object/v1",
            self.hub.as_bytes(),
            self.table.as_bytes(),
            self.column.as_bytes(),
            self.row.as_bytes(),
        ])
    }
}

/// Why a ciphertext stayed closed. Which of the causes it was is not told: each looks the same to
/// the cipher.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the stored text does not open: wrong key, wrong place, or changed since it was written")]
pub struct OpenError;

/// Encrypts `plaintext` for its place. The result is [`OVERHEAD_BYTES`] longer.
pub fn encrypt(
    key: &ObjectKey,
    binding: &Binding<'_>,
    plaintext: &[u8],
    random: &mut Random,
) -> Vec<u8> {
    // Random 96-bit nonces are safe for 2^32 texts under one key (SP 800-38D, 8.3); the key of one
    // object meets its own columns and revisions only.
    cipher::encrypt(&key.0, random.bytes(), &binding.associated(), plaintext)
}

/// Opens what [`encrypt`] made with the same key for the same place.
pub fn decrypt(
    key: &ObjectKey,
    binding: &Binding<'_>,
    sealed: &[u8],
) -> Result<Zeroizing<Vec<u8>>, OpenError> {
    cipher::decrypt(&key.0, &binding.associated(), sealed).ok_or(OpenError)
}

/// How many bytes [`encrypt`] adds: version, nonce and tag.
pub const OVERHEAD_BYTES: usize = cipher::OVERHEAD_BYTES;

/// The one long-lived key of a hub: wraps object keys and gives every other key of the server.
/// Whoever holds it and the database reads everything that is not sealed to somebody else.
pub struct MasterKey(Zeroizing<[u8; 32]>);

impl MasterKey {
    /// Draws a new key. Done once in the life of a hub.
    pub fn generate(random: &mut Random) -> Self {
        Self(Zeroizing::new(random.bytes()))
    }

    /// Reads the text form that [`MasterKey::expose_text`] wrote; surrounding white space is
    /// ignored.
    pub fn parse(text: &str) -> Result<Self, MasterKeyError> {
        read_spelled(MASTER_KEY_PREFIX, text)
            .map(Self)
            .ok_or(MasterKeyError)
    }

    /// The text form for the key file: `noroshi-mk1:` and 43 characters of base64url.
    pub fn expose_text(&self) -> Zeroizing<String> {
        spell_secret(MASTER_KEY_PREFIX, self.0.as_slice())
    }

    /// Wraps the key of the object `object_id` that comes from `hub`. Wrapping the same key for the
    /// same object gives the same bytes; another object or key gives unrelated ones.
    pub fn wrap(&self, key: &ObjectKey, hub: &str, object_id: &str) -> Vec<u8> {
        let names = [hub.as_bytes(), object_id.as_bytes()];
        let wrapping = expand(&self.0, "noroshi/object/wrap/v1", &names);
        // A nonce computed from the wrapped key cannot meet a second text under the same wrapping
        // key, even when an object is given a new key.
        let synthetic = keyed_hash(
            &wrapping,
            "noroshi/object/wrap-nonce/v1",
            &[key.0.as_slice()],
        );
        let nonce = first_bytes(&synthetic);
        cipher::encrypt(
            &wrapping,
            nonce,
            b"noroshi/object/wrap/v1",
            key.0.as_slice(),
        )
    }

    /// Unwraps what [`MasterKey::wrap`] made for the same object of the same hub.
    pub fn unwrap(
        &self,
        wrapped: &[u8],
        hub: &str,
        object_id: &str,
    ) -> Result<ObjectKey, OpenError> {
        let names = [hub.as_bytes(), object_id.as_bytes()];
        let wrapping = expand(&self.0, "noroshi/object/wrap/v1", &names);
        let bytes =
            cipher::decrypt(&wrapping, b"noroshi/object/wrap/v1", wrapped).ok_or(OpenError)?;
        let bytes: &[u8; 32] = bytes.as_slice().try_into().map_err(|_| OpenError)?;
        Ok(ObjectKey(Zeroizing::new(*bytes)))
    }

    /// The key for another use of the server, named by `label` (rate limits, cookies, peppers).
    #[must_use]
    pub fn derive(&self, label: &str) -> SubKey {
        SubKey(expand(
            &self.0,
            "noroshi/master/derive/v1",
            &[label.as_bytes()],
        ))
    }

    /// The key of the search index.
    #[must_use]
    pub fn search_key(&self) -> SearchKey {
        SearchKey(self.derive("search"))
    }
}

/// Why a text is not a master key. The text is not repeated: it may be one, cut short.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("not a master key: expected `noroshi-mk1:` and 43 characters; restore the key file")]
pub struct MasterKeyError;

/// A key for one use of the server, derived from the master key.
#[derive(Clone)]
pub struct SubKey(Zeroizing<[u8; 32]>);

impl SubKey {
    /// HMAC-SHA-256 over `parts`; where one part ends and the next begins is part of the input.
    pub fn keyed_hash(&self, parts: &[&[u8]]) -> [u8; 32] {
        keyed_hash(&self.0, "noroshi/subkey/hash/v1", parts)
    }

    pub(crate) fn as_bytes(&self) -> &[u8; 32] {
        &self.0
    }
}

/// The key that turns a word of the search index into a token that tells nothing without it.
#[derive(Clone)]
pub struct SearchKey(SubKey);

impl SearchKey {
    /// The token of `word`: equal words give equal tokens. 64 bits: at 10 million different words
    /// the chance that any two share a token is below one in 300,000, and a shared token costs one
    /// row too many before the text itself is compared.
    pub fn token(&self, word: &str) -> [u8; 8] {
        first_bytes(&self.0.keyed_hash(&[b"search", word.as_bytes()]))
    }
}

impl fmt::Debug for ObjectKey {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("ObjectKey(redacted)")
    }
}

impl fmt::Debug for MasterKey {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("MasterKey(redacted)")
    }
}

impl fmt::Debug for SubKey {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("SubKey(redacted)")
    }
}

impl fmt::Debug for SearchKey {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("SearchKey(redacted)")
    }
}

const MASTER_KEY_PREFIX: &str = "noroshi-mk1:";

#[cfg(test)]
mod tests;
