//! A demo's store never serves a real hub, and a demo never touches a store that is there.

use std::fs;
use std::path::Path;
use std::process::{Command, Output};
use std::sync::Arc;

use hub::set_up::{Authority, Installer, SetUp, StoreKind, mark_store};
use noroshi::{ambient, premises};
use seal::secret::password::Cost;

const HUB: &str = "hub.example";

fn run(folder: &Path, words: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_noroshi"))
        .args(words)
        .current_dir(folder)
        .output()
        .unwrap()
}

fn store_of_kind(folder: &Path, kind: StoreKind) {
    let config =
        format!("hub = \"{HUB}\"\nname = \"x\"\nbase = \"http://localhost\"\ndata = \"data\"\n");
    fs::write(folder.join("noroshi.toml"), config).unwrap();
    let store = premises::open(&folder.join("data"), None, HUB).unwrap();
    let hub = hub::Hub::new(store, Arc::default(), Cost::Test);
    let installer = Installer::local_console();
    let set_up = SetUp {
        authority: Authority::Console(&installer),
        now: ambient::now(),
        random: ambient::random().unwrap(),
    };
    mark_store(&hub, &set_up, kind).unwrap();
}

#[test]
fn a_demo_store_is_not_served_and_takes_no_administrators() {
    let folder = tempfile::tempdir().unwrap();
    store_of_kind(folder.path(), StoreKind::Demo);
    for words in [
        &["serve"][..],
        &["admin", "first-run"],
        &["admin", "organizations"],
    ] {
        let output = run(folder.path(), words);
        let said = String::from_utf8_lossy(&output.stderr).into_owned();
        assert!(!output.status.success(), "{words:?}");
        assert!(said.contains("was made by the demo"), "{words:?}: {said}");
    }
}

#[test]
fn a_demo_leaves_a_store_that_is_there_as_it_is() {
    for kind in [StoreKind::Real, StoreKind::Demo] {
        let folder = tempfile::tempdir().unwrap();
        store_of_kind(folder.path(), kind);
        let file = folder.path().join("data/noroshi.sqlite");
        let before = fs::read(&file).unwrap();
        let output = run(folder.path(), &["demo", "--data", "data"]);
        let said = String::from_utf8_lossy(&output.stderr).into_owned();
        assert!(!output.status.success(), "{kind:?}");
        assert!(said.contains("holds a store already"), "{kind:?}: {said}");
        assert_eq!(fs::read(&file).unwrap(), before);
    }
}
