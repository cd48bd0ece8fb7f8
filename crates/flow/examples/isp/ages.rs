//! Since when the harmless servers are there: what a collector that ran for a month would remember.
//!
//! Servers that command begin on the day that is made, so all of them are new. How many of the others
//! are is an assumption, and the whole of what novelty is worth here hangs on it.

use std::sync::Arc;

use flow::archive::profiles::Seen;
use flow::engine::Engine;
use flow::finding::Server;
use flow::knowledge::Knowledge;
use flow::profile::Past;

use crate::draw::{Draw, short};
use crate::world::{self, COMMAND, HOUR_MS, POLLERS, START_MS};

/// Days that are remembered, the day that is made among them.
const DAYS: u32 = 30;

/// Share of the earlier days on which somebody called a server that was there.
const CALLED: f64 = 0.8;

/// Share of the servers that no program polls (sites, peers, searched and searching hosts) that other
/// ones take the place of, each day.
const TURNOVER_OF_OTHERS: f64 = 0.3;

/// What is remembered.
pub(crate) struct Ages {
    past: Arc<Past>,
    /// Share of the polled servers that other ones take the place of, each day.
    turnover: f64,
    seed: u64,
}

impl Ages {
    pub(crate) fn new(turnover: f64, seed: u64) -> Self {
        Self {
            past: Arc::new(Past::new(seed, DAYS)),
            turnover,
            seed,
        }
    }

    /// What is remembered so far.
    pub(crate) fn past(&self) -> Arc<Past> {
        Arc::clone(&self.past)
    }

    /// Notes all that was seen until the end of hour `hour`; nothing while somebody still looks back.
    pub(crate) fn note(&mut self, engine: &Engine, hour: u32) {
        let (turnover, seed) = (self.turnover, self.seed);
        let Some(past) = Arc::get_mut(&mut self.past) else {
            return;
        };
        let now = START_MS / HOUR_MS + i64::from(hour);
        for finding in engine.findings(&Knowledge::default()) {
            let server = finding.server;
            let first = finding.first_ms / HOUR_MS;
            for back in days_before(&server, turnover, seed) {
                let hour = now - i64::from(back) * 24;
                past.note(seen(server, hour, hour));
            }
            past.note(seen(server, now, first));
        }
    }
}

fn seen(server: Server, hour: i64, first: i64) -> Seen {
    Seen {
        server,
        hour,
        first,
    }
}

/// The days before today on which a server was called, none where it is new: always the same ones.
fn days_before(server: &Server, turnover: f64, seed: u64) -> impl Iterator<Item = u32> {
    let (class, index) = world::class_of(server.address.ip());
    let number = u64::from(class) << 48 | u64::from(index) << 16 | u64::from(server.port);
    let mut draw = Draw::new(seed ^ 0xa6e5, number);
    let turnover = if (POLLERS..COMMAND).contains(&class) {
        turnover
    } else {
        TURNOVER_OF_OTHERS
    };
    // Days until one is replaced follow a geometric distribution; so does the age of those that are there.
    let age = (1.0 - draw.unit()).ln() / (1.0 - turnover.clamp(1e-6, 0.999)).ln();
    let days = if class == COMMAND {
        0
    } else {
        short(age.min(f64::from(DAYS - 1)))
    };
    (1..=days).filter(move |_| draw.happens(CALLED))
}
