use domain::organization::Role;
use domain::report::Custody;
use domain::time::DAY_SECONDS;
use hub::intake::{list, open};
use hub::retention::{TERMS, due};
use hub::submit::submit;
use hub::{Random, ReadError};

use crate::scene::{Scene, incident};

#[test]
fn what_is_past_its_time_is_erased_and_what_is_not_stays() {
    let scene = Scene::new();
    let source = scene.actor("kitahama", Role::DutyOfficer);
    let old = submit(
        &scene.hub,
        &scene.call(&source),
        incident(Custody::Named, "古い"),
    )
    .unwrap();
    let days = TERMS.iter().map(|term| term.days).max().unwrap();
    scene
        .now
        .set(scene.now.get().plus_seconds((days + 1) * DAY_SECONDS));
    let young = submit(
        &scene.hub,
        &scene.call(&source),
        incident(Custody::Named, "新しい"),
    )
    .unwrap();

    let random = Random::from_seed([5; 32]);
    assert_eq!(due(&scene.hub, scene.now.get(), &random).unwrap(), 1);
    assert_eq!(
        due(&scene.hub, scene.now.get(), &random).unwrap(),
        0,
        "once is enough"
    );

    let relay = scene.actor("denryoku", Role::Analyst);
    let rows = list(&scene.hub, &scene.call(&relay), None).unwrap().rows;
    assert_eq!(
        rows.iter().map(|row| row.head.id).collect::<Vec<_>>(),
        [young.report]
    );
    assert!(matches!(
        open(&scene.hub, &scene.call(&relay), old.report),
        Err(ReadError::NotFound)
    ));
    assert!(open(&scene.hub, &scene.call(&relay), young.report).is_ok());
}
