//! Recalling: what is left, for whom, and what is gone.

use std::sync::Barrier;

use domain::advisory::delivery::{DeliveryState, Failure, Occasion};
use domain::advisory::withdrawal::{Copies, Disposal, Why};
use domain::id::AdvisoryId;
use domain::organization::Role;
use hub::ReadError;
use hub::acknowledge::{Answer, AnswerError, answer};
use hub::amend::amend;
use hub::compose::composition;
use hub::deliver::{sent, take_due};
use hub::holders;
use hub::inbox::{list, open};
use hub::issue::issue;
use hub::log::{LogSettings, proofs, publish, verifier_key};
use hub::recall::{RecallError, recall};
use hub::tombstone::{Cause, Found, Side, confirm, find};
use seal::tlog::note::NoteVerifier;
use store::advisory::inbox::Wanted;
use store::delivery::{self, DeliveryRow};

use crate::scene::Scene;
use crate::way_down::{alert, issued};

fn recalled(scene: &Scene, id: AdvisoryId) {
    let officer = scene.actor("denryoku", Role::Officer);
    recall(
        &scene.hub,
        &scene.call(&officer),
        id,
        Why::Wrong,
        Copies::Delete,
    )
    .unwrap();
}

fn deliveries(scene: &Scene, id: AdvisoryId) -> Vec<DeliveryRow> {
    scene
        .store
        .read(move |reader| delivery::of_advisory(reader, id))
        .unwrap()
}

#[test]
fn a_recalled_advisory_is_gone_and_its_readers_find_a_tombstone() {
    let scene = Scene::new();
    let id = issued(&scene, alert(&scene));
    let duty = scene.actor("kitahama", Role::DutyOfficer);
    let line = open(&scene.hub, &scene.call(&duty), id).unwrap().lines[0].id;
    scene.advance(60);
    recalled(&scene, id);
    for role in [Role::DutyOfficer, Role::Staff, Role::Officer] {
        for name in ["kitahama", "minamino", "denryoku"] {
            let reader = scene.actor(name, role);
            assert!(matches!(
                open(&scene.hub, &scene.call(&reader), id),
                Err(ReadError::NotFound)
            ));
            let Ok(Found::Tombstone(stone)) = find(&scene.hub, &scene.call(&reader), id) else {
                panic!("{name} finds no tombstone");
            };
            assert_eq!(stone.cause, Cause::Recalled(Why::Wrong, Copies::Delete));
            assert_eq!(stone.side == Side::Issuer, name == "denryoku");
        }
    }
    assert!(
        list(&scene.hub, &scene.call(&duty), Wanted::All)
            .unwrap()
            .is_empty()
    );
    assert!(matches!(
        answer(&scene.hub, &scene.call(&duty), id, line, Answer::Done),
        Err(AnswerError::Ended)
    ));
}

#[test]
fn who_never_could_read_it_finds_nothing_at_all() {
    let scene = Scene::new();
    let id = issued(&scene, alert(&scene));
    recalled(&scene, id);
    for name in ["aokawa", "suido", "ministry", "center"] {
        let other = scene.actor(name, Role::Officer);
        assert!(
            matches!(
                find(&scene.hub, &scene.call(&other), id),
                Err(ReadError::NotFound)
            ),
            "{name}"
        );
        let said = confirm(&scene.hub, &scene.call(&other), id, Disposal::Deleted);
        assert!(matches!(said, Err(ReadError::NotFound)), "{name}");
        let held = holders::list(&scene.hub, &scene.call(&other), id);
        assert!(matches!(held, Err(ReadError::NotFound)), "{name}");
        let again = recall(
            &scene.hub,
            &scene.call(&other),
            id,
            Why::Over,
            Copies::Return,
        );
        assert!(matches!(again, Err(RecallError::NotFound)), "{name}");
    }
    let mut other_purpose = scene.actor("kitahama", Role::DutyOfficer);
    other_purpose.purpose = "statistics".parse().unwrap();
    assert!(
        find(&scene.hub, &scene.call(&other_purpose), id).is_err(),
        "for another purpose it was never there"
    );
    let operator = scene.actor("kitahama", Role::Officer);
    assert!(holders::list(&scene.hub, &scene.call(&operator), id).is_err());
}

#[test]
fn holders_are_listed_and_each_gives_its_word() {
    let scene = Scene::new();
    let id = issued(&scene, alert(&scene));
    let duty = scene.actor("kitahama", Role::DutyOfficer);
    open(&scene.hub, &scene.call(&duty), id).unwrap();
    let officer = scene.actor("denryoku", Role::Officer);
    let before = holders::list(&scene.hub, &scene.call(&officer), id).unwrap();
    assert_eq!(before.rows.len(), 2);
    assert!(before.rows.iter().all(|row| !row.owes()));
    scene.advance(60);
    recalled(&scene, id);
    scene.advance(60);
    let staff = scene.actor("kitahama", Role::Staff);
    assert!(
        confirm(&scene.hub, &scene.call(&staff), id, Disposal::Deleted).is_err(),
        "who may not answer gives no word"
    );
    confirm(&scene.hub, &scene.call(&duty), id, Disposal::Returned).unwrap();
    let rows = holders::list(&scene.hub, &scene.call(&officer), id)
        .unwrap()
        .rows;
    let owing: Vec<_> = rows
        .iter()
        .map(|row| (row.owes(), row.reader_count))
        .collect();
    assert_eq!(owing, [(true, 0), (false, 1)]);
    assert_eq!(
        rows[1].disposal,
        Some((Disposal::Returned, scene.now.get()))
    );
    assert!(
        matches!(
            recall(
                &scene.hub,
                &scene.call(&officer),
                id,
                Why::Over,
                Copies::Delete
            ),
            Err(RecallError::WrongStage(_))
        ),
        "it is recalled once"
    );
}

#[test]
fn mail_that_waits_is_given_up_and_only_the_recall_is_sent() {
    let scene = Scene::new();
    let id = issued(&scene, alert(&scene));
    // A worker has some in its hands while it is recalled.
    let held = take_due(&scene.hub, scene.now.get(), scene.random()).unwrap();
    scene.advance(1);
    recalled(&scene, id);
    let (first, second) = (held[0].id, held[1].id);
    sent(&scene.hub, first, scene.now.get(), scene.random()).unwrap();
    let rows = deliveries(&scene, id);
    let row = |id| rows.iter().find(|row| row.id == id).unwrap();
    assert_eq!(
        row(first).tries.state,
        DeliveryState::Sent,
        "what went out went out"
    );
    assert_eq!(row(second).tries.state, DeliveryState::Failed);
    assert_eq!(row(second).tries.failure, Some(Failure::Overtaken));
    scene.advance(3_600);
    let next = take_due(&scene.hub, scene.now.get(), scene.random()).unwrap();
    assert!(!next.is_empty());
    assert!(next.iter().all(|one| one.occasion == Occasion::Recalled));
    assert!(next.iter().all(|one| one.due_at.is_none()));
}

#[test]
fn an_amendment_under_work_goes_with_it() {
    let scene = Scene::new();
    let id = issued(&scene, alert(&scene));
    let author = scene.actor("denryoku", Role::Analyst);
    let officer = scene.actor("denryoku", Role::Officer);
    amend(&scene.hub, &scene.call(&author), id).unwrap();
    recalled(&scene, id);
    assert!(composition(&scene.hub, &scene.call(&author), id).is_err());
    assert!(issue(&scene.hub, &scene.call(&officer), id, 2).is_err());
    assert!(amend(&scene.hub, &scene.call(&author), id).is_err());
}

#[test]
fn an_answer_and_a_recall_at_once_end_in_a_recall() {
    for _ in 0..20 {
        let scene = Scene::new();
        let id = issued(&scene, alert(&scene));
        let duty = scene.actor("kitahama", Role::DutyOfficer);
        let officer = scene.actor("denryoku", Role::Officer);
        let line = open(&scene.hub, &scene.call(&duty), id).unwrap().lines[0].id;
        let (answering, recalling) = (scene.call(&duty), scene.call(&officer));
        let (hub, start) = (&scene.hub, Barrier::new(2));
        let answered = std::thread::scope(|scope| {
            let answered = scope.spawn(|| {
                start.wait();
                answer(hub, &answering, id, line, Answer::Done)
            });
            start.wait();
            recall(hub, &recalling, id, Why::Wrong, Copies::Delete).unwrap();
            answered.join().unwrap()
        });
        assert!(
            matches!(answered, Ok(()) | Err(AnswerError::Ended)),
            "{answered:?}"
        );
        let after = find(&scene.hub, &scene.call(&duty), id).unwrap();
        assert!(matches!(after, Found::Tombstone(_)));
    }
}

#[test]
fn an_attempt_at_what_is_not_ones_own_stands_in_the_log() {
    let scene = Scene::new();
    let id = issued(&scene, alert(&scene));
    let other = scene.actor("suido", Role::Officer);
    let attempt = recall(
        &scene.hub,
        &scene.call(&other),
        id,
        Why::Wrong,
        Copies::Delete,
    );
    assert!(attempt.is_err());
    recalled(&scene, id);
    let settings = LogSettings::new(64, 60).unwrap();
    for _ in 0..6 {
        scene.advance(60);
        publish(&scene.hub, settings, scene.now.get(), scene.random()).unwrap();
    }
    let auditor = scene.actor("center", Role::Auditor);
    let key = NoteVerifier::parse(&verifier_key(&scene.hub).unwrap().unwrap()).unwrap();
    let entries = proofs(&scene.hub, &scene.call(&auditor), &id.to_string()).unwrap();
    let texts: Vec<String> = entries
        .into_iter()
        .map(|proof| proof.file.verify(&key).unwrap().opened.unwrap().payload)
        .map(|payload| String::from_utf8(payload).unwrap())
        .collect();
    let says = |words: &[&str]| {
        texts
            .iter()
            .any(|text| words.iter().all(|word| text.contains(word)))
    };
    let person = other.person.to_string();
    assert!(says(&["attempt-refused", "issue-advisory", &person]));
    assert!(says(&["advisory-recalled", "wrong"]));
}
