//! Samples of packets, made here field by field.

use seal::random::Random;

use super::*;
use crate::column::{Ending, Opener};

const RECEIVED_MS: i64 = 1_800_000_000_123;

fn longs(numbers: &[u32]) -> Vec<u8> {
    numbers
        .iter()
        .flat_map(|number| number.to_be_bytes())
        .collect()
}

/// A type, a length and what has it.
fn part(kind: u32, body: &[u8]) -> Vec<u8> {
    let length = u32::try_from(body.len()).unwrap();
    [longs(&[kind, length]), body.to_vec()].concat()
}

fn sflow(sequence: u32, samples: &[Vec<u8>]) -> Vec<u8> {
    let count = u32::try_from(samples.len()).unwrap();
    let header = longs(&[5, 1, 0xc000_0201, 3, sequence, 60_000, count]);
    [header, samples.concat()].concat()
}

fn sample(records: &[Vec<u8>]) -> Vec<u8> {
    let count = u32::try_from(records.len()).unwrap();
    let header = longs(&[9, 4, 512, 100_000, 0, 4, 5, count]);
    part(1, &[header, records.concat()].concat())
}

fn expanded(records: &[Vec<u8>]) -> Vec<u8> {
    let count = u32::try_from(records.len()).unwrap();
    let header = longs(&[9, 0, 4, 1_024, 100_000, 0, 0, 4, 0, 5, count]);
    part(3, &[header, records.concat()].concat())
}

/// A frame of 1,400 octets of IP, of which the first are given.
fn header(flags: u8) -> Vec<u8> {
    let mut frame = vec![2; 12];
    frame.extend([0x81, 0, 0, 7, 0x08, 0, 0x45, 0, 0x05, 0x78, 0, 1, 0x40, 0]);
    frame.extend([64, 6, 0, 0, 198, 51, 100, 7, 203, 0, 113, 9]);
    frame.extend([0xc3, 0x50, 0x01, 0xbb]);
    frame.extend([0; 9]);
    frame.extend([flags, 0, 0]);
    let length = u32::try_from(frame.len()).unwrap();
    frame.resize(frame.len().next_multiple_of(4), 0);
    part(1, &[longs(&[1, 1_422, 4, length]), frame].concat())
}

fn read(datagrams: &[Vec<u8>]) -> (Vec<Flow>, Counts, Vec<Fault>) {
    let (mut decoder, mut columns) = (Decoder::new(), Columns::default());
    let mut faults = Vec::new();
    for datagram in datagrams {
        let read = decoder.received(EXPORTER, datagram, Some(RECEIVED_MS), &mut columns);
        faults.extend(read.err());
    }
    let counts = decoder.counts().next().unwrap().1;
    (flows(&columns), counts, faults)
}

#[test]
fn a_sampled_packet_is_marked_as_one_and_says_its_rate() {
    let (flows, counts, faults) = read(&[sflow(
        1,
        &[sample(&[header(0x18)]), expanded(&[header(0x18)])],
    )]);
    assert!(faults.is_empty(), "{faults:?}");
    assert_eq!((counts.flows, flows.len()), (2, 2));
    let flow = flows[0];
    assert_eq!((flow.packets, flow.bytes, flow.sampling), (1, 1_400, 512));
    assert_eq!(flows[1].sampling, 1_024);
    assert_eq!((flow.start_ms, flow.end_ms), (RECEIVED_MS, RECEIVED_MS));
    assert_eq!((flow.source_port, flow.destination_port), (50_000, 443));
    assert_eq!((flow.protocol, flow.flags), (6, 0x18));
    assert!(flow.source.ip() == IpAddr::from([198, 51, 100, 7]));
    assert!(flows.iter().all(|flow| flow.ending == Ending::Sampled));
}

#[test]
fn a_handshake_says_who_opened_and_nothing_else_does() {
    let frames = [0x02, 0x12, 0x10].map(|flags| sample(&[header(flags)]));
    let (flows, ..) = read(&[sflow(1, &frames)]);
    let openers: Vec<Opener> = flows.iter().map(|flow| flow.opener).collect();
    assert_eq!(
        openers,
        [Opener::Source, Opener::Destination, Opener::Unsaid]
    );
}

#[test]
fn packets_that_the_agent_spells_are_read_once() {
    let mut four = longs(&[90, 17]);
    four.extend([198, 51, 100, 7, 203, 0, 113, 9]);
    four.extend(longs(&[50_000, 53, 0xff, 0]));
    let mut six = longs(&[120, 6]);
    six.extend(std::net::Ipv6Addr::new(0x2001, 0xdb8, 0, 0, 0, 0, 0, 7).octets());
    six.extend(std::net::Ipv6Addr::new(0x2001, 0xdb8, 0, 0, 0, 0, 0, 9).octets());
    six.extend(longs(&[50_000, 443, 0x02, 0]));
    let ethernet = part(2, &[0; 20]);
    let (flows, counts, _) = read(&[sflow(
        1,
        &[
            sample(&[ethernet.clone(), part(3, &four), header(0x10)]),
            expanded(&[part(4, &six)]),
            sample(&[ethernet]),
        ],
    )]);
    assert_eq!((flows.len(), counts.others), (2, 1));
    assert_eq!((flows[0].bytes, flows[0].flags), (90, 0));
    assert_eq!((flows[1].bytes, flows[1].destination_port), (120, 443));
    assert!(flows[1].opener == Opener::Source);
}

#[test]
fn counters_are_passed_over_and_what_is_missing_is_counted() {
    let counters = part(2, &longs(&[1, 2, 0]));
    let vendors = part(4_413 << 12 | 1, &[0; 8]);
    let (flows, counts, faults) = read(&[
        sflow(7, &[counters, vendors, sample(&[header(0)])]),
        sflow(10, &[]),
    ]);
    assert!(faults.is_empty());
    assert_eq!(flows.len(), 1);
    assert_eq!((counts.options, counts.others, counts.lost), (1, 1, 2));
}

#[test]
fn without_a_time_there_is_no_sample() {
    let (mut decoder, mut columns) = (Decoder::new(), Columns::default());
    let datagram = sflow(1, &[sample(&[header(0)])]);
    let read = decoder.datagram(EXPORTER, &datagram, &mut columns);
    assert_eq!((read, columns.len()), (Err(Fault::Timeless), 0));
}

#[test]
fn samples_that_were_cut_or_changed_are_survived() {
    let whole = sflow(1, &[sample(&[header(2)]), expanded(&[header(2)])]);
    for end in 0..whole.len() {
        let (flows, counts, faults) = read(&[whole[..end].to_vec()]);
        assert!(flows.len() < 2, "{end}");
        assert_eq!((faults.len(), counts.faults), (1, 1), "{end}");
    }
    let mut random = Random::from_seed([35; 32]);
    for _ in 0..5_000 {
        let mut copy = whole.clone();
        for _ in 0..4 {
            let place = random.below(u64::try_from(copy.len()).unwrap());
            let [octet] = random.bytes();
            copy[usize::try_from(place).unwrap()] = octet;
        }
        let (flows, ..) = read(&[copy]);
        assert!(flows.len() <= 2);
    }
}
