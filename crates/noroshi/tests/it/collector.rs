//! The collector of flow records, as a program and inside one: what comes in, what lies on the disk.

use std::fs;
use std::net::{SocketAddr, UdpSocket};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};
use std::time::Duration;

use domain::time::Timestamp;
use flow::archive::{Kept, Other, read};
use flow::column::Address;
use flow::knowledge::Knowledge;
use flow::prefix::Prefixes;
use flow::sealed::Talk;
use noroshi::collector::{self, Clock, Collector, Settings, Totals};
use seal::random::Random;
use seal::subscriber::SubscriberToken;
use tempfile::TempDir;

use datagram::{CANARY_V4, CANARY_V6, NEIGHBOR_V4, Record, SERVER_V4, SERVER_V6, ipfix, v9};

mod clocks;
mod datagram;
mod hunt;
mod inside;
mod letters;
mod opening;
mod profiles;
mod program;

/// 2027-01-15T08:00:00Z, when the records are of.
const BEGIN: i64 = 1_800_000_000;

/// A collector of this process, whose clock the test moves.
struct Scene {
    folder: TempDir,
    seconds: Arc<AtomicI64>,
    sender: UdpSocket,
}

impl Scene {
    fn new() -> Self {
        Self {
            folder: tempfile::tempdir().unwrap(),
            seconds: Arc::new(AtomicI64::new(BEGIN + 10)),
            sender: UdpSocket::bind("127.0.0.1:0").unwrap(),
        }
    }

    fn directory(&self) -> PathBuf {
        self.folder.path().join("kept")
    }

    fn settings(&self) -> Settings {
        Settings {
            listen: vec!["127.0.0.1:0".parse().unwrap()],
            subscribers: Prefixes::parse([datagram::SUBSCRIBERS]).unwrap(),
            household_bits: 56,
            sampling: 1,
            shared: Prefixes::default(),
            exporters: None,
            directory: self.directory(),
            key_file: self.folder.path().join("wrapping.key"),
            horizon_days: 30,
            custodians: Vec::new(),
            keep_hours: 24,
            profiles_days: 30,
            clients_min: 5,
            lists: Arc::new(|| Ok(Knowledge::new(BEGIN * 1_000))),
            workers: 2,
        }
    }

    fn start(&self, change: impl FnOnce(&mut Settings)) -> Collector {
        let mut settings = self.settings();
        change(&mut settings);
        let seconds = Arc::clone(&self.seconds);
        let seed = self.seconds.load(Ordering::Acquire).to_be_bytes();
        let mut random = [0; 32];
        random[..8].copy_from_slice(&seed);
        loop {
            let seconds = Arc::clone(&seconds);
            let clock = clock(move || seconds.load(Ordering::Acquire));
            match collector::start(&settings, clock, Random::from_seed(random)) {
                // A program that another test starts holds every open file until it has begun, and so the lock of
                // a collector that has ended.
                Err(error) if error.to_string().contains("in use by") => {}
                started => return started.unwrap(),
            }
        }
    }

    fn send(&self, to: SocketAddr, datagram: &[u8]) {
        self.sender.send_to(datagram, to).unwrap();
    }

    /// The talks of one kind that lie under the directory, and how many files they lie in.
    fn kept<S: Other>(&self, kind: &str) -> (Vec<Talk<S>>, Vec<PathBuf>) {
        let mut paths = files(&self.directory().join(kind));
        paths.sort();
        let open = |path: &PathBuf| read::<S>(fs::File::open(path).unwrap()).unwrap();
        (paths.iter().flat_map(open).collect(), paths)
    }
}

/// A wall that nothing but time moves.
fn clock(seconds: impl Fn() -> i64 + Send + Sync + 'static) -> Clock {
    let wall = Arc::new(seconds);
    let steady = Arc::clone(&wall);
    Clock {
        wall: Arc::new(move || Timestamp::from_seconds(wall())),
        steady: Arc::new(move || Duration::from_secs(steady().unsigned_abs())),
    }
}

fn files(folder: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            found.extend(files(&path));
        } else {
            found.push(path);
        }
    }
    found
}

/// Both ways of a talk with a server, one among subscribers, one that passes by, and one of IPv6.
fn some() -> [Vec<u8>; 2] {
    let forth = Record::v4(CANARY_V4, 50_000, SERVER_V4, 443);
    let back = Record::v4(SERVER_V4, 443, CANARY_V4, 50_000);
    let among = Record::v4(CANARY_V4, 50_001, NEIGHBOR_V4, 8_080);
    let passing = Record::v4(SERVER_V4, 1, SERVER_V4 + 1, 2);
    let six = Record::v6(CANARY_V6, 50_002, SERVER_V6, 4_444);
    [v9(1, &[forth, back, among, passing]), ipfix(0, &[six])]
}

#[test]
fn what_comes_is_sealed_and_kept_by_kind_hour_and_server() {
    let scene = Scene::new();
    let collector = scene.start(|_| {});
    let to = collector.addresses()[0];
    assert_eq!(collector.gap(), None);
    for datagram in some() {
        scene.send(to, &datagram);
    }
    let totals = collector.end().unwrap();
    let expected = Totals {
        datagrams: 2,
        decoded: 5,
        talks: 3,
        among: 1,
        passing: 1,
        kept: 4,
        ..Totals::default()
    };
    assert_eq!(totals, expected);
    let (talks, paths) = scene.kept::<Address>("talks");
    let mut servers: Vec<_> = talks
        .iter()
        .map(|talk| (talk.server.bits(), talk.server_port))
        .collect();
    servers.sort_unstable();
    let v4 = u128::from(SERVER_V4) | 0xffff_0000_0000;
    assert_eq!(servers, [(v4, 443), (v4, 443), (SERVER_V6, 4_444)]);
    for path in &paths {
        let path = path.to_str().unwrap();
        assert!(path.contains("/talks/hour=2027-01-15T08/shard=0"), "{path}");
    }
    let (among, _) = scene.kept::<SubscriberToken>("among");
    assert_eq!((among.len(), among[0].server_port), (1, 8_080));
    assert_ne!(among[0].server, among[0].subscriber);
}

#[test]
fn who_is_not_on_the_list_of_exporters_is_not_read() {
    let scene = Scene::new();
    let others = Prefixes::parse(["192.0.2.0/24"]).unwrap();
    let collector = scene.start(|settings| settings.exporters = Some(others));
    for datagram in some() {
        scene.send(collector.addresses()[0], &datagram);
    }
    let expected = Totals {
        datagrams: 2,
        refused: 2,
        ..Totals::default()
    };
    assert_eq!(collector.end().unwrap(), expected);
}

#[test]
fn behind_the_horizon_the_same_subscriber_has_another_token() {
    let scene = Scene::new();
    let collector = scene.start(|settings| {
        settings.horizon_days = 1;
        settings.keep_hours = 48;
    });
    let to = collector.addresses()[0];
    for (sequence, days) in [(1, 0), (2, 0), (3, 1)] {
        let now = BEGIN + 20 + days * 86_400;
        scene.seconds.store(now, Ordering::Release);
        // A flush that was asked for after the steward saw the day is one under its key.
        collector.flush().unwrap();
        collector.flush().unwrap();
        let record = Record::v4(CANARY_V4, 50_000, SERVER_V4, 443);
        scene.send(to, &v9(sequence, &[record]));
        while collector.totals().kept < u64::from(sequence) {
            collector.flush().unwrap();
        }
    }
    assert_eq!(collector.end().unwrap().kept, 3);
    let (talks, paths) = scene.kept::<Address>("talks");
    let horizon = |path: &PathBuf| {
        let file = fs::File::open(path).unwrap();
        Kept::<Address, _>::open(file).unwrap().horizon()
    };
    let horizons: Vec<u64> = paths.iter().map(horizon).collect();
    assert_eq!(horizons.last(), Some(&2));
    assert!(horizons.is_sorted());
    let [.., before, after] = &talks[..] else {
        panic!("{}", talks.len())
    };
    assert_ne!(before.subscriber, after.subscriber);
}

#[test]
fn an_hour_is_merged_when_it_has_passed_and_goes_when_its_time_is_over() {
    let scene = Scene::new();
    let collector = scene.start(|settings| settings.keep_hours = 2);
    let to = collector.addresses()[0];
    let record = Record::v4(CANARY_V4, 50_000, SERVER_V4, 443);
    for sequence in [1, 2] {
        scene.send(to, &v9(sequence, std::slice::from_ref(&record)));
        while collector.totals().kept < u64::from(sequence) {
            collector.flush().unwrap();
        }
    }
    assert_eq!(scene.kept::<Address>("talks").1.len(), 2);
    scene.seconds.store(BEGIN + 3_600, Ordering::Release);
    let merged = || files(&scene.directory().join("talks")).len() == 1;
    while !merged() {
        collector.flush().unwrap();
    }
    assert_eq!(scene.kept::<Address>("talks").0.len(), 2);
    scene.seconds.store(BEGIN + 7_200, Ordering::Release);
    while !files(&scene.directory().join("talks")).is_empty() {
        collector.flush().unwrap();
    }
    collector.end().unwrap();
}

#[test]
fn a_server_that_bots_call_by_the_clock_is_found_and_no_client_is_named() {
    let scene = Scene::new();
    let collector = scene.start(|_| {});
    let to = collector.addresses()[0];
    // Six clients call every ten minutes for half a day, each a little late now and then.
    for client in 0..6_u64 {
        let calls = (0..72_u16).map(|call| {
            let late = (u64::from(call) * 7 + client * 13) % 9 * 300;
            let ago = u64::from(72 - call) * 600_000 - late;
            // Each in a household of its own.
            let from = CANARY_V6 + (u128::from(client) << 72);
            Record::v6(from, 50_000 + call, SERVER_V6, 4_444).before(ago)
        });
        let calls: Vec<Record> = calls.collect();
        for few in calls.chunks(12) {
            scene.send(to, &ipfix(0, few));
        }
    }
    while collector.totals().kept < 6 * 72 {
        collector.flush().unwrap();
    }
    scene.seconds.store(BEGIN + 3_600, Ordering::Release);
    let folder = scene.directory().join("findings");
    while files(&folder).is_empty() {
        collector.flush().unwrap();
    }
    assert_eq!(files(&folder), [folder.join("2027-01-15T08.jsonl")]);
    let text = fs::read_to_string(folder.join("2027-01-15T08.jsonl")).unwrap();
    let findings = flow::finding::read_lines(&text).unwrap();
    let [finding] = &findings[..] else {
        panic!("{text}")
    };
    assert_eq!(finding.server.to_string(), "2001:db8:1::9");
    assert_eq!((finding.port, finding.clients), (4_444, Some(5)));
    let automation = |evidence: &flow::finding::SharedEvidence| evidence.code == "automation";
    assert!(finding.evidence.iter().any(automation), "{text}");
    // Merged and looked at again after a start, it is the same.
    collector.end().unwrap();
    fs::remove_file(folder.join("2027-01-15T08.jsonl")).unwrap();
    scene.start(|_| {}).end().unwrap();
    let again = fs::read_to_string(folder.join("2027-01-15T08.jsonl"));
    assert_eq!(again.unwrap(), text);
}

#[test]
fn two_collectors_do_not_share_a_directory() {
    let scene = Scene::new();
    let collector = scene.start(|_| {});
    let settings = scene.settings();
    let clock = clock(|| BEGIN);
    let error = collector::start(&settings, clock, Random::from_seed([1; 32]));
    let error = error.err().unwrap().to_string();
    assert!(error.contains("in use by another collector"), "{error}");
    collector.end().unwrap();
}
