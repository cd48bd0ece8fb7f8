//! What the targets share.

use std::net::{IpAddr, Ipv4Addr};

use flow::column::Columns;
use flow::decode::Decoder;

const EXPORTER: IpAddr = IpAddr::V4(Ipv4Addr::new(192, 0, 2, 1));

/// When everything is received, milliseconds of Unix time.
const RECEIVED_MS: i64 = 1_800_000_000_000;

/// Reads `octets` behind `version` as datagrams, each behind two octets of its length, and all of them
/// a second time with what was learned. No octet makes more than two flows.
pub fn datagrams(version: &[u8], octets: &[u8]) {
    let (mut decoder, mut columns) = (Decoder::new(), Columns::default());
    for _ in 0..2 {
        let mut rest = octets;
        while let Some((length, behind)) = rest.split_first_chunk::<2>() {
            let length = usize::from(u16::from_be_bytes(*length)).min(behind.len());
            let (datagram, behind) = behind.split_at(length);
            let datagram = [version, datagram].concat();
            let before = columns.len();
            let _fault = decoder.received(EXPORTER, &datagram, Some(RECEIVED_MS), &mut columns);
            assert!(columns.len() - before <= 2 * datagram.len());
            rest = behind;
        }
    }
}

/// Gives each line of `octets` to `read`. No line makes more than two flows.
pub fn lines(octets: &[u8], mut read: impl FnMut(&[u8], &mut Columns)) {
    let mut columns = Columns::default();
    for line in octets.split(|octet| *octet == b'\n') {
        let before = columns.len();
        read(line, &mut columns);
        assert!(columns.len() - before <= 2);
    }
}
