//! Every event that the hub commits to is in one list, has its words on the trust page in both
//! languages, and stands on the page about the log.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use hub::log::EVENTS;
use view::words::{Language, Words};

/// What stands before the name of an event where one is written.
const BEFORE: [&str; 4] = ["event: \"", "log(tx,\"", "noted(tx,\"", "entry(\""];

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
fn every_event_that_is_written_is_in_the_list() {
    let written = events();
    assert!(written.len() > 30, "{written:?}");
    let unknown: Vec<_> = written
        .iter()
        .filter(|event| !EVENTS.contains(&event.as_str()))
        .collect();
    assert!(unknown.is_empty(), "{unknown:?}");
    assert!(EVENTS.is_sorted());
}

#[test]
fn every_event_has_its_words() {
    for language in [Language::Ja, Language::En] {
        let words = Words::new(language);
        let missing: Vec<_> = EVENTS
            .iter()
            .filter(|event| !words.has(&format!("trust-event-{event}")))
            .collect();
        assert!(missing.is_empty(), "{language:?}: {missing:?}");
    }
}

/// The page about the log lists exactly the events that there are.
#[test]
fn the_page_about_the_log_lists_every_event() {
    let page = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs/log.md");
    let text = fs::read_to_string(page).unwrap();
    let (_, after) = text.split_once("## What is committed, and when").unwrap();
    let (table, _) = after.split_once("What is committed to is").unwrap();
    let listed: BTreeSet<&str> = table
        .lines()
        .filter(|line| line.starts_with('|'))
        .flat_map(|line| line.split('`').skip(1).step_by(2))
        .collect();
    assert_eq!(listed, EVENTS.iter().copied().collect());
}
