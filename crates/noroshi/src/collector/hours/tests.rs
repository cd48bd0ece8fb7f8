use std::os::unix::fs::MetadataExt as _;

use flow::archive::{Writer, read};
use flow::column::Ending;
use flow::prefix::Prefixes;
use flow::sealed::{Opened, SealedPort, Talk, Way};
use seal::subscriber::HorizonKey;
use tempfile::TempDir;

use super::*;

const HOUR: Hour = Hour(500_000);

fn talk<S>(server: S, number: u64) -> Talk<S> {
    Talk {
        server,
        server_port: 443,
        subscriber: SubscriberToken::from_bits(u128::from(number) << 90),
        household: 0,
        subscriber_port: SealedPort::kept(50_000, 0),
        protocol: 6,
        flags: 0x1b,
        way: Way::Forth,
        packets: number,
        bytes: 900,
        start_ms: 1_800_000_000_000,
        end_ms: 1_800_000_000_500,
        sampling: 1,
        ending: Ending::Idle,
        opened: Opened::Unsaid,
    }
}

fn directory() -> (TempDir, Hours) {
    let folder = tempfile::tempdir().unwrap();
    let hours = Hours::open(folder.path()).unwrap();
    (folder, hours)
}

fn keep<S: Kind>(hours: &Hours, hour: Hour, name: &str, horizon: u64, talks: Vec<Talk<S>>) {
    let unfinished = hours.begin::<S>(hour, 3, name).unwrap();
    let mut writer = Writer::new(unfinished.file.try_clone().unwrap(), horizon).unwrap();
    writer.group(&mut { talks }).unwrap();
    writer.finish().unwrap();
    unfinished.finish().unwrap();
}

fn files(folder: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    for path in entries(folder).unwrap() {
        if path.is_dir() {
            found.extend(files(&path));
        } else {
            found.push(path);
        }
    }
    found
}

fn numbers(path: &Path) -> Vec<u64> {
    let talks = read::<Address>(fs::File::open(path).unwrap()).unwrap();
    let mut numbers: Vec<u64> = talks.iter().map(|talk| talk.packets).collect();
    numbers.sort_unstable();
    numbers
}

#[test]
fn an_hour_is_named_and_read_as_utc() {
    assert_eq!(HOUR.folder(), "hour=2027-01-15T08");
    assert_eq!(Hour::read("hour=2027-01-15T08"), Some(HOUR));
    assert_eq!(Hour::read("hour=yesterday"), None);
    assert_eq!(Hour::of(Timestamp::from_seconds(1_800_003_599)), HOUR);
}

#[test]
fn minutes_of_a_passed_hour_become_one_file_a_shard_and_horizon() {
    let (folder, hours) = directory();
    let server = Address::v4(0xcb00_7109);
    for (name, horizon) in [("a", 1), ("b", 1), ("c", 2)] {
        let talks = vec![talk(server, horizon * 10), talk(server, horizon * 10 + 1)];
        keep(&hours, HOUR, &format!("{name}.parquet"), horizon, talks);
    }
    hours.merge_before(HOUR).unwrap();
    assert_eq!(files(&folder.path().join("talks")).len(), 3);
    hours.merge_before(Hour(HOUR.0 + 1)).unwrap();
    let shard = folder.path().join("talks/hour=2027-01-15T08/shard=03");
    let merged = shard.join("a-merged.parquet");
    assert_eq!(files(&shard), [merged.clone(), shard.join("c.parquet")]);
    assert_eq!(numbers(&merged), [10, 10, 11, 11]);
    // Nothing is left to do.
    hours.merge_before(Hour(HOUR.0 + 1)).unwrap();
    assert_eq!(files(&shard).len(), 2);
    assert!(files(&folder.path().join(UNFINISHED)).is_empty());
}

#[test]
fn an_end_in_the_midst_of_a_merge_neither_loses_nor_doubles() {
    let (folder, hours) = directory();
    let server = Address::v4(0xcb00_7109);
    keep(&hours, HOUR, "a.parquet", 1, vec![talk(server, 1)]);
    keep(&hours, HOUR, "b.parquet", 1, vec![talk(server, 2)]);
    let shard = folder.path().join("talks/hour=2027-01-15T08/shard=03");
    let note = |into: &str| Merge {
        into: shard.join(into),
        from: vec![shard.join("a.parquet"), shard.join("b.parquet")],
    };
    let write = |merge: &Merge| {
        let octets = serde_json::to_vec(merge).unwrap();
        fs::write(folder.path().join(MERGE_FILE), octets).unwrap();
    };
    // Before the result was there.
    write(&note("a-merged.parquet"));
    fs::write(folder.path().join(UNFINISHED).join("half"), "PAR1").unwrap();
    let hours = Hours::open(folder.path()).unwrap();
    assert_eq!(files(&shard).len(), 2);
    assert!(files(&folder.path().join(UNFINISHED)).is_empty());
    // After, with all and with one of its parts there.
    let both = vec![talk(server, 1), talk(server, 2)];
    keep(&hours, HOUR, "a-merged.parquet", 1, both);
    write(&note("a-merged.parquet"));
    fs::remove_file(shard.join("a.parquet")).unwrap();
    let hours = Hours::open(folder.path()).unwrap();
    hours.merge_before(Hour(HOUR.0 + 1)).unwrap();
    assert_eq!(files(&shard), [shard.join("a-merged.parquet")]);
    assert_eq!(numbers(&shard.join("a-merged.parquet")), [1, 2]);
}

#[test]
fn hours_go_when_their_time_is_over() {
    let (folder, hours) = directory();
    let server = Address::v4(0xcb00_7109);
    keep(&hours, HOUR, "a.parquet", 1, vec![talk(server, 1)]);
    let token = SubscriberToken::from_bits(7);
    keep(&hours, HOUR, "a.parquet", 1, vec![talk(token, 1)]);
    let later = Hour(HOUR.0 + 1);
    keep(&hours, later, "b.parquet", 1, vec![talk(server, 2)]);
    hours.remove_old(Hour(HOUR.0 + 23), 24).unwrap();
    assert_eq!(files(folder.path()).len(), 3);
    hours.remove_old(Hour(HOUR.0 + 24), 24).unwrap();
    let left = folder
        .path()
        .join("talks/hour=2027-01-15T09/shard=03/b.parquet");
    assert_eq!(files(folder.path()), [left]);
}

#[test]
fn what_a_clock_that_was_ahead_kept_goes_with_the_tokens_in_its_findings() {
    let (folder, hours) = directory();
    for hour in [HOUR, Hour(HOUR.0 + 23), Hour(HOUR.0 + 24)] {
        let server = Address::v4(0xcb00_7109);
        keep(&hours, hour, "a.parquet", 1, vec![talk(server, 1)]);
        let token = SubscriberToken::from_bits(7);
        keep(&hours, hour, "a.parquet", 1, vec![talk(token, 1)]);
        hours.restricted(hour).unwrap().finish().unwrap();
    }
    assert_eq!(files(folder.path()).len(), 9);
    hours.remove_ahead(HOUR).unwrap();
    let left = files(folder.path());
    assert_eq!(left.len(), 6, "{left:?}");
    let ahead = Hour(HOUR.0 + 24).text();
    assert!(
        !left
            .iter()
            .any(|path| path.to_string_lossy().contains(&ahead))
    );
}

#[test]
fn a_file_with_a_damaged_page_is_removed_by_a_sweep_and_the_others_are_swept() {
    let (folder, hours) = directory();
    let (inside, outside) = (Address::v4(0xcb00_7109), Address::v4(0xc633_6401));
    for name in ["a.parquet", "b.parquet"] {
        keep(
            &hours,
            HOUR,
            name,
            1,
            vec![talk(inside, 1), talk(outside, 2)],
        );
    }
    let of = |name: &str| {
        folder
            .path()
            .join("talks/hour=2027-01-15T08/shard=03")
            .join(name)
    };
    let mut octets = fs::read(of("a.parquet")).unwrap();
    // Behind the first four octets stands the first page; what tells where pages stand is at the end.
    octets[4..24].fill(0xff);
    fs::write(of("a.parquet"), octets).unwrap();
    let broom = Broom {
        subscribers: Prefixes::parse(["203.0.113.0/24"]).unwrap(),
        horizon: 1,
        key: HorizonKey::from_bytes([3; 16]),
    };
    let swept = hours.sweep(&broom).unwrap();
    assert_eq!((swept.files_removed, swept.talks_sealed), (1, 1));
    assert!(!of("a.parquet").exists());
    assert_eq!(numbers(&of("b.parquet")), [2]);
    assert_eq!(hours.sweep(&broom).unwrap(), Swept::default());
}

#[test]
fn talks_among_subscribers_are_for_the_collectors_own_user_alone() {
    let (folder, hours) = directory();
    keep(
        &hours,
        HOUR,
        "a.parquet",
        1,
        vec![talk(Address::v4(0xcb00_7109), 1)],
    );
    keep(
        &hours,
        HOUR,
        "a.parquet",
        1,
        vec![talk(SubscriberToken::from_bits(7), 1)],
    );
    let others = |path: &Path| fs::metadata(path).unwrap().mode() & 0o077;
    let among = folder.path().join("among");
    for path in files(&among).iter().flat_map(|file| file.ancestors()) {
        if path.starts_with(&among) {
            assert_eq!(others(path), 0, "{}", path.display());
        }
    }
    for path in files(&folder.path().join("talks")) {
        assert_eq!(others(&path) & 0o007, 0, "{}", path.display());
    }
}
