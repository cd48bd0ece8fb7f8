//! Export datagrams made in code.

/// The prefixes of the subscribers of these tests.
pub(crate) const SUBSCRIBERS: &str = "198.51.100.0/24, 2001:db8:77::/48";

/// Subscribers whose addresses must be nowhere. Their octets come together by chance nowhere else.
pub(crate) const CANARY_V4: u32 = 0xc633_64b7;
pub(crate) const NEIGHBOR_V4: u32 = 0xc633_64e9;
pub(crate) const CANARY_V6: u128 = 0x2001_0db8_0077_0000_dead_beef_c0de_4a11;

/// Servers outside: `203.0.113.9` and `2001:db8:1::9`.
pub(crate) const SERVER_V4: u32 = 0xcb00_7109;
pub(crate) const SERVER_V6: u128 = 0x2001_0db8_0001_0000_0000_0000_0000_0009;

/// When the exporter sent it, Unix time.
const SENT: u32 = 1_800_000_005;

/// Ends of a flow; the rest of every record is alike.
#[derive(Clone)]
pub(crate) struct Record {
    octets: Vec<u8>,
    sent_before_ms: i64,
}

impl Record {
    pub(crate) fn v4(from: u32, from_port: u16, to: u32, to_port: u16) -> Self {
        Self::new(&from.to_be_bytes(), from_port, &to.to_be_bytes(), to_port)
    }

    pub(crate) fn v6(from: u128, from_port: u16, to: u128, to_port: u16) -> Self {
        Self::new(&from.to_be_bytes(), from_port, &to.to_be_bytes(), to_port)
    }

    fn new(from: &[u8], from_port: u16, to: &[u8], to_port: u16) -> Self {
        let mut octets = [from, to].concat();
        octets.extend(from_port.to_be_bytes());
        octets.extend(to_port.to_be_bytes());
        // Protocol, flags, octets, packets.
        octets.extend([6, 0x1b]);
        octets.extend(900_u32.to_be_bytes());
        octets.extend(7_u32.to_be_bytes());
        Self {
            octets,
            sent_before_ms: 0,
        }
    }

    /// The same flow with other TCP flags.
    pub(crate) fn flags(mut self, flags: u8) -> Self {
        let behind = 8;
        let place = self.octets.len() - behind - 1;
        self.octets[place] = flags;
        self
    }

    /// The same flow, that many milliseconds before the datagram. Of IPFIX alone.
    pub(crate) fn before(mut self, sent_before_ms: u64) -> Self {
        self.sent_before_ms += sent_before_ms.cast_signed();
        self
    }

    /// The same flow, that many seconds later. Of IPFIX alone.
    pub(crate) fn later(mut self, seconds: i64) -> Self {
        self.sent_before_ms -= seconds * 1_000;
        self
    }
}

/// Addresses (by their elements), ports, protocol, flags, octets, packets; then the times.
fn fields(source: u16, destination: u16, length: u16, times: [u16; 4]) -> Vec<u16> {
    let mut fields = vec![source, length, destination, length, 7, 2, 11, 2, 4, 1, 6, 1];
    fields.extend([1, 4, 2, 4]);
    fields.extend(times);
    fields
}

/// A datagram of `NetFlow` v9 that brings its template along.
pub(crate) fn v9(sequence: u32, records: &[Record]) -> Vec<u8> {
    // First and last packet as uptimes, elements 22 and 21.
    let template = template(256, &fields(8, 12, 4, [22, 4, 21, 4]));
    let body: Vec<u8> = records
        .iter()
        .flat_map(|record| {
            let times = [590_000_u32.to_be_bytes(), 595_000_u32.to_be_bytes()].concat();
            [record.octets.clone(), times].concat()
        })
        .collect();
    let mut datagram = vec![0, 9, 0, 1];
    datagram.extend(600_000_u32.to_be_bytes());
    datagram.extend(SENT.to_be_bytes());
    datagram.extend(sequence.to_be_bytes());
    datagram.extend(7_u32.to_be_bytes());
    datagram.extend(set(0, &template));
    datagram.extend(set(256, &body));
    datagram
}

/// A message of IPFIX that brings its template along; for IPv6.
pub(crate) fn ipfix(sequence: u32, records: &[Record]) -> Vec<u8> {
    // First and last packet in milliseconds, elements 152 and 153.
    let template = template(257, &fields(27, 28, 16, [152, 8, 153, 8]));
    let millis = i64::from(SENT) * 1_000;
    let body: Vec<u8> = records
        .iter()
        .flat_map(|record| {
            let end = millis - record.sent_before_ms;
            let times = [(end - 900).to_be_bytes(), end.to_be_bytes()].concat();
            [record.octets.clone(), times].concat()
        })
        .collect();
    let sets = [set(2, &template), set(257, &body)].concat();
    let mut datagram = vec![0, 10];
    datagram.extend(u16::try_from(sets.len() + 16).unwrap().to_be_bytes());
    datagram.extend(SENT.to_be_bytes());
    datagram.extend(sequence.to_be_bytes());
    datagram.extend(7_u32.to_be_bytes());
    datagram.extend(sets);
    datagram
}

fn template(id: u16, fields: &[u16]) -> Vec<u8> {
    let count = u16::try_from(fields.len() / 2).unwrap();
    let numbers = [id, count].into_iter().chain(fields.iter().copied());
    numbers.flat_map(u16::to_be_bytes).collect()
}

fn set(id: u16, body: &[u8]) -> Vec<u8> {
    let mut octets = id.to_be_bytes().to_vec();
    octets.extend(u16::try_from(body.len() + 4).unwrap().to_be_bytes());
    octets.extend(body);
    octets
}
