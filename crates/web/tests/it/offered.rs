//! What is offered can be done: whatever stands in the menu, and the ways in which a report begins.

use axum::http::StatusCode;
use domain::organization::Role;

use crate::scene::Scene;

#[test]
fn every_entry_of_the_menu_leads_to_a_page() {
    let scene = Scene::new();
    for name in ["hitori", "kitahama", "denryoku", "center"] {
        for role in [Role::DutyOfficer, Role::Analyst, Role::Administrator] {
            let person = scene.sign_in((name, role));
            let home = scene.get(&person, "/status").text;
            let nav = home.split("<nav").skip(1);
            let nav = nav.map(|nav| nav.split_once("</nav>").unwrap().0);
            let links = nav.flat_map(|nav| nav.split("href=\"").skip(1));
            let links: Vec<&str> = links.filter_map(|link| link.split('"').next()).collect();
            assert!(!links.is_empty(), "{name} {role}");
            for link in links {
                let page = scene.get(&person, link);
                assert_eq!(page.status, StatusCode::OK, "{name} {role} {link}");
            }
        }
    }
}

#[test]
fn whoever_reports_to_nobody_is_told_so() {
    let scene = Scene::new();
    let person = scene.sign_in(("hitori", Role::DutyOfficer));
    for path in ["/near-miss", "/count", "/reports/new"] {
        let page = scene.get(&person, path);
        assert_eq!(page.status, StatusCode::OK, "{path}");
        let told = "Nobody is registered to receive your reports";
        assert!(page.text.contains(told), "{path}: {}", page.text);
    }
    let joined = scene.sign_in(("kitahama", Role::DutyOfficer));
    let page = scene.get(&joined, "/near-miss");
    assert!(page.text.contains("name=\"line\""));
}

#[test]
fn a_seal_is_not_promised_where_nobody_holds_its_key() {
    // `denryoku` has no custodians here.
    let scene = Scene::new();
    let person = scene.sign_in(("kitahama", Role::DutyOfficer));
    let page = scene.get(&person, "/reports/new").text;
    assert!(
        page.contains("does not have three custodians yet"),
        "{page}"
    );
    let day = scene.now().day_in_japan();
    let lists = scene.hub.reference();
    let meaning = |mode: &str| {
        let row = lists.custody_modes.naming(mode, day).unwrap();
        row.body.meaning.en().to_owned()
    };
    assert!(page.contains(&meaning("stripped")), "{page}");
    assert!(!page.contains(&meaning("unnamed")), "{page}");
}
