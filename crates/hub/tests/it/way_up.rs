use domain::organization::Role;
use domain::part::field::{Field, Value};
use domain::part::{PartKind, Side};
use domain::report::Custody;
use hub::ReadError;
use hub::intake::{list, open};
use hub::submit::{SubmitError, submit};

use crate::scene::{Scene, incident};

#[test]
fn a_named_report_reaches_its_relay_and_nobody_else() {
    let scene = Scene::new();
    let source = scene.actor("kitahama", Role::DutyOfficer);
    let receipt = submit(
        &scene.hub,
        &scene.call(&source),
        incident(Custody::Named, "監視端末に不審な通信"),
    )
    .unwrap();
    assert_eq!(receipt.mailbox_code, None);

    let relay = scene.actor("denryoku", Role::Analyst);
    let page = list(&scene.hub, &scene.call(&relay), None).unwrap();
    assert_eq!(page.rows.len(), 1);
    let opened = open(&scene.hub, &scene.call(&relay), receipt.report).unwrap();
    let narrative = opened
        .parts
        .iter()
        .find(|part| part.kind == PartKind::Summary && part.side == Side::Original)
        .and_then(|part| part.body.content().value(Field::Narrative));
    assert!(narrative == Some(&Value::text(Field::Narrative, "監視端末に不審な通信").unwrap()));

    for (name, role) in [
        ("suido", Role::Officer),
        ("ministry", Role::Officer),
        ("center", Role::Officer),
    ] {
        let actor = scene.actor(name, role);
        assert!(
            list(&scene.hub, &scene.call(&actor), None)
                .unwrap()
                .rows
                .is_empty(),
            "{name}"
        );
        let opened = open(&scene.hub, &scene.call(&actor), receipt.report);
        assert!(matches!(opened, Err(ReadError::NotFound)), "{name}");
    }
    let rival = scene.actor("minamino", Role::DutyOfficer);
    assert!(matches!(
        open(&scene.hub, &scene.call(&rival), receipt.report),
        Err(ReadError::NotFound)
    ));
}

#[test]
fn an_unnamed_report_shows_the_relay_no_source_part() {
    let scene = Scene::new();
    let source = scene.actor("kitahama", Role::DutyOfficer);
    let receipt = submit(
        &scene.hub,
        &scene.call(&source),
        incident(Custody::Unnamed, "x"),
    )
    .unwrap();
    assert_eq!(receipt.mailbox_code.map(|code| code.len()), Some(19));
    let relay = scene.actor("denryoku", Role::Analyst);
    let opened = open(&scene.hub, &scene.call(&relay), receipt.report).unwrap();
    assert!(
        opened
            .parts
            .iter()
            .all(|part| part.kind != PartKind::Source)
    );
    // The source itself finds it by its mailbox code, not by who it is.
    assert!(matches!(
        open(&scene.hub, &scene.call(&source), receipt.report),
        Err(ReadError::NotFound)
    ));
}

#[test]
fn without_three_custodians_nothing_is_sealed_and_nothing_is_lost() {
    let scene = Scene::new();
    let source = scene.actor("aokawa", Role::DutyOfficer);
    let refused = submit(
        &scene.hub,
        &scene.call(&source),
        incident(Custody::Unnamed, "x"),
    );
    assert!(matches!(refused, Err(SubmitError::NoCustodians)));
    submit(
        &scene.hub,
        &scene.call(&source),
        incident(Custody::Stripped, "x"),
    )
    .unwrap();
}

#[test]
fn staff_of_a_ministry_do_not_report() {
    let scene = Scene::new();
    let actor = scene.actor("ministry", Role::Officer);
    let refused = submit(
        &scene.hub,
        &scene.call(&actor),
        incident(Custody::Named, "x"),
    );
    assert!(matches!(refused, Err(SubmitError::NotPermitted)));
}
