use std::path::Path;
use std::sync::atomic::{AtomicUsize, Ordering};

use domain::id::OrganizationId;
use domain::organization::OrganizationKind;
use store::organization::{Organization, find, insert, of_kind};
use store::{Store, StoreError};

use crate::{in_memory, on_disk, stamp};

fn operator(number: u8) -> Organization {
    Organization {
        id: OrganizationId::from_random([number; 16]),
        kind: OrganizationKind::Operator,
        name_ja: format!("事業者{number}"),
        name_en: format!("operator {number}"),
        sector: None,
        ceptoar: None,
        prefecture: None,
        reports_to: None,
        known_names: vec![],
    }
}

fn count(store: &Store) -> usize {
    store
        .read(|reader| of_kind(reader, OrganizationKind::Operator))
        .unwrap()
        .len()
}

#[test]
fn a_refused_job_undoes_only_itself() {
    let store = in_memory();
    store
        .write(stamp("a"), |tx| insert(tx, &operator(1)))
        .unwrap();
    let refused: Result<(), StoreError> = store.write(stamp("b"), |tx| {
        insert(tx, &operator(2))?;
        Err(StoreError::WrongStore("refused by the test".to_owned()))
    });
    assert!(refused.is_err());
    assert_eq!(count(&store), 1);
}

#[test]
fn a_panic_undoes_the_job_and_the_writer_goes_on() {
    let store = in_memory();
    let failed: Result<(), StoreError> = store.write(stamp("a"), |tx| {
        insert(tx, &operator(1))?;
        panic!("planned by the test")
    });
    assert!(matches!(failed, Err(StoreError::Panicked("test.write"))));
    store
        .write(stamp("b"), |tx| insert(tx, &operator(2)))
        .unwrap();
    assert_eq!(count(&store), 1);
}

#[test]
fn what_was_acknowledged_is_there_after_reopening() {
    let directory = tempfile::tempdir().unwrap();
    {
        let store = on_disk(directory.path());
        std::thread::scope(|scope| {
            for number in 0..32 {
                let store = store.clone();
                scope.spawn(move || {
                    store
                        .write(stamp("w"), move |tx| insert(tx, &operator(number)))
                        .unwrap();
                });
            }
        });
    }
    let store = on_disk(directory.path());
    assert_eq!(count(&store), 32);
    let id = OrganizationId::from_random([5; 16]);
    let found = store.read(move |reader| find(reader, id)).unwrap().unwrap();
    assert_eq!(found.name_ja, "事業者5");
}

/// Commits in a write-ahead log: its frames that end a transaction, as the file format says
/// (<https://www.sqlite.org/fileformat2.html#the_write_ahead_log>).
fn commits(directory: &Path) -> usize {
    const HEADER: usize = 32;
    const FRAME_HEADER: usize = 24;
    let log = std::fs::read(directory.join("noroshi.sqlite-wal")).unwrap();
    let number = |at: usize| u32::from_be_bytes(log[at..at + 4].try_into().unwrap());
    let Some(frames) = log.len().checked_sub(HEADER) else {
        return 0;
    };
    let frame = FRAME_HEADER + number(8) as usize;
    let starts = (0..frames / frame).map(|at| HEADER + at * frame);
    // After a checkpoint the log begins again, and what stands behind the new frames is old.
    let current = starts.take_while(|at| number(at + 8) == number(16));
    current.filter(|at| number(at + 4) != 0).count()
}

/// Concurrent writers share commits, and each commit is one flush.
#[test]
fn writers_that_wait_together_are_committed_together() {
    const WRITERS: u8 = 40;
    let directory = tempfile::tempdir().unwrap();
    drop(on_disk(directory.path()));
    let store = on_disk(directory.path());
    for number in 0..10 {
        let written: Result<(), StoreError> =
            store.write(stamp("alone"), move |tx| insert(tx, &operator(number)));
        written.unwrap();
    }
    let alone = commits(directory.path());
    assert_eq!(
        alone, 10,
        "one after the other, each has a commit of its own"
    );
    let (go, wait) = std::sync::mpsc::channel();
    let arrived = AtomicUsize::new(0);
    std::thread::scope(|scope| {
        let first = store.clone();
        scope.spawn(move || {
            first
                .write::<_, StoreError>(stamp("first"), move |_| {
                    wait.recv().unwrap();
                    Ok(())
                })
                .unwrap();
        });
        for number in 0..WRITERS {
            let (store, arrived) = (store.clone(), &arrived);
            scope.spawn(move || {
                arrived.fetch_add(1, Ordering::Relaxed);
                store
                    .write(stamp("w"), move |tx| insert(tx, &operator(100 + number)))
                    .unwrap();
            });
        }
        while arrived.load(Ordering::Relaxed) < usize::from(WRITERS) {
            std::thread::yield_now();
        }
        go.send(()).unwrap();
    });
    assert_eq!(count(&store), 10 + usize::from(WRITERS));
    let together = commits(directory.path()) - alone;
    assert!(together <= 20, "{together} commits for {WRITERS} writes");
}

/// Another program that holds a file costs the writes of that time and no more.
#[test]
fn a_held_file_refuses_writes_until_it_is_let_go() {
    for file in ["noroshi.sqlite", "keys.sqlite"] {
        let directory = tempfile::tempdir().unwrap();
        let store = on_disk(directory.path());
        let other = rusqlite::Connection::open(directory.path().join(file)).unwrap();
        other.execute_batch("BEGIN IMMEDIATE").unwrap();
        let refused: Result<(), StoreError> =
            store.write(stamp("a"), |tx| insert(tx, &operator(1)));
        assert!(matches!(refused, Err(StoreError::Busy)), "{refused:?}");
        assert_eq!(count(&store), 0);
        other.execute_batch("ROLLBACK").unwrap();
        let written: Result<(), StoreError> =
            store.write(stamp("b"), |tx| insert(tx, &operator(2)));
        written.unwrap();
        assert_eq!(count(&store), 1);
    }
}

#[test]
fn readers_see_whole_transactions_while_writers_work() {
    let directory = tempfile::tempdir().unwrap();
    let store = on_disk(directory.path());
    let odd = AtomicUsize::new(0);
    std::thread::scope(|scope| {
        for number in 0..40_u8 {
            let store = store.clone();
            scope.spawn(move || {
                store
                    .write(stamp("pair"), move |tx| {
                        insert(tx, &operator(2 * number))?;
                        insert(tx, &operator(2 * number + 1))
                    })
                    .unwrap();
            });
        }
        for _ in 0..50 {
            if count(&store) % 2 == 1 {
                odd.fetch_add(1, Ordering::Relaxed);
            }
        }
    });
    assert_eq!(odd.load(Ordering::Relaxed), 0);
    assert_eq!(count(&store), 80);
}

#[test]
fn a_newer_schema_is_refused() {
    let directory = tempfile::tempdir().unwrap();
    drop(on_disk(directory.path()));
    let raw = rusqlite::Connection::open(directory.path().join("noroshi.sqlite")).unwrap();
    raw.execute(
        "INSERT INTO schema_step (version, name) VALUES (999, 'from the future')",
        [],
    )
    .unwrap();
    drop(raw);
    let again = Store::open(
        &store::Location::Directory(directory.path().to_owned()),
        crate::keyring(),
    );
    assert!(matches!(
        again.err(),
        Some(StoreError::SchemaVersion { found: 999, .. })
    ));
}
