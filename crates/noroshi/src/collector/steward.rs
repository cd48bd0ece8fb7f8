//! The steward: looks at the clock, and tells receivers and keepers what it means.
//!
//! A turn goes through all threads: the steward raises its number, each receiver sends what it has and
//! then the number, each keeper finishes its files when all receivers have sent it, and when all
//! keepers have, everything up to that turn is kept.

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
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
use super::time::Time;

/// What all threads are told.
pub(super) struct Orders {
    /// Rises when everything is to be put into files.
    pub(super) turn: AtomicU64,
    /// Whether the collector ends.
    pub(super) ending: AtomicBool,
    /// What is sealed from now on belongs to this.
    pub(super) running: RwLock<Running>,
}

/// The key that seals, and the hour in which records come: both change at once, so that an hour has
/// tokens of one key.
#[derive(Clone)]
pub(super) struct Running {
    pub(super) horizon: Arc<Horizon>,
    pub(super) hour: Hour,
}

impl Orders {
    /// What runs now.
    pub(super) fn running(&self) -> Running {
        // A writer that panicked left the old one whole: it is replaced at once.
        let running = self.running.read();
        running.unwrap_or_else(PoisonError::into_inner).clone()
    }
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

/// All counters.
pub(super) struct Tally {
    pub(super) counters: Vec<Arc<Counters>>,
}

/// The steward.
pub(super) struct Steward {
    pub(super) orders: Arc<Orders>,
    pub(super) tally: Arc<Tally>,
    pub(super) time: Time,
    pub(super) random: Random,
    pub(super) key_room: KeyRoom,
    pub(super) diary: Diary,
    /// Merges and removes hours before the one that is sent.
    pub(super) archivist: mpsc::Sender<Hour>,
    /// Turn that each keeper closed last.
    pub(super) closed: Vec<u64>,
    /// Time of each turn that not all keepers have closed.
    pub(super) turns: BTreeMap<u64, Timestamp>,
    /// Until when everything is kept, and what was missing by then.
    pub(super) kept_until: Timestamp,
    pub(super) missed: u64,
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
                    let now = self.time.look();
                    self.shed(now)?;
                    self.tally.totals().tell("ended");
                    return self.diary.end(now);
                }
                Err(RecvTimeoutError::Timeout) => {}
            }
            self.look()?;
        }
    }

    /// Begins what a new minute or hour brings.
    fn look(&mut self) -> anyhow::Result<()> {
        let before = self.time.now();
        let now = self.time.look();
        if minute(now) == minute(before) {
            return Ok(());
        }
        if Hour::of(now) != Hour::of(before) {
            self.begin_hour(now)?;
        }
        self.turn();
        Ok(())
    }

    /// Begins an hour, and draws the next key when the time of this one is over.
    fn begin_hour(&mut self, now: Timestamp) -> anyhow::Result<()> {
        let mut next = self.orders.running();
        next.hour = Hour::of(now);
        if next.horizon.has_ended(now) {
            next.horizon = Arc::new(self.key_room.at(now, &mut self.random)?);
            tracing::info!(
                horizon.number = next.horizon.number,
                "a new horizon began; the key of the one before is destroyed"
            );
        }
        let running = self.orders.running.write();
        *running.unwrap_or_else(PoisonError::into_inner) = next;
        Ok(())
    }

    fn turn(&mut self) -> u64 {
        // Only the steward writes it.
        let turn = self.orders.turn.load(Ordering::Acquire) + 1;
        self.turns.insert(turn, self.time.now());
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
            self.shed(time)?;
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
        let now = self.time.now();
        self.diary.miss(&Gap {
            from: now.plus_seconds(-2 * SECONDS_PER_MINUTE).to_jiff(),
            until: now.to_jiff(),
            why: Why::Unwritten,
        })
    }

    /// Notes when something was let go since the turn before, here or in the kernel.
    fn shed(&mut self, until: Timestamp) -> anyhow::Result<()> {
        let totals = self.tally.totals();
        let missed = totals.shed + totals.kernel_drops;
        let from = std::mem::replace(&mut self.kept_until, until);
        if missed == std::mem::replace(&mut self.missed, missed) {
            return Ok(());
        }
        self.diary.miss(&Gap {
            from: from.min(until).to_jiff(),
            until: until.to_jiff(),
            why: Why::Shed,
        })
    }
}

fn minute(time: Timestamp) -> i64 {
    time.seconds().div_euclid(SECONDS_PER_MINUTE)
}

#[cfg(test)]
mod tests {
    use super::super::time::Clock;
    use super::*;

    const NOON: Timestamp = Timestamp::from_seconds(1_800_014_400);

    #[test]
    fn what_was_let_go_between_two_turns_is_a_gap_once() {
        let folder = tempfile::tempdir().unwrap();
        let directory = folder.path().join("kept");
        std::fs::create_dir(&directory).unwrap();
        let mut random = Random::from_seed([4; 32]);
        let key_file = folder.path().join("wrapping.key");
        let mut key_room = KeyRoom::open(&directory, &key_file, 30, &mut random).unwrap();
        let horizon = Arc::new(key_room.at(NOON, &mut random).unwrap());
        let clock = Clock {
            wall: Arc::new(|| NOON),
            steady: Arc::new(|| Duration::ZERO),
        };
        let counters = Arc::new(Counters::default());
        let mut steward = Steward {
            orders: Arc::new(Orders {
                turn: AtomicU64::new(0),
                ending: AtomicBool::new(false),
                running: RwLock::new(Running {
                    horizon,
                    hour: Hour::of(NOON),
                }),
            }),
            tally: Arc::new(Tally {
                counters: vec![Arc::clone(&counters)],
            }),
            time: Time::new(clock),
            random,
            key_room,
            diary: Diary::open(&directory, NOON).unwrap().0,
            archivist: mpsc::channel().0,
            closed: vec![0],
            turns: BTreeMap::new(),
            kept_until: NOON,
            missed: 0,
            flushes: Vec::new(),
        };
        let minute = |number: i64| NOON.plus_seconds(60 * number);
        steward.shed(minute(1)).unwrap();
        counters.shed.add(8_192);
        steward.shed(minute(2)).unwrap();
        steward.shed(minute(3)).unwrap();
        counters.kernel_drops.set(7);
        steward.shed(minute(4)).unwrap();
        let lines = std::fs::read_to_string(directory.join("gaps.jsonl")).unwrap();
        let gaps: Vec<Gap> = lines
            .lines()
            .map(|line| serde_json::from_str(line).unwrap())
            .collect();
        let gap = |from: i64| Gap {
            from: minute(from).to_jiff(),
            until: minute(from + 1).to_jiff(),
            why: Why::Shed,
        };
        assert_eq!(gaps, [gap(1), gap(3)]);
    }
}
