//! Opening a seal: two custodians, the log first, the source told.

use domain::actor::Actor;
use domain::id::{OpeningId, ReportId};
use domain::opening::{OpeningStage, Reason};
use domain::organization::Role;
use domain::report::Custody;
use domain::time::DAY_SECONDS;
use hub::open_seal::{
    Agreed, OpeningError, desk, hand_in, lapse, list, read_identity, refuse, request, request_file,
    set_told_days, told, withdraw,
};
use hub::set_up::Authority;
use hub::submit::submit;
use seal::envelope::KeyPair;
use seal::identity::{IdentityError, OpeningRequest, approve_share};
use store::log::{View, about};

use crate::scene::{Scene, incident};

fn unnamed(scene: &Scene) -> ReportId {
    let source = scene.actor("kitahama", Role::DutyOfficer);
    submit(
        &scene.hub,
        &scene.call(&source),
        incident(Custody::Unnamed, "x"),
    )
    .unwrap()
    .report
}

fn ask(scene: &Scene, actor: &Actor, report: ReportId) -> Result<OpeningId, OpeningError> {
    let reason = Reason::parse("配水の制御端末が今も遠隔操作されている").unwrap();
    let purpose = "defense".parse().unwrap();
    request(&scene.hub, &scene.call(actor), report, &purpose, &reason)
}

/// What the custodian with that number would hand in.
fn agreement(scene: &Scene, actor: &Actor, id: OpeningId, custodian: usize) -> String {
    let file = request_file(&scene.hub, &scene.call(actor), id).unwrap();
    let asked = OpeningRequest::from_json(&file).unwrap();
    approve_share(&scene.custodians[custodian], &asked, &mut scene.random())
        .unwrap()
        .to_json()
}

fn tell_after_days(scene: &Scene, days: u16) -> u16 {
    let center = scene.actor("center", Role::Administrator);
    let set_up = scene.set_up(Authority::Member(&center));
    set_told_days(&scene.hub, &set_up, days).unwrap()
}

fn events(scene: &Scene, report: ReportId) -> Vec<String> {
    let entries = scene
        .store
        .read(move |reader| about(reader, View::All, &report.to_string()))
        .unwrap();
    entries.into_iter().map(|entry| entry.event).collect()
}

#[test]
fn two_custodians_open_for_the_one_who_asked() {
    let scene = Scene::new();
    let report = unnamed(&scene);
    let officer = scene.actor("denryoku", Role::Officer);
    let id = ask(&scene, &officer, report).unwrap();
    let file = request_file(&scene.hub, &scene.call(&officer), id).unwrap();
    assert!(file.contains("遠隔操作") && file.contains("Prevention (defense)"));

    let early = read_identity(&scene.hub, &scene.call(&officer), id);
    assert!(matches!(early, Err(OpeningError::WrongStage(_))));
    let give = |custodian| {
        let file = agreement(&scene, &officer, id, custodian);
        hand_in(&scene.hub, &scene.call(&officer), id, &file)
    };
    assert_eq!(give(0).unwrap(), Agreed::Waiting);
    assert!(matches!(give(0), Err(OpeningError::AgreedAlready)));
    let one = read_identity(&scene.hub, &scene.call(&officer), id);
    assert!(matches!(one, Err(OpeningError::WrongStage(_))));
    assert_eq!(give(2).unwrap(), Agreed::Enough);

    for _ in 0..2 {
        let opened = read_identity(&scene.hub, &scene.call(&officer), id).unwrap();
        let identity = opened.identity.content();
        assert_eq!(identity.organization_names.0, "kitahama");
        assert_eq!(opened.person.unwrap().content().name, "duty-officer");
    }
    let keeper = scene.actor("denryoku", Role::Custodian);
    for other in [&keeper, &scene.actor("denryoku", Role::Analyst)] {
        let refused = read_identity(&scene.hub, &scene.call(other), id);
        assert!(matches!(refused, Err(OpeningError::NotFound)));
    }
    assert_eq!(
        desk(&scene.hub, &scene.call(&keeper), id)
            .unwrap()
            .row
            .stage,
        OpeningStage::Opened
    );
}

#[test]
fn an_opening_is_there_for_those_who_ask_and_those_who_keep() {
    let scene = Scene::new();
    let report = unnamed(&scene);
    // Not released: no authority can know of it. Another relay never can.
    for (name, role) in [
        ("ministry", Role::Officer),
        ("center", Role::Officer),
        ("suido", Role::Officer),
        ("denryoku", Role::Analyst),
        ("kitahama", Role::DutyOfficer),
    ] {
        let refused = ask(&scene, &scene.actor(name, role), report);
        assert!(matches!(refused, Err(OpeningError::NotFound)), "{name}");
    }
    let officer = scene.actor("denryoku", Role::Officer);
    let id = ask(&scene, &officer, report).unwrap();
    for (name, role) in [
        ("suido", Role::Custodian),
        ("ministry", Role::Officer),
        ("kitahama", Role::DutyOfficer),
        ("denryoku", Role::Analyst),
    ] {
        let actor = scene.actor(name, role);
        let shown = desk(&scene.hub, &scene.call(&actor), id);
        assert!(matches!(shown, Err(OpeningError::NotFound)), "{name}");
        let file = request_file(&scene.hub, &scene.call(&actor), id);
        assert!(matches!(file, Err(OpeningError::NotFound)), "{name}");
        let listed = list(&scene.hub, &scene.call(&actor));
        assert!(listed.is_err() || listed.unwrap().is_empty(), "{name}");
    }
    let keeper = scene.actor("denryoku", Role::Custodian);
    let shown = desk(&scene.hub, &scene.call(&keeper), id).unwrap();
    assert!(shown.ask.unwrap().content().reason.contains("遠隔操作"));
    assert_eq!(list(&scene.hub, &scene.call(&keeper)).unwrap().len(), 1);
}

#[test]
fn what_is_no_agreement_is_named() {
    let scene = Scene::new();
    let officer = scene.actor("denryoku", Role::Officer);
    let (first, second) = (unnamed(&scene), unnamed(&scene));
    let id = ask(&scene, &officer, first).unwrap();
    let other = ask(&scene, &officer, second).unwrap();
    let good = agreement(&scene, &officer, id, 0);
    let elsewhere = agreement(&scene, &officer, other, 0);
    let tampered = good.replace("\"index\": 1", "\"index\": 2");
    let hand = |text: &str| match hand_in(&scene.hub, &scene.call(&officer), id, text) {
        Err(OpeningError::NotAnAgreement(why)) => why,
        other => panic!("{other:?}"),
    };
    assert!(matches!(hand("{}"), IdentityError::NotTheFile(_)));
    assert!(matches!(
        hand(&"x".repeat(20_000)),
        IdentityError::NotTheFile(_)
    ));
    assert!(matches!(hand(&elsewhere), IdentityError::WrongRequest));
    assert!(matches!(hand(&tampered), IdentityError::NotACustodian(_)));
    let asked = request_file(&scene.hub, &scene.call(&officer), id).unwrap();
    assert!(matches!(hand(&asked), IdentityError::NotTheFile(_)));
    let stranger = KeyPair::generate(&mut scene.random());
    let forged = good.replace(
        &scene.custodians[0].public_key().fingerprint().to_string(),
        &stranger.public.fingerprint().to_string(),
    );
    assert!(matches!(hand(&forged), IdentityError::NotACustodian(_)));
    assert_eq!(
        hand_in(&scene.hub, &scene.call(&officer), id, &good).unwrap(),
        Agreed::Waiting
    );
}

#[test]
fn the_log_has_the_request_first_and_every_reading() {
    let scene = Scene::new();
    let report = unnamed(&scene);
    let officer = scene.actor("denryoku", Role::Officer);
    let id = ask(&scene, &officer, report).unwrap();
    assert_eq!(
        events(&scene, report)
            .iter()
            .filter(|event| *event == "opening-requested")
            .count(),
        1
    );
    for custodian in [0, 1] {
        scene.advance(60);
        let file = agreement(&scene, &officer, id, custodian);
        hand_in(&scene.hub, &scene.call(&officer), id, &file).unwrap();
    }
    for _ in 0..3 {
        scene.advance(60);
        read_identity(&scene.hub, &scene.call(&officer), id).unwrap();
    }
    let events: Vec<String> = events(&scene, report)
        .into_iter()
        .filter(|event| event != "report-accepted" && event != "part-read")
        .collect();
    assert_eq!(
        events,
        [
            "opening-requested",
            "opening-approved",
            "opening-approved",
            "identity-opened",
            "identity-opened",
            "identity-opened"
        ]
    );
}

#[test]
fn the_source_is_told_after_the_delay_and_by_the_maximum() {
    let scene = Scene::new();
    let officer = scene.actor("denryoku", Role::Officer);
    let (first, second) = (unnamed(&scene), unnamed(&scene));
    let id = ask(&scene, &officer, first).unwrap();
    for custodian in [0, 1] {
        let file = agreement(&scene, &officer, id, custodian);
        hand_in(&scene.hub, &scene.call(&officer), id, &file).unwrap();
    }
    read_identity(&scene.hub, &scene.call(&officer), id).unwrap();
    assert_eq!(tell_after_days(&scene, 400), 90);
    ask(&scene, &officer, second).unwrap();
    let known = |report| told(&scene.hub, report, scene.now.get()).unwrap();
    scene.advance(30 * DAY_SECONDS - 1);
    assert!(known(first).is_empty() && known(second).is_empty());
    scene.advance(1);
    let first_told = known(first);
    assert_eq!(first_told.len(), 1);
    assert_eq!(first_told[0].read_at.len(), 1);
    assert_eq!(first_told[0].organization.name_ja, "denryoku");
    assert!(known(second).is_empty());
    scene.advance(60 * DAY_SECONDS);
    // Nobody agreed and nothing was read: the source is told all the same.
    let second_told = known(second);
    assert_eq!(second_told[0].stage, OpeningStage::Lapsed);
    assert!(second_told[0].read_at.is_empty());
}

#[test]
fn an_opening_that_has_ended_opens_nothing_any_more() {
    let scene = Scene::new();
    let report = unnamed(&scene);
    let officer = scene.actor("denryoku", Role::Officer);
    let id = ask(&scene, &officer, report).unwrap();
    for custodian in [0, 1] {
        let file = agreement(&scene, &officer, id, custodian);
        hand_in(&scene.hub, &scene.call(&officer), id, &file).unwrap();
    }
    read_identity(&scene.hub, &scene.call(&officer), id).unwrap();
    scene.advance(14 * DAY_SECONDS);
    // By the clock, before the job has come by, and after it.
    for _ in 0..2 {
        let late = read_identity(&scene.hub, &scene.call(&officer), id);
        assert!(matches!(late, Err(OpeningError::WrongStage(_))));
        let file = request_file(&scene.hub, &scene.call(&officer), id);
        assert!(matches!(file, Err(OpeningError::NotFound)));
        lapse(&scene.hub, scene.now.get(), &scene.random()).unwrap();
    }
    let stage = desk(&scene.hub, &scene.call(&officer), id)
        .unwrap()
        .row
        .stage;
    assert_eq!(stage, OpeningStage::Closed);
    assert!(
        ask(&scene, &officer, report).is_ok(),
        "a new one can be asked for"
    );
}

#[test]
fn one_refusal_does_not_end_it_and_taking_back_does() {
    let scene = Scene::new();
    let report = unnamed(&scene);
    let officer = scene.actor("denryoku", Role::Officer);
    let keeper = scene.actor("denryoku", Role::Custodian);
    let id = ask(&scene, &officer, report).unwrap();
    let again = ask(&scene, &officer, report);
    assert!(matches!(again, Err(OpeningError::UnderWay(found)) if found == id));
    assert!(matches!(
        refuse(&scene.hub, &scene.call(&officer), id),
        Err(OpeningError::NotFound)
    ));
    let stage = refuse(&scene.hub, &scene.call(&keeper), id).unwrap();
    assert_eq!(stage, OpeningStage::Requested);
    assert!(matches!(
        refuse(&scene.hub, &scene.call(&keeper), id),
        Err(OpeningError::RefusedAlready)
    ));
    withdraw(&scene.hub, &scene.call(&officer), id).unwrap();
    let late = hand_in(&scene.hub, &scene.call(&officer), id, "{}");
    assert!(late.is_err());
}

#[test]
fn a_report_without_a_seal_says_why() {
    let scene = Scene::new();
    let source = scene.actor("kitahama", Role::DutyOfficer);
    let officer = scene.actor("denryoku", Role::Officer);
    for custody in [Custody::Named, Custody::Stripped] {
        let receipt = submit(&scene.hub, &scene.call(&source), incident(custody, "x")).unwrap();
        let refused = ask(&scene, &officer, receipt.report);
        assert!(matches!(refused, Err(OpeningError::NotSealed(found)) if found == custody));
    }
}

fn refusals(scene: &Scene) -> Vec<String> {
    let entries = scene
        .store
        .read(|reader| store::log::entries(reader, View::All, None, 500))
        .unwrap();
    let mut refused: Vec<String> = entries
        .into_iter()
        .filter(|entry| entry.event == "attempt-refused")
        .map(|entry| entry.object)
        .collect();
    refused.sort();
    refused
}

#[test]
fn denied_openings_and_wrong_agreements_are_history() {
    let scene = Scene::new();
    let report = unnamed(&scene);
    let outsider = scene.actor("suido", Role::Officer);
    for _ in 0..3 {
        ask(&scene, &outsider, report).unwrap_err();
    }
    assert_eq!(refusals(&scene), [report.to_string()]);

    let officer = scene.actor("denryoku", Role::Officer);
    let id = ask(&scene, &officer, report).unwrap();
    hand_in(&scene.hub, &scene.call(&officer), id, "{}").unwrap_err();
    assert!(read_identity(&scene.hub, &scene.call(&officer), id).is_err());
    // Once as an agreement that is none, once as a reading that came too early.
    let noted = refusals(&scene);
    assert_eq!(
        noted.iter().filter(|one| **one == id.to_string()).count(),
        2
    );
}

#[test]
fn codes_typed_again_and_again_are_history() {
    let scene = Scene::new();
    let source = scene.actor("kitahama", Role::DutyOfficer);
    let code = "0000 0000 0000 0000";
    let mut locked = false;
    for _ in 0..=hub::limit::WRONG_MAX {
        let tried = hub::draft::resume(&scene.hub, &scene.call(&source), code);
        locked |= matches!(tried, Err(hub::draft::DraftError::TooManyCodes(_)));
    }
    assert!(locked);
    assert_eq!(refusals(&scene), ["draft-code"]);
    // The count is one for both kinds of sixteen digits.
    let tried = hub::mailbox::open(&scene.hub, &scene.call(&source), code);
    assert!(matches!(tried, Err(hub::mailbox::MailboxError::TooMany(_))));
    assert_eq!(refusals(&scene), ["draft-code", "mailbox-code"]);
}
