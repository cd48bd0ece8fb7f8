//! How fast export datagrams become columns, sealed talks and profiles, beside `netflow_parser`.
//!
//! `cargo run --release -p flow --example decode [DIR]`; with a directory the flows of the last table are
//! left there as files.
//!
//! Made datagrams hold 24 records of 18 fields. What a real router sent has templates of up to 35
//! fields, some of variable length, nearly all of both ways; its records about itself count too.
//! Figures are millions of flows in a second of CPU time of one core. CPU time is what the scheduler
//! gave this thread (`/proc/thread-self/schedstat`): on a machine that others use too, the time on the
//! wall measures them.

mod kept;
mod made;

use std::collections::BTreeMap;
use std::path::Path;

use anyhow::{Context, Result};
use flow::column::Columns;
use flow::decode::{Counts, Decoder};
use flow::engine::{Engine, Settings};
use flow::prefix::Prefixes;
use flow::sealed::{Sealed, Sealer};
use made::Datagram;
use netflow_parser::variable_versions::{ipfix, v9};
use netflow_parser::{NetflowPacket, NetflowParser};
use seal::subscriber::HorizonKey;

/// Flows that are sealed at a time.
const BATCH: usize = 4_096;
/// CPU time that each figure is taken over.
const NANOS_MIN: u64 = 1_000_000_000;

fn main() -> Result<()> {
    let kinds = [
        ("v5", made::v5()),
        ("v9", made::of_template(9, made::V9)),
        ("IPFIX", made::of_template(10, made::IPFIX)),
        ("IPFIX, IPv6", made::of_template(10, made::IPFIX_OF_V6)),
        ("IPFIX of a real router", made::real()?),
    ];
    println!("Millions of flows a second of CPU time of one core:\n");
    println!("| datagrams | to columns | and sealed | netflow_parser 1.0.6 |");
    println!("|---|---:|---:|---:|");
    for (name, datagrams) in &kinds {
        let columns = decode(datagrams, |_| {})?;
        let sealed = seal(datagrams)?;
        let other = netflow_parser(datagrams)?;
        println!(
            "| {name} | {} | {} | {} |",
            millions(columns),
            millions(sealed),
            millions(other)
        );
    }
    println!("\nAn hour of v9: a million flows of a million subscribers with 65,536 servers.\n");
    println!(
        "| calls | kept servers, pairs | to columns | and sealed | and profiled | an hour later |"
    );
    println!("|---|---:|---:|---:|---:|---:|");
    let small = made::hour(made::OCTETS_MAX);
    hour("small: every server passes the gate", &small)?;
    hour("large: few do", &made::hour(20 * made::OCTETS_MAX))?;
    if let Some(directory) = std::env::args_os().nth(1) {
        let directory = Path::new(&directory);
        kept::write(directory, &small, &mut sealer()?)?;
        let begun = cpu_nanos()?;
        let talks = kept::profile(directory)?;
        let rate = talks * 1_000_000 / (cpu_nanos()? - begun);
        println!("\nParquet to profiles: {}", millions(rate));
    }
    Ok(())
}

fn hour(name: &str, datagrams: &[Datagram]) -> Result<()> {
    let (columns, sealed) = (decode(datagrams, |_| {})?, seal(datagrams)?);
    let (filled, gone_on, kept) = profile(datagrams)?;
    let [columns, sealed, filled, gone_on] = [columns, sealed, filled, gone_on].map(millions);
    println!(
        "| {name} | {}, {} | {columns} | {sealed} | {filled} | {gone_on} |",
        kept.0, kept.1
    );
    Ok(())
}

/// Decodes, and does with the columns what `then` does.
fn decode(datagrams: &[Datagram], mut then: impl FnMut(&mut Columns)) -> Result<u64> {
    let (mut decoder, mut columns) = (Decoder::new(), Columns::default());
    rate(|| {
        let before = taken(&decoder);
        for (exporter, datagram) in datagrams {
            // What is wrong in a real stream is counted by the decoder and no matter here.
            let _read = decoder.datagram(*exporter, datagram, &mut columns);
            if columns.len() > BATCH {
                then(&mut columns);
                columns.clear();
            }
        }
        taken(&decoder) - before
    })
}

fn taken(decoder: &Decoder) -> u64 {
    let of = |counts: Counts| counts.flows + counts.options + counts.others;
    decoder.counts().map(|(_, counts)| of(counts)).sum()
}

fn sealer() -> Result<Sealer> {
    let prefixes = Prefixes::parse(["10.0.0.0/8", "172.16.0.0/12", "2001:db8::/32"])?;
    Ok(Sealer::new(prefixes, HorizonKey::from_bytes([7; 16]))?)
}

fn seal(datagrams: &[Datagram]) -> Result<u64> {
    let mut sealer = sealer()?;
    let mut sealed = Sealed::default();
    decode(datagrams, |columns| {
        sealer.seal(columns, &mut sealed);
        sealed.talks.clear();
        sealed.among.clear();
    })
}

/// How fast an engine is filled that has seen nothing, how fast it goes on with the same talks an hour
/// later, and how many servers and pairs it keeps.
fn profile(datagrams: &[Datagram]) -> Result<(u64, u64, (usize, usize))> {
    let mut sealer = sealer()?;
    let mut hour = datagrams.to_vec();
    let mut pass = |hour: &[Datagram], engine: &mut Engine| {
        let (mut decoder, mut columns) = (Decoder::new(), Columns::default());
        let mut sealed = Sealed::default();
        let before = engine.tally().talks;
        for (exporter, datagram) in hour {
            let _read = decoder.datagram(*exporter, datagram, &mut columns);
            if columns.len() > BATCH {
                sealer.seal(&mut columns, &mut sealed);
                engine.take(&sealed.talks);
                sealed.talks.clear();
                sealed.among.clear();
            }
        }
        engine.tally().talks - before
    };
    let filled = rate(|| pass(&hour, &mut Engine::new(Settings::default())))?;
    let mut engine = Engine::new(Settings::default());
    let gone_on = rate(|| {
        made::an_hour_later(&mut hour);
        pass(&hour, &mut engine)
    })?;
    Ok((filled, gone_on, engine.kept()))
}

fn netflow_parser(datagrams: &[Datagram]) -> Result<u64> {
    let mut parsers = BTreeMap::new();
    rate(|| {
        let mut flows = 0;
        for (exporter, datagram) in datagrams {
            let parser: &mut NetflowParser = parsers.entry(exporter).or_default();
            for packet in std::hint::black_box(parser.parse_bytes(datagram)).packets {
                flows += records(&packet);
            }
        }
        flows as u64
    })
}

/// Records of flows and of options.
fn records(packet: &NetflowPacket) -> usize {
    match packet {
        NetflowPacket::V5(read) => read.flowsets.len(),
        NetflowPacket::V9(read) => {
            let sets = read.flowsets.iter().map(|set| match &set.body {
                v9::FlowSetBody::Data(held) => held.fields.len(),
                v9::FlowSetBody::OptionsData(held) => held.fields.len(),
                _ => 0,
            });
            sets.sum()
        }
        NetflowPacket::IPFix(read) => {
            let sets = read.flowsets.iter().map(|set| match &set.body {
                ipfix::FlowSetBody::Data(held) => held.fields.len(),
                ipfix::FlowSetBody::OptionsData(held) => held.fields.len(),
                _ => 0,
            });
            sets.sum()
        }
        _ => 0,
    }
}

/// Runs `pass`, which tells how many flows it took, until [`NANOS_MIN`] are over; thousands a second,
/// the best of three.
fn rate(mut pass: impl FnMut() -> u64) -> Result<u64> {
    pass();
    let mut best = 0;
    for _ in 0..3 {
        let begun = cpu_nanos()?;
        let mut flows = 0;
        let mut took = 0;
        while took < NANOS_MIN / 3 {
            flows += pass();
            took = cpu_nanos()? - begun;
        }
        best = best.max(flows * 1_000_000 / took);
    }
    Ok(best)
}

fn millions(thousands: u64) -> String {
    format!("{}.{:02}", thousands / 1_000, thousands % 1_000 / 10)
}

/// Nanoseconds that this thread was on a core.
fn cpu_nanos() -> Result<u64> {
    let told = std::fs::read_to_string("/proc/thread-self/schedstat")?;
    let first = told.split_whitespace().next();
    first
        .context("this system tells no CPU time")?
        .parse()
        .context("CPU time is a number")
}
