//! What the master of a C&C server would do to hide it, with clients or packets of his own.

use super::*;

/// Bots that call each minute.
fn bots(count: u32) -> Vec<Talk<Address>> {
    let of = |client| {
        beacons(60).into_iter().map(move |talk| Talk {
            subscriber: token(100 + client),
            start_ms: talk.start_ms + i64::from(client) * 7 * SECOND,
            end_ms: talk.end_ms + i64::from(client) * 7 * SECOND,
            ..talk
        })
    };
    (0..count).flat_map(of).collect()
}

fn in_order(mut talks: Vec<Talk<Address>>) -> Vec<Talk<Address>> {
    talks.sort_by_key(|talk| talk.start_ms);
    talks
}

/// A client tries a door of each of many servers, one try each.
fn search(client: u32, doors: u32, port: u16) -> impl Iterator<Item = Talk<Address>> {
    (0..doors).map(move |door| Talk {
        server: Address::v4(0xc612_0000 + door),
        server_port: port,
        subscriber: token(client),
        flags: 0x02,
        packets: 1,
        bytes: 60,
        ..call(START + i64::from(door) * 10)
    })
}

#[test]
fn one_that_searches_does_not_fill_the_table_of_servers() {
    let talks = in_order(
        beacons(60)
            .into_iter()
            .chain(search(9, 100_000, 23))
            .collect(),
    );
    let engine = engine(&talks);
    let tally = engine.tally();
    assert!(tally.searches > 95_000, "{tally:?}");
    assert!(engine.kept().0 < 5_000, "{:?}", engine.kept());
    let findings = engine.findings(&Knowledge::default());
    assert!(findings[0].server.address == SERVER);
}

#[test]
fn a_dead_server_that_is_called_again_and_again_is_no_target_of_the_search() {
    let tries = (0..60).map(|n| Talk {
        server_port: 23,
        flags: 0x02,
        bytes: 60,
        subscriber_port: high_port(2_000 + n),
        ..call(START + n * 20 * SECOND)
    });
    let talks = in_order(tries.chain(search(1, 20_000, 23)).collect());
    let finding = found(&talks, &Knowledge::default());
    assert!(
        weight(&finding, Code::ScanTarget).abs() < 0.1,
        "{:?}",
        finding.evidence
    );
    assert!(
        weight(&finding, Code::Automation) > 10.0,
        "{:?}",
        finding.evidence
    );
}

#[test]
fn packets_that_nobody_asked_for_make_no_clients() {
    let plain = found(&bots(6), &Knowledge::default());
    let unasked = (0..20_000).flat_map(|client| {
        let syn_ack = Talk {
            subscriber: token(10_000 + client),
            way: Way::Back,
            opened: Opened::Unsaid,
            flags: 0x12,
            ..call(START + i64::from(client))
        };
        let refusal = Talk {
            way: Way::Forth,
            flags: if client % 2 == 0 { 0x04 } else { 0x14 },
            ..syn_ack
        };
        [syn_ack, refusal]
    });
    let talks = in_order(bots(6).into_iter().chain(unasked).collect());
    let finding = found(&talks, &Knowledge::default());
    assert_eq!(finding.clients, plain.clients);
    assert!(
        finding.tier >= Tier::Review,
        "{} {:?}",
        finding.score,
        finding.evidence
    );
}

#[test]
fn answers_stand_for_calls_where_only_they_are_exported() {
    let answers: Vec<_> = bots(6)
        .into_iter()
        .filter(|talk| talk.way == Way::Back)
        .collect();
    let finding = found(&answers, &Knowledge::default());
    assert_eq!(finding.clients, 6);
    assert!(
        weight(&finding, Code::Automation) > 10.0,
        "{:?}",
        finding.evidence
    );
}

#[test]
fn a_low_port_of_the_client_hides_nothing() {
    // A port of no service; that of one, with a beginning that was seen.
    for (flags, port) in [(0x1b, 1), (0x02, 3)] {
        let calls: Vec<_> = beacons(60)
            .into_iter()
            .filter(|talk| talk.way == Way::Forth)
            .map(|talk| Talk {
                subscriber_port: SealedPort::kept(7, port),
                opened: Opened::Unsaid,
                flags,
                ..talk
            })
            .collect();
        assert_eq!(engine(&calls).tally().inbound, 0, "{port}");
    }
}

#[test]
fn one_client_that_floods_or_fetches_much_does_not_hide_the_others() {
    let plain = found(&bots(6), &Knowledge::default()).score;
    let decoy = |n: i64| Talk {
        subscriber: token(5),
        ..call(START + n * 100)
    };
    let flood = answered((0..2_000).map(decoy));
    let fetch = answered([call(START)]).into_iter().map(|talk| Talk {
        subscriber: token(5),
        bytes: if talk.way == Way::Back {
            450 << 20
        } else {
            talk.bytes
        },
        ..talk
    });
    for decoys in [flood, fetch.collect()] {
        let talks = in_order(bots(6).into_iter().chain(decoys).collect());
        let finding = found(&talks, &Knowledge::default());
        assert!(
            weight(&finding, Code::Flood) > -3.0,
            "{:?}",
            finding.evidence
        );
        assert!(
            finding.score > plain - 8.0,
            "{} {plain} {:?}",
            finding.score,
            finding.evidence
        );
    }
}
