//! What can be set.

use std::path::PathBuf;
use std::str::FromStr;

use anyhow::{Result, anyhow, bail};

use crate::bots::{Plan, Start};

const HELP: &str = "cargo run --release -p flow --example isp -- [OPTION VALUE]…
  --name WORD            how the tables call the run
  --subscribers N        1000000
  --servers N            200000; polled classes and web sites are in proportion
  --hours N              24
  --sampling N,…         1000; each is a run
  --bots N,…             1,3,10,30,100,300: bots of a commanding server
  --of-family N          14 servers of each number of bots and each replayed family
  --drawn N              36 servers of each number of bots with drawn programs
  --replay FOLDER        Zeek connection logs (*.log)
  --labels FILE          lines of server,port,proto,family
  --port N               every commanding server on this port
  --start apart|together whether the bots of a server begin together
  --without CLASS,…      classes of pollers that are left out; `pollers` is all
  --turnover SHARE       profiles of 30 days are remembered, and of the polled servers this share is new each
                         day; without it nothing is remembered
  --judge N              1: hours between judgements
  --rita N               10: highest sampling at which the other rule runs too
  --seed N               1";

/// All of it.
pub(crate) struct Arguments {
    pub(crate) name: String,
    pub(crate) subscribers: u32,
    pub(crate) servers: u32,
    pub(crate) hours: u32,
    pub(crate) sampling: Vec<u32>,
    pub(crate) plan: Plan,
    pub(crate) replay: Option<PathBuf>,
    pub(crate) labels: Option<PathBuf>,
    pub(crate) without: Vec<String>,
    pub(crate) turnover: Option<f64>,
    pub(crate) judge: u32,
    pub(crate) rita: u32,
    pub(crate) seed: u64,
}

/// Reads the command line.
///
/// # Errors
/// What cannot be read, and the help.
pub(crate) fn read(mut given: impl Iterator<Item = String>) -> Result<Arguments> {
    let mut read = Arguments {
        name: "all".to_owned(),
        subscribers: 1_000_000,
        servers: 200_000,
        hours: 24,
        sampling: vec![1_000],
        plan: Plan {
            bots: vec![1, 3, 10, 30, 100, 300],
            of_family: 14,
            drawn: 36,
            port: None,
            start: Start::Apart,
        },
        replay: None,
        labels: None,
        without: Vec::new(),
        turnover: None,
        judge: 1,
        rita: 10,
        seed: 1,
    };
    while let Some(option) = given.next() {
        let value = given.next().ok_or_else(|| anyhow!("{HELP}"))?;
        match option.as_str() {
            "--name" => read.name = value,
            "--subscribers" => read.subscribers = number(&value)?,
            "--servers" => read.servers = number(&value)?,
            "--hours" => read.hours = number(&value)?,
            "--sampling" => read.sampling = numbers(&value)?,
            "--bots" => read.plan.bots = numbers(&value)?,
            "--of-family" => read.plan.of_family = number(&value)?,
            "--drawn" => read.plan.drawn = number(&value)?,
            "--replay" => read.replay = Some(value.into()),
            "--labels" => read.labels = Some(value.into()),
            "--port" => read.plan.port = Some(number(&value)?),
            "--start" => {
                read.plan.start = match value.as_str() {
                    "apart" => Start::Apart,
                    "together" => Start::Together,
                    _ => bail!("`{value}` is neither apart nor together"),
                }
            }
            "--without" => read.without = value.split(',').map(str::to_owned).collect(),
            "--turnover" => read.turnover = Some(number(&value)?),
            "--judge" => read.judge = number::<u32>(&value)?.max(1),
            "--rita" => read.rita = number(&value)?,
            "--seed" => read.seed = number(&value)?,
            _ => bail!("{HELP}"),
        }
    }
    Ok(read)
}

fn number<N: FromStr>(text: &str) -> Result<N> {
    text.parse()
        .map_err(|_| anyhow!("`{text}` is no number here"))
}

fn numbers(text: &str) -> Result<Vec<u32>> {
    text.split(',').map(number).collect()
}
