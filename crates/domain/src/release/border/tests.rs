use super::*;
use crate::handling::{Consent, Tlp};
use crate::id::ReportId;
use crate::part::field::Precision;
use crate::part::{Side, Subject};
use crate::release::anonymity::{Anonymity, Offer, Step};
use crate::release::detector::Detector;
use crate::time::Timestamp;

fn summary() -> Part {
    let fields = BTreeMap::from([
        (
            Field::Narrative,
            Value::text(Field::Narrative, "夜間に監視端末が外部と通信していた").unwrap(),
        ),
        (
            Field::Sector,
            Value::Codes(["electricity".parse().unwrap()].into()),
        ),
        (
            Field::OccurredAt,
            Value::Moment(Timestamp::from_seconds(1_795_198_320), Precision::Minute),
        ),
    ]);
    Part {
        id: PartId::from_random([1; 16]),
        subject: Subject::Report(ReportId::from_random([2; 16])),
        kind: PartKind::Summary,
        side: Side::Original,
        version: 1,
        body: Confidential::new(PartBody::new(fields)),
        handling: Handling {
            tlp: Tlp::Amber,
            purposes: ["defense".parse().unwrap()].into(),
            circles: [Circle::Source, Circle::Secretariat, Circle::Ministry].into(),
            expires_at: None,
            consent: Consent::Granted,
        },
        written_at: Timestamp::from_seconds(0),
    }
}

fn shown() -> Generalization {
    Generalization {
        sector: Some(ShownSector::Others),
        area: Area::Region("kanto".parse().unwrap()),
        precision: Precision::Day,
    }
}

fn hidden_among(candidates: u32) -> Anonymity {
    Anonymity {
        steps: vec![Step {
            shown: shown(),
            candidates,
            offer: Offer::Open,
        }],
        chosen: 0,
        candidates_min: 5,
    }
}

fn decided(text: &str) -> (Vec<Part>, Draft) {
    let originals = vec![summary()];
    let mut draft = begin(&originals);
    let part = draft.parts.get_mut(&PartKind::Summary).unwrap();
    part.crossing = Some(Crossing::Cross);
    part.texts.insert(Field::Narrative, text.to_owned());
    (originals, draft)
}

fn found(originals: &[Part], draft: &Draft, candidates: u32) -> Vec<Fault> {
    faults(&Review {
        draft,
        originals,
        anonymity: &hidden_among(candidates),
        detector: &Detector::new(["北浜電力"]),
    })
}

#[test]
fn a_review_begins_with_no_sentence_of_the_original() {
    let originals = vec![summary()];
    let draft = begin(&originals);
    let part = &draft.parts[&PartKind::Summary];
    let body = compose(&originals[0], part, &shown()).into_content();
    assert!(body.value(Field::Narrative).is_none());
    assert_eq!(
        body.value(Field::Sector)
            .and_then(Value::code)
            .unwrap()
            .as_str(),
        OTHER_SECTORS
    );
    assert!(matches!(
        body.value(Field::OccurredAt),
        Some(Value::Moment(_, Precision::Day))
    ));
    assert_eq!(
        found(&originals, &draft, 9),
        [Fault::Undecided(PartKind::Summary)]
    );
}

#[test]
fn a_rewritten_text_passes_and_a_copied_one_does_not() {
    let (originals, draft) = decided("監視用の端末から、夜に外への通信があった。");
    assert_eq!(found(&originals, &draft, 9), []);
    let (originals, draft) = decided("夜間に監視端末が外部と通信していたとのこと。");
    assert!(matches!(
        found(&originals, &draft, 9).as_slice(),
        [Fault::Copied {
            field: Field::Narrative,
            ..
        }]
    ));
}

#[test]
fn a_name_has_to_be_confirmed_or_removed() {
    let (originals, mut draft) = decided("北浜電力で起きた。");
    assert!(matches!(
        found(&originals, &draft, 9).as_slice(),
        [Fault::Identifying { .. }]
    ));
    draft
        .confirmed
        .insert((Field::Narrative, "北浜電力".to_owned()));
    assert_eq!(found(&originals, &draft, 9), []);
}

#[test]
fn a_small_group_has_to_be_accepted() {
    let (originals, mut draft) = decided("短い概要");
    assert_eq!(found(&originals, &draft, 4), [Fault::SmallGroup]);
    draft.small_group = SmallGroup::Accepted;
    assert_eq!(found(&originals, &draft, 4), []);
}

#[test]
fn terms_only_get_stricter_and_must_reach_somebody() {
    let (originals, mut draft) = decided("短い概要");
    let part = draft.parts.get_mut(&PartKind::Summary).unwrap();
    part.handling.tlp = Tlp::Green;
    assert_eq!(
        found(&originals, &draft, 9),
        [Fault::Loosened(PartKind::Summary)]
    );
    let part = draft.parts.get_mut(&PartKind::Summary).unwrap();
    part.handling.tlp = Tlp::Red;
    assert_eq!(
        found(&originals, &draft, 9),
        [Fault::ReachesNobody(PartKind::Summary)]
    );
}

#[test]
fn a_follow_up_during_the_review_is_seen() {
    let (mut originals, draft) = decided("短い概要");
    originals[0].id = PartId::from_random([9; 16]);
    assert_eq!(
        found(&originals, &draft, 9),
        [Fault::Outdated(PartKind::Summary)]
    );
}

#[test]
fn withholding_needs_a_reason_and_a_review_something_that_crosses() {
    let (originals, mut draft) = decided("");
    let part = draft.parts.get_mut(&PartKind::Summary).unwrap();
    part.texts.clear();
    part.crossing = Some(Crossing::Withhold);
    assert_eq!(
        found(&originals, &draft, 9),
        [Fault::NoReason(PartKind::Summary), Fault::NothingCrosses]
    );
}

#[test]
fn a_part_that_crosses_has_something_in_it() {
    let (originals, mut draft) = decided("");
    let part = draft.parts.get_mut(&PartKind::Summary).unwrap();
    part.texts.clear();
    assert_eq!(found(&originals, &draft, 9), []);
    let part = draft.parts.get_mut(&PartKind::Summary).unwrap();
    part.left_out = coded_fields(PartKind::Summary).collect();
    assert_eq!(
        found(&originals, &draft, 9),
        [Fault::Empty(PartKind::Summary)]
    );
}

mod dry_run {
    use super::*;
    use crate::audience::CircleMap;
    use crate::id::OrganizationId;
    use crate::organization::Clearance;

    fn map() -> CircleMap {
        CircleMap {
            source: None,
            secretariat: OrganizationId::from_random([1; 16]),
            members: None,
            ministry: Some(OrganizationId::from_random([2; 16])),
            center: Some(OrganizationId::from_random([3; 16])),
            coordination: None,
            police: None,
            cross_sector: None,
        }
    }

    #[test]
    fn every_circle_has_its_reason() {
        let (originals, mut draft) = decided("短い概要");
        let planned = plan(&draft, &originals, &map(), Clearance::default());
        let part = &planned[&PartKind::Summary];
        assert_eq!(part.circles[&Circle::Ministry], Outcome::Receives);
        assert_eq!(part.circles[&Circle::NationalCenter], Outcome::NotOffered);
        assert_eq!(part.circles[&Circle::Source], Outcome::NobodyThere);
        assert_eq!(part.audience.len(), 2, "secretariat and ministry");

        let part = draft.parts.get_mut(&PartKind::Summary).unwrap();
        part.handling.circles.remove(&Circle::Ministry);
        let planned = plan(&draft, &originals, &map(), Clearance::default());
        let part = &planned[&PartKind::Summary];
        assert_eq!(part.circles[&Circle::Ministry], Outcome::TakenOut);
        assert!(part.circles[&Circle::Secretariat] == Outcome::Receives);

        let part = draft.parts.get_mut(&PartKind::Summary).unwrap();
        part.crossing = Some(Crossing::Withhold);
        let planned = plan(&draft, &originals, &map(), Clearance::default());
        assert!(planned[&PartKind::Summary].audience.is_empty());
        assert_eq!(
            planned[&PartKind::Summary].circles[&Circle::Ministry],
            Outcome::Withheld
        );
    }

    #[test]
    fn without_consent_the_center_receives_nothing() {
        let (mut originals, mut draft) = decided("短い概要");
        let part = draft.parts.get_mut(&PartKind::Summary).unwrap();
        for handling in [&mut originals[0].handling, &mut part.handling] {
            handling.circles.insert(Circle::NationalCenter);
            handling.consent = Consent::Undecided;
        }
        let planned = plan(&draft, &originals, &map(), Clearance::default());
        assert_eq!(
            planned[&PartKind::Summary].circles[&Circle::NationalCenter],
            Outcome::NoConsent
        );
    }
}
