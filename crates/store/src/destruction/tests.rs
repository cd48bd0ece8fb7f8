use std::collections::BTreeSet;
use std::path::Path;

use domain::confidential::Confidential;
use domain::id::{DraftId, OrganizationId, PersonId};
use domain::report::draft::Draft;
use domain::time::Timestamp;
use rusqlite::Connection;
use seal::object::MasterKey;
use seal::random::Random;

use crate::backup::{DATA_FILE, KEY_FILE};
use crate::draft::{self, Keeper};
use crate::keyring::{Keyring, Place};
use crate::transaction::Reader;
use crate::{Location, Stamp, Store, StoreError, Tx};

const NOW: Timestamp = Timestamp::from_seconds(1_000);

/// Where a write stops.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Dies {
    BetweenTheCommits,
    AfterTheCommits,
}

#[test]
fn a_crash_between_the_commits_leaves_the_draft_as_it_was() {
    let directory = tempfile::tempdir().unwrap();
    let id = kept_draft(directory.path());
    write_and_die(directory.path(), Dies::BetweenTheCommits, |tx| {
        draft::shred(tx, id).unwrap();
        // Written anew in the same breath, as the log does with what stands beside an erasure.
        tx.sealed(&place(&id.to_string()), b"new").unwrap();
        tx.destroy_key(&id.to_string()).unwrap();
    });
    assert!(
        opens(&open(directory.path()), id),
        "its key has been put back"
    );
    assert_eq!(left(directory.path()), (1, 0, 0));
}

#[test]
fn a_crash_after_the_commits_brings_nothing_back() {
    let directory = tempfile::tempdir().unwrap();
    let id = kept_draft(directory.path());
    write_and_die(directory.path(), Dies::AfterTheCommits, |tx| {
        draft::shred(tx, id).unwrap();
    });
    assert_eq!(left(directory.path()), (0, 1, 1));
    drop(open(directory.path()));
    assert_eq!(left(directory.path()), (0, 0, 0));
}

#[test]
fn an_undone_write_destroys_nothing() {
    let directory = tempfile::tempdir().unwrap();
    let id = kept_draft(directory.path());
    let store = open(directory.path());
    let refused: Result<(), StoreError> = store.write(stamp("refused"), move |tx| {
        draft::shred(tx, id)?;
        Err(StoreError::Stopped)
    });
    refused.unwrap_err();
    assert!(opens(&store, id));
    assert_eq!(left(directory.path()), (1, 0, 0));
}

/// Many keys, so that pages split and cells move before they are deleted.
#[test]
fn no_file_holds_a_destroyed_key() {
    let directory = tempfile::tempdir().unwrap();
    let store = open(directory.path());
    let objects = objects(600);
    for some in objects.chunks(50) {
        seal(&store, some.to_vec());
    }
    // Read through the pool, as a running hub does.
    let first = objects[0].clone();
    read_key(&store, first);
    let (gone, kept): (Vec<_>, Vec<_>) = wrapped_keys(directory.path())
        .into_iter()
        .partition(|(object, _)| u128::from_str_radix(object, 16).unwrap() % 3 == 0);
    assert!(gone.len() > 100 && kept.len() > 100);
    for some in gone.chunks(40) {
        destroy(&store, some.iter().map(|(object, _)| object.clone()));
        assert_eq!(found(directory.path(), some), 0);
    }
    assert_eq!(found(directory.path(), &gone), 0);
    assert_eq!(found(directory.path(), &kept), kept.len());
}

#[test]
fn what_a_reader_held_up_is_overwritten_with_the_next_write() {
    let directory = tempfile::tempdir().unwrap();
    let store = open(directory.path());
    seal(&store, objects(3));
    let key = wrapped_keys(directory.path()).remove(0);
    let reader = Connection::open(directory.path().join(KEY_FILE)).unwrap();
    reader.execute_batch("BEGIN").unwrap();
    let count: i64 = reader
        .query_row("SELECT count(*) FROM object_key", [], |row| row.get(0))
        .unwrap();
    assert_eq!(count, 3);
    destroy(&store, [key.0.clone()]);
    assert_eq!(found(directory.path(), std::slice::from_ref(&key)), 1);
    reader.execute_batch("ROLLBACK").unwrap();
    let next: Result<(), StoreError> = store.write(stamp("next"), |_| Ok(()));
    next.unwrap();
    assert_eq!(found(directory.path(), &[key]), 0);
}

fn stamp(label: &str) -> Stamp {
    Stamp {
        name: "test.write",
        now: NOW,
        random: Random::from_seed([7; 32]).derive(label),
    }
}

fn ring() -> Keyring {
    let mut random = Random::from_seed([7; 32]).derive("master");
    Keyring::new("test-hub", MasterKey::generate(&mut random))
}

fn open(directory: &Path) -> Store {
    Store::open(&Location::Directory(directory.to_owned()), ring()).unwrap()
}

/// Does `work` as the writer does, up to where it dies.
fn write_and_die(directory: &Path, dies: Dies, work: impl FnOnce(&Tx<'_>)) {
    let data = Connection::open(directory.join(DATA_FILE)).unwrap();
    let keys = Connection::open(directory.join(KEY_FILE)).unwrap();
    // The draft's author need not be there.
    data.execute_batch("PRAGMA foreign_keys = OFF; BEGIN IMMEDIATE")
        .unwrap();
    keys.execute_batch("BEGIN IMMEDIATE").unwrap();
    let ring = ring();
    work(&Tx::new(Reader::new(&data, &keys, &ring), stamp("work")));
    keys.execute_batch("COMMIT").unwrap();
    if dies == Dies::AfterTheCommits {
        data.execute_batch("COMMIT").unwrap();
    }
}

fn kept_draft(directory: &Path) -> DraftId {
    drop(open(directory));
    let id = DraftId::from_random([3; 16]);
    write_and_die(directory, Dies::AfterTheCommits, |tx| {
        let organization = OrganizationId::from_random([5; 16]);
        let draft = Confidential::new(Draft::new(id, organization, NOW));
        let keeper = Keeper::Person(PersonId::from_random([4; 16]));
        draft::insert(tx, id, &keeper, &draft).unwrap();
    });
    id
}

fn opens(store: &Store, id: DraftId) -> bool {
    let read: Result<bool, StoreError> = store.read(move |reader| {
        let closed = draft::find(reader, id, NOW)?.expect("its row is there");
        Ok(closed.open(reader, None)?.is_some())
    });
    read.unwrap()
}

/// Keys in force, keys put aside, and destructions noted in the data.
fn left(directory: &Path) -> (i64, i64, i64) {
    let count = |file: &str, table: &str| {
        Connection::open(directory.join(file))
            .unwrap()
            .query_row(&format!("SELECT count(*) FROM {table}"), [], |row| {
                row.get(0)
            })
            .unwrap()
    };
    (
        count(KEY_FILE, "object_key"),
        count(KEY_FILE, "key_to_destroy"),
        count(DATA_FILE, "key_destruction"),
    )
}

fn objects(count: usize) -> Vec<String> {
    let mut random = Random::from_seed([9; 32]);
    (0..count)
        .map(|_| format!("{:032x}", u128::from_be_bytes(random.bytes())))
        .collect()
}

fn place(object: &str) -> Place<'_> {
    Place {
        object,
        table: "part",
        column: "body",
        row: object,
    }
}

fn seal(store: &Store, objects: Vec<String>) {
    let sealed: Result<(), StoreError> = store.write(stamp("seal"), move |tx| {
        for object in &objects {
            tx.sealed(&place(object), b"text")?;
        }
        Ok(())
    });
    sealed.unwrap();
}

fn destroy(store: &Store, objects: impl IntoIterator<Item = String>) {
    let objects: Vec<_> = objects.into_iter().collect();
    let destroyed: Result<(), StoreError> = store.write(stamp("destroy"), move |tx| {
        objects.iter().try_for_each(|object| tx.destroy_key(object))
    });
    destroyed.unwrap();
}

fn read_key(store: &Store, object: String) {
    let read: Result<(), StoreError> = store.read(move |reader| {
        let opened = reader.opened(&place(&object), b"no ciphertext");
        assert!(matches!(opened, Err(StoreError::Unreadable { .. })));
        Ok(())
    });
    read.unwrap();
}

fn wrapped_keys(directory: &Path) -> Vec<(String, Vec<u8>)> {
    let keys = Connection::open(directory.join(KEY_FILE)).unwrap();
    let mut rows = keys
        .prepare("SELECT object_id, wrapped FROM object_key")
        .unwrap();
    let rows = rows.query_map([], |row| Ok((row.get(0)?, row.get(1)?)));
    rows.unwrap().map(Result::unwrap).collect()
}

/// How many of `keys` stand in any file, as a copy of the disk would have them.
fn found(directory: &Path, keys: &[(String, Vec<u8>)]) -> usize {
    // The last bytes of a cell survive longest.
    let tail = |wrapped: &[u8]| wrapped[wrapped.len() - TAIL_BYTES..].to_vec();
    let sought: BTreeSet<_> = keys.iter().map(|(_, wrapped)| tail(wrapped)).collect();
    let files = std::fs::read_dir(directory).unwrap();
    let bytes: Vec<u8> = files
        .flat_map(|file| std::fs::read(file.unwrap().path()).unwrap())
        .collect();
    let seen: BTreeSet<_> = bytes
        .windows(TAIL_BYTES)
        .filter(|window| sought.contains(*window))
        .collect();
    seen.len()
}

const TAIL_BYTES: usize = 24;
