//! The scene that the attacks are played in, and what a write left behind.

use std::collections::BTreeMap;

use domain::actor::Actor;
use domain::organization::Role;
use domain::policy::permits;
use sim::country::Who;
use sim::crawl::{Walk, walk};
use sim::history::play_lines;
use sim::sweep::paths;
use sim::trace::Trace;
use sim::world::World;
use web::routes::Needs;

use crate::reference;

/// Those who attack and those who are attacked: every kind of desk, twice where two must be kept
/// apart.
pub(crate) const PEOPLE: [Who; 13] = [
    ("kitahama", Role::DutyOfficer),
    ("kitahama", Role::Staff),
    ("minamino", Role::DutyOfficer),
    ("aokawa", Role::DutyOfficer),
    ("denryoku", Role::Analyst),
    ("denryoku", Role::Officer),
    ("denryoku", Role::Administrator),
    ("suido", Role::Officer),
    ("ministry", Role::Officer),
    ("center", Role::Officer),
    ("center", Role::Administrator),
    ("coordination", Role::Officer),
    ("helpdesk", Role::DutyOfficer),
];

/// Something of every kind, and nothing of it at its end, so that every form is offered to somebody. Of
/// the first report something left for the members of the relay's community.
const HISTORY: [&str; 18] = [
    "submit 1 named 1 members-and-authorities",
    "submit 1 unnamed 2",
    "submit 0 named 3",
    "release 0 4",
    "advise 0 1 5",
    "advise 1 0 6",
    "submit 2 named 7",
    "near-miss 1 named 8",
    "ask 0 9",
    "on-report ask-above 0 10",
    "unseal 1 11",
    "on-report group 0 12",
    "on-report group 3 13",
    "on-report consult 3 14",
    "at draft 1 15",
    "at compose 1 16",
    "answer 1 0",
    "on-advisory question 0 17",
];

/// Pages of one reader that are looked at.
const PAGES_MAX: usize = 120;

pub(crate) fn scene() -> (World, Trace) {
    let mut world = World::new(7, &reference()).unwrap();
    let trace = play_lines(&mut world, &HISTORY, |_, _, _| Ok(())).unwrap();
    (world, trace)
}

/// What everybody among [`PEOPLE`] finds by following links from every route.
pub(crate) fn walks(world: &World, trace: &Trace) -> BTreeMap<Who, Walk> {
    let begin: Vec<String> = paths(trace)
        .into_iter()
        .filter(|path| !path.starts_with("/api/"))
        .collect();
    PEOPLE
        .iter()
        .map(|who| (*who, walk(world, *who, &begin, PAGES_MAX).unwrap()))
        .collect()
}

/// Whether the table of routes lets that person in.
pub(crate) fn is_admitted(actor: &Actor, needs: Needs) -> bool {
    match needs {
        Needs::Nothing | Needs::Session | Needs::SignedIn | Needs::WayIn | Needs::Recent => true,
        Needs::May(action) | Needs::MayRecent(action) => permits(actor, action),
        Needs::MayAny(actions) => actions.iter().any(|action| permits(actor, *action)),
    }
}

/// Tables in which an attempt leaves its trace without anything having been changed: the log, what
/// was refused, counts of tries, who read what, and leases.
const TRACES: [&str; 7] = [
    "attempt",
    "ceremony",
    "commitment",
    "lease",
    "log_leaf",
    "reading",
    "refused_attempt",
];

/// Every row of the data but those of [`TRACES`].
pub(crate) fn state(world: &World) -> Vec<String> {
    let mut rows = world.store.read(store::backup::rows).unwrap();
    rows.retain(|row| {
        let table = row.split('\n').next().unwrap_or_default();
        !TRACES.contains(&table)
    });
    rows
}

/// The first rows that are in one of two states only.
pub(crate) fn difference(before: &[String], after: &[String]) -> Vec<String> {
    let only = |these: &[String], those: &[String]| -> Vec<String> {
        let others: std::collections::BTreeSet<&String> = those.iter().collect();
        these
            .iter()
            .filter(|row| !others.contains(row))
            .map(|row| row.chars().take(200).collect::<String>().replace('\n', "|"))
            .collect()
    };
    let mut rows = only(before, after);
    rows.extend(only(after, before));
    rows.truncate(4);
    rows
}
