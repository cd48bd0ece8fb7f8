//! `noroshi flow evaluate`: how good detection is on files whose C&C servers are known.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::io::{self, Write};
use std::net::IpAddr;
use std::path::PathBuf;
use std::process::ExitCode;

use anyhow::Context as _;
use clap::Args;
use flow::draw::draws;
use flow::evaluate::{BUDGETS, Calibration, Interval, Judged, Measured, Rita, ablation, measure};
use flow::finding::{EvidenceCode, Server};
use flow::knowledge::Knowledge;
use flow::service;
use view::words::{Argument, Words};

use super::knowledge::Lists;
use super::reading::Reading;
use super::{Spoken, print, words};

/// C&C servers below which no verdict is claimed.
const CLAIM_MIN: usize = 100;

/// Missed servers of which the place is told; the others are counted with them.
const MISSED_TOLD_MAX: usize = 20;

/// Family of servers that are left out.
const LEFT_OUT: &str = "-";

/// What a server is ranked by, in the order of the table.
const WAYS: [&str; 5] = ["evidence", "evidence-alone", "counting", "rita", "lists"];

/// Measures detection on files whose C&C servers are named: recall at fixed budgets of false alarms with
/// intervals, average precision, calibration, and the same without each kind of evidence; beside it
/// plain counting of flows, the published rule of RITA, and known lists alone.
#[derive(Debug, Args)]
pub(in crate::cli) struct Evaluate {
    /// Files of flow records; each is a network of its own.
    #[arg(required = true, value_name = "INPUT")]
    inputs: Vec<PathBuf>,
    /// The C&C servers, one a line: address, port, protocol, family, with commas between. All others
    /// count as harmless; servers of the family `-` are left out.
    #[arg(long, value_name = "FILE")]
    labels: PathBuf,
    /// Servers with fewer flows are left out.
    #[arg(long, default_value_t = 4, value_name = "COUNT")]
    flows_min: u64,
    /// Look at one packet of so many only, by chance, as a router that samples would.
    #[arg(long, default_value_t = 1, value_name = "N")]
    sampling: u32,
    /// What chance is drawn from.
    #[arg(long, default_value_t = 1, value_name = "NUMBER")]
    seed: u64,
    /// Prefixes of the subscribers, with commas between.
    #[arg(long, value_name = "CIDR,…")]
    subscribers: Vec<String>,
    #[command(flatten)]
    lists: Lists,
    /// Language of what is said; by default that of the terminal.
    #[arg(long, value_enum)]
    language: Option<Spoken>,
}

/// Address, port and protocol of a server.
type Place = (IpAddr, u16, u8);

/// The families of C&C servers.
type Labels = BTreeMap<Place, String>;

/// What came of all inputs.
#[derive(Default)]
struct Outcome {
    servers: Vec<Judged>,
    /// Labeled servers that are judged.
    judged: BTreeSet<Place>,
    /// Labeled servers that had fewer flows in an input than are asked for.
    few: BTreeSet<Place>,
}

/// Labeled C&C servers that are not judged.
#[derive(Default)]
struct Missed {
    /// No server that was looked at has such a place.
    unmatched: Vec<Place>,
    /// They have fewer flows than are asked for.
    few: Vec<Place>,
}

impl Evaluate {
    pub(super) fn run(self) -> anyhow::Result<ExitCode> {
        let words = words(self.language);
        let labels = self.labels()?;
        let knowledge = self.lists.read()?;
        let mut outcome = Outcome::default();
        for path in &self.inputs {
            let mut reading = Reading::new(&self.subscribers, 1, words)?;
            reading.beside = Some(Rita::default());
            reading.thin(self.sampling.max(1), draws(self.seed));
            // Numbers of a file that is damaged would be those of another one.
            reading.input(path)?;
            reading.end();
            self.judge(&reading, &labels, &knowledge, &mut outcome);
        }
        let missed = outcome.miss(&labels);
        let mut out = io::BufWriter::new(io::stdout().lock());
        table(&mut out, words, &outcome.servers, &missed, draws(self.seed))?;
        out.flush()?;
        Ok(ExitCode::SUCCESS)
    }

    fn labels(&self) -> anyhow::Result<Labels> {
        let named = || format!("`{}`", self.labels.display());
        let text = fs::read_to_string(&self.labels).with_context(named)?;
        let mut labels = Labels::new();
        for (place, line) in text.lines().enumerate() {
            if line.trim().is_empty() || line.starts_with('#') || line.starts_with("server,") {
                continue;
            }
            let label = label(line).with_context(|| {
                format!(
                    "`{}`, line {}: write address, port, protocol (tcp or udp) and family, with \
                     commas between",
                    self.labels.display(),
                    place + 1
                )
            })?;
            labels.insert(label.0, label.1);
        }
        Ok(labels)
    }

    /// Adds the servers of an input.
    fn judge(
        &self,
        reading: &Reading,
        labels: &Labels,
        knowledge: &Knowledge,
        outcome: &mut Outcome,
    ) {
        let rita = reading
            .beside
            .as_ref()
            .map(Rita::scores)
            .unwrap_or_default();
        for finding in reading.engine.findings(knowledge) {
            let place = place(&finding.server);
            let family = labels.get(&place).cloned();
            if family.as_deref() == Some(LEFT_OUT) {
                continue;
            }
            if finding.flows < self.flows_min {
                if family.is_some() {
                    outcome.few.insert(place);
                }
                continue;
            }
            if family.is_some() {
                outcome.judged.insert(place);
            }
            let known = finding.score - finding.score_without(EvidenceCode::Known);
            #[expect(clippy::cast_precision_loss, reason = "flows, as a rank")]
            let flows = finding.flows as f64;
            outcome.servers.push(Judged {
                family,
                scores: vec![
                    finding.score,
                    finding.score - known,
                    flows,
                    rita.get(&finding.server).copied().unwrap_or(0.0),
                    known,
                ],
                weights: finding
                    .evidence
                    .iter()
                    .map(|e| (e.code, e.weight))
                    .collect(),
            });
        }
    }
}

impl Outcome {
    /// Adds every labeled server that is not judged as a missed one: recall is over all labels.
    fn miss(&mut self, labels: &Labels) -> Missed {
        let mut missed = Missed::default();
        for (place, family) in labels {
            if family == LEFT_OUT || self.judged.contains(place) {
                continue;
            }
            self.servers
                .push(Judged::missed(family.clone(), WAYS.len()));
            let why = if self.few.contains(place) {
                &mut missed.few
            } else {
                &mut missed.unmatched
            };
            why.push(*place);
        }
        missed
    }
}

fn place(server: &Server) -> Place {
    (server.address.ip(), server.port, server.protocol)
}

fn label(line: &str) -> Option<(Place, String)> {
    let mut fields = line.split(',').map(str::trim);
    let address: IpAddr = fields.next()?.parse().ok()?;
    let port = fields.next()?.parse().ok()?;
    let protocol = match fields.next()? {
        "tcp" => service::TCP,
        "udp" => service::UDP,
        _ => return None,
    };
    let family = fields.next().filter(|family| !family.is_empty())?;
    Some(((address.to_canonical(), port, protocol), family.to_owned()))
}

fn table(
    out: &mut impl Write,
    words: Words,
    servers: &[Judged],
    missed: &Missed,
    draw: impl FnMut() -> u64,
) -> io::Result<()> {
    let commanding = servers
        .iter()
        .filter(|server| server.family.is_some())
        .count();
    let families: BTreeSet<_> = servers
        .iter()
        .filter_map(|server| server.family.as_deref())
        .collect();
    let count = |number: usize| Argument::from(number.to_string());
    let told = [
        ("commanding", count(commanding)),
        ("families", count(families.len())),
        ("harmless", count(servers.len() - commanding)),
    ];
    writeln!(out, "{}", words.tn("flow-cli-evaluated", &told))?;
    tell(out, words, "flow-cli-unmatched", &missed.unmatched)?;
    tell(out, words, "flow-cli-few", &missed.few)?;
    if commanding < CLAIM_MIN {
        writeln!(out, "{}", words.t("flow-cli-no-claim"))?;
    }
    let header: Vec<String> = BUDGETS
        .iter()
        .map(|b| format!("R@{}%", b * 100.0))
        .collect();
    writeln!(
        out,
        "{:<16} {:>6} {:>18}  {}",
        "",
        "AUC",
        "AP",
        columns(&header)
    )?;
    for (way, measured) in WAYS.iter().zip(measure(servers, draw)) {
        row(out, way, &measured)?;
    }
    writeln!(out, "\n{}", words.t("flow-cli-ablation"))?;
    for (code, area, recall) in ablation(servers) {
        let recall: Vec<String> = recall.iter().map(|recall| format!("{recall:.2}")).collect();
        writeln!(
            out,
            "{:<16} {area:>6.3} {:>18}  {}",
            code.word(),
            "",
            columns(&recall)
        )?;
    }
    calibration(out, words, servers)
}

/// Tells how many servers were missed for one cause, and which.
fn tell(out: &mut impl Write, words: Words, cause: &str, missed: &[Place]) -> io::Result<()> {
    if missed.is_empty() {
        return Ok(());
    }
    let named = missed.iter().take(MISSED_TOLD_MAX);
    let mut servers: Vec<String> = named
        .map(|(address, port, protocol)| format!("{address} {}/{port}", print::protocol(*protocol)))
        .collect();
    if missed.len() > MISSED_TOLD_MAX {
        servers.push("…".to_owned());
    }
    let told = [
        ("count", Argument::from(missed.len().to_string())),
        ("servers", Argument::from(servers.join(", "))),
    ];
    writeln!(out, "{}", words.tn(cause, &told))
}

fn calibration(out: &mut impl Write, words: Words, servers: &[Judged]) -> io::Result<()> {
    let verdicts: Vec<(f64, bool)> = servers
        .iter()
        .map(|server| {
            let score = server.scores.first().copied().unwrap_or(0.0);
            (score, server.family.is_some())
        })
        .filter(|(score, _)| score.is_finite())
        .collect();
    match Calibration::fit(&verdicts) {
        Some(fitted) => {
            let told = [
                (
                    "brier",
                    Argument::from(format!("{:.4}", fitted.brier(&verdicts))),
                ),
                ("offset", Argument::from(format!("{:.2}", fitted.offset))),
                ("slope", Argument::from(format!("{:.3}", fitted.slope))),
            ];
            writeln!(out, "\n{}", words.tn("flow-cli-calibrated", &told))
        }
        None => writeln!(out, "\n{}", words.t("flow-cli-not-calibrated")),
    }
}

fn row(out: &mut impl Write, way: &str, measured: &Measured) -> io::Result<()> {
    let recall: Vec<String> = measured.recall.iter().map(told).collect();
    let precision = told(&measured.precision);
    writeln!(
        out,
        "{way:<16} {:>6.3} {precision:>18}  {}",
        measured.area,
        columns(&recall)
    )
}

fn told(interval: &Interval) -> String {
    format!(
        "{:.2} ({:.2}-{:.2})",
        interval.point, interval.low, interval.high
    )
}

fn columns(cells: &[String]) -> String {
    let cells: Vec<String> = cells.iter().map(|cell| format!("{cell:>18}")).collect();
    cells.join(" ")
}
