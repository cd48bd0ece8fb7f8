//! Every event that the hub commits to has its words on the trust page, in both languages.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use view::words::{Language, Words};

/// What stands before the name of an event where one is written.
const BEFORE: [&str; 3] = ["event: \"", "log(tx,\"", "entry(\""];

fn sources(folder: &Path, found: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            sources(&path, found);
        } else if path.extension().is_some_and(|extension| extension == "rs")
            && !path.ends_with("tests.rs")
        {
            found.push(path);
        }
    }
}

fn events() -> BTreeSet<String> {
    let mut files = Vec::new();
    for room in ["hub", "store"] {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("..").join(room);
        sources(&folder.join("src"), &mut files);
    }
    let mut events = BTreeSet::new();
    for file in files {
        let text = fs::read_to_string(file).unwrap();
        // Arguments stand on lines of their own where they do not fit on one.
        let text = text.replace("log(tx, ", "log(tx,").replace('\n', " ");
        let text = text.split_whitespace().collect::<Vec<_>>().join(" ");
        let text = text.replace("( ", "(").replace("tx, \"", "tx,\"");
        for before in BEFORE {
            for piece in text.split(before).skip(1) {
                events.insert(piece.split('"').next().unwrap().to_owned());
            }
        }
    }
    events
}

#[test]
fn every_event_has_its_words() {
    let events = events();
    assert!(events.len() > 30, "{events:?}");
    for language in [Language::Ja, Language::En] {
        let words = Words::new(language);
        let missing: Vec<_> = events
            .iter()
            .filter(|event| !words.has(&format!("trust-event-{event}")))
            .collect();
        assert!(missing.is_empty(), "{language:?}: {missing:?}");
    }
}
