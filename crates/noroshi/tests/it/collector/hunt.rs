//! Looking for servers in what was kept, by the program.

use std::fs;
use std::process::{Command, Output};

use super::{Scene, some};

fn hunt(scene: &Scene, arguments: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_noroshi"))
        .args(["flow", "hunt", "--language", "en", "--in"])
        .arg(scene.directory())
        .args(arguments)
        .output()
        .unwrap()
}

fn kept() -> Scene {
    let scene = Scene::new();
    let collector = scene.start(|_| {});
    for datagram in some() {
        scene.send(collector.addresses()[0], &datagram);
    }
    collector.end().unwrap();
    scene
}

#[test]
fn a_server_that_was_called_is_found_by_hour_and_the_hunt_is_on_record_first() {
    let scene = kept();
    let found = hunt(
        &scene,
        &[
            "--purpose",
            "JPCERT alert 12",
            "--format",
            "json",
            "203.0.113.9:443",
            "192.0.2.1",
        ],
    );
    assert!(found.status.success(), "{found:?}");
    let text = String::from_utf8(found.stdout).unwrap();
    assert_eq!(
        text,
        "{\"calls\":1,\"clients\":1,\"hour\":\"2027-01-15T08:00:00Z\",\
         \"indicator\":\"203.0.113.9:443\",\"octets\":1800}\n\
         {\"calls\":1,\"clients_at_least\":null,\"first\":\"2027-01-15T07:00:00Z\",\
         \"indicator\":\"203.0.113.9:443\",\"last\":\"2027-01-15T07:00:00Z\",\"octets\":1800,\
         \"port\":443,\"protocol\":6}\n"
    );
    let record = fs::read_to_string(scene.directory().join("hunts.jsonl")).unwrap();
    for told in ["JPCERT alert 12", "203.0.113.9:443", "\"by\""] {
        assert!(record.contains(told), "{record}");
    }
}

#[test]
fn what_nobody_called_is_not_found() {
    let scene = kept();
    for server in ["203.0.113.9:444", "203.0.113.8", "2001:db8:1::8"] {
        let found = hunt(&scene, &["--purpose", "a look", server]);
        let text = String::from_utf8(found.stdout).unwrap();
        assert!(text.starts_with("Nobody talked"), "{server}: {text}");
    }
}

#[test]
fn without_a_purpose_or_a_server_nothing_is_read_and_nothing_recorded() {
    let scene = kept();
    for (arguments, told) in [
        (&["203.0.113.9"][..], "--purpose"),
        (&["--purpose", " ", "203.0.113.9"], "--purpose"),
        (&["--purpose", "a look", "host.example"], "host.example"),
    ] {
        let refused = hunt(&scene, arguments);
        assert!(!refused.status.success());
        let text = String::from_utf8(refused.stderr).unwrap();
        assert!(text.contains(told), "{text}");
    }
    assert!(!scene.directory().join("hunts.jsonl").exists());
}

#[test]
fn what_the_talks_no_longer_say_the_profiles_of_many_collectors_do() {
    let (scene, other) = (kept(), kept());
    for scene in [&scene, &other] {
        fs::remove_dir_all(scene.directory().join("talks")).unwrap();
    }
    let found = hunt(
        &scene,
        &[
            "--in",
            other.directory().to_str().unwrap(),
            "--purpose",
            "a look back",
            "203.0.113.9",
        ],
    );
    assert!(found.status.success(), "{found:?}");
    let text = String::from_utf8(found.stdout).unwrap();
    let told = "203.0.113.9:443  from hour 2027-01-15T07 to 2027-01-15T07 (UTC)  calls 2, \
                octets 3600, clients below 5\n";
    assert_eq!(text.replace(['\u{2068}', '\u{2069}'], ""), told);
    for scene in [&scene, &other] {
        let record = fs::read_to_string(scene.directory().join("hunts.jsonl")).unwrap();
        assert!(record.contains("a look back"), "{record}");
    }
    let merged = Command::new(env!("CARGO_BIN_EXE_noroshi"))
        .args(["flow", "merge", "--all", "--format", "json"])
        .args([scene.directory(), other.directory()])
        .output()
        .unwrap();
    assert!(merged.status.success(), "{merged:?}");
    let text = String::from_utf8(merged.stdout).unwrap();
    let mut servers: Vec<_> = flow::finding::read_lines(&text)
        .unwrap()
        .into_iter()
        .map(|finding| (finding.server.to_string(), finding.clients))
        .collect();
    servers.sort();
    let expected = ["2001:db8:1::9", "203.0.113.9"].map(|server| (server.to_owned(), None));
    assert_eq!(servers, expected);
}
