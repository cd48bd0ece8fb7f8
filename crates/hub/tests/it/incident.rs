//! Grouping: reversible, with who, when and why, and no word of what a reader may not see.

use std::collections::BTreeSet;

use domain::actor::Actor;
use domain::id::{IncidentId, ReportId};
use domain::organization::Role;
use domain::report::Custody;
use hub::ReadError;
use hub::incident::{
    Into, Name, Reason, Shown, Way, Why, alike, group, list, merge, of_report, show, ungroup,
};
use hub::submit::submit;

use crate::border::Case;
use crate::scene::{Scene, incident};

fn why(text: &str) -> Why {
    Why::parse(text).unwrap()
}

fn named(text: &str) -> Into {
    Into::New(Name::parse(text).unwrap())
}

fn report(scene: &Scene, name: &'static str, narrative: &str) -> ReportId {
    let source = scene.actor(name, Role::DutyOfficer);
    let filing = incident(Custody::Named, narrative);
    let receipt = submit(&scene.hub, &scene.call(&source), filing).unwrap();
    receipt.report
}

fn shown(scene: &Scene, actor: &Actor, id: IncidentId) -> Result<Shown, ReadError> {
    show(&scene.hub, &scene.call(actor), id)
}

fn members(shown: &Shown) -> Vec<ReportId> {
    shown.members.iter().map(|member| member.head.id).collect()
}

#[test]
fn reports_are_put_in_and_taken_out_with_who_and_why() {
    let scene = Scene::new();
    let first = report(&scene, "kitahama", "端末から不審な通信");
    scene.advance(60);
    let second = report(&scene, "minamino", "同じ保守業者の端末");
    let analyst = scene.actor("denryoku", Role::Analyst);
    let id = group(
        &scene.hub,
        &scene.call(&analyst),
        vec![first, second],
        named("保守業者経由"),
        why("同じ業者"),
    )
    .unwrap();
    let seen = shown(&scene, &analyst, id).unwrap();
    assert_eq!(members(&seen), [second, first], "newest first");
    assert_eq!(seen.name.content().as_str(), "保守業者経由");

    scene.advance(60);
    ungroup(&scene.hub, &scene.call(&analyst), id, first, why("別の件")).unwrap();
    let again = ungroup(
        &scene.hub,
        &scene.call(&analyst),
        id,
        first,
        why("もう一度"),
    );
    assert!(matches!(again, Err(ReadError::NotFound)));
    let seen = shown(&scene, &analyst, id).unwrap();
    assert_eq!(members(&seen), [second]);
    let last = seen.steps.last().unwrap();
    assert_eq!((last.way, last.head.id), (Way::Out, first));
    assert_eq!(last.why.as_ref().unwrap().content().as_str(), "別の件");
    assert_eq!(last.person.as_ref().unwrap().content(), "analyst");

    scene.advance(60);
    let back = group(
        &scene.hub,
        &scene.call(&analyst),
        vec![first],
        Into::Existing(id),
        why("やはり同じ"),
    );
    assert_eq!(back.unwrap(), id);
    assert_eq!(members(&shown(&scene, &analyst, id).unwrap()).len(), 2);
    let held = of_report(&scene.hub, &scene.call(&analyst), first).unwrap();
    assert_eq!(held.len(), 1);
}

#[test]
fn a_grouping_is_the_desks_own() {
    let case = Case::new(Custody::Named);
    case.release("監視用の端末から、夜に外への通信があった。");
    let scene = &case.scene;
    let group_as = |actor: &Actor, report| {
        let into = named("まとまり");
        group(
            &scene.hub,
            &scene.call(actor),
            vec![report],
            into,
            why("理由"),
        )
    };
    let id = group_as(&case.analyst, case.report).unwrap();
    let duty = scene.actor("denryoku", Role::DutyOfficer);
    assert!(shown(scene, &duty, id).is_ok(), "a colleague reads it");
    assert!(group_as(&duty, case.report).is_err(), "and does not group");
    // The center reads the same report and learns nothing of it.
    let center = scene.actor("center", Role::Analyst);
    assert!(matches!(
        shown(scene, &center, id),
        Err(ReadError::NotFound)
    ));
    assert!(list(&scene.hub, &scene.call(&center)).unwrap().is_empty());
    let held = of_report(&scene.hub, &scene.call(&center), case.report);
    assert!(held.unwrap().is_empty());
    let into = Into::Existing(id);
    let reports = vec![case.report];
    let joined = group(&scene.hub, &scene.call(&center), reports, into, why("x"));
    assert!(matches!(joined, Err(ReadError::NotFound)));
    // What the rival desk may not see it cannot group.
    let rival = scene.actor("suido", Role::Analyst);
    assert!(matches!(
        group_as(&rival, case.report),
        Err(ReadError::NotFound)
    ));
    let source = scene.actor("kitahama", Role::DutyOfficer);
    assert!(matches!(
        shown(scene, &source, id),
        Err(ReadError::NotFound)
    ));
}

#[test]
fn another_purpose_sees_neither_members_nor_incident() {
    let scene = Scene::new();
    let first = report(&scene, "kitahama", "端末");
    let analyst = scene.actor("denryoku", Role::Analyst);
    let reports = vec![first];
    let id = group(
        &scene.hub,
        &scene.call(&analyst),
        reports,
        named("名"),
        why("由"),
    )
    .unwrap();
    let mut otherwise = analyst.clone();
    otherwise.purpose = "statistics".parse().unwrap();
    assert!(matches!(
        shown(&scene, &otherwise, id),
        Err(ReadError::NotFound)
    ));
    assert!(
        list(&scene.hub, &scene.call(&otherwise))
            .unwrap()
            .is_empty()
    );
}

#[test]
fn a_hidden_member_changes_nothing_that_is_told() {
    let told = |hidden: bool| {
        let scene = Scene::new();
        let first = report(&scene, "kitahama", "端末");
        let second = report(&scene, "kitahama", "端末二");
        let analyst = scene.actor("denryoku", Role::Analyst);
        let reports = if hidden {
            vec![first, second]
        } else {
            vec![first]
        };
        let id = group(
            &scene.hub,
            &scene.call(&analyst),
            reports,
            named("名"),
            why("由"),
        )
        .unwrap();
        // The second is withheld from everybody.
        let stamp = store::Stamp {
            name: "test.end",
            now: scene.now.get(),
            random: scene.random(),
        };
        let ended = scene.store.write(stamp, move |tx| {
            store::part::end_grants(tx, domain::part::Subject::Report(second))
        });
        ended.unwrap();
        scene.advance(1);
        let seen = shown(&scene, &analyst, id).unwrap();
        let listed = list(&scene.hub, &scene.call(&analyst)).unwrap();
        let suggested = alike(&scene.hub, &scene.call(&analyst), first).unwrap();
        (
            seen.members.len(),
            seen.steps.len(),
            listed[0].member_count,
            suggested.len(),
        )
    };
    assert_eq!(told(true), told(false));
    assert_eq!(told(true), (1, 1, 1, 0));
}

#[test]
fn two_incidents_become_one_and_both_remember() {
    let scene = Scene::new();
    let first = report(&scene, "kitahama", "端末");
    let second = report(&scene, "minamino", "端末");
    let analyst = scene.actor("denryoku", Role::Analyst);
    let begun = |report| {
        let into = named("名");
        group(
            &scene.hub,
            &scene.call(&analyst),
            vec![report],
            into,
            why("由"),
        )
        .unwrap()
    };
    let (one, other) = (begun(first), begun(second));
    scene.advance(60);
    merge(&scene.hub, &scene.call(&analyst), other, one, why("同じ")).unwrap();
    assert_eq!(members(&shown(&scene, &analyst, one).unwrap()).len(), 2);
    let left = shown(&scene, &analyst, other).unwrap();
    assert!(left.members.is_empty());
    assert_eq!(left.steps.len(), 2);
    let listed = list(&scene.hub, &scene.call(&analyst)).unwrap();
    assert_eq!(listed.len(), 1, "what holds nothing is not listed");
    let same = merge(&scene.hub, &scene.call(&analyst), one, one, why("同じ"));
    assert!(matches!(same, Err(ReadError::NotFound)));
}

#[test]
fn alike_are_those_with_the_same_address_or_sector_kind_and_day() {
    let scene = Scene::new();
    let first = report(&scene, "kitahama", "198.51.100[.]7 へ通信");
    let second = report(&scene, "minamino", "198.51.100.7 を遮断");
    report(&scene, "aokawa", "198.51.100.7 を検知");
    scene.advance(3 * domain::time::DAY_SECONDS);
    let third = report(&scene, "kitahama", "198.51.100.7 がまた");
    report(&scene, "kitahama", "10.0.0.1 だけ");
    let analyst = scene.actor("denryoku", Role::Analyst);
    let found = alike(&scene.hub, &scene.call(&analyst), first).unwrap();
    let address = Reason::Indicator("198.51.100.7".to_owned());
    let reasons = |id: ReportId| {
        let one = found.iter().find(|one| one.head.id == id);
        one.map(|one| one.reasons.clone())
    };
    assert_eq!(
        reasons(second),
        Some(BTreeSet::from([address.clone(), Reason::SectorKindDay]))
    );
    assert_eq!(reasons(third), Some(BTreeSet::from([address])));
    assert_eq!(found.len(), 2, "neither the rival's nor the unlike one");
    assert_eq!(found[0].head.id, second, "most reasons first");
    let rival = scene.actor("suido", Role::Analyst);
    let hidden = alike(&scene.hub, &scene.call(&rival), first);
    assert!(matches!(hidden, Err(ReadError::NotFound)));
}
