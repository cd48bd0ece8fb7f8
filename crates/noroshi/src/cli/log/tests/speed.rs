//! Appending must not grow with the log: measured up to 100,000 leaves, with a wide limit.

use std::sync::Arc;
use std::time::{Duration, Instant};

use domain::time::Timestamp;
use hub::Hub;
use hub::log::{LogSettings, Published, audit, publish};
use seal::object::MasterKey;
use seal::random::Random;
use seal::secret::password::Cost;
use store::keyring::Keyring;
use store::{Location, Store};

/// Far above what a slow, shared machine needs for 16 leaves without optimization.
const BATCH_LIMIT: Duration = Duration::from_millis(500);

struct Filling {
    hub: Hub,
    batches: i64,
}

impl Filling {
    /// Publishes `count` batches of `size` leaves; the size of the log and the median time.
    fn publish(&mut self, count: usize, size: u32) -> (u64, Duration) {
        let settings = LogSettings::new(size, 60).unwrap();
        let mut times = Vec::new();
        let mut leaves = 0;
        for _ in 0..count {
            self.batches += 1;
            let now = Timestamp::from_seconds(1_790_812_800 + 60 * self.batches);
            let random = Random::from_seed([9; 32]).derive(&self.batches.to_string());
            let started = Instant::now();
            let published = publish(&self.hub, settings, now, random).unwrap();
            times.push(started.elapsed());
            let Published::Batch { size, .. } = published else {
                panic!("not due");
            };
            leaves = size;
        }
        times.sort();
        (leaves, times[times.len() / 2])
    }
}

#[test]
fn appending_costs_the_same_at_a_hundred_thousand_leaves() {
    let random = Random::from_seed([8; 32]);
    let master = MasterKey::generate(&mut random.derive("master"));
    let store = Store::open(&Location::Memory, Keyring::new("hub.test", master)).unwrap();
    let mut filling = Filling {
        hub: Hub::new(store, Arc::default(), Cost::Test),
        batches: 0,
    };
    let (small, at_first) = filling.publish(25, 16);
    let (_, in_bulk) = filling.publish(25, 4_000);
    let (large, at_last) = filling.publish(25, 16);
    let started = Instant::now();
    assert_eq!(audit(&filling.hub).unwrap(), vec![]);
    let audited = started.elapsed();
    println!("median time per batch, in memory, without optimization:");
    println!("  16 leaves, up to {small}: {at_first:?}");
    println!("  4000 leaves, up to 100000: {in_bulk:?}");
    println!("  16 leaves, up to {large}: {at_last:?}");
    println!("  audit of {large} leaves: {audited:?}");
    assert!(large > 100_000);
    assert!(at_last < BATCH_LIMIT, "{at_last:?}");
}
