//! `noroshi-flow-scheduler`: takes plans from clients and gives pieces of them to executors.

use std::io::Write as _;
use std::net::SocketAddr;
use std::time::Duration;

use clap::Parser;
use distributed::cluster::{self, Patience};

/// Takes plans over kept profiles and talks, and gives their pieces to executors. It asks nobody who he
/// is: let it listen only where the carrier's own machines of this cluster reach it.
#[derive(Debug, Parser)]
#[command(version)]
struct Scheduler {
    /// Where it listens; with port 0 a free one is taken. The address is printed when it is ready.
    #[arg(long, default_value = "127.0.0.1:50050", value_name = "ADDRESS:PORT")]
    listen: SocketAddr,
    /// How executors reach it, where that is not the address it listens on.
    #[arg(long, value_name = "HOST")]
    reached_as: Option<String>,
    /// Seconds of silence after which an executor is given up and its pieces are done by others.
    #[arg(long, default_value_t = 20, value_parser = clap::value_parser!(u64).range(3..))]
    silence_seconds: u64,
    /// Executors from which on `GET /readyz` says that it is ready.
    #[arg(long, default_value_t = 1, value_name = "COUNT")]
    ready_with: usize,
}

fn main() -> anyhow::Result<()> {
    let asked = Scheduler::parse();
    let patience = Patience {
        reached_as: asked.reached_as,
        ready_with: asked.ready_with,
        silence: Duration::from_secs(asked.silence_seconds),
    };
    cluster::run(cluster::schedule(asked.listen, patience, |address| {
        let mut out = std::io::stdout();
        // Whoever started it may have gone; the scheduler goes on.
        let _ = writeln!(out, "listening on {address}").and_then(|()| out.flush());
    }))
}
