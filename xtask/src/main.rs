//! The house's own tasks: `cargo xtask <task>`.
//!
//! Everything CI does is a task here, so that a laptop and CI cannot differ. The tool builds in
//! seconds: it uses the standard library and a TOML reader.

mod bench;
mod fuzz;
mod generate;
mod install;
mod report;
mod scan;
mod suite;
mod tally;
mod tidy;
mod tree;

use std::path::Path;
use std::process::ExitCode;

use anyhow::Result;

use generate::Mode;
use suite::Part;

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
    match run(&arguments) {
        Ok(true) => ExitCode::SUCCESS,
        Ok(false) => ExitCode::FAILURE,
        Err(error) => {
            eprintln!("xtask: {error:#}");
            ExitCode::FAILURE
        }
    }
}

const USAGE: &str = "\
usage: cargo xtask <task>

  test            install what the tests need, run all of them, print the sum
  test --checks   the same, after all checks: what CI runs
  test rust       only the tests written in Rust
  test browser    only the tests in a real browser
  test fuzz       only guided fuzzing: a minute for each target
  ci              another name for `test --checks`
  check           only the checks: fmt, tidy, clippy, doc, gen --check, deny
  tidy            only the discipline that the compiler cannot hold
  bench DIR       measure everything in docs/measurements.md on the disk of DIR
  gen             write the generated files
  gen --check     fail when a generated file is not up to date
";

/// Runs the named task. False when it found something to mend.
fn run(arguments: &[&str]) -> Result<bool> {
    let root = &tree::root()?;
    let parts: &[Part] = match arguments {
        ["test"] => &[Part::Rust, Part::Browser],
        ["test", "--checks"] | ["ci"] => &[Part::Checks, Part::Rust, Part::Browser, Part::Fuzz],
        ["test", "rust"] => &[Part::Rust],
        ["test", "browser"] => &[Part::Browser],
        ["test", "fuzz"] => &[Part::Fuzz],
        ["check"] => &[Part::Checks],
        ["tidy"] => return tidy(root),
        ["bench", directory] => return bench::run(root, Path::new(directory)),
        ["gen"] => return generate::run(root, Mode::Write),
        ["gen", "--check"] => return generate::run(root, Mode::Check),
        _ => {
            print!("{USAGE}");
            return Ok(false);
        }
    };
    Ok(suite::run(root, parts).failed == 0)
}

fn tidy(root: &Path) -> Result<bool> {
    let found = tidy::run(root)?;
    for finding in &found {
        println!("{finding}");
    }
    println!("tidy: {} findings", found.len());
    Ok(found.is_empty())
}
