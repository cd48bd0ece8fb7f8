//! Findings of carriers: they arrive, meet, are read through the gate and judged.

use domain::finding::{Campaign, EvidenceCode, FindingTier, Judgment, LifeStep};
use domain::handling::{Circle, Consent, Tlp};
use domain::organization::{OrganizationKind, Role};
use domain::text::BoundedText;
use domain::time::DAY_SECONDS;
use hub::ReadError;
use hub::finding::{
    ArriveError, CampaignError, Fate, FindingTerms, JudgeError, Opened, Row, Standpoint, Taken,
    default_circles, judge, list, note_step, open, own_campaign, submit, understand,
    write_campaign,
};

use crate::scene::Scene;

pub(crate) const KITAHAMA: &str = "kitahama";
pub(crate) const MINAMINO: &str = "minamino";

/// A line about a server in 203.0.113.0/24.
pub(crate) fn line(host: u8, score: f64, hour: &str) -> String {
    let hours = ["null"; 23].join(",");
    format!(
        r#"{{"server":"203.0.113.{host}","port":4444,"protocol":6,"score":{score:.1},"tier":"share","clients":20,"first":"2026-09-29T01:00:00Z","last":"2026-09-30T{hour}:00:00Z","hours":[10,{hours}],"evidence":[{{"code":"automation","value":61.0,"weight":{score:.1}}}]}}"#
    )
}

pub(crate) fn terms(circles: impl Into<std::collections::BTreeSet<Circle>>) -> FindingTerms {
    FindingTerms {
        tlp: Tlp::Amber,
        purposes: ["defense".parse().unwrap()].into(),
        circles: circles.into(),
        consent: Consent::Granted,
        days: 30,
    }
}

pub(crate) fn send(
    scene: &Scene,
    carrier: &'static str,
    text: &str,
) -> Result<Vec<Taken>, ArriveError> {
    let actor = scene.actor(carrier, Role::FlowAnalyst);
    submit(
        &scene.hub,
        &scene.call(&actor),
        text,
        terms(default_circles()),
    )
}

pub(crate) fn rows(scene: &Scene, name: &'static str, role: Role) -> Vec<Row> {
    let actor = scene.actor(name, role);
    list(&scene.hub, &scene.call(&actor), None).unwrap().rows
}

pub(crate) fn opened(
    scene: &Scene,
    name: &'static str,
    role: Role,
    taken: Taken,
) -> Result<Opened, ReadError> {
    let actor = scene.actor(name, role);
    open(&scene.hub, &scene.call(&actor), taken.candidate)
}

#[test]
fn what_two_carriers_found_is_one_candidate_and_names_neither() {
    let scene = Scene::new();
    let one = send(&scene, KITAHAMA, &line(9, 20.0, "03")).unwrap()[0];
    let alone = opened(&scene, "center", Role::Analyst, one).unwrap();
    assert_eq!(alone.found.content().carriers, None);
    let other = send(&scene, MINAMINO, &line(9, 26.0, "01")).unwrap()[0];
    assert_eq!(one.candidate, other.candidate);
    assert_ne!(one.finding, other.finding);
    let both = opened(&scene, "center", Role::Analyst, one).unwrap();
    let found = both.found.content();
    assert_eq!(found.carriers, Some(2));
    assert_eq!(found.score.to_string(), "30.0");
    assert_eq!(found.tier, FindingTier::Share);
    assert_eq!(found.hours[0], Some(10));
    assert!(
        found
            .evidence
            .iter()
            .any(|each| each.code == EvidenceCode::Carriers)
    );
    assert!(both.own.is_none());
    // Each carrier sees its own finding as its own, and of the other that there is one.
    for carrier in [KITAHAMA, MINAMINO] {
        let seen = opened(&scene, carrier, Role::FlowAnalyst, one).unwrap();
        assert_eq!(seen.own.unwrap().content().evidence.len(), 1, "{carrier}");
        assert_eq!(seen.found.content().carriers, Some(2));
        assert!(rows(&scene, carrier, Role::FlowAnalyst)[0].own);
    }
}

#[test]
fn readers_have_what_the_terms_give_them_and_nothing_of_the_rest() {
    let scene = Scene::new();
    send(&scene, KITAHAMA, &line(9, 20.0, "03")).unwrap();
    let actor = scene.actor(MINAMINO, Role::FlowAnalyst);
    // The other carrier tells its secretariat alone.
    let closed = terms([Circle::Secretariat]);
    let closed = submit(
        &scene.hub,
        &scene.call(&actor),
        &line(9, 26.0, "01"),
        closed,
    )
    .unwrap()[0];
    let text = line(10, 26.0, "01");
    let call = scene.call(&actor);
    let hidden = submit(&scene.hub, &call, &text, terms([Circle::Secretariat])).unwrap()[0];
    for (name, role, listed, carriers) in [
        ("denryoku", Role::Analyst, 2, Some(2)),
        ("center", Role::Analyst, 1, None),
        (KITAHAMA, Role::FlowAnalyst, 1, None),
        (MINAMINO, Role::FlowAnalyst, 2, Some(2)),
    ] {
        assert_eq!(rows(&scene, name, role).len(), listed, "{name}");
        let seen = opened(&scene, name, role, closed).unwrap();
        assert_eq!(seen.found.content().carriers, carriers, "{name}");
        assert_eq!(
            opened(&scene, name, role, hidden).is_ok(),
            listed == 2,
            "{name}"
        );
    }
    // Another community, a ministry that the terms leave out, and people of a carrier without the post.
    assert!(rows(&scene, "aokawa", Role::FlowAnalyst).is_empty());
    assert!(rows(&scene, "ministry", Role::Analyst).is_empty());
    let unknown = opened(&scene, "aokawa", Role::FlowAnalyst, closed);
    assert!(matches!(unknown, Err(ReadError::NotFound)));
    for role in [
        Role::Staff,
        Role::DutyOfficer,
        Role::Administrator,
        Role::Auditor,
    ] {
        let actor = scene.actor(KITAHAMA, role);
        let listed = list(&scene.hub, &scene.call(&actor), None);
        assert!(matches!(listed, Err(ReadError::NotFound)), "{role}");
        let sent = submit(
            &scene.hub,
            &scene.call(&actor),
            &text,
            terms(default_circles()),
        );
        assert!(matches!(sent, Err(ArriveError::NotPermitted)), "{role}");
    }
}

#[test]
fn nothing_is_taken_where_a_line_is_wrong_and_each_wrong_line_is_named() {
    let scene = Scene::new();
    let fine = line(9, 20.0, "03");
    let private = fine.replace("203.0.113.9", "192.168.1.4");
    let finer = fine
        .replace("03:00:00Z", "03:02:00Z")
        .replace("113.9", "113.8");
    let ahead = line(7, 20.0, "03").replace("2026-09-30T", "2026-10-02T");
    let text = [fine.as_str(), "", &private, &finer, &fine, &ahead].join("\n");
    let Err(ArriveError::Wrong(wrong)) = send(&scene, KITAHAMA, &text) else {
        panic!("taken");
    };
    let told: Vec<_> = wrong.iter().map(|one| (one.line, one.fault)).collect();
    assert_eq!(
        told,
        [(3, "address"), (4, "spelling"), (5, "twice"), (6, "future")]
    );
    assert!(rows(&scene, "center", Role::Analyst).is_empty());
    for (text, nothing) in [("", true), (" \n\n", true), ("x", false)] {
        let refused = send(&scene, KITAHAMA, text);
        assert_eq!(
            matches!(refused, Err(ArriveError::Nothing)),
            nothing,
            "{text}"
        );
        assert!(refused.is_err());
    }
    let actor = scene.actor(KITAHAMA, Role::FlowAnalyst);
    let seen = understand(&scene.call(&actor), &fine).unwrap();
    assert_eq!(seen.findings.content().len(), 1);
}

#[test]
fn the_same_again_changes_nothing_and_what_is_newer_takes_its_place() {
    let scene = Scene::new();
    let first = send(&scene, KITAHAMA, &line(9, 20.0, "03")).unwrap()[0];
    scene.advance(60);
    let again = send(&scene, KITAHAMA, &line(9, 20.0, "03")).unwrap()[0];
    assert_eq!((again.finding, again.fate), (first.finding, Fate::Known));
    let newer = send(&scene, KITAHAMA, &line(9, 25.0, "08")).unwrap()[0];
    assert_eq!((newer.finding, newer.fate), (first.finding, Fate::Newer));
    // A file that was kept too long does not turn back what is known.
    let older = send(&scene, KITAHAMA, &line(9, 20.0, "03")).unwrap()[0];
    assert_eq!(older.fate, Fate::Known);
    let seen = opened(&scene, "center", Role::Analyst, first).unwrap();
    assert_eq!(seen.found.content().score.to_string(), "25.0");
    assert_eq!(
        seen.found.content().carriers,
        None,
        "one carrier, two versions"
    );
}

#[test]
fn a_finding_ends_with_its_terms() {
    let scene = Scene::new();
    let taken = send(&scene, KITAHAMA, &line(9, 20.0, "03")).unwrap()[0];
    scene.advance(30 * DAY_SECONDS);
    assert!(rows(&scene, "center", Role::Analyst).is_empty());
    let ended = opened(&scene, "center", Role::Analyst, taken);
    assert!(matches!(ended, Err(ReadError::NotFound)));
    // Sent again it is shared again.
    let again = send(&scene, KITAHAMA, &line(9, 20.0, "03")).unwrap()[0];
    assert_eq!(again.fate, Fate::Newer);
    assert_eq!(rows(&scene, "center", Role::Analyst).len(), 1);
    let actor = scene.actor(KITAHAMA, Role::FlowAnalyst);
    for days in [0, 181] {
        let long = FindingTerms {
            days,
            ..terms(default_circles())
        };
        let refused = submit(&scene.hub, &scene.call(&actor), &line(8, 20.0, "03"), long);
        assert!(matches!(refused, Err(ArriveError::Terms)), "{days}");
    }
}

#[test]
fn desks_judge_each_for_itself_and_a_carrier_is_a_carrier() {
    let scene = Scene::new();
    let taken = send(&scene, KITAHAMA, &line(9, 20.0, "03")).unwrap()[0];
    let said = |name, role, word, days| {
        let actor = scene.actor(name, role);
        let why = BoundedText::parse("応答が一致した").unwrap();
        judge(
            &scene.hub,
            &scene.call(&actor),
            taken.candidate,
            word,
            why,
            days,
        )
    };
    said("center", Role::Analyst, Judgment::Malicious, 30).unwrap();
    scene.advance(60);
    said(MINAMINO, Role::FlowAnalyst, Judgment::Harmless, 7).unwrap();
    let seen = opened(&scene, "denryoku", Role::Officer, taken).unwrap();
    let told: Vec<_> = seen
        .said
        .iter()
        .map(|one| (one.standpoint, one.judgment))
        .collect();
    let other = Standpoint::Other;
    assert_eq!(
        told,
        [
            (other(OrganizationKind::Operator), Judgment::Harmless),
            (other(OrganizationKind::NationalCenter), Judgment::Malicious)
        ]
    );
    assert_eq!(
        seen.said[0].reason.as_ref().unwrap().content().as_str(),
        "応答が一致した"
    );
    let own = opened(&scene, MINAMINO, Role::FlowAnalyst, taken).unwrap();
    assert_eq!(own.said[0].standpoint, Standpoint::Own);
    // Who cannot see the candidate cannot judge it, and a duty officer of a desk does not judge.
    for (name, role) in [
        ("aokawa", Role::FlowAnalyst),
        ("denryoku", Role::DutyOfficer),
    ] {
        let refused = said(name, role, Judgment::Unclear, 7);
        assert!(matches!(refused, Err(JudgeError::NotFound)), "{name}");
    }
    assert!(matches!(
        said("center", Role::Analyst, Judgment::Unclear, 0),
        Err(JudgeError::Days)
    ));
    scene.advance(8 * DAY_SECONDS);
    let row = &rows(&scene, "center", Role::Analyst)[0];
    let told: Vec<_> = row
        .judgments
        .iter()
        .map(|one| (one.standpoint, one.judgment))
        .collect();
    assert_eq!(told, [(Standpoint::Own, Judgment::Malicious)]);
}

#[test]
fn what_became_of_a_server_is_noted_with_its_time() {
    let scene = Scene::new();
    let taken = send(&scene, KITAHAMA, &line(9, 20.0, "03")).unwrap()[0];
    let actor = scene.actor("center", Role::Analyst);
    let note = |step, at| note_step(&scene.hub, &scene.call(&actor), taken.candidate, step, at);
    let (blocked, seized) = (scene.now.get().plus_seconds(-3_600), scene.now.get());
    note(LifeStep::Seized, seized).unwrap();
    note(LifeStep::Blocked, seized).unwrap();
    scene.advance(60);
    note(LifeStep::Blocked, blocked).unwrap();
    let future = note(LifeStep::Blocked, scene.now.get().plus_seconds(1));
    assert!(matches!(future, Err(JudgeError::Future)));
    let seen = opened(&scene, MINAMINO, Role::FlowAnalyst, taken).unwrap();
    let told: Vec<_> = seen
        .steps
        .iter()
        .map(|one| (one.standpoint, one.step, one.happened_at))
        .collect();
    let center = Standpoint::Other(OrganizationKind::NationalCenter);
    assert_eq!(
        told,
        [
            (center, LifeStep::Blocked, blocked),
            (center, LifeStep::Seized, seized)
        ]
    );
}

#[test]
fn a_carrier_counts_its_own_users_and_nobody_else_sees_the_numbers() {
    let scene = Scene::new();
    let taken = send(&scene, KITAHAMA, &line(9, 20.0, "03")).unwrap()[0];
    let numbers = Campaign::new(40, 36, 20, 9).unwrap();
    let own = |name, role| {
        let actor = scene.actor(name, role);
        own_campaign(&scene.hub, &scene.call(&actor), taken.candidate)
    };
    let actor = scene.actor(KITAHAMA, Role::FlowAnalyst);
    let write = |as_of, numbers| {
        let call = scene.call(&actor);
        write_campaign(&scene.hub, &call, taken.candidate, as_of, numbers)
    };
    write(None, numbers).unwrap();
    let first = own(KITAHAMA, Role::FlowAnalyst).unwrap().numbers;
    assert_eq!(first, Some((numbers, scene.now.get())));
    // What a colleague wrote since is not overwritten unseen.
    let as_of = first.map(|(_, at)| at);
    scene.advance(60);
    let more = Campaign::new(40, 36, 25, 9).unwrap();
    write(as_of, more).unwrap();
    for stale in [as_of, None] {
        let refused = write(stale, numbers);
        assert!(matches!(refused, Err(CampaignError::Changed)));
    }
    let told = own(KITAHAMA, Role::FlowAnalyst).unwrap().numbers;
    assert_eq!(told, Some((more, scene.now.get())));
    // Another carrier has numbers of its own; desks and strangers have none.
    assert_eq!(own(MINAMINO, Role::FlowAnalyst).unwrap().numbers, None);
    for (name, role) in [
        ("center", Role::Analyst),
        ("denryoku", Role::Officer),
        (KITAHAMA, Role::DutyOfficer),
        ("aokawa", Role::FlowAnalyst),
    ] {
        let read = own(name, role);
        assert!(matches!(read, Err(CampaignError::NotFound)), "{name}");
        let actor = scene.actor(name, role);
        let call = scene.call(&actor);
        let wrote = write_campaign(&scene.hub, &call, taken.candidate, None, numbers);
        assert!(matches!(wrote, Err(CampaignError::NotFound)), "{name}");
    }
}
