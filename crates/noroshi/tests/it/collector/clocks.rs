//! What the clock does to what is kept.

use super::*;

fn record() -> Vec<u8> {
    v9(1, &[Record::v4(CANARY_V4, 50_000, SERVER_V4, 443)])
}

fn until_kept(collector: &Collector, talks: u64) {
    while collector.totals().kept < talks {
        collector.flush().unwrap();
    }
}

#[test]
fn the_last_minute_of_an_hour_lies_in_its_own_hour() {
    let scene = Scene::new();
    let collector = scene.start(|_| {});
    scene.send(collector.addresses()[0], &record());
    while collector.totals().talks < 1 {
        std::thread::yield_now();
    }
    scene.seconds.store(BEGIN + 3_600, Ordering::Release);
    until_kept(&collector, 1);
    collector.end().unwrap();
    let (_, paths) = scene.kept::<Address>("talks");
    let path = paths[0].to_str().unwrap();
    assert!(path.contains("/hour=2027-01-15T08/"), "{path}");
}

#[test]
fn a_clock_that_jumps_ahead_for_a_moment_lets_nothing_go_and_stops_nothing() {
    let scene = Scene::new();
    let wall = Arc::clone(&scene.seconds);
    let steady = Arc::new(AtomicI64::new(0));
    let both = {
        let (wall, steady) = (Arc::clone(&wall), Arc::clone(&steady));
        move |seconds: i64, jump: i64| {
            steady.fetch_add(seconds, Ordering::AcqRel);
            wall.fetch_add(seconds + jump, Ordering::AcqRel);
        }
    };
    let clock = Clock {
        wall: Arc::new(move || Timestamp::from_seconds(wall.load(Ordering::Acquire))),
        steady: Arc::new(move || {
            Duration::from_secs(steady.load(Ordering::Acquire).unsigned_abs())
        }),
    };
    let collector = collector::start(&scene.settings(), clock, Random::from_seed([1; 32])).unwrap();
    let to = collector.addresses()[0];
    let two_days = 2 * 86_400;
    for (number, jump) in [(1, 0), (2, two_days), (3, -two_days)] {
        both(60, jump);
        scene.send(to, &record());
        until_kept(&collector, number);
        // Once more, for whoever forgets to have heard of it.
        collector.flush().unwrap();
    }
    let page = fs::read_to_string(scene.directory().join("collector.json")).unwrap();
    assert!(page.contains("2027-01-15T08:0"), "{page}");
    collector.end().unwrap();
    let (talks, paths) = scene.kept::<Address>("talks");
    assert_eq!(talks.len(), 3);
    for path in paths {
        let path = path.to_str().unwrap();
        assert!(path.contains("/hour=2027-01-15T08/"), "{path}");
    }
}
