//! Splitting a key among several holders: Shamir's scheme over GF(2^8), byte by byte.
//!
//! INVARIANT: any `threshold` shares give the key; fewer say nothing about it, whatever the
//! computing power. A wrong share is not noticed here but gives a wrong key: what the key opens must
//! be authenticated.

use std::collections::BTreeSet;
use std::fmt;

use blahaj::Sharks;
use zeroize::Zeroizing;

use crate::random::Random;

/// One share of a key.
#[derive(Clone)]
pub struct Share {
    index: u8,
    bytes: Zeroizing<[u8; 32]>,
}

/// Splits `secret` into `shares` shares with the indices 1, 2, 3 …, of which `threshold` give it
/// back.
pub fn split(
    secret: &[u8; 32],
    threshold: u8,
    shares: u8,
    random: &mut Random,
) -> Result<Vec<Share>, SplitError> {
    if threshold < 2 || shares < threshold {
        return Err(SplitError::Threshold { threshold, shares });
    }
    Sharks(threshold)
        .dealer_rng(secret, random)
        .take(usize::from(shares))
        .map(|dealt| {
            let bytes = Zeroizing::new(Vec::from(&dealt));
            match bytes.split_first() {
                Some((&index, bytes)) => Share::from_parts(index, bytes),
                None => Err(SplitError::NotAShare),
            }
        })
        .collect()
}

/// Gives back the key from at least `threshold` shares of it.
pub fn combine(threshold: u8, shares: &[Share]) -> Result<Zeroizing<[u8; 32]>, SplitError> {
    let indices: BTreeSet<u8> = shares.iter().map(|share| share.index).collect();
    if indices.len() != shares.len() {
        return Err(SplitError::Repeated);
    }
    if shares.len() < usize::from(threshold) {
        return Err(SplitError::TooFew {
            shares: shares.len(),
            threshold,
        });
    }
    let dealt = shares
        .iter()
        .map(|share| {
            let mut bytes = Zeroizing::new(Vec::with_capacity(33));
            bytes.push(share.index);
            bytes.extend_from_slice(share.bytes.as_slice());
            blahaj::Share::try_from(bytes.as_slice()).map_err(|_| SplitError::NotAShare)
        })
        .collect::<Result<Vec<_>, _>>()?;
    let scheme = Sharks(threshold);
    let secret = Zeroizing::new(scheme.recover(&dealt).map_err(|_| SplitError::NotAShare)?);
    secret
        .as_slice()
        .try_into()
        .map(Zeroizing::new)
        .map_err(|_| SplitError::NotAShare)
}

impl Share {
    /// The share with this index (from 1) and these 32 bytes.
    pub fn from_parts(index: u8, bytes: &[u8]) -> Result<Self, SplitError> {
        let bytes: [u8; 32] = bytes.try_into().map_err(|_| SplitError::NotAShare)?;
        // The index 0 would stand for the key itself.
        if index == 0 {
            return Err(SplitError::NotAShare);
        }
        Ok(Self {
            index,
            bytes: Zeroizing::new(bytes),
        })
    }

    /// Which share it is, from 1.
    pub fn index(&self) -> u8 {
        self.index
    }

    /// The 32 bytes to seal to the holder. As secret as the key.
    pub fn expose(&self) -> &[u8; 32] {
        &self.bytes
    }
}

/// Why a key was not split or not given back.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum SplitError {
    /// The numbers make no sense: with a threshold of 1 every holder could open alone.
    #[error("a key cannot be split {threshold} of {shares}; take at least 2 of 2")]
    Threshold {
        /// How many shares were to be needed.
        threshold: u8,
        /// How many shares were to be made.
        shares: u8,
    },
    /// Fewer shares than the threshold.
    #[error("{shares} shares are too few: {threshold} are needed")]
    TooFew {
        /// How many shares there are.
        shares: usize,
        /// How many are needed.
        threshold: u8,
    },
    /// The same share twice.
    #[error("the same share was given twice; ask another holder")]
    Repeated,
    /// Not 32 bytes, or the index 0.
    #[error("one of the shares is damaged; ask its holder again")]
    NotAShare,
}

impl fmt::Debug for Share {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "Share({}, redacted)", self.index)
    }
}

#[cfg(test)]
mod tests;
