//! What was written is given back when it is refused, and to nobody else's site.

use axum::http::{Request, StatusCode};
use domain::organization::Role;
use hub::sign_in::{RECENT_SECONDS, SESSION_SECONDS};
use seal::token::MailboxCode;

use crate::scene::Scene;

const TEXT: &str = "保守端末から外部への接続があり、切り離した";

#[test]
fn a_text_survives_the_end_of_its_session() {
    let scene = Scene::new();
    let writer = scene.sign_in(("center", Role::Officer));
    scene.advance(SESSION_SECONDS + 1);
    let fields = [("gist", TEXT)];
    let received = scene.post(&writer, "/advisories/new", &fields);
    assert_eq!(received.status, StatusCode::UNAUTHORIZED);
    assert!(received.text.contains(TEXT), "{}", received.text);
    assert!(received.text.contains("href=\"/sign-in\""));
    assert!(!received.text.contains("Page not found"));

    // Signed in anew, the old page carries the token of the session that has ended.
    let token = [("csrf", "old"), ("gist", TEXT)];
    let again = scene.sign_in(("center", Role::Officer));
    let received = scene.send(
        again
            .request("/advisories/new")
            .header("sec-fetch-site", "same-origin"),
        serde_urlencoded::to_string(token).unwrap(),
    );
    assert_eq!(received.status, StatusCode::FORBIDDEN);
    assert!(received.text.contains(TEXT));
}

#[test]
fn what_another_site_sends_is_not_given_back() {
    let scene = Scene::new();
    let request = Request::post("/advisories/new")
        .header("sec-fetch-site", "cross-site")
        .header("content-type", "application/x-www-form-urlencoded");
    let fields = [("gist", TEXT)];
    let received = scene.send(request, serde_urlencoded::to_string(fields).unwrap());
    assert_eq!(received.status, StatusCode::UNAUTHORIZED);
    assert!(!received.text.contains(TEXT));
}

#[test]
fn a_secret_is_never_given_back() {
    let scene = Scene::new();
    let person = scene.sign_in(("kitahama", Role::DutyOfficer));
    scene.advance(RECENT_SECONDS + 1);
    let fields = [("password", "correct horse 電池"), ("code", "12 34 56")];
    let received = scene.post(&person, "/settings/sign-in/both", &fields);
    assert_eq!(received.status, StatusCode::SEE_OTHER);
    scene.advance(SESSION_SECONDS);
    for path in ["/settings/sign-in/both", "/drafts/resume", "/mailbox"] {
        let received = scene.post(&person, path, &fields);
        assert_eq!(received.status, StatusCode::UNAUTHORIZED, "{path}");
        assert!(!received.text.contains("電池"), "{path}");
        assert!(!received.text.contains("12 34 56"), "{path}");
    }
}

#[test]
fn a_form_opens_only_while_it_can_be_sent() {
    let scene = Scene::new();
    let administrator = scene.sign_in(("center", Role::Administrator));
    scene.advance(RECENT_SECONDS + 1);
    for path in [
        "/members/invite",
        "/members/organizations/new",
        "/members/hand-over",
        "/members/hand-over/review",
        "/members/per_00000000000000000000000000000000",
        "/openings/delay",
    ] {
        let received = scene.get(&administrator, path);
        assert_eq!(received.status, StatusCode::SEE_OTHER, "{path}");
        // He is recognized first, and then comes back to the form.
        let way = received.headers["location"].to_str().unwrap();
        assert_eq!(way, format!("/sign-in?again=yes&next={path}"));
    }
}

#[test]
fn too_many_tries_say_how_long_to_wait() {
    const TRIES_MAX: usize = 20;
    let scene = Scene::new();
    let person = scene.sign_in(("kitahama", Role::DutyOfficer));
    let mut random = scene.random();
    let refused = (0..TRIES_MAX).find_map(|_| {
        let guess = MailboxCode::generate(&mut random).expose_grouped();
        let received = scene.post(&person, "/mailbox", &[("code", guess.as_str())]);
        (received.status == StatusCode::TOO_MANY_REQUESTS).then_some(received)
    });
    let refused = refused.expect("guessing was never stopped");
    let wait: u32 = refused.headers["retry-after"]
        .to_str()
        .unwrap()
        .parse()
        .unwrap();
    assert!(wait > 0);
    assert!(refused.text.contains("The next try is possible in"));
    // Nothing of it stands in the log, so there is no number to quote.
    assert!(!refused.text.contains("Reference number"));
}
