//! `noroshi-flow-query`: asks many collectors at once, on this machine or on a cluster.

use std::path::PathBuf;

use clap::{Args, Parser, Subcommand};
use datafusion::prelude::{DataFrame, SessionContext};
use distributed::cluster::{self, Scheduler};
use distributed::lists::Lists;
use distributed::tables::{self, Kept};
use distributed::{answer, hunt, plan, tell};
use flow::engine::THRESHOLDS;
use flow::finding::Tier;

/// Asks what collectors kept: on this machine, or with `--scheduler` on a cluster.
#[derive(Debug, Parser)]
#[command(version)]
struct Query {
    /// The scheduler of a cluster. The collectors' folders must then have the same path on all its
    /// machines.
    #[arg(long, global = true, value_name = "HOST:PORT")]
    scheduler: Option<Scheduler>,
    /// Parts that run side by side, if there are cores for them.
    #[arg(long, global = true, default_value_t = 8, value_name = "COUNT")]
    parts: usize,
    /// What is asked.
    #[command(subcommand)]
    ask: Ask,
}

#[derive(Debug, Subcommand)]
enum Ask {
    /// Joins the profiles of all hours and collectors to one for each server, in a new folder that can be
    /// asked like those of collectors.
    Merge {
        #[command(flatten)]
        from: From,
        /// The folder; there must be none yet.
        #[arg(long, value_name = "DIRECTORY")]
        into: PathBuf,
    },
    /// Judges the servers anew, by all hours and collectors and by the weights and lists of today.
    Score {
        #[command(flatten)]
        from: From,
        #[command(flatten)]
        lists: Lists,
        /// Tell every server, not only those from the tier `watch` on.
        #[arg(long)]
        all: bool,
    },
    /// Tells hour by hour what was seen of servers.
    Hunt {
        #[command(flatten)]
        from: From,
        /// A server: an address, or an address and a port. May be given several times.
        #[arg(long = "server", required = true, value_name = "INDICATOR")]
        servers: Vec<String>,
        /// Look into the sealed talks and not into the profiles. The hunt is then written to hunts.jsonl
        /// in each collector's folder before it begins.
        #[arg(long, requires = "purpose")]
        talks: bool,
        /// What it is for.
        #[arg(long, value_name = "TEXT")]
        purpose: Option<String>,
    },
}

/// What is asked about.
#[derive(Debug, Args)]
struct From {
    /// Folders of collectors.
    #[arg(required = true, value_name = "INPUT")]
    collectors: Vec<PathBuf>,
    /// The first hour, like 2027-01-15T08 (UTC).
    #[arg(long = "from", value_name = "HOUR")]
    first: Option<String>,
    /// The last hour, like 2027-01-15T08 (UTC).
    #[arg(long = "to", value_name = "HOUR")]
    last: Option<String>,
}

impl From {
    fn open(&self, context: &SessionContext, kept: Kept) -> anyhow::Result<DataFrame> {
        let table = tables::open(context, kept, &self.collectors)?;
        let (first, last) = (self.first.as_deref(), self.last.as_deref());
        Ok(plan::between(table, first, last)?)
    }
}

fn main() -> anyhow::Result<()> {
    let query = Query::parse();
    cluster::run(query.run())
}

impl Query {
    async fn run(self) -> anyhow::Result<()> {
        let context = match &self.scheduler {
            Some(scheduler) => cluster::connected(scheduler, self.parts).await?,
            None => cluster::embedded(self.parts)?,
        };
        match self.ask {
            Ask::Merge { from, into } => {
                let profiles = from.open(&context, Kept::Profiles)?;
                let merged = plan::merge(profiles)?.collect().await?;
                tables::keep(&into, answer::profiles(&merged)?)
            }
            Ask::Score { from, lists, all } => {
                let least = if all { Tier::Low } else { Tier::Watch };
                score(&context, &from, &lists, least).await
            }
            Ask::Hunt {
                from,
                servers,
                talks,
                purpose,
            } => {
                let indicators = hunt::read(&servers)?;
                if talks {
                    hunt::record(&from.collectors, purpose.as_deref(), &servers)?;
                    let talks = from.open(&context, Kept::Talks)?;
                    let seen = plan::sightings(talks, &indicators)?.collect().await?;
                    return tell::sightings(&answer::sightings(&seen)?);
                }
                let profiles = from.open(&context, Kept::Profiles)?;
                let seen = plan::hunt(profiles, &indicators)?.collect().await?;
                tell::hours(&answer::hourly(&seen)?)
            }
        }
    }
}

async fn score(
    context: &SessionContext,
    from: &From,
    lists: &Lists,
    least: Tier,
) -> anyhow::Result<()> {
    let texts = lists.open()?;
    let profiles = || from.open(context, Kept::Profiles);
    let all = plan::merge(plan::everything(profiles()?)?)?
        .collect()
        .await?;
    let all = answer::usual(&all)?;
    let mut merged = plan::merge(profiles()?)?;
    if least > Tier::Low {
        merged = plan::worth(merged, &all, &texts.written()?, THRESHOLDS.watch)?;
    }
    let findings = answer::findings(&merged.collect().await?, &all, &texts.knowledge()?)?;
    tell::findings(&findings, least)
}
