//! One-time codes by time: RFC 6238 with SHA-1, 6 digits and steps of 30 seconds, which is what
//! every authenticator app speaks. One step of clock error is allowed on either side.

use std::fmt;

use data_encoding::BASE32_NOPAD;
use totp_rs::{Algorithm, Builder, Secret};
use zeroize::Zeroizing;

use super::constant_time_eq;
use crate::random::Random;
use crate::typed::half_width;

/// The key that an authenticator app and the hub share: 160 bits (RFC 4226, section 4, R6). The
/// hub must keep it readable, so that it is stored encrypted.
#[derive(Clone)]
pub struct TotpKey(Zeroizing<[u8; 20]>);

impl TotpKey {
    /// Draws a new key.
    pub fn generate(random: &mut Random) -> Self {
        Self(Zeroizing::new(random.bytes()))
    }

    /// The key as it was stored, after decryption.
    pub fn from_bytes(bytes: [u8; 20]) -> Self {
        Self(Zeroizing::new(bytes))
    }

    /// The bytes to encrypt and store.
    pub fn as_bytes(&self) -> &[u8; 20] {
        &self.0
    }

    /// The step whose code was typed, when it is the current one or a neighbor. `None`: wrong code.
    ///
    /// A code is good for one sign-in (RFC 6238, section 5.2): the caller stores the step and
    /// refuses any code whose step is not later than the stored one.
    pub fn matched_step(&self, typed: &str, unix_seconds: u64) -> Option<u64> {
        let typed = half_width(typed);
        let current = unix_seconds / STEP_SECONDS;
        let first = current.saturating_sub(STEPS_OF_ERROR);
        // Every step is computed, also after a match: the time tells nothing about the clock.
        let mut matched = None;
        for step in first..=current.saturating_add(STEPS_OF_ERROR) {
            if constant_time_eq(self.code_of(step).as_bytes(), typed.as_bytes()) {
                matched = Some(step);
            }
        }
        matched
    }

    /// The code that an app shows at this time.
    pub fn code_at(&self, unix_seconds: u64) -> String {
        self.code_of(unix_seconds / STEP_SECONDS)
    }

    /// The key in the base32 that people type when they cannot scan.
    pub fn expose_base32(&self) -> Zeroizing<String> {
        Zeroizing::new(BASE32_NOPAD.encode(self.0.as_slice()))
    }

    /// The `otpauth://` address that an app scans. `issuer` names the hub, `account` the person;
    /// a colon in either becomes `%3A`.
    pub fn expose_uri(&self, issuer: &str, account: &str) -> Zeroizing<String> {
        let (issuer, account) = (percent_encoded(issuer), percent_encoded(account));
        Zeroizing::new(format!(
            "otpauth://totp/{issuer}:{account}?secret={}&issuer={issuer}&algorithm=SHA1\
             &digits={DIGITS}&period={STEP_SECONDS}",
            self.expose_base32().as_str()
        ))
    }

    fn code_of(&self, step: u64) -> String {
        Builder::new()
            .with_algorithm(Algorithm::SHA1)
            .with_digits(DIGITS)
            .with_step_duration(1)
            .with_secret(Secret::new_stack(*self.0))
            .build_noncompliant()
            .generate(step)
            .to_string()
    }
}

/// The length of a step; fixed by what authenticator apps assume.
pub const STEP_SECONDS: u64 = 30;

impl fmt::Debug for TotpKey {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("TotpKey(redacted)")
    }
}

/// Encodes everything but the unreserved characters of RFC 3986, section 2.3.
fn percent_encoded(text: &str) -> String {
    let mut encoded = String::with_capacity(text.len() * 3);
    for byte in text.bytes() {
        if byte.is_ascii_alphanumeric() || b"-._~".contains(&byte) {
            encoded.push(char::from(byte));
        } else {
            encoded.push('%');
            encoded.push_str(&data_encoding::HEXUPPER.encode(&[byte]));
        }
    }
    encoded
}

const DIGITS: u8 = 6;
const STEPS_OF_ERROR: u64 = 1;

#[cfg(test)]
mod tests;
