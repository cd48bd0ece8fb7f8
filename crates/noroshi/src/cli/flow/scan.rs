//! `noroshi flow scan`: files in, a list of servers out. Nothing is stored.

use std::io::{self, Write as _};
use std::path::PathBuf;
use std::process::ExitCode;

use clap::Args;
use flow::finding::{Finding, Tier};
use view::words::{Argument, Words};

use super::Spoken;
use super::input::Input;
use super::knowledge::Lists;
use super::print::{self, Format};
use super::reading::Reading;
use crate::ambient;

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
    /// Look at exported flows that do not tell it as from an exporter that looks at one packet in N.
    #[arg(long, value_name = "N", default_value_t = 1,
          value_parser = clap::value_parser!(u32).range(1..))]
    sampling: u32,
    /// How the list is written.
    #[arg(long, value_enum, default_value_t = Format::Table)]
    format: Format,
    /// List every server, not only those from the tier `watch` on (in STIX, of the tier `share`).
    #[arg(long)]
    all: bool,
    #[command(flatten)]
    lists: Lists,
    /// Language of the sentences; by default that of the terminal.
    #[arg(long, value_enum)]
    language: Option<Spoken>,
}

impl Scan {
    pub(super) fn run(self) -> anyhow::Result<ExitCode> {
        let words = super::words(self.language);
        let knowledge = self.lists.read()?;
        for path in &self.inputs {
            Input::check(path)?;
        }
        let mut reading = Reading::new(&self.subscribers, self.sampling, words)?;
        let damaged = self.read(&mut reading, words);
        reading.end();
        reading.tell();
        if reading.is_empty() {
            anyhow::bail!(words.t("flow-cli-nothing").into_owned());
        }
        let mut findings = reading.engine.findings(&knowledge);
        if !self.all {
            // STIX is for others: only what two groups of evidence carry.
            let least = match self.format {
                Format::Stix => Tier::Share,
                Format::Table | Format::Json => Tier::Watch,
            };
            findings.retain(|finding| finding.tier >= least);
        }
        self.print(words, &findings)?;
        if damaged == 0 {
            return Ok(ExitCode::SUCCESS);
        }
        let told = [
            ("damaged", Argument::from(damaged.to_string())),
            ("inputs", Argument::from(self.inputs.len().to_string())),
        ];
        eprintln!("{}", words.tn("flow-cli-incomplete", &told));
        Ok(ExitCode::FAILURE)
    }

    /// Reads each input as far as it goes, and tells those that are damaged; how many are.
    fn read(&self, reading: &mut Reading, words: Words) -> usize {
        let mut damaged = 0;
        for path in &self.inputs {
            if let Err(error) = reading.input(path) {
                damaged += 1;
                let fault = Argument::from(format!("{error:#}"));
                eprintln!("{}", words.tn("flow-cli-damaged", &[("fault", fault)]));
            }
        }
        damaged
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
                print::stix(&mut out, words, findings, now, draw)?;
                if self.subscribers.is_empty() {
                    eprintln!("{}", words.t("flow-cli-stix-guessed"));
                }
            }
        }
        out.flush()?;
        Ok(())
    }
}
