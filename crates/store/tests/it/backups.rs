use std::fs;

use store::backup::{DATA_FILE, KEY_FILE, copy, faults_of_files, restore, unreadable_parts};

use crate::fixture::{on_disk, stamp};

/// A copy taken while the store runs is sound and opens with the same master key; a changed byte in
/// a text is found.
#[test]
fn a_copy_can_be_put_back_and_damage_is_found() {
    let (live, kept, again) = (
        tempfile::tempdir().unwrap(),
        tempfile::tempdir().unwrap(),
        tempfile::tempdir().unwrap(),
    );
    let store = on_disk(live.path());
    store
        .write(stamp("a"), crate::parts::insert_sample)
        .unwrap();
    copy(live.path(), kept.path()).unwrap();
    let (data, keys) = (
        kept.path().join("data").join(DATA_FILE),
        kept.path().join("keys").join(KEY_FILE),
    );
    assert_eq!(faults_of_files(&data, &keys).unwrap(), Vec::<String>::new());

    restore(kept.path(), again.path()).unwrap();
    let restored = on_disk(again.path());
    assert!(restored.read(unreadable_parts).unwrap().is_empty());
    assert!(
        restore(kept.path(), again.path()).is_err(),
        "a store is never overwritten"
    );
    drop(restored);

    let raw = rusqlite::Connection::open(again.path().join(DATA_FILE)).unwrap();
    raw.execute("UPDATE part SET body = zeroblob(length(body))", [])
        .unwrap();
    drop(raw);
    assert_eq!(
        on_disk(again.path()).read(unreadable_parts).unwrap().len(),
        1
    );
}

#[test]
fn a_missing_copy_is_told() {
    let (empty, target) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    let error = restore(empty.path(), target.path()).unwrap_err();
    assert!(error.to_string().contains("there is no"), "{error}");
    assert!(fs::read_dir(target.path()).unwrap().next().is_none());
}
