//! The steward: looks at the clock, and tells receivers and keepers what it means.
//!
//! A turn goes through all threads: the steward raises its number, each receiver sends what it has and
//! then the number, each keeper finishes its files when all receivers have sent it, and when all
//! keepers have, everything up to that turn is kept.

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicBool, AtomicI64, AtomicU64, Ordering};
use std::sync::mpsc::{self, Receiver, RecvTimeoutError};
use std::sync::{Arc, PoisonError, RwLock};
use std::time::Duration;

use domain::time::Timestamp;
use seal::random::Random;

use super::counts::{Counters, Totals};
use super::diary::{Diary, Gap, Why};
use super::horizon::{Horizon, KeyRoom};
use super::hours::Hour;
use super::keeper::Closed;
use super::{Clock, socket};

/// What all threads are told.
pub(super) struct Orders {
    /// Rises when everything is to be put into files.
    pub(super) turn: AtomicU64,
    /// Whether the collector ends.
    pub(super) ending: AtomicBool,
    /// The running horizon.
    pub(super) horizon: RwLock<Arc<Horizon>>,
    /// The hour that new files belong to.
    pub(super) hour: AtomicI64,
}

/// What is asked of the steward.
pub(super) enum Asked {
    /// Bring everything into files, and say when that is done.
    Flush(mpsc::Sender<()>),
    /// A keeper brought a turn into files.
    Closed(Closed),
    /// All receivers and keepers have ended.
    End,
}

/// All counters, and the sockets whose losses the kernel counts.
pub(super) struct Tally {
    pub(super) counters: Vec<Arc<Counters>>,
    pub(super) inodes: Vec<u64>,
}

/// The steward.
pub(super) struct Steward {
    pub(super) orders: Arc<Orders>,
    pub(super) tally: Arc<Tally>,
    pub(super) clock: Clock,
    pub(super) random: Random,
    pub(super) key_room: KeyRoom,
    pub(super) diary: Diary,
    /// Merges and removes hours before the one that is sent.
    pub(super) archivist: mpsc::Sender<Hour>,
    /// The latest time that was seen: a clock that is set back does not bring an hour back.
    pub(super) now: Timestamp,
    /// Turn that each keeper closed last.
    pub(super) closed: Vec<u64>,
    /// Time of each turn that not all keepers have closed.
    pub(super) turns: BTreeMap<u64, Timestamp>,
    /// Who waits for a turn.
    pub(super) flushes: Vec<(u64, mpsc::Sender<()>)>,
}

/// How often the steward looks at the clock.
const LOOK: Duration = Duration::from_millis(100);

/// What a receiver takes after a turn may have waited in the kernel before it: that long at most.
const WAITED_SECONDS: i64 = 1;

const SECONDS_PER_MINUTE: i64 = 60;

impl Tally {
    /// What was counted so far.
    pub(super) fn totals(&self) -> Totals {
        let mut totals = Totals::default();
        for counters in &self.counters {
            totals.add(counters);
        }
        totals.kernel_drops += socket::dropped(&self.inodes);
        totals
    }
}

impl Steward {
    /// Runs until the collector ends.
    ///
    /// # Errors
    /// When the diary or the key of the horizon cannot be written.
    pub(super) fn run(mut self, asks: &Receiver<Asked>) -> anyhow::Result<()> {
        loop {
            match asks.recv_timeout(LOOK) {
                Ok(Asked::Flush(done)) => {
                    let turn = self.turn();
                    self.flushes.push((turn, done));
                }
                Ok(Asked::Closed(closed)) => self.close(&closed)?,
                Ok(Asked::End) | Err(RecvTimeoutError::Disconnected) => {
                    self.look_at_clock();
                    self.tally.totals().tell("ended");
                    return self.diary.end(self.now);
                }
                Err(RecvTimeoutError::Timeout) => {}
            }
            self.look()?;
        }
    }

    /// Begins what a new minute or hour brings.
    fn look(&mut self) -> anyhow::Result<()> {
        let before = self.now;
        self.look_at_clock();
        let (minute, hour) = (minute(self.now), Hour::of(self.now));
        if minute == self::minute(before) {
            return Ok(());
        }
        if hour != Hour::of(before) {
            self.renew_horizon()?;
            self.orders.hour.store(hour.0, Ordering::Release);
        }
        self.turn();
        Ok(())
    }

    fn look_at_clock(&mut self) {
        self.now = self.now.max((self.clock)());
    }

    /// Draws the next key when the time of this one is over.
    fn renew_horizon(&mut self) -> anyhow::Result<()> {
        let mut running = self
            .orders
            .horizon
            .write()
            .unwrap_or_else(PoisonError::into_inner);
        if self.now >= running.ends {
            *running = Arc::new(self.key_room.at(self.now, &mut self.random)?);
            tracing::info!(
                horizon.number = running.number,
                "a new horizon began; the key of the one before is destroyed"
            );
        }
        Ok(())
    }

    fn turn(&mut self) -> u64 {
        // Only the steward writes it.
        let turn = self.orders.turn.load(Ordering::Acquire) + 1;
        self.turns.insert(turn, self.now);
        self.orders.turn.store(turn, Ordering::Release);
        turn
    }

    fn close(&mut self, closed: &Closed) -> anyhow::Result<()> {
        if let Some(last) = self.closed.get_mut(closed.keeper) {
            *last = closed.turn;
        }
        if closed.unwritten > 0 {
            self.miss()?;
        }
        let all = self.closed.iter().copied().min().unwrap_or(0);
        let waiting = self.turns.split_off(&all.saturating_add(1));
        let done = std::mem::replace(&mut self.turns, waiting);
        if let Some(time) = done.into_values().next_back() {
            self.diary.kept_until(time.plus_seconds(-WAITED_SECONDS))?;
            self.tally.totals().tell("collecting");
            // Its end is found out when the collector ends.
            let _sent = self.archivist.send(Hour::of(time));
        }
        for (_, done) in self.flushes.extract_if(.., |(turn, _)| *turn <= all) {
            // Whoever asked may not wait any longer.
            let _told = done.send(());
        }
        Ok(())
    }

    /// Notes that of what came since the last minute not everything could be written.
    fn miss(&self) -> anyhow::Result<()> {
        self.diary.miss(&Gap {
            from: self.now.plus_seconds(-2 * SECONDS_PER_MINUTE).to_jiff(),
            until: self.now.to_jiff(),
            why: Why::Unwritten,
        })
    }
}

fn minute(time: Timestamp) -> i64 {
    time.seconds().div_euclid(SECONDS_PER_MINUTE)
}
