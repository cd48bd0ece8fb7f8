//! Randomness as an argument: a stream that is fixed by its seed.
//!
//! The program draws one seed from the operating system and passes streams down; a simulation
//! passes a fixed seed and gets the same world again. [`Random::derive`] gives each actor and call
//! its own stream, so that one more draw in one place does not shift every other place.
//!
//! INVARIANT: a derived stream depends on the seed and the label alone, never on how much was
//! already drawn. Two derivations with the same label are therefore the *same* stream: a label
//! must name its actor and call, or keys and nonces repeat.

use std::convert::Infallible;
use std::fmt;

use rand_chacha::ChaCha20Rng;
use rand_core::{Rng, SeedableRng, TryCryptoRng, TryRng};
use zeroize::Zeroizing;

use crate::derivation::expand;

/// A `ChaCha20` stream of random bytes. Deliberately not `Clone`: a copied stream repeats nonces.
pub struct Random {
    seed: Zeroizing<[u8; 32]>,
    stream: ChaCha20Rng,
}

impl Random {
    /// Starts the stream that belongs to `seed`, which must be 32 uniformly random bytes wherever
    /// the output has to be unpredictable.
    pub fn from_seed(seed: [u8; 32]) -> Self {
        let seed = Zeroizing::new(seed);
        // The stream has its own key: the seed itself keys the derivations only.
        let stream = ChaCha20Rng::from_seed(*expand(&seed, "noroshi/random/stream/v1", &[]));
        Self { seed, stream }
    }

    /// Starts the stream for `label`, independent of this one and of its position.
    #[must_use]
    pub fn derive(&self, label: &str) -> Self {
        let seed = expand(&self.seed, "noroshi/random/derive/v1", &[label.as_bytes()]);
        Self::from_seed(*seed)
    }

    /// The next `N` bytes.
    pub fn bytes<const N: usize>(&mut self) -> [u8; N] {
        let mut bytes = [0; N];
        self.fill(&mut bytes);
        bytes
    }

    /// Fills `buffer` with the next bytes.
    pub fn fill(&mut self, buffer: &mut [u8]) {
        self.stream.fill_bytes(buffer);
    }

    /// A uniform number below `bound`, without modulo bias; 0 when `bound` is 0.
    pub fn below(&mut self, bound: u64) -> u64 {
        if bound == 0 {
            return 0;
        }
        // Numbers from the last, incomplete run of `bound` are drawn again.
        let unbiased_max = u64::MAX - (u64::MAX % bound + 1) % bound;
        loop {
            let drawn = self.stream.next_u64();
            if drawn <= unbiased_max {
                return drawn % bound;
            }
        }
    }
}

impl TryRng for Random {
    type Error = Infallible;

    fn try_next_u32(&mut self) -> Result<u32, Infallible> {
        self.stream.try_next_u32()
    }

    fn try_next_u64(&mut self) -> Result<u64, Infallible> {
        self.stream.try_next_u64()
    }

    fn try_fill_bytes(&mut self, buffer: &mut [u8]) -> Result<(), Infallible> {
        self.stream.try_fill_bytes(buffer)
    }
}

// ChaCha20 with a secret seed is a cryptographic generator, so that `Random` serves wherever the
// cryptographic crates ask for `CryptoRng`.
impl TryCryptoRng for Random {}

impl fmt::Debug for Random {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("Random(redacted)")
    }
}

#[cfg(test)]
mod tests {
    use super::Random;

    #[test]
    fn the_same_seed_gives_the_same_stream() {
        let (mut one, mut other) = (Random::from_seed([7; 32]), Random::from_seed([7; 32]));
        assert_eq!(one.bytes::<64>(), other.bytes::<64>());
        assert_ne!(one.bytes::<32>(), Random::from_seed([8; 32]).bytes::<32>());
    }

    #[test]
    fn a_derived_stream_ignores_the_position() {
        let mut moved = Random::from_seed([7; 32]);
        let _ = moved.bytes::<1000>();
        let fresh = Random::from_seed([7; 32]);
        assert_eq!(
            moved.derive("a").bytes::<32>(),
            fresh.derive("a").bytes::<32>()
        );
        assert_ne!(
            fresh.derive("a").bytes::<32>(),
            fresh.derive("b").bytes::<32>()
        );
        assert_ne!(
            fresh.derive("a").bytes::<32>(),
            Random::from_seed([7; 32]).bytes::<32>()
        );
    }

    #[test]
    fn bounded_numbers_stay_below_and_cover_the_range() {
        let mut random = Random::from_seed([1; 32]);
        let mut counts = [0_u32; 10];
        for _ in 0..10_000 {
            counts[usize::try_from(random.below(10)).unwrap()] += 1;
        }
        assert!(
            counts.iter().all(|count| (850..1150).contains(count)),
            "{counts:?}"
        );
        assert_eq!(random.below(0), 0);
        assert_eq!(random.below(1), 0);
    }

    #[test]
    fn debug_shows_no_byte_of_the_seed() {
        assert_eq!(
            format!("{:?}", Random::from_seed([7; 32])),
            "Random(redacted)"
        );
    }
}
