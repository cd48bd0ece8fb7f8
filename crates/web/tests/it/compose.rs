//! Two who write one advisory at once.

use axum::http::StatusCode;
use domain::organization::Role;

use crate::scene::Scene;

#[test]
fn whoever_saves_second_sees_his_own_text_again() {
    let scene = Scene::new();
    let officer = scene.sign_in(("center", Role::Officer));
    let analyst = scene.sign_in(("center", Role::Analyst));
    let fields = |title: &'static str, version: &'static str| {
        [
            ("kind", "alert"),
            ("tlp", "amber"),
            ("grade", "outside-act"),
            ("purposes", "defense"),
            ("title", title),
            ("then", "save"),
            ("version", version),
        ]
    };
    let made = scene.post(&officer, "/advisories/new", &fields("下書き", ""));
    assert_eq!(made.status, StatusCode::SEE_OTHER, "{}", made.text);
    let check = made.headers["location"].to_str().unwrap();
    let edit = check.replace("/check?said=saved", "/edit");
    let opened = scene.get(&officer, &edit).text;
    assert!(opened.contains("name=\"version\" value=\"1\""), "{opened}");

    let first = scene.post(&analyst, &edit, &fields("先に保存した題", "1"));
    assert_eq!(first.status, StatusCode::SEE_OTHER);
    let second = scene.post(&officer, &edit, &fields("後から保存した題", "1"));
    assert_eq!(second.status, StatusCode::CONFLICT);
    assert!(second.text.contains("後から保存した題"), "{}", second.text);
    assert!(
        second
            .text
            .contains("Somebody else has saved this advisory")
    );
    assert!(second.text.contains("name=\"version\" value=\"2\""));
    assert!(scene.get(&officer, &edit).text.contains("先に保存した題"));

    // Having looked at it, he may put his in its place.
    let again = scene.post(&officer, &edit, &fields("後から保存した題", "2"));
    assert_eq!(again.status, StatusCode::SEE_OTHER);
    assert!(scene.get(&analyst, &edit).text.contains("後から保存した題"));
}
