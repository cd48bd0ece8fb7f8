//! How many octets a kept talk takes, and how long its writing: `cargo run --release -p flow
//! --example archive [TALKS]`.
//!
//! The talks are drawn, not recorded: a million subscribers, servers by Zipf's law, sizes and
//! durations over many powers of ten, both ways of each call; one minute, in eight shards as the
//! collector writes them.

use std::time::Instant;

use flow::archive::{GROUP_ROWS, Writer};
use flow::column::{Address, Ending};
use flow::sealed::{Opened, SealedPort, Talk, Way};
use seal::random::Random;
use seal::subscriber::HorizonKey;

const SHARDS: usize = 8;
const SUBSCRIBERS: u64 = 1_000_000;
const SERVERS: f64 = 500_000.0;

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let count: u64 = std::env::args()
        .nth(1)
        .map_or(Ok(2_000_000), |text| text.parse())?;
    let mut random = Random::from_seed([1; 32]);
    let key = HorizonKey::generate(&mut random);
    let mut shards: [Vec<Talk<Address>>; SHARDS] = Default::default();
    for _ in 0..count / 2 {
        let (shard, pair) = call(&mut random, &key);
        if let Some(talks) = shards.get_mut(shard) {
            talks.extend(pair);
        }
    }
    let mut octets = 0;
    #[expect(clippy::disallowed_methods, reason = "this is a measurement")]
    let begun = Instant::now();
    for talks in &mut shards {
        let mut writer = Writer::new(Vec::new(), 1)?;
        while !talks.is_empty() {
            let rest = talks.split_off(talks.len().min(GROUP_ROWS));
            writer.group(talks)?;
            *talks = rest;
        }
        octets += writer.finish()?.len();
    }
    let seconds = begun.elapsed().as_secs_f64();
    #[expect(clippy::cast_precision_loss, reason = "far below 2^53")]
    let (octets, count) = (octets as f64, (count / 2 * 2) as f64);
    println!("{:.1} octets a talk", octets / count);
    println!("{:.2} M talks/s on one core", count / seconds / 1e6);
    Ok(())
}

/// A call: what went forth and what came back, and the shard of its server.
fn call(random: &mut Random, key: &HorizonKey) -> (usize, [Talk<Address>; 2]) {
    let uniform = fraction(random).max(1e-12);
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "below half a million"
    )]
    let rank = SERVERS.powf(uniform) as u32;
    // The rank is no address: neighbors in rank are none in the network.
    let address = rank.wrapping_mul(0x9e37_79b1) | 0x1000_0000;
    let subscriber = 0xffff_0a00_0000 + u128::from(random.below(SUBSCRIBERS));
    let start_ms = 1_800_000_000_000 + i64::try_from(random.below(60_000)).unwrap_or(0);
    let forth = Talk {
        server: Address::v4(address),
        server_port: match random.below(10) {
            0 => 53,
            1 => 80,
            2 => u16::from_be_bytes(random.bytes()),
            _ => 443,
        },
        subscriber: key.token(subscriber),
        household: 0,
        subscriber_port: SealedPort::kept(u32::try_from(random.below(60_000)).unwrap_or(0), 0),
        protocol: 6,
        flags: 0x1b,
        way: Way::Forth,
        packets: sized(random, 1_000.0),
        bytes: 40 + sized(random, 1e6),
        start_ms,
        end_ms: start_ms + sized(random, 60_000.0).cast_signed(),
        sampling: 1,
        ending: Ending::Idle,
        opened: Opened::Unsaid,
    };
    let back = Talk {
        way: Way::Back,
        packets: sized(random, 1_000.0),
        bytes: 40 + sized(random, 1e6),
        ..forth
    };
    (rank as usize % SHARDS, [forth, back])
}

/// From 1 to `most`, each power of ten as likely as the other.
fn sized(random: &mut Random, most: f64) -> u64 {
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "from 1 to a million"
    )]
    let size = most.powf(fraction(random)) as u64;
    size
}

fn fraction(random: &mut Random) -> f64 {
    f64::from(u32::from_be_bytes(random.bytes())) / f64::from(u32::MAX)
}
