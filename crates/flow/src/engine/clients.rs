//! How many clients: exact while they are few, an estimate in 64 octets when they are many.

/// Clients that are kept one by one.
const FEW_MAX: usize = 15;

/// Registers of the estimate; its standard error is 1.04 / √64 = 13 %.
const REGISTERS: usize = 64;

/// A set of clients that can be counted, not listed.
///
/// Above [`FEW_MAX`] it is a `HyperLogLog` (Flajolet et al. 2007) with linear counting below 2.5 m.
#[derive(Clone)]
pub(crate) enum Clients {
    /// Upper halves of hashes; the rest of the room is zero.
    Few(u8, [u32; FEW_MAX]),
    /// Registers.
    Many([u8; REGISTERS]),
}

impl Clients {
    pub(crate) const fn none() -> Self {
        Self::Few(0, [0; FEW_MAX])
    }

    /// Adds the client of this hash.
    #[inline]
    pub(crate) fn add(&mut self, hash: u64) {
        match self {
            Self::Few(count, few) => {
                let high = high(hash);
                let held = usize::from(*count);
                if few.iter().take(held).any(|known| *known == high) {
                    return;
                }
                if let Some(free) = few.get_mut(held) {
                    *free = high;
                    *count += 1;
                    return;
                }
                let mut registers = [0; REGISTERS];
                for known in few.iter().chain([&high]) {
                    raise(&mut registers, *known);
                }
                *self = Self::Many(registers);
            }
            Self::Many(registers) => raise(registers, high(hash)),
        }
    }

    /// How many there are.
    pub(crate) fn count(&self) -> u64 {
        match self {
            Self::Few(count, _) => u64::from(*count),
            Self::Many(registers) => estimate(registers),
        }
    }
}

fn high(hash: u64) -> u32 {
    u32::try_from(hash >> 32).unwrap_or(u32::MAX)
}

/// Raises the register of a hash: the low six bits choose it, the rest tells how rare it is.
#[inline]
fn raise(registers: &mut [u8; REGISTERS], hash: u32) {
    let rank = u8::try_from((hash >> 6 | 1 << 26).trailing_zeros() + 1).unwrap_or(u8::MAX);
    let place = usize::try_from(hash & 63).unwrap_or(0);
    if let Some(register) = registers.get_mut(place) {
        *register = (*register).max(rank);
    }
}

#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_precision_loss,
    clippy::cast_sign_loss,
    reason = "an estimate between 0 and some 10^10, rounded"
)]
pub(crate) fn estimate(registers: &[u8; REGISTERS]) -> u64 {
    const M: f64 = 64.0;
    const RANKED: u64 = 1 << 32;
    // Sums of halves are exact in integers, and every call asks: no rank is above 27.
    let parts = registers
        .iter()
        .map(|rank| RANKED >> u32::from(*rank).min(32));
    let sum = parts.sum::<u64>() as f64 / RANKED as f64;
    let raw = 0.709 * M * M / sum;
    let empty = registers.iter().map(|rank| u32::from(*rank == 0));
    let empty = f64::from(empty.sum::<u32>());
    let found = if raw <= 2.5 * M && empty > 0.0 {
        M * (M / empty).ln()
    } else {
        raw
    };
    found.round() as u64
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::draw;

    fn hashes(seed: u64, count: u64) -> impl Iterator<Item = u64> {
        (0..count).map(move |n| draw::at(seed + n))
    }

    fn of(seed: u64, count: u64) -> Clients {
        let mut clients = Clients::none();
        for hash in hashes(seed, count).chain(hashes(seed, count)) {
            clients.add(hash);
        }
        clients
    }

    #[test]
    fn few_are_exact_and_many_are_near() {
        for count in [0, 1, 2, 15] {
            assert_eq!(of(7, count).count(), count);
        }
        for count in [16, 40, 200, 5_000, 1_000_000] {
            let found = of(7, count).count();
            assert!(
                found.abs_diff(count) * 100 <= count * 40,
                "{count}: {found}"
            );
        }
    }
}
