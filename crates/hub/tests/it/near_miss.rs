use std::collections::BTreeSet;

use domain::organization::Role;
use domain::part::field::Field;
use domain::report::Custody;
use domain::report::filing::FilingLack;
use domain::report::near_miss::{NearMiss, Scope};
use domain::text::BoundedText;
use hub::ReadError;
use hub::draft::DraftError;
use hub::intake::list;
use hub::near_miss::{desk, promote, submit};
use hub::receipts::sent;
use hub::slip;
use hub::submit::{FormKey, REPEAT_SECONDS, SubmitError};

use crate::scene::Scene;

pub(crate) fn near_miss(scope: Scope, line: &str) -> NearMiss {
    NearMiss {
        kind: "open-hole".parse().unwrap(),
        occurred_at: None,
        places: ["ot".parse().unwrap()].into(),
        no_harm_reason: Some("person-noticed".parse().unwrap()),
        line: BoundedText::parse_optional(line).unwrap(),
        scope,
    }
}

pub(crate) fn key(number: u8) -> FormKey {
    format!("{number:032x}").parse().unwrap()
}

#[test]
fn without_three_custodians_no_scope_hides_the_name_by_a_seal() {
    let scene = Scene::new();
    let sealing = scene.actor("kitahama", Role::Staff);
    let offered = desk(&scene.hub, &scene.call(&sealing)).unwrap();
    assert_eq!(offered.scopes, Scope::ALL);
    assert_eq!(offered.source_count, 2);

    let bare = scene.actor("aokawa", Role::Staff);
    let offered = desk(&scene.hub, &scene.call(&bare)).unwrap();
    let custodies: BTreeSet<Custody> = offered.scopes.iter().map(|s| s.custody()).collect();
    assert_eq!(custodies, [Custody::Named, Custody::Stripped].into());
    let told = near_miss(Scope::Unnamed, "x");
    assert!(matches!(
        submit(&scene.hub, &scene.call(&bare), told, key(1).sent("a")),
        Err(SubmitError::NoCustodians)
    ));
    let relay = scene.actor("denryoku", Role::Officer);
    assert!(matches!(
        desk(&scene.hub, &scene.call(&relay)),
        Err(ReadError::NotFound)
    ));
}

#[test]
fn the_same_form_twice_makes_one_report_and_one_receipt() {
    let scene = Scene::new();
    let source = scene.actor("kitahama", Role::Staff);
    let send = |content: &str| {
        let told = near_miss(Scope::Unnamed, "保守口が開いていた");
        submit(&scene.hub, &scene.call(&source), told, key(7).sent(content))
    };
    let first = send("same").unwrap();
    let second = send("same").unwrap();
    assert!(first == second && first.mailbox_code.is_some());
    assert!(matches!(send("changed"), Err(SubmitError::AlreadyAccepted)));
    scene.advance(REPEAT_SECONDS);
    assert!(matches!(send("same"), Err(SubmitError::AlreadyAccepted)));

    let relay = scene.actor("denryoku", Role::Analyst);
    let page = list(&scene.hub, &scene.call(&relay), None).unwrap();
    assert_eq!(page.rows.len(), 1);
    assert_eq!(page.rows[0].head.id, first.report);
}

#[test]
fn an_unnamed_near_miss_is_on_no_list_of_its_source() {
    let scene = Scene::new();
    let source = scene.actor("kitahama", Role::DutyOfficer);
    for (number, scope) in [(1, Scope::Unnamed), (2, Scope::Stripped), (3, Scope::Named)] {
        let told = near_miss(scope, "x");
        submit(
            &scene.hub,
            &scene.call(&source),
            told,
            key(number).sent("x"),
        )
        .unwrap();
    }
    let own = sent(&scene.hub, &scene.call(&source)).unwrap();
    let custodies: Vec<Custody> = own.iter().map(|report| report.custody).collect();
    assert_eq!(custodies, [Custody::Named]);
    let rival = scene.actor("minamino", Role::DutyOfficer);
    assert_eq!(sent(&scene.hub, &scene.call(&rival)).unwrap(), []);
}

#[test]
fn a_code_of_no_list_is_refused_at_its_field() {
    let scene = Scene::new();
    let source = scene.actor("kitahama", Role::Staff);
    let mut told = near_miss(Scope::Named, "x");
    told.places = ["moon".parse().unwrap()].into();
    let refused = submit(&scene.hub, &scene.call(&source), told, key(1).sent("x"));
    let Err(SubmitError::Lacking(lacks)) = refused else {
        panic!("the code was taken");
    };
    assert_eq!(lacks, [FilingLack::Answer(Field::Place)]);
}

#[test]
fn promotion_begins_a_linked_draft_that_says_what_is_known() {
    let scene = Scene::new();
    let source = scene.actor("kitahama", Role::DutyOfficer);
    let told = near_miss(Scope::Named, "保守口が開いていた");
    let first = submit(&scene.hub, &scene.call(&source), told, key(1).sent("x")).unwrap();
    let draft = promote(&scene.hub, &scene.call(&source), first.report)
        .unwrap()
        .id;
    let drafts = hub::draft::list(&scene.hub, &scene.call(&source)).unwrap();
    let begun = drafts[0].draft.content();
    assert_eq!(begun.id, draft);
    assert_eq!(begun.promoted_from, Some(first.report));
    assert_eq!(begun.one("event-types"), "intrusion");
    assert_eq!(begun.one("narrative"), "保守口が開いていた");
    assert_eq!(begun.one("kind"), "incident");

    let rival = scene.actor("minamino", Role::DutyOfficer);
    let stolen = promote(&scene.hub, &scene.call(&rival), first.report);
    assert!(matches!(stolen, Err(DraftError::NotFound)));
    let sealed = near_miss(Scope::Unnamed, "x");
    let sealed = submit(&scene.hub, &scene.call(&source), sealed, key(2).sent("x")).unwrap();
    let named = promote(&scene.hub, &scene.call(&source), sealed.report);
    assert!(matches!(named, Err(DraftError::NotFound)));
}

#[test]
fn a_slip_opens_for_its_session_and_its_minutes_alone() {
    let scene = Scene::new();
    let source = scene.actor("kitahama", Role::Staff);
    let told = near_miss(Scope::Unnamed, "x");
    let receipt = submit(&scene.hub, &scene.call(&source), told, key(1).sent("x")).unwrap();
    let sealed = slip::write(
        &scene.hub,
        &scene.call(&source),
        std::slice::from_ref(&receipt),
        "session",
    );
    let code = receipt.mailbox_code.clone().unwrap();
    assert!(!sealed.contains(code.split(' ').next().unwrap()));
    let now = scene.now.get();
    assert!(slip::read(&scene.hub, &sealed, "session", now) == Some(vec![receipt]));
    assert!(slip::read(&scene.hub, &sealed, "other", now).is_none());
    let later = now.plus_seconds(slip::SLIP_SECONDS + 1);
    assert!(slip::read(&scene.hub, &sealed, "session", later).is_none());
    for broken in [
        "",
        ".",
        "zz.zz",
        sealed.get(1..).unwrap(),
        &sealed.replace('.', ""),
    ] {
        assert!(slip::read(&scene.hub, broken, "session", now).is_none());
    }
}
