//! What is kept of one client and one server, behind the gate only.

use hashbrown::HashTable;

use super::rhythm;
use crate::sealed::Way;

/// Calls that begin within this time are one visit: programs open several connections at once.
const VISIT_TICKS: u32 = rhythm::TICKS_PER_SECOND;

/// One client and one server.
#[derive(Clone, Copy)]
pub(super) struct Pair {
    pub(super) server: u32,
    pub(super) client: u32,
    /// When the first call began, in ticks.
    pub(super) first: u32,
    /// When the last call began.
    pub(super) last: u32,
    /// Octets of the last call.
    octets: u32,
    pub(super) calls: u16,
    /// Calls that nothing answered.
    pub(super) failed: u16,
    /// Place of the last interval on the scale of rhythms.
    interval: u8,
    /// Whether there is an interval.
    beating: bool,
    /// The direction of its calls: that which was seen first; the other one says the same again.
    way: Way,
}

/// A call, as a pair sees it.
#[derive(Clone, Copy)]
pub(super) struct Call {
    pub(super) server: u32,
    pub(super) client: u32,
    pub(super) tick: u32,
    pub(super) octets: u32,
    pub(super) way: Way,
    pub(super) failed: bool,
}

/// What a call says beside the one before.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Told {
    /// It is of the other direction, older than what was seen, or part of one visit.
    Nothing,
    /// The first of the pair.
    First,
    /// One more.
    Again {
        /// How long the client waited, in ticks.
        wait: u32,
        /// Whether the interval before was like it; `None` where there was none.
        steady: Option<bool>,
        /// Whether it is of the same size.
        same_size: bool,
    },
}

/// All pairs.
#[derive(Default)]
pub(super) struct Pairs {
    table: HashTable<Pair>,
}

impl Pairs {
    pub(super) fn len(&self) -> usize {
        self.table.len()
    }

    pub(super) fn iter(&self) -> impl Iterator<Item = &Pair> {
        self.table.iter()
    }

    /// Brings a pair near: when its last call began.
    pub(super) fn peek(&self, server: u32, client: u32) -> u32 {
        let is = |pair: &Pair| pair.server == server && pair.client == client;
        let held = self.table.find(hash(server, client), is);
        held.map_or(0, |pair| pair.last)
    }

    /// Notes a call; `None` when its pair is new and there is no room for it.
    pub(super) fn note(&mut self, call: Call, pairs_max: usize) -> Option<Told> {
        let key = hash(call.server, call.client);
        let is = |pair: &Pair| pair.server == call.server && pair.client == call.client;
        if let Some(pair) = self.table.find_mut(key, is) {
            return Some(pair.again(call));
        }
        if self.table.len() >= pairs_max {
            return None;
        }
        let pair = Pair {
            server: call.server,
            client: call.client,
            first: call.tick,
            last: call.tick,
            octets: call.octets,
            calls: 1,
            failed: u16::from(call.failed),
            interval: 0,
            beating: false,
            way: call.way,
        };
        self.table
            .insert_unique(key, pair, |pair| hash(pair.server, pair.client));
        Some(Told::First)
    }
}

impl Pair {
    fn again(&mut self, call: Call) -> Told {
        if call.way != self.way || call.tick < self.last {
            return Told::Nothing;
        }
        if call.tick - self.last < VISIT_TICKS {
            self.calls = self.calls.saturating_add(1);
            self.failed = self.failed.saturating_add(u16::from(call.failed));
            return Told::Nothing;
        }
        let wait = call.tick - self.last;
        let interval = rhythm::step(wait);
        let steady = self.beating.then(|| rhythm::near(interval, self.interval));
        let same_size = call.octets.abs_diff(self.octets) <= self.octets / 50;
        self.calls = self.calls.saturating_add(1);
        self.failed = self.failed.saturating_add(u16::from(call.failed));
        self.last = call.tick;
        self.octets = call.octets;
        self.interval = interval;
        self.beating = true;
        Told::Again {
            wait,
            steady,
            same_size,
        }
    }
}

fn hash(server: u32, client: u32) -> u64 {
    (u64::from(server) << 32 | u64::from(client)).wrapping_mul(0x9e37_79b9_7f4a_7c15)
}
