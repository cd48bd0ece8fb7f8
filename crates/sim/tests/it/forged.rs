//! Forms that somebody else made: no token, another session's token, another site.

use sim::sweep::present_and_absent;
use sim::world::{Sent, encoded};
use web::routes::table;

use crate::attack::{PEOPLE, difference, is_admitted, scene, state};

/// Every POST route of the table, so that a new one is covered by standing there; every person who
/// is let in; every forgery. Nothing changes, and what is answered says only that it is stale.
#[test]
fn a_form_counts_in_the_session_it_was_made_for_and_nowhere_else() {
    let (world, trace) = scene();
    let before = state(&world);
    let mut forged = 0;
    let posts = table().into_iter().filter(|route| route.method == "POST");
    for route in posts.filter(|route| !route.path.starts_with("/api/")) {
        let (present, _) = present_and_absent(&trace, route.path);
        let path = &present[0];
        for (place, who) in PEOPLE.into_iter().enumerate() {
            if !is_admitted(&world.actor(who).unwrap(), route.needs) {
                continue;
            }
            let own = world.token(who).unwrap();
            let foreign = world.token(PEOPLE[(place + 1) % PEOPLE.len()]).unwrap();
            let mut changed = own.clone();
            let last = if changed.pop() == Some('0') { '1' } else { '0' };
            changed.push(last);
            let other_site = Some(("sec-fetch-site", "cross-site"));
            let other_origin = Some(("origin", "https://hub.sim.example"));
            for (label, token, header) in [
                ("no token", String::new(), None),
                ("a token of somebody else", foreign, None),
                ("a changed token", changed, None),
                (
                    "half a token",
                    own.chars().take(own.len() / 2).collect(),
                    None,
                ),
                ("the own token from another site", own.clone(), other_site),
                ("the own token from another origin", own, other_origin),
            ] {
                let received = world
                    .send(&Sent {
                        who: Some(who),
                        method: "POST",
                        path,
                        body: &encoded(&token, &[]),
                        header,
                    })
                    .unwrap();
                let status = received.status.as_u16();
                let tag = format!("{who:?}: {label} to {}", route.path);
                // Whoever has no mailbox open is asked for its code before anything is read.
                let to = received.headers.iter().find(|(name, _)| name == "location");
                let asks = status == 303
                    && to.is_some_and(|(_, to)| to.split('?').next() == Some("/mailbox"));
                assert!(asks || matches!(status, 400 | 403 | 404), "{tag}: {status}");
                forged += 1;
            }
        }
    }
    println!("{forged} forged forms");
    assert!(forged > 1_000);
    assert_eq!(difference(&before, &state(&world)), Vec::<String>::new());
}

/// The forgeries above fail for their token alone: with the own one the same forms are looked at.
#[test]
fn the_own_token_opens_the_form() {
    let (world, _) = scene();
    let received = world
        .post(
            PEOPLE[0],
            "/mailbox",
            &[("code".to_owned(), "1".to_owned())],
        )
        .unwrap();
    assert_ne!(received.status.as_u16(), 403);
    assert!(String::from_utf8_lossy(&received.body).contains("<form"));
}
