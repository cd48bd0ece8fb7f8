//! All tests behind one command, and the checks around them.

use std::io::stdout;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result, bail};

use crate::fuzz;
use crate::generate::{self, Mode};
use crate::install;
use crate::report::Report;
use crate::tally::{Speech, Tally, run_counted};
use crate::tidy;

/// A part of the suite that can run alone.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Part {
    /// What the compiler, clippy, tidy and the license check say.
    Checks,
    /// The tests written in Rust.
    Rust,
    /// The tests in a real browser.
    Browser,
    /// Guided fuzzing of what comes from outside.
    Fuzz,
}

/// Runs `parts` in their order on the checkout at `root` and prints the sum as the last line.
pub(crate) fn run(root: &Path, parts: &[Part]) -> Tally {
    let mut report = Report::default();
    for part in parts {
        match part {
            Part::Checks => checks(root, &mut report),
            Part::Rust => {
                // With their output: how many trials, kills and runs there were is part of the result.
                let tests = [
                    "test",
                    "--workspace",
                    "--no-fail-fast",
                    "--",
                    "--show-output",
                ];
                report.step("test", || {
                    install::called_by_tests()?;
                    run_counted(cargo(root).args(tests), Speech::Cargo, &mut stdout())
                });
            }
            Part::Browser => report.step("browser", || browser(root)),
            Part::Fuzz if fuzz::can_run() => report.step("fuzz", || fuzz::run(root)),
            Part::Fuzz => report.skip("fuzz", "no C++ compiler, which libFuzzer needs"),
        }
    }
    report.close()
}

fn checks(root: &Path, report: &mut Report) {
    report.command("fmt", cargo(root).args(["fmt", "--all", "--check"]));
    report.step("tidy", || {
        let found = tidy::run(root)?;
        for finding in &found {
            println!("{finding}");
        }
        Ok(Tally::of_check(found.is_empty()))
    });
    let clippy = [
        "clippy",
        "--workspace",
        "--all-targets",
        "--",
        "-D",
        "warnings",
    ];
    report.command("clippy", cargo(root).args(clippy));
    let doc = ["doc", "--workspace", "--no-deps"];
    report.command(
        "doc",
        cargo(root).args(doc).env("RUSTDOCFLAGS", "-D warnings"),
    );
    report.step("gen --check", || {
        Ok(Tally::of_check(generate::run(root, Mode::Check)?))
    });
    match target(root).and_then(|target| install::license_check(root, &target)) {
        Ok(deny) => {
            let check = [
                "check",
                "--hide-inclusion-graph",
                "licenses",
                "bans",
                "sources",
            ];
            let mut deny = Command::new(deny);
            report.command("deny", deny.args(check).current_dir(root));
        }
        Err(error) => report.skip("deny", &format!("no cargo-deny: {error:#}")),
    }
}

/// Builds the program and drives it with Chromium.
fn browser(root: &Path) -> Result<Tally> {
    install::browser(root)?;
    let built = cargo(root)
        .args(["build", "--workspace", "--bin", "noroshi"])
        .status()?;
    if !built.success() {
        bail!("the program does not build; mend it first");
    }
    let mut runner = Command::new("node");
    runner
        .arg("run.mjs")
        .current_dir(root.join("tests/browser"));
    let runner = runner.env("NOROSHI_BIN", program(root)?);
    run_counted(runner, Speech::Node, &mut stdout())
}

/// The debug program in the target directory that cargo uses here.
fn program(root: &Path) -> Result<PathBuf> {
    Ok(target(root)?.join("debug/noroshi"))
}

/// The target directory that cargo uses here.
pub(crate) fn target(root: &Path) -> Result<PathBuf> {
    let metadata = cargo(root)
        .args(["metadata", "--no-deps", "--format-version", "1"])
        .output()?;
    let metadata = String::from_utf8(metadata.stdout)?;
    let after = metadata.split("\"target_directory\":\"").nth(1);
    let directory = after.and_then(|rest| rest.split('"').next());
    let directory = directory.context("cargo metadata names no target directory")?;
    Ok(PathBuf::from(directory))
}

/// The cargo that runs this task, at `root`.
pub(crate) fn cargo(root: &Path) -> Command {
    let program = std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
    let mut command = Command::new(program);
    command.current_dir(root);
    command
}
