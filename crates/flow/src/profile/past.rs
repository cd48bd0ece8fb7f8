//! Since when servers are known: what a running collector remembers of the profiles it kept.

use std::hash::BuildHasher;

use foldhash::fast::FixedState;
use hashbrown::HashTable;

use crate::archive::profiles::Seen;
use crate::finding::Server;

/// Days that can be looked back on: a bit for each.
const DAYS_MAX: u32 = 32;

/// Servers that are remembered; each takes some 20 to 40 octets.
const SERVERS_MAX: usize = 4_000_000;

/// So many days must be kept before anything is told to be new.
pub const NOVEL_DAYS_MIN: u32 = 7;

const HOURS_PER_DAY: i64 = 24;

/// Servers of the last days, by a hash of each: when they were seen first, and on which days.
///
/// INVARIANT: memory is bounded. A server for which there was no room is not told to be new.
pub struct Past {
    hasher: FixedState,
    servers: HashTable<Known>,
    /// The latest hour that was noted, and its day.
    now: i64,
    /// Days of which anything is known, a bit for each.
    days: u32,
    is_full: bool,
    servers_max: usize,
    /// How many days are looked back on, today among them.
    back: u32,
}

/// A server, by its hash.
#[derive(Clone, Copy)]
struct Known {
    hash: u64,
    /// Hours of Unix time.
    first: u32,
    /// Days on which it was seen: that of the number `n` is bit `n % 32`.
    days: u32,
}

/// What the past says of a server.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Memory {
    /// Hour of Unix time of the first call.
    pub(crate) first: i64,
    /// Hours since then.
    pub(crate) hours: u32,
    /// Days on which it was called.
    pub(crate) days: u32,
}

impl Past {
    /// Remembers nothing yet, and never more than the last `days` days, 32 at most. Strangers choose the
    /// addresses of servers: `seed` is drawn.
    pub fn new(seed: u64, days: u32) -> Self {
        Self {
            hasher: FixedState::with_seed(seed),
            servers: HashTable::new(),
            now: i64::MIN,
            days: 0,
            is_full: false,
            servers_max: SERVERS_MAX,
            back: days.clamp(1, DAYS_MAX),
        }
    }

    /// Notes that a server was seen. Hours may come in any order; those that are more than a month
    /// before the latest are passed over.
    pub fn note(&mut self, seen: Seen) {
        self.turn(seen.hour);
        let Some(bit) = self.bit(seen.hour) else {
            return;
        };
        self.days |= bit;
        let hash = self.hasher.hash_one(seen.server);
        // A session may have begun before its records came; a clock may be wrong as well.
        let first = seen.first.clamp(seen.hour - HOURS_PER_DAY, seen.hour);
        let first = u32::try_from(first).unwrap_or(0);
        if let Some(known) = self.servers.find_mut(hash, |known| known.hash == hash) {
            known.first = known.first.min(first);
            known.days |= bit;
        } else if self.servers.len() < self.servers_max {
            let known = Known {
                hash,
                first,
                days: bit,
            };
            self.servers.insert_unique(hash, known, |known| known.hash);
        } else {
            self.is_full = true;
        }
    }

    /// Brings the latest hour forward, and forgets the days that fall behind.
    fn turn(&mut self, hour: i64) {
        if hour <= self.now {
            return;
        }
        let (before, after) = (day(self.now), day(hour));
        self.now = hour;
        if before == after || self.days == 0 {
            return;
        }
        let back = i64::from(self.back);
        // Days that just began have bits that days long gone had before.
        let days = (0..back).map(|back| after - back);
        let left = days
            .filter(|day| *day <= before)
            .fold(0, |bits, day| bits | bit(day));
        self.days &= left;
        self.servers.retain(|known| {
            known.days &= left;
            // Nothing is known of before the days that are left.
            if day(i64::from(known.first)) <= after - back {
                let mut days = (0..back).rev().map(|back| after - back);
                let oldest = days.find(|day| known.days & bit(*day) != 0);
                let since = oldest.and_then(|day| u32::try_from(day * HOURS_PER_DAY).ok());
                known.first = known.first.max(since.unwrap_or(0));
            }
            known.days != 0
        });
        self.is_full = self.is_full && !self.servers.is_empty();
    }

    /// The bit of the day of an hour; `None` of one that is too far back.
    fn bit(&self, hour: i64) -> Option<u32> {
        let back = day(self.now).checked_sub(day(hour))?;
        (0..i64::from(self.back))
            .contains(&back)
            .then(|| bit(day(hour)))
    }

    /// Whether enough days are kept to tell what is new.
    pub fn tells(&self) -> bool {
        self.days.count_ones() >= NOVEL_DAYS_MIN
    }

    /// What is known of a server; `None` where it was not noted.
    pub(crate) fn of(&self, server: &Server) -> Option<Memory> {
        let hash = self.hasher.hash_one(server);
        let known = self.servers.find(hash, |known| known.hash == hash)?;
        let first = i64::from(known.first);
        Some(Memory {
            first,
            hours: u32::try_from(self.now.saturating_sub(first)).unwrap_or(0),
            days: known.days.count_ones(),
        })
    }

    /// How many servers are remembered, and whether there was room for all.
    pub fn kept(&self) -> (usize, bool) {
        (self.servers.len(), !self.is_full)
    }
}

/// The bit of a day.
fn bit(day: i64) -> u32 {
    1 << day.rem_euclid(i64::from(DAYS_MAX))
}

fn day(hour: i64) -> i64 {
    hour.div_euclid(HOURS_PER_DAY)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::column::Address;

    const BEGIN: i64 = 500_000 - 500_000 % 24;

    fn seen(server: u32, hour: i64) -> Seen {
        Seen {
            server: Server {
                address: Address::v4(server),
                port: 443,
                protocol: 6,
            },
            hour,
            first: hour,
        }
    }

    #[test]
    fn a_server_is_as_old_as_its_first_hour_in_any_order_until_a_month_is_over() {
        let mut past = Past::new(1, 30);
        for day in [3, 0, 6, 2] {
            past.note(seen(9, BEGIN + day * 24 + 5));
        }
        let memory = past.of(&seen(9, 0).server).unwrap();
        let expected = Memory {
            first: BEGIN + 5,
            hours: 6 * 24,
            days: 4,
        };
        assert_eq!(memory, expected);
        assert!(!past.tells());
        past.note(seen(8, BEGIN + 6 * 24));
        for day in [1, 4, 5] {
            past.note(seen(8, BEGIN + day * 24));
        }
        assert!(past.tells());
        assert_eq!(past.of(&seen(7, 0).server), None);
        // A month later that server is gone, and what comes from before is passed over.
        past.note(seen(7, BEGIN + 40 * 24));
        assert_eq!(
            (past.of(&seen(9, 0).server), past.kept()),
            (None, (1, true))
        );
        past.note(seen(9, BEGIN));
        assert_eq!(past.of(&seen(9, 0).server), None);
    }

    #[test]
    fn what_falls_behind_is_forgotten_day_by_day() {
        let mut past = Past::new(1, 10);
        for day in 0..25 {
            past.note(seen(9, BEGIN + day * 24 + 5));
            past.note(seen(9, BEGIN + day * 24 + 7));
        }
        let memory = past.of(&seen(9, 0).server).unwrap();
        let first = BEGIN + 15 * 24;
        assert_eq!((memory.first, memory.days), (first, 10));
    }

    #[test]
    fn what_had_no_room_is_not_known() {
        let mut past = Past::new(1, 30);
        past.servers_max = 2;
        (0..5).for_each(|server| past.note(seen(server, BEGIN)));
        assert_eq!(past.kept(), (2, false));
        assert_eq!(past.of(&seen(4, 0).server), None);
    }
}
