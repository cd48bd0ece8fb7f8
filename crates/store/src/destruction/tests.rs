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

fn place(object: &str) -> Place<'_> {
    Place {
        object,
        table: "part",
        column: "body",
        row: object,
    }
}
