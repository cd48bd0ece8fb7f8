//! Somebody edits the database file: every bit of what the log rests on is flipped, one at a time.

use std::fs::{File, OpenOptions, read};
use std::os::unix::fs::FileExt as _;

use store::StoreError;
use store::log::tree::{checkpoints, leaves, tile};

use super::fixture::Log;
use crate::log::Fault;

/// What the log of the test rests on: each value as it lies in the file.
fn values(log: &Log) -> Vec<(&'static str, Vec<u8>)> {
    log.hub
        .store
        .read::<_, StoreError>(|reader| {
            let mut values = Vec::new();
            for leaf in leaves(reader, 0, 100)? {
                values.push(("leaf or commitment", leaf.hash.to_vec()));
            }
            values.push(("tile", tile(reader, 0, 0)?.unwrap()));
            for head in checkpoints(reader, 0, 100)? {
                values.push(("root", head.root.to_vec()));
                values.push(("note", head.note.into_bytes()));
            }
            values.push(("event and object", b"part-readrpt_a".to_vec()));
            Ok(values)
        })
        .unwrap()
}

fn places(file: &[u8], value: &[u8]) -> Vec<usize> {
    (0..=file.len() - value.len())
        .filter(|at| file[*at..].starts_with(value))
        .collect()
}

fn flip(file: &File, at: usize, bit: u8) {
    let mut byte = [0];
    file.read_exact_at(&mut byte, at as u64).unwrap();
    file.write_all_at(&[byte[0] ^ (1 << bit)], at as u64)
        .unwrap();
}

/// What the audit finds now. The write in between makes readers forget the pages they kept.
fn faults(log: &Log) -> Vec<Fault> {
    log.move_clock(1);
    log.hub
        .store
        .write(log.stamp("test.touch"), |tx| {
            store::lease::take(tx, "test-touch", "nobody", 0)
        })
        .unwrap();
    log.faults()
}

#[test]
fn every_flipped_bit_is_found() {
    let directory = tempfile::tempdir().unwrap();
    let log = Log::on_disk(directory.path());
    log.record("rpt_a", 1);
    log.publish(2);
    log.publish(1);
    assert_eq!(log.faults(), vec![]);
    let values = values(&log);
    // Closing folds the write-ahead log into the file.
    drop(log);
    let log = Log::on_disk(directory.path());

    let path = directory.path().join("noroshi.sqlite");
    let text = read(&path).unwrap();
    let file = OpenOptions::new()
        .read(true)
        .write(true)
        .open(&path)
        .unwrap();
    let mut flipped = 0;
    for (what, value) in values {
        let places = places(&text, &value);
        assert!(!places.is_empty(), "{what} is not in the file");
        for place in places {
            for at in place..place + value.len() {
                for bit in 0..8 {
                    flip(&file, at, bit);
                    let found = faults(&log);
                    assert!(!found.is_empty(), "bit {bit} of byte {at}, {what}");
                    flip(&file, at, bit);
                    if bit == 7 {
                        assert_eq!(faults(&log), vec![], "byte {at} is whole again");
                    }
                    flipped += 1;
                }
            }
        }
    }
    println!("{flipped} flipped bits, each found");
    assert_eq!(faults(&log), vec![]);
}
