//! Random numbers of the generator: fast, and fixed by a seed.
//!
//! Billions of packets are drawn, too many for a cipher; nothing here is secret.

/// A stream of random numbers: `xoshiro256++` (Blackman, Vigna 2019).
pub(crate) struct Draw {
    state: [u64; 4],
}

impl Draw {
    /// The stream `label` of a seed.
    pub(crate) fn new(seed: u64, label: u64) -> Self {
        let mut mixed = seed ^ label.wrapping_mul(0xd6e8_feb8_6659_fd93);
        let state = [0; 4].map(|_: u64| {
            mixed = mixed.wrapping_add(0x9e37_79b9_7f4a_7c15);
            spread(mixed)
        });
        Self { state }
    }

    /// 64 random bits.
    pub(crate) fn bits(&mut self) -> u64 {
        let [a, b, c, d] = self.state;
        let drawn = a.wrapping_add(d).rotate_left(23).wrapping_add(a);
        let (c, d) = (c ^ a, d ^ b);
        self.state = [a ^ d, b ^ c, c ^ (b << 17), d.rotate_left(45)];
        drawn
    }

    /// Above 0 and below 1.
    #[expect(clippy::cast_precision_loss, reason = "53 bits fit")]
    pub(crate) fn unit(&mut self) -> f64 {
        ((self.bits() >> 11) as f64 + 0.5) / (1_u64 << 53) as f64
    }

    /// Whether something of this probability happens.
    pub(crate) fn happens(&mut self, probability: f64) -> bool {
        self.unit() < probability
    }

    /// Below `bound`; 0 when it is 0.
    #[expect(clippy::cast_possible_truncation, reason = "below `bound`")]
    pub(crate) fn below(&mut self, bound: u32) -> u32 {
        ((u128::from(self.bits()) * u128::from(bound)) >> 64) as u32
    }

    /// Between two numbers.
    pub(crate) fn between(&mut self, low: f64, high: f64) -> f64 {
        low + (high - low) * self.unit()
    }

    /// Between two numbers, each ratio as likely as the other.
    pub(crate) fn by_ratio(&mut self, low: f64, high: f64) -> f64 {
        low * (high / low).powf(self.unit())
    }

    /// Of the standard normal distribution (Box, Muller 1958).
    pub(crate) fn normal(&mut self) -> f64 {
        (-2.0 * self.unit().ln()).sqrt() * (std::f64::consts::TAU * self.unit()).cos()
    }

    /// Log-normal, by its median.
    pub(crate) fn log_normal(&mut self, median: f64, sigma: f64) -> f64 {
        median * (sigma * self.normal()).exp()
    }

    /// How often something happens that happens `mean` times on average.
    pub(crate) fn poisson(&mut self, mean: f64) -> u64 {
        if mean > 50.0 {
            return whole((mean + mean.sqrt() * self.normal()).round());
        }
        let (mut count, mut left) = (0, (-mean).exp());
        let drawn = self.unit();
        let mut sum = left;
        while drawn > sum && count < 1_000 {
            count += 1;
            left *= mean / ratio(count);
            sum += left;
        }
        count
    }

    /// How many fail before the next succeeds, when `ln_fail` is the logarithm of failing.
    pub(crate) fn fails(&mut self, ln_fail: f64) -> u64 {
        whole(self.unit().ln() / ln_fail)
    }
}

/// Mixes a number (`SplitMix64`; Steele, Lea, Flood 2014).
pub(crate) fn spread(number: u64) -> u64 {
    let mut z = number;
    z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    z ^ (z >> 31)
}

/// A number above 0 and below 1 that belongs to `number`.
pub(crate) fn unit_of(number: u64) -> f64 {
    Draw::new(number, 0).unit()
}

/// The whole part; 0 of what is negative.
#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "saturates, which is wanted"
)]
pub(crate) fn whole(number: f64) -> u64 {
    number as u64
}

/// The whole part in 32 bits.
#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "saturates, which is wanted"
)]
pub(crate) fn short(number: f64) -> u32 {
    number as u32
}

/// As a number to divide.
#[expect(clippy::cast_precision_loss, reason = "counts far below 2^53")]
pub(crate) fn ratio(count: u64) -> f64 {
    count as f64
}

/// Milliseconds of seconds.
#[expect(clippy::cast_possible_truncation, reason = "days in milliseconds")]
pub(crate) fn millis(seconds: f64) -> i64 {
    (seconds * 1_000.0) as i64
}
