//! Closing: what ends by it, what stays, and who may.

use std::collections::BTreeMap;

use domain::advisory::delivery::DeliveryState;
use domain::advisory::feedback::{Feedback, Matching, Timeliness, Usefulness};
use domain::advisory::withdrawal::{Copies, Why};
use domain::advisory::{AdvisoryStage, Progress};
use domain::confidential::Confidential;
use domain::id::ReportId;
use domain::organization::Role;
use domain::part::PartBody;
use domain::part::field::{Field, Value};
use domain::report::closing::CloseReason;
use domain::report::receipt::What;
use domain::report::stage::Stage;
use domain::report::{Custody, Edition};
use hub::acknowledge::{Answer, AnswerError, answer};
use hub::close::{
    CloseError, close_advisory, close_report, closed, look_at_advisory, look_at_report,
};
use hub::escalate;
use hub::inbox::{list, open};
use hub::intake;
use hub::reach::{NudgeError, Whom, nudge};
use hub::recall::recall;
use hub::receipts::of;
use hub::submit::submit;
use hub::update::{Change, update};
use store::advisory::inbox::Wanted;
use store::delivery;

use crate::scene::{Scene, incident};
use crate::way_down::{alert, issued};

fn reported(scene: &Scene) -> ReportId {
    let source = scene.actor("kitahama", Role::DutyOfficer);
    let filing = incident(Custody::Named, "監視端末に不審な通信");
    submit(&scene.hub, &scene.call(&source), filing)
        .unwrap()
        .report
}

fn stage(scene: &Scene, id: ReportId) -> Stage {
    let relay = scene.actor("denryoku", Role::Analyst);
    let opened = intake::open(&scene.hub, &scene.call(&relay), id).unwrap();
    opened.head.at_relay.unwrap().stage
}

/// What the source's receipts say of closing, newest first.
fn told(scene: &Scene, id: ReportId) -> Vec<String> {
    let source = scene.actor("kitahama", Role::DutyOfficer);
    let became = of(&scene.hub, &scene.call(&source), id).unwrap();
    let words = became.events.iter().filter_map(|event| match &event.what {
        What::Closed(reason) => Some(format!("closed {reason}")),
        What::Reopened => Some("reopened".to_owned()),
        _ => None,
    });
    words.collect()
}

#[test]
fn a_relay_closes_a_report_and_an_update_of_its_source_opens_it_again() {
    let scene = Scene::new();
    let id = reported(&scene);
    let analyst = scene.actor("denryoku", Role::Analyst);
    scene.advance(60);
    assert!(look_at_report(&scene.hub, &scene.call(&analyst), id).is_ok());
    let close = |reason| close_report(&scene.hub, &scene.call(&analyst), id, reason);
    close(CloseReason::NothingMore).unwrap();
    assert_eq!(stage(&scene, id), Stage::Closed);
    assert_eq!(told(&scene, id), ["closed nothing-more"]);
    let last = closed(&scene.hub, &scene.call(&analyst), id)
        .unwrap()
        .unwrap();
    assert_eq!(last.reason, CloseReason::NothingMore);
    assert!(matches!(
        close(CloseReason::Complete),
        Err(CloseError::WrongStage(_))
    ));
    assert!(matches!(
        hub::release::begin(&scene.hub, &scene.call(&analyst), id),
        Err(hub::release::ReviewError::WrongStage)
    ));

    scene.advance(60);
    let source = scene.actor("kitahama", Role::DutyOfficer);
    let read = hub::update::read(&scene.hub, &scene.call(&source), id).unwrap();
    let said = Value::text(Field::Narrative, "3台を切り離した").unwrap();
    let change = Change {
        based_on: read.versions.len(),
        edition: Edition::FollowUp,
        answers: Confidential::new(PartBody::new(BTreeMap::from([(Field::Narrative, said)]))),
    };
    update(&scene.hub, &scene.call(&source), id, change).unwrap();
    assert_eq!(stage(&scene, id), Stage::Received);
    assert_eq!(told(&scene, id), ["reopened", "closed nothing-more"]);
    assert!(
        closed(&scene.hub, &scene.call(&analyst), id)
            .unwrap()
            .is_none()
    );
    scene.advance(60);
    close(CloseReason::Complete).unwrap();
    assert_eq!(told(&scene, id).len(), 3);
}

#[test]
fn only_the_desk_of_the_report_closes_it() {
    let scene = Scene::new();
    let id = reported(&scene);
    for (name, role) in [
        ("denryoku", Role::DutyOfficer),
        ("kitahama", Role::DutyOfficer),
        ("suido", Role::Officer),
        ("ministry", Role::Officer),
        ("center", Role::Officer),
    ] {
        let actor = scene.actor(name, role);
        let tried = close_report(&scene.hub, &scene.call(&actor), id, CloseReason::Duplicate);
        assert!(matches!(tried, Err(CloseError::NotFound)), "{name} {role}");
        let looked = look_at_report(&scene.hub, &scene.call(&actor), id);
        assert!(matches!(looked, Err(CloseError::NotFound)), "{name} {role}");
    }
    assert_eq!(stage(&scene, id), Stage::Received);
    // The refused attempts are history.
    let auditor = scene.actor("center", Role::Auditor);
    let rows = hub::log::about(&scene.hub, &scene.call(&auditor), &id.to_string()).unwrap();
    let refused = rows.iter().filter(|row| row.event == "attempt-refused");
    assert_eq!(refused.count(), 5);
}

#[test]
fn a_closed_advisory_asks_nobody_and_stays_readable() {
    let scene = Scene::new();
    let id = issued(&scene, alert(&scene));
    let officer = scene.actor("denryoku", Role::Officer);
    let duty = scene.actor("kitahama", Role::DutyOfficer);
    let ending = look_at_advisory(&scene.hub, &scene.call(&officer), id).unwrap();
    assert_eq!(ending.waiting_count, 2);
    let line = open(&scene.hub, &scene.call(&duty), id).unwrap().lines[0].id;
    scene.advance(60);
    close_advisory(&scene.hub, &scene.call(&officer), id).unwrap();

    let opened = open(&scene.hub, &scene.call(&duty), id).unwrap();
    assert_eq!(opened.row.advisory.stage, AdvisoryStage::Closed);
    assert_eq!(opened.row.closed.unwrap().at, scene.now.get());
    assert_eq!(opened.lines[0].progress, Progress::Opened);
    let answered = answer(&scene.hub, &scene.call(&duty), id, line, Answer::Done);
    assert!(matches!(answered, Err(AnswerError::Ended)));
    let waiting = list(&scene.hub, &scene.call(&duty), Wanted::Open).unwrap();
    assert!(waiting.is_empty());
    assert_eq!(
        list(&scene.hub, &scene.call(&duty), Wanted::All)
            .unwrap()
            .len(),
        1
    );
    let nudged = nudge(&scene.hub, &scene.call(&officer), id, Whom::Everybody);
    assert!(matches!(nudged, Err(NudgeError::Ended)));
    let mails = scene
        .store
        .read(move |reader| delivery::of_advisory(reader, id))
        .unwrap();
    assert!(!mails.is_empty());
    assert!(
        mails
            .iter()
            .all(|row| row.tries.state != DeliveryState::Waiting)
    );
    // Half of the time to act is over, and nobody is called in.
    scene.advance(5_000);
    let called = escalate::due(&scene.hub, scene.now.get(), scene.random()).unwrap();
    assert_eq!(called, 0);
    let amended = hub::amend::amend(&scene.hub, &scene.call(&officer), id);
    assert!(amended.is_err());

    assert!(matches!(
        close_advisory(&scene.hub, &scene.call(&officer), id),
        Err(CloseError::WrongAdvisoryStage(_))
    ));
    recall(
        &scene.hub,
        &scene.call(&officer),
        id,
        Why::Over,
        Copies::Delete,
    )
    .unwrap();
    assert!(open(&scene.hub, &scene.call(&duty), id).is_err());
}

#[test]
fn feedback_is_taken_after_closing() {
    let scene = Scene::new();
    let id = issued(&scene, alert(&scene));
    let duty = scene.actor("kitahama", Role::DutyOfficer);
    let line = open(&scene.hub, &scene.call(&duty), id).unwrap().lines[0].id;
    answer(&scene.hub, &scene.call(&duty), id, line, Answer::Done).unwrap();
    let officer = scene.actor("denryoku", Role::Officer);
    close_advisory(&scene.hub, &scene.call(&officer), id).unwrap();
    let said = Feedback {
        useful: Usefulness::Yes,
        timeliness: Timeliness::InTime,
        matched: Matching::No,
        remark: None,
    };
    hub::feedback::give(&scene.hub, &scene.call(&duty), id, said).unwrap();
}

#[test]
fn only_who_issues_closes_an_advisory() {
    let scene = Scene::new();
    let id = issued(&scene, alert(&scene));
    for (name, role) in [
        ("denryoku", Role::Analyst),
        ("kitahama", Role::DutyOfficer),
        ("suido", Role::Officer),
        ("center", Role::Officer),
    ] {
        let actor = scene.actor(name, role);
        let tried = close_advisory(&scene.hub, &scene.call(&actor), id);
        assert!(matches!(tried, Err(CloseError::NotFound)), "{name} {role}");
        let looked = look_at_advisory(&scene.hub, &scene.call(&actor), id);
        assert!(matches!(looked, Err(CloseError::NotFound)), "{name} {role}");
    }
}
