//! Every route, every kind of visitor, every thing there is and one that is not.
//!
//! What may be had by whom is written down in `tests/golden/sweep.txt`, and looked at when it changes.

use std::fmt::Write as _;
use std::path::Path;
use std::sync::OnceLock;

use domain::handling::{Circle, Consent, Tlp};
use domain::organization::Role;
use domain::policy::Action;
use hub::set_up::KeyPair;
use sim::country::Who;
use sim::crawl::forms;
use sim::history::play_lines;
use sim::sweep::present_and_absent;
use sim::trace::Trace;
use sim::world::{Received, World};
use web::routes::{Needs, Route, table};

use crate::reference;

/// The first report is `kitahama`'s and was released, to the members of its relay's community as well;
/// `suido` has the second, and asks its author about a text; the third names nobody, and its author holds its mailbox open. The first advisory is
/// the center's to `kitahama`, which asks back; the second is not issued, the third is red and for one person.
const HISTORY: [&str; 17] = [
    "submit 1 named 1 members-and-authorities",
    "submit 0 named 2",
    "near-miss 2 unnamed 3",
    "release 0 4",
    "on-report ask-above 0 5",
    "unseal 2 6",
    "on-report group 0 7",
    "on-report consult 1 8",
    "on-report consult 2 16",
    "at draft 1 9",
    "at invite 1 10",
    "advise 0 1 11",
    "on-advisory question 0 17",
    "at compose 1 12",
    "at whisper 1 13",
    "on-report mailbox 2 14",
    "at publish 0 15",
];

/// Visitors by name. `tier` acts in another tier of the addressed organization than `named`, the one
/// person the red advisory is for; `purpose` reads for a purpose that nothing was offered for.
const VISITORS: [(&str, Option<Who>); 17] = [
    ("anonymous", None),
    ("source", Some(("kitahama", Role::Officer))),
    ("tier", Some(("kitahama", Role::DutyOfficer))),
    ("staff", Some(("kitahama", Role::Staff))),
    ("neighbor", Some(("minamino", Role::Analyst))),
    ("author", Some(("minamino", Role::DutyOfficer))),
    ("relay", Some(("denryoku", Role::Officer))),
    ("keeper", Some(("denryoku", Role::Custodian))),
    ("role", Some(("denryoku", Role::Administrator))),
    ("purpose", Some(("ministry", Role::Analyst))),
    ("other", Some(("aokawa", Role::Officer))),
    ("other-relay", Some(("suido", Role::Officer))),
    ("ministry", Some(("ministry", Role::Officer))),
    ("center", Some(("center", Role::Officer))),
    ("hub", Some(("center", Role::Administrator))),
    ("auditor", Some(("center", Role::Auditor))),
    ("carrier", Some(CARRIER)),
];

/// Who found a server in its flow records, and told its secretariat alone.
const CARRIER: Who = ("kitahama", Role::FlowAnalyst);

/// Who holds a mailbox open.
const AUTHOR: Who = ("minamino", Role::DutyOfficer);
/// A purpose that no part of the scene was offered for.
const OTHER_PURPOSE: &str = "supervision";

/// Pages that nobody of the scene receives, and why.
const NO_PAGE: [(&str, &str); 3] = [
    ("/", "leads on to the reader's first page"),
    ("/first-run", "is there while a hub is empty"),
    ("/sign-in/link/{link}", "signs in and leads on; see `alike`"),
];

fn scene() -> (World, Trace) {
    let mut world = World::new(1, &reference()).unwrap();
    let mut trace = play_lines(&mut world, &HISTORY, |_, _, _| Ok(())).unwrap();
    world
        .choose_purpose(("ministry", Role::Analyst), OTHER_PURPOSE)
        .unwrap();
    keeps_draft_and_receipt(&world);
    has_successor(&world);
    finds_a_server(&world);
    trace.take_stock(&world).unwrap();
    (world, trace)
}

/// The author begins a draft that only a code opens, and has just sent a near miss.
fn keeps_draft_and_receipt(world: &World) {
    let field = |name: &str, value: &str| (name.to_owned(), value.to_owned());
    let begun = world.post(AUTHOR, "/reports/new", &[field("keeping", "code")]);
    world.keep(AUTHOR, &begun.unwrap());
    let page = world.get(AUTHOR, "/near-miss").unwrap();
    let offered = forms(&String::from_utf8_lossy(&page.body));
    let form = offered.into_iter().find(|form| form.action == "/near-miss");
    let mut fields = form.unwrap().fields;
    fields.retain(|(name, _)| !["kind", "scope", "line"].contains(&name.as_str()));
    fields.extend([
        field("kind", "open-hole"),
        field("scope", "unnamed"),
        field("line", "扉が開いていた"),
    ]);
    let sent = world.post(AUTHOR, "/near-miss", &fields).unwrap();
    assert_eq!(sent.status, 303, "{}", String::from_utf8_lossy(&sent.body));
    world.keep(AUTHOR, &sent);
}

/// The first slot of the relay's custodians has a successor, who takes the shares over.
fn has_successor(world: &World) {
    let who = ("denryoku", Role::Administrator);
    let actor = world.actor(who).unwrap();
    let key = KeyPair::generate(&mut hub::Random::from_seed([51; 32]));
    let name = hub::set_up::Name::parse("後任").unwrap();
    let call = world.call(who, &actor);
    hub::custodians::appoint(&world.hub, &call, 1, &name, &key.public.to_string()).unwrap();
}

fn finds_a_server(world: &World) {
    let hours = ["null"; 24].join(",");
    let line = format!(
        r#"{{"server":"203.0.113.7","port":4444,"protocol":6,"score":20.0,"tier":"share","clients":null,"first":"2026-09-01T00:00:00Z","last":"2026-09-02T00:00:00Z","hours":[{hours}],"evidence":[]}}"#
    );
    let actor = world.actor(CARRIER).unwrap();
    let terms = hub::finding::FindingTerms {
        tlp: Tlp::Amber,
        purposes: ["defense".parse().unwrap()].into(),
        circles: [Circle::Secretariat].into(),
        consent: Consent::Refused,
        days: 30,
    };
    hub::finding::submit(&world.hub, &world.call(CARRIER, &actor), &line, terms).unwrap();
}

/// What one visitor received for one route.
struct Swept {
    route: &'static Route,
    name: &'static str,
    who: Option<Who>,
    /// For each thing there is.
    there: Vec<Received>,
    /// For one that is not.
    nowhere: Received,
}

/// Every route for every visitor: forms without a token, pages with all things there are.
fn swept() -> &'static Vec<Swept> {
    static SWEPT: OnceLock<Vec<Swept>> = OnceLock::new();
    SWEPT.get_or_init(|| {
        let (world, trace) = scene();
        let mut all = Vec::new();
        for route in table() {
            let (mut present, absent) = present_and_absent(&trace, route.path);
            if route.method == "POST" {
                present.truncate(1);
            }
            for (name, who) in VISITORS {
                let ask = |path: &String| {
                    let received = world.request(who, route.method, path).unwrap();
                    plain(received, path)
                };
                all.push(Swept {
                    route,
                    name,
                    who,
                    there: present.iter().map(ask).collect(),
                    nowhere: ask(&absent),
                });
            }
        }
        all
    })
}

/// The answer without what repeats the path that was asked or the id in it, and without the tokens of
/// its forms. Its length goes with the path's.
pub(crate) fn plain(mut received: Received, path: &str) -> Received {
    /// Shorter pieces of a path are words of ours.
    const ID_LENGTH: usize = 30;
    let page = path.split('?').next().unwrap_or_default();
    let ids: Vec<&str> = page
        .split('/')
        .filter(|piece| piece.len() >= ID_LENGTH)
        .collect();
    let cut = |text: &str| {
        let whole = text.replace(page, "(path)");
        ids.iter().fold(whole, |text, id| text.replace(id, "(id)"))
    };
    let text = cut(&String::from_utf8_lossy(&received.body));
    received.body = without_tokens(&text).into_bytes();
    received
        .headers
        .retain(|(name, _)| name != "content-length");
    for (_, value) in &mut received.headers {
        *value = cut(value);
    }
    received
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
pub(crate) fn same(there: &Received, nowhere: &Received) -> Result<(), String> {
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
    let mut hidden = 0;
    for swept in swept() {
        for there in swept.there.iter().filter(|there| there.status == 404) {
            hidden += 1;
            let label = format!(
                "{}: {} {}",
                swept.name, swept.route.method, swept.route.path
            );
            assert_eq!(same(there, &swept.nowhere), Ok(()), "{label}");
        }
    }
    println!("{hidden} hidden answers compared");
    assert!(hidden > 2_000);
}

/// A sweep that asked for nothing would find everything hidden.
#[test]
fn every_page_is_there_for_somebody() {
    let mut nobodys: Vec<&str> = table()
        .into_iter()
        .filter(|route| route.method == "GET" && !route.path.starts_with("/api/"))
        .map(|route| route.path)
        .collect();
    let expected = NO_PAGE.map(|(path, _)| path);
    for swept in swept().iter().filter(|swept| swept.route.method == "GET") {
        if swept.there.iter().any(|there| there.status == 200) {
            nobodys.retain(|path| *path != swept.route.path);
        }
    }
    nobodys.sort_unstable();
    assert_eq!(nobodys, expected);
}

#[test]
fn nobody_comes_in_without_a_session_and_nothing_is_posted_without_a_token() {
    for swept in swept()
        .iter()
        .filter(|swept| swept.route.needs != Needs::Nothing)
    {
        let Swept { route, nowhere, .. } = swept;
        for there in &swept.there {
            let label = format!("{}: {} {}", swept.name, route.method, route.path);
            let status = there.status.as_u16();
            match (route.method, swept.who) {
                // The API knows tokens only: a session's cookie counts for nothing there.
                _ if route.path.starts_with("/api/") => {
                    assert_eq!(status, 401, "{label}");
                    assert_eq!(same(there, nowhere), Ok(()), "{label}");
                }
                ("GET", None) => {
                    assert_eq!(status, 303, "{label}");
                    let to = there.headers.iter().find(|(name, _)| name == "location");
                    assert!(to.unwrap().1.starts_with("/sign-in?next="), "{label}");
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
                    assert_eq!(same(there, nowhere), Ok(()), "{label}");
                }
                _ => {}
            }
        }
    }
}

/// `what is there/what is not`, or one where they are the same.
fn cell(there: &Received, nowhere: &Received) -> String {
    if there.status == nowhere.status {
        there.status.as_u16().to_string()
    } else {
        format!("{}/{}", there.status.as_u16(), nowhere.status.as_u16())
    }
}

/// Every route with the status that each visitor receives; one line for each thing there is.
fn by_session() -> Vec<String> {
    let mut lines = Vec::new();
    for row in swept().chunks(VISITORS.len()) {
        let (route, things) = (row[0].route, row[0].there.len());
        for place in 0..things {
            let number = match things {
                1 => String::new(),
                _ => format!(" #{}", place + 1),
            };
            let name = format!("{}{number}", route.path);
            let mut line = format!("{:<5} {name:<44}", route.method);
            for swept in row {
                let cell = cell(&swept.there[place], &swept.nowhere);
                write!(line, " {cell:<11}").unwrap();
            }
            lines.push(line.trim_end().to_owned());
        }
    }
    lines.sort_by(|a, b| a.get(6..).cmp(&b.get(6..)));
    lines
}

/// Visitors who bring a token of the API, and the actions it is limited to; none for all of his role.
const BEARERS: [(&str, Who, &[Action]); 7] = [
    ("source", ("kitahama", Role::DutyOfficer), &[]),
    ("neighbor", ("minamino", Role::DutyOfficer), &[]),
    ("relay", ("denryoku", Role::Officer), &[]),
    (
        "narrow",
        ("denryoku", Role::Officer),
        &[Action::ReadAdvisory],
    ),
    ("other-relay", ("suido", Role::Officer), &[]),
    ("ministry", ("ministry", Role::Officer), &[]),
    ("police", ("police", Role::Officer), &[]),
];

/// The routes of the API with the status that each token receives.
fn by_token() -> Vec<String> {
    let (world, trace) = scene();
    let tokens = BEARERS.map(|(name, who, scope)| {
        let mut scope: std::collections::BTreeSet<Action> = scope.iter().copied().collect();
        if scope.is_empty() {
            scope.extend(hub::tokens::scopes(&world.actor(who).unwrap()));
        }
        let token = world.new_token(who, &scope).unwrap();
        (name, token.unwrap_or_default())
    });
    let mut lines = Vec::new();
    let mut routes: Vec<&Route> = table().into_iter().collect();
    routes.retain(|route| route.path.starts_with("/api/"));
    for route in routes {
        let (present, absent) = present_and_absent(&trace, route.path);
        for (place, path) in present.iter().enumerate() {
            let name = format!("{} #{}", route.path, place + 1);
            let mut line = format!("{:<5} {name:<44}", route.method);
            for (name, token) in &tokens {
                let ask = |path: &str| {
                    let received = world.by_token(token, route.method, path).unwrap();
                    plain(received, path)
                };
                let (there, nowhere) = (ask(path), ask(&absent));
                if there.status == 404 {
                    assert_eq!(same(&there, &nowhere), Ok(()), "{name}: {path}");
                }
                write!(line, " {:<11}", cell(&there, &nowhere)).unwrap();
            }
            lines.push(line.trim_end().to_owned());
        }
    }
    lines.sort_by(|a, b| a.get(6..).cmp(&b.get(6..)));
    lines
}

/// Visitors who post with a token of their own session: those who have no part in anything of the
/// scene first, so that whatever they change shows; then those who have.
const POSTING: [(&str, Who); 7] = [
    ("neighbor", ("minamino", Role::Analyst)),
    ("other-relay", ("suido", Role::Analyst)),
    ("police", ("police", Role::Officer)),
    ("strange-hub", ("coordination", Role::Administrator)),
    ("source", ("kitahama", Role::Officer)),
    ("relay", ("denryoku", Role::Officer)),
    ("center", ("center", Role::Officer)),
];
/// How many of [`POSTING`] are strangers.
const STRANGERS: usize = 4;

/// Empty forms with a valid token, for the first thing of each route that names one: what is refused
/// is refused for the thing.
fn by_own_token() -> Vec<String> {
    let (world, trace) = scene();
    let before = crate::attack::state(&world);
    let mut lines = std::collections::BTreeMap::new();
    for (column, (name, who)) in POSTING.into_iter().enumerate() {
        if column == STRANGERS {
            let changed = crate::attack::difference(&before, &crate::attack::state(&world));
            assert_eq!(
                changed,
                Vec::<String>::new(),
                "a stranger changed something"
            );
        }
        let mut routes: Vec<&Route> = table().into_iter().collect();
        routes.retain(|route| route.method == "POST" && route.path.contains('{'));
        for route in routes {
            let (present, absent) = present_and_absent(&trace, route.path);
            let ask = |path: &str| plain(world.post(who, path, &[]).unwrap(), path);
            let (there, nowhere) = (ask(&present[0]), ask(&absent));
            let label = format!("{name}: {}", route.path);
            if there.status == 404 || column < STRANGERS {
                assert_eq!(same(&there, &nowhere), Ok(()), "{label}");
            }
            let begin = || format!("{:<5} {:<44}", route.method, route.path);
            let line = lines.entry(route.path).or_insert_with(begin);
            write!(line, " {:<11}", cell(&there, &nowhere)).unwrap();
        }
    }
    lines
        .into_values()
        .map(|line| line.trim_end().to_owned())
        .collect()
}

fn table_of<'a>(title: &str, names: impl Iterator<Item = &'a str>, lines: &[String]) -> String {
    let names: Vec<String> = names.map(|name| format!("{name:<11}")).collect();
    let names = format!("{:<50} {}", "", names.join(" "));
    format!("{title}\n{}\n{}\n", names.trim_end(), lines.join("\n"))
}

/// Every route with the status that each visitor receives, `what is there/what is not`.
#[test]
fn golden_sweep() {
    let now = [
        table_of(
            "By session; forms without a token.",
            VISITORS.iter().map(|(name, _)| *name),
            &by_session(),
        ),
        table_of(
            "By token of the API.",
            BEARERS.iter().map(|(name, ..)| *name),
            &by_token(),
        ),
        table_of(
            "By session; empty forms with an own token, from the left to the right.",
            POSTING.iter().map(|(name, _)| *name),
            &by_own_token(),
        ),
    ]
    .join("\n");
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
