//! Everything a reader can ask for: every GET route, with every id there is; and the mail he got.

use axum::http::StatusCode;
use web::routes::table;

use crate::country::Who;
use crate::leak::{Canary, Leak, leaks};
use crate::trace::Trace;
use crate::world::{Received, World};

/// What stands in an id after its kind when it was never given to anything.
const ABSENT: &str = "7zzzzzzzzzzzzzzzzzzzzzzzzz";
/// A page of a draft, for routes that name one.
const QUESTION: &str = "what";
/// A slot of a custodian that is there, and one that is not.
const SLOTS: [&str; 2] = ["1", "9"];
/// Parameters without which a page is none.
const ASKED: [(&str, &str); 1] = [(
    "/situation/pattern",
    "sector=electricity&week=week:2026-09-28",
)];
/// Lists and pages that change with almost everything.
const LISTS: [&str; 19] = [
    "/advisories",
    "/advisories/issued",
    "/api/v1/reports",
    "/communities",
    "/drafts",
    "/duty",
    "/findings",
    "/incidents",
    "/intake",
    "/mailbox",
    "/mailbox/history",
    "/members",
    "/openings",
    "/roster",
    "/sent",
    "/shared",
    "/situation",
    "/triage",
    "/trust",
];

/// Paths of all GET routes, with the ids of `trace` in their places, and absent ones.
pub fn paths(trace: &Trace) -> Vec<String> {
    let mut paths = Vec::new();
    for route in table().into_iter().filter(|route| route.method == "GET") {
        for values in fillings(trace, route.path) {
            paths.push(asked(trace, filled(route.path, &values)));
        }
    }
    paths.extend(searches(trace));
    paths
}

/// Whether whoever asks shows a secret of his own in the path, and receives what it opens for him.
pub fn is_by_secret(path: &str) -> bool {
    path.starts_with("/join/")
}

/// The lists, and the pages about what the last operation spoke of.
pub fn touched(trace: &Trace) -> Vec<String> {
    let mut paths = paths(trace);
    paths.retain(|path| {
        let about = |id: &String| path.contains(id.as_str());
        LISTS.contains(&path.as_str())
            || path.starts_with("/search")
            || trace.touched.iter().any(about)
    });
    paths
}

/// The path with the parameters it needs.
fn asked(trace: &Trace, path: String) -> String {
    if path.starts_with("/communities/")
        && path.ends_with("/leave")
        && let Some(member) = trace.member()
    {
        return format!("{path}?organization={member}");
    }
    match ASKED.iter().find(|(page, _)| *page == path) {
        Some((_, parameters)) => format!("{path}?{parameters}"),
        None => path,
    }
}

/// Canaries that are searched for; each search is a page for everybody.
const SEARCHED_MAX: usize = 3;

fn searches(trace: &Trace) -> impl Iterator<Item = String> + '_ {
    let newest = trace.canaries.iter().rev().take(SEARCHED_MAX);
    newest.map(Canary::search)
}

/// What can stand in the places of the names in `path`: what there is of that kind, and absent ids at
/// the end. Once nothing, where the path has no names.
fn fillings(trace: &Trace, path: &str) -> Vec<Vec<String>> {
    let names: Vec<&str> = path
        .split('{')
        .skip(1)
        .filter_map(|rest| Some(rest.split_once('}')?.0))
        .collect();
    let Some((first, rest)) = names.split_first() else {
        return vec![vec![]];
    };
    let mut values = values(trace, path, first);
    values.push(absent(path, first));
    let rest = rest.iter().map(|name| match *name {
        "report" => trace.things("rpt").first().cloned().unwrap_or_default(),
        _ => QUESTION.to_owned(),
    });
    let rest: Vec<String> = rest.collect();
    values
        .into_iter()
        .map(|value| std::iter::once(value).chain(rest.iter().cloned()).collect())
        .collect()
}

/// The kind of thing that `name` in `path` is: the letters before the `_` of its id.
fn kind(path: &str, name: &str) -> &'static str {
    let by_path = [
        ("/advisories/", "adv"),
        ("/communities/", "cmt"),
        ("/custodians/", "ctd"),
        ("/drafts/", "drf"),
        ("/findings/", "cnd"),
        ("/incidents/", "inc"),
        ("/members/", "per"),
        ("/messages/", "msg"),
        ("/openings/{id}", "opn"),
        ("/questions/", "qst"),
        ("/reviews/", "rvw"),
        ("/trust/proof/", "cmm"),
    ];
    let found = by_path.iter().find(|(begin, _)| path.starts_with(begin));
    found
        .filter(|_| name != "report")
        .map_or("rpt", |(_, kind)| *kind)
}

/// What there is that `name` in `path` can be.
fn values(trace: &Trace, path: &str, name: &str) -> Vec<String> {
    let (size, tiles) = trace.log();
    match name {
        "slot" => vec![SLOTS[0].to_owned()],
        "link" if path.starts_with("/join") => trace.links.clone(),
        // Of the reader's own alone: `alike` tries them.
        "link" => vec![],
        "size" => vec![size.to_string()],
        "*tile" => tiles,
        "name" => trace.assets().to_vec(),
        "commitment" => trace.proofs().to_vec(),
        _ => trace.things(kind(path, name)).to_vec(),
    }
}

/// What `name` in `path` never was.
fn absent(path: &str, name: &str) -> String {
    match name {
        "slot" => SLOTS[1].to_owned(),
        "link" => format!("nrs_inv_{ABSENT}"),
        "size" => "999999".to_owned(),
        "*tile" => "tile/0/999".to_owned(),
        "name" => "absent.css".to_owned(),
        _ => format!("{}_{ABSENT}", kind(path, name)),
    }
}

/// The paths of a route with each thing of its kind in `trace`; one that is absent is the last. Once
/// the route itself, where it names nothing.
pub fn present_and_absent(trace: &Trace, path: &str) -> (Vec<String>, String) {
    let mut all: Vec<String> = fillings(trace, path)
        .iter()
        .map(|values| asked(trace, filled(path, values)))
        .collect();
    let absent = all.last().cloned().unwrap_or_default();
    if all.len() > 1 {
        all.pop();
    }
    (all, absent)
}

/// The path with its names replaced by `values`, in their order.
fn filled(path: &str, values: &[String]) -> String {
    let mut path = path.to_owned();
    for value in values {
        let (Some((before, _)), Some((_, after))) = (path.split_once('{'), path.split_once('}'))
        else {
            return path;
        };
        path = format!("{before}{value}{after}");
    }
    path
}

/// Everything that `who` receives for `paths`, and his mail.
pub fn receive(world: &World, who: Who, paths: &[String]) -> anyhow::Result<Vec<Received>> {
    let mut all = Vec::new();
    for path in paths {
        all.push(world.get(who, path)?);
    }
    all.extend(mail(world, who).map(|(_, received)| received));
    Ok(all)
}

/// The letters of `who`, each as if it had been asked for.
fn mail(world: &World, who: Who) -> impl Iterator<Item = (String, Received)> {
    let letters = world.letters(who).into_iter().enumerate();
    letters.map(|(place, letter)| {
        let received = Received {
            status: StatusCode::OK,
            headers: vec![],
            body: letter.text.into_bytes(),
        };
        (format!("letter {place}"), received)
    })
}

/// The leaks in what `people` receive for `paths`, and in their mail. Every second reads English.
pub fn check(
    world: &World,
    trace: &Trace,
    people: &[Who],
    paths: &[String],
) -> anyhow::Result<Vec<Leak>> {
    let mut found = Vec::new();
    for (place, who) in people.iter().enumerate() {
        for path in paths.iter().filter(|path| !is_by_secret(path)) {
            let asked = match (place % 2, path.contains('?')) {
                (0, _) => path.clone(),
                (_, false) => format!("{path}?lang=en"),
                (_, true) => format!("{path}&lang=en"),
            };
            let received = world.get(*who, &asked)?;
            found.extend(leaks(*who, path, &received, &trace.canaries));
        }
        for (path, received) in mail(world, *who) {
            found.extend(leaks(*who, &path, &received, &trace.canaries));
        }
    }
    Ok(found)
}
