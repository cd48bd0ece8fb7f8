//! What is known of servers beside what collectors kept: the lists that ship, and those that are named.

use std::fs;
use std::path::PathBuf;

use anyhow::Context as _;
use clap::Args;
use flow::knowledge::Knowledge;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

/// Networks by what runs in them, as they ship.
const NETWORKS: &str = include_str!("../../data/networks.toml");

/// Lists that speak for or against servers, of the same form as those of `noroshi flow scan`.
#[derive(Debug, Args)]
pub struct Lists {
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
}

/// What the lists say, as texts with their names: so they go to other machines with a plan.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Texts {
    /// Verdicts count as of then, milliseconds of Unix time.
    now_ms: i64,
    networks: Vec<(String, String)>,
    known: Vec<(String, String)>,
    verdicts: Vec<(String, String)>,
}

impl Lists {
    /// Opens them all.
    ///
    /// # Errors
    /// When a file cannot be read.
    pub fn open(&self) -> anyhow::Result<Texts> {
        let mut networks = vec![("the networks that ship".to_owned(), NETWORKS.to_owned())];
        networks.extend(texts(&self.networks)?);
        Ok(Texts {
            now_ms: Timestamp::now().as_millisecond(),
            networks,
            known: texts(&self.known)?,
            verdicts: texts(&self.verdicts)?,
        })
    }
}

impl Texts {
    /// The texts out of one.
    ///
    /// # Errors
    /// When it is not what [`Texts::written`] gave.
    pub fn read(written: &str) -> anyhow::Result<Self> {
        Ok(serde_json::from_str(written)?)
    }

    /// The texts as one.
    ///
    /// # Errors
    /// Never; a text can always be written.
    pub fn written(&self) -> anyhow::Result<String> {
        Ok(serde_json::to_string(self)?)
    }

    /// What they say.
    ///
    /// # Errors
    /// When one of them is something else.
    pub fn knowledge(&self) -> anyhow::Result<Knowledge> {
        let mut knowledge = Knowledge::new(self.now_ms);
        for (name, text) in &self.networks {
            let taken = knowledge.take_networks(text);
            taken.with_context(|| format!("`{name}`"))?;
        }
        for (name, text) in &self.known {
            let taken = knowledge.take_known(text);
            taken.with_context(|| format!("`{name}`"))?;
        }
        for (name, text) in &self.verdicts {
            let taken = knowledge.take_verdicts(text);
            taken.with_context(|| format!("`{name}`"))?;
        }
        Ok(knowledge)
    }
}

fn texts(paths: &[PathBuf]) -> anyhow::Result<Vec<(String, String)>> {
    let one = |path: &PathBuf| {
        let name = path.display().to_string();
        let text = fs::read_to_string(path).with_context(|| format!("cannot read `{name}`"))?;
        Ok((name, text))
    };
    paths.iter().map(one).collect()
}
