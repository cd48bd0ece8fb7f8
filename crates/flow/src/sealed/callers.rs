//! Who calls, where nobody named the subscribers: an address that itself called many others is inside,
//! and what strangers knock on there is no server.

use hashbrown::HashMap;

use crate::column::Address;

/// Addresses that are watched; above, further ones are not.
const CALLERS_MAX: usize = 1_000_000;

/// Who called so many different addresses is inside: a server calls few.
const CALLED_MIN: u32 = 16;

/// Addresses that called, and whom: one bit of 64 for each, by its address. In memory only.
#[derive(Default)]
pub(super) struct Callers {
    called: HashMap<u128, u64>,
}

impl Callers {
    /// Which end of a flow calls: that which calls many others, or else that which `opens` it, if the
    /// source does.
    pub(super) fn calls(&mut self, source: Address, destination: Address, opens: bool) -> bool {
        let (caller, other) = if opens {
            (source, destination)
        } else {
            (destination, source)
        };
        self.note(caller, other);
        match (self.is_inside(source), self.is_inside(destination)) {
            (one, two) if one == two => opens,
            (source, _) => source,
        }
    }

    fn note(&mut self, caller: Address, other: Address) {
        let is_known = self.called.contains_key(&caller.bits());
        if is_known || self.called.len() < CALLERS_MAX {
            *self.called.entry(caller.bits()).or_default() |= 1 << place(other);
        }
    }

    fn is_inside(&self, address: Address) -> bool {
        let called = self.called.get(&address.bits());
        called.is_some_and(|called| called.count_ones() >= CALLED_MIN)
    }
}

/// The bit of an address.
fn place(address: Address) -> u32 {
    let [high, low] = [address.bits() >> 64, address.bits() & u128::from(u64::MAX)];
    let product = (high ^ low).wrapping_mul(0x9e37_79b9_7f4a_7c15) & u128::from(u64::MAX);
    u32::try_from(product >> 58).unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn strangers_that_knock_where_somebody_lives_call_no_server() {
        let mut callers = Callers::default();
        let (home, stranger, server) = (
            Address::v4(0xc633_6407),
            Address::v4(0xcb00_7109),
            Address::v4(0xc612_0001),
        );
        assert!(callers.calls(stranger, home, true));
        for other in 0..200 {
            assert!(callers.calls(home, Address::v4(0xc612_0100 + other), true));
        }
        // The stranger opens; the end that is inside is the other one.
        assert!(!callers.calls(stranger, home, true));
        // Who lives there still calls a server, and its answer is one.
        assert!(callers.calls(home, server, true));
        assert!(!callers.calls(server, home, false));
    }
}
