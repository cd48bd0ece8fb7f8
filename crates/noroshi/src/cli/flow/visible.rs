//! `noroshi flow visible`: what can be seen at a sampling, before anybody buys or builds anything.

use std::io::{self, Write};
use std::process::ExitCode;

use clap::Args;
use flow::visible::{HABITS, seen_in_a_day};
use view::words::{Argument, Words};

use super::{Spoken, words};

/// Bots of one C&C server, in the columns.
const BOTS: [u32; 4] = [1, 10, 100, 1_000];

/// Above this no clock of one client is left (see docs/flow.md).
const CLOCK_SAMPLING_MAX: u32 = 100;

/// Records a day with which a server can be judged, by experience with the generator.
const RECORDS_MIN: f64 = 20.0;

/// Shows what can be seen when routers look at one packet of so many: records a day of bots by how
/// they call home, and which evidence is left.
#[derive(Debug, Args)]
pub(in crate::cli) struct Visible {
    /// One packet of how many is looked at.
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u32).range(1..=1_000_000))]
    sampling: u32,
    /// Language of what is said; by default that of the terminal.
    #[arg(long, value_enum)]
    language: Option<Spoken>,
}

impl Visible {
    pub(super) fn run(&self) -> anyhow::Result<ExitCode> {
        let mut out = io::stdout().lock();
        print(&mut out, words(self.language), self.sampling)?;
        Ok(ExitCode::SUCCESS)
    }
}

fn print(out: &mut impl Write, words: Words, sampling: u32) -> io::Result<()> {
    let told = |key: &str, value: String| words.tn(key, &[("value", Argument::from(value))]);
    writeln!(out, "{}", told("flow-cli-visible", sampling.to_string()))?;
    let bots: Vec<String> = BOTS
        .iter()
        .map(|bots| format!("{:>10}", told("flow-cli-visible-bots", bots.to_string())))
        .collect();
    writeln!(
        out,
        "{:>10} {:>8} {}",
        words.t("flow-cli-visible-period"),
        words.t("flow-cli-visible-packets"),
        bots.join(" ")
    )?;
    for habit in HABITS {
        let seen: Vec<String> = BOTS
            .iter()
            .map(|bots| {
                let seen = seen_in_a_day(habit, sampling, *bots);
                let mark = if seen >= RECORDS_MIN { "*" } else { " " };
                format!("{seen:>9.1}{mark}")
            })
            .collect();
        writeln!(
            out,
            "{:>8.0} s {:>8} {}",
            habit.period_seconds,
            habit.packets,
            seen.join(" ")
        )?;
    }
    writeln!(
        out,
        "{}",
        told("flow-cli-visible-mark", RECORDS_MIN.to_string())
    )?;
    let clock = match sampling {
        1 => "flow-cli-visible-all",
        2..=CLOCK_SAMPLING_MAX => "flow-cli-visible-clock",
        _ => "flow-cli-visible-no-clock",
    };
    writeln!(out, "{}", words.t(clock))
}
