//! What was released to the members of a community, at its members.

use domain::handling::{Circle, Tlp};
use domain::organization::{OrganizationKind, Role};
use domain::part::{PartKind, Side, Subject};
use domain::reference::rubric::Bands;
use domain::report::Custody;
use domain::report::receipt::What;
use domain::severity::Reach;
use hub::ReadError;
use hub::dialogue::at_desk;
use hub::intake::{list, open, shared};
use hub::log::{proofs, verifier_key};
use hub::receipts::of;
use hub::triage::{RateError, opinions, rate};
use seal::tlog::note::NoteVerifier;

use crate::border::Case;
use crate::log::publish_all;
use crate::scene::incident;
use crate::search::subjects;

const SHARED: &str = "保守用の入口から入られた。";

fn case(custody: Custody) -> Case {
    let mut filing = incident(custody, "監視端末に不審な通信");
    filing.terms.circles = [Circle::Ministry, Circle::CeptoarMembers].into();
    filing.terms.tlp = Tlp::Green;
    Case::filed("kitahama", filing)
}

fn rows(case: &Case, name: &'static str, role: Role) -> usize {
    let actor = case.scene.actor(name, role);
    let page = shared(&case.scene.hub, &case.scene.call(&actor), None).unwrap();
    page.rows.len()
}

#[test]
fn members_read_what_was_released_to_them_and_nothing_before() {
    for custody in [Custody::Named, Custody::Unnamed] {
        let case = case(custody);
        let members = ["kitahama", "minamino"];
        for name in members {
            assert_eq!(rows(&case, name, Role::DutyOfficer), 0, "{name}, before");
        }
        case.release_attack(SHARED);
        for name in members {
            let actor = case.scene.actor(name, Role::DutyOfficer);
            assert_eq!(rows(&case, name, Role::DutyOfficer), 1, "{name}");
            let opened = open(&case.scene.hub, &case.scene.call(&actor), case.report).unwrap();
            let parts: Vec<_> = opened
                .parts
                .iter()
                .map(|part| (part.kind, part.side))
                .collect();
            assert_eq!(parts, [(PartKind::Attack, Side::Outgoing)], "{name}");
            assert!(opened.head.at_relay.is_none() && opened.written_down.is_none());
        }
        assert_eq!(
            rows(&case, "aokawa", Role::DutyOfficer),
            0,
            "of another sector"
        );
        let strange = case.scene.actor("aokawa", Role::DutyOfficer);
        let opened = open(&case.scene.hub, &case.scene.call(&strange), case.report);
        assert!(matches!(opened, Err(ReadError::NotFound)));
    }
}

#[test]
fn a_member_takes_no_part_in_what_is_done_about_it() {
    let case = case(Custody::Named);
    case.release_attack(SHARED);
    let member = case.scene.actor("minamino", Role::DutyOfficer);
    let bands = Bands {
        users: Some("users-none".parse().unwrap()),
        ..Bands::default()
    };
    let call = || case.scene.call(&member);
    let hub = &case.scene.hub;
    // Its opinion would pass for that of the source, whom nobody names above the border.
    let rated = rate(hub, &call(), case.report, &bands, Reach::Readers);
    assert!(matches!(rated, Err(RateError::NotFound)));
    assert!(matches!(
        at_desk(hub, &call(), case.report),
        Err(ReadError::NotFound)
    ));
    assert!(matches!(list(hub, &call(), None), Err(ReadError::NotFound)));
    // What a desk makes of it may rest on parts that no member reads.
    let ministry = case.scene.actor("ministry", Role::Analyst);
    let above = case.scene.call(&ministry);
    rate(hub, &above, case.report, &bands, Reach::Readers).unwrap();
    assert_eq!(opinions(hub, &above, case.report).unwrap().len(), 1);
    assert!(matches!(
        opinions(hub, &call(), case.report),
        Err(ReadError::NotFound)
    ));
    let page = shared(hub, &call(), None).unwrap();
    assert_eq!(page.rows[0].severity, None);
}

#[test]
fn roles_without_a_hand_in_reports_read_none_that_was_shared() {
    let case = case(Custody::Named);
    case.release_attack(SHARED);
    for role in [Role::Staff, Role::Administrator] {
        let actor = case.scene.actor("minamino", role);
        let call = || case.scene.call(&actor);
        let listed = shared(&case.scene.hub, &call(), None);
        assert!(matches!(listed, Err(ReadError::NotFound)), "{role:?}");
        let opened = open(&case.scene.hub, &call(), case.report);
        assert!(matches!(opened, Err(ReadError::NotFound)), "{role:?}");
    }
}

#[test]
fn members_find_the_shared_words_and_no_others() {
    let case = case(Custody::Named);
    case.release_attack(SHARED);
    let id = Subject::Report(case.report);
    let member = case.scene.actor("minamino", Role::Officer);
    assert_eq!(subjects(&case.scene, &member, "保守用の入口"), [id]);
    assert!(subjects(&case.scene, &member, "不審な通信").is_empty());
    let strange = case.scene.actor("aokawa", Role::Officer);
    assert!(subjects(&case.scene, &strange, "保守用の入口").is_empty());
}

#[test]
fn a_source_learns_that_a_member_read_and_not_which() {
    let case = case(Custody::Named);
    case.release_attack(SHARED);
    let member = case.scene.actor("minamino", Role::Analyst);
    open(&case.scene.hub, &case.scene.call(&member), case.report).unwrap();
    let source = case.scene.actor("kitahama", Role::DutyOfficer);
    let became = of(&case.scene.hub, &case.scene.call(&source), case.report).unwrap();
    let reading = became.events.iter().find_map(|event| match &event.what {
        What::Read(reading) if reading.side == Side::Outgoing => Some(reading),
        _ => None,
    });
    assert_eq!(reading.unwrap().organization, OrganizationKind::Operator);

    publish_all(&case.scene);
    let key = NoteVerifier::parse(&verifier_key(&case.scene.hub).unwrap().unwrap()).unwrap();
    let report = case.report.to_string();
    let told: Vec<String> = proofs(&case.scene.hub, &case.scene.call(&source), &report)
        .unwrap()
        .iter()
        .map(|proof| proof.file.verify(&key).unwrap().opened.unwrap().payload)
        .map(|payload| String::from_utf8(payload).unwrap())
        .filter(|payload| payload.contains("\nmember=operator\n"))
        .collect();
    assert_eq!(told.len(), 1, "{told:?}");
    for hidden in [member.organization.to_string(), member.person.to_string()] {
        assert!(!told[0].contains(&hidden), "{told:?}");
    }
}
