//! A copy that was put back as a test is noted; one that is damaged is not.

use std::fs;
use std::path::Path;
use std::process::{Command, Output};
use std::sync::Arc;

use domain::time::Timestamp;
use noroshi::premises;
use seal::secret::password::Cost;
use store::backup::DATA_FILE;

const HUB: &str = "hub.example";

fn run(folder: &Path, arguments: &str) -> Output {
    Command::new(env!("CARGO_BIN_EXE_noroshi"))
        .arg("db")
        .args(arguments.split(' '))
        .args(["--config", "noroshi.toml"])
        .current_dir(folder)
        .output()
        .unwrap()
}

fn last_test(folder: &Path) -> Option<Timestamp> {
    let store = premises::open(&folder.join("data"), None, HUB).unwrap();
    let hub = hub::Hub::new(store, Arc::default(), Cost::Test);
    hub::backup_test::last(&hub).unwrap()
}

#[test]
fn a_copy_is_put_back_as_a_test_and_that_is_noted() {
    let folder = tempfile::tempdir().unwrap();
    let folder = folder.path();
    fs::write(
        folder.join("noroshi.toml"),
        format!("hub = \"{HUB}\"\nname = \"x\"\nbase = \"http://localhost\"\ndata = \"data\"\n"),
    )
    .unwrap();
    drop(premises::open(&folder.join("data"), None, HUB).unwrap());
    assert!(run(folder, "verify").status.success());
    assert!(run(folder, "backup --to copy").status.success());
    // Reading the running store through tests no copy.
    assert_eq!(last_test(folder), None);

    let tested = run(folder, "verify --copy copy");
    assert!(tested.status.success(), "{tested:?}");
    let noted = last_test(folder);
    assert!(noted.is_some());
    assert!(!folder.join("data/copy-under-test").exists());

    fs::write(folder.join("copy/data").join(DATA_FILE), b"no database").unwrap();
    assert!(!run(folder, "verify --copy copy").status.success());
    assert_eq!(last_test(folder), noted);
    assert!(!folder.join("data/copy-under-test").exists());
}
