use super::*;

#[test]
fn pseudonyms_differ_and_are_readable() {
    let mut random = Random::from_seed([1; 32]);
    let (one, two) = (pseudonym(&mut random), pseudonym(&mut random));
    assert_ne!(one, two);
    assert_eq!(one.len(), 8);
    assert!(
        one.bytes()
            .all(|b| b.is_ascii_uppercase() || b.is_ascii_digit() || b == b'-')
    );
}
