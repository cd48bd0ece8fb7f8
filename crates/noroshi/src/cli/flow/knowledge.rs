//! What is known of servers: the lists that ship, and those that are named on the command line.

use std::fs;
use std::path::PathBuf;

use anyhow::Context as _;
use clap::Args;
use flow::knowledge::Knowledge;

use crate::ambient;

/// Networks by what runs in them, as they ship.
const NETWORKS: &str = include_str!("../../../../../data/networks.toml");

/// Lists that speak for or against servers.
#[derive(Debug, Args)]
pub(super) struct Lists {
    /// A list of known C&C servers: an address a line, or address, port and name with commas between.
    /// May be given several times; each counts.
    #[arg(long, value_name = "FILE")]
    known: Vec<PathBuf>,
    /// More lists of networks, in the form of the shipped data/networks.toml.
    #[arg(long, value_name = "FILE")]
    networks: Vec<PathBuf>,
    /// Verdicts of analysts, as the hub gives them out: one JSON object a line.
    #[arg(long, value_name = "FILE")]
    verdicts: Vec<PathBuf>,
    /// Leave out the lists of networks that ship.
    #[arg(long)]
    no_shipped_networks: bool,
}

impl Lists {
    pub(super) fn read(&self) -> anyhow::Result<Knowledge> {
        let mut knowledge = Knowledge::new(ambient::now().micros() / 1_000);
        if !self.no_shipped_networks {
            knowledge
                .take_networks(NETWORKS)
                .context("the networks that ship")?;
        }
        for path in &self.networks {
            knowledge
                .take_networks(&text(path)?)
                .with_context(|| format!("`{}`", path.display()))?;
        }
        for path in &self.known {
            knowledge
                .take_known(&text(path)?)
                .with_context(|| format!("`{}`", path.display()))?;
        }
        for path in &self.verdicts {
            knowledge
                .take_verdicts(&text(path)?)
                .with_context(|| format!("`{}`", path.display()))?;
        }
        Ok(knowledge)
    }
}

fn text(path: &PathBuf) -> anyhow::Result<String> {
    fs::read_to_string(path).with_context(|| format!("cannot read `{}`", path.display()))
}
