//! Networks that operators name as their own, and who is told of them.

use domain::network::read_list;
use domain::organization::Role;
use hub::ReadError;
use hub::networks::{NetworksError, own_networks, record_networks};

use crate::beside::logged;
use crate::finding::{KITAHAMA, MINAMINO, line, opened, send};
use crate::scene::Scene;

fn record(scene: &Scene, name: &'static str, text: &str) -> Result<(), NetworksError> {
    let actor = scene.actor(name, Role::Officer);
    let call = scene.call(&actor);
    let as_of = own_networks(&scene.hub, &call).unwrap().as_of;
    record_networks(&scene.hub, &call, as_of, read_list(text).unwrap())
}

/// In whose networks the server of a candidate lies, as somebody is told.
fn holders(scene: &Scene, name: &'static str, role: Role, host: u8) -> Vec<String> {
    let taken = send(scene, KITAHAMA, &line(host, 20.0, "03")).unwrap()[0];
    let told = opened(scene, name, role, taken).unwrap().holders;
    let told = told.into_iter();
    told.map(|one| format!("{} {}", one.name_en, one.network))
        .collect()
}

#[test]
fn the_relay_of_an_operator_is_told_that_a_server_lies_in_its_networks_and_nobody_else_is() {
    let scene = Scene::new();
    record(&scene, MINAMINO, "203.0.112.0/22\n203.0.113.0/25\n").unwrap();
    record(&scene, "aokawa", "203.0.113.0/24\n").unwrap();
    let told = holders(&scene, "denryoku", Role::Analyst, 9);
    assert_eq!(told.len(), 1, "{told:?}");
    assert!(told[0].ends_with(" 203.0.113.0/25"), "{told:?}");
    // Beyond the narrower one the wider counts; outside of both nothing does.
    assert!(holders(&scene, "denryoku", Role::Analyst, 200)[0].ends_with(" 203.0.112.0/22"));
    for (name, role) in [
        // Stands above the relay, and the networks are not for it.
        ("center", Role::Analyst),
        // Writes no advisory.
        ("denryoku", Role::DutyOfficer),
        (KITAHAMA, Role::FlowAnalyst),
        (MINAMINO, Role::FlowAnalyst),
    ] {
        assert_eq!(
            holders(&scene, name, role, 9),
            Vec::<String>::new(),
            "{name}"
        );
    }
    record(&scene, MINAMINO, "").unwrap();
    assert!(holders(&scene, "denryoku", Role::Analyst, 9).is_empty());
}

#[test]
fn an_officer_reads_and_writes_the_networks_of_his_own_organization() {
    let scene = Scene::new();
    record(&scene, KITAHAMA, "203.0.113.0/24\n2001:db8::/32\n").unwrap();
    let read = |name, role| {
        let actor = scene.actor(name, role);
        own_networks(&scene.hub, &scene.call(&actor)).map(|own| own.networks.len())
    };
    assert_eq!(read(KITAHAMA, Role::Officer).unwrap(), 2);
    assert_eq!(read(MINAMINO, Role::Officer).unwrap(), 0);
    for (name, role) in [
        (KITAHAMA, Role::DutyOfficer),
        (KITAHAMA, Role::FlowAnalyst),
        ("denryoku", Role::Officer),
        ("center", Role::Auditor),
    ] {
        assert!(
            matches!(read(name, role), Err(ReadError::NotFound)),
            "{name}"
        );
    }
    let actor = scene.actor(KITAHAMA, Role::Officer);
    let call = scene.call(&actor);
    let stale = record_networks(&scene.hub, &call, None, read_list("").unwrap());
    assert!(matches!(stale, Err(NetworksError::Changed)));
    assert_eq!(read(KITAHAMA, Role::Officer).unwrap(), 2);
    let entries = logged(&scene, actor.organization.to_string());
    let (_, payload) = entries
        .iter()
        .find(|(event, _)| event == "networks-recorded")
        .unwrap();
    for network in ["203.0.113", "2001:db8"] {
        assert!(!payload.contains(network), "{payload}");
    }
}
