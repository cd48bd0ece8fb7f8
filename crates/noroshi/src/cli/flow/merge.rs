//! `noroshi flow merge`: profiles of many collectors in, one list of servers out.

use std::io::{self, Write as _};
use std::path::PathBuf;
use std::process::ExitCode;
use std::sync::Arc;

use anyhow::Context as _;
use clap::Args;
use flow::archive::SHARDS;
use flow::archive::profiles::EVERYTHING;
use flow::engine::Surroundings;
use flow::finding::{Finding, Server, Tier};
use flow::knowledge::Knowledge;
use flow::profile::{KeptProfile, Past};
use view::words::Words;

use super::kept::{Kept, Merged, files};
use super::knowledge::Lists;
use super::{Spoken, print};
use crate::ambient;
use crate::collector::HORIZON_DAYS_MAX;

/// Hours that are merged when nobody sets another number: a day.
const HOURS_DEFAULT: u32 = 24;

/// Merges the profiles of servers that collectors kept, and lists the servers that look like C&C servers,
/// the worst first. JSON lines are those that a hub takes: numbers of clients in steps, and none below five.
#[derive(Debug, Args)]
pub(in crate::cli) struct Merge {
    /// Directories of collectors, or copies of their folders `profiles` in one.
    #[arg(required = true, value_name = "DIRECTORY")]
    directories: Vec<PathBuf>,
    /// How many hours, back from the latest that each collector kept; JSON and STIX are of a day at most.
    #[arg(long, value_name = "HOURS", default_value_t = HOURS_DEFAULT)]
    hours: u32,
    /// How the list is written.
    #[arg(long, value_enum, default_value_t = print::Format::Table)]
    format: print::Format,
    /// List every server, not only those from the tier `watch` on (in STIX, of the tier `share`).
    #[arg(long)]
    all: bool,
    #[command(flatten)]
    lists: Lists,
    /// Language of the sentences; by default that of the terminal.
    #[arg(long, value_enum)]
    language: Option<Spoken>,
}

impl Merge {
    pub(super) fn run(self) -> anyhow::Result<ExitCode> {
        let words = super::words(self.language);
        let mut knowledge = self.lists.read()?;
        anyhow::ensure!(
            self.hours <= HOURS_DEFAULT || self.format == print::Format::Table,
            "over more than {HOURS_DEFAULT} hours one line with a changing address is many clients; what \
             leaves is of a day at most, so set --hours to {HOURS_DEFAULT} or less"
        );
        let (mut kept, mut all) = (Vec::new(), Vec::new());
        let mut latest = Vec::new();
        for directory in &self.directories {
            let here = files(directory)?;
            let Some(last) = here.iter().map(|file| file.hour).max() else {
                continue;
            };
            latest.push(last);
            // Each from its own latest hour: one whose clock is wrong takes nothing from the others.
            for file in here {
                let is_in = file.hour + i64::from(self.hours) > last;
                if is_in { &mut kept } else { &mut all }.push(file);
            }
        }
        latest.sort_unstable();
        let middle = latest.get(latest.len().saturating_sub(1) / 2);
        let now = *middle.context(
            "there are no profiles; name the directory of a collector, which keeps them in \
             `profiles`",
        )?;
        let until = now + i64::from(HOURS_DEFAULT);
        let known = kept.iter().chain(&all).filter(|file| file.hour <= until);
        knowledge.remember(Arc::new(remembered(known)?));
        let mut findings = self.judged(&kept, &knowledge)?;
        findings.sort_by(|one, other| {
            let score = other.score.total_cmp(&one.score);
            score.then_with(|| one.server.cmp(&other.server))
        });
        self.print(words, &findings)?;
        Ok(ExitCode::SUCCESS)
    }

    /// The servers of the tiers that are listed, a shard after the other: one takes the room of all.
    fn judged(&self, kept: &[Kept], knowledge: &Knowledge) -> anyhow::Result<Vec<Finding>> {
        let least = match self.format {
            _ if self.all => Tier::Low,
            print::Format::Stix => Tier::Share,
            print::Format::Table | print::Format::Json => Tier::Watch,
        };
        let mut all = KeptProfile::none();
        for file in kept {
            let is_all = |server: &Server| *server == EVERYTHING;
            file.rows(&[EVERYTHING.address], is_all, |row| all.merge(&row.profile))?;
        }
        let beside = Surroundings::new(&all, knowledge);
        let mut findings = Vec::new();
        for shard in 0..SHARDS {
            let mut merged = Merged::default();
            for file in kept.iter().filter(|file| file.shard == shard) {
                let is_one = |server: &Server| *server != EVERYTHING;
                file.rows(&[], is_one, |row| merged.join(row.server, row.profile))?;
            }
            findings.extend(
                merged
                    .servers()
                    .map(|(server, profile)| profile.judge(&server, &beside))
                    .filter(|finding| finding.tier >= least),
            );
        }
        Ok(findings)
    }

    fn print(&self, words: Words, findings: &[Finding]) -> anyhow::Result<()> {
        let mut out = io::BufWriter::new(io::stdout().lock());
        match self.format {
            print::Format::Table if findings.is_empty() => {
                writeln!(out, "{}", words.t("flow-cli-none"))?;
            }
            print::Format::Table => {
                print::table(&mut out, words, findings)?;
            }
            print::Format::Json => print::lines(&mut out, words, findings)?,
            print::Format::Stix => {
                let mut random = ambient::random()?;
                let draw = || u128::from_be_bytes(random.bytes());
                let now = jiff::Timestamp::from_microsecond(ambient::now().micros())?;
                print::stix(&mut out, words, findings, now, draw)?;
            }
        }
        out.flush()?;
        Ok(())
    }
}

/// Since when servers are known, by all files.
fn remembered<'k>(kept: impl Iterator<Item = &'k Kept>) -> anyhow::Result<Past> {
    let seed = u64::from_be_bytes(ambient::random()?.bytes());
    let mut past = Past::new(seed, u32::from(HORIZON_DAYS_MAX));
    for file in kept {
        file.seen(|seen| past.note(seen))?;
    }
    Ok(past)
}
