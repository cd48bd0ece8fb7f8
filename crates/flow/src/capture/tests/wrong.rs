//! Captures that were cut, changed or made up.

use seal::random::Random;

use super::*;

fn samples() -> [Vec<u8>; 2] {
    let order = Order::Big;
    let ng = [
        section(order),
        interface(order, 1, &[(9, &[6])]),
        enhanced(order, 0, 5, &plain()),
        block(order, 4, b"names"),
        enhanced(order, 0, 6, &plain()),
    ];
    let classic = pcap(Order::Little, 0xa1b2_c3d4, 1, &[plain(), plain()]);
    [classic, ng.concat()]
}

#[test]
fn a_capture_that_was_cut_gives_what_stands_before_the_cut() {
    for whole in samples() {
        let (all, ..) = read(&whole, 64);
        let mut sound = 0;
        for cut in 0..whole.len() {
            let (held, _, end) = read(&whole[..cut], 64);
            assert!(held.len() < 2 && held[..] == all[..held.len()], "{cut}");
            sound += usize::from(end.is_ok());
        }
        // A file may end behind any of its blocks, and behind its header.
        assert!(sound < 6, "{sound}");
    }
}

#[test]
fn changed_captures_are_survived_and_keep_nothing() {
    let mut random = Random::from_seed([34; 32]);
    let mut faults = 0;
    for whole in samples() {
        for _ in 0..3_000 {
            let mut copy = whole.clone();
            for _ in 0..4 {
                let place = random.below(u64::try_from(copy.len()).unwrap());
                let [octet] = random.bytes();
                copy[usize::try_from(place).unwrap()] = octet;
            }
            let mut reader = CaptureReader::new();
            for _ in 0..50 {
                faults += usize::from(reader.push(&copy, &mut |_| {}).is_err());
            }
            assert!(reader.kept.len() <= PACKET_OCTETS_MAX + 65_536 + copy.len());
        }
    }
    assert!(faults > 1_000, "{faults}");
}

#[test]
fn lengths_that_cannot_be_are_named() {
    let mut long = pcap(Order::Little, 0xa1b2_c3d4, 1, &[plain()]);
    long[32..36].copy_from_slice(&u32::MAX.to_le_bytes());
    let (_, _, end) = read(&long, 4_096);
    assert!(matches!(end, Err(CaptureFault::Length { .. })), "{end:?}");
    let short = [section(Order::Little), long_block(8)].concat();
    assert_eq!(read(&short, 4_096).2, Err(CaptureFault::Block(6)));
    let huge = [section(Order::Little), long_block(u32::MAX - 3)].concat();
    let (_, _, end) = read(&huge, 4_096);
    assert!(matches!(end, Err(CaptureFault::Length { .. })), "{end:?}");
    let nobody = [
        section(Order::Little),
        enhanced(Order::Little, 3, 0, &plain()),
    ]
    .concat();
    assert_eq!(read(&nobody, 4_096).2, Err(CaptureFault::Block(6)));
    assert_eq!(read(b"no capture", 3).2, Err(CaptureFault::Magic));
    assert_eq!(read(b"", 3).2, Err(CaptureFault::Magic));
}

/// The beginning of a block of packets that says this length.
fn long_block(length: u32) -> Vec<u8> {
    [6_u32.to_le_bytes(), length.to_le_bytes()].concat()
}

#[test]
fn a_section_has_only_so_many_interfaces() {
    let mut file = section(Order::Little);
    for _ in 0..=INTERFACES_MAX {
        file.extend(interface(Order::Little, 1, &[]));
    }
    assert_eq!(read(&file, 4_096).2, Err(CaptureFault::Interfaces));
}
