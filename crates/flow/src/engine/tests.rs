mod decoys;
mod kept;

use super::*;
use crate::column::Ending;
use crate::draw::at as draw;
use crate::finding::{EvidenceCode as Code, Tier};
use crate::knowledge::{Network, Verdict};
use crate::sealed::{Opened, SealedPort, Way};
use seal::subscriber::{HorizonKey, SubscriberToken};

const SECOND: i64 = 1_000;
const HOUR: i64 = 3_600 * SECOND;
const START: i64 = 1_800_000_000 * SECOND;
const SERVER: Address = Address::v4(0xcb00_7109);

fn token(client: u32) -> SubscriberToken {
    HorizonKey::from_bytes([3; 16]).token(u128::from(client))
}

fn high_port(port: i64) -> SealedPort {
    SealedPort::kept(u32::try_from(port).unwrap(), 0)
}

/// A short answered call of client 1 to the server.
fn call(start_ms: i64) -> Talk<Address> {
    Talk {
        server: SERVER,
        server_port: 4_444,
        subscriber: token(1),
        household: 0,
        subscriber_port: high_port(40_000 + start_ms / SECOND % 20_000),
        protocol: service::TCP,
        flags: 0x1b,
        way: Way::Forth,
        packets: 6,
        bytes: 420,
        start_ms,
        end_ms: start_ms + SECOND,
        sampling: 1,
        ending: Ending::Ended,
        opened: Opened::Inside,
    }
}

fn answer(call: &Talk<Address>) -> Talk<Address> {
    Talk {
        way: Way::Back,
        bytes: 600,
        ..*call
    }
}

fn answered(calls: impl IntoIterator<Item = Talk<Address>>) -> Vec<Talk<Address>> {
    calls
        .into_iter()
        .flat_map(|call| [call, answer(&call)])
        .collect()
}

fn engine(talks: &[Talk<Address>]) -> Engine {
    let mut engine = Engine::new(Settings::default());
    engine.take(talks);
    engine
}

/// What is found of the server.
fn found(talks: &[Talk<Address>], knowledge: &Knowledge) -> Finding {
    let findings = engine(talks).findings(knowledge);
    let of_server = |finding: &&Finding| finding.server.address == SERVER;
    findings.iter().find(of_server).unwrap().clone()
}

fn weight(finding: &Finding, code: Code) -> f64 {
    let of_code = finding
        .evidence
        .iter()
        .filter(|evidence| evidence.code == code);
    of_code.map(|evidence| evidence.weight).sum()
}

/// Calls each minute, some seconds early or late.
fn beacons(count: i64) -> Vec<Talk<Address>> {
    answered((0..count).map(|n| {
        let jitter = i64::try_from(draw(n.unsigned_abs()) % 6_000).unwrap();
        call(START + n * 60 * SECOND + jitter)
    }))
}

#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_precision_loss,
    reason = "a share of a thousand, and less than an hour of milliseconds"
)]
/// Visits of a person: waits from seconds to an hour, pages of many sizes.
fn visits(count: i64) -> Vec<Talk<Address>> {
    let mut at = START;
    let mut talks = Vec::new();
    for n in 0..count {
        let draw = draw(n.unsigned_abs() + 77);
        at += (1_500.0 * 2_000_f64.powf((draw % 1_000) as f64 / 1_000.0)) as i64;
        let forth = Talk {
            server_port: 443,
            bytes: 900 + draw % 4_000,
            ..call(at)
        };
        let back = Talk {
            bytes: 4_000 + (draw >> 20) % 20_000,
            ..answer(&forth)
        };
        talks.extend([forth, back]);
    }
    talks
}

#[test]
fn calls_by_the_clock_are_found_and_the_reasons_add_up() {
    let finding = found(&beacons(60), &Knowledge::default());
    assert!(finding.tier >= Tier::Review, "{}", finding.score);
    assert_eq!((finding.flows, finding.clients), (120, 1));
    let automation = finding
        .evidence
        .iter()
        .find(|e| e.code == Code::Automation)
        .unwrap();
    assert!((56.0..64.0).contains(&automation.value), "{automation:?}");
    let sum: f64 = finding
        .evidence
        .iter()
        .map(|evidence| evidence.weight)
        .sum();
    assert!((sum - finding.score).abs() < 1e-9);
    let without = finding.score_without(Code::Automation);
    assert!((without + automation.weight - finding.score).abs() < 1e-9);
    let heaviest = finding.evidence.windows(2);
    assert!(
        heaviest
            .into_iter()
            .all(|two| two[0].weight.abs() >= two[1].weight.abs())
    );
}

#[test]
fn one_group_of_evidence_is_never_enough_to_share() {
    let finding = found(&beacons(1_000), &Knowledge::default());
    assert!(finding.score >= THRESHOLDS.share, "{}", finding.score);
    assert_eq!(finding.tier, Tier::Review);
    let mut knowledge = Knowledge::default();
    knowledge.know(SERVER.ip(), Some(4_444));
    assert_eq!(found(&beacons(1_000), &knowledge).tier, Tier::Share);
}

#[test]
fn a_person_is_no_clock() {
    let finding = found(&visits(200), &Knowledge::default());
    assert!(
        weight(&finding, Code::Automation) < 3.0,
        "{:?}",
        finding.evidence
    );
    assert_eq!(finding.tier, Tier::Low);
}

#[test]
fn a_clock_is_seen_though_two_of_three_calls_are_lost() {
    let all = beacons(300);
    let kept = all
        .chunks(2)
        .enumerate()
        .filter(|(n, _)| draw(*n as u64).is_multiple_of(3));
    let talks: Vec<_> = kept.flat_map(|(_, talk)| talk.to_vec()).collect();
    let finding = found(&talks, &Knowledge::default());
    assert!(
        weight(&finding, Code::Automation) > 10.0,
        "{:?}",
        finding.evidence
    );
}

#[test]
fn a_session_that_exporters_cut_by_the_minute_is_no_clock() {
    let pieces: Vec<_> = (0..120)
        .map(|n| Talk {
            flags: if n == 0 { 0x1a } else { 0x18 },
            subscriber_port: high_port(50_000),
            end_ms: START + n * 60 * SECOND + 59 * SECOND,
            ..call(START + n * 60 * SECOND)
        })
        .collect();
    let engine = engine(&pieces);
    assert_eq!(engine.tally().pieces, 119);
    let finding = found(&pieces, &Knowledge::default());
    assert_eq!(finding.flows, 1);
    assert!(weight(&finding, Code::Automation).abs() < 0.1);
    assert!(
        weight(&finding, Code::HeldOpen) > 2.0,
        "{:?}",
        finding.evidence
    );
}

#[test]
fn who_knocks_from_outside_is_no_server() {
    let knocks: Vec<_> = (0..50)
        .map(|n| Talk {
            opened: Opened::Outside,
            way: Way::Back,
            ..call(START + n * 60 * SECOND)
        })
        .collect();
    let engine = engine(&knocks);
    assert_eq!(engine.tally().inbound, 50);
    assert_eq!(engine.kept(), (0, 0));
}

#[test]
fn targets_of_a_search_are_no_servers_and_what_searchers_call_is() {
    let mut talks = beacons(60);
    for n in 0..500_u32 {
        for again in 0..4 {
            talks.push(Talk {
                server: Address::v4(0xc612_0000 + n),
                server_port: 23,
                flags: 0x02,
                bytes: 60,
                subscriber_port: high_port(1_024 + i64::from(again)),
                ..call(START + i64::from(n) * SECOND + i64::from(again) * HOUR)
            });
        }
    }
    let findings = engine(&talks).findings(&Knowledge::default());
    assert!(findings[0].server.address == SERVER);
    assert!(weight(&findings[0], Code::ScanningClients) > 5.0);
    assert_eq!(
        findings[0].tier,
        Tier::Share,
        "behavior and clients speak for it"
    );
    assert!(
        findings[1..]
            .iter()
            .all(|finding| finding.tier == Tier::Low)
    );
}

#[test]
fn what_is_known_speaks_for_and_against() {
    let talks = beacons(60);
    let plain = found(&talks, &Knowledge::default()).score;
    let mut knowledge = Knowledge::new(START);
    knowledge
        .network(Network::Delivery, ["203.0.113.0/24"])
        .unwrap();
    assert!(found(&talks, &knowledge).score < plain - 5.0);
    let server = Server {
        address: SERVER,
        port: 4_444,
        protocol: service::TCP,
    };
    let mut judged = Knowledge::new(START);
    judged.judge(server, Verdict::Benign, START + 24 * HOUR);
    assert_eq!(found(&talks, &judged).tier, Tier::Low);
    // The verdict has an end.
    let mut later = Knowledge::new(START + 25 * HOUR);
    later.judge(server, Verdict::Benign, START + 24 * HOUR);
    assert!((found(&talks, &later).score - plain).abs() < 1e-9);
}

#[test]
fn many_clients_that_do_the_same_are_alike() {
    let talks: Vec<_> = (0..6_u32)
        .flat_map(|client| {
            beacons(20).into_iter().map(move |talk| Talk {
                subscriber: token(100 + client),
                start_ms: talk.start_ms + i64::from(client) * 7 * SECOND,
                ..talk
            })
        })
        .collect();
    let finding = found(&talks, &Knowledge::default());
    assert_eq!(finding.clients, 6);
    assert!(
        weight(&finding, Code::Alike) > 7.0,
        "{:?}",
        finding.evidence
    );
    assert_eq!(finding.tier, Tier::Share);
}

#[test]
fn at_high_sampling_the_clock_is_not_claimed() {
    let sampled: Vec<_> = beacons(60)
        .into_iter()
        .map(|talk| Talk {
            sampling: 1_000,
            ..talk
        })
        .collect();
    let finding = found(&sampled, &Knowledge::default());
    for code in [
        Code::Automation,
        Code::Uniform,
        Code::Failures,
        Code::SmallTalk,
    ] {
        assert!(weight(&finding, code).abs() < f64::EPSILON, "{code:?}");
    }
}

#[test]
fn sampled_packets_are_no_talks_whatever_their_rate() {
    // One packet in five is a beginning: that nothing answered it is not said.
    let packets: Vec<_> = (0..)
        .zip(beacons(60))
        .map(|(n, talk)| Talk {
            flags: if n % 5 == 0 { 0x02 } else { 0x18 },
            packets: 1,
            ending: Ending::Sampled,
            ..talk
        })
        .collect();
    let finding = found(&packets, &Knowledge::default());
    for code in [Code::Uniform, Code::Failures, Code::SmallTalk] {
        assert!(weight(&finding, code).abs() < f64::EPSILON, "{code:?}");
    }
}

#[test]
fn memory_has_an_end_and_what_is_passed_over_is_counted() {
    let mut engine = Engine::new(Settings {
        servers_max: 10,
        pairs_max: 3,
        ..Settings::default()
    });
    for n in 0..30 {
        let to = Talk {
            server: Address::v4(0xcb00_7100 + n),
            ..call(START)
        };
        engine.take(&[
            to,
            Talk {
                start_ms: START + 60 * SECOND,
                ..to
            },
        ]);
    }
    assert_eq!(engine.kept(), (10, 3));
    let tally = engine.tally();
    assert_eq!((tally.no_room_servers, tally.no_room_pairs > 0), (40, true));
}

#[test]
fn the_same_talks_make_the_same_list_whatever_the_seed() {
    let talks = [beacons(60), visits(50)].concat();
    let list = |seed| {
        let mut engine = Engine::new(Settings {
            seed,
            ..Settings::default()
        });
        engine.take(&talks);
        let findings = engine.findings(&Knowledge::default());
        findings
            .iter()
            .map(|f| (f.server.port, f.score.to_bits(), f.flows))
            .collect::<Vec<_>>()
    };
    assert_eq!(list(1), list(2));
}

#[test]
fn of_a_server_with_many_clients_some_hundred_are_looked_at_one_by_one() {
    // The others make the network large enough for the server not to be popular.
    let others = (0..300_000).map(|client| Talk {
        server: Address::v4(0xcb00_7200 + client % 200),
        server_port: 53,
        protocol: service::UDP,
        subscriber: token(client),
        ..call(START)
    });
    let calls = (0..3).flat_map(|round| {
        (0..1_000).map(move |client| Talk {
            subscriber: token(client),
            ..call(START + round * HOUR)
        })
    });
    let talks: Vec<Talk<Address>> = others.chain(calls).collect();
    let engine = engine(&talks);
    let (_, pairs) = engine.kept();
    assert!((150..400).contains(&pairs), "{pairs}");
    assert_eq!(engine.tally().no_room_pairs, 0);
}

#[test]
fn a_record_with_a_wrong_time_is_counted_and_moves_nothing() {
    for wrong_ms in [0, i64::MIN, i64::MAX, START + 40 * 365 * 24 * HOUR] {
        for place in [0, 60] {
            let mut talks = beacons(60);
            talks.insert(
                place,
                Talk {
                    end_ms: wrong_ms,
                    start_ms: wrong_ms,
                    ..call(START)
                },
            );
            let engine = engine(&talks);
            assert_eq!(engine.tally().untimely, 1, "{wrong_ms} at {place}");
            let finding = found(&talks, &Knowledge::default());
            assert_eq!(
                finding.first_ms,
                found(&beacons(60), &Knowledge::default()).first_ms
            );
            assert!(weight(&finding, Code::Automation) > 10.0);
        }
    }
}
