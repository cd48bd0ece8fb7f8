//! Export datagrams to measure with: made ones, and those of a real router.

use std::net::{IpAddr, Ipv4Addr};

use anyhow::{Context as _, Result};
use flow::capture::CaptureReader;
use seal::random::Random;

/// Who sent it, and what.
pub(crate) type Datagram = (IpAddr, Vec<u8>);

const EXPORTER: IpAddr = IpAddr::V4(Ipv4Addr::new(192, 0, 2, 1));
/// Datagrams of a kind.
const DATAGRAMS: u32 = 2_000;
/// Datagrams of an hour: with 24 records each a million flows.
const DATAGRAMS_OF_HOUR: u32 = 42_000;
/// How many of these are sent in a second.
const A_SECOND: u32 = DATAGRAMS_OF_HOUR / 3_600;
/// Records of a datagram.
const RECORDS: u16 = 24;
/// Octets of a flow.
pub(crate) const OCTETS_MAX: u64 = 5_000;
/// When the first datagram was sent, seconds of Unix time.
const SENT_SECONDS: u32 = 1_800_000_000;
/// How long the exporter was up then, milliseconds.
const UPTIME_MS: u32 = 90_000_000;
/// The id of the made templates.
const TEMPLATE: u16 = 256;

/// Elements and lengths that routers send in v9: 18 fields.
pub(crate) const V9: &[(u16, u16)] = &[
    (8, 4),
    (12, 4),
    (15, 4),
    (10, 4),
    (14, 4),
    (2, 4),
    (1, 4),
    (22, 4),
    (21, 4),
    (7, 2),
    (11, 2),
    (6, 1),
    (4, 1),
    (5, 1),
    (16, 4),
    (17, 4),
    (9, 1),
    (13, 1),
];

/// The same in IPFIX: counters of 8 octets, absolute times, and why a flow ended.
pub(crate) const IPFIX: &[(u16, u16)] = &[
    (8, 4),
    (12, 4),
    (15, 4),
    (10, 4),
    (14, 4),
    (2, 8),
    (1, 8),
    (152, 8),
    (153, 8),
    (7, 2),
    (11, 2),
    (6, 1),
    (4, 1),
    (5, 1),
    (16, 4),
    (17, 4),
    (9, 1),
    (136, 1),
];

/// The same of IPv6.
pub(crate) const IPFIX_OF_V6: &[(u16, u16)] = &[
    (27, 16),
    (28, 16),
    (62, 16),
    (10, 4),
    (14, 4),
    (2, 8),
    (1, 8),
    (152, 8),
    (153, 8),
    (7, 2),
    (11, 2),
    (6, 1),
    (4, 1),
    (5, 1),
    (16, 4),
    (17, 4),
    (29, 1),
    (136, 1),
];

/// Datagrams of v5.
pub(crate) fn v5() -> Vec<Datagram> {
    let mut random = Random::from_seed([5; 32]);
    let datagram = |number: u32| {
        let mut octets = [5_u16, RECORDS].map(u16::to_be_bytes).concat();
        octets.extend(uptime_ms(number).to_be_bytes());
        octets.extend((SENT_SECONDS + number / A_SECOND).to_be_bytes());
        octets.extend([0; 4]);
        octets.extend((number * u32::from(RECORDS)).to_be_bytes());
        octets.extend([0; 4]);
        for _ in 0..RECORDS {
            octets.extend(source(&mut random, 4));
            octets.extend(server(&mut random, 4));
            octets.extend([0; 8]);
            octets.extend(count(&mut random, 4));
            octets.extend(count(&mut random, 4));
            octets.extend((uptime_ms(number) - 2_000).to_be_bytes());
            octets.extend((uptime_ms(number) - 1_000).to_be_bytes());
            octets.extend(random.bytes::<2>());
            octets.extend(443_u16.to_be_bytes());
            octets.extend([0, 0x1b, 6, 0, 0, 0, 0, 0, 0, 0, 0, 0]);
        }
        (EXPORTER, octets)
    };
    (0..DATAGRAMS).map(datagram).collect()
}

/// Datagrams of one template, which the first of them holds.
pub(crate) fn of_template(version: u16, fields: &[(u16, u16)]) -> Vec<Datagram> {
    made(version, fields, DATAGRAMS, OCTETS_MAX)
}

/// An hour of v9, of flows with up to so many octets.
pub(crate) fn hour(octets_max: u64) -> Vec<Datagram> {
    made(9, V9, DATAGRAMS_OF_HOUR, octets_max)
}

fn made(version: u16, fields: &[(u16, u16)], datagrams: u32, octets_max: u64) -> Vec<Datagram> {
    let mut random = Random::from_seed([9; 32]);
    let datagram = |number: u32| {
        let mut body = Vec::new();
        if number == 0 {
            let id: u16 = if version == 9 { 0 } else { 2 };
            let described = fields.iter().flat_map(|(id, length)| [*id, *length]);
            let template = [TEMPLATE, 18].into_iter().chain(described);
            set(&mut body, id, &octets(template));
        }
        let mut records = Vec::new();
        for _ in 0..RECORDS {
            for (element, length) in fields {
                records.extend(value(&mut random, number, (*element, *length), octets_max));
            }
        }
        set(&mut body, TEMPLATE, &records);
        (EXPORTER, header(version, number, body))
    };
    (0..datagrams).map(datagram).collect()
}

/// Has datagrams of v9 sent an hour later.
pub(crate) fn an_hour_later(datagrams: &mut [Datagram]) {
    for (_, datagram) in datagrams {
        if let Some([_, _, _, _, _, _, _, _, s0, s1, s2, s3, ..]) = datagram.first_chunk_mut::<12>()
        {
            let seconds = u32::from_be_bytes([*s0, *s1, *s2, *s3]) + 3_600;
            [*s0, *s1, *s2, *s3] = seconds.to_be_bytes();
        }
    }
}

/// What a real router sent: the capture among the tests.
///
/// # Errors
/// When it is not there.
pub(crate) fn real() -> Result<Vec<Datagram>> {
    let path = concat!(
        env!("CARGO_MANIFEST_DIR"),
        "/tests/data/capture/ipfix.pcap.zst"
    );
    let packed = std::fs::read(path).context(path)?;
    let capture = zstd::decode_all(packed.as_slice())?;
    let mut datagrams = Vec::new();
    let mut reader = CaptureReader::new();
    reader.push(&capture, &mut |captured| {
        datagrams.push((captured.sender, captured.payload.to_vec()));
    })?;
    Ok(datagrams)
}

/// How long the exporter is up when it sends that datagram.
fn uptime_ms(datagram: u32) -> u32 {
    UPTIME_MS + datagram / A_SECOND * 1_000
}

fn header(version: u16, number: u32, body: Vec<u8>) -> Vec<u8> {
    let mut datagram = version.to_be_bytes().to_vec();
    if version == 9 {
        datagram.extend(RECORDS.to_be_bytes());
        datagram.extend(uptime_ms(number).to_be_bytes());
        datagram.extend((SENT_SECONDS + number / A_SECOND).to_be_bytes());
        datagram.extend(number.to_be_bytes());
    } else {
        let length = u16::try_from(body.len() + 16).unwrap_or(u16::MAX);
        datagram.extend(length.to_be_bytes());
        datagram.extend((SENT_SECONDS + number / A_SECOND).to_be_bytes());
        datagram.extend((number * u32::from(RECORDS)).to_be_bytes());
    }
    datagram.extend(1_u32.to_be_bytes());
    datagram.extend(body);
    datagram
}

fn set(body: &mut Vec<u8>, id: u16, held: &[u8]) {
    let length = u16::try_from(held.len() + 4).unwrap_or(u16::MAX);
    body.extend(octets([id, length]));
    body.extend(held);
}

fn octets(numbers: impl IntoIterator<Item = u16>) -> Vec<u8> {
    numbers.into_iter().flat_map(u16::to_be_bytes).collect()
}

/// The value of an element as a client's talk with a server would have it.
fn value(random: &mut Random, datagram: u32, field: (u16, u16), octets_max: u64) -> Vec<u8> {
    let (element, length) = field;
    let sent_seconds = u64::from(SENT_SECONDS + datagram / A_SECOND);
    let uptime_ms = u64::from(uptime_ms(datagram));
    let of = |number: u64| {
        let octets = number.to_be_bytes();
        let skipped = octets.len().saturating_sub(usize::from(length));
        octets.into_iter().skip(skipped).collect()
    };
    match element {
        8 | 27 => source(random, length),
        12 | 28 => server(random, length),
        15 | 62 => vec![0; usize::from(length)],
        1 => of(1 + random.below(octets_max)),
        2 => count(random, length),
        4 => of(6),
        6 => of(0x1b),
        7 => of(random.below(65_536)),
        11 => of(443),
        21 => of(uptime_ms - random.below(1_000)),
        22 => of(uptime_ms - 1_000 - random.below(60_000)),
        136 => of(1 + random.below(3)),
        152 => of(sent_seconds * 1_000 - 1_000 - random.below(60_000)),
        153 => of(sent_seconds * 1_000 - random.below(1_000)),
        _ => of(random.below(64)),
    }
}

/// One of a million subscribers, in 10.0.0.0/8 or `2001:db8::/32`.
fn source(random: &mut Random, length: u16) -> Vec<u8> {
    let host = u32::try_from(random.below(1_000_000)).unwrap_or(0);
    if length == 4 {
        return (0x0a00_0000 | host).to_be_bytes().to_vec();
    }
    (0x2001_0db8_u128 << 96 | u128::from(host) << 64 | 1)
        .to_be_bytes()
        .to_vec()
}

/// One of 65,536 servers, the first more often than the last, in 203.0.0.0/16 or `2001:4860::/32`.
fn server(random: &mut Random, length: u16) -> Vec<u8> {
    let among = 1 + random.below(65_536);
    let host = u32::try_from(random.below(among)).unwrap_or(0);
    if length == 4 {
        return (0xcb00_0000 | host).to_be_bytes().to_vec();
    }
    (0x2001_4860_u128 << 96 | u128::from(host))
        .to_be_bytes()
        .to_vec()
}

fn count(random: &mut Random, length: u16) -> Vec<u8> {
    let count = 1 + random.below(5_000);
    let octets = count.to_be_bytes();
    let skipped = octets.len().saturating_sub(usize::from(length));
    octets.into_iter().skip(skipped).collect()
}
