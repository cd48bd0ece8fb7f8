//! Promise D3, the other half: a disk that fails. A flush or a write returns an error; the reports
//! that were acknowledged are there, the one that was under way is refused and can be sent again, and
//! the next hub on the same files goes on.
//!
//! The fault is put under the real program from outside: `strace --inject` lets a system call of the
//! hub's writer fail with EIO from the nth time on. Where `strace` is not installed, or may not trace,
//! nothing is claimed.
//!
//! What was refused may be there after all: the bytes of a transaction can have reached the disk
//! whose flush failed. So whoever was refused sends the same form again, and it makes one report.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;
use std::process::Command;

use domain::id::MembershipId;
use domain::organization::Role;
use hub::submit::SubmitError;
use sim::country::{Country, found};
use sim::world::seeded;
use store::StoreError;
use store::backup::{DATA_FILE, KEY_FILE, faults_of_files, unreadable_parts};

use crate::kill::{Counts, Form, NOW, SEED, opened};

/// Names the directory to a child, and the place of its sender.
const DIRECTORY: &str = "NOROSHI_BROKEN_DISK";
const SENDER: &str = "NOROSHI_BROKEN_SENDER";
/// Reports that a child sends at most.
const REPORTS_MAX: u64 = 60;
/// Which calls fail, and from which time on.
const FAULTS: [(&str, u32); 5] = [
    ("fsync,fdatasync", 6),
    ("fsync,fdatasync", 7),
    ("fsync,fdatasync", 21),
    ("pwrite64", 60),
    ("pwrite64", 333),
];

fn form(number: u64) -> Form {
    Form {
        kill: 0,
        writer: 0,
        number,
    }
}

/// The child's part: sends near misses until one is refused, and then one more.
#[test]
fn sends_until_the_disk_fails() {
    let Some(directory) = std::env::var_os(DIRECTORY) else {
        return;
    };
    let sender: MembershipId = std::env::var(SENDER).unwrap().parse().unwrap();
    let (hub, _store) = opened(Path::new(&directory));
    let mut refused = 0;
    for number in 0..REPORTS_MAX {
        match form(number).send(&hub, sender, "first") {
            Ok(receipt) => {
                assert_eq!(refused, 0, "a disk that failed is believed again");
                println!("\nacknowledged {number} {}", receipt.report);
            }
            Err(SubmitError::Store(StoreError::Stopped | StoreError::Database { .. })) => {
                refused += 1;
                println!("\nrefused {number}");
            }
            Err(other) => panic!("{other}"),
        }
        if refused == 2 {
            return;
        }
    }
}

/// Runs a child under the fault; the reports acknowledged to it and the numbers refused. `None` when
/// the fault cannot be made here.
fn child(
    directory: &Path,
    sender: MembershipId,
    (calls, from): (&str, u32),
) -> Option<(BTreeMap<u64, String>, BTreeSet<u64>)> {
    let output = Command::new("strace")
        .args(["-f", "-qq", "-o", "/dev/null"])
        .arg(format!("--trace={calls}"))
        .arg(format!("--inject={calls}:error=EIO:when={from}+"))
        .arg(std::env::current_exe().unwrap())
        .args([
            "--exact",
            "broken::sends_until_the_disk_fails",
            "--nocapture",
            "--test-threads=1",
        ])
        .env(DIRECTORY, directory)
        .env(SENDER, sender.to_string())
        .output()
        .ok()?;
    let said = String::from_utf8_lossy(&output.stdout).into_owned();
    let complained = String::from_utf8_lossy(&output.stderr).into_owned();
    if complained.contains("ptrace") && complained.contains("not permitted") {
        return None;
    }
    assert!(
        output.status.success(),
        "{calls} from {from}: {said}{complained}"
    );
    let acknowledged = said
        .lines()
        .filter_map(|line| line.strip_prefix("acknowledged ")?.split_once(' '))
        .map(|(number, report)| (number.parse().unwrap(), report.to_owned()))
        .collect();
    let refused = said
        .lines()
        .filter_map(|line| line.strip_prefix("refused ")?.parse().ok())
        .collect();
    Some((acknowledged, refused))
}

#[test]
fn a_disk_that_fails_loses_nothing_that_was_acknowledged() {
    if std::env::var_os(DIRECTORY).is_some() {
        return;
    }
    let mut acknowledged_count = 0;
    for fault in FAULTS {
        let folder = tempfile::tempdir().unwrap();
        let directory = folder.path();
        let (sender, before) = {
            let (hub, store) = opened(directory);
            let country: Country = found(&hub, NOW, &seeded(SEED).derive("country")).unwrap();
            let sender = country.places[&("kitahama", Role::Staff)];
            (sender, Counts::of(&store))
        };
        let Some((acknowledged, refused)) = child(directory, sender, fault) else {
            println!("no strace here: no disk was made to fail");
            return;
        };
        assert_eq!(refused.len(), 2, "{fault:?} met nothing");
        acknowledged_count += acknowledged.len();
        let (hub, store) = opened(directory);
        let kept = Counts::of(&store).reports;
        let lost: Vec<&String> = acknowledged
            .values()
            .filter(|id| !kept.contains(*id))
            .collect();
        assert!(lost.is_empty(), "{fault:?}: {lost:?}");
        // At most the first that was refused, whose bytes were under way.
        assert!(kept.len() <= acknowledged.len() + 1, "{fault:?}");
        let mut reports: BTreeMap<Form, String> = acknowledged
            .into_iter()
            .map(|(number, report)| (form(number), report))
            .collect();
        for number in refused {
            let receipt = form(number).send(&hub, sender, "again").unwrap();
            reports.insert(form(number), receipt.report.to_string());
        }
        Counts::of(&store).compare(&before, &reports, 0);
        let audited = hub::log::audit(&hub).unwrap();
        assert!(audited.is_empty(), "{fault:?}: {audited:?}");
        assert_eq!(store.read(unreadable_parts).unwrap(), Vec::<String>::new());
        drop((hub, store));
        let (data, keys) = (directory.join(DATA_FILE), directory.join(KEY_FILE));
        assert_eq!(faults_of_files(&data, &keys).unwrap(), Vec::<String>::new());
    }
    println!(
        "{} failing disks: {acknowledged_count} reports acknowledged, none lost",
        FAULTS.len()
    );
    assert!(acknowledged_count > 0);
}
