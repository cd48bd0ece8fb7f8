//! Amending and tightening what was issued.

use std::collections::BTreeSet;

use domain::advisory::Progress;
use domain::advisory::amendment::Changed;
use domain::advisory::chosen::Chosen;
use domain::advisory::withdrawal::{Copies, Disposal, TightenFault, Tightening, Why};
use domain::handling::Tlp;
use domain::id::{AdvisoryId, OrganizationId};
use domain::organization::{Role, Tier};
use domain::part::field::Field;
use hub::ReadError;
use hub::acknowledge::{Answer, AnswerError, answer};
use hub::amend::{AmendError, amend, discard};
use hub::compose::{Writing, composition, propose, save};
use hub::inbox::open;
use hub::issue::{IssueError, issue};
use hub::tighten::{Stricter, TightenError, tighten_issued};
use hub::tombstone::{Cause, Found, confirm, find, list};
use store::delivery;

use crate::scene::Scene;
use crate::way_down::{alert, asking, issued, under_work, writing};

const KITAHAMA: &str = "kitahama";
const MINAMINO: &str = "minamino";

fn organization(scene: &Scene, name: &'static str) -> OrganizationId {
    scene.actor(name, Role::Staff).organization
}

/// `alert` with another action for the CISO.
pub(crate) fn reworded(scene: &Scene, action: &str) -> Writing {
    let first = alert(scene);
    asking(scene, first.chosen, action)
}

/// Amends the advisory with `writing` by two persons.
pub(crate) fn amended(scene: &Scene, id: AdvisoryId, writing: Writing) {
    let author = scene.actor("denryoku", Role::Analyst);
    let officer = scene.actor("denryoku", Role::Officer);
    amend(&scene.hub, &scene.call(&author), id).unwrap();
    save(
        &scene.hub,
        &scene.call(&author),
        Some(under_work(scene, id)),
        writing,
    )
    .unwrap();
    propose(&scene.hub, &scene.call(&author), id).unwrap();
    let version = composition(&scene.hub, &scene.call(&officer), id)
        .unwrap()
        .version;
    issue(&scene.hub, &scene.call(&officer), id, version).unwrap();
}

fn done(scene: &Scene, name: &'static str, id: AdvisoryId) {
    let duty = scene.actor(name, Role::DutyOfficer);
    let line = open(&scene.hub, &scene.call(&duty), id).unwrap().lines[0].id;
    answer(&scene.hub, &scene.call(&duty), id, line, Answer::Done).unwrap();
}

fn progress(scene: &Scene, name: &'static str, id: AdvisoryId) -> Progress {
    let duty = scene.actor(name, Role::DutyOfficer);
    open(&scene.hub, &scene.call(&duty), id).unwrap().lines[0].progress
}

#[test]
fn an_amendment_takes_two_persons_and_readers_keep_the_old_text_until_then() {
    let scene = Scene::new();
    let id = issued(&scene, alert(&scene));
    let author = scene.actor("denryoku", Role::Analyst);
    let officer = scene.actor("denryoku", Role::Officer);
    amend(&scene.hub, &scene.call(&officer), id).unwrap();
    let text = reworded(&scene, "装置を止める。");
    save(
        &scene.hub,
        &scene.call(&officer),
        Some(under_work(&scene, id)),
        text,
    )
    .unwrap();
    propose(&scene.hub, &scene.call(&officer), id).unwrap();
    let seen = composition(&scene.hub, &scene.call(&author), id).unwrap();
    let changes = seen.amendment.unwrap().changes;
    assert_eq!(changes, BTreeSet::from([Changed::Text(Field::ActionCiso)]));
    assert!(matches!(
        issue(&scene.hub, &scene.call(&officer), id, seen.version),
        Err(IssueError::SamePerson)
    ));
    let duty = scene.actor(KITAHAMA, Role::DutyOfficer);
    let read = open(&scene.hub, &scene.call(&duty), id).unwrap();
    assert_eq!(read.row.advisory.revision, 1);
    let foreign = scene.actor("suido", Role::Analyst);
    assert!(matches!(
        amend(&scene.hub, &scene.call(&foreign), id),
        Err(AmendError::NotFound)
    ));
    discard(&scene.hub, &scene.call(&officer), id).unwrap();
    assert!(composition(&scene.hub, &scene.call(&author), id).is_err());
}

#[test]
fn who_answered_is_asked_again_only_where_the_action_changed() {
    let scene = Scene::new();
    let id = issued(&scene, alert(&scene));
    done(&scene, KITAHAMA, id);
    scene.advance(60);
    let mut later = alert(&scene);
    later.dues = [(Tier::Ciso, scene.now.get().plus_seconds(9_000))].into();
    amended(&scene, id, later);
    assert_eq!(progress(&scene, KITAHAMA, id), Progress::Done);

    scene.advance(60);
    amended(&scene, id, reworded(&scene, "装置を止める。"));
    let duty = scene.actor(KITAHAMA, Role::DutyOfficer);
    let read = open(&scene.hub, &scene.call(&duty), id).unwrap();
    let line = &read.lines[0];
    assert_eq!(read.earlier[&line.id].progress, Progress::Done);
    assert!(line.settled_at.is_none());
    let last = read.revisions.last().unwrap();
    assert!(last.changed.contains(&Changed::Text(Field::ActionCiso)));
    assert_eq!(read.row.advisory.revision, 3);
}

#[test]
fn an_amendment_widens_no_terms_and_moves_no_report() {
    let scene = Scene::new();
    let id = issued(&scene, alert(&scene));
    let mut wider = reworded(&scene, "装置を止める。");
    wider.tlp = Tlp::Clear;
    amended(&scene, id, wider);
    let duty = scene.actor(KITAHAMA, Role::DutyOfficer);
    let read = open(&scene.hub, &scene.call(&duty), id).unwrap();
    assert_eq!(read.body.handling().tlp, Tlp::Amber);
}

#[test]
fn who_is_not_named_any_more_finds_a_tombstone() {
    let scene = Scene::new();
    let id = issued(&scene, alert(&scene));
    scene.advance(60);
    let kept = Chosen::Organization(organization(&scene, KITAHAMA), Tier::Ciso);
    amended(&scene, id, writing(&scene, [kept]));
    let duty = scene.actor(MINAMINO, Role::DutyOfficer);
    let Found::Tombstone(stone) = find(&scene.hub, &scene.call(&duty), id).unwrap() else {
        panic!("the text is still there");
    };
    assert_eq!(stone.cause, Cause::Amended);
    assert_eq!(progress(&scene, KITAHAMA, id), Progress::Opened);
}

fn stricter(tlp: Tlp, taken_out: impl IntoIterator<Item = OrganizationId>) -> Stricter {
    Stricter {
        tightening: Tightening {
            tlp,
            taken_out: taken_out.into_iter().collect(),
        },
        why: Why::Sensitive,
        copies: Copies::Delete,
    }
}

#[test]
fn tightening_takes_sight_at_once_and_leaves_a_tombstone() {
    let scene = Scene::new();
    let id = issued(&scene, alert(&scene));
    let duty = scene.actor(MINAMINO, Role::DutyOfficer);
    let line = open(&scene.hub, &scene.call(&duty), id).unwrap().lines[0].id;
    scene.advance(60);
    let officer = scene.actor("denryoku", Role::Officer);
    let out = organization(&scene, MINAMINO);
    let lost = tighten_issued(
        &scene.hub,
        &scene.call(&officer),
        id,
        stricter(Tlp::AmberStrict, [out]),
    )
    .unwrap();
    assert_eq!(lost, 1);
    assert!(matches!(
        open(&scene.hub, &scene.call(&duty), id),
        Err(ReadError::NotFound)
    ));
    assert!(matches!(
        answer(&scene.hub, &scene.call(&duty), id, line, Answer::Done),
        Err(AnswerError::Ended)
    ));
    let stones = list(&scene.hub, &scene.call(&duty)).unwrap();
    assert_eq!(
        stones[0].cause,
        Cause::Tightened(Why::Sensitive, Copies::Delete)
    );
    assert_eq!(stones[0].confirmed, None);
    confirm(&scene.hub, &scene.call(&duty), id, Disposal::Deleted).unwrap();
    let stones = list(&scene.hub, &scene.call(&duty)).unwrap();
    let said = stones[0].confirmed.as_ref().unwrap();
    assert_eq!(said.disposal, Disposal::Deleted);

    let kept = scene.actor(KITAHAMA, Role::DutyOfficer);
    let read = open(&scene.hub, &scene.call(&kept), id).unwrap();
    assert_eq!(read.body.handling().tlp, Tlp::AmberStrict);
    assert!(list(&scene.hub, &scene.call(&kept)).unwrap().is_empty());
    assert!(confirm(&scene.hub, &scene.call(&kept), id, Disposal::Deleted).is_err());
}

#[test]
fn handling_only_gets_stricter() {
    let scene = Scene::new();
    let id = issued(&scene, alert(&scene));
    let officer = scene.actor("denryoku", Role::Officer);
    for (change, fault) in [
        (stricter(Tlp::Green, []), "wider"),
        (stricter(Tlp::Amber, []), "same"),
        (stricter(Tlp::Red, []), "nobody"),
    ] {
        let refused = tighten_issued(&scene.hub, &scene.call(&officer), id, change);
        let Err(TightenError::Fault(found)) = refused else {
            panic!("tightened to something {fault}");
        };
        match fault {
            "wider" => assert!(matches!(found, TightenFault::Loosened(_))),
            "same" => assert_eq!(found, TightenFault::Nothing),
            _ => assert_eq!(found, TightenFault::ReachesNobody),
        }
    }
    let analyst = scene.actor("denryoku", Role::Analyst);
    let change = stricter(Tlp::AmberStrict, []);
    assert!(matches!(
        tighten_issued(&scene.hub, &scene.call(&analyst), id, change),
        Err(TightenError::NotFound)
    ));
}

#[test]
fn an_approval_given_before_tightening_does_not_widen_it_again() {
    let scene = Scene::new();
    let id = issued(&scene, alert(&scene));
    let author = scene.actor("denryoku", Role::Analyst);
    let officer = scene.actor("denryoku", Role::Officer);
    amend(&scene.hub, &scene.call(&author), id).unwrap();
    let text = reworded(&scene, "装置を止める。");
    save(
        &scene.hub,
        &scene.call(&author),
        Some(under_work(&scene, id)),
        text,
    )
    .unwrap();
    propose(&scene.hub, &scene.call(&author), id).unwrap();
    let version = composition(&scene.hub, &scene.call(&officer), id)
        .unwrap()
        .version;
    let change = stricter(Tlp::AmberStrict, []);
    tighten_issued(&scene.hub, &scene.call(&officer), id, change).unwrap();
    assert!(issue(&scene.hub, &scene.call(&officer), id, version).is_err());
    propose(&scene.hub, &scene.call(&author), id).unwrap();
    issue(&scene.hub, &scene.call(&officer), id, version + 1).unwrap();
    let duty = scene.actor(KITAHAMA, Role::DutyOfficer);
    let read = open(&scene.hub, &scene.call(&duty), id).unwrap();
    assert_eq!(read.body.handling().tlp, Tlp::AmberStrict);
}

#[test]
fn mail_that_tells_of_an_older_text_is_given_up() {
    let scene = Scene::new();
    let id = issued(&scene, alert(&scene));
    scene.advance(1);
    amended(&scene, id, reworded(&scene, "装置を止める。"));
    let rows = scene
        .store
        .read(move |reader| delivery::of_advisory(reader, id))
        .unwrap();
    let waiting = rows
        .iter()
        .filter(|row| row.tries.state == domain::advisory::delivery::DeliveryState::Waiting);
    assert!(waiting.clone().count() > 0);
    assert!(waiting.into_iter().all(|row| row.revision == 2));
}
