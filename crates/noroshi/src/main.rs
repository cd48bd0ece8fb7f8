//! The `noroshi` binary: a thin door to the library.

use std::process::ExitCode;

use clap::Parser as _;

fn main() -> ExitCode {
    match noroshi::cli::Cli::parse().run() {
        Ok(code) => code,
        Err(error) => {
            eprintln!("noroshi: {error:#}");
            ExitCode::FAILURE
        }
    }
}
