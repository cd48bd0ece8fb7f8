//! The transplant test: calls of real families, set among the traffic of a made carrier.
//!
//! `cargo run --release -p flow --example isp -- --help` tells what can be set. Everything is drawn from
//! a seed. What subscribers and programs do becomes packets, a router samples them and exports IPFIX,
//! and from there on all is as at a carrier: decoder, seal, engine, hourly judgement. The tables say what
//! was found at which budget of false alarms; what the generator assumes stands beside each class in
//! `poll/classes.rs`, and running without a class or with another port tells how much it matters.

mod ages;
mod arguments;
mod bots;
mod draw;
mod export;
mod gauge;
mod people;
mod poll;
mod replay;
mod router;
mod tables;
mod watch;
mod world;

use std::net::{IpAddr, Ipv4Addr};

use anyhow::{Result, anyhow};
use flow::column::Columns;
use flow::decode::Decoder;
use flow::engine::{Engine, Settings};
use flow::evaluate::Rita;
use flow::finding::Server;
use flow::knowledge::Knowledge;
use flow::prefix::Prefixes;
use flow::sealed::{Sealed, Sealer};
use seal::subscriber::HorizonKey;

use ages::Ages;
use arguments::Arguments;
use bots::Bots;
use export::Export;
use gauge::Costs;
use people::People;
use poll::{CLASSES, Pollers};
use router::{Record, Router};
use watch::{Watched, is_in_part};
use world::{HOUR_MS, POLLERS, RESOLVER, START_MS};

const EXPORTER: IpAddr = IpAddr::V4(Ipv4Addr::new(192, 0, 2, 1));

/// Records that go through the stages at once.
const AT_ONCE: usize = 60_000;

fn main() -> Result<()> {
    let arguments = arguments::read(std::env::args().skip(1))?;
    for sampling in &arguments.sampling {
        run(&arguments, *sampling)?;
    }
    Ok(())
}

/// Everything that makes packets.
struct World {
    people: People,
    pollers: Pollers,
    bots: Bots,
    router: Router,
}

/// Everything behind the router.
struct Carrier {
    export: Export,
    decoder: Decoder,
    columns: Columns,
    sealer: Sealer,
    sealed: Sealed,
    engine: Engine,
    rita: Option<Rita>,
    costs: Costs,
    records: u64,
}

fn run(arguments: &Arguments, sampling: u32) -> Result<()> {
    let mut world = World::new(arguments, sampling)?;
    let (servers, devices) = world.pollers.count();
    eprintln!(
        "{servers} polled servers, {devices} polling devices, {} commanding servers, {} bots",
        world.bots.commands.len(),
        world.bots.count()
    );
    let mut ages = arguments
        .turnover
        .map(|turnover| Ages::new(turnover, arguments.seed));
    let mut carrier = Carrier::new(arguments, sampling)?;
    let mut watched = Watched::default();
    let mut grown = 0.0;
    let before = gauge::resident_mb();
    for hour in 0..arguments.hours {
        carrier.costs.begin();
        world.hour(hour);
        let room = world.router.records.capacity() * std::mem::size_of::<Record>();
        let due = world.due(hour);
        carrier.costs.make += carrier.costs.lap();
        carrier.take(&due)?;
        grown =
            gauge::resident_mb() - draw::ratio(room as u64 + 48 * due.len() as u64) / 1_048_576.0;
        drop(due);
        carrier.costs.begin();
        if (hour + 1) % arguments.judge == 0 || hour + 1 == arguments.hours {
            if let Some(ages) = &mut ages {
                ages.note(&carrier.engine, hour);
            }
            let knowledge = knowledge(ages.as_ref())?;
            watched.judge(&carrier.engine, &knowledge, hour + 1);
        }
        carrier.costs.judge += carrier.costs.lap();
        eprintln!("hour {hour}: {} records", carrier.records);
    }
    if let Some(rita) = &carrier.rita {
        watched.rita(rita);
    }
    let told = tables::Run {
        name: &arguments.name,
        sampling,
        subscribers: arguments.subscribers,
        servers: arguments.servers,
        hours: arguments.hours,
        commands: &world.bots.commands,
    };
    tables::print(&told, &watched);
    tables::costs(
        &carrier.costs,
        carrier.records,
        carrier.engine.kept(),
        [before, grown],
    );
    println!("tally: {:?}", carrier.engine.tally());
    Ok(())
}

/// What the carrier knows beside the flows.
fn knowledge(ages: Option<&Ages>) -> Result<Knowledge> {
    let mut knowledge = world::knowledge(&[
        (RESOLVER, 8),
        // Of clocks and tunnels the lists name some: half of them here.
        (place_of("ntp"), 13),
        (place_of("vpn"), 22),
    ])?;
    if let Some(ages) = ages {
        knowledge.remember(ages.past());
    }
    Ok(knowledge)
}

/// Number of a class of pollers.
fn place_of(name: &str) -> u8 {
    let classes = (POLLERS..).zip(CLASSES);
    let mut of_name = classes.filter(|(_, class)| class.name == name);
    of_name.next().map_or(POLLERS, |(number, _)| number)
}

impl World {
    fn new(arguments: &Arguments, sampling: u32) -> Result<Self> {
        let families = match (&arguments.replay, &arguments.labels) {
            (Some(folder), Some(labels)) => replay::read(folder, labels)?,
            _ => Vec::new(),
        };
        let (subscribers, servers) = (arguments.subscribers, arguments.servers);
        let seed = arguments.seed;
        Ok(Self {
            people: People::new(subscribers, servers, seed),
            pollers: Pollers::new(subscribers, servers, seed, &arguments.without),
            bots: Bots::new(&arguments.plan, families, subscribers, seed),
            router: Router::new(sampling, seed),
        })
    }

    fn hour(&mut self, hour: u32) {
        self.people.hour(hour, &mut self.router);
        self.pollers.hour(hour, &mut self.router);
        self.bots.hour(hour, &mut self.router);
    }

    /// Records that are exported in an hour, by their ends; the rest stays.
    fn due(&mut self, hour: u32) -> Vec<Record> {
        let ends = START_MS + i64::from(hour + 1) * HOUR_MS;
        let (mut due, later): (Vec<Record>, Vec<Record>) = std::mem::take(&mut self.router.records)
            .into_iter()
            .partition(|record| record.end_ms < ends);
        self.router.records = later;
        due.sort_unstable_by_key(|record| (record.end_ms, record.source, record.ports));
        due
    }
}

impl Carrier {
    fn new(arguments: &Arguments, sampling: u32) -> Result<Self> {
        let subscribers = Prefixes::parse([world::SUBSCRIBERS])?;
        let mut carrier = Self {
            export: Export::new(),
            decoder: Decoder::new(),
            columns: Columns::default(),
            sealer: Sealer::new(subscribers, HorizonKey::from_bytes([7; 16]))?,
            sealed: Sealed::default(),
            engine: Engine::new(Settings {
                seed: arguments.seed,
                ..Settings::default()
            }),
            rita: (sampling <= arguments.rita).then(Rita::default),
            costs: Costs::default(),
            records: 0,
        };
        let preface = carrier.export.preface(sampling, START_MS);
        carrier
            .decoder
            .datagram(EXPORTER, &preface, &mut carrier.columns)?;
        Ok(carrier)
    }

    fn take(&mut self, records: &[Record]) -> Result<()> {
        let mut datagrams: Vec<Vec<u8>> = Vec::new();
        for some in records.chunks(AT_ONCE) {
            datagrams.clear();
            self.export
                .datagrams(some, |datagram| datagrams.push(datagram.to_vec()));
            self.costs.begin();
            for datagram in &datagrams {
                self.decoder
                    .datagram(EXPORTER, datagram, &mut self.columns)?;
            }
            if self.columns.len() != some.len() {
                return Err(anyhow!(
                    "{} of {} records decoded",
                    self.columns.len(),
                    some.len()
                ));
            }
            self.costs.decode += self.costs.lap();
            self.sealer.seal(&mut self.columns, &mut self.sealed);
            self.costs.seal += self.costs.lap();
            self.engine.take(&self.sealed.talks);
            self.costs.take += self.costs.lap();
            if let Some(rita) = &mut self.rita {
                self.sealed.talks.retain(|talk| {
                    is_in_part(&Server {
                        address: talk.server,
                        port: talk.server_port,
                        protocol: talk.protocol,
                    })
                });
                rita.take(&self.sealed.talks);
            }
            self.sealed.talks.clear();
            self.records += some.len() as u64;
        }
        Ok(())
    }
}
