//! Whoever tries an object that is not there for him is in the log, whichever verb would have met it.

use axum::http::StatusCode;
use domain::id::ReportId;
use domain::organization::Role;

use crate::folds::report;
use crate::scene::Scene;

#[test]
fn hidden_and_absent_objects_leave_the_same_attempts() {
    let scene = Scene::new();
    // Named to its CEPTOAR and not released: nobody at the center may know of it.
    let hidden = report(&scene).to_string();
    let absent = ReportId::from_random([7; 16]).to_string();
    let analyst = scene.sign_in(("center", Role::Analyst));
    for id in [&hidden, &absent] {
        for _ in 0..2 {
            let page = scene.get(&analyst, &format!("/reports/{id}"));
            assert_eq!(page.status, StatusCode::NOT_FOUND);
            for (path, fields) in [
                ("opinion", &[("why", "x")][..]),
                ("questions", &[("text", "誰ですか")]),
                ("group", &[("into", "new"), ("name", "x"), ("why", "x")]),
            ] {
                let sent = scene.post(&analyst, &format!("/reports/{id}/{path}"), fields);
                assert!(sent.status != StatusCode::SEE_OTHER, "{path}");
            }
        }
    }
    let attempts = scene.attempts(&hidden);
    assert!(!attempts.is_empty());
    assert_eq!(attempts, scene.attempts(&absent));
    let mut once = attempts.clone();
    once.dedup();
    assert_eq!(once, attempts, "each action once a day");
}
