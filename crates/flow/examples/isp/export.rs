//! Records as IPFIX (RFC 7011), as a router sends them: the template and the sampling first.

use crate::router::Record;

/// Octets of a datagram's records: a datagram fits into an Ethernet frame.
const RECORDS: usize = 30;

/// Elements and lengths of a record.
const FIELDS: [(u16, u16); 11] = [
    (8, 4),
    (12, 4),
    (7, 2),
    (11, 2),
    (4, 1),
    (6, 1),
    (136, 1),
    (2, 4),
    (1, 4),
    (152, 8),
    (153, 8),
];

const TEMPLATE: u16 = 256;
const OPTIONS: u16 = 257;
const DOMAIN: u32 = 1;

/// Makes datagrams of records.
pub(crate) struct Export {
    sequence: u32,
}

impl Export {
    pub(crate) const fn new() -> Self {
        Self { sequence: 0 }
    }

    /// The datagram with the template, and with what the sampling is.
    pub(crate) fn preface(&mut self, sampling: u32, now_ms: i64) -> Vec<u8> {
        let mut body = Vec::new();
        let described = FIELDS.iter().flat_map(|(id, length)| [*id, *length]);
        let count = u16::try_from(FIELDS.len()).unwrap_or(0);
        set(
            &mut body,
            2,
            &words([TEMPLATE, count].into_iter().chain(described)),
        );
        // Scope: the observation domain; then one packet after so many that are stepped over.
        set(
            &mut body,
            3,
            &words([OPTIONS, 3, 1, 149, 4, 305, 4, 306, 4]),
        );
        let told = [DOMAIN, 1, sampling.saturating_sub(1)].map(u32::to_be_bytes);
        set(&mut body, OPTIONS, &told.concat());
        let datagram = self.datagram(now_ms, &body);
        self.sequence = 1;
        datagram
    }

    /// Datagrams of records.
    pub(crate) fn datagrams(&mut self, records: &[Record], mut sent: impl FnMut(&[u8])) {
        let mut held = Vec::with_capacity(RECORDS * 40);
        let mut body = Vec::with_capacity(RECORDS * 40 + 4);
        for some in records.chunks(RECORDS) {
            held.clear();
            body.clear();
            for record in some {
                one(&mut held, record);
            }
            set(&mut body, TEMPLATE, &held);
            let now_ms = some.last().map_or(0, |record| record.end_ms);
            let datagram = self.datagram(now_ms, &body);
            self.sequence = self
                .sequence
                .wrapping_add(u32::try_from(some.len()).unwrap_or(0));
            sent(&datagram);
        }
    }

    fn datagram(&self, now_ms: i64, body: &[u8]) -> Vec<u8> {
        let mut datagram = Vec::with_capacity(body.len() + 16);
        datagram.extend(10_u16.to_be_bytes());
        let length = u16::try_from(body.len() + 16).unwrap_or(u16::MAX);
        datagram.extend(length.to_be_bytes());
        let seconds = u32::try_from(now_ms / 1_000).unwrap_or(0);
        datagram.extend(seconds.to_be_bytes());
        datagram.extend(self.sequence.to_be_bytes());
        datagram.extend(DOMAIN.to_be_bytes());
        datagram.extend(body);
        datagram
    }
}

fn one(into: &mut Vec<u8>, record: &Record) {
    into.extend(record.source.to_be_bytes());
    into.extend(record.destination.to_be_bytes());
    for port in record.ports {
        into.extend(port.to_be_bytes());
    }
    into.extend([record.protocol, record.flags, record.ending]);
    into.extend(record.packets.to_be_bytes());
    into.extend(record.octets.to_be_bytes());
    into.extend(record.start_ms.to_be_bytes());
    into.extend(record.end_ms.to_be_bytes());
}

fn set(body: &mut Vec<u8>, id: u16, held: &[u8]) {
    let length = u16::try_from(held.len() + 4).unwrap_or(u16::MAX);
    body.extend(words([id, length]));
    body.extend(held);
}

fn words(numbers: impl IntoIterator<Item = u16>) -> Vec<u8> {
    numbers.into_iter().flat_map(u16::to_be_bytes).collect()
}
