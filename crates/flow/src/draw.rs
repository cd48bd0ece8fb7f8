//! Numbers for tests, samples and the bootstrap: the same for the same seed on every machine.
//!
//! `SplitMix64` (Steele, Lea, Flood 2014). Nothing secret is drawn with it.

const STEP: u64 = 0x9e37_79b9_7f4a_7c15;

/// Draws without end from `seed`.
pub fn draws(seed: u64) -> impl FnMut() -> u64 + 'static {
    let mut state = seed;
    move || {
        state = state.wrapping_add(STEP);
        mixed(state)
    }
}

/// The draw of place `n`, for who needs them out of order.
#[cfg(test)]
pub(crate) fn at(n: u64) -> u64 {
    mixed(n.wrapping_mul(STEP))
}

const fn mixed(state: u64) -> u64 {
    let z = (state ^ (state >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    let z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    z ^ (z >> 31)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_published_numbers_come_out() {
        let mut draw = draws(0);
        assert_eq!(draw(), 0xe220_a839_7b1d_cdaf);
        assert_eq!(draw(), 0x6e78_9e6a_a1b9_65f4);
        assert_eq!(at(1), 0xe220_a839_7b1d_cdaf);
    }
}
