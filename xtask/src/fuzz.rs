//! Guided fuzzing of what the room of flows reads: one target for each format, two at a time.
//!
//! libFuzzer runs with the compiler that everything else is built with: the counters that guide it
//! are a pass of LLVM, which is not tied to a nightly compiler. They are compiled into a target
//! directory of their own.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Child, Command};

use anyhow::{Context, Result, bail};

use crate::suite::{cargo, target};
use crate::tally::Tally;

/// Each is a program below `fuzz/src/bin`.
const TARGETS: &[&str] = &[
    "v5",
    "v9",
    "ipfix",
    "sflow",
    "zeek",
    "binetflow",
    "eve",
    "intake",
];

/// Seconds for each target; `NOROSHI_FUZZ_TARGET_SECONDS` gives another number.
const SECONDS: u32 = 60;

/// Counters at each edge and comparison, as libFuzzer reads them.
const COUNTERS: &str = "--cfg fuzzing -Cpasses=sancov-module -Cllvm-args=-sanitizer-coverage-level=4 \
     -Cllvm-args=-sanitizer-coverage-inline-8bit-counters -Cllvm-args=-sanitizer-coverage-pc-table \
     -Cllvm-args=-sanitizer-coverage-trace-compares";

/// Octets of an input, seconds of one run, and mebibytes of memory that each may take.
const LIMITS: [&str; 3] = ["-max_len=9216", "-timeout=10", "-rss_limit_mb=1024"];

/// Whether this machine can link a fuzzer: it is written in C++.
pub(crate) fn can_run() -> bool {
    Command::new("c++")
        .arg("--version")
        .output()
        .is_ok_and(|ran| ran.status.success())
}

/// Builds all targets and runs each. One that finds something is a failure, and its input is named.
pub(crate) fn run(root: &Path) -> Result<Tally> {
    let host = host()?;
    let directory = target(root)?.join("fuzz");
    let built = cargo(&root.join("fuzz"))
        .args(["build", "--release", "--target", &host])
        .env("RUSTFLAGS", COUNTERS)
        .env("CARGO_TARGET_DIR", &directory)
        .status()?;
    if !built.success() {
        bail!("the targets do not build; mend them first");
    }
    let programs = directory.join(host).join("release");
    let seconds = std::env::var("NOROSHI_FUZZ_TARGET_SECONDS").ok();
    let seconds = seconds.map_or(Ok(SECONDS), |told| told.parse())?;
    let mut tally = Tally::default();
    for two in TARGETS.chunks(2) {
        let begun: Vec<Result<Run>> = two
            .iter()
            .map(|name| Run::begin(root, &directory, &programs, name, seconds))
            .collect();
        for run in begun {
            tally.add(run?.end()?);
        }
    }
    Ok(tally)
}

/// A target that runs.
struct Run {
    name: &'static str,
    child: Child,
    log: PathBuf,
}

impl Run {
    fn begin(
        root: &Path,
        directory: &Path,
        programs: &Path,
        name: &'static str,
        seconds: u32,
    ) -> Result<Self> {
        let corpus = directory.join("corpus").join(name);
        fs::create_dir_all(&corpus)?;
        seed(root, name, &corpus)?;
        let log = directory.join(format!("{name}.log"));
        let output = fs::File::create(&log)?;
        let child = Command::new(programs.join(name))
            .args(LIMITS)
            .arg(format!("-max_total_time={seconds}"))
            .arg("-print_final_stats=1")
            .arg(format!(
                "-artifact_prefix={}/found-{name}-",
                directory.display()
            ))
            .arg(&corpus)
            .stdout(output.try_clone()?)
            .stderr(output)
            .spawn()
            .with_context(|| format!("cannot start target `{name}`"))?;
        Ok(Self { name, child, log })
    }

    /// Waits for the end and says how many inputs were tried.
    fn end(mut self) -> Result<Tally> {
        let ended = self.child.wait()?;
        let told = fs::read(&self.log)?;
        let told = String::from_utf8_lossy(&told);
        let tried = told
            .lines()
            .find_map(|line| line.strip_prefix("stat::number_of_executed_units:"))
            .map_or("0", str::trim);
        println!("{}: {tried} inputs", self.name);
        let well = ended.success() && tried != "0";
        if !well {
            let from = told.lines().count().saturating_sub(40);
            for line in told.lines().skip(from) {
                println!("  {line}");
            }
        }
        let mut tally = Tally::of_check(well);
        if !well {
            tally.names.push(format!("fuzz {}", self.name));
        }
        Ok(tally)
    }
}

/// Puts what the tests read into the corpus of a target: datagrams of real exporters behind their
/// length and without the version, which the target writes; and what lies in `fuzz/seeds`.
fn seed(root: &Path, name: &str, corpus: &Path) -> Result<()> {
    let version: &[u8] = match name {
        "v5" => &[0, 5],
        "v9" => &[0, 9],
        "ipfix" => &[0, 10],
        _ => &[],
    };
    if version.is_empty() {
        let seeds = root.join("fuzz/seeds");
        // Captures and logs of all kinds are inputs.
        let kinds = ["zeek", "binetflow", "eve", "sflow"];
        for kind in kinds
            .iter()
            .filter(|kind| name == "intake" || **kind == name)
        {
            for file in files(&seeds.join(kind))? {
                let named = file.file_name().context("a file has a name")?;
                fs::copy(&file, corpus.join(named))?;
            }
        }
        return Ok(());
    }
    for file in files(&root.join("crates/flow/tests/data/netflow"))? {
        let datagram = fs::read(&file)?;
        let Some(body) = datagram.strip_prefix(version) else {
            continue;
        };
        let length = u16::try_from(body.len()).unwrap_or(u16::MAX);
        let named = file.file_name().context("a file has a name")?;
        fs::write(corpus.join(named), [&length.to_be_bytes(), body].concat())?;
    }
    Ok(())
}

fn files(directory: &Path) -> Result<Vec<PathBuf>> {
    let mut files = Vec::new();
    let entries = fs::read_dir(directory).with_context(|| directory.display().to_string())?;
    for entry in entries {
        files.push(entry?.path());
    }
    files.sort();
    Ok(files)
}

/// The kind of machine that this is, as the compiler names it.
fn host() -> Result<String> {
    let told = Command::new("rustc").arg("-vV").output()?;
    let told = String::from_utf8(told.stdout)?;
    let host = told.lines().find_map(|line| line.strip_prefix("host: "));
    Ok(host.context("rustc names no host")?.to_owned())
}
