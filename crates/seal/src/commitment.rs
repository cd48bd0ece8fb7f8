//! Salted commitments: what the log keeps in place of the thing itself.
//!
//! A commitment fixes a payload without showing it. Whoever holds payload and salt can prove what
//! was committed; once the salt is destroyed (lawful erasure) the commitment stays in the log and
//! can be opened by nobody.
//!
//! The layout, for verifiers written by others: SHA-256 over four parts, each preceded by its
//! length as a big-endian `u64`: the text `noroshi/commitment/v1`, the label, the salt, the
//! payload.

use std::fmt;

use sha2::{Digest, Sha256};
use subtle::ConstantTimeEq;
use zeroize::Zeroizing;

use crate::encoding::length_prefixed;
use crate::random::Random;

/// The 256 random bits that hide a committed payload. Secret as long as the payload is.
#[derive(Clone, PartialEq, Eq)]
pub struct Salt(Zeroizing<[u8; 32]>);

impl Salt {
    /// Draws a new salt. One salt serves one commitment: a shared one links its payloads.
    pub fn generate(random: &mut Random) -> Self {
        Self(Zeroizing::new(random.bytes()))
    }

    /// The salt as it was stored.
    pub fn from_bytes(bytes: [u8; 32]) -> Self {
        Self(Zeroizing::new(bytes))
    }

    /// The bytes to store, beside the payload and erased with it.
    pub fn as_bytes(&self) -> &[u8; 32] {
        &self.0
    }
}

impl fmt::Debug for Salt {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("Salt(redacted)")
    }
}

/// Commits to `payload` under `label`, which names what kind of thing is committed.
pub fn commit(label: &str, payload: &[u8], salt: &Salt) -> [u8; 32] {
    let parts = [
        VERSION.as_bytes(),
        label.as_bytes(),
        salt.as_bytes(),
        payload,
    ];
    Sha256::digest(Zeroizing::new(length_prefixed(&parts))).into()
}

/// Whether `commitment` was made from exactly this label, payload and salt. Takes the same time
/// for every wrong answer.
#[must_use]
pub fn verify(label: &str, payload: &[u8], salt: &Salt, commitment: &[u8; 32]) -> bool {
    commit(label, payload, salt).ct_eq(commitment).into()
}

const VERSION: &str = "noroshi/commitment/v1";

#[cfg(test)]
mod tests {
    use super::{Salt, commit, verify};

    #[test]
    fn only_the_same_three_things_open_it() {
        let salt = Salt::from_bytes([3; 32]);
        let commitment = commit("report.accepted", b"payload", &salt);
        assert!(verify("report.accepted", b"payload", &salt, &commitment));
        assert!(!verify("report.opened", b"payload", &salt, &commitment));
        assert!(!verify("report.accepted", b"other", &salt, &commitment));
        assert!(!verify(
            "report.accepted",
            b"payload",
            &Salt::from_bytes([4; 32]),
            &commitment
        ));
    }

    #[test]
    fn label_and_payload_cannot_trade_bytes() {
        let salt = Salt::from_bytes([3; 32]);
        assert_ne!(commit("ab", b"c", &salt), commit("a", b"bc", &salt));
    }

    #[test]
    fn the_layout_is_fixed() {
        // Computed apart from this program:
        // the SHA-256 of the four length-prefixed parts, by another language's library.
        assert_eq!(
            data_encoding::HEXLOWER.encode(&commit(
                "label",
                b"payload",
                &Salt::from_bytes([0; 32])
            )),
            "816a22bfea3d9565aae5800249ce7c6e6edf705f5e54cdcc27633f10a3a4df16"
        );
    }

    #[test]
    fn debug_shows_no_byte_of_the_salt() {
        assert_eq!(format!("{:?}", Salt::from_bytes([3; 32])), "Salt(redacted)");
    }
}
