//! Promise D1: no acknowledged write is lost when the process is killed, and none is doubled.
//!
//! The test starts itself as a child that writes and prints each id after its acknowledgement, kills
//! it in the middle, opens the store again and compares. A killed process leaves the system's page
//! cache alone, so this says nothing about power failures: that takes a disk that loses unsynced
//! writes.

use std::collections::BTreeMap;
use std::io::{BufRead as _, BufReader};
use std::process::{Command, Stdio};

use domain::id::OrganizationId;
use domain::organization::OrganizationKind;
use store::StoreError;
use store::organization::{Organization, insert, of_kind};

use crate::fixture::{on_disk, stamp};

/// Names the directory to a child; a test process without it is no child.
const DIRECTORY: &str = "NOROSHI_KILLED_WRITER";
/// Kills of the ordinary run; `NOROSHI_KILLS` asks for more.
const KILLS: u32 = 100;
const WRITERS: u8 = 4;

/// The child's part: four writers, each printing what was acknowledged to it.
#[test]
fn writes_until_killed() {
    let Some(directory) = std::env::var_os(DIRECTORY) else {
        return;
    };
    let store = on_disk(std::path::Path::new(&directory));
    let begun = store
        .read(|reader| of_kind(reader, OrganizationKind::Operator))
        .unwrap()
        .len();
    std::thread::scope(|scope| {
        for writer in 0..WRITERS {
            let store = store.clone();
            scope.spawn(move || {
                for number in 0_u32.. {
                    let mut bytes = [writer; 16];
                    bytes[..8].copy_from_slice(&(begun as u64).to_be_bytes());
                    bytes[8..12].copy_from_slice(&number.to_be_bytes());
                    let id = OrganizationId::from_random(bytes);
                    let written: Result<(), StoreError> =
                        store.write(stamp(&id.to_string()), move |tx| insert(tx, &operator(id)));
                    written.unwrap();
                    println!("\n{id}");
                }
            });
        }
    });
}

#[test]
fn what_a_killed_writer_acknowledged_is_there() {
    let asked = std::env::var("NOROSHI_KILLS")
        .ok()
        .and_then(|text| text.parse().ok());
    let directory = tempfile::tempdir().unwrap();
    let mut acknowledged: Vec<String> = Vec::new();
    for kill in 0..asked.unwrap_or(KILLS) {
        // From one acknowledged write to some dozens, so that the kill meets every phase.
        acknowledged.extend(killed_after(directory.path(), 1 + (kill as usize * 7) % 40));
        let store = on_disk(directory.path());
        let kept = store
            .read(|reader| of_kind(reader, OrganizationKind::Operator))
            .unwrap();
        let mut counts: BTreeMap<String, u32> = BTreeMap::new();
        for found in &kept {
            *counts.entry(found.id.to_string()).or_default() += 1;
        }
        for id in &acknowledged {
            assert_eq!(counts.get(id), Some(&1), "kill {kill}: {id}");
        }
    }
    println!("{} acknowledged writes survived", acknowledged.len());
    assert!(acknowledged.len() > 20);
}

/// Runs a child until it has printed `count` ids, kills it, and gives all that it printed.
fn killed_after(directory: &std::path::Path, count: usize) -> Vec<String> {
    let mut child = Command::new(std::env::current_exe().unwrap())
        .args([
            "--exact",
            "kill::writes_until_killed",
            "--nocapture",
            "--test-threads=1",
        ])
        .env(DIRECTORY, directory)
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .unwrap();
    let mut lines = BufReader::new(child.stdout.take().unwrap()).lines();
    let mut ids = Vec::new();
    while ids.len() < count {
        let line = lines
            .next()
            .expect("the child writes until it is killed")
            .unwrap();
        if line.starts_with("org_") {
            ids.push(line);
        }
    }
    child.kill().unwrap();
    child.wait().unwrap();
    // What it still managed to print was acknowledged too; a line cut in the middle was not read.
    ids.extend(
        lines
            .map_while(Result::ok)
            .filter(|line| line.parse::<OrganizationId>().is_ok()),
    );
    ids
}

fn operator(id: OrganizationId) -> Organization {
    Organization {
        id,
        kind: OrganizationKind::Operator,
        name_ja: "事業者".to_owned(),
        name_en: "operator".to_owned(),
        sector: None,
        ceptoar: None,
        prefecture: None,
        reports_to: None,
        known_names: vec![],
    }
}
