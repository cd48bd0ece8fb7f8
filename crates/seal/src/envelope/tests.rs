use std::convert::Infallible;

use data_encoding::HEXLOWER;
use hpke::kem::DhP256HkdfSha256;
use hpke::{Kem, Serializable};
use rand_core::{TryCryptoRng, TryRng};

use super::{
    EnvelopeError, Fingerprint, KeyError, KeyPair, PublicKey, SecretKey, open, seal_to, seal_with,
};
use crate::random::Random;

/// Gives the bytes that a published vector names as the sender's key material.
struct Scripted(Vec<u8>);

impl TryRng for Scripted {
    type Error = Infallible;

    fn try_next_u32(&mut self) -> Result<u32, Infallible> {
        unreachable!("a key encapsulation draws bytes")
    }

    fn try_next_u64(&mut self) -> Result<u64, Infallible> {
        unreachable!("a key encapsulation draws bytes")
    }

    fn try_fill_bytes(&mut self, buffer: &mut [u8]) -> Result<(), Infallible> {
        let rest = self.0.split_off(buffer.len());
        buffer.copy_from_slice(&self.0);
        self.0 = rest;
        Ok(())
    }
}

impl TryCryptoRng for Scripted {}

// The test vectors of RFC 9180 (in the working group's file, not in the printed text): mode 0,
// KEM 0x0010, KDF 0x0001, AEAD 0x0002; the first encryption.
#[test]
fn the_published_vector_comes_out() {
    let (secret, public) = DhP256HkdfSha256::derive_keypair(&hex(
        "a0ce15d49e28bd47a18a97e147582d814b08cbe00109fed5ec27d1b4e9f6f5e3",
    ));
    assert_eq!(
        HEXLOWER.encode(&secret.to_bytes()),
        "317f915db7bc629c48fe765587897e01e282d3e8445f79f27f65d031a88082b2"
    );
    assert_eq!(
        HEXLOWER.encode(&public.to_bytes()),
        "04abc7e49a4c6b3566d77d0304addc6ed0e98512ffccf505e6a8e3eb25c685136f853148544876de76c0f2ef\
         99cdc3a05ccf5ded7860c7c021238f9e2073d2356c"
    );
    let (secret, public) = (SecretKey(secret), PublicKey(public));
    let mut ephemeral = Scripted(hex(
        "a90d3417c3da9cb6c6ae19b4b5dd6cc9529a4cc24efb7ae0ace1f31887a8cd6c",
    ));
    let (info, associated) = (b"Ode on a Grecian Urn", b"Count-0");
    let plaintext = b"Beauty is truth, truth beauty";
    let sealed = seal_with(&public, info, associated, plaintext, &mut ephemeral).unwrap();
    assert_eq!(
        HEXLOWER.encode(&sealed),
        "0104c06b4f6bebc7bb495cb797ab753f911aff80aefb86fd8b6fcc35525f3ab5f03e0b21bd31a86c6048af3c\
         b2d98e0d3bf01da5cc4c39ff5370d331a4f1f7d5a4e058c61a45059d0c5704560e9d88b564a8b63f1364b8d1\
         fcb3c4c6ddc1d291742465e902cd216f8908da49f8f96f"
    );
    assert_eq!(
        *open(&secret, info, associated, &sealed).unwrap(),
        plaintext
    );
}

#[test]
fn only_the_recipient_opens_and_only_for_the_same_use() {
    let mut random = Random::from_seed([1; 32]);
    let (mine, other) = (
        KeyPair::generate(&mut random),
        KeyPair::generate(&mut random),
    );
    let sealed = seal_to(&mine.public, b"info", b"associated", b"text", &mut random).unwrap();
    assert_eq!(
        *open(&mine.secret, b"info", b"associated", &sealed).unwrap(),
        b"text"
    );
    for refused in [
        open(&other.secret, b"info", b"associated", &sealed),
        open(&mine.secret, b"INFO", b"associated", &sealed),
        open(&mine.secret, b"info", b"ASSOCIATED", &sealed),
    ] {
        assert_eq!(refused.unwrap_err(), EnvelopeError::DoesNotOpen);
    }
    let again = seal_to(&mine.public, b"info", b"associated", b"text", &mut random).unwrap();
    assert_ne!(again, sealed);
}

#[test]
fn every_changed_byte_is_refused() {
    let mut random = Random::from_seed([1; 32]);
    let pair = KeyPair::generate(&mut random);
    let sealed = seal_to(&pair.public, b"", b"", b"text", &mut random).unwrap();
    for at in 0..sealed.len() {
        let mut changed = sealed.clone();
        changed[at] ^= 1;
        let expected = if at == 0 {
            EnvelopeError::UnknownSuite(0)
        } else {
            EnvelopeError::DoesNotOpen
        };
        assert_eq!(
            open(&pair.secret, b"", b"", &changed).unwrap_err(),
            expected,
            "byte {at}"
        );
    }
    for length in 0..sealed.len() {
        assert!(
            open(&pair.secret, b"", b"", &sealed[..length]).is_err(),
            "length {length}"
        );
    }
}

#[test]
fn keys_and_fingerprints_read_back_from_their_texts() {
    let pair = KeyPair::generate(&mut Random::from_seed([2; 32]));
    let text = pair.public.to_string();
    assert!(
        text.starts_with("noroshi-pk1:") && text.len() == 99,
        "{text}"
    );
    assert_eq!(PublicKey::parse(&text).unwrap(), pair.public);
    assert_eq!(
        serde_json::to_string(&pair.public).unwrap(),
        format!("\"{text}\"")
    );

    let secret = pair.secret.expose_text();
    assert!(secret.starts_with("noroshi-sk1:") && secret.len() == 55);
    assert_eq!(SecretKey::parse(&secret).unwrap().public_key(), pair.public);

    let fingerprint = pair.public.fingerprint();
    assert_eq!(
        Fingerprint::parse(&fingerprint.to_string()).unwrap(),
        fingerprint
    );
    assert_eq!(fingerprint.to_string().len(), 49);
    assert_eq!(
        Fingerprint::parse("3f2a").unwrap_err(),
        KeyError::Fingerprint
    );
}

#[test]
fn texts_that_are_no_keys_are_refused() {
    let pair = KeyPair::generate(&mut Random::from_seed([2; 32]));
    let secret = pair.secret.expose_text();
    assert_eq!(PublicKey::parse(&secret).unwrap_err(), KeyError::PublicKey);
    assert_eq!(
        SecretKey::parse(&pair.public.to_string()).unwrap_err(),
        KeyError::SecretKey
    );
    // Neither a point of the curve nor a scalar in range.
    let off_curve = format!(
        "noroshi-pk1:{}",
        data_encoding::BASE64URL_NOPAD.encode(&[4; 65])
    );
    assert_eq!(
        PublicKey::parse(&off_curve).unwrap_err(),
        KeyError::PublicKey
    );
    let zero = format!("noroshi-sk1:{}", "A".repeat(43));
    assert_eq!(SecretKey::parse(&zero).unwrap_err(), KeyError::SecretKey);
}

#[test]
fn a_stream_is_of_its_key_and_label_alone() {
    let pair = |seed: u8| KeyPair::generate(&mut Random::from_seed([seed; 32]));
    let drawn = |seed: u8, label: &str| pair(seed).secret.stream(label).bytes::<16>();
    let read_back = SecretKey::parse(&pair(1).secret.expose_text()).unwrap();
    assert_eq!(read_back.stream("a").bytes::<16>(), drawn(1, "a"));
    assert_ne!(drawn(1, "a"), drawn(1, "b"));
    assert_ne!(drawn(1, "a"), drawn(2, "a"));
}

#[test]
fn debug_shows_no_secret_key() {
    let pair = KeyPair::generate(&mut Random::from_seed([2; 32]));
    let debug = format!("{pair:?}");
    assert!(debug.contains("SecretKey(redacted)"), "{debug}");
    assert!(!debug.contains(pair.secret.expose_text().trim_start_matches("noroshi-sk1:")));
}

fn hex(text: &str) -> Vec<u8> {
    HEXLOWER.decode(text.as_bytes()).unwrap()
}
