//! How many flows a second the collector takes: `cargo run --release -p noroshi --example collect_load
//! -- [FLOWS_PER_SECOND] [SECONDS] [WORKERS]`.
//!
//! Exporters in threads of this program send `NetFlow` v9, 27 records a datagram, over the loopback;
//! collector and exporters share the machine. The flows are drawn: a million subscribers, servers by
//! Zipf's law, both ways of each call. The CPU seconds of receivers and keepers are told apart from
//! those of the exporters; what the kernel does to deliver a datagram counts to the exporter.

use std::fs;
use std::net::{SocketAddr, UdpSocket};
use std::path::Path;
use std::sync::Arc;
use std::time::{Duration, Instant};

use flow::knowledge::Knowledge;
use flow::prefix::Prefixes;
use noroshi::ambient;
use noroshi::collector::{self, Clock, Settings};
use seal::random::Random;

const RECORDS: usize = 27;
const RECORD_OCTETS: usize = 34;
const EXPORTERS: u64 = 8;
/// Datagrams that each exporter draws beforehand, and sends again and again.
const DRAWN: usize = 2_000;
const SUBSCRIBERS: u64 = 1_000_000;
const SERVERS: f64 = 500_000.0;

fn main() -> anyhow::Result<()> {
    let mut given = std::env::args().skip(1);
    let mut number = |default: u64| given.next().map_or(Ok(default), |text| text.parse());
    let (rate, seconds, workers) = (number(1_000_000)?, number(20)?, number(2)?);
    let folder = tempfile::tempdir()?;
    let settings = settings(folder.path(), usize::try_from(workers)?)?;
    let begun = Instant::now();
    let clock = Clock {
        wall: Arc::new(ambient::now),
        steady: Arc::new(move || begun.elapsed()),
    };
    let collector = collector::start(&settings, clock, ambient::random()?)?;
    let to = *collector
        .addresses()
        .first()
        .ok_or_else(|| anyhow::anyhow!("the collector listens nowhere"))?;
    let mut exporters = Vec::new();
    for exporter in 0..EXPORTERS {
        let drawn = draw(exporter);
        let work = move || send(to, drawn, rate / EXPORTERS, seconds);
        exporters.push(
            std::thread::Builder::new()
                .name("exporter".to_owned())
                .spawn(work)?,
        );
    }
    let mut sent = 0;
    let mut slowest: f64 = 0.0;
    for exporter in exporters {
        let (datagrams, took) = exporter.join().map_err(|_| anyhow::anyhow!("panicked"))??;
        sent += datagrams * RECORDS as u64;
        slowest = slowest.max(took);
    }
    collector.flush()?;
    let (receivers, keepers) = (cpu_seconds("receiver")?, cpu_seconds("keeper")?);
    let archivist = cpu_seconds("archivist")?;
    let buffer = collector.buffer_octets();
    let totals = collector.end()?;
    let octets = size(&settings.directory.join("talks"))?;
    #[expect(clippy::cast_precision_loss, reason = "far below 2^53")]
    let [sent_f, kept_f, octets_f] = [sent, totals.kept, octets].map(|number| number as f64);
    let cpu = receivers + keepers;
    println!(
        "offered   {sent} flows in {slowest:.2} s: {:.2} M/s",
        sent_f / slowest / 1e6
    );
    println!("decoded   {}   kept {}", totals.decoded, totals.kept);
    println!(
        "not kept  {} (kernel dropped {} datagrams, {} talks shed, {} unwritten)",
        sent - totals.kept,
        totals.kernel_drops,
        totals.shed,
        totals.unwritten
    );
    println!("CPU       {receivers:.2} s receivers, {keepers:.2} s keepers");
    println!(
        "          {:.2} M flows/s/core, UDP to Parquet",
        kept_f / cpu / 1e6
    );
    println!("          {archivist:.2} s archivist so far, which looks at what is kept");
    println!("on disk   {:.1} octets a flow", octets_f / kept_f);
    println!("buffer    {buffer} octets each of {workers} sockets");
    Ok(())
}

fn settings(folder: &Path, workers: usize) -> anyhow::Result<Settings> {
    Ok(Settings {
        listen: vec!["127.0.0.1:0".parse()?],
        subscribers: Prefixes::parse(["10.0.0.0/8"])?,
        household_bits: flow::sealed::HOUSEHOLD_BITS_DEFAULT,
        sampling: 1,
        shared: Prefixes::default(),
        exporters: None,
        directory: folder.join("kept"),
        key_file: folder.join("wrapping.key"),
        horizon_days: 30,
        custodians: Vec::new(),
        keep_hours: 24,
        profiles_days: 30,
        clients_min: flow::finding::CLIENTS_MIN_DEFAULT,
        lists: Arc::new(|| Ok(Knowledge::new(0))),
        workers,
    })
}

/// Sends at a steady rate; says how many datagrams, and how long it took.
fn send(
    to: SocketAddr,
    mut drawn: Vec<Vec<u8>>,
    rate: u64,
    seconds: u64,
) -> anyhow::Result<(u64, f64)> {
    let socket = UdpSocket::bind("127.0.0.1:0")?;
    socket.connect(to)?;
    socket.send(&template())?;
    let total = rate * seconds / RECORDS as u64;
    let begun = Instant::now();
    let mut sent: u64 = 0;
    while sent < total {
        #[expect(clippy::cast_possible_truncation, reason = "an hour at most")]
        let due = begun.elapsed().as_micros() as u64 * rate / RECORDS as u64 / 1_000_000;
        while sent < due.min(total) {
            let place = usize::try_from(sent)? % drawn.len();
            if let Some(datagram) = drawn.get_mut(place) {
                // The sequence number counts datagrams; the template's was 0.
                if let Some(sequence) = datagram.get_mut(12..16) {
                    sequence.copy_from_slice(&u32::try_from(sent + 1)?.to_be_bytes());
                }
                socket.send(datagram)?;
            }
            sent += 1;
        }
        // Nobody unparks it: the next datagrams are due by the clock.
        std::thread::park_timeout(Duration::from_micros(500));
    }
    Ok((sent, begun.elapsed().as_secs_f64()))
}

fn header(sequence: u32) -> Vec<u8> {
    let mut octets = vec![0, 9, 0, 1];
    octets.extend(600_000_u32.to_be_bytes());
    let now = u32::try_from(ambient::now().seconds()).unwrap_or(0);
    octets.extend(now.to_be_bytes());
    octets.extend(sequence.to_be_bytes());
    octets.extend([0, 0, 0, 1]);
    octets
}

fn template() -> Vec<u8> {
    let fields = [
        8, 4, 12, 4, 7, 2, 11, 2, 4, 1, 6, 1, 1, 4, 2, 4, 22, 4, 21, 4, 5, 1, 10, 2, 61, 1,
    ];
    let mut octets = header(0);
    let template: Vec<u16> = [256, 13].into_iter().chain(fields).collect();
    let length = u16::try_from(template.len() * 2 + 4).unwrap_or(0);
    octets.extend(
        [0, length]
            .into_iter()
            .chain(template)
            .flat_map(u16::to_be_bytes),
    );
    octets
}

/// Datagrams of an exporter.
fn draw(exporter: u64) -> Vec<Vec<u8>> {
    let mut random = Random::from_seed([u8::try_from(exporter).unwrap_or(0); 32]);
    let datagram = |_| {
        let mut octets = header(0);
        let length = u16::try_from(RECORDS * RECORD_OCTETS + 4).unwrap_or(0);
        octets.extend([256, length].into_iter().flat_map(u16::to_be_bytes));
        let mut pair = Vec::new();
        for _ in 0..RECORDS {
            if pair.is_empty() {
                pair = call(&mut random);
            }
            octets.extend(pair.pop().unwrap_or([0; RECORD_OCTETS]));
        }
        octets
    };
    (0..DRAWN).map(datagram).collect()
}

/// What went forth and what came back of a call.
fn call(random: &mut Random) -> Vec<[u8; RECORD_OCTETS]> {
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "below half a million"
    )]
    let rank = SERVERS.powf(fraction(random).max(1e-9)) as u32;
    // The rank is no address: neighbors in rank are none in the network, and none is a subscriber.
    let server = (rank.wrapping_mul(0x9e37_79b1) | 0x8000_0000).to_be_bytes();
    let subscriber = 0x0a00_0000 + u32::try_from(random.below(SUBSCRIBERS)).unwrap_or(0);
    let server_port: u16 = match random.below(10) {
        0 => 53,
        1 => 80,
        2 => u16::from_be_bytes(random.bytes()),
        _ => 443,
    };
    let port = 1_024 + u16::try_from(random.below(60_000)).unwrap_or(0);
    let begun = 540_000 + u32::try_from(random.below(50_000)).unwrap_or(0);
    let subscriber = subscriber.to_be_bytes();
    let mut one = |from: [u8; 4], to: [u8; 4], ports: [u16; 2]| {
        let mut record = Vec::with_capacity(RECORD_OCTETS);
        record.extend(from.iter().chain(&to));
        record.extend(ports.into_iter().flat_map(u16::to_be_bytes));
        record.extend([6, 0x1b]);
        let times = [begun, begun + sized(random, 10_000.0)];
        let counts = [40 + sized(random, 1e6), sized(random, 1_000.0)];
        record.extend(counts.into_iter().chain(times).flat_map(u32::to_be_bytes));
        record.extend([0, 0, 1, 0]);
        <[u8; RECORD_OCTETS]>::try_from(record).unwrap_or([0; RECORD_OCTETS])
    };
    vec![
        one(subscriber, server, [port, server_port]),
        one(server, subscriber, [server_port, port]),
    ]
}

/// From 1 to `most`, each power of ten as likely as the other.
fn sized(random: &mut Random, most: f64) -> u32 {
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "from 1 to a million"
    )]
    let size = most.powf(fraction(random)) as u32;
    size
}

fn fraction(random: &mut Random) -> f64 {
    f64::from(u32::from_be_bytes(random.bytes())) / f64::from(u32::MAX)
}

/// What all threads of that name have used, in user and system (proc(5): words 14 and 15, in
/// hundredths of a second).
fn cpu_seconds(name: &str) -> anyhow::Result<f64> {
    let mut ticks = 0;
    for task in fs::read_dir("/proc/self/task")? {
        let task = task?.path();
        if fs::read_to_string(task.join("comm"))?.trim() == name {
            let stat = fs::read_to_string(task.join("stat"))?;
            let behind = stat.rsplit(") ").next().unwrap_or_default();
            let words = behind.split(' ').skip(11).take(2);
            ticks += words.map(str::parse::<u32>).sum::<Result<u32, _>>()?;
        }
    }
    Ok(f64::from(ticks) / 100.0)
}

fn size(folder: &Path) -> anyhow::Result<u64> {
    let mut octets = 0;
    for entry in fs::read_dir(folder)? {
        let entry = entry?;
        octets += if entry.file_type()?.is_dir() {
            size(&entry.path())?
        } else {
            entry.metadata()?.len()
        };
    }
    Ok(octets)
}
