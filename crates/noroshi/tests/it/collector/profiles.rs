//! Profiles of servers: what is kept of them when the talks are gone.

use flow::archive::profiles::{EVERYTHING, Profiles, Row};
use flow::finding::read_lines;

use super::*;

const DAY: i64 = 86_400;

/// All rows that lie in `profiles`, in order of hour and server.
fn rows(scene: &Scene) -> Vec<Row> {
    let mut rows = Vec::new();
    for path in files(&scene.directory().join("profiles")) {
        let kept = Profiles::open(fs::File::open(path).unwrap()).unwrap();
        for group in 0..kept.groups() {
            kept.group(group, |_| true, |row| rows.push(row)).unwrap();
        }
    }
    rows.sort_by_key(|row| (row.hour, row.server));
    rows
}

/// Moves the clock, and waits until the hour `before` it is told.
fn pass(scene: &Scene, collector: &Collector, now: i64, before: &str) {
    scene.seconds.store(now, Ordering::Release);
    let told = scene.directory().join(format!("findings/{before}.jsonl"));
    while !told.exists() {
        collector.flush().unwrap();
    }
}

fn keep(scene: &Scene, collector: &Collector, sequence: u32, record: &Record) {
    let kept = collector.totals().kept;
    scene.send(
        collector.addresses()[0],
        &v9(sequence, std::slice::from_ref(record)),
    );
    while collector.totals().kept == kept {
        collector.flush().unwrap();
    }
}

#[test]
fn an_hour_leaves_a_profile_of_each_server_and_none_of_a_client() {
    let scene = Scene::new();
    let collector = scene.start(|_| {});
    for datagram in some() {
        scene.send(collector.addresses()[0], &datagram);
    }
    while collector.totals().kept < 4 {
        collector.flush().unwrap();
    }
    pass(&scene, &collector, BEGIN + 3_600, "2027-01-15T08");
    collector.end().unwrap();
    let rows = rows(&scene);
    let servers: Vec<_> = rows
        .iter()
        .map(|row| {
            (
                row.server.address.bits(),
                row.server.port,
                row.profile.calls(),
            )
        })
        .collect();
    let v4 = u128::from(SERVER_V4) | 0xffff_0000_0000;
    assert_eq!(servers, [(0, 0, 2), (v4, 443, 1), (SERVER_V6, 4_444, 1)]);
    assert!(rows[0].server == EVERYTHING);
    let profile = &rows[1].profile;
    assert_eq!((profile.answers(), profile.octets()), (1, 900));
    assert_eq!(profile.clients_told(5), None);
    assert_eq!(rows[1].hour, BEGIN / 3_600);
    for path in files(&scene.directory().join("profiles")) {
        assert!(
            path.to_str()
                .unwrap()
                .contains("/hour=2027-01-15T08/shard=0")
        );
        let octets = fs::read(&path).unwrap();
        // Neither in clear nor as the token of the talk.
        let (talks, _) = scene.kept::<Address>("talks");
        for talk in &talks {
            let token = talk.subscriber.bits().to_be_bytes();
            assert!(!octets.windows(8).any(|part| part == &token[..8]));
        }
        for canary in [
            CANARY_V4.to_be_bytes().to_vec(),
            CANARY_V6.to_be_bytes().to_vec(),
        ] {
            assert!(!octets.windows(canary.len()).any(|part| part == canary));
        }
    }
}

#[test]
fn an_hour_that_is_looked_at_again_takes_the_place_of_what_was_written() {
    let scene = Scene::new();
    let collector = scene.start(|_| {});
    let record = Record::v4(CANARY_V4, 50_000, SERVER_V4, 443);
    keep(&scene, &collector, 1, &record);
    // The collector ends in the midst of the hour, with what it has.
    collector.end().unwrap();
    assert_eq!(rows(&scene)[1].profile.calls(), 1);
    // What a killed one left half written is no profile and is gone.
    let torn = scene.directory().join("unfinished/profiles.torn");
    fs::write(&torn, "PAR1").unwrap();
    scene.seconds.store(BEGIN + 20, Ordering::Release);
    let collector = scene.start(|_| {});
    let later = Record::v4(NEIGHBOR_V4, 50_001, SERVER_V4, 443);
    keep(&scene, &collector, 2, &later);
    collector.end().unwrap();
    let rows = rows(&scene);
    assert_eq!(rows.len(), 2);
    assert_eq!(rows[1].profile.calls(), 2);
    assert!(!torn.exists());
}

#[test]
fn a_server_that_is_inside_now_leaves_the_profiles() {
    let scene = Scene::new();
    let collector = scene.start(|_| {});
    for datagram in some() {
        scene.send(collector.addresses()[0], &datagram);
    }
    while collector.totals().kept < 4 {
        collector.flush().unwrap();
    }
    pass(&scene, &collector, BEGIN + 3_600, "2027-01-15T08");
    collector.end().unwrap();
    assert_eq!(rows(&scene).len(), 3);
    let more = format!("{}, 203.0.113.0/24", datagram::SUBSCRIBERS);
    let start = scene.start(|settings| {
        settings.subscribers = Prefixes::parse([more.as_str()]).unwrap();
    });
    start.end().unwrap();
    let left: Vec<_> = rows(&scene).iter().map(|row| row.server.port).collect();
    assert_eq!(left, [0, 4_444]);
}

#[test]
fn profiles_outlive_talks_and_go_when_their_own_time_is_over() {
    let scene = Scene::new();
    let change = |settings: &mut Settings| {
        settings.keep_hours = 1;
        settings.profiles_days = 2;
    };
    let collector = scene.start(change);
    let record = Record::v4(CANARY_V4, 50_000, SERVER_V4, 443);
    keep(&scene, &collector, 1, &record);
    pass(&scene, &collector, BEGIN + 3_600, "2027-01-15T08");
    collector.end().unwrap();
    let profiles = |begin: i64| {
        scene.seconds.store(begin, Ordering::Release);
        scene.start(change).end().unwrap();
        (
            files(&scene.directory().join("talks")).len(),
            rows(&scene).len(),
        )
    };
    assert_eq!(profiles(BEGIN + 2 * 3_600), (0, 2));
    assert_eq!(profiles(BEGIN + 2 * DAY - 1), (0, 2));
    assert_eq!(profiles(BEGIN + 2 * DAY), (0, 0));
}

#[test]
fn a_server_that_is_found_each_day_was_first_seen_on_the_first() {
    let scene = Scene::new();
    let found = |day: i64, hour: &str| {
        let now = BEGIN + day * DAY + 10;
        scene.seconds.store(now, Ordering::Release);
        // Each day in another run: what it knows it has from the files.
        let collector = scene.start(|_| {});
        let to = collector.addresses()[0];
        for client in 0..6_u64 {
            let calls = (0..72_u16).map(|call| {
                let late = (u64::from(call) * 7 + client * 13) % 9 * 300;
                let ago = u64::from(72 - call) * 600_000 - late;
                let from = CANARY_V6 + (u128::from(client) << 72);
                Record::v6(from, 50_000 + call, SERVER_V6, 4_444)
                    .before(ago)
                    .later(day * DAY)
            });
            let calls: Vec<Record> = calls.collect();
            for few in calls.chunks(12) {
                scene.send(to, &ipfix(0, few));
            }
        }
        while collector.totals().kept < 6 * 72 {
            collector.flush().unwrap();
        }
        collector.end().unwrap();
        let text = fs::read_to_string(scene.directory().join(format!("findings/{hour}.jsonl")));
        let mut findings = read_lines(&text.unwrap()).unwrap();
        findings.remove(0)
    };
    let first = found(0, "2027-01-15T08");
    for (day, hour) in [(1, "2027-01-16T08"), (2, "2027-01-17T08")] {
        let again = found(day, hour);
        assert_eq!(again.first, first.first);
        assert!(again.last > first.last);
        // Three days are not enough to tell what is new.
        assert!(
            again
                .evidence
                .iter()
                .all(|evidence| evidence.code != "novel")
        );
    }
    for day in 3..7 {
        found(day, &format!("2027-01-{}T08", 15 + day));
    }
    let week = found(7, "2027-01-22T08");
    assert_eq!(week.first, first.first);
}
