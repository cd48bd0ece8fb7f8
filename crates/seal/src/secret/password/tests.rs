use argon2::{Algorithm, Argon2, ParamsBuilder, Version};
use data_encoding::HEXLOWER;

use super::{Cost, PASSWORD_BYTES_MAX, PasswordError, PasswordHash, hash_password, stretch};
use crate::random::Random;

#[test]
fn only_the_right_password_verifies() {
    let mut random = Random::from_seed([1; 32]);
    let hash = hash_password("正しい馬の電池ホチキス", Cost::Test, &mut random).unwrap();
    assert!(hash.verify("正しい馬の電池ホチキス"));
    assert!(!hash.verify("正しい馬の電池ホチキズ"));
    assert!(!hash.verify(""));
    assert_eq!(PasswordHash::parse(hash.as_str()).unwrap(), hash);
    assert_ne!(
        hash_password("正しい馬の電池ホチキス", Cost::Test, &mut random).unwrap(),
        hash
    );
}

#[test]
fn production_hashes_carry_the_parameters_of_the_rfc() {
    let hash = hash_password(
        "a long enough one",
        Cost::Production,
        &mut Random::from_seed([1; 32]),
    )
    .unwrap();
    assert!(
        hash.as_str().starts_with("$argon2id$v=19$m=65536,t=3,p=4$"),
        "{}",
        hash.as_str()
    );
    assert!(hash.verify("a long enough one"));
    assert!(hash.is_of(Cost::Production) && !hash.is_of(Cost::Test));
}

#[test]
fn the_decoy_has_the_form_and_cost_of_a_real_hash_and_no_password() {
    for cost in [Cost::Production, Cost::Test] {
        let decoy = PasswordHash::decoy(cost);
        assert_eq!(PasswordHash::parse(decoy.as_str()).unwrap(), decoy);
        assert!(decoy.is_of(cost));
    }
    let real = hash_password("", Cost::Test, &mut Random::from_seed([1; 32])).unwrap();
    let decoy = PasswordHash::decoy(Cost::Test);
    assert_eq!(decoy.as_str().len(), real.as_str().len());
    assert!(!decoy.verify(""));
}

#[test]
fn foreign_and_ruinous_hashes_are_refused() {
    for text in [
        "",
        "plain",
        "$argon2i$v=19$m=64,t=1,p=1$AAAAAAAAAAAAAAAAAAAAAA$AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA",
        "$argon2id$v=19$m=4194304,t=1,p=1$AAAAAAAAAAAAAAAAAAAAAA$AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA",
        "$argon2id$v=19$m=64,t=1,p=1$AAAAAAAAAAAAAAAAAAAAAA",
    ] {
        assert_eq!(
            PasswordHash::parse(text).unwrap_err(),
            PasswordError::NotAHash,
            "{text}"
        );
    }
    let long = "a".repeat(PASSWORD_BYTES_MAX + 1);
    let refused = hash_password(&long, Cost::Test, &mut Random::from_seed([1; 32]));
    assert_eq!(refused.unwrap_err(), PasswordError::TooLong);
}

// RFC 9106, section 5.3: the Argon2id vector, which also uses a secret and associated data.
#[test]
fn the_vector_of_the_rfc_comes_out() {
    let params = ParamsBuilder::new()
        .m_cost(32)
        .t_cost(3)
        .p_cost(4)
        .data(argon2::AssociatedData::new(&[4; 12]).unwrap())
        .build()
        .unwrap();
    let argon2 =
        Argon2::new_with_secret(&[3; 8], Algorithm::Argon2id, Version::V0x13, params).unwrap();
    let mut tag = [0; 32];
    argon2
        .hash_password_into(&[1; 32], &[2; 16], &mut tag)
        .unwrap();
    assert_eq!(
        HEXLOWER.encode(&tag),
        "0d640df58d78766c08c037a34a8b53c9d01ef0452d75b65eb52520e96b01e659"
    );
}

#[test]
fn stretching_depends_on_text_and_salt() {
    let key = stretch(b"1234", &[1; 16], Cost::Test).unwrap();
    assert_eq!(key, stretch(b"1234", &[1; 16], Cost::Test).unwrap());
    assert_ne!(key, stretch(b"1235", &[1; 16], Cost::Test).unwrap());
    assert_ne!(key, stretch(b"1234", &[2; 16], Cost::Test).unwrap());
}

#[test]
fn debug_shows_no_hash() {
    assert_eq!(
        format!("{:?}", PasswordHash::decoy(Cost::Test)),
        "PasswordHash(redacted)"
    );
}
