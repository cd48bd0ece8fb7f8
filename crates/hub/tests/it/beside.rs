//! What somebody in the audience still may not do: rights by role stand beside rights by key.

use domain::id::AdvisoryId;
use domain::organization::Role;
use domain::report::Custody;
use domain::word::Code;
use hub::ReadError;
use hub::compose::{Writing, composition, save};
use hub::dialogue::at_desk;
use hub::intake::open;
use hub::triage::opinions;
use store::{StoreError, advisory};

use crate::border::Case;
use crate::scene::Scene;
use crate::way_down::alert;

#[test]
fn people_of_a_desk_without_a_role_for_reports_read_none() {
    let case = Case::new(Custody::Named);
    case.release("公開された説明");
    let (hub, id) = (&case.scene.hub, case.report);
    for name in ["denryoku", "ministry", "center"] {
        let staff = case.scene.actor(name, Role::Staff);
        let call = case.scene.call(&staff);
        assert!(
            matches!(open(hub, &call, id), Err(ReadError::NotFound)),
            "{name}"
        );
        assert!(
            matches!(at_desk(hub, &call, id), Err(ReadError::NotFound)),
            "{name}"
        );
        assert!(
            matches!(opinions(hub, &call, id), Err(ReadError::NotFound)),
            "{name}"
        );
    }
    // A colleague of the source reads its own report, nobody of another operator does.
    let own = case.source();
    assert!(open(hub, &case.scene.call(&own), id).is_ok());
    let other = case.scene.actor("minamino", Role::DutyOfficer);
    assert!(matches!(
        open(hub, &case.scene.call(&other), id),
        Err(ReadError::NotFound)
    ));
}

fn rests_on(scene: &Scene, id: AdvisoryId) -> usize {
    scene
        .store
        .read::<_, StoreError>(move |reader| advisory::reports(reader, id))
        .unwrap()
        .len()
}

#[test]
fn a_colleague_neither_sees_nor_drops_a_report_hidden_from_him() {
    let case = Case::new(Custody::Named);
    let scene = &case.scene;
    let resting = || Writing {
        reports: [case.report].into(),
        ..alert(scene)
    };
    let id = save(&scene.hub, &scene.call(&case.analyst), None, resting()).unwrap();
    assert_eq!(rests_on(scene, id), 1);
    // The same desk under a purpose for which nothing of the report was offered.
    let mut colleague = scene.actor("denryoku", Role::Officer);
    colleague.purpose = "supervision".parse::<Code>().unwrap();
    let call = scene.call(&colleague);
    let seen = composition(&scene.hub, &call, id).unwrap();
    assert!(seen.reports.is_empty());
    save(&scene.hub, &scene.call(&colleague), Some(id), alert(scene)).unwrap();
    assert_eq!(rests_on(scene, id), 1, "the link stays");
    // Who sees it drops it.
    save(
        &scene.hub,
        &scene.call(&case.analyst),
        Some(id),
        alert(scene),
    )
    .unwrap();
    assert_eq!(rests_on(scene, id), 0);
}
