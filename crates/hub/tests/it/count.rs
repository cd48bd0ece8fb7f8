use std::collections::BTreeMap;

use domain::actor::Actor;
use domain::count::{Counts, Period, Quarter, SETTLE_DAYS};
use domain::organization::{OrganizationKind, Role};
use domain::statistic::Figure;
use domain::text::BoundedText;
use domain::time::{DAY_SECONDS, Timestamp};
use hub::ReadError;
use hub::count::{CountError, board, send, settle};
use hub::set_up::{Authority, Installer, NewOrganization, SetUp, create_organizations};

use crate::scene::Scene;

/// The week of the scene's first day, Thursday 2026-10-01, begins in the quarter before.
const FIRST_WEEK: &str = "week:2026-09-28";
const SECOND_WEEK: &str = "week:2026-10-05";
const MONTH: &str = "month:2026-10-01";

fn counts(kind: &str, count: u32) -> Counts {
    BTreeMap::from([(kind.parse().unwrap(), count)])
}

fn period(text: &str) -> Period {
    text.parse().unwrap()
}

fn counted(scene: &Scene, actor: &Actor, text: &str) -> Option<Counts> {
    let found = board(&scene.hub, &scene.call(actor), period(text)).unwrap();
    found.counted
}

/// Five more operators at the CEPTOAR of `kitahama`.
fn more_operators(scene: &Scene, like: &Actor) -> Vec<Actor> {
    let relay = scene.actor("denryoku", Role::Officer).organization;
    let new = |number: u8| NewOrganization {
        kind: OrganizationKind::Operator,
        name_ja: BoundedText::parse(&format!("架空電力{number}")).unwrap(),
        name_en: BoundedText::parse(&format!("Fictional Power {number}")).unwrap(),
        sector: None,
        ceptoar: None,
        prefecture: None,
        reports_to: Some(relay),
        known_names: vec![],
    };
    let installer = Installer::local_console();
    let set_up = SetUp {
        authority: Authority::Console(&installer),
        now: scene.now.get(),
        random: scene.random(),
    };
    let made = create_organizations(&scene.hub, &set_up, (0..5).map(new).collect()).unwrap();
    made.into_iter()
        .map(|organization| Actor {
            organization,
            ..like.clone()
        })
        .collect()
}

#[test]
fn counting_again_replaces_and_zero_is_an_answer() {
    let scene = Scene::new();
    let clerk = scene.actor("kitahama", Role::Staff);
    assert_eq!(counted(&scene, &clerk, FIRST_WEEK), None);
    let tell = |counts| send(&scene.hub, &scene.call(&clerk), period(FIRST_WEEK), counts);
    tell(Counts::new()).unwrap();
    let zero = counted(&scene, &clerk, FIRST_WEEK).unwrap();
    assert_eq!((zero.len(), zero.values().sum::<u32>()), (8, 0));
    tell(counts("slip", 3)).unwrap();
    tell(counts("open-hole", 2)).unwrap();
    let now = counted(&scene, &clerk, FIRST_WEEK).unwrap();
    assert_eq!((now["slip"], now["open-hole"]), (0, 2));
    let rival = scene.actor("minamino", Role::Staff);
    assert_eq!(counted(&scene, &rival, FIRST_WEEK), None);
}

#[test]
fn a_month_takes_the_place_of_its_weeks() {
    let scene = Scene::new();
    let clerk = scene.actor("kitahama", Role::Staff);
    scene.advance(10 * DAY_SECONDS);
    let tell = |text, counts| send(&scene.hub, &scene.call(&clerk), period(text), counts);
    tell(SECOND_WEEK, counts("slip", 1)).unwrap();
    tell(MONTH, counts("slip", 4)).unwrap();
    assert_eq!(counted(&scene, &clerk, SECOND_WEEK), None);
    assert!(matches!(
        tell(SECOND_WEEK, counts("slip", 1)),
        Err(CountError::MonthCounted)
    ));
    assert_eq!(counted(&scene, &clerk, MONTH).unwrap()["slip"], 4);
}

#[test]
fn only_open_periods_known_kinds_and_believable_numbers_are_taken() {
    let scene = Scene::new();
    let clerk = scene.actor("kitahama", Role::Staff);
    let tell = |text, counts| send(&scene.hub, &scene.call(&clerk), period(text), counts);
    assert!(matches!(
        tell(SECOND_WEEK, Counts::new()),
        Err(CountError::Closed)
    ));
    assert!(matches!(
        tell("month:2026-06-01", Counts::new()),
        Err(CountError::Closed)
    ));
    for wrong in [counts("no-such-kind", 1), counts("slip", 1_000)] {
        assert!(matches!(tell(FIRST_WEEK, wrong), Err(CountError::Wrong(_))));
    }
    let relay = scene.actor("denryoku", Role::Officer);
    let refused = send(
        &scene.hub,
        &scene.call(&relay),
        period(FIRST_WEEK),
        Counts::new(),
    );
    assert!(matches!(refused, Err(CountError::NotFound)));
    let looked = board(&scene.hub, &scene.call(&relay), period(FIRST_WEEK));
    assert!(matches!(looked, Err(ReadError::NotFound)));
}

#[test]
fn after_settling_five_are_counted_and_none_is_named() {
    let scene = Scene::new();
    let clerk = scene.actor("kitahama", Role::Staff);
    let others = more_operators(&scene, &clerk);
    let quarter: Quarter = period(SECOND_WEEK).quarter();
    scene.advance(10 * DAY_SECONDS);
    send(
        &scene.hub,
        &scene.call(&clerk),
        period(SECOND_WEEK),
        counts("slip", 2),
    )
    .unwrap();
    for other in &others {
        let told = counts("slip", 1);
        send(&scene.hub, &scene.call(other), period(SECOND_WEEK), told).unwrap();
    }
    let told = counts("lost-item", 1);
    send(&scene.hub, &scene.call(&others[0]), period(MONTH), told).unwrap();
    let before = board(&scene.hub, &scene.call(&clerk), period(SECOND_WEEK)).unwrap();
    assert!(
        before
            .figures
            .values()
            .all(|figure| *figure == Figure::Withheld)
    );
    let settled = |now: Timestamp| settle(&scene.hub, now, &scene.random()).unwrap();
    assert_eq!(settled(scene.now.get()), 0);

    let end = quarter.settles_at();
    scene.advance(end.seconds_since(scene.now.get()));
    assert_eq!(settled(end), 1);
    assert_eq!(settled(end), 0);
    let after = board(&scene.hub, &scene.call(&clerk), period(SECOND_WEEK)).unwrap();
    assert_eq!(after.quarter, quarter);
    // The source itself is not found any more: nobody is.
    assert_eq!(after.counted, None);
    let figure = |kind: &str| after.figures[kind];
    assert_eq!(figure("slip"), Figure::Shown(6));
    assert_eq!(figure("lost-item"), Figure::Withheld);
    assert_eq!(figure("malware-found"), Figure::Withheld);
    assert_eq!(after.total, Figure::Withheld);
    let refused = send(
        &scene.hub,
        &scene.call(&clerk),
        period(SECOND_WEEK),
        Counts::new(),
    );
    assert!(matches!(refused, Err(CountError::Closed)));
}

#[test]
fn the_own_chart_goes_back_as_far_as_the_keys_do() {
    let scene = Scene::new();
    let clerk = scene.actor("kitahama", Role::Staff);
    send(
        &scene.hub,
        &scene.call(&clerk),
        period(FIRST_WEEK),
        counts("slip", 2),
    )
    .unwrap();
    scene.advance(7 * DAY_SECONDS);
    send(
        &scene.hub,
        &scene.call(&clerk),
        period(SECOND_WEEK),
        Counts::new(),
    )
    .unwrap();
    let history = |scene: &Scene| {
        let found = board(&scene.hub, &scene.call(&clerk), period(SECOND_WEEK)).unwrap();
        assert_eq!(found.history.len(), 12);
        (found.history[10].1, found.history[11].1)
    };
    assert_eq!(history(&scene), (Some(2), Some(0)));
    scene.advance(SETTLE_DAYS * DAY_SECONDS);
    settle(&scene.hub, scene.now.get(), &scene.random()).unwrap();
    assert_eq!(history(&scene), (None, Some(0)));
}
