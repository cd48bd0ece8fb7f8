//! Payloads stored in every field that takes text, then every page of every reader: nothing of them
//! is ever markup, and every answer carries the policy that would stop it (promises S5 and S6).

use domain::organization::Role;
use sim::country::Who;
use sim::crawl::{Walk, walk};
use sim::sweep::{paths, present_and_absent};
use sim::world::Received;
use web::routes::table;

use crate::attack::{PEOPLE, scene, walks};

/// What is stored: markup in several spellings, templates, formulas, and what turns or hides text.
const PAYLOADS: [&str; 8] = [
    "<script>alert(8731)</script>",
    "\"><img src=x onerror=alert(8731)>",
    "'><svg/onload=alert(8731)>",
    "</textarea><iframe src=javascript:alert(8731)>",
    "{{8731*1}}{% include \"x\" %}${8731}<%= 8731 %>",
    "=HYPERLINK(\"http://8731.example\",\"8731\")",
    "javascript:alert(8731)//",
    "8731\u{202e}gpj.exe\u{200b}\u{2066}",
];

/// Texts that would be markup or a link if they stood in a page as they are.
const UNESCAPED: [&str; 8] = [
    "<script>alert(8731",
    "<img src=x",
    "<svg/onload",
    "<iframe",
    "href=\"javascript:",
    "src=\"javascript:",
    "\u{202e}",
    "\u{2066}",
];

/// The policy of every answer, word for word (promise S6).
const POLICY: &str = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; \
    connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'; \
    require-trusted-types-for 'script'";

fn look(who: Who, path: &str, received: &Received) {
    let policy = received
        .headers
        .iter()
        .find(|(name, _)| name == "content-security-policy");
    assert_eq!(
        policy.map(|(_, value)| value.as_str()),
        Some(POLICY),
        "{who:?} {path}"
    );
    let is_page = received
        .headers
        .iter()
        .any(|(name, value)| name == "content-type" && value.starts_with("text/html"));
    if !is_page {
        return;
    }
    let html = String::from_utf8_lossy(&received.body);
    for text in UNESCAPED {
        assert!(!html.contains(text), "{who:?} {path}: {text}");
    }
}

/// Fills every text field of every form that somebody is offered, payload after payload.
fn plant(world: &sim::world::World, who: Who, found: &Walk) -> usize {
    let mut accepted = 0;
    for (place, form) in found.forms.values().flatten().enumerate() {
        if form.action.contains("sign-out") || form.action.contains("purpose") {
            continue;
        }
        for turn in 0..2 {
            let mut fields = form.fields.clone();
            for (number, (name, value)) in fields.iter_mut().enumerate() {
                if form.typed.contains(name) {
                    let payload = PAYLOADS[(place + turn * 4 + number) % PAYLOADS.len()];
                    payload.clone_into(value);
                }
            }
            let received = world.post(who, &form.action, &fields).unwrap();
            assert_ne!(received.status.as_u16(), 500, "{who:?} {}", form.action);
            // What was refused comes back to be mended: the writer's own text, escaped all the same.
            let mut echoed = received.clone();
            let own = String::from_utf8_lossy(&received.body).replace(['\u{202e}', '\u{2066}'], "");
            echoed.body = own.into_bytes();
            look(who, &form.action, &echoed);
            accepted += usize::from(received.status.as_u16() == 303);
        }
    }
    accepted
}

#[test]
fn nothing_that_was_stored_is_ever_markup() {
    let (world, trace) = scene();
    let mut accepted = 0;
    for (who, found) in &walks(&world, &trace) {
        accepted += plant(&world, *who, found);
    }
    println!("{accepted} forms were accepted");
    assert!(accepted > 20);
    let begin = paths(&trace);
    let mut planted = 0;
    let more: [Who; 2] = [("center", Role::Auditor), ("denryoku", Role::DutyOfficer)];
    for who in PEOPLE.into_iter().chain(more) {
        let found = walk(&world, who, &begin, 200).unwrap();
        for (path, received) in &found.pages {
            look(who, path, received);
            let html = String::from_utf8_lossy(&received.body);
            planted += usize::from(html.contains("8731"));
        }
    }
    println!("{planted} pages show what was stored");
    assert!(planted > 5);
}

/// Every route, also for nobody, also where it answers with an error.
#[test]
fn the_policy_stands_on_every_route() {
    let (world, trace) = scene();
    for route in table() {
        for who in [None, Some(PEOPLE[0]), Some(PEOPLE[5])] {
            let (present, absent) = present_and_absent(&trace, route.path);
            for path in present.into_iter().take(1).chain([absent]) {
                let received = world.request(who, route.method, &path).unwrap();
                look(PEOPLE[0], &path, &received);
                let header = |wanted: &str| {
                    received
                        .headers
                        .iter()
                        .any(|(name, value)| name == "x-content-type-options" && value == wanted)
                };
                assert!(header("nosniff"), "{path}");
            }
        }
    }
    let absent = world.request(None, "GET", "/no/such/page").unwrap();
    look(PEOPLE[0], "/no/such/page", &absent);
    let method = world.request(None, "DELETE", "/sign-in").unwrap();
    look(PEOPLE[0], "DELETE", &method);
}
