//! Keys made from keys: HKDF-SHA-256 (RFC 5869) and keyed hashes, each under a label.
//!
//! INVARIANT: every use in this room has its own label, so that no output of one use can stand
//! for an output of another.

use hkdf::Hkdf;
use hmac::{Hmac, KeyInit, Mac};
use sha2::Sha256;
use zeroize::Zeroizing;

use crate::encoding::length_prefixed;

/// Expands the 32 uniformly random bytes `key` into another key, for the use `label` and `parts`.
pub(crate) fn expand(key: &[u8; 32], label: &str, parts: &[&[u8]]) -> Zeroizing<[u8; 32]> {
    let info = labeled(label, parts);
    let mut expanded = Zeroizing::new([0; 32]);
    #[expect(
        clippy::expect_used,
        reason = "HKDF-SHA-256 refuses only outputs above 255 x 32 bytes; this one has 32"
    )]
    Hkdf::<Sha256>::new(None, key)
        .expand(&info, expanded.as_mut_slice())
        .expect("32 bytes are within the limit of HKDF");
    expanded
}

/// HMAC-SHA-256 of `label` and `parts` under `key`.
pub(crate) fn keyed_hash(key: &[u8; 32], label: &str, parts: &[&[u8]]) -> [u8; 32] {
    #[expect(clippy::expect_used, reason = "HMAC takes a key of any length")]
    let mut mac = Hmac::<Sha256>::new_from_slice(key).expect("HMAC takes a key of any length");
    mac.update(&labeled(label, parts));
    mac.finalize().into_bytes().into()
}

/// The first `N` of the 32 bytes of `hash`; at most 32.
pub(crate) fn first_bytes<const N: usize>(hash: &[u8; 32]) -> [u8; N] {
    const { assert!(N <= 32, "a hash has 32 bytes") };
    let mut first = [0; N];
    for (to, from) in first.iter_mut().zip(hash) {
        *to = *from;
    }
    first
}

fn labeled(label: &str, parts: &[&[u8]]) -> Vec<u8> {
    let mut all = Vec::with_capacity(parts.len() + 1);
    all.push(label.as_bytes());
    all.extend_from_slice(parts);
    length_prefixed(&all)
}

#[cfg(test)]
mod tests {
    use super::{expand, keyed_hash};

    #[test]
    fn label_and_parts_and_key_each_change_the_output() {
        let reference = expand(&[1; 32], "a", &[b"x"]);
        assert_ne!(reference, expand(&[2; 32], "a", &[b"x"]));
        assert_ne!(reference, expand(&[1; 32], "b", &[b"x"]));
        assert_ne!(reference, expand(&[1; 32], "a", &[b"y"]));
        assert_ne!(reference, expand(&[1; 32], "a", &[b"x", b""]));
        assert_ne!(
            keyed_hash(&[1; 32], "a", &[b"x"]),
            keyed_hash(&[2; 32], "a", &[b"x"])
        );
        assert_ne!(
            keyed_hash(&[1; 32], "ab", &[]),
            keyed_hash(&[1; 32], "a", &[b"b"])
        );
    }
}
