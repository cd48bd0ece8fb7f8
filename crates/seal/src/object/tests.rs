use super::{
    Binding, MasterKey, MasterKeyError, OVERHEAD_BYTES, ObjectKey, OpenError, decrypt, encrypt,
};
use crate::random::Random;

const PLACE: Binding<'static> = Binding {
    hub: "hub.example",
    table: "report_part",
    column: "text",
    row: "rpt_1/damage",
};

#[test]
fn a_text_opens_only_in_its_place() {
    let mut random = Random::from_seed([1; 32]);
    let key = ObjectKey::generate(&mut random);
    let sealed = encrypt(&key, &PLACE, "変電所の停電".as_bytes(), &mut random);
    assert_eq!(
        *decrypt(&key, &PLACE, &sealed).unwrap(),
        "変電所の停電".as_bytes()
    );
    assert_eq!(sealed.len(), "変電所の停電".len() + OVERHEAD_BYTES);

    for elsewhere in [
        Binding {
            hub: "other.example",
            ..PLACE
        },
        Binding {
            table: "draft",
            ..PLACE
        },
        Binding {
            column: "title",
            ..PLACE
        },
        Binding {
            row: "rpt_2/damage",
            ..PLACE
        },
        // The same letters with the boundary moved.
        Binding {
            table: "report_par",
            column: "ttext",
            ..PLACE
        },
    ] {
        assert_eq!(
            decrypt(&key, &elsewhere, &sealed).unwrap_err(),
            OpenError,
            "{elsewhere:?}"
        );
    }
    assert!(decrypt(&ObjectKey::generate(&mut random), &PLACE, &sealed).is_err());
}

#[test]
fn the_same_text_never_looks_the_same_twice() {
    let mut random = Random::from_seed([1; 32]);
    let key = ObjectKey::generate(&mut random);
    assert_ne!(
        encrypt(&key, &PLACE, b"same", &mut random),
        encrypt(&key, &PLACE, b"same", &mut random)
    );
}

#[test]
fn a_wrapped_key_opens_for_its_object_alone() {
    let mut random = Random::from_seed([2; 32]);
    let master = MasterKey::generate(&mut random);
    let key = ObjectKey::generate(&mut random);
    let wrapped = master.wrap(&key, "hub.example", "rpt_1");
    let sealed = encrypt(&key, &PLACE, b"text", &mut random);

    let opened = master.unwrap(&wrapped, "hub.example", "rpt_1").unwrap();
    assert_eq!(*decrypt(&opened, &PLACE, &sealed).unwrap(), b"text");
    assert!(master.unwrap(&wrapped, "hub.example", "rpt_2").is_err());
    assert!(master.unwrap(&wrapped, "other.example", "rpt_1").is_err());
    assert!(
        MasterKey::generate(&mut random)
            .unwrap(&wrapped, "hub.example", "rpt_1")
            .is_err()
    );
    assert!(
        master
            .unwrap(&wrapped[..wrapped.len() - 1], "hub.example", "rpt_1")
            .is_err()
    );
}

#[test]
fn a_new_key_of_the_same_object_is_wrapped_under_a_new_nonce() {
    let mut random = Random::from_seed([2; 32]);
    let master = MasterKey::generate(&mut random);
    let (old, new) = (
        ObjectKey::generate(&mut random),
        ObjectKey::generate(&mut random),
    );
    let (old, new) = (
        master.wrap(&old, "hub", "rpt_1"),
        master.wrap(&new, "hub", "rpt_1"),
    );
    assert_ne!(old[..13], new[..13]);
}

#[test]
fn the_text_form_of_the_master_key_goes_there_and_back() {
    let mut random = Random::from_seed([3; 32]);
    let master = MasterKey::generate(&mut random);
    let text = master.expose_text();
    assert!(text.starts_with("noroshi-mk1:"));
    let again = MasterKey::parse(&format!(" {}\n", text.as_str())).unwrap();
    assert_eq!(
        again.search_key().token("変電"),
        master.search_key().token("変電")
    );
    for wrong in [
        "",
        "noroshi-mk1:",
        "noroshi-mk1:AAAA",
        text.get(1..).unwrap(),
        text.get(..text.len() - 1).unwrap(),
    ] {
        assert_eq!(MasterKey::parse(wrong).unwrap_err(), MasterKeyError);
    }
}

#[test]
fn subkeys_and_tokens_are_separate_uses() {
    let master = MasterKey::generate(&mut Random::from_seed([3; 32]));
    let (limit, cookie) = (master.derive("rate-limit"), master.derive("cookie"));
    assert_ne!(limit.keyed_hash(&[b"a"]), cookie.keyed_hash(&[b"a"]));
    assert_ne!(
        limit.keyed_hash(&[b"ab", b"c"]),
        limit.keyed_hash(&[b"a", b"bc"])
    );
    assert_ne!(
        master.search_key().token("a"),
        master.search_key().token("b")
    );
}

#[test]
fn debug_shows_no_key() {
    let mut random = Random::from_seed([3; 32]);
    let master = MasterKey::generate(&mut random);
    assert_eq!(
        format!("{:?}", ObjectKey::generate(&mut random)),
        "ObjectKey(redacted)"
    );
    assert_eq!(format!("{master:?}"), "MasterKey(redacted)");
    assert_eq!(format!("{:?}", master.derive("a")), "SubKey(redacted)");
    assert_eq!(format!("{:?}", master.search_key()), "SearchKey(redacted)");
}
