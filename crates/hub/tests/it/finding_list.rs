//! The list of candidates page by page, judgments for detection, and readings of it.

use std::collections::BTreeSet;

use domain::finding::Judgment;
use domain::handling::Circle;
use domain::organization::Role;
use domain::text::BoundedText;
use domain::time::DAY_SECONDS;
use hub::finding::{LISTED_MAX, Taken, judge, list, submit, verdicts};
use hub::log::about;

use crate::finding::{KITAHAMA, MINAMINO, line, opened, send, terms};
use crate::scene::Scene;

/// Lines about `count` servers.
fn lines(count: usize) -> String {
    let all = (0..count).map(|number| {
        let server = format!("203.0.{}.{}", number / 200, number % 200 + 1);
        line(9, 20.0, "03").replace("203.0.113.9", &server)
    });
    all.collect::<Vec<_>>().join("\n")
}

fn say(scene: &Scene, name: &'static str, role: Role, taken: Taken, word: Judgment) {
    let actor = scene.actor(name, role);
    let why = BoundedText::parse("応答が一致した").unwrap();
    let call = scene.call(&actor);
    judge(&scene.hub, &call, taken.candidate, word, why, 30).unwrap();
}

#[test]
fn a_page_says_that_there_are_more_and_no_candidate_is_lost_between_two() {
    let scene = Scene::new();
    let most = LISTED_MAX as usize;
    send(&scene, KITAHAMA, &lines(most)).unwrap();
    let actor = scene.actor("center", Role::Analyst);
    let page = |after| list(&scene.hub, &scene.call(&actor), after).unwrap();
    let only = page(None);
    assert_eq!((only.rows.len(), only.next), (most, None));
    scene.advance(60);
    let late = send(&scene, MINAMINO, &line(9, 5.0, "03")).unwrap()[0];
    // Whom it does not reach has no further page for it.
    let hidden = scene.actor(MINAMINO, Role::FlowAnalyst);
    let closed = terms([Circle::Secretariat]);
    let text = line(10, 5.0, "03");
    submit(&scene.hub, &scene.call(&hidden), &text, closed).unwrap();
    let first = page(None);
    let next = first.next.unwrap();
    assert!(first.rows.iter().any(|row| row.id == late.candidate));
    let second = page(Some(next));
    assert_eq!((second.rows.len(), second.next), (1, None));
    let all: BTreeSet<_> = first
        .rows
        .iter()
        .chain(&second.rows)
        .map(|row| row.id)
        .collect();
    assert_eq!(all.len(), most + 1);
    let scores: Vec<_> = first
        .rows
        .iter()
        .map(|row| row.found.content().score)
        .collect();
    assert!(scores.windows(2).all(|two| two[0] >= two[1]));
}

#[test]
fn judgments_are_handed_out_whatever_stands_on_the_list() {
    let scene = Scene::new();
    let old = send(&scene, KITAHAMA, &line(9, 20.0, "03")).unwrap()[0];
    say(&scene, "center", Role::Analyst, old, Judgment::Harmless);
    say(
        &scene,
        MINAMINO,
        Role::FlowAnalyst,
        old,
        Judgment::Malicious,
    );
    scene.advance(60);
    send(&scene, KITAHAMA, &lines(150)).unwrap();
    for (name, words) in [
        (KITAHAMA, &[Judgment::Harmless][..]),
        (MINAMINO, &[Judgment::Harmless, Judgment::Malicious]),
        ("aokawa", &[]),
    ] {
        let actor = scene.actor(name, Role::FlowAnalyst);
        let rows = verdicts(&scene.hub, &scene.call(&actor)).unwrap();
        let told: BTreeSet<_> = rows
            .iter()
            .flat_map(|row| &row.judgments)
            .map(|one| one.judgment)
            .collect();
        assert_eq!(told, words.iter().copied().collect(), "{name}");
    }
    scene.advance(30 * DAY_SECONDS);
    let actor = scene.actor(KITAHAMA, Role::FlowAnalyst);
    assert!(
        verdicts(&scene.hub, &scene.call(&actor))
            .unwrap()
            .is_empty()
    );
}

#[test]
fn a_finding_is_noted_as_read_once_a_day_however_often_it_comes_anew() {
    let scene = Scene::new();
    let auditor = scene.actor("center", Role::Auditor);
    let read_count = |taken: Taken| {
        let rows = about(
            &scene.hub,
            &scene.call(&auditor),
            &taken.finding.to_string(),
        );
        let rows = rows.unwrap();
        rows.iter().filter(|row| row.event == "part-read").count()
    };
    let taken = send(&scene, KITAHAMA, &line(9, 20.0, "03")).unwrap()[0];
    for hour in ["04", "05", "06"] {
        opened(&scene, "center", Role::Analyst, taken).unwrap();
        scene.advance(60);
        send(&scene, KITAHAMA, &line(9, 20.0, hour)).unwrap();
    }
    opened(&scene, "center", Role::Analyst, taken).unwrap();
    assert_eq!(read_count(taken), 1);
    scene.advance(DAY_SECONDS);
    opened(&scene, "center", Role::Analyst, taken).unwrap();
    assert_eq!(read_count(taken), 2);
}

#[test]
fn only_a_desk_over_the_carriers_is_told_their_communities() {
    let scene = Scene::new();
    let taken = send(&scene, KITAHAMA, &line(9, 20.0, "03")).unwrap()[0];
    let other = scene.actor("aokawa", Role::FlowAnalyst);
    let text = line(9, 20.0, "03");
    let wide = terms([Circle::CeptoarMembers, Circle::NationalCenter]);
    submit(&scene.hub, &scene.call(&other), &text, wide).unwrap();
    for (name, role, count) in [
        ("center", Role::Analyst, 2),
        ("denryoku", Role::Analyst, 1),
        (MINAMINO, Role::FlowAnalyst, 0),
    ] {
        let seen = opened(&scene, name, role, taken).unwrap();
        assert_eq!(seen.communities.len(), count, "{name}");
    }
}
