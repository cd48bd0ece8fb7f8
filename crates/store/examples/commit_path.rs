//! Measures the commit path beside the disk's own limit, in one run.
//!
//! `cargo run --release -p store --example commit_path -- DIRECTORY [SECONDS]`
//!
//! Prints, for each number of writers: acknowledged writes a second, and the median and 99th
//! percentile of the time a writer waits. The first line is the limit: how often this disk flushes
//! four kilobytes a second. Without group commit no writer could be acknowledged more often than
//! half of that, since a batch flushes the keys and the data.

#![expect(
    clippy::disallowed_methods,
    reason = "what is measured here is the real clock"
)]

use std::fs::OpenOptions;
use std::io::Write as _;
use std::path::Path;
use std::time::{Duration, Instant};

use domain::time::Timestamp;
use seal::object::MasterKey;
use seal::random::Random;
use store::keyring::Keyring;
use store::log::{Entry, record};
use store::{Location, Stamp, Store, StoreError};

const WRITERS: [u64; 5] = [1, 8, 32, 128, 256];

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let mut arguments = std::env::args().skip(1);
    let directory = arguments
        .next()
        .ok_or("name a directory on the disk to measure")?;
    let seconds: u64 = arguments.next().map_or(Ok(5), |text| text.parse())?;
    let directory = Path::new(&directory).join("commit-path");
    std::fs::create_dir_all(&directory)?;
    let window = Duration::from_secs(seconds);
    println!(
        "flushes of 4 KiB a second (limit): {:.0}",
        flushes_a_second(&directory, window)?
    );
    println!(
        "{:>8} {:>12} {:>12} {:>12}",
        "writers", "writes/s", "median ms", "p99 ms"
    );
    for writers in WRITERS {
        let place = directory.join(writers.to_string());
        std::fs::create_dir_all(&place)?;
        let keyring = Keyring::new(
            "bench",
            MasterKey::generate(&mut Random::from_seed([1; 32])),
        );
        let store = Store::open(&Location::Directory(place), keyring)?;
        let mut waits = measure(&store, writers, window);
        waits.sort_unstable();
        #[expect(clippy::cast_precision_loss, reason = "a rate for people to read")]
        let rate = waits.len() as f64 / window.as_secs_f64();
        println!(
            "{writers:>8} {rate:>12.0} {:>12.2} {:>12.2}",
            percentile(&waits, 50),
            percentile(&waits, 99)
        );
    }
    std::fs::remove_dir_all(&directory)?;
    Ok(())
}

fn flushes_a_second(directory: &Path, window: Duration) -> std::io::Result<f64> {
    let mut file = OpenOptions::new()
        .create(true)
        .append(true)
        .open(directory.join("flush"))?;
    let (start, mut flushes) = (Instant::now(), 0_u32);
    while start.elapsed() < window {
        file.write_all(&[0; 4_096])?;
        file.sync_data()?;
        flushes += 1;
    }
    Ok(f64::from(flushes) / start.elapsed().as_secs_f64())
}

/// What each acknowledged write of `writers` threads had to wait.
fn measure(store: &Store, writers: u64, window: Duration) -> Vec<Duration> {
    let start = Instant::now();
    std::thread::scope(|scope| {
        let threads: Vec<_> = (0..writers)
            .map(|writer| {
                scope.spawn(move || {
                    let random = Random::from_seed([2; 32]).derive(&writer.to_string());
                    let mut waits = Vec::new();
                    while start.elapsed() < window {
                        let asked = Instant::now();
                        let random = random.derive(&waits.len().to_string());
                        if write_one(store, random).is_ok() {
                            waits.push(asked.elapsed());
                        }
                    }
                    waits
                })
            })
            .collect();
        threads
            .into_iter()
            .flat_map(|thread| thread.join().unwrap_or_default())
            .collect()
    })
}

fn write_one(store: &Store, random: Random) -> Result<(), StoreError> {
    let stamp = Stamp {
        name: "bench.write",
        now: Timestamp::from_seconds(1),
        random,
    };
    store.write(stamp, |tx| {
        let entry = Entry {
            event: "part-read",
            object: "rpt_00000000000000000000000000".to_owned(),
            owner: None,
            facts: vec![],
        };
        record(tx, &entry)
    })
}

fn percentile(sorted: &[Duration], percent: usize) -> f64 {
    let index = (sorted.len() * percent / 100).min(sorted.len().saturating_sub(1));
    sorted
        .get(index)
        .map_or(0.0, |wait| wait.as_secs_f64() * 1_000.0)
}
