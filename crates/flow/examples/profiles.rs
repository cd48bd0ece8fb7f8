//! What kept profiles cost: `cargo run --release -p flow --example profiles [TALKS]`.
//!
//! The talks of an hour are drawn, not recorded: a million subscribers, half a million servers by
//! Zipf's law. Told are the octets on disk of a server and hour, how fast the hour is ended and written,
//! how fast profiles are read and merged, and the most memory that was taken.

use std::collections::BTreeMap;
use std::time::Instant;

use bytes::Bytes;
use flow::archive::profiles::{Profiles, Writer};
use flow::column::{Address, Ending};
use flow::engine::{Engine, Settings};
use flow::finding::Server;
use flow::profile::{KeptProfile, Linking};
use flow::sealed::{Opened, SealedPort, Talk, Way};
use seal::random::Random;
use seal::subscriber::HorizonKey;

const SUBSCRIBERS: u64 = 1_000_000;
const SERVERS: f64 = 500_000.0;
const LINKING: Linking = Linking(7);
const HOUR: i64 = 500_000;

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let count: u64 = std::env::args()
        .nth(1)
        .map_or(Ok(2_000_000), |text| text.parse())?;
    let mut random = Random::from_seed([1; 32]);
    let key = HorizonKey::generate(&mut random);
    let mut talks: Vec<Talk<Address>> = (0..count / 2)
        .flat_map(|_| call(&mut random, &key))
        .collect();
    talks.sort_by_key(|talk| talk.start_ms);
    let mut seconds = Vec::new();
    for keeps in [false, true] {
        let mut engine = Engine::new(Settings::default());
        if keeps {
            engine.keep(LINKING);
        }
        let begun = now();
        engine.take(&talks);
        seconds.push(begun.elapsed().as_secs_f64());
        if keeps {
            drop(std::mem::take(&mut talks));
            told(&mut engine)?;
        }
    }
    println!(
        "{:.2} M talks/s without profiles, {:.2} with",
        per_second(count, seconds.first()),
        per_second(count, seconds.last())
    );
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    for line in status.lines().filter(|line| line.starts_with("VmHWM")) {
        println!("most memory: {line}");
    }
    Ok(())
}

/// Ends the hour, writes it, reads it twelve times and merges.
fn told(engine: &mut Engine) -> Result<(), Box<dyn std::error::Error>> {
    let (servers, _) = engine.kept();
    let begun = now();
    let mut writer = Writer::new(Vec::new(), LINKING)?;
    let (mut rows, mut state, mut wrong) = (0_u64, 0_usize, None);
    engine.end_hour(HOUR, |row| {
        rows += 1;
        state += row.profile.to_bytes().len();
        wrong = writer.row(&row).err().or(wrong.take());
    });
    if let Some(error) = wrong {
        return Err(error.into());
    }
    let file = Bytes::from(writer.finish()?);
    let ended = begun.elapsed().as_secs_f64();
    println!("{servers} servers, {rows} rows, ended and written in {ended:.2} s");
    #[expect(clippy::cast_precision_loss, reason = "far below 2^53")]
    let each = |octets: usize| octets as f64 / rows as f64;
    println!(
        "{:.1} octets a server and hour on disk; {:.1} of a profile before packing",
        each(file.len()),
        each(state)
    );
    let begun = now();
    let mut merged: BTreeMap<Server, KeptProfile> = BTreeMap::new();
    let mut merges = 0;
    for _ in 0..12 {
        let kept = Profiles::open(file.clone())?;
        for group in 0..kept.groups() {
            // One server in 20: merged profiles in memory are large.
            let wanted = |server: &Server| server.address.bits().is_multiple_of(20);
            kept.group(group, wanted, |row| {
                merges += 1;
                merged.entry(row.server).or_default().merge(&row.profile);
            })?;
        }
    }
    let seconds = begun.elapsed().as_secs_f64();
    println!(
        "{:.2} M rows/s searched in files for one server in 20, read and merged",
        20.0 * per_second(merges, Some(&seconds))
    );
    let profiles: Vec<Vec<u8>> = merged.values().map(KeptProfile::to_bytes).collect();
    let begun = now();
    let mut all = KeptProfile::none();
    for _ in 0..20 {
        for octets in &profiles {
            all.merge(&KeptProfile::from_bytes(octets)?);
        }
    }
    let seconds = begun.elapsed().as_secs_f64();
    let count = 20 * profiles.len() as u64;
    println!(
        "{:.2} M profiles/s from octets and merged",
        per_second(count, Some(&seconds))
    );
    Ok(())
}

#[expect(clippy::disallowed_methods, reason = "this is a measurement")]
fn now() -> Instant {
    Instant::now()
}

#[expect(clippy::cast_precision_loss, reason = "far below 2^53")]
fn per_second(count: u64, seconds: Option<&f64>) -> f64 {
    count as f64 / seconds.copied().unwrap_or(f64::NAN) / 1e6
}

/// A call and its answer.
fn call(random: &mut Random, key: &HorizonKey) -> [Talk<Address>; 2] {
    let share = f64::from(u32::from_be_bytes(random.bytes())) / f64::from(u32::MAX);
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "below half a million"
    )]
    let server = SERVERS.powf(share) as u32;
    let port: u16 = u16::from_be_bytes(random.bytes()) | 1_024;
    let start_ms = HOUR * 3_600_000 + random.below(3_590_000).cast_signed();
    let forth = Talk {
        server: Address::v4(0x0800_0000 + server.wrapping_mul(2_654_435_761) % 0x0100_0000),
        server_port: match server % 4 {
            0 => 80,
            1 => 4_444,
            2 => 8_080,
            _ => 443,
        },
        subscriber: key.token(u128::from(0x6440_0000_u32) + u128::from(random.below(SUBSCRIBERS))),
        household: 0,
        subscriber_port: SealedPort::kept(u32::from(port), 0),
        protocol: 6,
        flags: 0x1b,
        way: Way::Forth,
        packets: 6,
        bytes: 200 + random.below(3_000),
        start_ms,
        end_ms: start_ms + 900,
        sampling: 1,
        ending: Ending::Ended,
        opened: Opened::Inside,
    };
    let back = Talk {
        way: Way::Back,
        bytes: 300 + random.below(9_000),
        ..forth
    };
    [forth, back]
}
