//! Who reads what desks say of a candidate: it follows from what its author saw.

use domain::finding::{Judgment, LifeStep};
use domain::handling::{Circle, Tlp};
use domain::organization::{OrganizationKind, Role};
use domain::text::BoundedText;
use hub::finding::{
    FindingTerms, JudgeError, Standpoint, Taken, default_circles, judge, note_step, submit,
};

use crate::finding::{KITAHAMA, MINAMINO, line, opened, rows, send, terms};
use crate::scene::Scene;

fn send_under(scene: &Scene, carrier: &'static str, terms: FindingTerms) -> Taken {
    let actor = scene.actor(carrier, Role::FlowAnalyst);
    submit(&scene.hub, &scene.call(&actor), &line(9, 20.0, "03"), terms).unwrap()[0]
}

fn say(scene: &Scene, name: &'static str, role: Role, taken: Taken, word: Judgment) {
    let actor = scene.actor(name, role);
    let why = BoundedText::parse("応答が一致した").unwrap();
    let call = scene.call(&actor);
    judge(&scene.hub, &call, taken.candidate, word, why, 30).unwrap();
}

fn note(
    scene: &Scene,
    name: &'static str,
    role: Role,
    taken: Taken,
    step: LifeStep,
) -> Result<(), JudgeError> {
    let actor = scene.actor(name, role);
    let call = scene.call(&actor);
    note_step(&scene.hub, &call, taken.candidate, step, scene.now.get())
}

#[test]
fn whoever_sends_a_finding_of_his_own_reads_nothing_of_what_is_said_of_hidden_ones() {
    let scene = Scene::new();
    let hidden = send_under(&scene, KITAHAMA, terms([Circle::Secretariat]));
    say(
        &scene,
        "denryoku",
        Role::Analyst,
        hidden,
        Judgment::Malicious,
    );
    note(&scene, "denryoku", Role::Analyst, hidden, LifeStep::Seized).unwrap();
    scene.advance(60);
    let probing = send_under(&scene, MINAMINO, terms([Circle::Secretariat]));
    assert_eq!(probing.candidate, hidden.candidate);
    let nothing = |when: &str| {
        let seen = opened(&scene, MINAMINO, Role::FlowAnalyst, probing).unwrap();
        assert!(seen.said.is_empty() && seen.steps.is_empty(), "{when}");
        let listed = rows(&scene, MINAMINO, Role::FlowAnalyst);
        assert!(listed[0].judgments.is_empty() && listed[0].steps.is_empty());
    };
    nothing("what was said before he came");
    // The desk writes again, with both before it: what it says rests on the hidden one as well.
    scene.advance(60);
    say(
        &scene,
        "denryoku",
        Role::Analyst,
        hidden,
        Judgment::Harmless,
    );
    note(&scene, "denryoku", Role::Analyst, hidden, LifeStep::Seized).unwrap();
    nothing("what was said since");
    // What it said of his finding alone would be his to read, as it is the other's.
    let seen = opened(&scene, KITAHAMA, Role::FlowAnalyst, hidden).unwrap();
    let told: Vec<_> = seen.said.iter().map(|one| one.judgment).collect();
    assert_eq!(told, [Judgment::Malicious]);
    assert_eq!(seen.steps.len(), 1);
    let desk = opened(&scene, "denryoku", Role::Officer, hidden).unwrap();
    assert_eq!(desk.said[0].judgment, Judgment::Harmless);
    // His own word is his own organization's.
    say(
        &scene,
        MINAMINO,
        Role::FlowAnalyst,
        probing,
        Judgment::Unclear,
    );
    let own = opened(&scene, MINAMINO, Role::FlowAnalyst, probing).unwrap();
    assert_eq!(own.said.len(), 1);
    assert_eq!(own.said[0].standpoint, Standpoint::Own);
}

#[test]
fn a_reason_goes_to_who_may_read_all_of_it_under_the_strictest_terms() {
    let scene = Scene::new();
    let closed = FindingTerms {
        tlp: Tlp::Red,
        ..terms([Circle::Secretariat])
    };
    let taken = send_under(&scene, KITAHAMA, closed);
    send_under(&scene, MINAMINO, terms(default_circles()));
    say(&scene, "center", Role::Analyst, taken, Judgment::Unclear);
    scene.advance(60);
    say(
        &scene,
        "denryoku",
        Role::Analyst,
        taken,
        Judgment::Malicious,
    );
    let reader = opened(&scene, "center", Role::Analyst, taken).unwrap();
    let label = |opened: &hub::finding::Opened| {
        let said = opened.said.iter().map(|one| {
            let reason = one.reason.as_ref();
            (one.standpoint, reason.map(|reason| reason.handling().tlp))
        });
        said.collect::<Vec<_>>()
    };
    // The center may not read all that the relay wrote about: its word comes without the reason.
    let relay = Standpoint::Other(OrganizationKind::Ceptoar);
    let center = Standpoint::Other(OrganizationKind::NationalCenter);
    assert_eq!(
        label(&reader),
        [(relay, None), (Standpoint::Own, Some(Tlp::Amber))]
    );
    assert_eq!(reader.found.handling().tlp, Tlp::Amber);
    let desk = opened(&scene, "denryoku", Role::Officer, taken).unwrap();
    assert_eq!(
        label(&desk),
        [
            (Standpoint::Own, Some(Tlp::Red)),
            (center, Some(Tlp::Amber))
        ]
    );
}

#[test]
fn what_came_back_under_wider_terms_does_not_carry_what_was_said_under_narrower_ones() {
    let scene = Scene::new();
    let taken = send_under(&scene, KITAHAMA, terms([Circle::Secretariat]));
    say(
        &scene,
        "denryoku",
        Role::Analyst,
        taken,
        Judgment::Malicious,
    );
    // Somebody probes, and the desk has both before it.
    let probing = terms([Circle::Secretariat]);
    scene.advance(60);
    send_under(
        &scene,
        MINAMINO,
        FindingTerms {
            days: 90,
            ..probing
        },
    );
    say(&scene, "denryoku", Role::Analyst, taken, Judgment::Unclear);
    scene.advance(31 * domain::time::DAY_SECONDS);
    send(&scene, KITAHAMA, &line(9, 20.0, "03")).unwrap();
    for (name, role) in [(MINAMINO, Role::FlowAnalyst), ("center", Role::Analyst)] {
        let reader = opened(&scene, name, role, taken).unwrap();
        assert!(reader.said.is_empty(), "{name}");
    }
    let desk = opened(&scene, "denryoku", Role::Officer, taken).unwrap();
    assert_eq!(desk.said.len(), 1);
    // Erased it leaves no word to him who saw the other alone.
    scene.advance(366 * domain::time::DAY_SECONDS);
    let random = hub::Random::from_seed([7; 32]);
    send_under(&scene, MINAMINO, terms([Circle::Secretariat]));
    hub::retention::due(&scene.hub, scene.now.get(), &random).unwrap();
    let reader = opened(&scene, MINAMINO, Role::FlowAnalyst, taken).unwrap();
    assert!(reader.said.is_empty());
}

#[test]
fn each_desk_notes_what_is_its_own_to_say_and_shared_is_noted_by_nobody() {
    let scene = Scene::new();
    let taken = send(&scene, KITAHAMA, &line(9, 20.0, "03")).unwrap()[0];
    let carrier = (KITAHAMA, Role::FlowAnalyst);
    let center = ("center", Role::Analyst);
    for ((name, role), step, taken_in) in [
        (carrier, LifeStep::Blocked, true),
        (carrier, LifeStep::Seized, false),
        (carrier, LifeStep::LastSeen, false),
        (carrier, LifeStep::Shared, false),
        (center, LifeStep::Seized, true),
        (center, LifeStep::LastSeen, true),
        (center, LifeStep::Shared, false),
    ] {
        let noted = note(&scene, name, role, taken, step);
        assert_eq!(noted.is_ok(), taken_in, "{name} {step}");
        assert!(taken_in || matches!(noted, Err(JudgeError::Step)));
    }
    // One organization's word does not take the place of another's, and its own later one does.
    scene.advance(60);
    note(&scene, "denryoku", Role::Analyst, taken, LifeStep::Blocked).unwrap();
    note(
        &scene,
        KITAHAMA,
        Role::FlowAnalyst,
        taken,
        LifeStep::Blocked,
    )
    .unwrap();
    let seen = opened(&scene, MINAMINO, Role::FlowAnalyst, taken).unwrap();
    let blocked: Vec<_> = seen
        .steps
        .iter()
        .filter(|one| one.step == LifeStep::Blocked)
        .map(|one| (one.standpoint, one.happened_at))
        .collect();
    let now = scene.now.get();
    assert_eq!(blocked.len(), 2);
    for kind in [OrganizationKind::Operator, OrganizationKind::Ceptoar] {
        assert!(blocked.contains(&(Standpoint::Other(kind), now)), "{kind}");
    }
    let actor = scene.actor("center", Role::Analyst);
    let before = seen.found.content().first_at.plus_seconds(-1);
    let call = scene.call(&actor);
    let early = note_step(&scene.hub, &call, taken.candidate, LifeStep::Seized, before);
    assert!(matches!(early, Err(JudgeError::Early)));
}
