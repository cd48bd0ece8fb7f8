//! What was released to the members of a community, at its members.

use domain::handling::{Circle, Tlp};
use domain::organization::Role;
use domain::part::{PartKind, Side, Subject};
use domain::reference::rubric::Bands;
use domain::report::Custody;
use domain::severity::Reach;
use hub::ReadError;
use hub::dialogue::at_desk;
use hub::intake::{list, open, shared};
use hub::triage::{RateError, opinions, rate};

use crate::border::Case;
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
    // How others rated it, it reads with the text.
    let ministry = case.scene.actor("ministry", Role::Analyst);
    assert!(opinions(hub, &call(), case.report).unwrap().is_empty());
    let call_above = case.scene.call(&ministry);
    let above = rate(hub, &call_above, case.report, &bands, Reach::Readers);
    assert!(above.is_ok());
    assert_eq!(opinions(hub, &call(), case.report).unwrap().len(), 1);
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
