//! Profiles of servers that are kept: what an hour showed of a server, without any client.
//!
//! Profiles join: those of many hours to a day or a month, those of many collectors to one view, in
//! any order and grouping, to the same octets. What stands in one is sums, largest and smallest
//! numbers, and maps whose values join again; so merging is commutative and associative, and a profile
//! merged with itself changes in its sums alone.
//!
//! **Clients.** A set of clients is 64 ranks, each from a few bits of tokens ([`Registers`]). Tokens
//! of two keys never meet, and a person has one under each: sets of two keys are kept side by side,
//! and the number of clients is the largest of theirs, not their sum. It is too low for a server whose
//! clients changed with the key, and it counts nobody twice.
//!
//! **What pairs said.** Waits and sizes are looked at client by client, which is not kept. What came of
//! it is ([`Said`]), by collector and day: of one day the latest word holds, since it speaks of the
//! whole day until then; words of several days or collectors are pooled when a server is judged. So the
//! merged hours of a day say what was said at its end.
//!
//! INVARIANT: no moment is finer than an hour, and no number here was made from anything but tokens
//! and servers.

mod octets;
mod past;
mod registers;
mod said;

use std::collections::BTreeMap;

pub use octets::OctetsError;
pub(crate) use past::Memory;
pub use past::{NOVEL_DAYS_MIN, Past};
pub use registers::Registers;
pub(crate) use registers::{RANK_KEPT_MAX, RANK_MAX};
pub use said::Said;
pub(crate) use said::pooled;

/// Heaps of sizes: below 64 octets, below 128 and so on; the last has all above.
pub const SIZES: usize = crate::engine::SIZES;

/// Keys under which clients were counted, and days of which words are kept, in one profile: those
/// with the greatest numbers stay.
pub const KEYS_MAX: usize = 64;

const MILLIS_PER_HOUR: i64 = 3_600_000;

/// Milliseconds of Unix time of a day.
const MILLIS_PER_DAY: i64 = 24 * MILLIS_PER_HOUR;

/// Which key made the tokens of a set: drawn with it, the number of no other key of any collector.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Linking(pub u64);

/// A day of a collector: what pairs said is of one.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Session {
    /// Days of Unix time.
    pub day: u32,
    /// Key of the tokens.
    pub linking: Linking,
}

/// What is kept of a server over some time.
#[derive(Clone, PartialEq, Eq)]
pub struct KeptProfile {
    /// Hour of the first and of the last call, hours of Unix time. Of an empty profile the first is
    /// behind the last.
    pub(crate) first: i64,
    pub(crate) last: i64,
    /// Calls of clients, and answers.
    pub(crate) calls: u64,
    pub(crate) answers: u64,
    /// Calls that nothing answered, by their flags.
    pub(crate) failed: u64,
    /// Calls of which a beginning and nothing else was seen.
    pub(crate) tried: u64,
    /// Calls of which the beginning was seen.
    pub(crate) opened: u64,
    /// Highest sampling that was told; 1 is none.
    pub(crate) sampling: u32,
    /// The longest session, in tenths of a second.
    pub(crate) longest: u32,
    /// Octets and packets of clients, octets of answers.
    pub(crate) octets: u64,
    pub(crate) packets: u64,
    pub(crate) octets_back: u64,
    /// Calls by hour of the day, UTC.
    pub(crate) hours: [u64; 24],
    /// Most clients in one of these hours of the day, estimates.
    pub(crate) clients_by_hour: [u32; 24],
    /// Sizes of calls, and of answers.
    pub(crate) sizes: [u64; SIZES],
    pub(crate) sizes_back: [u64; SIZES],
    pub(crate) clients: BTreeMap<Linking, Registers>,
    pub(crate) said: BTreeMap<Session, Said>,
}

impl Session {
    /// The session of a moment, in milliseconds of Unix time.
    pub fn at(linking: Linking, ms: i64) -> Self {
        Self {
            day: u32::try_from(ms.div_euclid(MILLIS_PER_DAY)).unwrap_or(0),
            linking,
        }
    }
}

impl Default for KeptProfile {
    fn default() -> Self {
        Self::none()
    }
}

impl KeptProfile {
    /// A profile of nothing: merged with another it is that one.
    pub const fn none() -> Self {
        Self {
            first: i64::MAX,
            last: i64::MIN,
            calls: 0,
            answers: 0,
            failed: 0,
            tried: 0,
            opened: 0,
            sampling: 1,
            longest: 0,
            octets: 0,
            packets: 0,
            octets_back: 0,
            hours: [0; 24],
            clients_by_hour: [0; 24],
            sizes: [0; SIZES],
            sizes_back: [0; SIZES],
            clients: BTreeMap::new(),
            said: BTreeMap::new(),
        }
    }

    /// Joins `other` to this.
    pub fn merge(&mut self, other: &Self) {
        self.first = self.first.min(other.first);
        self.last = self.last.max(other.last);
        self.sampling = self.sampling.max(other.sampling);
        self.longest = self.longest.max(other.longest);
        for (sum, more) in [
            (&mut self.calls, other.calls),
            (&mut self.answers, other.answers),
            (&mut self.failed, other.failed),
            (&mut self.tried, other.tried),
            (&mut self.opened, other.opened),
            (&mut self.octets, other.octets),
            (&mut self.packets, other.packets),
            (&mut self.octets_back, other.octets_back),
        ] {
            *sum = sum.saturating_add(more);
        }
        add(&mut self.hours, &other.hours);
        add(&mut self.sizes, &other.sizes);
        add(&mut self.sizes_back, &other.sizes_back);
        for (most, clients) in self.clients_by_hour.iter_mut().zip(&other.clients_by_hour) {
            *most = (*most).max(*clients);
        }
        for (linking, clients) in &other.clients {
            self.clients.entry(*linking).or_default().merge(clients);
        }
        for (session, said) in &other.said {
            let held = self.said.entry(*session).or_default();
            // What was said later of the same day rests on more, and stands higher.
            *held = (*held).max(*said);
        }
        while self.clients.len() > KEYS_MAX {
            self.clients.pop_first();
        }
        while self.said.len() > KEYS_MAX {
            self.said.pop_first();
        }
    }

    /// Whether nothing is in it.
    pub fn is_none(&self) -> bool {
        self.first > self.last
    }

    /// Beginning of the hour of the first call, milliseconds of Unix time; `None` of nothing.
    pub fn first_ms(&self) -> Option<i64> {
        (!self.is_none()).then(|| self.first.saturating_mul(MILLIS_PER_HOUR))
    }

    /// Beginning of the hour of the last call, milliseconds of Unix time; `None` of nothing.
    pub fn last_ms(&self) -> Option<i64> {
        (!self.is_none()).then(|| self.last.saturating_mul(MILLIS_PER_HOUR))
    }

    /// Calls of clients, as exported.
    pub fn calls(&self) -> u64 {
        self.calls
    }

    /// Answers, as exported.
    pub fn answers(&self) -> u64 {
        self.answers
    }

    /// Octets of clients.
    pub fn octets(&self) -> u64 {
        self.octets
    }

    /// Octets of answers.
    pub fn octets_back(&self) -> u64 {
        self.octets_back
    }

    /// How many clients, an estimate: the largest under one key, or in one hour, since the sets end at some
    /// thousands. It is for the room alone; what may be told is [`KeptProfile::clients_told`].
    pub(crate) fn clients(&self) -> u64 {
        let counts = self.clients.values().map(Registers::count);
        let of_hours = self
            .clients_by_hour
            .iter()
            .map(|clients| u64::from(*clients));
        counts.chain(of_hours).max().unwrap_or(0)
    }

    /// At least so many clients, in steps (5, 10, 20, 50 …); `None` below `least`, and below the
    /// lowest that may be told.
    pub fn clients_told(&self, least: u32) -> Option<u32> {
        crate::finding::step(self.clients(), least)
    }

    /// The keys under which clients were counted, in order.
    pub fn linkings(&self) -> impl Iterator<Item = Linking> {
        self.clients.keys().copied()
    }
}

/// Hours of Unix time of a moment in milliseconds.
pub(crate) fn hour_of(ms: i64) -> i64 {
    ms.div_euclid(MILLIS_PER_HOUR)
}

fn add<const N: usize>(heaps: &mut [u64; N], more: &[u64; N]) {
    for (heap, more) in heaps.iter_mut().zip(more) {
        *heap = heap.saturating_add(*more);
    }
}

#[cfg(test)]
pub(crate) mod tests;
