mod fixture;
mod reading;
mod tampering;

use seal::commitment::verify;
use seal::tlog::offline::OfflineProof;
use store::log::COMMITMENT_LABEL;

use super::publish::{keep, plan, take_turn};
use super::*;
use fixture::{Log, auditor, member, settings};

#[test]
fn every_batch_has_the_same_size() {
    let log = Log::new();
    for (recorded, taken) in [(0, 0), (1, 1), (3, 3), (4, 4)] {
        log.record("rpt", recorded);
        let before = log.size();
        let published = log.publish(4);
        assert_eq!(
            published,
            Published::Batch {
                size: before + 4,
                taken,
                waiting: 0
            }
        );
    }
    assert_eq!(log.faults(), vec![]);
}

#[test]
fn what_does_not_fit_waits_and_the_oldest_go_first() {
    let log = Log::new();
    log.record("first", 6);
    log.tick();
    log.record("second", 5);
    let waiting = |published| match published {
        Published::Batch { taken, waiting, .. } => (taken, waiting),
        Published::NotDue => panic!("not due"),
    };
    assert_eq!(waiting(log.publish(4)), (4, 7));
    assert_eq!(waiting(log.publish(4)), (4, 3));
    let rows = log.rows(&auditor());
    let published = |object: &str| {
        rows.iter()
            .filter(|row| row.object == object && row.leaf_index.is_some())
            .count()
    };
    assert_eq!((published("first"), published("second")), (6, 2));
    assert_eq!(waiting(log.publish(4)), (3, 0));
    assert_eq!(waiting(log.publish(4)), (0, 0));
    assert_eq!(log.faults(), vec![]);
}

#[test]
fn the_order_within_a_batch_is_not_that_of_time() {
    let log = Log::new();
    for number in 0..16 {
        log.record(&format!("o{number:02}"), 1);
        log.tick();
    }
    log.publish(64);
    let mut rows = log.rows(&auditor());
    rows.sort_by_key(|row| row.committed_at);
    let places: Vec<u64> = rows.iter().filter_map(|row| row.leaf_index).collect();
    assert_eq!(places.len(), 16);
    assert!(!places.is_sorted());
    // The dummies are not all at the end either.
    assert!(places.iter().any(|place| *place >= 16), "{places:?}");
}

#[test]
fn a_turn_has_one_batch() {
    let log = Log::new();
    assert!(matches!(log.publish_now(4), Published::Batch { .. }));
    assert_eq!(log.publish_now(4), Published::NotDue);
    log.tick();
    assert!(matches!(log.publish_now(4), Published::Batch { .. }));
    // A clock that went back an hour does not publish the past a second time; one that ran far
    // ahead does not stop the log.
    log.move_clock(-3_600);
    assert_eq!(log.publish_now(4), Published::NotDue);
    log.move_clock(100_000);
    assert!(matches!(log.publish_now(4), Published::Batch { .. }));
    log.move_clock(-50_000);
    assert!(matches!(log.publish_now(4), Published::Batch { .. }));
    assert_eq!(log.faults(), vec![]);
}

#[test]
fn two_instances_cannot_fork_the_log() {
    let log = Log::new();
    log.publish(4);
    log.tick();
    log.record("a", 2);
    let (one, other) = (log.plan(4), log.plan(4));
    assert_ne!(one.root, other.root);
    let first = log.turn(4).unwrap();
    keep(&log.hub, first, one).unwrap();
    let head = log.checkpoint();

    log.tick();
    let second = log.turn(4).unwrap();
    let refused = keep(&log.hub, second, other);
    assert!(matches!(refused, Err(LogError::Overtaken)));
    assert_eq!(log.checkpoint(), head);
    assert_eq!(log.faults(), vec![]);

    // The same refusal when only the root differs.
    let mut forged = log.plan(4);
    forged.on = forged.on.map(|(size, _)| (size, [7; 32]));
    log.tick();
    log.move_clock(120);
    let third = log.turn(4).unwrap();
    assert!(matches!(
        keep(&log.hub, third, forged),
        Err(LogError::Overtaken)
    ));
    assert_eq!(log.faults(), vec![]);
}

#[test]
fn whoever_lost_the_lease_publishes_nothing() {
    let log = Log::new();
    let slow = log.turn(4).unwrap();
    let planned = log.plan(4);
    assert!(log.turn(4).is_none(), "the lease is held");
    log.move_clock(61);
    let fast = log.turn(4).expect("the lease has ended");
    assert!(matches!(
        keep(&log.hub, slow, planned),
        Err(LogError::Overtaken)
    ));
    assert_eq!(log.size(), 0);
    keep(&log.hub, fast, log.plan(4)).unwrap();
    assert_eq!(log.size(), 4);
}

#[test]
fn killed_between_steps_the_log_is_what_it_was() {
    let directory = tempfile::tempdir().unwrap();
    let log = Log::on_disk(directory.path());
    log.record("a", 3);
    log.publish(4);
    let head = log.checkpoint();
    log.record("b", 3);
    log.tick();
    // Killed with the lease taken and the batch computed.
    let _turn = log.turn(4).unwrap();
    let _planned = log.plan(4);
    drop(log);

    let log = Log::on_disk(directory.path());
    log.move_clock(120);
    assert_eq!(log.checkpoint(), head);
    assert_eq!(log.faults(), vec![]);
    log.move_clock(200);
    assert!(matches!(
        log.publish_now(4),
        Published::Batch { taken: 3, .. }
    ));
    assert_eq!(log.faults(), vec![]);
    let proof = log.proof(&auditor(), "b");
    proof.file.verify(&log.key()).unwrap();
}

#[test]
fn the_key_is_made_once_and_never_replaced() {
    let log = Log::new();
    assert_eq!(verifier_key(&log.hub).unwrap(), None);
    log.publish(4);
    let key = verifier_key(&log.hub).unwrap().unwrap();
    log.publish(4);
    assert_eq!(verifier_key(&log.hub).unwrap().unwrap(), key);
    assert!(key.starts_with("hub.test+"), "{key}");
    // With the key gone and checkpoints there, no second one is made.
    log.hub
        .store
        .write::<_, StoreError>(log.stamp("test.destroy"), |tx| {
            tx.destroy_key("hub/log-signer")
        })
        .unwrap();
    log.tick();
    assert!(publish(&log.hub, settings(4), log.now(), log.random()).is_err());
    assert_eq!(log.faults(), vec![Fault::Signer]);
}

#[test]
fn a_proof_holds_after_many_further_batches() {
    let log = Log::new();
    log.record("rpt_a", 1);
    log.publish(4);
    let early = log.proof(&member(), "rpt_a").file.to_json();
    let old_size = log.size();
    let mut last = None;
    for round in 0..80 {
        log.record("other", round % 6);
        log.publish(8);
        if round % 16 == 0 {
            last = Some(log.proof(&member(), "rpt_a").file);
        }
    }
    assert!(log.size() > 600, "the tree has tiles of the second level");
    let key = log.key();
    for file in [OfflineProof::from_json(&early).unwrap(), last.unwrap()] {
        let proven = file.verify(&key).unwrap();
        let opened = proven.opened.unwrap();
        assert_eq!(opened.label, COMMITMENT_LABEL);
        let payload = String::from_utf8(opened.payload).unwrap();
        assert!(payload.contains("object=rpt_a\n"), "{payload}");
    }
    let actor = member();
    let between = consistency(&log.hub, &log.call(&actor), old_size).unwrap();
    let (old, new) = between.verify(&key).unwrap();
    assert_eq!((old.size, new.size), (old_size, log.size()));
    assert!(matches!(
        consistency(&log.hub, &log.call(&actor), old_size + 1),
        Err(LogError::NotFound)
    ));
    assert_eq!(log.faults(), vec![]);
}

#[test]
fn what_is_committed_says_what_happened() {
    let log = Log::new();
    log.record("rpt_a", 1);
    let (payload, holds) = log
        .hub
        .store
        .read::<_, StoreError>(|reader| {
            let found = store::log::about(reader, store::log::View::All, "rpt_a")?;
            let opening = found[0].opening(reader)?.unwrap();
            let holds = verify(
                COMMITMENT_LABEL,
                opening.payload.as_bytes(),
                &opening.salt,
                &found[0].hash,
            );
            Ok((opening.payload, holds))
        })
        .unwrap();
    assert!(holds);
    let owner = member().organization;
    assert_eq!(
        payload,
        format!(
            "hub=hub.test\nevent=part-read\nobject=rpt_a\nat={}\nowner={owner}\nnumber=0",
            log.now().micros()
        )
    );
}

#[test]
fn settings_have_limits() {
    assert_eq!(LogSettings::default().batch_size(), 16);
    assert_eq!(LogSettings::default().cadence_seconds(), 60);
    assert_eq!(LogSettings::new(0, 60), Err(SettingsError::BatchSize(0)));
    assert_eq!(
        LogSettings::new(BATCH_SIZE_MAX + 1, 60),
        Err(SettingsError::BatchSize(BATCH_SIZE_MAX + 1))
    );
    assert_eq!(LogSettings::new(16, 0), Err(SettingsError::Cadence(0)));
    assert!(LogSettings::new(BATCH_SIZE_MAX, CADENCE_SECONDS_MAX).is_ok());
}
