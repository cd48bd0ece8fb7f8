use std::collections::BTreeSet;

use domain::actor::Actor;
use domain::id::{AdvisoryId, PersonId};
use domain::organization::Role;
use domain::roster::{Fate, Span};
use domain::time::{DAY_SECONDS, Timestamp};
use hub::ReadError;
use hub::inbox::open;
use hub::roster::{
    NewTurn, Planning, TakingOver, add, drop_turn, plan, planned, planned_turns, set_deputy, show,
    take_over,
};
use store::StoreError;

use crate::amend::{amended, reworded};
use crate::scene::Scene;
use crate::way_down::{alert, issued};

const HOUR: i64 = 3_600;

/// A turn of `actor` from and until so many hours from now.
fn turn(scene: &Scene, actor: &Actor, from: i64, until: i64) -> NewTurn {
    let hour = |hours: i64| scene.now.get().plus_seconds(hours * HOUR);
    NewTurn {
        membership: actor.membership,
        span: Span::new(hour(from), hour(until)).unwrap(),
    }
}

/// Who was told of the line for kitahama.
fn told(scene: &Scene, id: AdvisoryId) -> BTreeSet<PersonId> {
    told_of(scene, id, 1)
}

fn told_of(scene: &Scene, id: AdvisoryId, revision: u32) -> BTreeSet<PersonId> {
    let reader = scene.actor("kitahama", Role::DutyOfficer);
    let line = open(&scene.hub, &scene.call(&reader), id).unwrap().lines[0].id;
    scene
        .store
        .read::<_, StoreError>(move |reader| store::delivery::told(reader, line, revision))
        .unwrap()
        .into_iter()
        .collect()
}

fn on_duty_now(scene: &Scene, actor: &Actor) -> Vec<domain::id::MembershipId> {
    let now = scene.now.get();
    let roster = show(&scene.hub, &scene.call(actor)).unwrap();
    let current = roster.turns.iter().filter(|turn| turn.span.covers(now));
    current.map(|turn| turn.membership).collect()
}

#[test]
fn an_advisory_goes_to_whoever_is_on_duty_then_to_the_deputy_then_on() {
    let scene = Scene::new();
    let run = scene.actor("kitahama", Role::Administrator);
    let duty = scene.actor("kitahama", Role::DutyOfficer);
    let deputy = scene.actor("kitahama", Role::Officer);
    let wanted = vec![turn(&scene, &duty, -1, 15)];
    plan(&scene.hub, &scene.call(&run), wanted).unwrap();
    set_deputy(
        &scene.hub,
        &scene.call(&run),
        deputy.membership,
        Some(duty.membership),
    )
    .unwrap();

    let id = issued(&scene, alert(&scene));
    assert_eq!(
        told(&scene, id),
        [duty.person].into(),
        "the one on duty alone"
    );
    scene.advance(HOUR + 1);
    let escalate = || hub::escalate::due(&scene.hub, scene.now.get(), scene.random()).unwrap();
    escalate();
    assert_eq!(told(&scene, id), [duty.person, deputy.person].into());
    scene.advance(HOUR / 2);
    escalate();
    let all = told(&scene, id);
    assert_eq!(all.len(), 3, "then the next of the tier");
    let run = scene.actor("kitahama", Role::Administrator);
    assert!(
        !all.contains(&run.person),
        "who answers nothing is not called"
    );
}

#[test]
fn an_amendment_runs_its_own_call_list_from_its_own_time() {
    let scene = Scene::new();
    let run = scene.actor("kitahama", Role::Administrator);
    let duty = scene.actor("kitahama", Role::DutyOfficer);
    let wanted = vec![turn(&scene, &duty, -1, 100)];
    plan(&scene.hub, &scene.call(&run), wanted).unwrap();
    let id = issued(&scene, alert(&scene));
    let escalate = || hub::escalate::due(&scene.hub, scene.now.get(), scene.random()).unwrap();
    scene.advance(HOUR + 1);
    escalate();
    let first = told_of(&scene, id, 1);
    assert_eq!(first.len(), 2, "one was called in");

    scene.advance(20 * HOUR);
    amended(&scene, id, reworded(&scene, "装置を止める。"));
    escalate();
    assert_eq!(
        told_of(&scene, id, 2),
        [duty.person].into(),
        "time to act has only begun"
    );
    scene.advance(HOUR + 1);
    escalate();
    assert_eq!(told_of(&scene, id, 2), first, "the same one is called in");
}

#[test]
fn without_a_roster_the_whole_tier_is_told() {
    let scene = Scene::new();
    let id = issued(&scene, alert(&scene));
    assert!(told(&scene, id).len() > 1);
}

#[test]
fn a_turn_of_tomorrow_is_not_one_of_now() {
    let scene = Scene::new();
    let run = scene.actor("kitahama", Role::Administrator);
    let duty = scene.actor("kitahama", Role::DutyOfficer);
    let wanted = vec![turn(&scene, &duty, 20, 30)];
    plan(&scene.hub, &scene.call(&run), wanted).unwrap();
    let id = issued(&scene, alert(&scene));
    assert!(
        told(&scene, id).len() > 1,
        "a turn of tomorrow is not one of now"
    );
}

#[test]
fn one_press_takes_the_duty_over() {
    let scene = Scene::new();
    let run = scene.actor("kitahama", Role::Administrator);
    let duty = scene.actor("kitahama", Role::DutyOfficer);
    let other = scene.actor("kitahama", Role::Analyst);
    let wanted = vec![turn(&scene, &duty, -1, 15)];
    plan(&scene.hub, &scene.call(&run), wanted).unwrap();
    let before = show(&scene.hub, &scene.call(&other)).unwrap();
    assert_eq!(before.planning, Planning::ReadOnly);
    assert_eq!(before.taking_over, TakingOver::Possible);
    let current = before.turns[0];

    take_over(&scene.hub, &scene.call(&other), Some(current.id)).unwrap();
    assert_eq!(on_duty_now(&scene, &other), [other.membership]);
    let after = show(&scene.hub, &scene.call(&other)).unwrap();
    assert_eq!(after.turns.len(), 2, "what was done stays on the roster");
    assert_eq!(after.turns[1].span.ends_at, current.span.ends_at);
    assert!(after.overlaps.is_empty());
    let again = take_over(&scene.hub, &scene.call(&duty), Some(current.id));
    assert!(matches!(again, Err(ReadError::NotFound)), "it has ended");
    take_over(&scene.hub, &scene.call(&other), Some(after.turns[1].id)).unwrap();
    assert_eq!(
        on_duty_now(&scene, &other),
        [other.membership],
        "pressed twice"
    );
}

#[test]
fn whoever_takes_over_an_empty_roster_has_it_until_the_next_turn() {
    let scene = Scene::new();
    let run = scene.actor("kitahama", Role::Administrator);
    let duty = scene.actor("kitahama", Role::DutyOfficer);
    let other = scene.actor("kitahama", Role::Officer);
    take_over(&scene.hub, &scene.call(&other), None).unwrap();
    let roster = show(&scene.hub, &scene.call(&other)).unwrap();
    let ends_at = roster.turns[0].span.ends_at;
    assert_eq!(ends_at.seconds_since(scene.now.get()), 12 * HOUR);

    let scene2 = Scene::new();
    let wanted = vec![turn(&scene2, &duty, 5, 15)];
    plan(&scene2.hub, &scene2.call(&run), wanted).unwrap();
    take_over(&scene2.hub, &scene2.call(&other), None).unwrap();
    let roster = show(&scene2.hub, &scene2.call(&other)).unwrap();
    assert_eq!(roster.turns[0].span.ends_at, roster.turns[1].span.starts_at);
    assert_eq!(on_duty_now(&scene2, &other), [other.membership]);
}

#[test]
fn gaps_and_overlaps_are_told_for_the_fortnight() {
    let scene = Scene::new();
    let run = scene.actor("kitahama", Role::Administrator);
    let duty = scene.actor("kitahama", Role::DutyOfficer);
    let other = scene.actor("kitahama", Role::Officer);
    // The scene begins at 9:00 in Japan, so the page at midnight nine hours before.
    let empty = show(&scene.hub, &scene.call(&run)).unwrap();
    let midnight = scene.now.get().plus_seconds(-9 * HOUR);
    assert_eq!(empty.shown.starts_at, midnight);
    assert_eq!(empty.gaps.len(), 1);
    assert_eq!(empty.planning, Planning::Allowed);
    assert_eq!(empty.taking_over, TakingOver::Impossible);
    let names: Vec<Role> = empty.people.iter().map(|person| person.role).collect();
    assert!(names.contains(&Role::DutyOfficer) && !names.contains(&Role::Auditor));

    let wanted = vec![
        turn(&scene, &duty, 0, 24),
        turn(&scene, &other, 20, 48),
        turn(&scene, &duty, 50, 24 * 20),
    ];
    plan(&scene.hub, &scene.call(&run), wanted).unwrap();
    let roster = show(&scene.hub, &scene.call(&run)).unwrap();
    let hours = |span: Span| {
        let from = |at: Timestamp| at.seconds_since(scene.now.get()) / HOUR;
        (from(span.starts_at), from(span.ends_at))
    };
    let gaps: Vec<_> = roster.gaps.iter().map(|gap| hours(*gap)).collect();
    assert_eq!(gaps, [(48, 50)]);
    let both: Vec<_> = roster
        .overlaps
        .iter()
        .map(|both| hours(both.span))
        .collect();
    assert_eq!(both, [(20, 24)]);
}

#[test]
fn a_table_read_in_twice_changes_nothing_and_a_changed_one_its_own_days() {
    let scene = Scene::new();
    let run = scene.actor("kitahama", Role::Administrator);
    let duty = scene.actor("kitahama", Role::DutyOfficer);
    let other = scene.actor("kitahama", Role::Officer);
    let mut wanted = vec![turn(&scene, &duty, 1, 12), turn(&scene, &duty, 12, 24)];
    let dry = planned(&scene.hub, &scene.call(&run), &wanted).unwrap();
    assert_eq!(dry.fates, [Fate::Added, Fate::Added]);
    assert!(
        planned_turns(&scene.hub, &scene.call(&run))
            .unwrap()
            .is_empty()
    );
    plan(&scene.hub, &scene.call(&run), wanted.clone()).unwrap();
    let again = plan(&scene.hub, &scene.call(&run), wanted.clone()).unwrap();
    assert_eq!(again.fates, [Fate::Unchanged, Fate::Unchanged]);

    wanted[1].membership = other.membership;
    let changed = plan(&scene.hub, &scene.call(&run), wanted).unwrap();
    assert_eq!(changed.fates, [Fate::Unchanged, Fate::Added]);
    assert_eq!(changed.dropped.len(), 1);
    let turns = planned_turns(&scene.hub, &scene.call(&run)).unwrap();
    let places: Vec<_> = turns.iter().map(|turn| turn.membership).collect();
    assert_eq!(places, [duty.membership, other.membership]);

    drop_turn(&scene.hub, &scene.call(&run), turns[1].id).unwrap();
    add(&scene.hub, &scene.call(&run), turn(&scene, &other, 30, 40)).unwrap();
    let past = add(&scene.hub, &scene.call(&run), turn(&scene, &other, -9, -1));
    assert!(matches!(past, Err(ReadError::NotFound)));
}

#[test]
fn nobody_reaches_into_another_organizations_roster() {
    let scene = Scene::new();
    let run = scene.actor("kitahama", Role::Administrator);
    let duty = scene.actor("kitahama", Role::DutyOfficer);
    let rival = scene.actor("minamino", Role::Administrator);
    let rival_duty = scene.actor("minamino", Role::DutyOfficer);
    let auditor = scene.actor("kitahama", Role::Auditor);
    plan(
        &scene.hub,
        &scene.call(&run),
        vec![turn(&scene, &duty, -1, 15)],
    )
    .unwrap();
    let own = show(&scene.hub, &scene.call(&run)).unwrap().turns[0];

    let theirs = show(&scene.hub, &scene.call(&rival)).unwrap();
    assert!(theirs.turns.is_empty());
    let nothing = |outcome: Result<(), ReadError>| matches!(outcome, Err(ReadError::NotFound));
    assert!(nothing(take_over(
        &scene.hub,
        &scene.call(&rival_duty),
        Some(own.id)
    )));
    assert!(nothing(drop_turn(&scene.hub, &scene.call(&rival), own.id)));
    let foreign = vec![turn(&scene, &duty, 1, 2)];
    assert!(plan(&scene.hub, &scene.call(&rival), foreign).is_err());
    assert!(nothing(set_deputy(
        &scene.hub,
        &scene.call(&rival),
        rival_duty.membership,
        Some(duty.membership)
    )));
    assert!(nothing(add(
        &scene.hub,
        &scene.call(&duty),
        turn(&scene, &duty, 1, 2)
    )));
    assert!(show(&scene.hub, &scene.call(&auditor)).is_err());
    assert!(nothing(take_over(&scene.hub, &scene.call(&run), None)));
    let unable = vec![turn(&scene, &auditor, 1, 2)];
    assert!(plan(&scene.hub, &scene.call(&run), unable).is_err());
    scene.advance(DAY_SECONDS);
    assert_eq!(on_duty_now(&scene, &duty), []);
}
