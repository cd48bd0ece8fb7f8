//! What the log says of findings, to their carrier, to others, and to whoever opens every entry.

use domain::finding::{Campaign, Judgment, LifeStep};
use domain::organization::Role;
use domain::text::BoundedText;
use hub::finding::{judge, note_step, withdraw, write_campaign};
use hub::log::about;

use crate::beside::logged;
use crate::finding::{KITAHAMA, MINAMINO, line, opened, send};
use crate::scene::Scene;

#[test]
fn who_opens_every_entry_learns_of_no_server_which_carrier_found_it() {
    let scene = Scene::new();
    let taken = send(&scene, KITAHAMA, &line(9, 20.0, "03")).unwrap()[0];
    opened(&scene, "center", Role::Analyst, taken).unwrap();
    opened(&scene, MINAMINO, Role::FlowAnalyst, taken).unwrap();
    let own = scene.actor(KITAHAMA, Role::FlowAnalyst);
    let call = scene.call(&own);
    let why = BoundedText::parse("応答が一致した").unwrap();
    let (hub, id) = (&scene.hub, taken.candidate);
    judge(hub, &call, id, Judgment::Malicious, why, 30).unwrap();
    note_step(hub, &call, id, LifeStep::Blocked, scene.now.get()).unwrap();
    let numbers = Campaign::new(7, 5, 2, 1).unwrap();
    write_campaign(hub, &call, id, None, numbers).unwrap();
    withdraw(hub, &call, id).unwrap();
    let (carrier, person) = (own.organization.to_string(), own.person.to_string());
    let of_candidate = logged(&scene, id.to_string());
    assert_eq!(of_candidate.len(), 3, "{of_candidate:?}");
    for (event, payload) in &of_candidate {
        assert!(payload.contains("\nowner=-\n"), "{event}: {payload}");
        for secret in [&carrier, &person] {
            assert!(!payload.contains(secret.as_str()), "{event}: {payload}");
        }
    }
    let of_finding = logged(&scene, taken.finding.to_string());
    let mut events: Vec<&str> = of_finding.iter().map(|(event, _)| event.as_str()).collect();
    // What happened at the same moment has no order.
    events.sort_unstable();
    let expected = [
        "finding-accepted",
        "finding-withdrawn",
        "part-read",
        "part-read",
    ];
    assert_eq!(events, expected);
    for (event, payload) in &of_finding {
        assert!(
            payload.contains(&format!("\nowner={carrier}\n")),
            "{event}: {payload}"
        );
        for secret in ["cnd_", "203.0.113.9", "4444", person.as_str()] {
            assert!(!payload.contains(secret), "{secret} in {event}: {payload}");
        }
    }
}

#[test]
fn the_entries_of_a_finding_are_there_for_its_carrier_and_for_auditors() {
    let scene = Scene::new();
    let taken = send(&scene, KITAHAMA, &line(9, 20.0, "03")).unwrap()[0];
    opened(&scene, "center", Role::Analyst, taken).unwrap();
    for (name, role, count) in [
        (KITAHAMA, Role::FlowAnalyst, 2),
        (MINAMINO, Role::FlowAnalyst, 0),
        ("center", Role::Officer, 0),
        ("center", Role::Auditor, 2),
    ] {
        let actor = scene.actor(name, role);
        let rows = about(&scene.hub, &scene.call(&actor), &taken.finding.to_string());
        assert_eq!(rows.unwrap().len(), count, "{name}, {role:?}");
    }
}
