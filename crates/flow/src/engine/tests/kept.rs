//! Profiles that are kept, hour by hour.

use super::*;
use crate::archive::profiles::EVERYTHING;
use crate::archive::profiles::Seen;
use crate::profile::{KeptProfile, Linking, Past};
use std::sync::Arc;

const DAY: i64 = 24 * HOUR;

/// Bots that call by the clock with a few lost calls, and a crowd that reads elsewhere.
fn talks() -> Vec<Talk<Address>> {
    let mut talks = Vec::new();
    let begin = START - START % DAY;
    for number in 0..24 * 12_i64 {
        for bot in 0..4 {
            let late = i64::try_from(draw((number * 4 + bot).unsigned_abs()) % 4_000).unwrap();
            let mut call = call(begin + number * 300 * SECOND + bot * 7 * SECOND + late);
            call.subscriber = token(u32::try_from(bot).unwrap());
            talks.extend(answered([call]));
        }
        for reader in 0..20_u32 {
            let mut call = call(begin + number * 300 * SECOND + i64::from(reader) * 11 * SECOND);
            call.subscriber = token(100 + reader);
            call.server = Address::v4(0xcb00_7200 + reader % 7);
            call.server_port = 443;
            call.bytes = 20_000 + u64::from(reader) * 1_111;
            talks.extend(answered([call]));
        }
    }
    talks.sort_by_key(|talk| talk.start_ms);
    talks
}

fn rows(engine: &mut Engine, talks: &[Talk<Address>], linking: u64) -> Vec<Row> {
    engine.keep(Linking(linking));
    let mut rows = Vec::new();
    for talks in talks.chunk_by(|one, other| one.start_ms / HOUR == other.start_ms / HOUR) {
        engine.take(talks);
        engine.end_hour(talks[0].start_ms / HOUR, |row| rows.push(row));
    }
    rows
}

fn merged(rows: &[Row], server: Server) -> KeptProfile {
    let mut profile = KeptProfile::none();
    for row in rows.iter().filter(|row| row.server == server) {
        profile.merge(&row.profile);
    }
    profile
}

const BOTMASTER: Server = Server {
    address: SERVER,
    port: 4_444,
    protocol: service::TCP,
};

#[test]
fn the_merged_hours_of_a_day_say_what_the_engine_says_at_its_end() {
    let (talks, knowledge) = (talks(), Knowledge::default());
    let mut engine = Engine::new(Settings::default());
    let rows = rows(&mut engine, &talks, 7);
    assert_eq!(rows.len(), 24 * 9);
    let beside = merged(&rows, EVERYTHING);
    let beside = Surroundings::new(&beside, &knowledge);
    for finding in engine.findings(&knowledge) {
        let kept = merged(&rows, finding.server);
        let judged = kept.judge(&finding.server, &beside);
        assert!((judged.score - finding.score).abs() < 0.6);
        assert_eq!(judged.tier, finding.tier);
        let codes = |finding: &Finding| -> Vec<Code> {
            let codes = finding.evidence.iter().filter(|of| of.weight.abs() > 0.5);
            let mut codes: Vec<Code> = codes.map(|evidence| evidence.code).collect();
            codes.sort();
            codes
        };
        assert_eq!(codes(&judged), codes(&finding));
        assert_eq!(judged.flows, finding.flows);
        assert!(judged.clients.abs_diff(finding.clients) <= 1);
        assert!(judged.first_ms <= finding.first_ms && finding.first_ms < judged.first_ms + HOUR);
    }
    let judged = merged(&rows, BOTMASTER).judge(&BOTMASTER, &beside);
    assert_eq!(judged.tier, Tier::Share);
    assert!(judged.evidence.iter().any(|of| of.code == Code::Automation));
}

#[test]
fn two_collectors_that_saw_half_each_find_it_together() {
    let (talks, knowledge) = (talks(), Knowledge::default());
    let (mut all, mut bots) = (KeptProfile::none(), KeptProfile::none());
    for half in 0..2 {
        let seen = |talk: &&Talk<Address>| talk.subscriber.bits() % 2 == half;
        let talks: Vec<Talk<Address>> = talks.iter().filter(seen).copied().collect();
        // Another seed, another key: the profiles meet all the same.
        let mut engine = Engine::new(Settings {
            seed: u64::try_from(half).unwrap(),
            ..Settings::default()
        });
        let rows = rows(&mut engine, &talks, u64::try_from(half).unwrap());
        all.merge(&merged(&rows, EVERYTHING));
        bots.merge(&merged(&rows, BOTMASTER));
    }
    let finding = bots.judge(&BOTMASTER, &Surroundings::new(&all, &knowledge));
    assert!(finding.tier >= Tier::Review, "{}", finding.score);
    assert_eq!(finding.flows, 24 * 12 * 4 * 2);
}

#[test]
fn where_nothing_is_kept_no_hour_is_told() {
    let mut engine = engine(&talks());
    engine.end_hour(1, |_| panic!("nothing is kept"));
    engine.keep(Linking(1));
    engine.end_hour(1, |_| panic!("nothing came"));
}

#[test]
fn a_server_is_new_only_beside_a_week_that_is_kept_and_old_after_a_month() {
    let talks = talks();
    let day = START / DAY;
    // Days for which profiles are kept, the day on which the server came, and what is told.
    for (days, came, hours, weight) in [
        (3, 0, None, 0.0),
        (10, 0, Some(23.0), 4.0),
        (10, 2, Some(71.0), 5.0),
        (30, 29, Some(29.0 * 24.0 + 23.0), -3.0),
    ] {
        let mut past = Past::new(5, 32);
        for back in 0..=days {
            for (address, until) in [(SERVER, came), (Address::v4(0xcb00_7199), days)] {
                if back <= until {
                    let hour = (day - back) * 24;
                    let server = Server {
                        address,
                        ..BOTMASTER
                    };
                    past.note(Seen {
                        server,
                        hour,
                        first: hour,
                    });
                    past.note(Seen {
                        server,
                        hour: hour + 23,
                        first: hour + 23,
                    });
                }
            }
        }
        let mut knowledge = Knowledge::default();
        knowledge.remember(Arc::new(past));
        let finding = found(&talks, &knowledge);
        let novel = finding.evidence.iter().find(|of| of.code == Code::Novel);
        assert_eq!(novel.map(|novel| novel.value), hours);
        let told = novel.map_or(0.0, |novel| novel.weight);
        assert!((told - weight).abs() < 0.01, "{told} {weight}");
        assert_eq!(
            finding.first_ms / DAY,
            day - if days < 3 { 0 } else { came }
        );
    }
}

#[test]
fn the_day_of_all_talks_and_a_rare_token_do_not_show_more_or_less_than_they_should() {
    let mut engine = Engine::new(Settings::default());
    engine.keep(Linking(1));
    let hour = START / HOUR;
    let talks: Vec<Talk<Address>> = (0..70_000_i64)
        .map(|number| {
            let mut call = call(START + number);
            // Every token has the highest rank.
            call.subscriber =
                SubscriberToken::from_bits(u128::from(draw(number.unsigned_abs())) << 64);
            call
        })
        .collect();
    engine.take(&talks);
    let mut rows = Vec::new();
    engine.end_hour(hour, |row| rows.push(row));
    let [all, server] = &rows[..] else {
        panic!("{}", rows.len())
    };
    assert_eq!(all.profile.hours.iter().sum::<u64>(), 70_000);
    let ranks = |row: &Row| {
        let clients = row.profile.clients.values();
        clients.flat_map(|clients| *clients.ranks()).max().unwrap()
    };
    assert_eq!((ranks(server), ranks(all)), (6, 31));
}

#[test]
fn no_word_of_another_collector_takes_from_what_speaks_for_a_server() {
    let (talks, knowledge) = (talks(), Knowledge::default());
    let mut engine = Engine::new(Settings::default());
    let rows = rows(&mut engine, &talks, 7);
    let all = merged(&rows, EVERYTHING);
    let beside = Surroundings::new(&all, &knowledge);
    let mut bots = merged(&rows, BOTMASTER);
    let before = bots.judge(&BOTMASTER, &beside);
    let decoy = [(Code::Flood, -15.0), (Code::ScanTarget, -20.0)].map(|(code, weight)| {
        crate::finding::Evidence {
            code,
            value: 1_000.0,
            weight,
        }
    });
    let session = Session::at(Linking(8), START);
    bots.said
        .extend(Said::of(1_000_000, &decoy).map(|said| (session, said)));
    assert!(bots.judge(&BOTMASTER, &beside).score >= before.score);
}
