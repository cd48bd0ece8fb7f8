//! A set of clients that can be counted and joined, and not listed.

/// Registers of the estimate; its standard error is 1.04 / √64 = 13 %.
pub(crate) const REGISTERS: usize = 64;

/// The highest rank; of 2^30 clients in one register hardly one has it.
pub(crate) const RANK_MAX: u8 = 31;

/// The highest rank that is kept of one server.
pub(crate) const RANK_KEPT_MAX: u8 = 6;

/// A `HyperLogLog` (Flajolet et al. 2007) of tokens.
///
/// Of each token six bits choose a register and the run of zeros behind them is its rank; a register
/// keeps the highest. High ranks are rare and would single subscribers out, so that of one server no rank
/// above `RANK_KEPT_MAX` is kept: of N subscribers at least one in 2,048 has the same trace, some 490 of
/// a million and five of ten thousand. Whoever holds the key of the horizon, or knows the token of a
/// subscriber, can tell whether it may be among the clients. Without both, tokens are noise (AES), no
/// address can be tried, and the ranks name nobody.
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct Registers([u8; REGISTERS]);

impl Default for Registers {
    fn default() -> Self {
        Self([0; REGISTERS])
    }
}

impl Registers {
    /// Adds the client with these bits of its token: of each token always the same ones.
    #[inline]
    pub(crate) fn add(&mut self, mark: u64) {
        let rank = (mark >> 6 | 1 << (RANK_MAX - 1)).trailing_zeros() + 1;
        let place = usize::try_from(mark & 63).unwrap_or(0);
        if let Some(register) = self.0.get_mut(place) {
            *register = (*register).max(u8::try_from(rank).unwrap_or(RANK_MAX));
        }
    }

    /// The set with every rank at most `rank_max`.
    pub(crate) fn capped(mut self, rank_max: u8) -> Self {
        for rank in &mut self.0 {
            *rank = (*rank).min(rank_max);
        }
        self
    }

    /// Joins `other`, a set under the same key.
    pub(crate) fn merge(&mut self, other: &Self) {
        for (rank, more) in self.0.iter_mut().zip(&other.0) {
            *rank = (*rank).max(*more);
        }
    }

    /// How many clients, an estimate.
    pub(crate) fn count(&self) -> u64 {
        crate::engine::estimate(&self.0)
    }

    /// The ranks.
    pub(crate) fn ranks(&self) -> &[u8; REGISTERS] {
        &self.0
    }

    /// The set with these ranks; `None` when one is above the highest.
    pub(crate) fn of(ranks: [u8; REGISTERS]) -> Option<Self> {
        ranks
            .iter()
            .all(|rank| *rank <= RANK_MAX)
            .then_some(Self(ranks))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::draw;

    #[test]
    fn sets_join_to_the_set_of_both() {
        let of = |numbers: std::ops::Range<u64>| {
            let mut set = Registers::default();
            for number in numbers {
                set.add(draw::at(number));
            }
            set
        };
        for count in [1, 3, 12, 60, 1_000, 50_000] {
            let (mut one, other) = (of(0..count), of(count / 2..2 * count));
            one.merge(&other);
            assert!(one == of(0..2 * count));
            let found = one.count();
            assert!(
                found.abs_diff(2 * count) * 100 <= 2 * count * 40,
                "{count}: {found}"
            );
        }
        assert_eq!(Registers::default().count(), 0);
    }
}
