//! Proofs of the log, checked by the program that was written apart from ours.

use std::path::Path;
use std::process::{Command, Stdio};

/// `verify.py` accepts each sample, and refuses it once a letter of a hash in it is another.
#[test]
fn samples_hold_and_changed_ones_do_not() {
    let place = Path::new(env!("CARGO_MANIFEST_DIR")).join("../docs/log");
    let key = std::fs::read_to_string(place.join("sample-key.txt")).unwrap();
    let scratch = tempfile::tempdir().unwrap();
    let changed = scratch.path().join("changed.json");
    for sample in ["sample-proof.json", "sample-consistency.json"] {
        let sample = place.join(sample);
        let text = std::fs::read_to_string(&sample).unwrap();
        std::fs::write(&changed, with_another_letter(&text).unwrap()).unwrap();
        assert!(holds(&place, key.trim(), &sample), "{sample:?}");
        assert!(!holds(&place, key.trim(), &changed), "{sample:?} changed");
    }
}

fn holds(place: &Path, key: &str, file: &Path) -> bool {
    let mut python = Command::new("python3");
    python
        .arg("verify.py")
        .arg(key)
        .arg(file)
        .current_dir(place);
    let ended = python.stdout(Stdio::null()).stderr(Stdio::null()).status();
    ended.is_ok_and(|ended| ended.success())
}

/// `text` with the first letter of the first hash of its path exchanged.
fn with_another_letter(text: &str) -> Option<String> {
    let (before, path) = text.split_once("\"path\"")?;
    let (between, hash) = path.split_once('"')?;
    let other = if hash.starts_with('A') { 'B' } else { 'A' };
    let rest: String = hash.chars().skip(1).collect();
    Some(format!("{before}\"path\"{between}\"{other}{rest}"))
}
