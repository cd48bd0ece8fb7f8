//! Findings on the terminal: a table for people, JSON lines and STIX for programs.

use std::io::{self, Write};

use clap::ValueEnum;
use flow::finding::{CLIENTS_MIN_DEFAULT, Finding, leaving, stix};
use flow::service;
use jiff::Timestamp;
use serde_json::json;
use view::evidence;
use view::words::{Argument, Words};

/// How a list is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(super) enum Format {
    /// For people.
    Table,
    /// One JSON object a line.
    Json,
    /// A bundle of STIX 2.1, with what may leave and nothing else.
    Stix,
}

/// One JSON object a line, in the order of `findings`.
pub(super) fn json(out: &mut impl Write, words: Words, findings: &[Finding]) -> io::Result<()> {
    for finding in findings {
        let reasons: Vec<_> = finding
            .evidence
            .iter()
            .map(|reason| {
                json!({
                    "code": reason.code.word(),
                    "value": rounded(reason.value, 1_000.0),
                    "weight": rounded(reason.weight, 10.0),
                    "text": evidence::sentence(words, reason.code.word(), reason.value),
                    "score_without": rounded(finding.score_without(reason.code), 10.0),
                })
            })
            .collect();
        let line = json!({
            "server": finding.server.address.ip(),
            "port": finding.server.port,
            "proto": protocol(finding.server.protocol),
            "score": rounded(finding.score, 10.0),
            "tier": finding.tier.word(),
            "flows": finding.flows,
            "clients": finding.clients,
            "first": moment(finding.first_ms),
            "last": moment(finding.last_ms),
            "evidence": reasons,
        });
        writeln!(out, "{line}")?;
    }
    Ok(())
}

/// A table: a line for each finding, and its reasons beneath.
pub(super) fn table(out: &mut impl Write, words: Words, findings: &[Finding]) -> io::Result<()> {
    writeln!(
        out,
        "{:>6}  {:<45}  {:>8}  {:>8}  {}",
        words.t("flow-cli-score"),
        words.t("flow-cli-server"),
        words.t("flow-cli-flows"),
        words.t("flow-cli-clients"),
        words.t("flow-cli-tier"),
    )?;
    for finding in findings {
        let server = format!(
            "{} {}/{}",
            finding.server.address.ip(),
            protocol(finding.server.protocol),
            finding.server.port
        );
        writeln!(
            out,
            "{:>6.1}  {server:<45}  {:>8}  {:>8}  {}",
            finding.score,
            finding.flows,
            finding.clients,
            evidence::tier(words, finding.tier.word()),
        )?;
        let seen = words.tn(
            "flow-cli-seen",
            &[
                ("first", Argument::from(moment(finding.first_ms))),
                ("last", Argument::from(moment(finding.last_ms))),
            ],
        );
        writeln!(out, "        {seen}")?;
        for reason in &finding.evidence {
            let sentence = evidence::sentence(words, reason.code.word(), reason.value);
            writeln!(out, "        {:>+6.1}  {sentence}", reason.weight)?;
        }
    }
    Ok(())
}

/// What may leave, one JSON object a line: the lines that a hub takes.
pub(super) fn lines(out: &mut impl Write, words: Words, findings: &[Finding]) -> io::Result<()> {
    let (shared, stay) = leaving(findings, CLIENTS_MIN_DEFAULT);
    for finding in &shared {
        serde_json::to_writer(&mut *out, finding)?;
        writeln!(out)?;
    }
    tell_stay(words, stay);
    Ok(())
}

/// A bundle of STIX 2.1 of what may leave.
pub(super) fn stix(
    out: &mut impl Write,
    words: Words,
    findings: &[Finding],
    now: Timestamp,
    draw: impl FnMut() -> u128,
) -> anyhow::Result<()> {
    let (shared, stay) = leaving(findings, CLIENTS_MIN_DEFAULT);
    serde_json::to_writer_pretty(&mut *out, &stix::bundle(&shared, now, draw))?;
    writeln!(out)?;
    tell_stay(words, stay);
    Ok(())
}

/// Tells how many findings were not written, since their servers are none outside.
fn tell_stay(words: Words, stay: usize) {
    if stay > 0 {
        let count = Argument::from(stay.to_string());
        eprintln!("{}", words.tn("flow-cli-stay", &[("count", count)]));
    }
}

/// The name of a protocol that servers are found on.
pub(super) fn protocol(number: u8) -> &'static str {
    if number == service::UDP { "udp" } else { "tcp" }
}

fn moment(ms: i64) -> String {
    Timestamp::from_millisecond(ms)
        .map(|moment| format!("{moment:.0}"))
        .unwrap_or_default()
}

fn rounded(value: f64, parts: f64) -> f64 {
    (value * parts).round() / parts
}
