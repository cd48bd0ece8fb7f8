use domain::organization::Role;
use domain::report::Custody;
use hub::Random;
use hub::intake::open;
use hub::log::{
    LogError, LogSettings, Published, about, audit, entries, mailbox_proofs, proof, proofs,
    publish, verifier_key,
};
use hub::submit::submit;
use seal::tlog::note::NoteVerifier;
use seal::tlog::offline::OfflineProof;

use crate::scene::{Scene, incident};

pub(crate) fn publish_all(scene: &Scene) {
    let settings = LogSettings::new(2_048, 60).unwrap();
    scene.now.set(scene.now.get().plus_seconds(60));
    let random = Random::from_seed([15; 32]);
    let published = publish(&scene.hub, settings, scene.now.get(), random).unwrap();
    assert!(matches!(published, Published::Batch { waiting: 0, .. }));
}

/// The source takes home who read its report, and checks it without the hub.
#[test]
fn a_named_source_proves_who_looked() {
    let scene = Scene::new();
    let source = scene.actor("kitahama", Role::DutyOfficer);
    let receipt = submit(
        &scene.hub,
        &scene.call(&source),
        incident(Custody::Named, "監視端末に不審な通信"),
    )
    .unwrap();
    let relay = scene.actor("denryoku", Role::Analyst);
    open(&scene.hub, &scene.call(&relay), receipt.report).unwrap();
    publish_all(&scene);

    let report = receipt.report.to_string();
    let rows = about(&scene.hub, &scene.call(&source), &report).unwrap();
    let read = rows.iter().find(|row| row.event == "part-read").unwrap();
    let file = proof(&scene.hub, &scene.call(&source), read.id)
        .unwrap()
        .file
        .to_json();
    let key = NoteVerifier::parse(&verifier_key(&scene.hub).unwrap().unwrap()).unwrap();
    let proven = OfflineProof::from_json(&file)
        .unwrap()
        .verify(&key)
        .unwrap();
    let payload = String::from_utf8(proven.opened.unwrap().payload).unwrap();
    for line in [
        "hub=hub.test".to_owned(),
        "event=part-read".to_owned(),
        format!("object={report}"),
        format!("organization={}", relay.organization),
        "role=analyst".to_owned(),
        "purpose=defense".to_owned(),
    ] {
        assert!(payload.lines().any(|found| found == line), "{line}");
    }
    assert!(!payload.contains("不審"), "no text of the report");

    let rival = scene.actor("minamino", Role::DutyOfficer);
    assert_eq!(
        about(&scene.hub, &scene.call(&rival), &report).unwrap(),
        vec![]
    );
    assert!(matches!(
        proof(&scene.hub, &scene.call(&rival), read.id),
        Err(LogError::NotFound)
    ));
    assert_eq!(audit(&scene.hub).unwrap(), vec![]);
}

/// The log must not keep the link that the store does not keep.
#[test]
fn an_unnamed_report_has_no_owner_in_the_log() {
    let scene = Scene::new();
    let source = scene.actor("kitahama", Role::DutyOfficer);
    let before = entries(&scene.hub, &scene.call(&source), None).unwrap();
    let receipt = submit(
        &scene.hub,
        &scene.call(&source),
        incident(Custody::Unnamed, "x"),
    )
    .unwrap();
    publish_all(&scene);
    let after = entries(&scene.hub, &scene.call(&source), None).unwrap();
    assert_eq!(before.rows.len(), after.rows.len());

    let auditor = scene.actor("center", Role::Auditor);
    let report = receipt.report.to_string();
    let key = NoteVerifier::parse(&verifier_key(&scene.hub).unwrap().unwrap()).unwrap();
    let seen = proofs(&scene.hub, &scene.call(&auditor), &report).unwrap();
    assert!(!seen.is_empty());
    for proof in seen {
        let proven = proof.file.verify(&key).unwrap();
        let payload = String::from_utf8(proven.opened.unwrap().payload).unwrap();
        assert!(payload.contains("owner=-\n"), "{payload}");
        for link in [source.organization.to_string(), source.person.to_string()] {
            assert!(!payload.contains(&link), "{payload}");
        }
    }
}

#[test]
fn an_unnamed_source_proves_by_its_mailbox_code() {
    let scene = Scene::new();
    let source = scene.actor("kitahama", Role::DutyOfficer);
    let receipt = submit(
        &scene.hub,
        &scene.call(&source),
        incident(Custody::Unnamed, "x"),
    )
    .unwrap();
    let code = receipt.mailbox_code.unwrap();
    let waits = mailbox_proofs(&scene.hub, &scene.call(&source), &code);
    assert!(matches!(waits, Err(LogError::Waiting)));
    let relay = scene.actor("denryoku", Role::Analyst);
    open(&scene.hub, &scene.call(&relay), receipt.report).unwrap();
    publish_all(&scene);

    let key = NoteVerifier::parse(&verifier_key(&scene.hub).unwrap().unwrap()).unwrap();
    let today = mailbox_proofs(&scene.hub, &scene.call(&source), &code).unwrap();
    assert_eq!(today.len(), 1, "that it was accepted; the rest tomorrow");
    scene.advance(domain::time::DAY_SECONDS);
    let events: Vec<String> = mailbox_proofs(&scene.hub, &scene.call(&source), &code)
        .unwrap()
        .into_iter()
        .map(|proof| {
            let opened = proof.file.verify(&key).unwrap().opened.unwrap();
            let payload = String::from_utf8(opened.payload).unwrap();
            payload.lines().nth(1).unwrap().to_owned()
        })
        .collect();
    assert!(
        events.contains(&"event=report-accepted".to_owned()),
        "{events:?}"
    );
    assert!(events.contains(&"event=part-read".to_owned()), "{events:?}");

    let auditor = scene.actor("center", Role::Auditor);
    let hidden = mailbox_proofs(&scene.hub, &scene.call(&auditor), &code);
    assert!(matches!(hidden, Err(LogError::NotFound)));
    let garbled = mailbox_proofs(&scene.hub, &scene.call(&source), "1234");
    assert!(matches!(garbled, Err(LogError::NotFound)));
    let mut answers = (0..20).map(|_| {
        mailbox_proofs(&scene.hub, &scene.call(&source), "0000-0000-0000-0000").unwrap_err()
    });
    assert!(matches!(answers.next(), Some(LogError::NotFound)));
    assert!(answers.any(|answer| matches!(answer, LogError::TooMany(_))));
}
