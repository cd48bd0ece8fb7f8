use std::collections::BTreeSet;

use super::{Share, SplitError, combine, split};
use crate::random::Random;

#[test]
fn any_two_of_three_give_the_key_back() {
    let mut random = Random::from_seed([1; 32]);
    let secret = random.bytes();
    let shares = split(&secret, 2, 3, &mut random).unwrap();
    assert_eq!(
        shares.iter().map(Share::index).collect::<Vec<_>>(),
        [1, 2, 3]
    );
    for (one, other) in [(0, 1), (0, 2), (1, 2), (2, 0)] {
        let pair = [shares[one].clone(), shares[other].clone()];
        assert_eq!(*combine(2, &pair).unwrap(), secret);
    }
    assert_eq!(*combine(2, &shares).unwrap(), secret);
}

#[test]
fn every_k_of_n_up_to_five_works() {
    let mut random = Random::from_seed([2; 32]);
    for shares in 2..=5 {
        for threshold in 2..=shares {
            let secret = random.bytes();
            let dealt = split(&secret, threshold, shares, &mut random).unwrap();
            let last = &dealt[usize::from(shares - threshold)..];
            assert_eq!(
                *combine(threshold, last).unwrap(),
                secret,
                "{threshold} of {shares}"
            );
            let refused = combine(threshold, &last[1..]).unwrap_err();
            assert_eq!(
                refused,
                SplitError::TooFew {
                    shares: last.len() - 1,
                    threshold
                }
            );
        }
    }
}

// Perfect secrecy of one share of a 2-of-n split: whatever the missing share may be, each value
// of the key remains possible, and exactly once.
#[test]
fn one_share_leaves_every_key_possible() {
    let mut random = Random::from_seed([3; 32]);
    let known = split(&random.bytes(), 2, 3, &mut random).unwrap()[0].clone();
    let possible: BTreeSet<[u8; 32]> = (0..=255)
        .map(|guess| {
            let missing = Share::from_parts(2, &[guess; 32]).unwrap();
            *combine(2, &[known.clone(), missing]).unwrap()
        })
        .collect();
    for at in 0..32 {
        let bytes: BTreeSet<u8> = possible.iter().map(|key| key[at]).collect();
        assert_eq!(bytes.len(), 256, "byte {at} of the key is not free");
    }
}

#[test]
fn senseless_numbers_and_shares_are_refused() {
    let mut random = Random::from_seed([4; 32]);
    for (threshold, shares) in [(0, 3), (1, 3), (4, 3), (2, 1)] {
        assert_eq!(
            split(&[1; 32], threshold, shares, &mut random).unwrap_err(),
            SplitError::Threshold { threshold, shares }
        );
    }
    let dealt = split(&[1; 32], 2, 3, &mut random).unwrap();
    let twice = [dealt[0].clone(), dealt[0].clone()];
    assert_eq!(combine(2, &twice).unwrap_err(), SplitError::Repeated);
    assert_eq!(
        Share::from_parts(0, &[1; 32]).unwrap_err(),
        SplitError::NotAShare
    );
    assert_eq!(
        Share::from_parts(1, &[1; 31]).unwrap_err(),
        SplitError::NotAShare
    );
}

#[test]
fn debug_shows_the_index_alone() {
    assert_eq!(
        format!("{:?}", Share::from_parts(3, &[7; 32]).unwrap()),
        "Share(3, redacted)"
    );
}
