//! Whose token it is: asked, approved by two custodians, opened, noted.

use std::process::{Command, Output};

use super::*;

pub(super) fn run(scene: &Scene, arguments: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_noroshi"))
        .args(arguments)
        .current_dir(scene.folder.path())
        .env("LC_ALL", "en_US.UTF-8")
        .output()
        .unwrap()
}

pub(super) fn said(output: &Output) -> String {
    String::from_utf8_lossy(&[output.stdout.as_slice(), &output.stderr].concat()).into_owned()
}

pub(super) fn keygen(scene: &Scene, name: &str) -> seal::envelope::PublicKey {
    let drawn = run(scene, &["custodian", "keygen", "--out", name]);
    assert!(drawn.status.success(), "{}", said(&drawn));
    let text = fs::read_to_string(scene.folder.path().join(name)).unwrap();
    seal::envelope::SecretKey::parse(&text)
        .unwrap()
        .public_key()
}

/// The file of openings holds against the checkpoint that the opening told, and not after a change.
fn is_as_it_was_told(scene: &Scene, told: &str) {
    let checkpoint = told.trim_end().rsplit(' ').next().unwrap();
    let look = [
        "flow",
        "openings",
        "openings.jsonl",
        "--checkpoint",
        checkpoint,
    ];
    let looked = run(scene, &look);
    assert!(looked.status.success(), "{}", said(&looked));
    let path = scene.folder.path().join("openings.jsonl");
    let whole = fs::read_to_string(&path).unwrap();
    fs::write(&path, whole.replace("tell the owner", "for the archive")).unwrap();
    let refused = run(scene, &look);
    assert!(!refused.status.success());
    let why = said(&refused);
    assert!(why.contains("was changed or taken out"), "{why}");
    fs::write(&path, whole).unwrap();
}

#[test]
fn two_custodians_open_the_tokens_that_were_asked_for_and_one_opens_none() {
    let scene = Scene::new();
    let custodians: Vec<_> = ["1.key", "2.key", "3.key"]
        .iter()
        .map(|name| keygen(&scene, name))
        .collect();
    let collector = scene.start(|settings| settings.custodians = custodians);
    for datagram in some() {
        scene.send(collector.addresses()[0], &datagram);
    }
    collector.end().unwrap();
    let (talks, _) = scene.kept::<Address>("talks");
    let of_v6 = talks.iter().find(|talk| talk.server_port == 4_444).unwrap();
    let token = format!("{:032x}", of_v6.subscriber.bits());
    let sealed = "kept/horizon-1.sealed.json";
    let asked = run(
        &scene,
        &[
            "flow",
            "ask",
            "--sealed",
            sealed,
            "--by",
            "abuse desk",
            "--purpose",
            "tell the owner",
            "--reason",
            "calls a C&C server",
            "--desk-key",
            "desk.key",
            "--out",
            "request.json",
            &token,
        ],
    );
    assert!(asked.status.success(), "{}", said(&asked));
    for (key, out) in [("1.key", "1.json"), ("3.key", "3.json")] {
        let approve = ["--key", key, "--request", "request.json", "--out", out];
        let given = run(
            &scene,
            &[&["custodian", "approve", "--yes"][..], &approve].concat(),
        );
        assert!(given.status.success(), "{}", said(&given));
        assert!(
            said(&given).contains(&token),
            "the custodian reads which token"
        );
    }
    let open = [
        "flow",
        "open",
        "--sealed",
        sealed,
        "--request",
        "request.json",
        "--desk-key",
        "desk.key",
        "--log",
        "openings.jsonl",
        "--approval",
        "1.json",
    ];
    let refused = run(&scene, &[&open[..], &["--approval", "1.json"]].concat());
    assert!(!refused.status.success());
    assert!(!scene.folder.path().join("openings.jsonl").exists());
    let opened = run(&scene, &[&open[..], &["--approval", "3.json"]].concat());
    let address = std::net::Ipv6Addr::from_bits(CANARY_V6).to_string();
    assert_eq!(
        String::from_utf8_lossy(&opened.stdout),
        format!("{token} {address}\n")
    );
    is_as_it_was_told(&scene, &said(&opened));
    let log = fs::read_to_string(scene.folder.path().join("openings.jsonl")).unwrap();
    for words in [
        "abuse desk",
        "tell the owner",
        "calls a C&C server",
        &token,
        "horizon-1",
    ] {
        assert!(log.contains(words), "{words} in {log}");
    }
    assert!(!log.contains(&address));
    assert!(!scene.folder.path().join("desk.key").exists());
}

/// Asks, and has two of the custodians approve.
pub(super) fn asked_and_approved(scene: &Scene, ask: &[&str]) {
    let common = [
        "flow",
        "ask",
        "--sealed",
        "kept/horizon-1.sealed.json",
        "--by",
        "abuse desk",
        "--purpose",
        "tell the owners",
        "--reason",
        "called a C&C server",
        "--desk-key",
        "desk.key",
        "--out",
        "request.json",
    ];
    let asked = run(scene, &[&common[..], ask].concat());
    assert!(asked.status.success(), "{}", said(&asked));
    for (key, out) in [("1.key", "1.json"), ("2.key", "2.json")] {
        let approve = ["--key", key, "--request", "request.json", "--out", out];
        let given = run(
            scene,
            &[&["custodian", "approve", "--yes"][..], &approve].concat(),
        );
        assert!(given.status.success(), "{}", said(&given));
    }
}

/// Opens what was asked for and approved.
pub(super) fn open(scene: &Scene, more: &[&str]) -> Output {
    let common = [
        "flow",
        "open",
        "--sealed",
        "kept/horizon-1.sealed.json",
        "--request",
        "request.json",
        "--desk-key",
        "desk.key",
        "--log",
        "openings.jsonl",
        "--approval",
        "1.json",
        "--approval",
        "2.json",
    ];
    run(scene, &[&common[..], more].concat())
}

/// Asks, has two of the custodians approve, and opens: what the desk reads.
fn opened(scene: &Scene, ask: &[&str]) -> String {
    asked_and_approved(scene, ask);
    let opened = open(scene, &[]);
    assert!(opened.status.success(), "{}", said(&opened));
    String::from_utf8(opened.stdout).unwrap()
}

#[test]
fn behind_a_shared_address_the_desk_learns_the_port_and_the_second_of_each_caller() {
    let scene = Scene::new();
    let custodians: Vec<_> = ["1.key", "2.key"].map(|name| keygen(&scene, name)).into();
    let collector = scene.start(|settings| {
        settings.custodians = custodians;
        settings.shared = Prefixes::parse(["198.51.100.183"]).unwrap();
    });
    // Two lines behind one address, a line with its own, and one that called somebody else.
    let records = [
        Record::v4(CANARY_V4, 40_123, SERVER_V4, 4_444),
        Record::v4(CANARY_V4, 51_001, SERVER_V4, 4_444),
        Record::v4(NEIGHBOR_V4, 40_123, SERVER_V4, 4_444),
        Record::v4(NEIGHBOR_V4 + 1, 40_123, SERVER_V4, 443),
        // A refusal, a handshake and a door that answer the server's own knocking are no calls.
        Record::v4(NEIGHBOR_V4 + 2, 40_123, SERVER_V4, 4_444).flags(0x14),
        Record::v4(NEIGHBOR_V4 + 3, 40_123, SERVER_V4, 4_444).flags(0x12),
        Record::v4(NEIGHBOR_V4 + 4, 23, SERVER_V4, 4_444),
    ];
    scene.send(collector.addresses()[0], &v9(1, &records));
    collector.end().unwrap();
    let ask = ["--in", "kept", "--called", "203.0.113.9:4444"];
    let mut lines: Vec<String> = opened(&scene, &ask)
        .lines()
        .map(|line| line.split_once(' ').unwrap().1.to_owned())
        .collect();
    lines.sort();
    let [first, second, own] = &lines[..] else {
        panic!("{lines:#?}")
    };
    assert!(own.starts_with("198.51.100.233 at 2027-01-15T0"), "{own}");
    assert!(
        first.starts_with("198.51.100.183 port 40123 at "),
        "{first}"
    );
    assert!(
        second.starts_with("198.51.100.183 port 51001 at "),
        "{second}"
    );
    let record = fs::read_to_string(scene.directory().join("hunts.jsonl")).unwrap();
    assert!(record.contains("203.0.113.9:4444"), "{record}");
    // Nothing that lies there tells an address or a port, but to who has the key.
    for name in ["request.json", "openings.jsonl", "kept/hunts.jsonl"] {
        let text = fs::read_to_string(scene.folder.path().join(name)).unwrap();
        for secret in ["198.51.100.183", "198.51.100.233", "40123", "51001"] {
            assert!(!text.contains(secret), "{secret} in {name}");
        }
    }
}

#[test]
fn the_sealed_key_goes_with_its_horizon_and_one_custodian_is_none() {
    let scene = Scene::new();
    let custodians = vec![keygen(&scene, "1.key"), keygen(&scene, "2.key")];
    let with = |settings: &mut Settings| {
        settings.horizon_days = 1;
        settings.custodians = custodians.clone();
    };
    let sealed = |number: u8| {
        scene
            .directory()
            .join(format!("horizon-{number}.sealed.json"))
    };
    scene.start(with).end().unwrap();
    assert!(sealed(1).exists());
    scene.seconds.store(BEGIN + 86_400 * 2, Ordering::Release);
    scene.start(with).end().unwrap();
    assert_eq!((sealed(1).exists(), sealed(2).exists()), (false, true));
    let mut settings = scene.settings();
    settings.custodians = custodians[..1].to_vec();
    let clock = clock(|| BEGIN);
    let error = collector::start(&settings, clock, Random::from_seed([1; 32]));
    let error = error.err().unwrap().to_string();
    assert!(error.contains("two custodians"), "{error}");
}
