//! The picture above a desk's list: what is counted, for whom, and how closely.

use std::collections::BTreeMap;

use domain::actor::Actor;
use domain::audience::{Audience, AudienceKey};
use domain::confidential::Confidential;
use domain::handling::{Circle, Consent, Handling, Tlp};
use domain::id::{PartId, ReportId};
use domain::organization::{Clearance, Role};
use domain::part::{Part, PartBody, PartKind, Side, Subject};
use domain::reference::rubric::Bands;
use domain::report::closing::CloseReason;
use domain::report::near_miss::Scope;
use domain::report::stage::Stage;
use domain::report::update::WithdrawReason;
use domain::report::{Channel, Custody, Edition, Report, ReportKind};
use domain::severity::Reach;
use domain::time::{DAY_SECONDS, Timestamp};
use hub::intake::{Age, Ages, COUNTED_REPORTS_MAX, Counted, ages};
use hub::{Random, ReadError};
use store::report::Provenance;
use store::{Stamp, StoreError, part, report};

use crate::border::Case;
use crate::near_miss::{key, near_miss};
use crate::scene::Scene;

const HOUR: i64 = 3_600;

fn seen(scene: &Scene, actor: &Actor) -> Ages {
    ages(&scene.hub, &scene.call(actor)).unwrap()
}

/// What is counted for the actor: rung, age, how many.
fn open(scene: &Scene, actor: &Actor) -> Vec<(Option<u8>, Age, u64)> {
    let counted = seen(scene, actor);
    assert_eq!(counted.counted, Counted::All);
    let rows = counted.open.into_iter();
    rows.map(|((severity, age), count)| {
        (severity.map(domain::severity::Severity::rung), age, count)
    })
    .collect()
}

#[test]
fn each_desk_counts_what_it_sees_under_the_opinion_it_reads() {
    let case = Case::new(Custody::Named);
    let scene = &case.scene;
    let ministry = scene.actor("ministry", Role::Analyst);
    assert_eq!(open(scene, &case.analyst), [(None, Age::Hour, 1)]);
    assert_eq!(open(scene, &ministry), [], "nothing crossed the border");

    scene.advance(2 * HOUR);
    let rate = |actor: &Actor, band: &str, reach| {
        let bands = Bands {
            users: Some(band.parse().unwrap()),
            ..Bands::default()
        };
        hub::triage::rate(&scene.hub, &scene.call(actor), case.report, &bands, reach).unwrap();
    };
    rate(&case.analyst, "users-under-1000", Reach::Desk);
    assert_eq!(open(scene, &case.analyst), [(Some(1), Age::Day, 1)]);
    case.release("監視用の端末から、夜に外への通信があった。");
    assert_eq!(
        open(scene, &ministry),
        [(None, Age::Hour, 1)],
        "the desk's opinion stays there"
    );
    rate(&ministry, "users-none", Reach::Readers);
    assert_eq!(open(scene, &ministry), [(Some(0), Age::Hour, 1)]);
    assert_eq!(
        open(scene, &case.analyst)[0].0,
        Some(1),
        "the highest of both"
    );
    for (after, age) in [
        (HOUR, Age::Day),
        (DAY_SECONDS, Age::ThreeDays),
        (3 * DAY_SECONDS, Age::Week),
        (7 * DAY_SECONDS, Age::Older),
    ] {
        let begun = scene.now.get();
        scene.advance(after);
        assert_eq!(open(scene, &ministry), [(Some(0), age, 1)]);
        scene.now.set(begun);
    }
    let rival = scene.actor("suido", Role::Officer);
    assert_eq!(open(scene, &rival), []);
    let operator = scene.actor("kitahama", Role::DutyOfficer);
    let refused = ages(&scene.hub, &scene.call(&operator));
    assert!(matches!(refused, Err(ReadError::NotFound)));
}

#[test]
fn what_is_closed_counts_no_more_at_its_desk_and_what_is_taken_back_nowhere() {
    let case = Case::new(Custody::Named);
    let scene = &case.scene;
    case.release("監視用の端末から、夜に外への通信があった。");
    let ministry = scene.actor("ministry", Role::Analyst);
    let call = scene.call(&case.analyst);
    hub::close::close_report(&scene.hub, &call, case.report, CloseReason::Complete).unwrap();
    assert_eq!(open(scene, &case.analyst), []);
    assert_eq!(
        open(scene, &ministry),
        [(None, Age::Hour, 1)],
        "closing is not told above the border"
    );

    let case = Case::new(Custody::Named);
    let scene = &case.scene;
    case.release("監視用の端末から、夜に外への通信があった。");
    let source = scene.actor("kitahama", Role::DutyOfficer);
    hub::update::withdraw(
        &scene.hub,
        &scene.call(&source),
        case.claim(),
        WithdrawReason::Mistaken,
    )
    .unwrap();
    for desk in [
        scene.actor("ministry", Role::Analyst),
        scene.actor("denryoku", Role::Analyst),
    ] {
        assert_eq!(open(scene, &desk), []);
    }
}

/// The classes in which two near misses lie, told ten hours apart on one day, hour by hour from the
/// second on.
fn hour_by_hour(scope: Scope) -> Vec<Vec<Age>> {
    let scene = Scene::new();
    let source = scene.actor("kitahama", Role::DutyOfficer);
    for number in 0..2 {
        let told = near_miss(scope, "x");
        let page = key(number).sent(number.to_string());
        hub::near_miss::submit(&scene.hub, &scene.call(&source), told, page).unwrap();
        scene.advance(10 * HOUR);
    }
    let relay = scene.actor("denryoku", Role::Analyst);
    (0..24 * 8)
        .map(|_| {
            scene.advance(HOUR);
            let counted = open(&scene, &relay);
            assert_eq!(counted.iter().map(|(.., count)| count).sum::<u64>(), 2);
            counted.into_iter().map(|(_, age, _)| age).collect()
        })
        .collect()
}

#[test]
fn a_near_miss_without_a_name_ages_by_the_day_it_is_told_by() {
    let unnamed = hour_by_hour(Scope::Unnamed);
    assert!(
        unnamed.iter().all(|ages| ages.len() == 1),
        "the hours between them show"
    );
    assert!(
        hour_by_hour(Scope::Named)
            .iter()
            .any(|ages| ages.len() == 2)
    );
}

#[test]
fn beyond_the_newest_nothing_is_counted_and_it_says_so() {
    let scene = Scene::new();
    let relay = scene.actor("denryoku", Role::Analyst);
    let begun = scene.now.get();
    let most = i64::from(COUNTED_REPORTS_MAX);
    // One an hour ago for each that is counted, and one more that came before.
    kept(&scene, &relay, 1, begun.plus_seconds(-30 * DAY_SECONDS));
    kept(&scene, &relay, most - 1, begun.plus_seconds(-2 * HOUR));
    assert_eq!(seen(&scene, &relay).counted, Counted::All);
    assert_eq!(seen(&scene, &relay).count(None, Age::Older), 1);
    kept(&scene, &relay, 1, begun.plus_seconds(-HOUR));
    let counted = seen(&scene, &relay);
    assert_eq!(counted.counted, Counted::Newest);
    let all: BTreeMap<_, _> = [((None, Age::Day), most.unsigned_abs())].into();
    assert_eq!(counted.open, all);
}

/// Keeps `count` reports that the relay has since `at`.
fn kept(scene: &Scene, relay: &Actor, count: i64, at: Timestamp) {
    let purpose = relay.purpose.clone();
    let desk = relay.organization;
    let stamp = Stamp {
        name: "test.kept",
        now: at,
        random: scene.random(),
    };
    let mut random: Random = scene.random();
    let write = move |tx: &store::Tx<'_>| {
        for number in 0..count {
            let kept = Report {
                id: ReportId::from_random(random.bytes()),
                origin_hub: "hub.test".to_owned(),
                kind: ReportKind::Precursor,
                custody: Custody::Stripped,
                relay: desk,
                stage: Stage::Received,
                pseudonym: format!("S-{}-{number}", at.seconds()),
                edition: Edition::First,
                sector: None,
                accepted_at: at,
            };
            let provenance = Provenance {
                channel: Channel::Web,
                promoted_from: None,
                clerk: None,
            };
            report::insert(tx, &kept, None, &provenance)?;
            let summary = Part {
                id: PartId::from_random(random.bytes()),
                subject: Subject::Report(kept.id),
                kind: PartKind::Summary,
                side: Side::Original,
                version: 1,
                body: Confidential::new(PartBody::new(BTreeMap::new())),
                handling: Handling {
                    tlp: Tlp::Amber,
                    purposes: [purpose.clone()].into(),
                    circles: [Circle::NationalCenter].into(),
                    expires_at: None,
                    consent: Consent::Granted,
                },
                written_at: at,
            };
            let row = Audience {
                key: AudienceKey::Organization(desk, None),
                purpose: purpose.clone(),
                clearance: Clearance::default(),
                expires_at: None,
            };
            part::insert(tx, &summary, &[row])?;
        }
        Ok(())
    };
    scene.store.write::<_, StoreError>(stamp, write).unwrap();
}
