//! AES-256-GCM (NIST SP 800-38D) as this room uses it: one version byte, the nonce, the ciphertext.
//!
//! INVARIANT: a key meets a nonce once. The callers either draw the nonce at random for a key that
//! encrypts few texts, or compute it from key and text together.

use aes_gcm::aead::{Aead, KeyInit, Payload};
use aes_gcm::{Aes256Gcm, Key};
use zeroize::Zeroizing;

/// The bytes that encryption adds to a text: version, nonce, tag.
pub(crate) const OVERHEAD_BYTES: usize = 1 + NONCE_BYTES + TAG_BYTES;

/// Encrypts `plaintext` and authenticates it together with `associated`.
pub(crate) fn encrypt(
    key: &[u8; 32],
    nonce: [u8; NONCE_BYTES],
    associated: &[u8],
    plaintext: &[u8],
) -> Vec<u8> {
    let payload = Payload {
        msg: plaintext,
        aad: associated,
    };
    #[expect(
        clippy::expect_used,
        reason = "AES-GCM refuses only texts of 64 GiB and more, which no memory of ours holds"
    )]
    let ciphertext = Aes256Gcm::new(&Key::<Aes256Gcm>::from(*key))
        .encrypt(&nonce.into(), payload)
        .expect("the text is below 64 GiB");
    let mut sealed = Vec::with_capacity(plaintext.len() + OVERHEAD_BYTES);
    sealed.push(VERSION);
    sealed.extend_from_slice(&nonce);
    sealed.extend_from_slice(&ciphertext);
    sealed
}

/// Opens what [`encrypt`] made; `None` when the key, the associated bytes or the text are not the
/// same, or the version is not ours. The causes are deliberately not told apart.
pub(crate) fn decrypt(
    key: &[u8; 32],
    associated: &[u8],
    sealed: &[u8],
) -> Option<Zeroizing<Vec<u8>>> {
    let (&version, rest) = sealed.split_first()?;
    let (nonce, ciphertext) = rest.split_first_chunk::<NONCE_BYTES>()?;
    if version != VERSION {
        return None;
    }
    let payload = Payload {
        msg: ciphertext,
        aad: associated,
    };
    Aes256Gcm::new(&Key::<Aes256Gcm>::from(*key))
        .decrypt(&(*nonce).into(), payload)
        .ok()
        .map(Zeroizing::new)
}

/// Length of the nonce: 96 bits, the length that GCM uses without hashing it first.
pub(crate) const NONCE_BYTES: usize = 12;

const VERSION: u8 = 1;
const TAG_BYTES: usize = 16;

#[cfg(test)]
mod tests;
