use domain::organization::Role;
use domain::report::near_miss::Scope;
use hub::ReadError;
use hub::intake::list;
use hub::near_miss::{BatchRow, sent_before, submit_batch};
use hub::submit::{REPEAT_SECONDS, SubmitError};

use crate::near_miss::{key, near_miss};
use crate::scene::Scene;

fn row(scope: Scope, line: &str) -> BatchRow {
    BatchRow {
        near_miss: near_miss(scope, line),
        content: line.as_bytes().to_vec(),
    }
}

fn received(scene: &Scene) -> usize {
    let relay = scene.actor("denryoku", Role::Analyst);
    list(&scene.hub, &scene.call(&relay), None)
        .unwrap()
        .rows
        .len()
}

#[test]
fn a_batch_is_accepted_whole_or_not_at_all() {
    let scene = Scene::new();
    let source = scene.actor("kitahama", Role::Staff);
    let mut rows = vec![row(Scope::Named, "一"), row(Scope::Unnamed, "二")];
    let send = |rows| submit_batch(&scene.hub, &scene.call(&source), key(1), rows);
    let receipts = send(rows.clone()).unwrap();
    assert!(receipts.iter().all(Option::is_some));
    assert_eq!(receipts[0].as_ref().unwrap().mailbox_code, None);
    assert!(receipts[1].as_ref().unwrap().mailbox_code.is_some());

    rows.push(row(Scope::Named, "三"));
    rows.push(row(Scope::Named, "四"));
    rows[3].near_miss.kind = "no-such-kind".parse().unwrap();
    assert!(matches!(send(rows), Err(SubmitError::Lacking(_))));
    assert_eq!(received(&scene), 2);
}

#[test]
fn the_same_file_doubles_nothing_and_a_row_added_to_it_goes_alone() {
    let scene = Scene::new();
    let source = scene.actor("kitahama", Role::Staff);
    let mut rows = vec![
        row(Scope::Unnamed, "同じ"),
        row(Scope::Unnamed, "同じ"),
        row(Scope::Named, "別"),
    ];
    let send = |rows: &[BatchRow]| {
        submit_batch(&scene.hub, &scene.call(&source), key(1), rows.to_vec()).unwrap()
    };
    let first = send(&rows);
    assert!(
        first[0] != first[1],
        "two events that read the same are two"
    );
    assert!(send(&rows) == first, "pressed twice: the same receipts");
    assert_eq!(received(&scene), 3);

    scene.advance(REPEAT_SECONDS + 60);
    rows.insert(0, row(Scope::Named, "新"));
    let contents: Vec<Vec<u8>> = rows.iter().map(|row| row.content.clone()).collect();
    let known = sent_before(&scene.hub, &scene.call(&source), key(1), &contents).unwrap();
    assert_eq!(known, [false, true, true, true]);
    let later = send(&rows);
    let given: Vec<bool> = later.iter().map(Option::is_some).collect();
    assert_eq!(
        given,
        [true, false, false, false],
        "no code is shown a second time"
    );
    assert_eq!(received(&scene), 4);
}

/// A workbook is passed on with the key in it: nobody learns what others sent with it, nobody's row is
/// taken for theirs, and nobody receives their mailbox codes.
#[test]
fn the_same_file_in_another_organization_is_another_file() {
    let scene = Scene::new();
    let rows = vec![row(Scope::Unnamed, "同じ"), row(Scope::Named, "別")];
    let contents: Vec<Vec<u8>> = rows.iter().map(|row| row.content.clone()).collect();
    let mut given = Vec::new();
    for name in ["kitahama", "minamino"] {
        let source = scene.actor(name, Role::Staff);
        let known = sent_before(&scene.hub, &scene.call(&source), key(1), &contents).unwrap();
        assert_eq!(known, [false, false], "{name}");
        let receipts =
            submit_batch(&scene.hub, &scene.call(&source), key(1), rows.clone()).unwrap();
        given.extend(receipts.into_iter().map(|receipt| receipt.unwrap().report));
    }
    given.sort_unstable();
    given.dedup();
    assert_eq!((given.len(), received(&scene)), (4, 4));
}

#[test]
fn another_file_with_the_same_rows_is_another_file() {
    let scene = Scene::new();
    let (one, other) = (
        scene.actor("kitahama", Role::Staff),
        scene.actor("minamino", Role::Staff),
    );
    let rows = vec![row(Scope::Unnamed, "見本のまま")];
    submit_batch(&scene.hub, &scene.call(&one), key(1), rows.clone()).unwrap();
    let contents = vec![rows[0].content.clone()];
    let known = sent_before(&scene.hub, &scene.call(&other), key(2), &contents).unwrap();
    assert_eq!(known, [false], "what others sent is not told");
    submit_batch(&scene.hub, &scene.call(&other), key(2), rows).unwrap();
    assert_eq!(received(&scene), 2);
}

#[test]
fn who_does_not_report_sends_no_batch_and_learns_nothing() {
    let scene = Scene::new();
    let auditor = scene.actor("center", Role::Auditor);
    let rows = vec![row(Scope::Named, "x")];
    assert!(matches!(
        submit_batch(&scene.hub, &scene.call(&auditor), key(1), rows),
        Err(SubmitError::NotPermitted)
    ));
    assert!(matches!(
        sent_before(&scene.hub, &scene.call(&auditor), key(1), &[vec![1]]),
        Err(ReadError::NotFound)
    ));
}
