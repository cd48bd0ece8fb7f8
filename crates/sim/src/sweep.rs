//! Everything a reader can ask for: every GET route, with every id there is.

use web::routes::table;

use crate::country::Who;
use crate::history::Trace;
use crate::leak::{Leak, leaks};
use crate::world::{Received, World};

/// Ids that were never given to anything, by the kind of what they would name.
const ABSENT: [(&str, &str); 4] = [
    ("/reports/", "rpt_7zzzzzzzzzzzzzzzzzzzzzzzzz"),
    ("/reviews/", "rev_7zzzzzzzzzzzzzzzzzzzzzzzzz"),
    ("/advisories/", "adv_7zzzzzzzzzzzzzzzzzzzzzzzzz"),
    ("/", "rpt_7zzzzzzzzzzzzzzzzzzzzzzzzz"),
];

/// Paths of all GET routes, with the ids of `trace` in their places, and an absent one.
///
/// Paths that carry a secret of the reader's own (sign-in links) are left out.
pub fn paths(trace: &Trace) -> Vec<String> {
    let mut paths = Vec::new();
    for route in table().into_iter().filter(|route| route.method == "GET") {
        match route.path.matches('{').count() {
            0 => paths.push(route.path.to_owned()),
            1 if !route.path.contains("{link}") && !route.path.contains("{name}") => {
                let ids = ids(trace, route.path);
                paths.extend(ids.iter().map(|id| filled(route.path, id)));
            }
            _ => {}
        }
    }
    paths.extend(searches(trace));
    paths
}

/// Canaries that are searched for; each search is a page for everybody.
const SEARCHED_MAX: usize = 3;

/// Searches for the beginnings of canaries: a page that shows the rest has found it, and does not
/// only repeat what was asked.
fn searches(trace: &Trace) -> impl Iterator<Item = String> + '_ {
    let newest = trace.canaries.iter().rev().take(SEARCHED_MAX);
    newest.filter_map(|canary| {
        let (place, mixed) = canary.text.split_once('-')?;
        Some(format!("/search?q={place}-{}", mixed.get(..8)?))
    })
}

/// What can stand in the place of the name in `path`: what there is of that kind, and an absent id.
fn ids(trace: &Trace, path: &str) -> Vec<String> {
    let mut ids: Vec<String> = if path.starts_with("/reviews/") {
        trace.reviews.iter().map(ToString::to_string).collect()
    } else if path.starts_with("/advisories/") {
        let advisories = trace.advisories.iter().flatten();
        advisories.map(ToString::to_string).collect()
    } else {
        let filed = trace.reports.iter().flatten();
        filed.map(|filed| filed.report.to_string()).collect()
    };
    let absent = ABSENT.iter().find(|(kind, _)| path.starts_with(kind));
    ids.extend(absent.map(|(_, id)| (*id).to_owned()));
    ids
}

/// The path of a route with the first thing of its kind in `trace`, and with an absent one. Both
/// are the same where the route names nothing, or nothing of that kind is in `trace`.
pub fn present_and_absent(trace: &Trace, path: &str) -> (String, String) {
    let ids = ids(trace, path);
    let fill = |id: Option<&String>| {
        let mut filled_path = filled(path, id.map_or("", String::as_str));
        while filled_path.contains('{') {
            filled_path = filled(&filled_path, "x");
        }
        filled_path
    };
    (fill(ids.first()), fill(ids.last()))
}

/// The path with its first name replaced by `id`.
fn filled(path: &str, id: &str) -> String {
    match (path.split_once('{'), path.split_once('}')) {
        (Some((before, _)), Some((_, after))) => format!("{before}{id}{after}"),
        _ => path.to_owned(),
    }
}

/// Everything that `who` receives for `paths`.
pub fn receive(world: &World, who: Who, paths: &[String]) -> anyhow::Result<Vec<Received>> {
    paths.iter().map(|path| world.get(who, path)).collect()
}

/// The leaks in everything that everybody can ask for now.
pub fn check(world: &World, trace: &Trace) -> anyhow::Result<Vec<Leak>> {
    let paths = paths(trace);
    let mut found = Vec::new();
    for (place, who) in world.country.everybody().enumerate() {
        for path in &paths {
            // Every second reader reads English.
            let asked = match (place % 2, path.contains('?')) {
                (0, _) => path.clone(),
                (_, false) => format!("{path}?lang=en"),
                (_, true) => format!("{path}&lang=en"),
            };
            let received = world.get(who, &asked)?;
            found.extend(leaks(who, path, &received, &trace.canaries));
        }
    }
    Ok(found)
}
