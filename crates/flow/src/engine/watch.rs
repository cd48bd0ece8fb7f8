//! What is kept of a server behind the gate, pooled over its clients.

use super::pair::Told;
use super::rhythm::Rhythm;

/// A server that is watched.
pub(super) struct Watch {
    pub(super) rhythm: Rhythm,
    /// Intervals that were like the one before of the same client, of how many.
    pub(super) steady: u32,
    pub(super) steady_of: u32,
    /// Calls of the size of the one before, of how many.
    pub(super) same_size: u32,
    pub(super) same_size_of: u32,
    /// Clients by hour of the day (UTC): linear counting in 64 bits.
    hours: [u64; 24],
}

impl Watch {
    pub(super) const fn new() -> Self {
        Self {
            rhythm: Rhythm::none(),
            steady: 0,
            steady_of: 0,
            same_size: 0,
            same_size_of: 0,
            hours: [0; 24],
        }
    }

    /// Notes a call, with what it says beside the one before.
    pub(super) fn note(&mut self, told: Told, client: u64, hour: usize) {
        if let Some(clients) = self.hours.get_mut(hour) {
            *clients |= 1 << (client & 63);
        }
        if let Told::Again {
            wait,
            steady,
            same_size,
        } = told
        {
            self.rhythm.add(wait);
            self.same_size_of = self.same_size_of.saturating_add(1);
            self.same_size = self.same_size.saturating_add(u32::from(same_size));
            if let Some(steady) = steady {
                self.steady_of = self.steady_of.saturating_add(1);
                self.steady = self.steady.saturating_add(u32::from(steady));
            }
        }
    }

    /// Clients in each hour of the day, estimates; 266 stands for that many and more.
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "64 ln 64 is 266"
    )]
    pub(super) fn hours(&self) -> [u64; 24] {
        self.hours.map(|bits| {
            let zeros = f64::from(bits.count_zeros().max(1));
            (64.0 * (64.0 / zeros).ln()).round() as u64
        })
    }
}
