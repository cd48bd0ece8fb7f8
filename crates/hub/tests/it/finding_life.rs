//! Versions of a finding, taking it back, and what goes on when its sharing is over.

use domain::finding::{Campaign, FINDINGS_OPEN_MAX, LifeStep};
use domain::handling::{Circle, Consent};
use domain::organization::Role;
use domain::time::DAY_SECONDS;
use hub::ReadError;
use hub::finding::{
    ArriveError, CampaignError, Fate, FindingTerms, JudgeError, Taken, default_circles, note_step,
    own_campaign, submit, withdraw, write_campaign,
};

use crate::finding::{KITAHAMA, MINAMINO, line, opened, rows, send, terms};
use crate::scene::Scene;

fn send_under(
    scene: &Scene,
    carrier: &'static str,
    text: &str,
    terms: FindingTerms,
) -> Result<Vec<Taken>, ArriveError> {
    let actor = scene.actor(carrier, Role::FlowAnalyst);
    submit(&scene.hub, &scene.call(&actor), text, terms)
}

/// The same by the carrier's program.
fn program_sends(scene: &Scene, text: &str) -> Taken {
    let mut actor = scene.actor(KITAHAMA, Role::FlowAnalyst);
    actor.scope = Some([domain::policy::Action::SubmitFindings].into());
    let terms = terms(default_circles());
    submit(&scene.hub, &scene.call(&actor), text, terms).unwrap()[0]
}

fn take_back(scene: &Scene, name: &'static str, taken: Taken) -> Result<(), ReadError> {
    let actor = scene.actor(name, Role::FlowAnalyst);
    withdraw(&scene.hub, &scene.call(&actor), taken.candidate)
}

fn is_there(scene: &Scene, name: &'static str, role: Role, taken: Taken) -> bool {
    opened(scene, name, role, taken).is_ok()
}

#[test]
fn a_finding_sent_again_can_be_tightened_and_not_widened() {
    let scene = Scene::new();
    let taken = send(&scene, KITAHAMA, &line(9, 20.0, "03")).unwrap()[0];
    assert!(is_there(&scene, MINAMINO, Role::FlowAnalyst, taken));
    scene.advance(60);
    let closed = FindingTerms {
        consent: Consent::Refused,
        ..terms([Circle::Secretariat])
    };
    // The analyst sends the file that he has: the newest version holds to its terms as well.
    send(&scene, KITAHAMA, &line(9, 22.0, "05")).unwrap();
    let again = send_under(&scene, KITAHAMA, &line(9, 20.0, "03"), closed.clone()).unwrap()[0];
    assert_eq!(
        (again.finding, again.fate),
        (taken.finding, Fate::Tightened)
    );
    assert!(!is_there(&scene, MINAMINO, Role::FlowAnalyst, taken));
    assert!(!is_there(&scene, "center", Role::Analyst, taken));
    let desk = opened(&scene, "denryoku", Role::Analyst, taken).unwrap();
    assert_eq!(desk.found.content().score.to_string(), "22.0");
    let same = send_under(&scene, KITAHAMA, &line(9, 20.0, "03"), closed).unwrap()[0];
    assert_eq!(same.fate, Fate::Known);
    // Neither the same under wider terms nor a newer one widens it.
    let wide = send(&scene, KITAHAMA, &line(9, 22.0, "05")).unwrap()[0];
    assert_eq!(wide.fate, Fate::Known);
    let newer = program_sends(&scene, &line(9, 25.0, "08"));
    assert_eq!(newer.fate, Fate::Newer);
    assert!(!is_there(&scene, MINAMINO, Role::FlowAnalyst, taken));
    let desk = opened(&scene, "denryoku", Role::Analyst, taken).unwrap();
    assert_eq!(desk.found.content().score.to_string(), "25.0");
    assert_eq!(desk.found.handling().consent, Consent::Refused);
    // Withdrawn and sent again by a person, it is as wide as he says.
    take_back(&scene, KITAHAMA, taken).unwrap();
    send(&scene, KITAHAMA, &line(9, 25.0, "08")).unwrap();
    assert!(is_there(&scene, MINAMINO, Role::FlowAnalyst, taken));
}

#[test]
fn what_a_carrier_withdraws_is_gone_for_all_and_no_program_brings_it_back() {
    let scene = Scene::new();
    let taken = program_sends(&scene, &line(9, 20.0, "03"));
    for (name, role) in [(MINAMINO, Role::FlowAnalyst), ("center", Role::Analyst)] {
        assert!(is_there(&scene, name, role, taken), "{name}");
    }
    let stranger = take_back(&scene, MINAMINO, taken);
    assert!(matches!(stranger, Err(ReadError::NotFound)));
    take_back(&scene, KITAHAMA, taken).unwrap();
    let twice = take_back(&scene, KITAHAMA, taken);
    assert!(matches!(twice, Err(ReadError::NotFound)));
    scene.advance(3_600);
    for hour in ["03", "05"] {
        let again = program_sends(&scene, &line(9, 20.0, hour));
        assert_eq!(again.fate, Fate::Known);
    }
    for (name, role) in [
        (MINAMINO, Role::FlowAnalyst),
        ("center", Role::Analyst),
        ("denryoku", Role::Officer),
    ] {
        assert!(!is_there(&scene, name, role, taken), "{name}");
        assert!(rows(&scene, name, role).is_empty(), "{name}");
    }
    let by_hand = send(&scene, KITAHAMA, &line(9, 20.0, "05")).unwrap()[0];
    assert_eq!(
        (by_hand.finding, by_hand.fate),
        (taken.finding, Fate::Newer)
    );
    assert!(is_there(&scene, "center", Role::Analyst, taken));
}

#[test]
fn a_program_shares_for_longer_only_what_no_person_let_end() {
    let scene = Scene::new();
    let short = FindingTerms {
        days: 1,
        ..terms(default_circles())
    };
    let by_hand = send_under(&scene, KITAHAMA, &line(9, 20.0, "03"), short).unwrap()[0];
    let by_program = program_sends(&scene, &line(10, 20.0, "03"));
    let later = |host| line(host, 21.0, "05");
    assert_eq!(program_sends(&scene, &later(9)).fate, Fate::Newer);
    scene.advance(DAY_SECONDS);
    assert!(!is_there(&scene, "center", Role::Analyst, by_hand));
    scene.advance(30 * DAY_SECONDS);
    assert_eq!(program_sends(&scene, &later(9)).fate, Fate::Known);
    assert_eq!(program_sends(&scene, &later(10)).fate, Fate::Newer);
    assert!(is_there(&scene, "center", Role::Analyst, by_program));
}

#[test]
fn terms_that_reach_nobody_together_are_refused_and_change_nothing() {
    let scene = Scene::new();
    let taken = send(&scene, KITAHAMA, &line(9, 20.0, "03")).unwrap()[0];
    let other = FindingTerms {
        purposes: ["statistics".parse().unwrap()].into(),
        ..terms(default_circles())
    };
    for hour in ["03", "05"] {
        let refused = send_under(&scene, KITAHAMA, &line(9, 20.0, hour), other.clone());
        assert!(matches!(refused, Err(ArriveError::Terms)), "{hour}");
    }
    assert!(is_there(&scene, "center", Role::Analyst, taken));
}

#[test]
fn a_program_neither_cuts_nor_forgets_what_a_person_decided() {
    let scene = Scene::new();
    let long = FindingTerms {
        days: 90,
        ..terms(default_circles())
    };
    let shared = send_under(&scene, KITAHAMA, &line(9, 20.0, "03"), long).unwrap()[0];
    assert_eq!(
        program_sends(&scene, &line(9, 20.0, "03")).fate,
        Fate::Known
    );
    program_sends(&scene, &line(9, 20.0, "05"));
    scene.advance(60 * DAY_SECONDS);
    assert!(is_there(&scene, "center", Role::Analyst, shared));
    // What was withdrawn stays so for as long as the program goes on sending it.
    take_back(&scene, KITAHAMA, shared).unwrap();
    for _ in 0..4 {
        scene.advance(200 * DAY_SECONDS);
        let random = hub::Random::from_seed([8; 32]).derive(&scene.now.get().micros().to_string());
        hub::retention::due(&scene.hub, scene.now.get(), &random).unwrap();
        assert_eq!(
            program_sends(&scene, &line(9, 20.0, "05")).fate,
            Fate::Known
        );
    }
    assert!(!is_there(&scene, "center", Role::Analyst, shared));
}

#[test]
fn the_first_call_survives_midnight() {
    let scene = Scene::new();
    let taken = send(&scene, KITAHAMA, &line(9, 20.0, "03")).unwrap()[0];
    let first = opened(&scene, "center", Role::Analyst, taken).unwrap();
    scene.advance(3_600);
    let next_day = line(9, 20.0, "05").replace("2026-09-29T01", "2026-09-30T00");
    let newer = send(&scene, KITAHAMA, &next_day).unwrap()[0];
    assert_eq!(newer.fate, Fate::Newer);
    let seen = opened(&scene, "center", Role::Analyst, taken).unwrap();
    assert_eq!(
        seen.found.content().first_at,
        first.found.content().first_at
    );
    assert!(seen.found.content().last_at > first.found.content().last_at);
    let same = send(&scene, KITAHAMA, &next_day).unwrap()[0];
    assert_eq!(same.fate, Fate::Known);
}

#[test]
fn a_carrier_goes_on_counting_and_noting_when_the_sharing_is_over() {
    let scene = Scene::new();
    let taken = send(&scene, KITAHAMA, &line(9, 20.0, "03")).unwrap()[0];
    let numbers = Campaign::new(4, 3, 2, 1).unwrap();
    let count = |name, as_of| {
        let actor = scene.actor(name, Role::FlowAnalyst);
        let call = scene.call(&actor);
        write_campaign(&scene.hub, &call, taken.candidate, as_of, numbers)
    };
    let own = |name| {
        let actor = scene.actor(name, Role::FlowAnalyst);
        own_campaign(&scene.hub, &scene.call(&actor), taken.candidate)
    };
    let note = |name, role, step| {
        let actor = scene.actor(name, role);
        let call = scene.call(&actor);
        note_step(&scene.hub, &call, taken.candidate, step, scene.now.get())
    };
    count(MINAMINO, None).unwrap();
    note("center", Role::Analyst, LifeStep::Blocked).unwrap();
    scene.advance(31 * DAY_SECONDS);
    assert!(!is_there(&scene, "center", Role::Analyst, taken));
    // The carrier that found it has its own finding, with its day; the other its numbers alone.
    let seen = opened(&scene, KITAHAMA, Role::FlowAnalyst, taken).unwrap();
    assert!(seen.ended && seen.own.is_some());
    count(KITAHAMA, None).unwrap();
    let kept = own(KITAHAMA).unwrap();
    assert!(kept.found.is_some() && kept.own.is_some());
    let kept = own(MINAMINO).unwrap();
    assert!(kept.found.is_none() && kept.own.is_none());
    let as_of = kept.numbers.map(|(_, at)| at);
    count(MINAMINO, as_of).unwrap();
    note(KITAHAMA, Role::FlowAnalyst, LifeStep::Blocked).unwrap();
    note("center", Role::Analyst, LifeStep::Seized).unwrap();
    // Who had to do with it never, or through others only, finds nothing.
    let stranger = own("aokawa");
    assert!(matches!(stranger, Err(CampaignError::NotFound)));
    let desk = note("denryoku", Role::Analyst, LifeStep::Seized);
    assert!(matches!(desk, Err(JudgeError::NotFound)));
    assert!(!is_there(&scene, MINAMINO, Role::FlowAnalyst, taken));
}

#[test]
fn one_carrier_shares_so_many_at_a_time() {
    let scene = Scene::new();
    let server = |number: usize| {
        let (third, fourth) = (number / 200, number % 200 + 1);
        line(9, 20.0, "03").replace("203.0.113.9", &format!("203.0.{third}.{fourth}"))
    };
    for batch in 0..FINDINGS_OPEN_MAX / 200 {
        let text: Vec<String> = (batch * 200..batch * 200 + 200).map(server).collect();
        send(&scene, KITAHAMA, &text.join("\n")).unwrap();
    }
    // One that is too many does not keep those out that are shared.
    let known = server(3).replace("T03", "T04");
    let both = [server(FINDINGS_OPEN_MAX), known].join("\n");
    let taken = send(&scene, KITAHAMA, &both).unwrap();
    let fates: Vec<_> = taken.iter().map(|one| one.fate).collect();
    assert_eq!(fates, [Fate::Full, Fate::Newer]);
    assert!(!is_there(&scene, "center", Role::Analyst, taken[0]));
    take_back(&scene, KITAHAMA, taken[1]).unwrap();
    let one = |carrier, number| send(&scene, carrier, &server(number)).unwrap()[0].fate;
    assert_eq!(one(KITAHAMA, FINDINGS_OPEN_MAX), Fate::New);
    assert_eq!(one(MINAMINO, FINDINGS_OPEN_MAX + 1), Fate::New);
    assert_eq!(one(KITAHAMA, FINDINGS_OPEN_MAX + 2), Fate::Full);
}
