use super::*;

mod real;
mod wrong;

const SENDER_V4: IpAddr = IpAddr::V4(std::net::Ipv4Addr::new(192, 0, 2, 7));
const SENDER_V6: IpAddr = IpAddr::V6(std::net::Ipv6Addr::new(0x2001, 0xdb8, 0, 0, 0, 0, 0, 7));
const PAYLOAD: &[u8] = b"an export";
const SECONDS: u32 = 1_800_000_000;

/// What a capture held: sender, payload, said length, time.
type Held = (IpAddr, Vec<u8>, usize, Option<i64>);

/// Reads `file` in pieces of `piece` octets.
fn read(file: &[u8], piece: usize) -> (Vec<Held>, CaptureCounts, Result<(), CaptureFault>) {
    let mut reader = CaptureReader::new();
    let mut held = Vec::new();
    let mut push = |octets: &[u8]| {
        reader.push(octets, &mut |seen: Captured<'_>| {
            let payload = seen.payload.to_vec();
            held.push((seen.sender, payload, seen.said_octets, seen.received_ms));
        })
    };
    let mut read = file.chunks(piece).try_for_each(&mut push);
    if read.is_ok() {
        read = reader.end();
    }
    (held, reader.counts(), read)
}

fn udp(payload: &[u8]) -> Vec<u8> {
    let length = u16::try_from(payload.len() + 8).unwrap();
    let mut bytes = [50_000_u16, 2_055, length, 0]
        .map(u16::to_be_bytes)
        .concat();
    bytes.extend(payload);
    bytes
}

fn ipv4(protocol: u8, fragment: u16, body: &[u8]) -> Vec<u8> {
    let mut bytes = vec![0x45, 0];
    bytes.extend(u16::try_from(body.len() + 20).unwrap().to_be_bytes());
    bytes.extend([0, 1]);
    bytes.extend(fragment.to_be_bytes());
    bytes.extend([64, protocol, 0, 0, 192, 0, 2, 7, 198, 51, 100, 1]);
    bytes.extend(body);
    bytes
}

fn ipv6(next: u8, body: &[u8]) -> Vec<u8> {
    let mut bytes = vec![0x60, 0, 0, 0];
    bytes.extend(u16::try_from(body.len()).unwrap().to_be_bytes());
    bytes.extend([next, 64]);
    let IpAddr::V6(sender) = SENDER_V6 else {
        panic!()
    };
    bytes.extend(sender.octets());
    bytes.extend([0; 16]);
    bytes.extend(body);
    bytes
}

fn ethernet(kinds: &[u16], packet: &[u8]) -> Vec<u8> {
    let mut bytes = vec![0; 12];
    for (index, kind) in kinds.iter().enumerate() {
        if index > 0 {
            bytes.extend([0, 42]);
        }
        bytes.extend(kind.to_be_bytes());
    }
    bytes.extend(packet);
    bytes
}

fn plain() -> Vec<u8> {
    ethernet(&[0x0800], &ipv4(17, 0, &udp(PAYLOAD)))
}

/// Numbers in the order of the octets of a file.
fn long(order: Order, number: u32) -> [u8; 4] {
    match order {
        Order::Little => number.to_le_bytes(),
        Order::Big => number.to_be_bytes(),
    }
}

fn short(order: Order, number: u16) -> [u8; 2] {
    match order {
        Order::Little => number.to_le_bytes(),
        Order::Big => number.to_be_bytes(),
    }
}

fn pcap(order: Order, magic: u32, link: u32, packets: &[Vec<u8>]) -> Vec<u8> {
    let mut file = long(order, magic).to_vec();
    file.extend([short(order, 2), short(order, 4)].concat());
    file.extend(
        [0, 0, 65_535, link]
            .map(|number| long(order, number))
            .concat(),
    );
    for packet in packets {
        let length = u32::try_from(packet.len()).unwrap();
        let header = [SECONDS, 250_000_000, length, length];
        file.extend(header.map(|number| long(order, number)).concat());
        file.extend(packet);
    }
    file
}

fn block(order: Order, kind: u32, body: &[u8]) -> Vec<u8> {
    let mut padded = body.to_vec();
    padded.resize(body.len().next_multiple_of(4), 0);
    let length = u32::try_from(padded.len() + 12).unwrap();
    let [kind, length] = [kind, length].map(|number| long(order, number));
    [&kind[..], &length, &padded, &length].concat()
}

fn section(order: Order) -> Vec<u8> {
    let magic = long(order, 0x1a2b_3c4d);
    let version = [short(order, 1), short(order, 0)].concat();
    block(
        order,
        0x0a0d_0d0a,
        &[&magic[..], &version, &[0xff; 8]].concat(),
    )
}

fn interface(order: Order, link: u16, options: &[(u16, &[u8])]) -> Vec<u8> {
    let mut body = [short(order, link), [0; 2]].concat();
    body.extend(long(order, 0));
    for (code, value) in options {
        body.extend(short(order, *code));
        body.extend(short(order, u16::try_from(value.len()).unwrap()));
        body.extend(*value);
        body.resize(body.len().next_multiple_of(4), 0);
    }
    block(order, 1, &body)
}

fn enhanced(order: Order, interface: u32, units: u64, packet: &[u8]) -> Vec<u8> {
    let length = u32::try_from(packet.len()).unwrap();
    let high = u32::try_from(units >> 32).unwrap();
    let low = u32::try_from(units & 0xffff_ffff).unwrap();
    let header = [interface, high, low, length, length];
    let header = header.map(|number| long(order, number)).concat();
    block(order, 6, &[&header[..], packet].concat())
}

#[test]
fn pcap_is_read_in_both_orders_and_both_clocks() {
    for order in [Order::Little, Order::Big] {
        for (magic, millis) in [(0xa1b2_c3d4, 250_000), (0xa1b2_3c4d, 250)] {
            let (held, counts, end) = read(&pcap(order, magic, 1, &[plain(), plain()]), 7);
            assert_eq!(end, Ok(()));
            assert_eq!((counts.packets, counts.datagrams), (2, 2));
            let at = i64::from(SECONDS) * 1_000 + millis;
            assert_eq!(
                held[1],
                (SENDER_V4, PAYLOAD.to_vec(), PAYLOAD.len(), Some(at))
            );
        }
    }
}

#[test]
fn pcapng_has_clocks_and_links_of_its_interfaces_and_new_sections() {
    let mut file = Vec::new();
    for order in [Order::Little, Order::Big] {
        let at = u64::from(SECONDS);
        let offset = match order {
            Order::Little => 100_i64.to_le_bytes(),
            Order::Big => 100_i64.to_be_bytes(),
        };
        file.extend(section(order));
        file.extend(interface(order, 1, &[(2, b"eth0"), (9, &[9]), (0, b"")]));
        file.extend(interface(order, 101, &[(9, &[0x8a]), (14, &offset)]));
        file.extend(block(order, 5, b"statistics that nobody reads"));
        file.extend(enhanced(order, 0, at * 1_000_000_000 + 7_000_000, &plain()));
        let raw = ipv4(17, 0, &udp(PAYLOAD));
        file.extend(enhanced(order, 1, at * 1_024 + 512, &raw));
        let length = long(order, u32::try_from(plain().len()).unwrap());
        file.extend(block(order, 3, &[&length[..], &plain()].concat()));
    }
    for piece in [1, 13, file.len()] {
        let (held, counts, end) = read(&file, piece);
        assert_eq!(end, Ok(()));
        assert_eq!((counts.packets, counts.datagrams), (6, 6));
        let at = i64::from(SECONDS) * 1_000;
        let times: Vec<Option<i64>> = held.iter().map(|held| held.3).collect();
        let section = [Some(at + 7), Some(at + 100_500), None];
        assert_eq!(times, [section, section].concat());
        assert!(held.iter().all(|held| held.1 == PAYLOAD));
    }
}

/// What one packet of a link holds.
fn one(link: u32, packet: Vec<u8>) -> (Vec<Held>, CaptureCounts) {
    let (held, counts, end) = read(&pcap(Order::Little, 0xa1b2_c3d4, link, &[packet]), 4_096);
    assert_eq!(end, Ok(()));
    (held, counts)
}

#[test]
fn datagrams_are_found_on_every_link() {
    let packet = ipv4(17, 0, &udp(PAYLOAD));
    let cooked = |at: usize, length: usize, kind: u16| {
        let mut header = vec![0; length];
        header[at..at + 2].copy_from_slice(&kind.to_be_bytes());
        [header, packet.clone()].concat()
    };
    let frames = [
        (1, ethernet(&[0x0800], &packet)),
        (1, ethernet(&[0x8100, 0x0800], &packet)),
        (1, ethernet(&[0x88a8, 0x8100, 0x0800], &packet)),
        (0, [&[2, 0, 0, 0][..], &packet].concat()),
        (108, [&[0, 0, 0, 2][..], &packet].concat()),
        (101, packet.clone()),
        (228, packet.clone()),
        (113, cooked(14, 16, 0x0800)),
        (276, cooked(0, 20, 0x0800)),
    ];
    for (link, frame) in frames {
        let (held, _) = one(link, frame);
        assert_eq!(held.len(), 1, "link {link}");
        assert_eq!((held[0].0, &held[0].1[..]), (SENDER_V4, PAYLOAD));
    }
}

#[test]
fn extension_headers_of_ipv6_are_read_through() {
    let datagram = udp(PAYLOAD);
    let options = [
        &[60, 0, 0, 0, 0, 0, 0, 0][..],
        &[17, 1],
        &[0; 14],
        &datagram,
    ]
    .concat();
    let alone = [&[17, 0, 0, 0, 0, 0, 0, 1][..], &datagram].concat();
    for packet in [ipv6(17, &datagram), ipv6(0, &options), ipv6(44, &alone)] {
        let (held, _) = one(1, ethernet(&[0x86dd], &packet));
        assert_eq!(held.len(), 1);
        assert_eq!((held[0].0, &held[0].1[..]), (SENDER_V6, PAYLOAD));
    }
    let endless = ipv6(0, &[0; 400]);
    assert_eq!(one(229, endless).1.others, 1);
}

#[test]
fn what_is_no_whole_datagram_is_counted_by_kind() {
    let datagram = udp(PAYLOAD);
    let first = ipv4(17, 0x2000, &datagram);
    let later = ipv4(17, 0x0002, &datagram);
    let tail = ipv6(44, &[&[17, 0, 0, 8, 0, 0, 0, 1][..], &datagram].concat());
    let kinds = [0x0800, 0x0800, 0x86dd, 0x0800, 0x0806];
    let packets = [first, later, tail, ipv4(6, 0, &[0; 20]), vec![0; 28]];
    let frames: Vec<Vec<u8>> = (kinds.iter().zip(&packets))
        .map(|(kind, packet)| ethernet(&[*kind], packet))
        .collect();
    let (held, counts, _) = read(&pcap(Order::Little, 0xa1b2_c3d4, 1, &frames), 99);
    assert!(held.is_empty());
    assert_eq!((counts.fragments, counts.others), (3, 2));
    assert_eq!(one(105, plain()).1.links, 1);
}

#[test]
fn a_short_capture_of_a_datagram_says_how_long_it_was() {
    let mut frame = plain();
    frame.truncate(frame.len() - 4);
    let (held, _) = one(1, frame);
    assert_eq!((held[0].1.as_slice(), held[0].2), (&b"an ex"[..], 9));
}
