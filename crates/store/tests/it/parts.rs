use domain::actor::{Actor, Assurance, Keeping};
use domain::audience::{Audience, AudienceKey};
use domain::confidential::Confidential;
use domain::handling::{Circle, Consent, Handling, Tlp};
use domain::id::{MembershipId, OrganizationId, PartId, PersonId, ReportId};
use domain::organization::{Clearance, OrganizationKind, Role, Tier};
use domain::part::field::{Field, Value};
use domain::part::{Part, PartBody, PartKind, Side, Subject};
use domain::release::view;
use domain::time::Timestamp;
use store::Store;
use store::part::{
    Sight, Wanted, end_grants, insert, note_reading, visible, visible_facets, visible_facets_of,
    visible_subjects,
};

use crate::{in_memory, on_disk, stamp};

pub(crate) fn ministry() -> OrganizationId {
    OrganizationId::from_random([9; 16])
}

pub(crate) fn reader_of(organization: OrganizationId) -> Actor {
    Actor {
        person: PersonId::from_random([1; 16]),
        membership: MembershipId::from_random([1; 16]),
        organization,
        kind: OrganizationKind::Ministry,
        keeping: Keeping::Member,
        role: Role::Analyst,
        tier: Tier::Ciso,
        clearance: Clearance::default(),
        purpose: "defense".parse().unwrap(),
        communities: vec![],
        assurance: Assurance::Passkey,
        scope: None,
    }
}

fn subject() -> Subject {
    Subject::Report(ReportId::from_random([4; 16]))
}

pub(crate) fn part(version: u32, text: &str) -> Part {
    Part {
        id: PartId::from_random([u8::try_from(version).unwrap(); 16]),
        subject: subject(),
        kind: PartKind::Damage,
        side: Side::Outgoing,
        version,
        body: Confidential::new(PartBody::new(
            [
                (Field::Effect, Value::text(Field::Effect, text).unwrap()),
                (Field::Place, Value::Codes(["ot".parse().unwrap()].into())),
            ]
            .into(),
        )),
        handling: Handling {
            tlp: Tlp::Amber,
            purposes: ["defense".parse().unwrap()].into(),
            circles: [Circle::Ministry].into(),
            expires_at: None,
            consent: Consent::Granted,
        },
        written_at: Timestamp::from_seconds(1_000),
    }
}

/// A part with a text, for the tests of copies.
pub(crate) fn insert_sample(tx: &store::Tx<'_>) -> Result<(), store::StoreError> {
    insert(tx, &part(1, "停止"), &to_ministry())
}

fn to_ministry() -> Vec<Audience> {
    vec![Audience {
        key: AudienceKey::Organization(ministry(), None),
        purpose: "defense".parse().unwrap(),
        clearance: Clearance::default(),
        expires_at: None,
    }]
}

fn seen(store: &Store, actor: &Actor, at_seconds: i64) -> usize {
    let now = Timestamp::from_seconds(at_seconds);
    let sight = Sight::of(actor, now);
    let actor = actor.clone();
    store
        .read::<_, store::StoreError>(move |reader| {
            let parts = visible(reader, &sight, subject())?;
            let wanted = Wanted {
                kinds: &[PartKind::Damage],
                side: None,
            };
            let listed = visible_subjects(reader, &sight, wanted, None, 50)?;
            let facets = visible_facets(reader, &sight, subject())?;
            assert_eq!(parts.is_empty(), listed.is_empty());
            assert_eq!(parts.is_empty(), facets.is_empty());
            let passed = parts
                .into_iter()
                .filter(|found| {
                    let body = found.part.body.clone();
                    let handling = found.part.handling.clone();
                    view(&actor, body, handling, &found.grants, now).is_ok()
                })
                .count();
            Ok(passed)
        })
        .unwrap()
}

#[test]
fn a_part_is_there_for_its_audience_and_for_nobody_else() {
    let store = in_memory();
    store
        .write(stamp("a"), |tx| {
            insert(tx, &part(1, "停止"), &to_ministry())
        })
        .unwrap();
    assert_eq!(seen(&store, &reader_of(ministry()), 2_000), 1);
    assert_eq!(
        seen(
            &store,
            &reader_of(OrganizationId::from_random([8; 16])),
            2_000
        ),
        0
    );
    let mut other_purpose = reader_of(ministry());
    other_purpose.purpose = "supervision".parse().unwrap();
    assert_eq!(seen(&store, &other_purpose, 2_000), 0);
}

#[test]
fn codes_of_several_subjects_are_those_of_each_and_nothing_of_the_hidden() {
    let other = Subject::Report(ReportId::from_random([5; 16]));
    let store = in_memory();
    store
        .write(stamp("a"), move |tx| {
            insert(tx, &part(1, "停止"), &to_ministry())?;
            let mut hidden = part(2, "停止");
            hidden.subject = other;
            insert(tx, &hidden, &[])
        })
        .unwrap();
    let sight = Sight::of(&reader_of(ministry()), Timestamp::from_seconds(2_000));
    let (together, alone) = store
        .read::<_, store::StoreError>(move |reader| {
            let together = visible_facets_of(reader, &sight, &[subject(), other])?;
            Ok((together, visible_facets(reader, &sight, subject())?))
        })
        .unwrap();
    assert!(!alone.is_empty());
    assert_eq!(together, [(subject(), alone)].into());
}

#[test]
fn ended_grants_hide_the_part() {
    let store = in_memory();
    store
        .write(stamp("a"), |tx| {
            insert(tx, &part(1, "停止"), &to_ministry())
        })
        .unwrap();
    store
        .write(stamp("b"), |tx| end_grants(tx, subject()))
        .unwrap();
    assert_eq!(seen(&store, &reader_of(ministry()), 2_000), 0);
}

#[test]
fn a_reading_counts_once_a_day() {
    let store = in_memory();
    store
        .write(stamp("a"), |tx| {
            insert(tx, &part(1, "停止"), &to_ministry())
        })
        .unwrap();
    let read = || {
        let actor = reader_of(ministry());
        store
            .write(stamp("b"), move |tx| {
                note_reading(tx, part(1, "停止").id, &actor)
            })
            .unwrap()
    };
    assert!(read());
    assert!(!read());
}

#[test]
fn erasure_leaves_only_ciphertext_in_the_files() {
    let directory = tempfile::tempdir().unwrap();
    let canary = "CANARY-7f3a-制御網停止";
    {
        let store = on_disk(directory.path());
        store
            .write(stamp("a"), move |tx| {
                insert(tx, &part(1, canary), &to_ministry())
            })
            .unwrap();
        assert_eq!(seen(&store, &reader_of(ministry()), 2_000), 1);
        store
            .write(stamp("b"), |tx| tx.destroy_key(&subject().to_string()))
            .unwrap();
        let sight = Sight::of(&reader_of(ministry()), Timestamp::from_seconds(2_000));
        let left = store
            .read(move |reader| visible(reader, &sight, subject()))
            .unwrap();
        assert!(left.is_empty());
    }
    for entry in std::fs::read_dir(directory.path()).unwrap() {
        let bytes = std::fs::read(entry.unwrap().path()).unwrap();
        let found = bytes
            .windows(canary.len())
            .any(|window| window == canary.as_bytes());
        assert!(!found, "the text stands in a file");
    }
}
