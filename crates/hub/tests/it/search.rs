//! Search: what the reader may see, and no trace of anything else.

use std::collections::BTreeMap;

use domain::actor::Actor;
use domain::confidential::Confidential;
use domain::organization::Role;
use domain::part::field::{Field, Value};
use domain::part::{PartBody, PartKind, Subject};
use domain::report::{Custody, Edition, ReportKind};
use domain::search::Query;
use domain::time::DAY_SECONDS;
use hub::intake::{Cursor, Page};
use hub::search::{Asked, Excerpts, Hit, Period, Wanted, search};
use hub::submit::submit;
use hub::update::{Change, update};
use hub::{Random, ReadError};

use crate::border::Case;
use crate::scene::{Scene, incident};
use crate::way_down::{alert, issued};

fn asked(words: &str) -> Asked {
    Asked {
        query: Query::parse(words).unwrap(),
        ..Asked::default()
    }
}

fn found(scene: &Scene, actor: &Actor, asked: Asked) -> Page<Hit> {
    search(&scene.hub, &scene.call(actor), asked).unwrap()
}

pub(crate) fn subjects(scene: &Scene, actor: &Actor, words: &str) -> Vec<Subject> {
    let page = found(scene, actor, asked(words));
    page.rows.iter().map(|hit| hit.found.subject()).collect()
}

/// Everything a list of results tells: items, times, parts, facets, excerpts and whether there is more.
fn told(page: &Page<Hit>) -> Vec<String> {
    let mut lines: Vec<String> = page
        .rows
        .iter()
        .map(|hit| {
            let excerpt = hit.excerpt.as_ref().map(|text| text.content().clone());
            let (at, subject) = (hit.seen_at.begin().micros(), hit.found.subject());
            format!(
                "{at} {subject} {:?} {:?} {excerpt:?}",
                hit.parts, hit.facets
            )
        })
        .collect();
    lines.push(format!("{:?}", page.next));
    lines
}

fn report(scene: &Scene, name: &'static str, narrative: &str) -> Subject {
    let source = scene.actor(name, Role::DutyOfficer);
    let filing = incident(Custody::Named, narrative);
    let receipt = submit(&scene.hub, &scene.call(&source), filing).unwrap();
    Subject::Report(receipt.report)
}

#[test]
fn the_relay_finds_japanese_words_and_addresses_and_the_source_its_own() {
    let scene = Scene::new();
    let id = report(
        &scene,
        "kitahama",
        "監視端末が198.51.100[.]7へ通信。VPN装置を停止",
    );
    let relay = scene.actor("denryoku", Role::Analyst);
    for words in [
        "端末",
        "198.51.100.7",
        "ＶＰＮ",
        "監視 停止",
        "マルウェア",
        "malware",
    ] {
        assert_eq!(subjects(&scene, &relay, words), [id], "{words}");
    }
    for words in ["水道", "198.51.100.70", "端末 水道"] {
        assert!(subjects(&scene, &relay, words).is_empty(), "{words}");
    }
    let source = scene.actor("kitahama", Role::DutyOfficer);
    assert_eq!(subjects(&scene, &source, "端末"), [id]);
    // Who reported is not searched, not even where it is known.
    assert!(subjects(&scene, &relay, "北浜電力").is_empty());
    for name in ["minamino", "suido", "ministry", "center"] {
        let other = scene.actor(name, Role::Officer);
        assert!(subjects(&scene, &other, "端末").is_empty(), "{name}");
    }
}

#[test]
fn above_the_border_only_the_outgoing_words_are_found() {
    let case = Case::new(Custody::Named);
    let ministry = case.scene.actor("ministry", Role::Analyst);
    assert!(subjects(&case.scene, &ministry, "端末").is_empty());
    case.release("監視用の端末から、夜に外への通信があった。");
    let id = Subject::Report(case.report);
    assert_eq!(subjects(&case.scene, &ministry, "夜に外へ"), [id]);
    // A word of the original that the reviewer did not take over.
    assert!(subjects(&case.scene, &ministry, "当直").is_empty());
    // The relay sees both sides, and the report once.
    assert_eq!(subjects(&case.scene, &case.analyst, "端末"), [id]);
    assert_eq!(subjects(&case.scene, &case.analyst, "当直"), [id]);

    case.scene.advance(60);
    case.release("続報: 通信は止めた。");
    assert!(subjects(&case.scene, &ministry, "夜に外へ").is_empty());
    assert_eq!(subjects(&case.scene, &ministry, "続報"), [id]);
}

#[test]
fn what_is_hidden_changes_nothing() {
    let played = |hidden: usize| {
        let scene = Scene::new();
        for number in 0..60 {
            report(&scene, "kitahama", &format!("監視端末 {number} 号機"));
            for other in 0..hidden {
                report(&scene, "aokawa", &format!("監視端末 {other} 号機"));
            }
            scene.advance(i64::from(number % 3 == 0));
        }
        let relay = scene.actor("denryoku", Role::Analyst);
        let mut seen = Vec::new();
        let mut after = None;
        loop {
            let page = found(
                &scene,
                &relay,
                Asked {
                    after,
                    excerpts: Excerpts::Shown,
                    ..asked("監視端末")
                },
            );
            let rows = page.rows.iter();
            seen.push((
                rows.map(|hit| hit.seen_at.begin().micros())
                    .collect::<Vec<_>>(),
                page.next.is_some(),
            ));
            after = page.next;
            if after.is_none() {
                return seen;
            }
        }
    };
    let (alone, among_others) = (played(0), played(2));
    assert_eq!(alone, among_others);
    assert_eq!(alone[0].0.len(), 50, "one page is fifty rows");
    assert_eq!(alone[1].0.len(), 10);
}

#[test]
fn pages_go_on_where_they_ended_and_repeat_nothing() {
    let scene = Scene::new();
    let all: Vec<Subject> = (0..120)
        .map(|number| report(&scene, "kitahama", &format!("端末の停止 {number}")))
        .collect();
    let relay = scene.actor("denryoku", Role::Analyst);
    let mut seen = Vec::new();
    let mut after: Option<Cursor> = None;
    loop {
        let page = found(
            &scene,
            &relay,
            Asked {
                after,
                ..asked("停止")
            },
        );
        seen.extend(page.rows.iter().map(|hit| hit.found.subject()));
        after = page.next.map(|next| next.to_string().parse().unwrap());
        if after.is_none() {
            break;
        }
    }
    let newest_first: Vec<Subject> = all.into_iter().rev().collect();
    assert_eq!(seen, newest_first, "all within one second, each once");
}

#[test]
fn kind_and_days_narrow_the_results() {
    let scene = Scene::new();
    let old = report(&scene, "kitahama", "端末の停止");
    scene.advance(2 * DAY_SECONDS);
    let young = report(&scene, "kitahama", "端末の停止");
    let relay = scene.actor("denryoku", Role::Analyst);
    let day_ago = scene.now.get().plus_seconds(-DAY_SECONDS);
    let narrowed = |kind, period| {
        let asked = Asked {
            kind,
            period,
            ..asked("端末")
        };
        let page = found(&scene, &relay, asked);
        let rows = page.rows.iter();
        rows.map(|hit| hit.found.subject()).collect::<Vec<_>>()
    };
    let since = Period {
        from: Some(day_ago),
        until: None,
    };
    let until = Period {
        from: None,
        until: Some(day_ago),
    };
    assert_eq!(narrowed(None, since), [young]);
    assert_eq!(narrowed(None, until), [old]);
    let kind = |kind| Some(Wanted::Report(kind));
    assert_eq!(
        narrowed(kind(ReportKind::Incident), Period::default()),
        [young, old]
    );
    assert!(narrowed(kind(ReportKind::NearMiss), Period::default()).is_empty());
    assert!(narrowed(Some(Wanted::Advisory), Period::default()).is_empty());
    // Without a term, everything of that kind.
    let everything = found(
        &scene,
        &relay,
        Asked {
            kind: kind(ReportKind::Incident),
            ..Asked::default()
        },
    );
    assert_eq!(everything.rows.len(), 2);
}

#[test]
fn an_update_takes_the_words_of_the_version_before_out() {
    let scene = Scene::new();
    let Subject::Report(id) = report(&scene, "kitahama", "古い記述") else {
        panic!("a report");
    };
    let source = scene.actor("kitahama", Role::DutyOfficer);
    let own = hub::update::read(&scene.hub, &scene.call(&source), id).unwrap();
    let narrative = Value::text(Field::Narrative, "書き直した文").unwrap();
    let change = Change {
        based_on: own.versions.len(),
        edition: Edition::FollowUp,
        answers: Confidential::new(PartBody::new(BTreeMap::from([(
            Field::Narrative,
            narrative,
        )]))),
    };
    update(&scene.hub, &scene.call(&source), id, change).unwrap();
    let relay = scene.actor("denryoku", Role::Analyst);
    assert!(subjects(&scene, &relay, "古い記述").is_empty());
    assert_eq!(
        subjects(&scene, &relay, "書き直した 監視"),
        [Subject::Report(id)],
        "terms may stand in two parts"
    );
}

#[test]
fn an_advisory_is_found_by_its_addressees_until_their_grants_end() {
    let scene = Scene::new();
    let id = issued(&scene, alert(&scene));
    let found_by = |name, role| {
        let actor = scene.actor(name, role);
        subjects(&scene, &actor, "VPN装置 管理者")
    };
    let advisory = [Subject::Advisory(id)];
    assert_eq!(found_by("kitahama", Role::DutyOfficer), advisory);
    assert_eq!(found_by("denryoku", Role::Analyst), advisory);
    for name in ["aokawa", "suido", "ministry"] {
        assert!(found_by(name, Role::DutyOfficer).is_empty(), "{name}");
    }
    let stamp = store::Stamp {
        name: "test.recall",
        now: scene.now.get(),
        random: scene.random(),
    };
    let ended = scene.store.write(stamp, move |tx| {
        store::advisory::holders::end_issued(tx, id)
    });
    ended.unwrap();
    for (name, role) in [("kitahama", Role::DutyOfficer), ("denryoku", Role::Analyst)] {
        assert!(found_by(name, role).is_empty(), "{name}");
    }
}

#[test]
fn erased_words_are_found_no_more() {
    let scene = Scene::new();
    report(&scene, "kitahama", "消える文");
    scene.advance(6 * 365 * DAY_SECONDS);
    hub::retention::due(&scene.hub, scene.now.get(), &Random::from_seed([7; 32])).unwrap();
    let relay = scene.actor("denryoku", Role::Analyst);
    assert!(subjects(&scene, &relay, "消える").is_empty());
    let left = scene
        .store
        .read(|reader| store::search::subjects(reader, "", 10));
    assert_eq!(left.unwrap().len(), 1, "its control record stays");
}

#[test]
fn an_excerpt_is_noted_as_reading_and_a_bare_list_is_not() {
    let scene = Scene::new();
    let id = report(&scene, "kitahama", "朝に気づいた。VPN装置を止めた。");
    let relay = scene.actor("denryoku", Role::Analyst);
    let events = || {
        let id = id.to_string();
        let auditor = scene.actor("center", Role::Auditor);
        let rows = hub::log::about(&scene.hub, &scene.call(&auditor), &id).unwrap();
        let read = rows.iter().filter(|row| row.event == "part-read");
        read.count()
    };
    assert_eq!(subjects(&scene, &relay, "装置"), [id]);
    assert_eq!(events(), 0);
    for _ in 0..2 {
        let page = found(
            &scene,
            &relay,
            Asked {
                excerpts: Excerpts::Shown,
                ..asked("装置")
            },
        );
        assert_eq!(page.rows[0].parts, [PartKind::Summary]);
        let shown = page.rows[0].excerpt.as_ref().unwrap().content();
        let expected = (Field::Narrative, "VPN装置を止めた。".to_owned());
        assert_eq!(shown.as_ref(), Some(&expected));
    }
    assert_eq!(events(), 1, "once a day");
    // Whoever sent it reads back his own.
    let source = scene.actor("kitahama", Role::DutyOfficer);
    let own = found(
        &scene,
        &source,
        Asked {
            excerpts: Excerpts::Shown,
            ..asked("装置")
        },
    );
    assert!(own.rows[0].excerpt.is_some());
    assert_eq!(events(), 1);
}

#[test]
fn an_index_written_anew_finds_the_same() {
    let case = Case::new(Custody::Named);
    case.release("監視用の端末から、夜に外への通信があった。");
    let ministry = case.scene.actor("ministry", Role::Analyst);
    let all = |scene: &Scene| {
        [
            told(&found(scene, &case.analyst, asked("端末"))),
            told(&found(scene, &ministry, asked("端末"))),
        ]
    };
    let before = all(&case.scene);
    case.scene.advance(3_600);
    let random = Random::from_seed([8; 32]);
    let count = hub::search::rebuild(&case.scene.hub, case.scene.now.get(), &random).unwrap();
    assert_eq!(count, 1);
    assert_eq!(all(&case.scene), before);
    let again = hub::search::bring_up_to_date(&case.scene.hub, case.scene.now.get(), &random);
    assert_eq!(again.unwrap(), 0, "nothing is to be done twice");
}

#[test]
fn who_reads_nothing_finds_no_search() {
    let scene = Scene::new();
    for role in [Role::Administrator, Role::Auditor, Role::Custodian] {
        let actor = scene.actor("denryoku", role);
        let refused = search(&scene.hub, &scene.call(&actor), asked("端末"));
        assert!(matches!(refused, Err(ReadError::NotFound)), "{role}");
    }
}
