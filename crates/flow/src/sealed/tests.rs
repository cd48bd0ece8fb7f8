use super::*;

const SUBSCRIBER: Address = Address::v4(0xc633_6407);
const NEIGHBOR: Address = Address::v4(0xc633_6408);
const SERVER: Address = Address::v4(0xcb00_7109);

fn sealer() -> Sealer {
    let prefixes = Prefixes::parse(["198.51.100.0/24"]).unwrap();
    Sealer::new(prefixes, HorizonKey::from_bytes([9; 16])).unwrap()
}

fn flow(source: Address, source_port: u16, destination: Address, destination_port: u16) -> Flow {
    Flow {
        source,
        destination,
        source_port,
        destination_port,
        protocol: 6,
        flags: 0x1b,
        packets: 7,
        bytes: 700,
        start_ms: 1_800_000_000_000,
        end_ms: 1_800_000_001_000,
        sampling: 1,
        ending: Ending::Ended,
        opener: Opener::Unsaid,
    }
}

fn sealed(flows: &[Flow]) -> Sealed {
    let (mut columns, mut sealed) = (Columns::default(), Sealed::default());
    for flow in flows {
        columns.push(*flow);
    }
    sealer().seal(&mut columns, &mut sealed);
    assert!(columns.is_empty());
    sealed
}

#[test]
fn both_ways_of_a_talk_are_of_one_subscriber_and_one_server() {
    let sealed = sealed(&[
        flow(SUBSCRIBER, 50_000, SERVER, 443),
        flow(SERVER, 443, SUBSCRIBER, 50_000),
    ]);
    let [forth, back] = sealed.talks[..] else {
        panic!("{}", sealed.talks.len())
    };
    assert_eq!((forth.way, back.way), (Way::Forth, Way::Back));
    assert_eq!(forth.subscriber, back.subscriber);
    assert!(forth.server == SERVER && back.server == SERVER);
    assert_eq!((forth.server_port, back.server_port), (443, 443));
}

#[test]
fn between_subscribers_no_address_is_left() {
    let sealed = sealed(&[
        flow(SUBSCRIBER, 50_000, NEIGHBOR, 8_080),
        flow(NEIGHBOR, 8_080, SUBSCRIBER, 50_000),
    ]);
    assert!(sealed.talks.is_empty());
    let [forth, back] = sealed.among[..] else {
        panic!("{}", sealed.among.len())
    };
    assert_eq!((forth.server, forth.server_port), (back.server, 8_080));
    assert_eq!(forth.subscriber, back.subscriber);
    assert_ne!(forth.server, forth.subscriber);
}

#[test]
fn between_subscribers_the_server_is_whom_somebody_called() {
    let of = |source_port, destination_port, opener, flags| Flow {
        flags,
        opener,
        ..flow(SUBSCRIBER, source_port, NEIGHBOR, destination_port)
    };
    for (flow, server_port) in [
        (of(40_000, 48_101, Opener::Source, 0x1b), 48_101),
        (of(40_000, 48_101, Opener::Destination, 0x1b), 40_000),
        // A knock that nobody answered.
        (of(40_000, 48_101, Opener::Unsaid, 0x02), 48_101),
        (of(40_000, 48_101, Opener::Unsaid, 0x1b), 40_000),
    ] {
        let talk = sealed(&[flow]).among[0];
        assert_eq!(talk.server_port, server_port);
        assert_ne!(talk.opened, Opened::Outside);
    }
}

#[test]
fn what_passes_by_is_counted_and_not_kept() {
    let sealed = sealed(&[flow(SERVER, 1, Address::v4(0xc000_0201), 2)]);
    assert_eq!(
        (sealed.talks.len(), sealed.among.len(), sealed.passing),
        (0, 0, 1)
    );
}

#[test]
fn without_prefixes_nothing_is_sealed_and_so_nothing_begins() {
    let none = Sealer::new(Prefixes::default(), HorizonKey::from_bytes([9; 16]));
    assert_eq!(none.err(), Some(NoSubscribers));
}

fn under(key: [u8; 16], flows: &[Flow]) -> Sealed {
    let prefixes = Prefixes::parse(["198.51.100.0/24, 2001:db8:77::/48"]).unwrap();
    let sealer = Sealer::new(prefixes, HorizonKey::from_bytes(key)).unwrap();
    seal_with(sealer, flows)
}

fn seal_with(mut sealer: Sealer, flows: &[Flow]) -> Sealed {
    let (mut columns, mut sealed) = (Columns::default(), Sealed::default());
    for flow in flows {
        columns.push(*flow);
    }
    sealer.seal(&mut columns, &mut sealed);
    sealed
}

#[test]
fn a_session_over_a_change_of_keys_shares_nothing_that_chance_would_not() {
    let sessions: Vec<Flow> = (0..20_000_u32)
        .map(|session| {
            let subscriber = Address::v4(0xc633_6400 + session % 256);
            let port = 1_024 + u16::try_from(session * 3 % 60_000).unwrap();
            flow(subscriber, port, SERVER, 5_228)
        })
        .collect();
    let (before, after) = (under([1; 16], &sessions), under([2; 16], &sessions));
    let pairs = || before.talks.iter().zip(&after.talks);
    assert!(pairs().all(|(one, two)| one.subscriber != two.subscriber));
    let same = |(one, two): &(&Talk<Address>, &Talk<Address>)| {
        one.subscriber_port.mark() == two.subscriber_port.mark()
    };
    // One in 65,536 by chance: of 20,000, six or more once in 10^6 times.
    assert!(pairs().filter(same).count() < 6);
    // Nor does what two sessions of one subscriber have between them go over.
    let between = |talks: &[Talk<Address>]| -> Vec<u32> {
        let marks: Vec<u32> = talks
            .iter()
            .map(|talk| talk.subscriber_port.mark())
            .collect();
        marks.windows(2).map(|two| two[0] ^ two[1]).collect()
    };
    let between = between(&before.talks)
        .into_iter()
        .zip(between(&after.talks));
    assert!(between.filter(|(one, two)| one == two).count() < 6);
    // Within the horizon it is one session.
    let again = under([1; 16], &sessions);
    assert!(again.talks == before.talks);
}

#[test]
fn of_a_port_it_is_kept_whether_a_server_may_stand_there() {
    let sealed = under(
        [1; 16],
        &[443, 999, 8_080, 50_000, 0].map(|port| flow(SUBSCRIBER, port, SERVER, 6_000)),
    );
    let told: Vec<(bool, bool)> = sealed
        .talks
        .iter()
        .map(|talk| {
            (
                talk.subscriber_port.is_low(),
                talk.subscriber_port.is_usual(),
            )
        })
        .collect();
    let expected = [
        (true, true),
        (true, false),
        (false, true),
        (false, false),
        (false, false),
    ];
    assert_eq!(told, expected);
}

#[test]
fn where_an_address_is_shared_the_key_finds_the_port_and_nothing_else_does() {
    let key = || HorizonKey::from_bytes([5; 16]);
    let prefixes = Prefixes::parse(["198.51.100.0/24"]).unwrap();
    let shared = Prefixes::parse(["198.51.100.7"]).unwrap();
    let sealer = Sealer::new(prefixes, key()).unwrap().sharing(shared);
    let sealed = seal_with(
        sealer,
        &[
            flow(SUBSCRIBER, 40_123, SERVER, 443),
            flow(NEIGHBOR, 40_123, SERVER, 443),
        ],
    );
    let [of_shared, of_line] = sealed.talks[..] else {
        panic!("{}", sealed.talks.len())
    };
    assert!(of_shared.subscriber_port.is_shared() && !of_line.subscriber_port.is_shared());
    let mark = of_shared.subscriber_port.mark();
    assert_eq!(key().ports_marked(of_shared.subscriber, mark), [40_123]);
    assert!(u16::try_from(of_line.subscriber_port.mark()).is_ok());
}

#[test]
fn a_household_counts_once_whatever_addresses_it_has() {
    let home = |rest: u128| Address::v6((0x2001_0db8_0077_0100_u128 << 64) + rest);
    let flows = [home(1), home(0xff << 64 | 9), home(1 << 72)]
        .map(|address| flow(address, 50_000, SERVER, 443));
    let sealed = under([1; 16], &flows);
    let [one, other_device, neighbor] = sealed.talks[..] else {
        panic!("{}", sealed.talks.len())
    };
    assert_ne!(one.subscriber, other_device.subscriber);
    assert_eq!(one.client(), other_device.client());
    assert_ne!(one.client(), neighbor.client());
    let v4 = &under([1; 16], &[flow(SUBSCRIBER, 50_000, SERVER, 443)]).talks[0];
    assert_eq!((v4.household, v4.client()), (0, v4.subscriber.bits()));
}

#[test]
fn what_is_of_no_network_between_networks_is_inside_and_so_is_what_carries_it() {
    let subscribers = Prefixes::parse(["198.51.100.0/24"]).unwrap();
    let v6 = |text: &str| Address::of(text.parse().unwrap());
    for inside in [
        "198.51.100.7",
        "100.64.7.8",
        "10.1.2.3",
        "169.254.1.1",
        "fd00::7",
        "fe80::7",
        "2002:c633:6407::1",
        "64:ff9b::c633:6407",
        "64:ff9b::a01:203",
        "2001:0:5ef5:79fd::39cc:9bf8",
    ] {
        assert!(is_inside(&subscribers, v6(inside)), "{inside}");
    }
    for outside in [
        "203.0.113.9",
        "2001:db8::7",
        "2002:cb00:7109::1",
        "64:ff9b::cb00:7109",
    ] {
        assert!(!is_inside(&subscribers, v6(outside)), "{outside}");
    }
    let hidden = Address::v4(0x6440_0708);
    let sealed = under([1; 16], &[flow(SUBSCRIBER, 50_000, hidden, 7_547)]);
    assert_eq!((sealed.talks.len(), sealed.among.len()), (0, 1));
}

#[test]
fn nothing_is_told_to_have_begun_before_its_horizon() {
    let prefixes = Prefixes::parse(["198.51.100.0/24"]).unwrap();
    let key = HorizonKey::from_bytes([9; 16]);
    let sealer = Sealer::new(prefixes, key).unwrap().since(1_800_000_000_400);
    let sealed = seal_with(sealer, &[flow(SUBSCRIBER, 50_000, SERVER, 443)]);
    let times = (sealed.talks[0].start_ms, sealed.talks[0].end_ms);
    assert_eq!(times, (1_800_000_000_400, 1_800_000_001_000));
}

#[test]
fn the_sampling_that_is_set_holds_for_flows_that_tell_none() {
    let prefixes = Prefixes::parse(["198.51.100.0/24"]).unwrap();
    let key = HorizonKey::from_bytes([9; 16]);
    let sealer = Sealer::new(prefixes, key).unwrap().unless_told(1_000);
    let of = |sampling| Flow {
        sampling,
        ..flow(SUBSCRIBER, 50_000, SERVER, 443)
    };
    let (silent, telling) = (of(0), of(64));
    let sealed = seal_with(sealer, &[silent, telling]);
    let samplings: Vec<u32> = sealed.talks.iter().map(|talk| talk.sampling).collect();
    assert_eq!(samplings, [1_000, 64]);
}
