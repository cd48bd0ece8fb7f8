use domain::actor::Actor;
use domain::id::CommitmentId;
use domain::organization::{OrganizationKind, Role};
use domain::policy::Action;
use seal::tlog::checkpoint::Checkpoint;
use seal::tlog::offline::LogEntry;
use seal::tlog::tile::{decode_bundle, nodes_of_tiles};
use seal::tlog::tree::{inclusion_proof, root_of_leaves, verify_inclusion};
use store::StoreError;
use store::log::erase;

use super::fixture::{Log, actor, auditor, member};
use crate::log::{
    Content, LogError, PAGE_ROWS, about, checkpoint, consistency, entries, proof, proofs, refused,
    tile,
};

#[test]
fn a_member_sees_his_own_and_an_auditor_all() {
    let log = Log::new();
    let rival = actor(2, OrganizationKind::Operator, Role::DutyOfficer);
    log.record("mine", 2);
    log.record_for(&rival, "theirs", 3);
    log.publish(16);
    log.record("mine", 1);
    let seen = |actor: &Actor| {
        let rows = log.rows(actor);
        let waiting = rows.iter().filter(|row| row.leaf_index.is_none()).count();
        (rows.len(), waiting)
    };
    assert_eq!(seen(&member()), (3, 1));
    assert_eq!(seen(&rival), (3, 0));
    assert_eq!(seen(&auditor()), (6, 1));
    assert!(log.rows(&member()).iter().all(|row| row.object == "mine"));
    assert_eq!(
        about(&log.hub, &log.call(&member()), "theirs").unwrap(),
        vec![]
    );
}

#[test]
fn the_list_has_pages_newest_first() {
    let log = Log::new();
    for _ in 0..PAGE_ROWS + 5 {
        log.move_clock(1);
        log.record("mine", 1);
    }
    let page = entries(&log.hub, &log.call(&member()), None).unwrap();
    assert_eq!(page.rows.len(), PAGE_ROWS as usize);
    assert!(page.next.is_some());
    let rows = log.rows(&member());
    assert_eq!(rows.len(), PAGE_ROWS as usize + 5);
    assert!(
        rows.is_sorted_by(|newer, older| newer.committed_at > older.committed_at),
        "{rows:?}"
    );
}

#[test]
fn another_members_proof_is_not_there() {
    let log = Log::new();
    log.record("mine", 1);
    log.publish(16);
    let rival = actor(2, OrganizationKind::Operator, Role::DutyOfficer);
    let hidden = log.rows(&member())[0].id;
    let absent = CommitmentId::from_random([5; 16]);
    for id in [hidden, absent] {
        let refused = proof(&log.hub, &log.call(&rival), id).unwrap_err();
        assert!(matches!(refused, LogError::NotFound));
        assert_eq!(refused.to_string(), "nothing is here");
    }
    for object in ["mine", "absent"] {
        let refused = proofs(&log.hub, &log.call(&rival), object).unwrap_err();
        assert!(matches!(refused, LogError::NotFound), "{object}");
    }
    for allowed in [member(), auditor()] {
        let proof = proof(&log.hub, &log.call(&allowed), hidden).unwrap();
        assert_eq!(proof.content, Content::Opens);
    }
}

#[test]
fn roles_without_a_view_find_nothing() {
    let log = Log::new();
    log.record("mine", 1);
    log.publish(16);
    for role in [Role::Staff, Role::Administrator, Role::Custodian] {
        let actor = actor(1, OrganizationKind::Operator, role);
        let call = || log.call(&actor);
        let hidden = |outcome: Result<(), LogError>| {
            assert!(matches!(outcome, Err(LogError::NotFound)), "{role:?}");
        };
        hidden(entries(&log.hub, &call(), None).map(|_| ()));
        hidden(about(&log.hub, &call(), "mine").map(|_| ()));
        hidden(proofs(&log.hub, &call(), "mine").map(|_| ()));
        hidden(checkpoint(&log.hub, &call()).map(|_| ()));
        hidden(tile(&log.hub, &call(), "tile/0/000.p/16").map(|_| ()));
        hidden(consistency(&log.hub, &call(), 16).map(|_| ()));
    }
}

#[test]
fn before_its_batch_an_entry_waits() {
    let log = Log::new();
    assert!(matches!(
        checkpoint(&log.hub, &log.call(&member())),
        Err(LogError::NotFound)
    ));
    log.record("mine", 1);
    let id = log.rows(&member())[0].id;
    let waits = proof(&log.hub, &log.call(&member()), id);
    assert!(matches!(waits, Err(LogError::Waiting)));
    let rival = actor(2, OrganizationKind::Operator, Role::DutyOfficer);
    let hidden = proof(&log.hub, &log.call(&rival), id);
    assert!(matches!(hidden, Err(LogError::NotFound)));
}

/// What a member downloads is a log in the form that other programs know.
#[test]
fn tiles_and_checkpoint_make_the_tree() {
    let log = Log::new();
    let reader = member();
    for round in 0..70 {
        log.record("mine", round % 3);
        log.publish(4);
    }
    let fetch = |path: &str| tile(&log.hub, &log.call(&reader), path);
    let note = String::from_utf8(log.checkpoint()).unwrap();
    let head = Checkpoint::open(&note, &log.key()).unwrap();
    assert_eq!(head.size, 280);

    let mut leaves = Vec::new();
    for path in ["tile/entries/000", "tile/entries/001.p/24"] {
        for entry in decode_bundle(&fetch(path).unwrap()).unwrap() {
            leaves.push(LogEntry::parse(&entry).unwrap().leaf_hash());
        }
    }
    assert_eq!(leaves.len(), 280);
    assert_eq!(root_of_leaves(&leaves), head.root);
    assert_eq!(fetch("tile/0/000").unwrap(), leaves[..256].as_flattened());
    assert_eq!(
        fetch("tile/1/000.p/1").unwrap(),
        root_of_leaves(&leaves[..256])
    );
    // A partial tile of an earlier tree is still served.
    assert_eq!(
        fetch("tile/0/001.p/4").unwrap(),
        leaves[256..260].as_flattened()
    );

    let mut nodes = nodes_of_tiles(head.size, |tile| fetch(&tile.to_string()));
    let path = inclusion_proof::<LogError>(270, head.size, &mut nodes).unwrap();
    verify_inclusion(&leaves[270], 270, head.size, &path, &head.root).unwrap();

    for beyond in [
        "tile/0/001",
        "tile/0/001.p/25",
        "tile/0/002.p/1",
        "tile/1/000",
        "tile/2/000.p/1",
        "tile/entries/001.p/25",
        "tile/0/1",
        "checkpoint",
        "",
    ] {
        assert!(matches!(fetch(beyond), Err(LogError::NotFound)), "{beyond}");
    }
}

#[test]
fn erasure_keeps_the_place_and_opens_nothing() {
    let directory = tempfile::tempdir().unwrap();
    let before;
    {
        let log = Log::on_disk(directory.path());
        log.record("rpt_erased", 3);
        log.record("rpt_kept", 1);
        log.publish(16);
        before = log.proof(&member(), "rpt_erased");
        assert_eq!(before.content, Content::Opens);
        let erased = log
            .hub
            .store
            .write::<_, StoreError>(log.stamp("test.erase"), |tx| erase(tx, "rpt_erased"))
            .unwrap();
        assert_eq!(erased, 3);
        log.publish(16);

        let after = log.proof(&member(), "rpt_erased");
        assert_eq!(after.content, Content::Erased);
        let proven = after.file.verify(&log.key()).unwrap();
        assert_eq!(proven.opened, None);
        let opened_before = before.file.verify(&log.key()).unwrap();
        assert_eq!(proven.entry, opened_before.entry);
        assert_eq!(log.proof(&member(), "rpt_kept").content, Content::Opens);
        let rows = log.rows(&member());
        let erased = rows.iter().filter(|row| row.content == Content::Erased);
        assert_eq!(erased.count(), 3);
        // The erasure is an entry for auditors.
        let events: Vec<String> = about(&log.hub, &log.call(&auditor()), "rpt_erased")
            .unwrap()
            .into_iter()
            .map(|row| row.event)
            .collect();
        assert!(events.contains(&"log-erased".to_owned()), "{events:?}");
        assert_eq!(log.faults(), vec![]);
    }
    // Neither a payload nor the salt of the downloaded proof stands in the files.
    let file: serde_json::Value = serde_json::from_str(&before.file.to_json()).unwrap();
    let salt = file["opening"]["salt"].as_str().unwrap();
    for entry in std::fs::read_dir(directory.path()).unwrap() {
        let bytes = std::fs::read(entry.unwrap().path()).unwrap();
        for trace in ["event=part-read\nobject=rpt", salt] {
            let found = bytes
                .windows(trace.len())
                .any(|window| window == trace.as_bytes());
            assert!(!found, "{trace}");
        }
    }
}

#[test]
fn content_that_is_destroyed_without_a_record_is_found() {
    let log = Log::new();
    log.record("rpt_a", 1);
    log.hub
        .store
        .write::<_, StoreError>(log.stamp("test.destroy"), |tx| tx.destroy_key("log/rpt_a"))
        .unwrap();
    let faults = log.faults();
    assert_eq!(
        faults,
        vec![crate::log::Fault::Destroyed("rpt_a".to_owned())]
    );
}

#[test]
fn a_refused_attempt_is_recorded_once_a_day() {
    let log = Log::new();
    let stranger = actor(2, OrganizationKind::Operator, Role::Staff);
    let attempt = |object: &str| {
        refused(&log.hub, &log.call(&stranger), Action::Triage, object).unwrap();
    };
    let recorded = || log.rows(&auditor()).len();
    attempt("rpt_a");
    attempt("rpt_a");
    assert_eq!(recorded(), 1);
    attempt("rpt_b");
    attempt("x' or 1=1 --\nowner=org_1");
    assert_eq!(recorded(), 3);
    let rows = log.rows(&auditor());
    assert!(rows.iter().all(|row| row.event == "attempt-refused"));
    assert!(rows.iter().any(|row| row.object == "not-an-id"));
    assert_eq!(
        log.rows(&actor(2, OrganizationKind::Operator, Role::DutyOfficer)),
        vec![],
        "for auditors only"
    );
    log.move_clock(86_400);
    attempt("rpt_a");
    assert_eq!(recorded(), 4);
}

#[test]
fn nobody_floods_the_log_with_refused_attempts() {
    let log = Log::new();
    let stranger = actor(2, OrganizationKind::Operator, Role::Staff);
    for number in 0..100 {
        let object = format!("rpt_{number}");
        refused(&log.hub, &log.call(&stranger), Action::Triage, &object).unwrap();
    }
    assert_eq!(log.rows(&auditor()).len(), 65);
    log.publish(128);
    let reached = log
        .rows(&auditor())
        .iter()
        .map(|row| log.proof(&auditor(), &row.object).file.to_json())
        .filter(|file| {
            let proof = seal::tlog::offline::OfflineProof::from_json(file).unwrap();
            let opened = proof.verify(&log.key()).unwrap().opened.unwrap();
            let payload = String::from_utf8(opened.payload).unwrap();
            payload.ends_with("limit=reached")
        })
        .count();
    assert_eq!(reached, 1);
    // Another person is not hindered.
    let other = actor(3, OrganizationKind::Operator, Role::Staff);
    refused(&log.hub, &log.call(&other), Action::Triage, "rpt_1").unwrap();
    assert_eq!(log.rows(&auditor()).len(), 66);
}
