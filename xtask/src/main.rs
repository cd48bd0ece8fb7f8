//! The house's own tasks: `cargo xtask <task>`.
//!
//! Everything CI does is a task here, so that a laptop and CI cannot differ. The tool builds in
//! seconds: it uses the standard library and a TOML reader.

mod scan;
mod tidy;
mod tree;

use std::process::ExitCode;

use anyhow::Result;

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
    match run(&arguments) {
        Ok(code) => code,
        Err(error) => {
            eprintln!("xtask: {error:#}");
            ExitCode::FAILURE
        }
    }
}

const USAGE: &str = "\
usage: cargo xtask <task>

  tidy            check the discipline that the compiler cannot hold
";

fn run(arguments: &[&str]) -> Result<ExitCode> {
    match arguments {
        ["tidy"] => {
            let found = tidy::run()?;
            for finding in &found {
                println!("{finding}");
            }
            println!("tidy: {} findings", found.len());
            Ok(if found.is_empty() {
                ExitCode::SUCCESS
            } else {
                ExitCode::FAILURE
            })
        }
        _ => {
            print!("{USAGE}");
            Ok(ExitCode::FAILURE)
        }
    }
}
