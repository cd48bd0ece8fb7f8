//! What was released to the members of a community, at its members.

use domain::handling::{Circle, Tlp};
use domain::organization::{OrganizationKind, Role};
use domain::part::{PartKind, Side, Subject};
use domain::reference::rubric::Bands;
use domain::report::Custody;
use domain::report::receipt::What;
use domain::report::terms::{Access, Care};
use domain::report::update::WithdrawReason;
use domain::severity::Reach;
use domain::time::DAY_SECONDS;
use hub::ReadError;
use hub::dialogue::at_desk;
use hub::intake::{When, list, open, shared};
use hub::log::{proofs, verifier_key};
use hub::receipts::of;
use hub::triage::{RateError, opinions, rate};
use hub::update::terms::told;
use hub::update::{Holder, holders, withdraw};
use seal::tlog::note::NoteVerifier;

use crate::beside::logged;
use crate::border::Case;
use crate::log::publish_all;
use crate::own_handling::ask_of_all;
use crate::scene::incident;
use crate::search::subjects;

const SHARED: &str = "保守用の入口から入られた。";

fn case(custody: Custody) -> Case {
    shared_with(custody, Circle::CeptoarMembers)
}

fn shared_with(custody: Custody, circle: Circle) -> Case {
    let mut filing = incident(custody, "監視端末に不審な通信");
    filing.terms.circles = [Circle::Ministry, circle].into();
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

#[test]
fn a_source_is_told_that_a_member_read_and_never_which() {
    for custody in [Custody::Named, Custody::Unnamed] {
        let case = shared_with(custody, Circle::CrossSector);
        case.release_attack(SHARED);
        for _day in 0..2 {
            for name in ["minamino", "aokawa"] {
                let actor = case.scene.actor(name, Role::DutyOfficer);
                open(&case.scene.hub, &case.scene.call(&actor), case.report).unwrap();
            }
            case.scene.advance(DAY_SECONDS);
        }
        let mut marks = Vec::new();
        for (event, payload) in logged(&case.scene, case.report.to_string()) {
            for name in ["minamino", "aokawa"] {
                let id = case.scene.actor(name, Role::DutyOfficer).organization;
                assert!(!payload.contains(&id.to_string()), "{event}: {name}");
            }
            let lines = payload.lines().filter(|_| event == "part-read");
            marks.extend(lines.filter_map(|line| Some(line.strip_prefix("mark=")?.to_owned())));
        }
        assert_eq!(marks.len(), 4, "each of them on two days");
        marks.sort_unstable();
        marks.dedup();
        assert_eq!(marks.len(), 2, "and told apart");
    }
}

#[test]
fn members_are_told_when_it_is_narrowed_and_when_it_is_taken_back() {
    let case = case(Custody::Named);
    case.release_attack(SHARED);
    let (hub, id) = (&case.scene.hub, case.report);
    let source = case.source();
    let holders = holders(hub, &case.scene.call(&source), id).unwrap();
    assert!(
        holders
            .iter()
            .any(|one| matches!(one, Holder::Community(..))),
        "{holders:?}"
    );
    ask_of_all(&case, id, Care::Unseen, |asked| {
        asked.circles.remove(&Circle::CeptoarMembers);
    })
    .unwrap();
    let member = case.scene.actor("minamino", Role::DutyOfficer);
    assert_eq!(rows(&case, "minamino", Role::DutyOfficer), 0);
    let narrowed = told(hub, &case.scene.call(&member)).unwrap();
    assert_eq!(narrowed.len(), 1);
    assert_eq!(
        (narrowed[0].kind, narrowed[0].access),
        (PartKind::Attack, Access::Ended)
    );
    assert!(
        told(hub, &case.scene.call(&source)).unwrap().is_empty(),
        "it did so itself"
    );
    let strange = case.scene.actor("aokawa", Role::DutyOfficer);
    assert!(told(hub, &case.scene.call(&strange)).unwrap().is_empty());
}

#[test]
fn a_withdrawal_tells_members_the_day_and_no_moment() {
    let case = case(Custody::Named);
    case.release_attack(SHARED);
    let (hub, id) = (&case.scene.hub, case.report);
    let source = case.source();
    withdraw(hub, &case.scene.call(&source), id, WithdrawReason::Mistaken).unwrap();
    let member = case.scene.actor("minamino", Role::DutyOfficer);
    let listed = shared(hub, &case.scene.call(&member), None).unwrap();
    assert!(listed.rows[0].withdrawal.is_some());
    assert!(matches!(listed.rows[0].seen_at, When::Day(_)));
    let opened = open(hub, &case.scene.call(&member), id).unwrap();
    assert!(opened.parts.is_empty());
}
