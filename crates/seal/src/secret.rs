//! The secrets people and programs sign in with: passwords, one-time codes, recovery codes, and
//! the bearer secrets of sessions, API tokens and links.
//!
//! INVARIANT: what the store keeps of any of them cannot be turned back into the secret, with one
//! exception: the key of one-time codes ([`totp::TotpKey`]), which is kept encrypted.

pub mod bearer;
pub mod password;
pub mod recovery;
pub mod totp;

use subtle::ConstantTimeEq;

/// Whether two byte strings are equal, in a time that depends on their lengths alone.
#[must_use]
pub fn constant_time_eq(one: &[u8], other: &[u8]) -> bool {
    one.ct_eq(other).into()
}

#[cfg(test)]
mod tests {
    use super::constant_time_eq;

    #[test]
    fn equal_means_equal() {
        assert!(constant_time_eq(b"same", b"same"));
        assert!(!constant_time_eq(b"same", b"sane"));
        assert!(!constant_time_eq(b"same", b"samee"));
    }
}
