//! A capture of a real exporter, whole.

use std::collections::BTreeMap;

use super::*;
use crate::column::{Columns, Opener};
use crate::decode::{Decoder, ExportKind};

/// The payloads that another tool counts in the capture.
const DATAGRAMS: u64 = 6_666;

/// The records that tshark reads in it, and the flows with two ends among them.
const RECORDS: u64 = 57_958;
const FLOWS: u64 = 52_878;

#[test]
fn a_capture_of_a_real_exporter_is_read_whole() {
    let path = concat!(
        env!("CARGO_MANIFEST_DIR"),
        "/tests/data/capture/ipfix.pcap.zst"
    );
    let file = zstd::decode_all(std::fs::File::open(path).unwrap()).unwrap();
    let mut reader = CaptureReader::new();
    let mut decoder = Decoder::new();
    let mut columns = Columns::default();
    let mut kinds = BTreeMap::new();
    for octets in file.chunks(65_536) {
        let mut take = |seen: Captured<'_>| {
            let kind = ExportKind::of(seen.payload, seen.said_octets);
            *kinds.entry(kind).or_insert(0_u64) += 1;
            decoder
                .datagram(seen.sender, seen.payload, &mut columns)
                .unwrap();
        };
        reader.push(octets, &mut take).unwrap();
    }
    reader.end().unwrap();
    assert_eq!(reader.counts().datagrams, DATAGRAMS);
    assert_eq!(kinds.len(), 1);
    assert_eq!(kinds[&Some(ExportKind::Ipfix)], DATAGRAMS);
    let (mut records, mut flows) = (0, 0);
    for (_, counts) in decoder.counts() {
        assert_eq!(counts.lost, 0);
        records += counts.flows + counts.options + counts.others;
        flows += counts.flows;
    }
    assert_eq!((records, flows), (RECORDS, FLOWS));
    // All but a few records are of client and server, so that it is known who opened the talk.
    let unsaid = columns.opener.iter();
    let unsaid = unsaid.filter(|opener| **opener == Opener::Unsaid).count();
    assert_eq!(unsaid, 14);
}
