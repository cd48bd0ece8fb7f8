//! A source updates its report and takes it back.

use std::collections::BTreeMap;

use domain::confidential::Confidential;
use domain::organization::Role;
use domain::part::field::{Field, Value};
use domain::part::{PartBody, PartKind};
use domain::report::stage::Stage;
use domain::report::update::WithdrawReason;
use domain::report::{Custody, Edition};
use hub::submit::submit;
use hub::update::{Change, UpdateError, read, update, withdraw};

use crate::scene::{Scene, incident};

fn change(based_on: usize, edition: Edition, fields: &[(Field, &str)]) -> Change {
    let fields: BTreeMap<Field, Value> = fields
        .iter()
        .map(|(field, text)| (*field, Value::text(*field, text).unwrap()))
        .collect();
    Change {
        based_on,
        edition,
        answers: Confidential::new(PartBody::new(fields)),
    }
}

#[test]
fn an_update_reaches_the_relay_and_leaves_the_version_before() {
    let scene = Scene::new();
    let source = scene.actor("kitahama", Role::DutyOfficer);
    let filing = incident(Custody::Named, "監視端末に不審な通信");
    let id = submit(&scene.hub, &scene.call(&source), filing)
        .unwrap()
        .report;
    let first = read(&scene.hub, &scene.call(&source), id)
        .unwrap()
        .versions
        .len();

    let said = change(
        first,
        Edition::FollowUp,
        &[
            (Field::Narrative, "監視端末3台を切り離した"),
            // A part the first report did not have.
            (Field::Technique, "保守用VPNから侵入"),
        ],
    );
    let changed = update(&scene.hub, &scene.call(&source), id, said).unwrap();
    assert_eq!(changed, [PartKind::Attack, PartKind::Summary].into());

    let back = read(&scene.hub, &scene.call(&source), id).unwrap();
    assert_eq!(back.report.edition, Edition::FollowUp);
    assert_eq!(back.versions.len(), first + 2);
    let relay = scene.actor("denryoku", Role::Analyst);
    let opened = hub::intake::open(&scene.hub, &scene.call(&relay), id).unwrap();
    let narrative = opened
        .parts
        .iter()
        .find_map(|part| part.body.content().value(Field::Narrative));
    assert!(narrative == Some(&Value::text(Field::Narrative, "監視端末3台を切り離した").unwrap()));
    let systems = opened
        .parts
        .iter()
        .find_map(|part| part.body.content().value(Field::Systems));
    assert!(systems.is_some(), "what was not said again is still there");
}

#[test]
fn two_updates_at_once_do_not_overwrite_each_other() {
    let scene = Scene::new();
    let source = scene.actor("kitahama", Role::DutyOfficer);
    let filing = incident(Custody::Named, "x");
    let id = submit(&scene.hub, &scene.call(&source), filing)
        .unwrap()
        .report;
    let seen = read(&scene.hub, &scene.call(&source), id)
        .unwrap()
        .versions
        .len();
    let said = || change(seen, Edition::FollowUp, &[(Field::Narrative, "y")]);
    update(&scene.hub, &scene.call(&source), id, said()).unwrap();
    let late = update(&scene.hub, &scene.call(&source), id, said());
    assert!(matches!(late, Err(UpdateError::Changed)));
    let same = change(seen + 1, Edition::FollowUp, &[(Field::Narrative, "y")]);
    let nothing = update(&scene.hub, &scene.call(&source), id, same);
    assert!(matches!(nothing, Err(UpdateError::Nothing)));
}

#[test]
fn only_the_source_reads_back_updates_and_withdraws() {
    let scene = Scene::new();
    let source = scene.actor("kitahama", Role::DutyOfficer);
    let filing = incident(Custody::Named, "x");
    let id = submit(&scene.hub, &scene.call(&source), filing)
        .unwrap()
        .report;
    for (name, role) in [
        ("minamino", Role::DutyOfficer),
        ("denryoku", Role::Officer),
        ("kitahama", Role::Auditor),
    ] {
        let other = scene.actor(name, role);
        let call = || scene.call(&other);
        let refused = [
            read(&scene.hub, &call(), id).err(),
            update(&scene.hub, &call(), id, change(3, Edition::Final, &[])).err(),
            withdraw(&scene.hub, &call(), id, WithdrawReason::Mistaken).err(),
        ];
        for error in refused {
            assert!(matches!(error, Some(UpdateError::NotFound)), "{name}");
        }
    }
}

#[test]
fn nothing_follows_a_withdrawal() {
    let scene = Scene::new();
    let source = scene.actor("kitahama", Role::DutyOfficer);
    let filing = incident(Custody::Named, "x");
    let id = submit(&scene.hub, &scene.call(&source), filing)
        .unwrap()
        .report;
    let again = || {
        withdraw(
            &scene.hub,
            &scene.call(&source),
            id,
            WithdrawReason::Duplicate,
        )
    };
    again().unwrap();
    assert!(matches!(again(), Err(UpdateError::Withdrawn)));
    let back = read(&scene.hub, &scene.call(&source), id).unwrap();
    assert_eq!(back.report.stage, Stage::Withdrawn);
    let late = change(
        back.versions.len(),
        Edition::Final,
        &[(Field::Narrative, "y")],
    );
    let refused = update(&scene.hub, &scene.call(&source), id, late);
    assert!(matches!(refused, Err(UpdateError::Withdrawn)));
}
