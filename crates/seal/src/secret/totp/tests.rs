use super::{STEP_SECONDS, TotpKey};
use crate::random::Random;

// RFC 6238, appendix B, the SHA-1 rows; our codes are the last 6 of the 8 digits printed there.
#[test]
fn the_vectors_of_the_rfc_come_out() {
    let key = TotpKey::from_bytes(*b"12345678901234567890");
    for (unix_seconds, code) in [
        (59, "287082"),
        (1_111_111_109, "081804"),
        (1_111_111_111, "050471"),
        (1_234_567_890, "005924"),
        (2_000_000_000, "279037"),
        (20_000_000_000, "353130"),
    ] {
        assert_eq!(key.code_at(unix_seconds), code);
        assert_eq!(
            key.matched_step(code, unix_seconds),
            Some(unix_seconds / STEP_SECONDS)
        );
    }
}

#[test]
fn one_step_of_clock_error_is_allowed_and_no_more() {
    let key = TotpKey::from_bytes(*b"12345678901234567890");
    let now = 1_234_567_890;
    let step = now / STEP_SECONDS;
    for (at, expected) in [
        (now - 60, None),
        (now - 30, Some(step - 1)),
        (now, Some(step)),
        (now + 30, Some(step + 1)),
        (now + 60, None),
    ] {
        assert_eq!(
            key.matched_step(&key.code_at(at), now),
            expected,
            "code of {at}"
        );
    }
    assert_eq!(key.matched_step(&key.code_at(0), 0), Some(0));
}

#[test]
fn typed_forms_are_read_and_others_refused() {
    let key = TotpKey::from_bytes(*b"12345678901234567890");
    for typed in ["287 082", "２８７０８２", " 287-082 "] {
        assert!(key.matched_step(typed, 59).is_some(), "{typed}");
    }
    for typed in ["", "287083", "87082", "0287082", "+87082", "94287082"] {
        assert!(key.matched_step(typed, 59).is_none(), "{typed}");
    }
}

#[test]
fn the_address_is_what_apps_read() {
    let key = TotpKey::from_bytes(*b"12345678901234567890");
    assert_eq!(
        key.expose_uri("Noroshi hub", "当直@example.jp").as_str(),
        "otpauth://totp/Noroshi%20hub:%E5%BD%93%E7%9B%B4%40example.jp\
         ?secret=GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ&issuer=Noroshi%20hub&algorithm=SHA1\
         &digits=6&period=30"
    );
}

#[test]
fn debug_shows_no_key() {
    let key = TotpKey::generate(&mut Random::from_seed([1; 32]));
    assert_eq!(format!("{key:?}"), "TotpKey(redacted)");
}
