//! Clients that search the network for open doors, as infected devices do to find others.

use hashbrown::HashTable;

use crate::service;

/// Clients and ports that are watched at once; above, further ones are not.
const SPRAYS_MAX: usize = 2_000_000;

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
    table: HashTable<Spray>,
}

impl Sprays {
    /// Notes that `client` tried `port` of a server and nothing answered.
    pub(super) fn tried(&mut self, client: u32, port: u16, server_hash: u64) {
        let bit = 1_u64 << (server_hash & 63);
        if let Some(spray) = self
            .table
            .find_mut(hash(client, port), |spray| spray.is(client, port))
        {
            spray.servers |= bit;
        } else if self.table.len() < SPRAYS_MAX {
            let spray = Spray {
                client,
                port,
                servers: bit,
            };
            self.table
                .insert_unique(hash(client, port), spray, |spray| {
                    hash(spray.client, spray.port)
                });
        }
    }

    /// How many servers `client` tried on `port`, an estimate.
    pub(super) fn tried_on(&self, client: u32, port: u16) -> u64 {
        self.table
            .find(hash(client, port), |spray| spray.is(client, port))
            .map_or(0, |spray| count(spray.servers))
    }

    /// The clients that search on ports where infected devices do.
    pub(super) fn searching(&self) -> impl Iterator<Item = u32> {
        self.table
            .iter()
            .filter(|spray| service::is_searched(spray.port) && count(spray.servers) >= SEARCH_MIN)
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
            sprays.tried(1, 23, server.wrapping_mul(0x9e37_79b9_7f4a_7c15) >> 20);
        }
        for server in 0..10 {
            sprays.tried(2, 23, server);
            sprays.tried(1, 80, server);
        }
        assert!(sprays.tried_on(1, 23) >= 100, "{}", sprays.tried_on(1, 23));
        assert!(sprays.tried_on(1, 80) < SEARCH_MIN);
        assert_eq!(sprays.tried_on(3, 23), 0);
        assert_eq!(sprays.searching().collect::<Vec<_>>(), [1]);
    }
}
