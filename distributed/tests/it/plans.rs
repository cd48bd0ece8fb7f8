//! The same questions to one machine, to two executors, and to two of which one dies.

use std::path::{Path, PathBuf};
use std::process::Command;

use crate::machines::{Cluster, query, said, wait_for};
use crate::made::{COMMANDING, FIRST_HOUR, Size, collectors};

const SMALL: Size = Size {
    collectors: 2,
    hours: 3,
    servers: 400,
    talks_an_hour: 4_000,
};

/// Takes two executors some seconds.
const LARGE: Size = Size {
    collectors: 2,
    hours: 12,
    servers: 20_000,
    talks_an_hour: 30_000,
};

/// The words of a question, and the collectors it is about.
fn asked(words: &[&str], collectors: &[PathBuf]) -> Command {
    let mut query = query(words);
    query.args(collectors);
    query
}

fn answer(words: &[&str], collectors: &[PathBuf]) -> String {
    said(asked(words, collectors).output().unwrap())
}

/// All files below a folder, with what is in them.
fn files(folder: &Path) -> Vec<(PathBuf, Vec<u8>)> {
    let mut found = Vec::new();
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            found.extend(files(&path));
        } else {
            found.push((path.clone(), std::fs::read(&path).unwrap()));
        }
    }
    found.sort();
    found
}

/// What was merged below `folder`, by the names of the files within.
fn merged(folder: &Path) -> Vec<(PathBuf, Vec<u8>)> {
    let within = |(path, octets): (PathBuf, Vec<u8>)| {
        (path.strip_prefix(folder).unwrap().to_owned(), octets)
    };
    files(folder).into_iter().map(within).collect()
}

#[test]
fn two_executors_answer_as_one_machine_does() {
    let folder = tempfile::tempdir().unwrap();
    let collectors = collectors(folder.path(), SMALL);
    let cluster = Cluster::start(folder.path(), 2);
    let scheduler = cluster.address.to_string();

    for words in [
        vec!["score", "--all"],
        vec!["score"],
        vec!["hunt", "--server", COMMANDING, "--server", "198.51.100.1"],
        vec![
            "hunt", "--server", COMMANDING, "--from", FIRST_HOUR, "--to", FIRST_HOUR,
        ],
        vec![
            "hunt",
            "--server",
            COMMANDING,
            "--talks",
            "--purpose",
            "a test",
        ],
    ] {
        let alone = answer(&words, &collectors);
        assert!(!alone.is_empty(), "{words:?}");
        let together = answer(
            &[&["--scheduler", &scheduler], &words[..]].concat(),
            &collectors,
        );
        assert_eq!(alone, together, "{words:?}");
    }

    let [alone, together] = ["alone", "together"].map(|name| folder.path().join(name));
    answer(&["merge", "--into", alone.to_str().unwrap()], &collectors);
    let into = [
        "--scheduler",
        &scheduler,
        "merge",
        "--into",
        together.to_str().unwrap(),
    ];
    answer(&into, &collectors);
    assert!(!merged(&alone).is_empty());
    assert!(merged(&alone) == merged(&together));

    // Servers below the tier `watch` stay where they were merged; the others are told as they would be.
    let all = answer(&["score", "--all"], &collectors);
    let watched = all.lines().filter(|line| !line.contains(r#""tier":"low""#));
    let score = answer(&["score"], &collectors);
    assert_eq!(
        score.lines().collect::<Vec<_>>(),
        watched.collect::<Vec<_>>()
    );

    // What was merged once is judged as what it was merged from.
    assert_eq!(
        answer(&["score", "--all"], &collectors),
        answer(&["score", "--all"], &[alone])
    );
}

#[test]
fn the_server_that_two_collectors_saw_is_the_first_of_the_list() {
    let folder = tempfile::tempdir().unwrap();
    let collectors = collectors(folder.path(), SMALL);
    let first = |collectors: &[PathBuf]| -> serde_json::Value {
        let list = answer(&["score"], collectors);
        serde_json::from_str(list.lines().next().unwrap()).unwrap()
    };
    let both = first(&collectors);
    assert_eq!(both["server"], "203.0.113.9");
    assert_eq!(both["port"], 4_444);
    let one = first(&collectors[..1]);
    assert_eq!(
        both["flows"].as_u64().unwrap(),
        2 * one["flows"].as_u64().unwrap()
    );
}

#[test]
fn who_answers_a_knock_is_no_client_of_a_hunt() {
    let folder = tempfile::tempdir().unwrap();
    let collectors = collectors(folder.path(), SMALL);
    let words = [
        "hunt",
        "--server",
        COMMANDING,
        "--talks",
        "--purpose",
        "a test",
    ];
    let seen = answer(&words, &collectors);
    assert_eq!(seen.lines().count(), 3);
    for line in seen.lines() {
        let line: serde_json::Value = serde_json::from_str(line).unwrap();
        assert_eq!(line["clients"], 16);
        assert_eq!(line["calls"], 16 * 60);
    }
}

#[test]
fn a_job_ends_with_the_same_answer_when_an_executor_dies_on_the_way() {
    let folder = tempfile::tempdir().unwrap();
    let collectors = collectors(folder.path(), LARGE);
    let alone = answer(&["score", "--all"], &collectors);

    let mut cluster = Cluster::start(folder.path(), 2);
    let scheduler = cluster.address.to_string();
    let words = ["--scheduler", &scheduler, "--parts", "16", "score", "--all"];
    let mut client = asked(&words, &collectors).spawn().unwrap();
    let dying = cluster.executors.pop().unwrap();
    wait_for("the executor to have made a part", || {
        dying.has_made().then_some(())
    });
    dying.burn();
    // It died on the way, not behind the end.
    assert!(client.try_wait().unwrap().is_none());
    assert_eq!(alone, said(client.wait_with_output().unwrap()));
    // The others live.
    let others = cluster.programs();
    assert_eq!(others.len(), 2);
    let lives = |program: &u32| Path::new(&format!("/proc/{program}/exe")).exists();
    assert!(others.iter().all(lives));
}
