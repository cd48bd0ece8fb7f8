//! What is kept of every server: sums, heaps and sets of a fixed size, which join to those of a
//! longer time or of another collector.

use super::clients::Clients;
use super::watch::Watch;
use crate::sealed::Way;

/// Sizes of calls, by powers of two: below 64 octets, below 128 and so on; the last has all above.
pub(crate) const SIZES: usize = 16;

/// The first heap of large calls.
const LARGE: usize = 9;

/// The size that is the upper end of the first heap.
const FIRST_SIZE: u32 = 64;

/// A server over some time.
pub(crate) struct Profile {
    /// First and last call, in ticks.
    pub(crate) first: u32,
    pub(crate) last: u32,
    /// Calls from clients, and answers.
    pub(crate) calls: u32,
    pub(crate) answers: u32,
    /// Calls that nothing answered, by their flags.
    pub(crate) failed: u32,
    /// Calls of which a beginning and nothing else was seen: of a sampled one, perhaps only one packet.
    pub(crate) tried: u32,
    /// Calls of which the beginning was seen, by their flags.
    pub(crate) opened: u32,
    /// Highest sampling that was told; 1 is none.
    pub(crate) sampling: u32,
    /// The longest session, in ticks.
    pub(crate) longest: u32,
    /// Octets and packets of clients, octets of answers.
    pub(crate) octets: u64,
    pub(crate) packets: u64,
    pub(crate) octets_back: u64,
    /// Calls by hour of the day, UTC.
    pub(crate) hours: [u16; 24],
    pub(crate) sizes: [u16; SIZES],
    pub(crate) sizes_back: [u16; SIZES],
    pub(crate) clients: Clients,
    /// What is kept behind the gate.
    pub(super) watch: Option<Box<Watch>>,
}

/// What a call adds.
#[expect(
    clippy::struct_excessive_bools,
    reason = "four things that flags say, each asked for alone"
)]
#[derive(Clone, Copy)]
pub(super) struct Added {
    pub(super) tick: u32,
    pub(super) hour: usize,
    pub(super) octets: u64,
    pub(super) packets: u64,
    pub(super) sampling: u32,
    pub(super) client: u64,
    /// Bits of the token of the client: the same in every engine while its key lives.
    pub(super) mark: u64,
    pub(super) way: Way,
    /// Whether the client took part by itself.
    pub(super) asked: bool,
    pub(super) failed: bool,
    /// Whether its flags show a beginning and nothing else.
    pub(super) tried: bool,
    /// Whether its flags show the beginning of a connection.
    pub(super) opens: bool,
}

impl Profile {
    pub(super) fn new(tick: u32) -> Self {
        Self {
            first: tick,
            last: tick,
            calls: 0,
            answers: 0,
            failed: 0,
            tried: 0,
            opened: 0,
            sampling: 1,
            longest: 0,
            octets: 0,
            packets: 0,
            octets_back: 0,
            hours: [0; 24],
            sizes: [0; SIZES],
            sizes_back: [0; SIZES],
            clients: Clients::none(),
            watch: None,
        }
    }

    /// Adds a call, or an answer.
    #[inline]
    pub(super) fn add(&mut self, added: &Added) {
        self.first = self.first.min(added.tick);
        self.last = self.last.max(added.tick);
        self.sampling = self.sampling.max(added.sampling);
        if added.asked {
            self.clients.add(added.client);
        }
        let size = size(added.octets);
        match added.way {
            Way::Forth => {
                self.calls = self.calls.saturating_add(1);
                self.octets = self.octets.saturating_add(added.octets);
                self.packets = self.packets.saturating_add(added.packets);
                self.failed = self.failed.saturating_add(u32::from(added.failed));
                self.tried = self.tried.saturating_add(u32::from(added.tried));
                self.opened = self.opened.saturating_add(u32::from(added.opens));
                count_up(&mut self.sizes, size);
            }
            Way::Back => {
                self.answers = self.answers.saturating_add(1);
                self.octets_back = self.octets_back.saturating_add(added.octets);
                count_up(&mut self.sizes_back, size);
            }
        }
        if added.way == Way::Forth || self.calls == 0 {
            count_up(&mut self.hours, added.hour);
        }
    }

    /// Adds octets of a call that goes on.
    pub(super) fn more(&mut self, added: &Added, lasts: u32) {
        self.last = self.last.max(added.tick);
        self.longest = self.longest.max(lasts);
        match added.way {
            Way::Forth => {
                self.octets = self.octets.saturating_add(added.octets);
                self.packets = self.packets.saturating_add(added.packets);
            }
            Way::Back => self.octets_back = self.octets_back.saturating_add(added.octets),
        }
        count_up(&mut self.hours, added.hour);
    }

    /// Whether at most one of `one_in` calls and answers is large: 16 KiB and more.
    pub(super) fn is_mostly_small(&self, one_in: u64) -> bool {
        let both = || self.sizes.iter().zip(&self.sizes_back);
        let count = |(forth, back): (&u16, &u16)| u64::from(*forth) + u64::from(*back);
        let large: u64 = both().skip(LARGE).map(count).sum();
        large * one_in <= both().map(count).sum()
    }

    /// Calls in the direction of which more was seen.
    pub(crate) fn seen(&self) -> u32 {
        self.calls.max(self.answers)
    }
}

/// Counts one heap up; when it is full all are halved, which keeps their proportion.
pub(crate) fn count_up<const N: usize>(heaps: &mut [u16; N], place: usize) {
    let Some(count) = heaps.get_mut(place) else {
        return;
    };
    if *count < u16::MAX {
        *count += 1;
        return;
    }
    for count in heaps.iter_mut() {
        *count /= 2;
    }
}

/// Heaps of large numbers in the same proportion, as far as they go.
pub(super) fn fitted<const N: usize>(heaps: &[u64; N]) -> [u16; N] {
    let most = heaps.iter().max().copied().unwrap_or(0);
    let spare = u16::MAX.leading_zeros() + (64 - u16::BITS);
    let shift = spare.saturating_sub(most.leading_zeros());
    heaps.map(|heap| u16::try_from(heap >> shift).unwrap_or(u16::MAX))
}

/// The heap of a size.
pub(super) fn size(octets: u64) -> usize {
    let bits = (octets / u64::from(FIRST_SIZE)).checked_ilog2();
    bits.map_or(0, |bits| {
        (usize::try_from(bits).unwrap_or(SIZES) + 1).min(SIZES - 1)
    })
}

/// The size in the middle of `sizes`, octets: the geometric mean of its heap's ends. `None` of none.
pub(crate) fn median(sizes: &[u16; SIZES]) -> Option<f64> {
    let all: u64 = sizes.iter().map(|count| u64::from(*count)).sum();
    let mut below = 0;
    for (place, count) in (0_i32..).zip(sizes) {
        below += u64::from(*count);
        if all > 0 && below * 2 >= all {
            return Some(f64::from(FIRST_SIZE) * 2_f64.powi(place) / std::f64::consts::SQRT_2);
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sizes_fall_in_heaps_by_powers_of_two() {
        for (octets, place) in [(0, 0), (63, 0), (64, 1), (127, 1), (128, 2), (u64::MAX, 15)] {
            assert_eq!(size(octets), place, "{octets}");
        }
        let mut sizes = [0; SIZES];
        sizes[2] = 3;
        assert!((128.0..256.0).contains(&median(&sizes).unwrap()));
        assert_eq!(median(&[0; SIZES]), None);
    }

    #[test]
    fn full_heaps_keep_their_proportion() {
        let mut heaps = [0_u16; 3];
        for _ in 0..200_000 {
            count_up(&mut heaps, 0);
            count_up(&mut heaps, 1);
        }
        let ratio = f64::from(heaps[0]) / f64::from(heaps[1]);
        assert!((0.99..1.01).contains(&ratio), "{heaps:?}");
    }
}
