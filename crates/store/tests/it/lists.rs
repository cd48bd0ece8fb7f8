//! Pages of a list against the whole list, worked out from what was granted.

use std::collections::BTreeMap;

use domain::audience::{Audience, AudienceKey};
use domain::id::{OrganizationId, PartId, ReportId};
use domain::organization::{Clearance, Tier};
use domain::part::{Part, PartKind, Subject};
use domain::time::Timestamp;
use seal::random::Random;
use store::part::{Listed, Sight, Wanted, insert, visible_subjects};
use store::{Stamp, StoreError};

use crate::fixture::{in_memory, random};
use crate::parts::{ministry, part, reader_of};

const PARTS: u64 = 300;
const SUBJECTS: u64 = 60;
/// Few instants, so that many grants are of the same one.
const INSTANTS: u64 = 6;
const NOW: i64 = 2_000;

/// A part granted at random: to the reader's keys and to others', for one purpose or another, at any
/// clearance, some ended.
fn granted(random: &mut Random) -> (Part, Audience, Timestamp) {
    let keys = [
        AudienceKey::Public,
        AudienceKey::Person(reader_of(ministry()).person),
        AudienceKey::Organization(ministry(), None),
        AudienceKey::Organization(ministry(), Some(Tier::Ciso)),
        AudienceKey::Organization(ministry(), Some(Tier::Executive)),
        AudienceKey::Organization(OrganizationId::from_random([8; 16]), None),
    ];
    let mut pick = |count: u64| usize::try_from(random.below(count)).unwrap();
    let subject = u8::try_from(pick(SUBJECTS)).unwrap();
    let kind = [PartKind::Damage, PartKind::Attack, PartKind::Message][pick(3)];
    let purpose = ["defense", "defense", "statistics"][pick(3)];
    let ends = [None, None, Some(NOW - 1), Some(NOW + 1)][pick(4)];
    let audience = Audience {
        key: keys[pick(6)],
        purpose: purpose.parse().unwrap(),
        clearance: Clearance::from_level(u8::try_from(pick(4)).unwrap()).unwrap(),
        expires_at: ends.map(Timestamp::from_seconds),
    };
    let at = Timestamp::from_seconds(1_000 + i64::try_from(pick(INSTANTS)).unwrap());
    let part = Part {
        id: PartId::from_random(random.bytes()),
        subject: Subject::Report(ReportId::from_random([subject; 16])),
        kind,
        ..part(1, "停止")
    };
    (part, audience, at)
}

#[test]
fn the_pages_of_a_list_are_the_list() {
    let store = in_memory();
    let reader = domain::actor::Actor {
        clearance: Clearance::from_level(2).unwrap(),
        ..reader_of(ministry())
    };
    let mut random = random("lists");
    let mut expected: BTreeMap<String, Timestamp> = BTreeMap::new();
    for number in 0..PARTS {
        let (part, audience, at) = granted(&mut random);
        let is_listed = part.kind != PartKind::Message
            && reader.keys().contains(&audience.key)
            && audience.purpose == reader.purpose
            && audience.clearance <= reader.clearance
            && audience
                .expires_at
                .is_none_or(|end| end > Timestamp::from_seconds(NOW));
        if is_listed {
            let seen_at = expected.entry(part.subject.to_string()).or_insert(at);
            *seen_at = at.max(*seen_at);
        }
        let stamp = Stamp {
            name: "test.write",
            now: at,
            random: random.derive(&number.to_string()),
        };
        store
            .write::<_, StoreError>(stamp, move |tx| insert(tx, &part, &[audience]))
            .unwrap();
    }
    let mut expected: Vec<(Timestamp, String)> = expected
        .into_iter()
        .map(|(subject, at)| (at, subject))
        .collect();
    expected.sort();
    expected.reverse();
    assert!(expected.len() > 20, "{}", expected.len());
    let sight = Sight::of(&reader, Timestamp::from_seconds(NOW));
    for rows in [1, 3, 7, 100] {
        let mut pages: Vec<Listed> = Vec::new();
        loop {
            let after = pages.last().map(|last| store::part::Cursor {
                seen_at: last.seen_at,
                subject: last.subject.to_string(),
            });
            let sight = sight.clone();
            let page = store
                .read::<_, StoreError>(move |reader| {
                    let wanted = Wanted {
                        kinds: &[PartKind::Damage, PartKind::Attack],
                        side: None,
                    };
                    visible_subjects(reader, &sight, wanted, after.as_ref(), rows)
                })
                .unwrap();
            if page.is_empty() {
                break;
            }
            pages.extend(page);
        }
        let shown: Vec<(Timestamp, String)> = pages
            .iter()
            .map(|row| (row.seen_at, row.subject.to_string()))
            .collect();
        assert_eq!(shown, expected, "{rows} rows a page");
    }
}
