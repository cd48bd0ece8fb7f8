//! Promise D3: a disk that takes no more. Reports are sent until the store refuses; the one that was
//! refused comes back to be printed, those that were acknowledged are there, and nothing is half
//! written.
//!
//! The fault is real: the test starts itself as a child whose files may not grow beyond a limit
//! (`ulimit -f`), so that the system refuses the write in the middle of a page, a transaction or a
//! commit. Child and parent share nothing but the directory.

use std::collections::BTreeSet;
use std::path::Path;
use std::process::Command;
use std::sync::Arc;

use domain::organization::Role;
use seal::object::MasterKey;
use seal::secret::password::Cost;
use sim::crawl::forms;
use sim::world::World;
use store::backup::{DATA_FILE, KEY_FILE, faults_of_files, rows, unreadable_parts};
use store::keyring::Keyring;
use store::{Location, Store};

use crate::reference;

/// Names the directory to a child.
const DIRECTORY: &str = "NOROSHI_FULL_DISK";
/// Reports that a child sends at most.
const REPORTS_MAX: usize = 300;
/// Limits that are tried, in kilobytes above what the store has when the child begins to send.
const STEPS: [u64; 4] = [8, 60, 150, 280];
const SEED: u64 = 23;

/// The child's part: sends near misses until one is refused.
#[test]
fn sends_until_refused() {
    let Some(directory) = std::env::var_os(DIRECTORY) else {
        return;
    };
    let location = Location::Directory(directory.into());
    let Ok(world) = World::on(SEED, &reference(), &location) else {
        println!("\nnever began");
        return;
    };
    let staff = ("kitahama", Role::Staff);
    let page = world.get(staff, "/near-miss").unwrap();
    let html = String::from_utf8_lossy(&page.body).into_owned();
    let form = forms(&html)
        .into_iter()
        .find(|form| form.typed.contains("line"))
        .unwrap();
    for number in 0..REPORTS_MAX {
        let mark = format!("mark-{number:04}");
        let mut fields = form.fields.clone();
        for (name, value) in &mut fields {
            match name.as_str() {
                "line" => *value = format!("{mark} {}", "保守用の口".repeat(20)),
                // Each sending is a form of its own.
                "form_key" => *value = format!("{:0>32}", number + 1),
                _ => {}
            }
        }
        let received = world.post(staff, &form.action, &fields).unwrap();
        let body = String::from_utf8_lossy(&received.body);
        match received.status.as_u16() {
            200 | 303 => println!("\nacknowledged {mark}"),
            503 => {
                assert!(body.contains(&mark), "what was typed is not on the page");
                println!("\nrefused {mark}");
                return;
            }
            other => panic!("{other}: {body}"),
        }
    }
}

fn child(directory: &Path, kilobytes: u64) -> (BTreeSet<String>, bool) {
    let program = std::env::current_exe().unwrap();
    // Half-kilobyte blocks as POSIX counts them; the signal that would end the process is ignored,
    // so that the write fails as on a full disk.
    let limited = format!(
        "trap '' XFSZ; ulimit -f {}; exec \"$0\" \"$@\"",
        kilobytes * 2
    );
    let output = Command::new("sh")
        .args(["-c", &limited])
        .arg(program)
        .args([
            "--exact",
            "full::sends_until_refused",
            "--nocapture",
            "--test-threads=1",
        ])
        .env(DIRECTORY, directory)
        .output()
        .unwrap();
    let said = String::from_utf8_lossy(&output.stdout).into_owned();
    assert!(
        output.status.success(),
        "{said}{}",
        String::from_utf8_lossy(&output.stderr)
    );
    let acknowledged = said
        .lines()
        .filter_map(|line| line.strip_prefix("acknowledged "))
        .map(str::to_owned)
        .collect();
    (acknowledged, said.contains("refused "))
}

#[test]
fn a_disk_that_is_full_loses_nothing_that_was_acknowledged() {
    if std::env::var_os(DIRECTORY).is_some() {
        return;
    }
    let (mut refusals, mut kept) = (0, 0);
    for step in STEPS {
        let folder = tempfile::tempdir().unwrap();
        let size = size_of_a_fresh_store();
        let (acknowledged, refused) = child(folder.path(), size + step);
        refusals += usize::from(refused);
        kept += acknowledged.len();
        check(folder.path(), acknowledged.len(), step);
    }
    println!(
        "{refusals} of {} children were refused, {kept} reports were kept",
        STEPS.len()
    );
    assert!(refusals >= 2 && kept >= 3);
}

/// Kilobytes of the larger of the files that a world begins with, its log of writes counted.
fn size_of_a_fresh_store() -> u64 {
    let folder = tempfile::tempdir().unwrap();
    let location = Location::Directory(folder.path().to_owned());
    let world = World::on(SEED, &reference(), &location).unwrap();
    let files = std::fs::read_dir(folder.path()).unwrap();
    let largest = files
        .map(|file| file.unwrap().metadata().unwrap().len())
        .max();
    drop(world);
    largest.unwrap_or(0) / 1024
}

/// Opens the store without the limit and looks it through.
fn check(directory: &Path, acknowledged_count: usize, step: u64) {
    let master = MasterKey::generate(&mut sim::world::seeded(SEED).derive("master"));
    let location = Location::Directory(directory.to_owned());
    let store = Store::open(&location, Keyring::new("hub.sim", master)).unwrap();
    assert_eq!(store.read(unreadable_parts).unwrap(), Vec::<String>::new());
    let all = store.read(rows).unwrap();
    let count = |table: &str| {
        let begin = format!("{table}\n");
        all.iter().filter(|row| row.starts_with(&begin)).count()
    };
    let hub = hub::Hub::new(store, Arc::default(), Cost::Test);
    let audited = hub::log::audit(&hub).unwrap();
    assert!(audited.is_empty(), "step {step}: {audited:?}");
    assert_eq!(
        faults_of_files(&directory.join(DATA_FILE), &directory.join(KEY_FILE)).unwrap(),
        Vec::<String>::new()
    );
    // Each report whole: its parts, its sealed identity and its place in the mailboxes, or nothing.
    assert_eq!(count("report"), acknowledged_count, "step {step}");
    assert!(count("part") >= acknowledged_count, "step {step}");
}
