use super::*;
use crate::draw::draws;

/// A profile with something in every place, or in few of them.
pub(crate) fn drawn(draw: &mut impl FnMut() -> u64) -> KeptProfile {
    let first = 500_000 + (draw() % 100).cast_signed();
    let mut profile = KeptProfile {
        first,
        last: first + (draw() % 30).cast_signed(),
        calls: draw() % 5_000,
        answers: draw() % 5_000,
        failed: draw() % 9,
        tried: draw() % 9,
        opened: draw() % 9,
        sampling: u32::try_from(1 + draw() % 1_000).unwrap(),
        longest: u32::try_from(draw() % 90_000).unwrap(),
        // Sums at their end stay there, in any order.
        octets: draw() >> (draw() % 60),
        packets: draw() >> (draw() % 60),
        octets_back: draw() >> (draw() % 60),
        ..KeptProfile::none()
    };
    for heaps in [&mut profile.sizes, &mut profile.sizes_back] {
        heaps[usize::try_from(draw() % 16).unwrap()] = draw() % 70_000;
    }
    let hour = usize::try_from(draw() % 24).unwrap();
    profile.hours[hour] = draw() % 900;
    profile.clients_by_hour[hour] = u32::try_from(draw() % 900).unwrap();
    for _ in 0..draw() % 3 {
        let linking = Linking(draw() % 4);
        let clients = profile.clients.entry(linking).or_default();
        for _ in 0..draw() % 80 {
            clients.add(draw());
        }
        let day = u32::try_from(20_000 + draw() % 3).unwrap();
        let mut said = Said {
            calls: draw() % 3,
            ..Said::default()
        };
        for (value, weight) in &mut said.evidence {
            (*value, *weight) = (draw().cast_signed(), (draw() % 3).cast_signed() - 1);
        }
        profile.said.insert(Session { day, linking }, said);
    }
    profile
}

fn merged(parts: &[KeptProfile]) -> KeptProfile {
    let mut all = KeptProfile::none();
    for part in parts {
        all.merge(part);
    }
    all
}

#[test]
fn in_any_order_and_grouping_the_same_octets_come_out() {
    let mut draw = draws(7);
    for _ in 0..500 {
        let count = 2 + usize::try_from(draw() % 7).unwrap();
        let mut parts: Vec<KeptProfile> = (0..count).map(|_| drawn(&mut draw)).collect();
        let one_by_one = merged(&parts).to_bytes();
        for place in (1..count).rev() {
            parts.swap(place, usize::try_from(draw() % (place as u64 + 1)).unwrap());
        }
        assert_eq!(merged(&parts).to_bytes(), one_by_one);
        let (left, right) = parts.split_at(usize::try_from(draw() % (count as u64 + 1)).unwrap());
        let mut grouped = merged(right);
        // As another machine would hand it over.
        grouped = KeptProfile::from_bytes(&grouped.to_bytes()).unwrap();
        grouped.merge(&merged(left));
        assert_eq!(grouped.to_bytes(), one_by_one);
    }
}

#[test]
fn what_is_kept_under_more_keys_than_there_is_room_for_joins_in_any_order_too() {
    let mut parts: Vec<KeptProfile> = (0..3 * KEYS_MAX as u64)
        .map(|number| {
            let linking = Linking(crate::draw::at(number) % 150);
            let mut part = KeptProfile::none();
            part.clients.entry(linking).or_default().add(number);
            let session = Session {
                day: u32::try_from(number).unwrap(),
                linking,
            };
            part.said.insert(
                session,
                Said {
                    calls: 1,
                    ..Said::default()
                },
            );
            part
        })
        .collect();
    let forth = merged(&parts);
    assert_eq!(
        (forth.clients.len(), forth.said.len()),
        (KEYS_MAX, KEYS_MAX)
    );
    parts.reverse();
    assert!(merged(&parts) == forth);
}

#[test]
fn what_was_written_is_read_again_to_the_last_bit() {
    let mut draw = draws(3);
    assert!(KeptProfile::from_bytes(&KeptProfile::none().to_bytes()) == Ok(KeptProfile::none()));
    for _ in 0..2_000 {
        let profile = drawn(&mut draw);
        let octets = profile.to_bytes();
        assert!(KeptProfile::from_bytes(&octets) == Ok(profile));
    }
}

#[test]
fn octets_of_strangers_are_refused_or_read_and_stop_nobody() {
    let mut draw = draws(5);
    let (mut refused, mut read) = (0, 0);
    for _ in 0..20_000 {
        let mut octets = drawn(&mut draw).to_bytes();
        match draw() % 3 {
            0 => octets.truncate(usize::try_from(draw() % octets.len() as u64).unwrap()),
            1 => {
                let place = usize::try_from(draw() % octets.len() as u64).unwrap();
                octets[place] = draw().to_le_bytes()[0];
            }
            _ => octets.extend(draw().to_le_bytes()),
        }
        match KeptProfile::from_bytes(&octets) {
            // One profile has one spelling, so whatever is read was written like that.
            Ok(profile) => {
                read += 1;
                assert_eq!(profile.to_bytes(), octets);
                let mut twice = profile.clone();
                twice.merge(&profile);
                let _told = (twice.clients_told(5), twice.first_ms(), twice.last_ms());
            }
            Err(_) => refused += 1,
        }
    }
    assert!(refused > 10_000 && read > 500, "{refused} {read}");
    assert!(KeptProfile::from_bytes(&[]) == Err(OctetsError::Spelling));
    assert!(KeptProfile::from_bytes(&[9, 0]) == Err(OctetsError::Version(9)));
}

#[test]
fn clients_under_two_keys_are_not_added_up() {
    let with = |linking, count: u64| {
        let mut profile = KeptProfile::none();
        let clients = profile.clients.entry(Linking(linking)).or_default();
        (0..count).for_each(|client| clients.add(crate::draw::at(client + linking * 1_000)));
        profile
    };
    let mut both = with(1, 40);
    let alone = both.clients();
    both.merge(&with(2, 40));
    assert!(
        both.clients() < 2 * alone - 10,
        "{} {alone}",
        both.clients()
    );
    assert_eq!(with(1, 3).clients_told(0), Some(3));
    assert_eq!(with(1, 3).clients_told(5), None);
}
