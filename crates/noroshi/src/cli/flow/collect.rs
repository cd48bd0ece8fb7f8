//! `noroshi flow collect`: the collector as somebody at a console starts it.

use std::fs;
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::sync::Arc;
use std::time::{Duration, Instant};

use anyhow::Context as _;
use clap::Args;
use flow::finding::CLIENTS_MIN_DEFAULT;
use flow::prefix::Prefixes;
use flow::sealed::{HOUSEHOLD_BITS_DEFAULT, HOUSEHOLD_BITS_MIN};
use seal::envelope::PublicKey;
use tokio::signal::unix::{SignalKind, signal};

use super::knowledge::Lists;
use crate::ambient;
use crate::collector::{
    self, Clock, Collector, HORIZON_DAYS_MAX, KEEP_HOURS_DEFAULT, RECEIVE_BUFFER_OCTETS, Settings,
    Why,
};

/// Receives `NetFlow` v5, v9, IPFIX and sFlow v5 over UDP until it is asked to end (SIGTERM). SIGHUP brings what
/// came so far into files at once.
#[derive(Debug, Args)]
pub(in crate::cli) struct Collect {
    /// Address and port to listen on; may be given several times.
    #[arg(long, value_name = "ADDRESS", default_value = "127.0.0.1:2055")]
    listen: Vec<SocketAddr>,
    /// Prefixes of your subscribers, all of them: their side of every flow is sealed. Without them
    /// nothing is collected.
    #[arg(long, value_name = "PREFIX,...")]
    subscribers: Vec<String>,
    /// File with prefixes of your subscribers, separated by commas, spaces or lines.
    #[arg(long, value_name = "FILE")]
    subscribers_file: Option<PathBuf>,
    /// Leading bits of an IPv6 address that one household has: its addresses count as one client.
    #[arg(long, value_name = "BITS", default_value_t = HOUSEHOLD_BITS_DEFAULT,
          value_parser = clap::value_parser!(u8).range(i64::from(HOUSEHOLD_BITS_MIN)..=128))]
    household: u8,
    /// Public addresses of your carrier-grade translation, behind each of which there are many lines. Of
    /// these the port is sealed so that two custodians can open it as well: your translator's own log then
    /// tells the line.
    #[arg(long, value_name = "PREFIX,...")]
    nat: Vec<String>,
    /// Look at flows that do not tell it as from an exporter that looks at one packet in N. What an
    /// exporter tells by its options, header or record goes before it.
    #[arg(long, value_name = "N", default_value_t = 1,
          value_parser = clap::value_parser!(u32).range(1..))]
    sampling: u32,
    /// Prefixes of the exporters whose datagrams are taken. May be left out only where all listening
    /// addresses are of this machine alone.
    #[arg(long, value_name = "PREFIX,...")]
    exporters: Vec<String>,
    /// Directory for the talks. Keep it out of backups: what is to be forgotten would live on there.
    #[arg(long, value_name = "DIRECTORY")]
    into: PathBuf,
    /// File of the key under which the key of the horizon is kept; drawn when it is not there. It must
    /// lie outside of the directory.
    #[arg(long, value_name = "FILE")]
    key_file: PathBuf,
    /// Days for which a subscriber keeps its token; then the key is destroyed and another drawn.
    #[arg(long, value_name = "DAYS", default_value_t = HORIZON_DAYS_MAX)]
    horizon: u16,
    /// Public key of a custodian (noroshi custodian keygen), two at least: two of them together open
    /// tokens with noroshi flow open. Without custodians nobody can ask whose token it is.
    #[arg(long = "custodian", value_name = "KEY")]
    custodians: Vec<String>,
    /// Hours that talks are kept.
    #[arg(long, value_name = "HOURS", default_value_t = KEEP_HOURS_DEFAULT)]
    keep_hours: u32,
    /// Days that profiles of servers are kept; by default as many as a horizon lasts.
    #[arg(long, value_name = "DAYS")]
    profiles_days: Option<u16>,
    /// Clients below which no number of them stands in a finding.
    #[arg(long, value_name = "NUMBER", default_value_t = CLIENTS_MIN_DEFAULT)]
    clients_min: u32,
    #[command(flatten)]
    lists: Lists,
    /// Threads that receive and decode, on each address, and as many that write; by default as many
    /// as there are cores.
    #[arg(long, value_name = "NUMBER")]
    workers: Option<usize>,
}

impl Collect {
    pub(super) fn run(self) -> anyhow::Result<ExitCode> {
        let settings = self.settings()?;
        tracing_subscriber::fmt().json().init();
        let begun = Instant::now();
        let clock = Clock {
            wall: Arc::new(ambient::now),
            steady: Arc::new(move || begun.elapsed()),
        };
        let collector = collector::start(&settings, clock, ambient::random()?)?;
        let waited = tokio::runtime::Builder::new_current_thread()
            .enable_all()
            .build()?
            .block_on(until_end(&collector));
        collector.end()?;
        waited?;
        Ok(ExitCode::SUCCESS)
    }

    fn settings(self) -> anyhow::Result<Settings> {
        let subscribers = subscribers(&self.subscribers, self.subscribers_file.as_deref())?;
        let exporters = (!self.exporters.is_empty())
            .then(|| Prefixes::parse(self.exporters.iter().map(String::as_str)))
            .transpose()
            .context("in --exporters")?;
        let open = self
            .listen
            .iter()
            .find(|address| !address.ip().is_loopback());
        if let (Some(address), None) = (open, &exporters) {
            anyhow::bail!(
                "anybody could send flows to {address}; name your exporters with --exporters"
            );
        }
        anyhow::ensure!(
            self.keep_hours > 0,
            "talks are kept for an hour at least; set --keep-hours to 1 or more"
        );
        let cores = || std::thread::available_parallelism().map_or(1, usize::from);
        let custodians = self.custodians.iter().map(|text| PublicKey::parse(text));
        let custodians = custodians
            .collect::<Result<_, _>>()
            .context("in --custodian")?;
        // Whoever misspelled a list should learn it now, and not in an hour.
        self.lists.read()?;
        let lists = self.lists;
        let shared = Prefixes::parse(self.nat.iter().map(String::as_str)).context("in --nat")?;
        Ok(Settings {
            listen: self.listen,
            subscribers,
            household_bits: self.household,
            sampling: self.sampling,
            shared,
            exporters,
            directory: self.into,
            key_file: self.key_file,
            horizon_days: self.horizon,
            custodians,
            keep_hours: self.keep_hours,
            profiles_days: self.profiles_days.unwrap_or(self.horizon),
            clients_min: self.clients_min,
            lists: Arc::new(move || lists.read()),
            workers: self.workers.unwrap_or_else(cores),
        })
    }
}

fn subscribers(given: &[String], file: Option<&Path>) -> anyhow::Result<Prefixes> {
    let prefixes = prefixes(given, file)?;
    anyhow::ensure!(
        !prefixes.is_empty(),
        "nothing is collected without the prefixes of your subscribers: nobody would know whose side \
         of a flow to seal, and their addresses would be kept; name all of them with --subscribers \
         198.51.100.0/24,2001:db8::/32 or in a file with --subscribers-file"
    );
    Ok(prefixes)
}

/// Prefixes of subscribers, as given and in a file.
pub(super) fn prefixes(given: &[String], file: Option<&Path>) -> anyhow::Result<Prefixes> {
    let text = file
        .map(|file| {
            fs::read_to_string(file).with_context(|| format!("cannot read `{}`", file.display()))
        })
        .transpose()?;
    let texts = given.iter().map(String::as_str).chain(text.as_deref());
    Prefixes::parse(texts).context("in the prefixes of subscribers")
}

/// Says where it listens, what is missing before, and what is too small.
fn greet(collector: &Collector) {
    for address in collector.addresses() {
        println!("noroshi collects flows on {address}");
    }
    if let Some(gap) = collector.gap() {
        let why = match gap.why {
            Why::Killed => "the collector was killed",
            Why::Stopped => "the collector was stopped",
            Why::Unwritten => "files could not be written",
            Why::Shed => "more came than could be taken",
        };
        println!(
            "noroshi kept nothing from {} to {}: {why}",
            gap.from, gap.until
        );
        tracing::warn!(
            gap.from = %gap.from,
            gap.until = %gap.until,
            gap.why = ?gap.why,
            "nothing was kept for a time"
        );
    }
    if collector.buffer_octets() < RECEIVE_BUFFER_OCTETS {
        tracing::warn!(
            buffer.octets = collector.buffer_octets(),
            buffer.wanted = RECEIVE_BUFFER_OCTETS,
            "the kernel holds less than it should; raise net.core.rmem_max"
        );
    }
}

/// Waits until the program is asked to end, or a thread of the collector ended.
async fn until_end(collector: &Collector) -> anyhow::Result<()> {
    let mut terminate = signal(SignalKind::terminate())?;
    let mut interrupt = signal(SignalKind::interrupt())?;
    let mut hang_up = signal(SignalKind::hangup())?;
    let mut look = tokio::time::interval(LOOK);
    // Only now: whoever reads where it listens may send a signal.
    greet(collector);
    loop {
        tokio::select! {
            _ = terminate.recv() => return Ok(()),
            _ = interrupt.recv() => return Ok(()),
            _ = hang_up.recv() => collector.flush()?,
            _ = look.tick() => if collector.is_broken() {
                return Ok(());
            },
        }
    }
}

/// How often the threads are looked at.
const LOOK: Duration = Duration::from_secs(1);
