//! Packet sampling, played on talks that were seen whole: what a router would have exported that looks
//! at one packet of many.

use crate::column::Address;
use crate::sealed::Talk;

/// Flags that one packet of a connection has, the first or the last.
const ONCE: [u8; 3] = [0x01, 0x02, 0x04];

const ACK: u8 = 0x10;

/// Keeps of each talk what is seen when one packet of `sampling` is looked at, by chance; a talk of
/// which none is looked at is gone. `draw` gives random numbers. What was sampled already is sampled by
/// the product of both then.
pub fn thin(talks: &mut Vec<Talk<Address>>, sampling: u32, mut draw: impl FnMut() -> u64) {
    if sampling > 1 {
        talks.retain_mut(|talk| sampled(talk, sampling, &mut draw));
    }
}

fn sampled(talk: &mut Talk<Address>, sampling: u32, draw: &mut impl FnMut() -> u64) -> bool {
    let packets = talk.packets.max(1);
    let seen = looked_at(packets, f64::from(sampling), draw);
    if seen == 0 {
        return false;
    }
    let mut flags = talk.flags & ACK;
    let mut of_once = 0;
    for flag in ONCE {
        if talk.flags & flag != 0 && draw() % packets < seen {
            flags |= flag;
            of_once += 1;
        }
    }
    // A lone first packet of whoever opened has no acknowledgement.
    if seen == 1 && of_once == 1 && flags & 0x02 != 0 && talk.way == crate::sealed::Way::Forth {
        flags &= !ACK;
    }
    if talk.flags & !(ACK | 0x07) != 0 && of_once < seen {
        flags |= talk.flags & !(ACK | 0x07);
    }
    let lasts = u64::try_from(talk.end_ms - talk.start_ms).unwrap_or(0) + 1;
    let mut moment = || i64::try_from(draw() % lasts).unwrap_or(0);
    let (one, other) = (moment(), if seen > 1 { moment() } else { -1 });
    let (first, last) = if other < 0 {
        (one, one)
    } else {
        (one.min(other), one.max(other))
    };
    talk.end_ms = talk.start_ms + last;
    talk.start_ms += first;
    talk.bytes = u64::try_from(u128::from(talk.bytes) * u128::from(seen) / u128::from(packets))
        .unwrap_or(u64::MAX);
    talk.packets = seen;
    talk.flags = flags;
    // What an exporter looked at one packet in so many of, is looked at rarer still.
    talk.sampling = talk.sampling.max(1).saturating_mul(sampling);
    true
}

/// How many of `packets` are looked at: from one that is to the next there is a geometric distance.
#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_precision_loss,
    clippy::cast_sign_loss,
    reason = "a distance in packets, at least one"
)]
fn looked_at(packets: u64, sampling: f64, draw: &mut impl FnMut() -> u64) -> u64 {
    let none = (1.0 - 1.0 / sampling).ln();
    let (mut at, mut seen) = (0_u64, 0);
    loop {
        let share = ((draw() >> 11) as f64 + 1.0) / (1_u64 << 53) as f64;
        at = at.saturating_add((share.ln() / none) as u64 + 1);
        if at > packets {
            return seen;
        }
        seen += 1;
    }
}

#[cfg(test)]
mod tests {
    use seal::subscriber::HorizonKey;

    use super::*;
    use crate::column::Ending;
    use crate::draw::draws;
    use crate::sealed::{Opened, SealedPort, Way};

    fn talks(count: u32) -> Vec<Talk<Address>> {
        let talk = |n| Talk {
            server: Address::v4(n),
            server_port: 80,
            subscriber: HorizonKey::from_bytes([1; 16]).token(1),
            household: 0,
            subscriber_port: SealedPort::kept(1, 0),
            protocol: 6,
            flags: 0x1b,
            way: Way::Forth,
            packets: 10,
            bytes: 1_000,
            start_ms: 0,
            end_ms: 999,
            sampling: 1,
            ending: Ending::Ended,
            opened: Opened::Inside,
        };
        (0..count).map(talk).collect()
    }

    #[test]
    fn as_many_packets_are_left_as_chance_leaves() {
        for (sampling, talks_left) in [(10, 6_513), (100, 956)] {
            let mut left = talks(10_000);
            thin(&mut left, sampling, draws(7));
            // 1 - (1 - 1/n)^10 of the talks, a tenth or a hundredth of the packets.
            assert!(
                left.len().abs_diff(talks_left) < 200,
                "{sampling}: {}",
                left.len()
            );
            let packets: u64 = left.iter().map(|talk| talk.packets).sum();
            assert!(
                packets.abs_diff(100_000 / u64::from(sampling)) < 400,
                "{packets}"
            );
            assert!(left.iter().all(|talk| talk.bytes == talk.packets * 100));
            assert!(left.iter().all(|talk| talk.sampling == sampling));
            assert!(
                left.iter()
                    .all(|talk| 0 <= talk.start_ms && talk.end_ms <= 999)
            );
            let begun = left.iter().filter(|talk| talk.flags & 0x02 != 0).count();
            assert!(
                begun.abs_diff(10_000 / usize::try_from(sampling).unwrap()) < 150,
                "{begun}"
            );
        }
        let mut all = talks(10);
        thin(&mut all, 1, draws(7));
        assert!(all.len() == 10 && all[0].sampling == 1);
    }

    #[test]
    fn what_an_exporter_sampled_is_sampled_by_the_product() {
        for (told, product) in [(0, 10), (1, 10), (100, 1_000), (u32::MAX, u32::MAX)] {
            let mut left = talks(100);
            for talk in &mut left {
                talk.sampling = told;
            }
            thin(&mut left, 10, draws(7));
            assert!(!left.is_empty());
            assert!(
                left.iter().all(|talk| talk.sampling == product),
                "told {told}"
            );
        }
    }
}
