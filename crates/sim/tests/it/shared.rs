//! What left for members of a community: they receive it, nobody else does, and not for longer than its
//! source lets them.

use std::collections::BTreeSet;

use domain::organization::Role;
use hub::Random;
use sim::country::{ROLES, Who};
use sim::history::{OPERATORS, Op, play_lines};
use sim::leak::{Canary, received_of};
use sim::mutant::shared::Breach;
use sim::sweep::{check, touched};
use sim::trace::Trace;
use sim::trial::Trial;
use sim::world::World;

use crate::reference;

/// Trials in which readings are counted.
const TRIALS: u64 = 24;
/// Readings of what left, at operators that are not its source, that these trials come to at least.
const READINGS_MIN: usize = 20;
/// Seeds of what is shared and nothing else.
const SEEDS: u8 = 24;

/// What left for the members of one community and for all operators; both sources take it back, each in
/// its way.
const HISTORY: [&str; 7] = [
    "submit 1 named 1 members-and-authorities",
    "release 0 2 3",
    "submit 2 unnamed 4 operators",
    "release 1 5 6",
    "on-report keep-in 0 7",
    "on-report withdraw 1 8",
    "at deliver 0 9",
];

/// Everybody at an operator.
fn operators() -> Vec<Who> {
    let people = OPERATORS
        .iter()
        .flat_map(|name| ROLES.iter().map(move |role| (*name, *role)));
    people.collect()
}

/// Those of `people` who receive `canary` on the page of a report.
fn readers(world: &World, trace: &Trace, canary: &Canary, people: &[Who]) -> BTreeSet<Who> {
    let reads = |who: &Who| {
        trace.things("rpt").iter().any(|id| {
            let received = world.get(*who, &format!("/reports/{id}")).unwrap();
            received_of(&received, std::slice::from_ref(canary)).count() > 0
        })
    };
    people.iter().copied().filter(reads).collect()
}

/// What left of the technique of the first report.
fn shared(trace: &Trace) -> Canary {
    let mut shared = trace.canaries.iter();
    let shared = shared.find(|canary| canary.text.starts_with("shared-"));
    shared.unwrap().clone()
}

fn play(world: &mut World, trace: &mut Trace, op: &Op) {
    op.play(world, trace).unwrap();
    assert!(trace.done.contains(&op.word()), "{op} was refused");
    trace.take_stock(world).unwrap();
}

/// Whoever may read it does, and the others do not, before and after it left and when it has ended.
#[test]
fn members_receive_what_left_for_them_until_it_ends() {
    let people = operators();
    let (mut read, mut ended) = (0, BTreeSet::new());
    for seed in 0..SEEDS {
        let mut world = World::new(u64::from(seed), &reference()).unwrap();
        let mut trace = Trace::default();
        let [submit, release] = Op::sharing(&mut Random::from_seed([seed; 32]));
        play(&mut world, &mut trace, &submit);
        play(&mut world, &mut trace, &release);
        let canary = shared(&trace);
        // A named source reads here as a member as well.
        let may: BTreeSet<Who> = people
            .iter()
            .copied()
            .filter(|who| canary.desks.contains(who.0))
            .filter(|who| matches!(who.1, Role::DutyOfficer | Role::Analyst | Role::Officer))
            .collect();
        assert!(!may.is_empty(), "{submit}");
        assert_eq!(readers(&world, &trace, &canary, &people), may, "{submit}");
        read += may.len();
        let paths = ways(&trace);
        let search = paths.last().unwrap();
        for who in &may {
            let received = world.get(*who, search).unwrap();
            let found = received_of(&received, std::slice::from_ref(&canary)).count();
            assert_eq!(found, 1, "{who:?} {search}");
        }
        assert_eq!(
            check(&world, &trace, &people, &paths).unwrap(),
            vec![],
            "{submit}"
        );
        let end = if seed % 2 == 0 { "keep-in" } else { "withdraw" };
        let end: Op = format!("on-report {end} 0 1").parse().unwrap();
        // Where nothing is kept of the source, nobody can.
        end.play(&mut world, &mut trace).unwrap();
        if trace.done.contains(&end.word()) {
            ended.insert(end.word());
            // Nor does a named source: what it sent is on pages of its own.
            let left = readers(&world, &trace, &canary, &people);
            assert_eq!(left, BTreeSet::new(), "{submit}, {end}");
        }
    }
    println!("{read} members read what left for them");
    assert_eq!(ended.len(), 2, "{ended:?}");
}

/// A member who works for another purpose than the source offered finds nothing, as if nothing had left.
#[test]
fn what_left_is_there_for_the_purposes_it_was_offered_for() {
    let mut world = World::new(6, &reference()).unwrap();
    let trace = play_lines(&mut world, &HISTORY[..2], |_, _, _| Ok(())).unwrap();
    let (canary, who) = (shared(&trace), ("minamino", Role::Officer));
    let id = trace.filed(0).unwrap().report.to_string();
    let actor = world.actor(who).unwrap();
    let purposes = hub::sign_in::purposes(&world.hub, &actor, world.now());
    assert!(purposes.len() > 1, "{purposes:?}");
    for purpose in purposes {
        let purpose = purpose.to_string();
        world.choose_purpose(who, &purpose).unwrap();
        let is_offered = purpose == "defense";
        for path in ways(&trace) {
            let received = world.get(who, &path).unwrap();
            let html = String::from_utf8_lossy(&received.body).into_owned();
            let is_there = if path == "/shared" {
                html.contains(&id)
            } else {
                html.contains(&canary.text)
            };
            assert_eq!(is_there, is_offered, "{path} for {purpose}");
            let is_page = path.starts_with("/reports/");
            let is_absent = received.status == 404;
            assert_eq!(is_absent, is_page && !is_offered, "{path} for {purpose}");
        }
    }
}

/// Or the checker and the twins would look where nothing is.
#[test]
fn drawn_histories_let_members_read() {
    let people = operators();
    let (mut readings, mut sectors) = (0, BTreeSet::new());
    for seed in 1..=TRIALS {
        let trial = Trial::drawn(seed).unwrap();
        let mut world = World::new(seed, &reference()).unwrap();
        let mut trace = Trace::default();
        for op in &trial.history {
            op.play(&mut world, &mut trace).unwrap();
        }
        trace.take_stock(&world).unwrap();
        let paths = ways(&trace);
        assert_eq!(
            check(&world, &trace, &people, &paths).unwrap(),
            vec![],
            "{trial}"
        );
        for canary in &trace.canaries {
            if !canary.text.starts_with("shared-") {
                continue;
            }
            for who in readers(&world, &trace, canary, &people) {
                // A named source reads its own.
                if !canary.organizations.contains(who.0) {
                    readings += 1;
                    sectors.insert(who.0);
                }
            }
        }
    }
    println!("{readings} readings by members in {TRIALS} drawn histories");
    assert!(readings >= READINGS_MIN, "{readings} readings");
    assert_eq!(sectors, BTreeSet::from(OPERATORS));
}

/// The list of what was shared, the pages of all reports, and a search for what left.
fn ways(trace: &Trace) -> Vec<String> {
    let mut paths = vec!["/shared".to_owned()];
    paths.extend(
        trace
            .things("rpt")
            .iter()
            .map(|id| format!("/reports/{id}")),
    );
    let mut shared = trace.canaries.clone();
    shared.retain(|canary| canary.text.starts_with("shared-"));
    paths.extend(shared.iter().map(Canary::search));
    paths
}

/// The checker finds each leak to members, and names nothing else.
#[test]
fn a_leak_to_members_is_found() {
    let people = operators();
    for (breach, place, reports) in [
        (Breach::OriginalSide, "technique-", 2),
        // What is for all operators is for no community alone.
        (Breach::OtherCommunity, "shared-", 1),
        (Breach::KeptPage, "shared-", 2),
    ] {
        let mut world = World::new(5, &reference()).unwrap();
        breach.plant(&mut world);
        let mut found = Vec::new();
        let trace = play_lines(&mut world, &HISTORY, |world, trace, _| {
            found.extend(check(world, trace, &people, &touched(trace))?);
            Ok(())
        })
        .unwrap();
        assert!(!found.is_empty(), "{breach:?}");
        for leak in &found {
            let is_here = leak.path.starts_with("/reports/") && leak.canary.starts_with(place);
            assert!(
                is_here && OPERATORS.contains(&leak.who.0),
                "{breach:?}: {leak:?}"
            );
        }
        let canaries: BTreeSet<&String> = found.iter().map(|leak| &leak.canary).collect();
        assert_eq!(canaries.len(), reports, "{breach:?}: {canaries:?}");
        world.unwrap_pages();
        let mended = check(&world, &trace, &people, &touched(&trace)).unwrap();
        assert_eq!(mended, vec![], "{breach:?} is mended");
    }
    // The list holds no text: the twins find what it shows.
    assert_eq!(Breach::ALL.len(), 4, "a new leak is planted here as well");
}
