use std::fmt::Write as _;
use std::path::Path;

use domain::organization::Role;
use sim::country::Who;
use sim::history::{Op, Trace};
use sim::sweep::present_and_absent;
use sim::world::{Received, World};
use web::routes::{Needs, Route, table};

use crate::reference;

/// An incident that was released, another relay's incident, and an advisory.
const HISTORY: [&str; 4] = [
    "submit 1 named 1",
    "submit 0 named 2",
    "release 0 3",
    "advise 0 1 4",
];

/// Visitors by name. The first report and its review are `kitahama`'s and `denryoku`'s, the
/// advisory is the center's to `kitahama`.
const VISITORS: [(&str, Option<Who>); 10] = [
    ("anonymous", None),
    ("source", Some(("kitahama", Role::DutyOfficer))),
    ("neighbor", Some(("minamino", Role::DutyOfficer))),
    ("relay", Some(("denryoku", Role::Officer))),
    ("purpose", Some(("ministry", Role::Analyst))),
    ("role", Some(("denryoku", Role::Administrator))),
    ("other-relay", Some(("suido", Role::Officer))),
    ("ministry", Some(("ministry", Role::Officer))),
    ("center", Some(("center", Role::Officer))),
    ("auditor", Some(("center", Role::Auditor))),
];

/// A purpose that no part of the scene was offered for.
const OTHER_PURPOSE: &str = "supervision";

fn scene() -> (World, Trace) {
    let mut world = World::new(1, &reference()).unwrap();
    let mut trace = Trace::default();
    for line in HISTORY {
        let op: Op = line.parse().unwrap();
        op.play(&mut world, &mut trace).unwrap();
    }
    assert!(trace.released == 1 && trace.reviews.len() == 1 && trace.advisories.len() == 1);
    world
        .choose_purpose(("ministry", Role::Analyst), OTHER_PURPOSE)
        .unwrap();
    (world, trace)
}

/// What the visitor receives for what is there, and for what is not.
fn both(world: &World, trace: &Trace, route: &Route, who: Option<Who>) -> (Received, Received) {
    let (present, absent) = present_and_absent(trace, route.path);
    let mut there = world.request(who, route.method, &present).unwrap();
    let mut nowhere = world.request(who, route.method, &absent).unwrap();
    for (received, path) in [(&mut there, &present), (&mut nowhere, &absent)] {
        let text = String::from_utf8_lossy(&received.body).replace(path.as_str(), "(path)");
        received.body = without_tokens(&text).into_bytes();
        for (_, value) in &mut received.headers {
            *value = value.replace(path.as_str(), "(path)");
        }
    }
    (there, nowhere)
}

/// The page without the tokens of its forms: they are drawn for each path.
pub(crate) fn without_tokens(page: &str) -> String {
    const BEFORE: &str = "name=\"csrf\" value=\"";
    let mut pieces = page.split(BEFORE);
    let mut text = pieces.next().unwrap_or_default().to_owned();
    for piece in pieces {
        text += BEFORE;
        text += piece.split_once('"').map_or(piece, |(_, after)| after);
    }
    text
}

/// What differs, short enough to read.
fn same(there: &Received, nowhere: &Received) -> Result<(), String> {
    let text = |received: &Received| {
        let body = String::from_utf8_lossy(&received.body).into_owned();
        format!("{} {:?}\n{body}", received.status, received.headers)
    };
    let (one, other) = (text(there), text(nowhere));
    match one.lines().zip(other.lines()).find(|(a, b)| a != b) {
        Some((a, b)) => Err(format!("{a}\n{b}")),
        None if one == other => Ok(()),
        None => Err("one is longer".to_owned()),
    }
}

#[test]
fn what_is_hidden_answers_as_what_is_absent() {
    let (world, trace) = scene();
    let mut hidden = 0;
    for route in table() {
        for (name, who) in VISITORS {
            let (there, nowhere) = both(&world, &trace, route, who);
            if there.status == 404 {
                hidden += 1;
                let label = format!("{name}: {} {}", route.method, route.path);
                assert_eq!(same(&there, &nowhere), Ok(()), "{label}");
            }
        }
    }
    println!("{hidden} hidden answers compared");
    assert!(hidden > 50);
}

#[test]
fn nobody_comes_in_without_a_session_and_nothing_is_posted_without_a_token() {
    let (world, trace) = scene();
    for route in table()
        .into_iter()
        .filter(|route| route.needs != Needs::Nothing)
    {
        for (name, who) in VISITORS {
            let (there, nowhere) = both(&world, &trace, route, who);
            let label = format!("{name}: {} {}", route.method, route.path);
            let status = there.status.as_u16();
            match (route.method, who) {
                // The API knows tokens only: a session's cookie counts for nothing there.
                _ if route.path.starts_with("/api/") => {
                    assert_eq!(status, 401, "{label}");
                    assert_eq!(same(&there, &nowhere), Ok(()), "{label}");
                }
                ("GET", None) => {
                    assert_eq!(status, 303, "{label}");
                    let to = there.headers.iter().find(|(name, _)| name == "location");
                    assert!(to.unwrap().1.starts_with("/sign-in?next="), "{label}");
                    assert_eq!(same(&there, &nowhere), Ok(()), "{label}");
                }
                ("POST", None) => assert!(matches!(status, 401 | 404), "{label}: {status}"),
                ("POST", Some(_)) => {
                    // An upload that is no upload is told so before its token is looked for, and
                    // whoever has no mailbox open is sent to open one.
                    let to = there.headers.iter().find(|(name, _)| name == "location");
                    let asks = to.is_some_and(|(_, to)| to.starts_with("/mailbox?"));
                    assert!(
                        asks || matches!(status, 400 | 403 | 404),
                        "{label}: {status}"
                    );
                    assert_eq!(same(&there, &nowhere), Ok(()), "{label}");
                }
                _ => {}
            }
        }
    }
}

/// Every route with the status that each visitor receives, `what is there/what is not`.
#[test]
fn golden_sweep() {
    let (world, trace) = scene();
    let mut lines = Vec::new();
    for route in table() {
        let mut line = format!("{:<5} {:<40}", route.method, route.path);
        for (_, who) in VISITORS {
            let (there, nowhere) = both(&world, &trace, route, who);
            let cell = if there.status == nowhere.status {
                there.status.as_u16().to_string()
            } else {
                format!("{}/{}", there.status.as_u16(), nowhere.status.as_u16())
            };
            write!(line, " {cell:<11}").unwrap();
        }
        lines.push(line.trim_end().to_owned());
    }
    lines.sort_by(|a, b| a.get(6..).cmp(&b.get(6..)));
    let names = VISITORS.map(|(name, _)| format!("{name:<11}")).join(" ");
    let now = format!("{:<46} {}\n{}\n", "", names.trim_end(), lines.join("\n"));
    let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/golden/sweep.txt");
    if std::env::var_os("NOROSHI_BLESS").is_some() {
        std::fs::create_dir_all(file.parent().unwrap()).unwrap();
        std::fs::write(&file, &now).unwrap();
    }
    let kept = std::fs::read_to_string(&file).unwrap_or_default();
    assert!(
        kept == now,
        "who may come in changed; look at it, then run `cargo xtask gen`\n{now}"
    );
}
