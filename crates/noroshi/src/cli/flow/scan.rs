//! `noroshi flow scan`: files in, a list of servers out. Nothing is stored.

use std::io::{self, IsTerminal as _, Write as _};
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::time::{Duration, Instant};

use clap::{Args, ValueEnum};
use flow::column::Columns;
use flow::engine::{Engine, Settings};
use flow::finding::{Finding, Tier};
use flow::intake::{Intake, Totals};
use flow::order::InOrder;
use flow::prefix::Prefixes;
use flow::sealed::{Sealed, Sealer};
use seal::subscriber::HorizonKey;
use view::words::{Argument, Words, grouped};

use super::input::Input;
use super::knowledge::Lists;
use super::{Spoken, print};
use crate::ambient;

/// Talks that are held back to put them in order: some 120 MB.
const HELD_MAX: usize = 1 << 20;

/// How often progress is told.
const PROGRESS_EVERY: Duration = Duration::from_millis(500);

/// Looks at files of flow records: logs of Zeek, Argus and Suricata, captures of export datagrams;
/// packed with gzip or zstd or not.
#[derive(Debug, Args)]
pub(in crate::cli) struct Scan {
    /// Files; `-` is standard input. What each is, is found out.
    #[arg(required = true, value_name = "INPUT")]
    inputs: Vec<PathBuf>,
    /// Prefixes of the subscribers, with commas between. Without them private addresses are taken for
    /// inside, and among public ones whoever opened a talk.
    #[arg(long, value_name = "CIDR,…")]
    subscribers: Vec<String>,
    /// How the list is written.
    #[arg(long, value_enum, default_value_t = Format::Table)]
    format: Format,
    /// List every server, not only those from the tier `watch` on.
    #[arg(long)]
    all: bool,
    #[command(flatten)]
    lists: Lists,
    /// Language of the sentences; by default that of the terminal.
    #[arg(long, value_enum)]
    language: Option<Spoken>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Format {
    /// For people.
    Table,
    /// One JSON object a line.
    Json,
    /// A bundle of STIX 2.1, with what may leave and nothing else.
    Stix,
}

impl Scan {
    pub(super) fn run(self) -> anyhow::Result<ExitCode> {
        let words = super::words(self.language);
        let knowledge = self.lists.read()?;
        let mut scanning = Scanning::new(&self.subscribers, words)?;
        for path in &self.inputs {
            scanning.input(path)?;
        }
        scanning.end();
        scanning.tell();
        if scanning.totals.flows == 0 {
            anyhow::bail!(words.t("flow-cli-nothing").into_owned());
        }
        let mut findings = scanning.engine.findings(&knowledge);
        if !self.all {
            findings.retain(|finding| finding.tier >= Tier::Watch);
        }
        self.print(words, &findings)?;
        Ok(ExitCode::SUCCESS)
    }

    fn print(&self, words: Words, findings: &[Finding]) -> anyhow::Result<()> {
        let mut out = io::BufWriter::new(io::stdout().lock());
        match self.format {
            Format::Table if findings.is_empty() => writeln!(out, "{}", words.t("flow-cli-none"))?,
            Format::Table => print::table(&mut out, words, findings)?,
            Format::Json => print::json(&mut out, words, findings)?,
            Format::Stix => {
                let mut random = ambient::random()?;
                let draw = || u128::from_be_bytes(random.bytes());
                let now = jiff::Timestamp::from_microsecond(ambient::now().micros())?;
                print::stix(&mut out, findings, now, draw)?;
            }
        }
        out.flush()?;
        Ok(())
    }
}

/// Files while they are read.
struct Scanning {
    words: Words,
    intake: Option<Intake>,
    sealer: Sealer,
    order: InOrder,
    engine: Engine,
    columns: Columns,
    sealed: Sealed,
    totals: Totals,
    among: u64,
    assumed: bool,
    told: Instant,
}

impl Scanning {
    fn new(subscribers: &[String], words: Words) -> anyhow::Result<Self> {
        let mut random = ambient::random()?;
        // The key lives as long as this process: tokens of two scans have nothing in common.
        let key = HorizonKey::generate(&mut random);
        let assumed = subscribers.is_empty();
        let sealer = if assumed {
            Sealer::assuming(key)
        } else {
            Sealer::new(
                Prefixes::parse(subscribers.iter().map(String::as_str))?,
                key,
            )?
        };
        Ok(Self {
            words,
            intake: None,
            sealer,
            order: InOrder::new(HELD_MAX),
            engine: Engine::new(Settings {
                seed: u64::from_be_bytes(random.bytes()),
                ..Settings::default()
            }),
            columns: Columns::default(),
            sealed: Sealed::default(),
            totals: Totals::default(),
            among: 0,
            assumed,
            told: Instant::now(),
        })
    }

    fn input(&mut self, path: &Path) -> anyhow::Result<()> {
        use anyhow::Context as _;
        let named = || format!("`{}`", path.display());
        let mut input = Input::open(path)?;
        let mut intake = self
            .intake
            .take()
            .map_or_else(Intake::new, Intake::next_input);
        while let Some(block) = input.read_block().with_context(named)? {
            let read = intake.push(block, &mut self.columns);
            self.look();
            read.with_context(named)?;
            self.progress(&input);
        }
        let read = intake.end(&mut self.columns);
        self.look();
        read.with_context(named)?;
        Self::end_progress();
        self.faults(path, &intake);
        add(&mut self.totals, &intake.totals());
        self.intake = Some(intake);
        Ok(())
    }

    /// Seals and judges what was read; records are gone then.
    fn look(&mut self) {
        self.sealer.seal(&mut self.columns, &mut self.sealed);
        let engine = &mut self.engine;
        self.order
            .push(&mut self.sealed.talks, |talks| engine.take(talks));
        self.among += u64::try_from(self.sealed.among.len()).unwrap_or(u64::MAX);
        self.sealed.among.clear();
    }

    /// Judges what was held back.
    fn end(&mut self) {
        let engine = &mut self.engine;
        self.order.end(|talks| engine.take(talks));
    }

    fn progress(&mut self, input: &Input) {
        if self.told.elapsed() < PROGRESS_EVERY || !io::stderr().is_terminal() {
            return;
        }
        self.told = Instant::now();
        let (servers, _) = self.engine.kept();
        let percent = input.length().filter(|length| *length > 0).map_or_else(
            || "-".to_owned(),
            |length| (input.position() * 100 / length).to_string(),
        );
        let line = self.words.tn(
            "flow-cli-progress",
            &[
                ("percent", Argument::from(percent)),
                ("talks", Argument::from(count(self.engine.tally().talks))),
                (
                    "servers",
                    Argument::from(count(u64::try_from(servers).unwrap_or(0))),
                ),
            ],
        );
        eprint!("\r\u{1b}[K{line}");
    }

    fn end_progress() {
        if io::stderr().is_terminal() {
            eprint!("\r\u{1b}[K");
        }
    }

    /// Tells the first faults of an input.
    fn faults(&self, path: &Path, intake: &Intake) {
        for fault in intake.faults() {
            eprintln!("`{}`: {fault}", path.display());
        }
        let totals = intake.totals();
        if totals.faults > 0 {
            let line = self.words.tn(
                "flow-cli-faults",
                &[
                    ("file", Argument::from(path.display().to_string())),
                    ("faults", Argument::from(count(totals.faults))),
                ],
            );
            eprintln!("{line}");
        }
    }

    /// Tells what was read, what was assumed and what was left out.
    fn tell(&self) {
        let tally = self.engine.tally();
        let (servers, _) = self.engine.kept();
        let say = |key: &str, named: &[(&str, u64)]| {
            let named: Vec<(&str, Argument<'_>)> = named
                .iter()
                .map(|(name, number)| (*name, Argument::from(count(*number))))
                .collect();
            eprintln!("{}", self.words.tn(key, &named));
        };
        say(
            "flow-cli-read",
            &[
                ("flows", self.totals.flows),
                ("servers", u64::try_from(servers).unwrap_or(0)),
            ],
        );
        if self.assumed {
            eprintln!("{}", self.words.t("flow-cli-assumed"));
        }
        for (key, number) in [
            ("flow-cli-lost", self.totals.lost),
            ("flow-cli-unknown-sets", self.totals.unknown_sets),
            ("flow-cli-passing", self.sealed.passing),
            ("flow-cli-among", self.among),
            ("flow-cli-inbound", tally.inbound),
            (
                "flow-cli-no-room",
                tally.no_room_servers + tally.no_room_pairs,
            ),
        ] {
            if number > 0 {
                say(key, &[("count", number)]);
            }
        }
    }
}

fn add(totals: &mut Totals, more: &Totals) {
    totals.octets += more.octets;
    totals.lines += more.lines;
    totals.datagrams += more.datagrams;
    totals.flows += more.flows;
    totals.passed += more.passed;
    totals.faults += more.faults;
    totals.lost += more.lost;
    totals.unknown_sets += more.unknown_sets;
}

fn count(number: u64) -> String {
    grouped(i64::try_from(number).unwrap_or(i64::MAX))
}
