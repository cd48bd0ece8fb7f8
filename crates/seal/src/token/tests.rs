use std::collections::BTreeSet;

use super::{
    Cost, MailboxCode, MailboxCodeError, QuarterKey, check_digit, mailbox_key, mailbox_locator,
};
use crate::object::{Binding, MasterKey, decrypt, encrypt};
use crate::random::Random;

#[test]
fn organizations_are_counted_within_one_quarter_only() {
    let mut random = Random::from_seed([1; 32]);
    let (this, next) = (
        QuarterKey::generate(&mut random),
        QuarterKey::generate(&mut random),
    );
    let tokens: BTreeSet<_> = ["org_a", "org_b", "org_a", "org_c"]
        .map(|id| this.organization_token(id))
        .into();
    assert_eq!(tokens.len(), 3);
    assert_ne!(
        this.organization_token("org_a"),
        next.organization_token("org_a")
    );
    let restored = QuarterKey::from_bytes(*this.as_bytes());
    assert_eq!(
        restored.organization_token("org_a"),
        this.organization_token("org_a")
    );
}

// ISO/IEC 7064 prints 0794 with the check digit 5 for MOD 11,10.
#[test]
fn the_check_digit_is_that_of_the_standard() {
    assert_eq!(check_digit(&[0, 7, 9, 4]), 5);
}

#[test]
fn every_single_wrong_digit_is_found() {
    let code = MailboxCode::generate(&mut Random::from_seed([1; 32]));
    let text = code.expose_grouped().replace(' ', "");
    for at in 0..16 {
        for digit in b'0'..=b'9' {
            let mut typed = text.clone().into_bytes();
            if typed[at] == digit {
                continue;
            }
            typed[at] = digit;
            let typed = String::from_utf8(typed).unwrap();
            assert_eq!(
                MailboxCode::parse(&typed).unwrap_err(),
                MailboxCodeError::CheckDigit
            );
        }
    }
}

#[test]
fn a_code_reads_back_from_every_way_of_typing_it() {
    let code = MailboxCode::generate(&mut Random::from_seed([1; 32]));
    let grouped = code.expose_grouped();
    assert_eq!(grouped.len(), 19);
    let full_width: String = grouped
        .chars()
        .map(|typed| match typed {
            ' ' => '　',
            digit => char::from_u32(u32::from(digit) - 0x30 + 0xff10).unwrap(),
        })
        .collect();
    for typed in [
        grouped.to_string(),
        grouped.replace(' ', ""),
        grouped.replace(' ', "-"),
        full_width,
    ] {
        assert_eq!(*MailboxCode::parse(&typed).unwrap().0, *code.0, "{typed}");
    }
    for typed in [
        "",
        "123",
        "1234 5678 9012 345",
        "1234 5678 9012 34567",
        "1234 5678 9012 345x",
    ] {
        assert_eq!(
            MailboxCode::parse(typed).unwrap_err(),
            MailboxCodeError::Length,
            "{typed}"
        );
    }
}

#[test]
fn codes_do_not_repeat_and_use_every_digit() {
    let mut random = Random::from_seed([2; 32]);
    let codes: BTreeSet<_> = (0..1000)
        .map(|_| {
            MailboxCode::generate(&mut random)
                .expose_grouped()
                .to_string()
        })
        .collect();
    assert_eq!(codes.len(), 1000);
    for digit in '0'..='9' {
        assert!(codes.iter().any(|code| code.starts_with(digit)));
    }
}

#[test]
fn a_draft_opens_with_its_code_alone() {
    let mut random = Random::from_seed([3; 32]);
    let (code, other) = (
        MailboxCode::generate(&mut random),
        MailboxCode::generate(&mut random),
    );
    let place = Binding {
        hub: "hub.example",
        table: "draft",
        column: "text",
        row: "1",
    };
    let key = mailbox_key(&code, &[1; 16], Cost::Test).unwrap();
    let sealed = encrypt(&key, &place, "下書き".as_bytes(), &mut random);

    let typed = MailboxCode::parse(&code.expose_grouped()).unwrap();
    let key = mailbox_key(&typed, &[1; 16], Cost::Test).unwrap();
    assert_eq!(
        *decrypt(&key, &place, &sealed).unwrap(),
        "下書き".as_bytes()
    );
    for wrong in [
        mailbox_key(&other, &[1; 16], Cost::Test).unwrap(),
        mailbox_key(&code, &[2; 16], Cost::Test).unwrap(),
    ] {
        assert!(decrypt(&wrong, &place, &sealed).is_err());
    }
}

#[test]
fn a_mailbox_is_found_by_code_and_pepper_together() {
    let mut random = Random::from_seed([4; 32]);
    let master = MasterKey::generate(&mut random);
    let (code, other) = (
        MailboxCode::generate(&mut random),
        MailboxCode::generate(&mut random),
    );
    let (pepper, salted) = (master.derive("mailbox"), master.derive("other"));
    let locator = mailbox_locator(&code, &pepper, Cost::Test).unwrap();
    assert_eq!(
        mailbox_locator(&code, &pepper, Cost::Test).unwrap(),
        locator
    );
    assert_ne!(
        mailbox_locator(&other, &pepper, Cost::Test).unwrap(),
        locator
    );
    assert_ne!(
        mailbox_locator(&code, &salted, Cost::Test).unwrap(),
        locator
    );
}

#[test]
fn debug_shows_no_secret() {
    let mut random = Random::from_seed([5; 32]);
    assert_eq!(
        format!("{:?}", QuarterKey::generate(&mut random)),
        "QuarterKey(redacted)"
    );
    assert_eq!(
        format!("{:?}", MailboxCode::generate(&mut random)),
        "MailboxCode(redacted)"
    );
}
