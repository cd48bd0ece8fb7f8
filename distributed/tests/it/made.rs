//! Made hours of made collectors, the same for the same seed.

use std::collections::BTreeMap;
use std::fs::{self, File};
use std::path::{Path, PathBuf};

use flow::archive::{Writer, profiles, shard};
use flow::column::{Address, Ending};
use flow::draw::draws;
use flow::engine::{Engine, Settings};
use flow::profile::Linking;
use flow::sealed::{Opened, SealedPort, Talk, Way};
use flow::service;
use seal::subscriber::SubscriberToken;

/// The first hour of Unix time that is made, and its folder.
const HOUR: i64 = 500_000;
pub(crate) const FIRST_HOUR: &str = "2027-01-15T08";

const MILLIS_PER_HOUR: i64 = 3_600_000;

/// How much is made.
#[derive(Clone, Copy)]
pub(crate) struct Size {
    pub(crate) collectors: u64,
    pub(crate) hours: i64,
    pub(crate) servers: u64,
    pub(crate) talks_an_hour: usize,
}

/// A server that eight bots of each collector call each minute, by the clock, and that knocks at one more.
pub(crate) const COMMANDING: &str = "203.0.113.9:4444";

/// Makes the folders of collectors below `folder`: talks and profiles.
pub(crate) fn collectors(folder: &Path, size: Size) -> Vec<PathBuf> {
    let one = |number| {
        let folder = folder.join(format!("collector-{number}"));
        collector(&folder, number, size);
        folder
    };
    (0..size.collectors).map(one).collect()
}

fn collector(folder: &Path, number: u64, size: Size) {
    let linking = Linking(1_000 + number);
    let mut engine = Engine::new(Settings::default());
    engine.keep(linking);
    let mut draw = draws(number);
    for hour in HOUR..HOUR + size.hours {
        let mut talks: Vec<Talk<Address>> = (0..size.talks_an_hour)
            .map(|_| human(&mut draw, hour, size.servers))
            .collect();
        talks.extend((0..8).flat_map(|bot| beacons(number * 100 + bot, hour)));
        talks.push(Talk {
            subscriber: SubscriberToken::from_bits(u128::from(number) << 64 | 9),
            opened: Opened::Outside,
            ..beacons(number, hour)[0]
        });
        talks.sort_by_key(|talk| (talk.start_ms, talk.subscriber));
        engine.take(&talks);
        let name = |kind: &str, number: usize| {
            let hour = hour_folder(hour);
            let shard = format!("{kind}/hour={hour}/shard={number:02}");
            let folder = folder.join(shard);
            fs::create_dir_all(&folder).unwrap();
            File::create_new(folder.join(format!("{}.parquet", linking.0))).unwrap()
        };
        let mut rows: BTreeMap<usize, Vec<_>> = BTreeMap::new();
        engine.end_hour(hour, |row| {
            rows.entry(shard(row.server.address)).or_default().push(row);
        });
        for (shard, rows) in rows {
            let mut writer = profiles::Writer::new(name("profiles", shard), linking).unwrap();
            for row in &rows {
                writer.row(row).unwrap();
            }
            writer.finish().unwrap();
        }
        let mut shards: BTreeMap<usize, Vec<_>> = BTreeMap::new();
        for talk in talks {
            shards.entry(shard(talk.server)).or_default().push(talk);
        }
        for (shard, mut talks) in shards {
            let mut writer = Writer::new(name("talks", shard), linking.0).unwrap();
            writer.group(&mut talks).unwrap();
            writer.finish().unwrap();
        }
    }
}

/// A call of somebody who looks something up.
fn human(draw: &mut impl FnMut() -> u64, hour: i64, servers: u64) -> Talk<Address> {
    let mut below = |end: u64| draw() % end;
    // Some are called far more than others.
    let server = below(servers).min(below(servers)).min(below(servers));
    let start_ms = hour * MILLIS_PER_HOUR + below(3_600_000).cast_signed();
    Talk {
        server: Address::v4(0xc633_6400 + u32::try_from(server).unwrap()),
        server_port: [443, 80, 8_080][usize::try_from(server % 3).unwrap()],
        subscriber: SubscriberToken::from_bits(u128::from(below(5_000)) << 64 | 7),
        household: 0,
        subscriber_port: SealedPort::kept(50_000, 0),
        protocol: service::TCP,
        flags: 0x1b,
        way: if below(2) == 0 { Way::Forth } else { Way::Back },
        packets: 1 + below(20),
        bytes: 100 + below(9_000),
        start_ms,
        end_ms: start_ms + 500,
        sampling: 1,
        ending: Ending::Ended,
        opened: Opened::Inside,
    }
}

/// The calls of a bot in an hour.
fn beacons(bot: u64, hour: i64) -> Vec<Talk<Address>> {
    let call = |minute: i64| {
        let start_ms = hour * MILLIS_PER_HOUR + minute * 60_000 + bot.cast_signed() % 60 * 900;
        Talk {
            server: Address::v4(0xcb00_7109),
            server_port: 4_444,
            subscriber: SubscriberToken::from_bits(u128::from(90_000 + bot) << 64 | 7),
            household: 0,
            subscriber_port: SealedPort::kept(u32::try_from(minute).unwrap(), 0),
            protocol: service::TCP,
            flags: 0x1b,
            way: Way::Forth,
            packets: 6,
            bytes: 420,
            start_ms,
            end_ms: start_ms + 800,
            sampling: 1,
            ending: Ending::Ended,
            opened: Opened::Inside,
        }
    };
    (0..60).map(call).collect()
}

fn hour_folder(hour: i64) -> String {
    let begin = jiff::Timestamp::from_second(hour * 3_600)
        .unwrap()
        .to_string();
    begin.split(':').next().unwrap().to_owned()
}
