//! Ways of asking, and what was waited.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use tokio::task::JoinSet;

use crate::client::{Ask, Connection};

/// Connections of one load.
const CONNECTIONS: usize = 64;

/// Requests a second, for how long.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Load {
    rate: f64,
    count: usize,
}

impl Load {
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "a few thousand requests"
    )]
    pub(crate) fn of(rate: f64, seconds: f64) -> Self {
        let count = (rate * seconds) as usize;
        Self { rate, count }
    }
}

/// What each request waited.
#[derive(Debug, Default)]
pub(crate) struct Waits(Vec<Duration>);

impl Waits {
    /// The waits that `waits` lists.
    pub(crate) fn of(mut waits: Vec<Duration>) -> Self {
        waits.sort_unstable();
        Self(waits)
    }

    /// These waits and others.
    pub(crate) fn with(mut self, others: Self) -> Self {
        self.0.extend(others.0);
        Self::of(self.0)
    }

    #[expect(clippy::cast_precision_loss, reason = "a number for people to read")]
    pub(crate) fn count(&self) -> f64 {
        self.0.len() as f64
    }

    /// The wait that `percent` in a hundred stayed within, in milliseconds.
    pub(crate) fn percentile_ms(&self, percent: usize) -> f64 {
        let at = (self.0.len() * percent / 100).min(self.0.len().saturating_sub(1));
        let wait = self.0.get(at).copied().unwrap_or_default();
        wait.as_secs_f64() * 1_000.0
    }

    pub(crate) fn line(&self) -> String {
        format!(
            "p50 {}, p95 {}, p99 {} ms (n {})",
            milliseconds(self.percentile_ms(50)),
            milliseconds(self.percentile_ms(95)),
            milliseconds(self.percentile_ms(99)),
            self.0.len()
        )
    }
}

/// Milliseconds as people read them: two decimals below one, where the first is not enough.
fn milliseconds(wait: f64) -> String {
    if wait < 1.0 {
        format!("{wait:.2}")
    } else {
        format!("{wait:.1}")
    }
}

/// One connection, each request after the answer to the one before.
pub(crate) async fn one_by_one(asks: &[Ask], count: usize) -> anyhow::Result<Waits> {
    let Some(first) = asks.first() else {
        return Ok(Waits::default());
    };
    let mut connection = Connection::open(first.authority()).await?;
    connection.ask(first).await?;
    let mut waits = Vec::with_capacity(count);
    for ask in asks.iter().cycle().take(count) {
        let begun = Instant::now();
        connection.ask(ask).await?;
        waits.push(begun.elapsed());
    }
    Ok(Waits::of(waits))
}

/// Requests that are due at even times, whether or not the ones before were answered.
pub(crate) async fn paced(asks: &[Ask], load: Load) -> anyhow::Result<Waits> {
    let begun = Instant::now() + Duration::from_millis(50);
    let due = move |number: usize| {
        #[expect(clippy::cast_precision_loss, reason = "a few thousand requests")]
        let seconds = number as f64 / load.rate;
        begun + Duration::from_secs_f64(seconds)
    };
    run(asks, load.count, due).await
}

/// Everything at once; the waits, and the seconds until the last answer.
pub(crate) async fn all_at_once(asks: &[Ask]) -> anyhow::Result<(Waits, f64)> {
    let begun = Instant::now();
    let waits = run(asks, asks.len(), move |_| begun).await?;
    Ok((waits, begun.elapsed().as_secs_f64()))
}

async fn run(
    asks: &[Ask],
    count: usize,
    due: impl Fn(usize) -> Instant + Copy + Send + 'static,
) -> anyhow::Result<Waits> {
    let asks: Arc<[Ask]> = asks.into();
    let next = Arc::new(AtomicUsize::new(0));
    let mut workers = JoinSet::new();
    for _ in 0..CONNECTIONS.min(count) {
        let (asks, next) = (Arc::clone(&asks), Arc::clone(&next));
        workers.spawn(async move { worker(&asks, &next, count, due).await });
    }
    let mut waits = Vec::with_capacity(count);
    while let Some(done) = workers.join_next().await {
        waits.extend(done??);
    }
    Ok(Waits::of(waits))
}

async fn worker(
    asks: &[Ask],
    next: &AtomicUsize,
    count: usize,
    due: impl Fn(usize) -> Instant,
) -> anyhow::Result<Vec<Duration>> {
    let mut waits = Vec::new();
    let mut connection = None;
    loop {
        let number = next.fetch_add(1, Ordering::Relaxed);
        let Some(ask) = asks
            .get(number % asks.len().max(1))
            .filter(|_| number < count)
        else {
            return Ok(waits);
        };
        let at = due(number);
        tokio::time::sleep_until(at.into()).await;
        let mut open = match connection.take() {
            Some(open) => open,
            None => Connection::open(ask.authority()).await?,
        };
        open.ask(ask).await?;
        connection = Some(open);
        waits.push(at.elapsed());
    }
}
