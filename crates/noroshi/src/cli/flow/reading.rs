//! Files of flow records while they are read: sealed, put in order, looked at; nothing is stored.

use std::io::{self, IsTerminal as _};
use std::path::Path;
use std::time::{Duration, Instant};

use anyhow::Context as _;
use flow::column::Columns;
use flow::engine::{Engine, Settings};
use flow::evaluate::{Rita, thin};
use flow::intake::{Intake, Totals};
use flow::order::InOrder;
use flow::prefix::Prefixes;
use flow::sealed::{Sealed, Sealer};
use seal::subscriber::HorizonKey;
use view::words::{Argument, Words, grouped};

use super::input::Input;
use crate::ambient;

/// Talks that are held back to put them in order: some 120 MB.
const HELD_MAX: usize = 1 << 20;

/// How often progress is told.
const PROGRESS_EVERY: Duration = Duration::from_millis(500);

/// Files while they are read.
pub(super) struct Reading {
    words: Words,
    intake: Option<Intake>,
    sealer: Sealer,
    order: InOrder,
    pub(super) engine: Engine,
    /// What else looks at the talks: the rule that ours is compared with.
    pub(super) beside: Option<Rita>,
    /// One packet of how many is looked at, of those in the files; and the numbers drawn for it.
    thinned: Option<(u32, Box<dyn FnMut() -> u64>)>,
    columns: Columns,
    sealed: Sealed,
    totals: Totals,
    among: u64,
    assumed: bool,
    told: Instant,
}

impl Reading {
    /// `sampling` is that of flows that do not tell it.
    pub(super) fn new(subscribers: &[String], sampling: u32, words: Words) -> anyhow::Result<Self> {
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
            .exactly()
        }
        .unless_told(sampling);
        Ok(Self {
            words,
            intake: None,
            sealer,
            order: InOrder::new(HELD_MAX),
            engine: Engine::new(Settings {
                seed: u64::from_be_bytes(random.bytes()),
                ..Settings::default()
            }),
            beside: None,
            thinned: None,
            columns: Columns::default(),
            sealed: Sealed::default(),
            totals: Totals::default(),
            among: 0,
            assumed,
            told: Instant::now(),
        })
    }

    /// Reads an input; of one that is damaged, what stands before the damage is kept.
    ///
    /// # Errors
    /// When it cannot be read to its end: which, where and why.
    pub(super) fn input(&mut self, path: &Path) -> anyhow::Result<()> {
        let mut input = Input::open(path)?;
        let mut intake = self
            .intake
            .take()
            .map_or_else(Intake::new, Intake::next_input);
        let read = self.read(&mut input, &mut intake);
        Self::end_progress();
        self.faults(path, &intake);
        self.totals.add(&intake.totals());
        self.intake = Some(intake);
        let place = [
            ("file", Argument::from(path.display().to_string())),
            ("octets", Argument::from(count(input.position()))),
        ];
        read.with_context(|| self.words.tn("flow-cli-near", &place))
    }

    /// Reads an input to its end or to its damage. The last line of what was cut is not taken: its last
    /// number may be cut as well.
    fn read(&mut self, input: &mut Input, intake: &mut Intake) -> anyhow::Result<()> {
        while let Some(block) = input.read_block()? {
            let read = intake.push(block, &mut self.columns);
            self.look();
            read?;
            self.progress(input);
        }
        let read = intake.end(&mut self.columns);
        self.look();
        Ok(read?)
    }

    /// Looks at one packet of `sampling` only, by chance: as a router that samples would.
    pub(super) fn thin(&mut self, sampling: u32, draw: impl FnMut() -> u64 + 'static) {
        self.thinned = Some((sampling, Box::new(draw)));
    }

    /// Whether not one flow could be read.
    pub(super) fn is_empty(&self) -> bool {
        self.totals.flows == 0
    }

    /// Seals and judges what was read; records are gone then.
    fn look(&mut self) {
        self.sealer.seal(&mut self.columns, &mut self.sealed);
        if let Some((sampling, draw)) = &mut self.thinned {
            thin(&mut self.sealed.talks, *sampling, draw);
        }
        let (engine, beside) = (&mut self.engine, &mut self.beside);
        self.order.push(&mut self.sealed.talks, |talks| {
            engine.take(talks);
            if let Some(beside) = beside {
                beside.take(talks);
            }
        });
        self.among += u64::try_from(self.sealed.among.len()).unwrap_or(u64::MAX);
        self.sealed.among.clear();
    }

    /// Judges what was held back.
    pub(super) fn end(&mut self) {
        let (engine, beside) = (&mut self.engine, &mut self.beside);
        self.order.end(|talks| {
            engine.take(talks);
            if let Some(beside) = beside {
                beside.take(talks);
            }
        });
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
    pub(super) fn tell(&self) {
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
            ("flow-cli-passed", self.totals.passed),
            ("flow-cli-passing", self.sealed.passing),
            ("flow-cli-among", self.among),
            ("flow-cli-inbound", tally.inbound),
            ("flow-cli-untimely", tally.untimely),
            ("flow-cli-unasked", tally.unasked),
            ("flow-cli-searches", tally.searches),
            (
                "flow-cli-no-room",
                tally.no_room_servers + tally.no_room_pairs + tally.no_room_sprays,
            ),
        ] {
            if number > 0 {
                say(key, &[("count", number)]);
            }
        }
    }
}

fn count(number: u64) -> String {
    grouped(i64::try_from(number).unwrap_or(i64::MAX))
}
