//! Draws from a seeded stream.

use hub::Random;

/// A stream of draws that depends on its seed and label alone.
pub(crate) struct Draw(Random);

impl Draw {
    /// The stream of `label` under `seed`.
    pub(crate) fn new(seed: u64, label: &str) -> Self {
        Self(seed_random(seed).derive(label))
    }

    /// A number below `bound`; 0 when `bound` is 0.
    pub(crate) fn below(&mut self, bound: usize) -> usize {
        usize::try_from(self.0.below(bound as u64)).unwrap_or(0)
    }

    /// A number from `least` to `most`, both included.
    pub(crate) fn between(&mut self, least: i64, most: i64) -> i64 {
        let span = u64::try_from(most.saturating_sub(least)).unwrap_or(0) + 1;
        least.saturating_add(i64::try_from(self.0.below(span)).unwrap_or(0))
    }

    /// Whether a draw of `percent` in a hundred came true.
    pub(crate) fn chance(&mut self, percent: usize) -> bool {
        self.below(100) < percent
    }

    /// One of `list`, which must not be empty.
    pub(crate) fn pick<'a, T>(&mut self, list: &'a [T]) -> &'a T {
        let index = self.below(list.len());
        #[expect(
            clippy::expect_used,
            reason = "the lists drawn from are built in and not empty; the tests draw from each"
        )]
        list.get(index)
            .expect("drawn from a list that is not empty")
    }

    /// `list` in a drawn order.
    pub(crate) fn shuffled<'a, T>(&mut self, list: &'a [T]) -> Vec<&'a T> {
        let mut keyed: Vec<(u64, usize, &T)> = list
            .iter()
            .enumerate()
            .map(|(index, item)| (self.0.below(u64::MAX), index, item))
            .collect();
        keyed.sort_by_key(|(key, index, _)| (*key, *index));
        keyed.into_iter().map(|(_, _, item)| item).collect()
    }
}

/// The randomness that everything of one nation is derived from.
pub(crate) fn seed_random(seed: u64) -> Random {
    let mut bytes = [0; 32];
    let (head, _) = bytes.split_at_mut(8);
    head.copy_from_slice(&seed.to_be_bytes());
    Random::from_seed(bytes)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn draws_depend_on_seed_and_label_alone() {
        let drawn = |seed, label| {
            let mut draw = Draw::new(seed, label);
            (0..20).map(|_| draw.below(1000)).collect::<Vec<_>>()
        };
        assert_eq!(drawn(1, "a"), drawn(1, "a"));
        assert_ne!(drawn(1, "a"), drawn(2, "a"));
        assert_ne!(drawn(1, "a"), drawn(1, "b"));
    }

    #[test]
    fn bounds_are_kept() {
        let mut draw = Draw::new(1, "bounds");
        for _ in 0..500 {
            assert!((-3..=3).contains(&draw.between(-3, 3)));
        }
        let list: Vec<usize> = (0..30).collect();
        let mut shuffled: Vec<usize> = draw.shuffled(&list).into_iter().copied().collect();
        assert_ne!(shuffled, list);
        shuffled.sort_unstable();
        assert_eq!(shuffled, list);
    }
}
