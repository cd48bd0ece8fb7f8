//! What somebody in the audience still may not do: rights by role stand beside rights by key.

use domain::id::AdvisoryId;
use domain::organization::Role;
use domain::report::Custody;
use domain::word::Code;
use hub::ReadError;
use hub::compose::{Writing, composition, save};
use hub::dialogue::at_desk;
use hub::intake::{open, shared};
use hub::triage::opinions;
use hub::update;
use store::{StoreError, advisory, log};

use crate::border::Case;
use crate::scene::Scene;
use crate::way_down::{alert, issued, under_work};

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
    // It was shared with no member: the source finds it among what it sent, and not here.
    for operator in [
        case.source(),
        case.scene.actor("minamino", Role::DutyOfficer),
    ] {
        let opened = open(hub, &case.scene.call(&operator), id);
        assert!(matches!(opened, Err(ReadError::NotFound)));
        let listed = shared(hub, &case.scene.call(&operator), None).unwrap();
        assert!(listed.rows.is_empty());
    }
    let own = case.source();
    assert!(update::read(hub, &case.scene.call(&own), id).is_ok());
}

/// What the log says of `object`: each event with its payload.
pub(crate) fn logged(scene: &Scene, object: String) -> Vec<(String, String)> {
    scene
        .store
        .read::<_, StoreError>(move |reader| {
            let entries = log::about(reader, log::View::All, &object)?;
            let said = entries.into_iter().map(|entry| {
                let opening = entry.opening(reader)?.unwrap();
                Ok((entry.event, opening.payload))
            });
            said.collect()
        })
        .unwrap()
}

#[test]
fn the_log_names_both_persons_of_an_advisory_and_of_a_release() {
    let case = Case::new(Custody::Named);
    case.release("公開された説明");
    let scene = &case.scene;
    let id = issued(scene, alert(scene));
    let author = scene.actor("denryoku", Role::Analyst).person.to_string();
    let approver = scene.actor("denryoku", Role::Officer).person.to_string();
    let said = logged(scene, id.to_string());
    let by = |event: &str| -> &str {
        let entry = said.iter().find(|(found, _)| found == event);
        &entry.unwrap().1
    };
    assert!(by("advisory-saved").contains(&author));
    assert!(by("advisory-proposed").contains(&author));
    assert!(by("advisory-issued").contains(&author) && by("advisory-issued").contains(&approver));
    // The source of the report may open these: it learns that two decided, not who.
    let released = logged(scene, case.report.to_string());
    let approvals: Vec<&String> = released
        .iter()
        .filter(|(event, _)| event == "release-approved")
        .map(|(_, payload)| payload)
        .collect();
    assert_eq!(approvals.len(), 2);
    let marks: Vec<_> = approvals
        .iter()
        .filter_map(|payload| payload.lines().find(|line| line.starts_with("approver=")))
        .collect();
    assert!(marks.len() == 2 && marks[0] != marks[1]);
    assert!(approvals.iter().all(|payload| !payload.contains("per_")));
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
    let from = Some(under_work(scene, id));
    save(&scene.hub, &scene.call(&colleague), from, alert(scene)).unwrap();
    assert_eq!(rests_on(scene, id), 1, "the link stays");
    // Who sees it drops it.
    save(
        &scene.hub,
        &scene.call(&case.analyst),
        Some(under_work(scene, id)),
        alert(scene),
    )
    .unwrap();
    assert_eq!(rests_on(scene, id), 0);
}
