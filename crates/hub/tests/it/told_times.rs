//! How closely desks are told when a report came or was taken back, and what a cursor tells.

use domain::actor::Actor;
use domain::organization::Role;
use domain::report::Custody;
use domain::report::near_miss::Scope;
use domain::report::update::WithdrawReason;
use domain::time::Timestamp;
use hub::ReadError;
use hub::intake::{Cursor, PAGE_ROWS, When, list};
use hub::near_miss::submit;
use hub::update::withdraw;

use crate::border::Case;
use crate::near_miss::{key, near_miss};
use crate::scene::Scene;

/// What the only row of the actor's list tells.
fn only(scene: &Scene, actor: &Actor) -> When {
    let page = list(&scene.hub, &scene.call(actor), None).unwrap();
    assert_eq!(page.rows.len(), 1);
    page.rows[0].seen_at
}

fn day(at: Timestamp) -> When {
    When::Day(Timestamp::start_of_day_in_japan(at.day_in_japan()))
}

fn near_misses(scene: &Scene, scope: Scope, count: u32) {
    let source = scene.actor("kitahama", Role::DutyOfficer);
    for number in 0..count {
        scene.advance(60);
        let (told, page) = (near_miss(scope, "x"), number.to_string());
        let key = key(u8::try_from(number).unwrap());
        submit(&scene.hub, &scene.call(&source), told, key.sent(page)).unwrap();
    }
}

#[test]
fn a_near_miss_without_a_name_comes_on_a_day() {
    for (scope, named) in [(Scope::Unnamed, false), (Scope::Named, true)] {
        let scene = Scene::new();
        near_misses(&scene, scope, 1);
        let relay = scene.actor("denryoku", Role::Analyst);
        let now = scene.now.get();
        let told = if named { When::Moment(now) } else { day(now) };
        assert_eq!(only(&scene, &relay), told);
    }
}

#[test]
fn a_source_takes_back_on_a_day_where_nobody_knows_its_name() {
    for custody in [Custody::Unnamed, Custody::Named] {
        let case = Case::new(custody);
        case.release("監視用の端末から、夜に外への通信があった。");
        let scene = &case.scene;
        let ministry = scene.actor("ministry", Role::Analyst);
        // Above the border it is there since its release, which the relay decided.
        assert_eq!(only(scene, &ministry), When::Moment(scene.now.get()));
        scene.advance(3 * 3_600 + 25);
        let source = scene.actor("kitahama", Role::DutyOfficer);
        let call = scene.call(&source);
        withdraw(&scene.hub, &call, case.claim(), WithdrawReason::Mistaken).unwrap();
        let now = scene.now.get();
        // Above the border a named source has no name either.
        assert_eq!(only(scene, &ministry), day(now), "{custody:?}");
        let at_relay = match custody {
            Custody::Named => When::Moment(now),
            Custody::Unnamed | Custody::Stripped => day(now),
        };
        let relay = scene.actor("denryoku", Role::Analyst);
        assert_eq!(only(scene, &relay), at_relay, "{custody:?}");
    }
}

#[test]
fn a_cursor_tells_nothing_and_opens_for_its_reader_alone() {
    let scene = Scene::new();
    near_misses(&scene, Scope::Unnamed, PAGE_ROWS + 1);
    let relay = scene.actor("denryoku", Role::Analyst);
    let page = list(&scene.hub, &scene.call(&relay), None).unwrap();
    let next = page.next.unwrap();
    let text = next.to_string();
    // The second but last row came a minute after the first of all.
    let last_came_at = scene.now.get().plus_seconds(-60 * i64::from(PAGE_ROWS - 1));
    for known in [
        last_came_at.micros().to_string(),
        format!("{:x}", last_came_at.micros()),
        page.rows.last().unwrap().head.id.to_string(),
    ] {
        assert!(!text.contains(&known), "{known}");
    }
    let carried: Cursor = text.parse().unwrap();
    let on = |actor: &Actor, from| list(&scene.hub, &scene.call(actor), Some(from));
    let rest = on(&relay, &carried).unwrap();
    assert_eq!((rest.rows.len(), rest.next), (1, None));

    let colleague = scene.actor("denryoku", Role::Officer);
    let answer = on(&colleague, &carried);
    assert!(matches!(answer, Err(ReadError::NotFound)));
    let digit = if text.ends_with('0') { '1' } else { '0' };
    let mut changed = text.clone();
    changed.pop();
    changed.push(digit);
    let answer = on(&relay, &changed.parse().unwrap());
    assert!(matches!(answer, Err(ReadError::NotFound)));
    let made_up = format!("{}.{}", last_came_at.micros(), page.rows[0].head.id);
    assert!(made_up.parse::<Cursor>().is_err());
}
