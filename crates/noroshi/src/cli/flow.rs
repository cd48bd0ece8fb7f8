//! `noroshi flow`: servers that command bots, found in flow records.

use std::process::ExitCode;

use clap::Subcommand;

mod collect;

/// Find servers that command bots in flow records; subscribers stay sealed.
#[derive(Debug, Subcommand)]
pub(super) enum Flow {
    /// Receive flow records from exporters, seal the subscribers, and keep the talks of the last hours.
    Collect(collect::Collect),
}

impl Flow {
    pub(super) fn run(self) -> anyhow::Result<ExitCode> {
        match self {
            Self::Collect(collect) => collect.run(),
        }
    }
}
