//! Signing in: factors, limits, and what a stranger learns.

use domain::organization::Role;
use domain::time::Timestamp;
use hub::sign_in::{
    CredentialError, PasswordLack, SignInError, Typed, by_password, confirm_totp, end, overview,
    pending_totp, renew_recovery_codes, resume, set_password,
};
use seal::secret::totp::TotpKey;

use crate::scene::Scene;

pub(crate) const PASSWORD: &str = "tidal lantern obeys copper";
const LOGIN: &str = "duty-officer@kitahama.example";

pub(crate) fn seconds(at: Timestamp) -> u64 {
    u64::try_from(at.seconds()).unwrap()
}

/// Gives the duty officer of `kitahama` a password and an app; what the app holds.
fn equip(scene: &Scene) -> TotpKey {
    let actor = scene.actor("kitahama", Role::DutyOfficer);
    set_password(&scene.hub, &scene.call(&actor), "", PASSWORD).unwrap();
    let pending = pending_totp(&scene.hub, &scene.call(&actor), "session").unwrap();
    let key = key_of(&pending.base32);
    let code = key.code_at(seconds(scene.now.get()));
    confirm_totp(&scene.hub, &scene.call(&actor), "session", &code).unwrap();
    scene.now.set(scene.now.get().plus_seconds(60));
    key
}

/// What an app learns when the person types the key.
pub(crate) fn key_of(base32: &str) -> TotpKey {
    let mut bits: Vec<u8> = Vec::new();
    for letter in base32.bytes() {
        let value = match letter {
            b'A'..=b'Z' => letter - b'A',
            _ => letter - b'2' + 26,
        };
        bits.extend((0..5).rev().map(|bit| (value >> bit) & 1));
    }
    let bytes: Vec<u8> = bits
        .chunks_exact(8)
        .map(|chunk| chunk.iter().fold(0, |byte, bit| (byte << 1) | bit))
        .collect();
    TotpKey::from_bytes(bytes.try_into().unwrap())
}

fn try_it(scene: &Scene, account: &str, password: &str, code: &str) -> Result<String, SignInError> {
    let typed = Typed {
        account,
        password,
        code,
    };
    let random = scene.random();
    by_password(&scene.hub, &typed, scene.now.get(), &random).map(|begun| begun.secret)
}

#[test]
fn password_and_code_sign_in_and_the_session_is_of_that_person() {
    let scene = Scene::new();
    let key = equip(&scene);
    let code = key.code_at(seconds(scene.now.get()));
    let typed = "Ｄｕｔｙ-Officer@kitahama.example ";
    let secret = try_it(&scene, typed, "tidal lantern obeys ｃｏｐｐｅｒ", &code).unwrap();
    let resumed = resume(&scene.hub, &secret, scene.now.get()).unwrap();
    assert_eq!(resumed.actor, {
        let mut expected = scene.actor("kitahama", Role::DutyOfficer);
        expected.assurance = domain::actor::Assurance::TwoFactor;
        expected
    });
    end(&scene.hub, &scene.call(&resumed.actor), &secret).unwrap();
    assert!(resume(&scene.hub, &secret, scene.now.get()).is_err());
}

#[test]
fn a_code_is_good_once_and_only_forward() {
    let scene = Scene::new();
    let key = equip(&scene);
    let code = key.code_at(seconds(scene.now.get()));
    try_it(&scene, LOGIN, PASSWORD, &code).unwrap();
    let replayed = try_it(&scene, LOGIN, PASSWORD, &code);
    assert!(matches!(replayed, Err(SignInError::Refused)));
    // The code of the step before is still within the allowed error of the clock, and too old.
    let before = key.code_at(seconds(scene.now.get()) - 30);
    assert!(try_it(&scene, LOGIN, PASSWORD, &before).is_err());
    scene.now.set(scene.now.get().plus_seconds(30));
    let next = key.code_at(seconds(scene.now.get()));
    try_it(&scene, LOGIN, PASSWORD, &next).unwrap();
}

#[test]
fn a_recovery_code_stands_in_for_the_phone_once() {
    let scene = Scene::new();
    equip(&scene);
    let actor = scene.actor("kitahama", Role::DutyOfficer);
    let codes = renew_recovery_codes(&scene.hub, &scene.call(&actor)).unwrap();
    assert_eq!(codes.len(), 10);
    try_it(&scene, LOGIN, PASSWORD, &codes[3].to_lowercase()).unwrap();
    assert!(try_it(&scene, LOGIN, PASSWORD, &codes[3]).is_err());
    let left = overview(&scene.hub, &scene.call(&actor)).unwrap();
    assert_eq!(left.recovery_count, 9);
    renew_recovery_codes(&scene.hub, &scene.call(&actor)).unwrap();
    assert!(try_it(&scene, LOGIN, PASSWORD, &codes[4]).is_err());
    // Somebody else's code is none.
    assert!(try_it(&scene, "staff@kitahama.example", PASSWORD, &codes[5]).is_err());
}

#[test]
fn every_wrong_way_gets_the_same_answer() {
    let scene = Scene::new();
    let key = equip(&scene);
    let code = key.code_at(seconds(scene.now.get()));
    let wrong = if code == "000000" { "000001" } else { "000000" };
    for (account, password, code) in [
        (LOGIN, "tidal lantern obeys coppen", code.as_str()),
        (LOGIN, PASSWORD, wrong),
        ("staff@kitahama.example", PASSWORD, code.as_str()),
        ("nobody@kitahama.example", PASSWORD, code.as_str()),
        ("", "", ""),
    ] {
        let answer = try_it(&scene, account, password, code).unwrap_err();
        assert!(matches!(answer, SignInError::Refused), "{account}");
    }
    // Known and unknown accounts are locked after the same number of tries, for the same time.
    let waits: Vec<u32> = [LOGIN, "nobody-else@kitahama.example"]
        .into_iter()
        .map(|account| {
            // The known account has two wrong tries behind it.
            let left = if account == LOGIN { 4 } else { 6 };
            for _ in 0..left {
                let answer = try_it(&scene, account, "", "");
                assert!(matches!(answer, Err(SignInError::Refused)));
            }
            match try_it(&scene, account, PASSWORD, &code) {
                Err(SignInError::TooMany(wait)) => wait.wait_seconds,
                other => panic!("{account}: {other:?}"),
            }
        })
        .collect();
    assert_eq!(waits, [61, 61]);
    // Spelled otherwise, it is the same account.
    let spelled = try_it(&scene, " DUTY-officer＠kitahama.example", PASSWORD, &code);
    assert!(matches!(spelled, Err(SignInError::TooMany(_))));
    scene.now.set(scene.now.get().plus_seconds(61));
    let code = key.code_at(seconds(scene.now.get()));
    try_it(&scene, LOGIN, PASSWORD, &code).unwrap();
}

#[test]
fn guessing_codes_with_the_right_password_gets_nowhere() {
    let scene = Scene::new();
    equip(&scene);
    let (start, mut looked_at) = (scene.now.get(), 0);
    for minute in 0..24 * 60 {
        // The clock is put forward and back by a day in turn, every eight hours.
        let jump = [0, 86_400, -86_400][minute / (8 * 60)];
        let at = i64::try_from(minute).unwrap() * 60 + jump;
        scene.now.set(start.plus_seconds(at));
        match try_it(&scene, LOGIN, PASSWORD, "314159") {
            Err(SignInError::Refused) => looked_at += 1,
            Err(SignInError::TooMany(_)) => {}
            other => panic!("{:?}", other.map(|_| "signed in")),
        }
    }
    assert!(
        looked_at <= 45,
        "{looked_at} of 1440 guesses were looked at"
    );
}

#[test]
fn weak_passwords_and_wrong_codes_change_nothing() {
    let scene = Scene::new();
    let actor = scene.actor("kitahama", Role::DutyOfficer);
    let answer = set_password(&scene.hub, &scene.call(&actor), "", "short");
    assert!(matches!(
        answer,
        Err(CredentialError::Password(PasswordLack::Short(5)))
    ));
    let answer = confirm_totp(&scene.hub, &scene.call(&actor), "session", "000000");
    assert!(matches!(answer, Err(CredentialError::WrongCode)));
    let left = overview(&scene.hub, &scene.call(&actor)).unwrap();
    assert!(left.password_since.is_none() && left.totp_since.is_none());
}

#[test]
fn a_pending_key_is_fixed_by_the_session_and_new_after_it_was_taken() {
    let scene = Scene::new();
    let actor = scene.actor("kitahama", Role::DutyOfficer);
    let key = |basis: &str| {
        pending_totp(&scene.hub, &scene.call(&actor), basis)
            .unwrap()
            .base32
    };
    let first = key("one");
    assert_eq!(first, key("one"));
    assert_ne!(first, key("two"));
    let code = key_of(&first).code_at(seconds(scene.now.get()));
    confirm_totp(&scene.hub, &scene.call(&actor), "one", &code).unwrap();
    assert_ne!(first, key("one"));
}
