use bytes::Bytes;
use seal::random::Random;

use super::*;
use crate::column::Ending;
use crate::sealed::{Opened, SealedPort, Talk, Way};

/// Talks of `clients` with `servers` of both address families, with every word of every column.
fn talks(count: u64, seed: u8) -> Vec<Talk<Address>> {
    let mut random = Random::from_seed([seed; 32]);
    (0..count)
        .map(|number| {
            let server = u32::try_from(random.below(900)).unwrap();
            let start_ms = 1_800_000_000_000 + i64::try_from(random.below(60_000)).unwrap();
            Talk {
                server: if server.is_multiple_of(9) {
                    Address::v6(0x2001_0db8 << 96 | u128::from(server))
                } else {
                    Address::v4(0xcb00_7100 + server)
                },
                server_port: [443, 53, u16::MAX][(number % 3) as usize],
                subscriber: SubscriberToken::from_bits(u128::from_be_bytes(random.bytes())),
                household: number % 3 * 77,
                subscriber_port: SealedPort::kept(
                    u32::from_be_bytes(random.bytes()),
                    number.to_le_bytes()[0] % 8,
                ),
                protocol: [6, 17, 255][(number % 3) as usize],
                flags: number.to_le_bytes()[0],
                way: [Way::Forth, Way::Back][(number % 2) as usize],
                packets: number,
                bytes: if number == 7 { u64::MAX } else { number * 900 },
                start_ms,
                end_ms: start_ms + (number % 5_000).cast_signed(),
                sampling: [0, 1, 1_000, u32::MAX][(number % 4) as usize],
                ending: [
                    Ending::Unsaid,
                    Ending::Idle,
                    Ending::Active,
                    Ending::Ended,
                    Ending::Forced,
                    Ending::Sampled,
                ][(number % 6) as usize],
                opened: [Opened::Unsaid, Opened::Inside, Opened::Outside][(number % 3) as usize],
            }
        })
        .collect()
}

fn file(talks: &[Talk<Address>], horizon: u64) -> Bytes {
    let mut writer = Writer::new(Vec::new(), horizon).unwrap();
    for group in talks.chunks(GROUP_ROWS) {
        writer.group(&mut group.to_vec()).unwrap();
    }
    writer.finish().unwrap().into()
}

/// By packets, which number the talks of one test.
fn in_order(mut talks: Vec<Talk<Address>>) -> Vec<Talk<Address>> {
    talks.sort_by_key(|talk| (talk.packets, talk.subscriber));
    talks
}

#[test]
fn what_was_written_is_read_again_to_the_last_bit() {
    let written = talks(5_000, 1);
    let kept = Kept::<Address, _>::open(file(&written, 42)).unwrap();
    assert_eq!(
        (kept.horizon(), kept.groups(), kept.rows(0)),
        (42, 1, 5_000)
    );
    let read = read::<Address>(file(&written, 42)).unwrap();
    assert!(in_order(read) == written);
}

#[test]
fn rows_of_a_group_stand_by_server_so_that_a_search_skips_most() {
    let read = read::<Address>(file(&talks(5_000, 2), 1)).unwrap();
    assert!(read.is_sorted_by_key(|talk| (talk.server, talk.server_port, talk.protocol)));
}

#[test]
fn merging_keeps_every_row_and_copies_full_groups() {
    let parts = [
        talks(GROUP_ROWS as u64, 3),
        talks(40_000, 4),
        talks(300, 5),
        talks(200, 6),
    ];
    let files = parts.iter().map(|part| file(part, 7));
    let merged: Bytes = merge::<Address, _, _>(files, Vec::new(), 7).unwrap().into();
    let kept = Kept::<Address, _>::open(merged.clone()).unwrap();
    let groups: Vec<usize> = (0..kept.groups()).map(|group| kept.rows(group)).collect();
    assert_eq!(groups, [GROUP_ROWS, 40_000, 500]);
    let read = read::<Address>(merged).unwrap();
    assert!(in_order(read) == in_order(parts.concat()));
}

#[test]
fn a_file_of_talks_among_subscribers_is_no_file_of_talks_with_servers() {
    let among = talks(3, 8)
        .into_iter()
        .map(|talk| talk.with_server(SubscriberToken::from_bits(9)));
    let mut writer = Writer::new(Vec::new(), 1).unwrap();
    writer.group(&mut among.collect()).unwrap();
    let octets = Bytes::from(writer.finish().unwrap());
    assert_eq!(read::<SubscriberToken>(octets.clone()).unwrap().len(), 3);
    let error = read::<Address>(octets).err().unwrap();
    assert!(matches!(error, ArchiveError::Foreign("talks with servers")));
    let error = read::<Address>(Bytes::from_static(b"PAR1 no PAR1")).err();
    assert!(matches!(error, Some(ArchiveError::Parquet(_))));
}

#[test]
fn a_damaged_file_of_talks_is_an_error_or_other_numbers_and_no_panic() {
    let whole = file(&talks(300, 4), 1);
    let about = whole.len() - whole.len().min(4_000);
    let mut refused = 0;
    for place in (0..about).step_by(29).chain(about..whole.len()) {
        // The last makes a number longer than it was.
        for damage in [0x55, 0x80] {
            let mut damaged = whole.to_vec();
            damaged[place] ^= damage;
            let talks = Kept::<Address, _>::open(Bytes::from(damaged)).and_then(|kept| {
                let mut talks = Vec::new();
                kept.group(0, &mut talks)?;
                Ok(talks)
            });
            refused += usize::from(talks.is_err());
        }
    }
    assert!(refused > 1_000, "{refused}");
}
