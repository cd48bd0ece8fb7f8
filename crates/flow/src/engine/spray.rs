//! Clients that search the network for open doors, as infected devices do to find others.

use hashbrown::HashTable;

use crate::service;

/// Clients that are watched at once on ports where infected devices search, and on all others; above,
/// further ones are not. Each kind has room of its own: those who share files try any port.
const SPRAYS_MAX: usize = 1_000_000;

/// Bits that say which doors were tried: 2 MiB.
const DOOR_BITS: u64 = 1 << 24;

/// Doors after which they are forgotten: one in sixteen that is new passes for one that was tried.
const DOORS_MAX: u64 = DOOR_BITS / 16;

/// So many servers on one port, none of which answered, are a search.
pub(super) const SEARCH_MIN: u64 = 20;

/// A client on a port.
struct Spray {
    client: u32,
    port: u16,
    /// Linear counting in 64 bits (Whang et al. 1990): good to some 200 servers.
    servers: u64,
}

/// Who tried doors that did not open.
#[derive(Default)]
pub(super) struct Sprays {
    searched: HashTable<Spray>,
    others: HashTable<Spray>,
}

/// Doors that clients who search have tried. Whoever searches comes to a door once; whoever comes
/// again has to do with it.
pub(super) struct Searches {
    bits: Vec<u64>,
    doors: u64,
}

impl Searches {
    pub(super) fn new() -> Self {
        Self {
            bits: Vec::new(),
            doors: 0,
        }
    }

    /// Whether the door of this hash was not tried before; from now on it was.
    pub(super) fn is_first(&mut self, hash: u64) -> bool {
        if self.bits.is_empty() || self.doors >= DOORS_MAX {
            self.bits.clear();
            self.bits
                .resize(usize::try_from(DOOR_BITS / 64).unwrap_or(1), 0);
            self.doors = 0;
        }
        let place = hash.wrapping_mul(0x9e37_79b9_7f4a_7c15) >> (64 - DOOR_BITS.trailing_zeros());
        let word = usize::try_from(place / 64).ok();
        let Some(word) = word.and_then(|word| self.bits.get_mut(word)) else {
            return false;
        };
        let bit = 1 << (place % 64);
        let is_first = *word & bit == 0;
        *word |= bit;
        self.doors += u64::from(is_first);
        is_first
    }
}

impl Sprays {
    /// Notes that `client` tried `port` of a server and nothing answered: on how many servers by now, an
    /// estimate. `None` when there is no room.
    pub(super) fn tried(&mut self, client: u32, port: u16, server_hash: u64) -> Option<u64> {
        let bit = 1_u64 << (server_hash & 63);
        let table = if service::is_searched(port) {
            &mut self.searched
        } else {
            &mut self.others
        };
        let is = |spray: &Spray| spray.is(client, port);
        if let Some(spray) = table.find_mut(hash(client, port), is) {
            spray.servers |= bit;
            return Some(count(spray.servers));
        }
        if table.len() >= SPRAYS_MAX {
            return None;
        }
        let spray = Spray {
            client,
            port,
            servers: bit,
        };
        table.insert_unique(hash(client, port), spray, |spray| {
            hash(spray.client, spray.port)
        });
        Some(1)
    }

    /// How many servers `client` tried on `port`, an estimate.
    pub(super) fn tried_on(&self, client: u32, port: u16) -> u64 {
        let table = if service::is_searched(port) {
            &self.searched
        } else {
            &self.others
        };
        table
            .find(hash(client, port), |spray| spray.is(client, port))
            .map_or(0, |spray| count(spray.servers))
    }

    /// The clients that search on ports where infected devices do.
    pub(super) fn searching(&self) -> impl Iterator<Item = u32> {
        self.searched
            .iter()
            .filter(|spray| count(spray.servers) >= SEARCH_MIN)
            .map(|spray| spray.client)
    }
}

impl Spray {
    fn is(&self, client: u32, port: u16) -> bool {
        self.client == client && self.port == port
    }
}

/// Both parts are spread already, or few: a multiplication mixes enough.
fn hash(client: u32, port: u16) -> u64 {
    (u64::from(client) << 16 | u64::from(port)).wrapping_mul(0x9e37_79b9_7f4a_7c15)
}

#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "64 ln 64 is 266"
)]
fn count(bits: u64) -> u64 {
    let zeros = f64::from(bits.count_zeros().max(1));
    (64.0 * (64.0 / zeros).ln()).round() as u64
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_search_is_told_from_a_few_dead_servers() {
        let mut sprays = Sprays::default();
        for server in 0..200_u64 {
            let doors = sprays.tried(1, 23, server.wrapping_mul(0x9e37_79b9_7f4a_7c15) >> 20);
            assert!(doors.is_some());
        }
        for server in 0..10 {
            sprays.tried(2, 23, server).unwrap();
            sprays.tried(1, 80, server).unwrap();
        }
        assert!(sprays.tried_on(1, 23) >= 100, "{}", sprays.tried_on(1, 23));
        assert!(sprays.tried_on(1, 80) < SEARCH_MIN);
        assert_eq!(sprays.tried_on(3, 23), 0);
        assert_eq!(sprays.searching().collect::<Vec<_>>(), [1]);
    }

    #[test]
    fn a_door_that_is_tried_again_is_told_from_one_that_is_tried_once() {
        let mut searches = Searches::new();
        let hash = |door: u64| door.wrapping_mul(0xd6e8_feb8_6659_fd93);
        let first = (0..100_000).filter(|door| searches.is_first(hash(*door)));
        assert!(first.count() > 99_000);
        assert!((0..100_000).all(|door| !searches.is_first(hash(door))));
        // Another client at the same door is somebody else.
        assert!(searches.is_first(hash(7) ^ 1 << 32));
    }
}
