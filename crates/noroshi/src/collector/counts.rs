//! What the collector counts, and how it tells it.

use std::sync::atomic::{AtomicU64, Ordering};

/// Makes counters that many threads add to, and their sums.
macro_rules! counters {
    ($($(#[$doc:meta])* $name:ident,)+) => {
        /// Counters of one receiver or keeper.
        #[derive(Default)]
        pub(super) struct Counters { $(pub(super) $name: Counter,)+ }

        /// What was counted since the collector was started.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
        pub struct Totals { $($(#[$doc])* pub $name: u64,)+ }

        impl Totals {
            /// Adds what `counters` say.
            pub(super) fn add(&mut self, counters: &Counters) {
                $(self.$name += counters.$name.now();)+
            }
        }
    };
}

counters! {
    /// Datagrams that came.
    datagrams,
    /// Datagrams of exporters that are not on the list; nothing of them was read.
    refused,
    /// Flow records that were decoded.
    decoded,
    /// What the sequence numbers of exporters say did not arrive.
    lost,
    /// Datagrams with a fault in them.
    faults,
    /// Sets of records whose template had not come yet.
    unknown_sets,
    /// Talks with servers that were given to the keepers.
    talks,
    /// Talks among subscribers that were given to the keepers.
    among,
    /// Flows of which no end is a subscriber; they are not kept.
    passing,
    /// Talks that were let go because the keepers were behind.
    shed,
    /// Talks that lie in files.
    kept,
    /// Talks that could not be written.
    unwritten,
    /// Datagrams that the kernel threw away because nobody fetched them in time.
    kernel_drops,
}

/// A number that one thread writes and others read.
#[derive(Default)]
pub(super) struct Counter(AtomicU64);

impl Counter {
    /// Counts `more`.
    pub(super) fn add(&self, more: u64) {
        self.0.fetch_add(more, Ordering::Relaxed);
    }

    /// Says that it is `now`.
    pub(super) fn set(&self, now: u64) {
        self.0.store(now, Ordering::Relaxed);
    }

    /// What it is.
    pub(super) fn now(&self) -> u64 {
        self.0.load(Ordering::Relaxed)
    }
}

impl Totals {
    /// Writes one line to the program's log.
    pub(super) fn tell(&self, message: &'static str) {
        tracing::info!(
            datagrams.received = self.datagrams,
            datagrams.refused = self.refused,
            datagrams.faulty = self.faults,
            datagrams.dropped = self.kernel_drops,
            flows.decoded = self.decoded,
            flows.lost = self.lost,
            flows.passing = self.passing,
            sets.unknown = self.unknown_sets,
            talks.taken = self.talks,
            talks.among = self.among,
            talks.kept = self.kept,
            talks.shed = self.shed,
            talks.unwritten = self.unwritten,
            "{message}"
        );
    }
}
