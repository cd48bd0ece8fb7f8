//! `noroshi-flow-executor`: runs pieces of plans that a scheduler gives it.

use std::net::IpAddr;
use std::num::NonZeroUsize;
use std::path::PathBuf;

use clap::Parser;
use distributed::cluster::{self, Post, Scheduler};

/// Runs pieces of plans over kept profiles and talks. It reads the collectors' folders under the paths
/// that the client named, and asks nobody who he is: let it listen only where the carrier's own machines
/// of this cluster reach it.
#[derive(Debug, Parser)]
#[command(version)]
struct Executor {
    /// The scheduler.
    #[arg(long, value_name = "HOST:PORT")]
    scheduler: Scheduler,
    /// Address that it listens on, at two free ports.
    #[arg(long, default_value = "127.0.0.1", value_name = "ADDRESS")]
    listen: IpAddr,
    /// How the others reach it, where that is not the address it listens on.
    #[arg(long, value_name = "HOST")]
    reached_as: Option<String>,
    /// A folder of its own, for what it makes on the way: parts of profiles, which are removed some
    /// minutes after a plan ended.
    #[arg(long, value_name = "DIRECTORY")]
    folder: PathBuf,
    /// Pieces that it runs at a time; by default as many as there are cores.
    #[arg(long, value_name = "COUNT")]
    cores: Option<NonZeroUsize>,
}

fn main() -> anyhow::Result<()> {
    let asked = Executor::parse();
    let cores = match asked.cores {
        Some(cores) => cores,
        None => std::thread::available_parallelism()?,
    };
    cluster::run(cluster::execute(Post {
        scheduler: asked.scheduler,
        listen: asked.listen,
        reached_as: asked.reached_as,
        folder: asked.folder,
        cores: cores.get(),
    }))
}
