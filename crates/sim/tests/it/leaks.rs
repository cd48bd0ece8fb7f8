//! Canaries in the wrong hands: every operation once, every reader, every page, file, letter and
//! answer of the API.

use std::collections::BTreeSet;

use domain::organization::Role;
use hub::Random;
use sim::country::{Who, everybody};
use sim::history::{Op, STORY, play_lines};
use sim::mutant::channel::Channel;
use sim::sweep::{check, paths, touched};
use sim::world::World;

use crate::reference;

/// Those who look after each operation: both sides of everything that is kept apart. In the end
/// everybody looks at everything.
const WATCHERS: [Who; 12] = [
    ("aokawa", Role::Officer),
    ("center", Role::Analyst),
    ("coordination", Role::Officer),
    ("denryoku", Role::Administrator),
    ("denryoku", Role::Custodian),
    ("denryoku", Role::Officer),
    ("kitahama", Role::DutyOfficer),
    ("kitahama", Role::Staff),
    ("minamino", Role::DutyOfficer),
    ("ministry", Role::Officer),
    ("police", Role::Officer),
    ("suido", Role::Officer),
];

/// A world in which everybody of `people` has a token for the API.
fn world(people: &[Who]) -> World {
    let mut world = World::new(3, &reference()).unwrap();
    for who in people {
        world.give_token(*who).unwrap();
    }
    world
}

#[test]
fn no_canary_reaches_the_wrong_hands_after_any_operation() {
    let mut world = world(&everybody());
    let mut looked = 0;
    let trace = play_lines(&mut world, &STORY, |world, trace, line| {
        let paths = touched(trace);
        looked += paths.len() * WATCHERS.len();
        assert_eq!(check(world, trace, &WATCHERS, &paths)?, vec![], "{line}");
        Ok(())
    })
    .unwrap();
    println!("{looked} looks between {} operations", STORY.len());
    let words = STORY.map(|line| line.parse::<Op>().unwrap().word());
    let refused: BTreeSet<&String> = words
        .iter()
        .filter(|word| !trace.done.contains(*word))
        .collect();
    assert_eq!(refused, BTreeSet::new(), "these did not do what they say");
    let paths = paths(&trace);
    println!("{} paths for {} people", paths.len(), everybody().len());
    assert_eq!(check(&world, &trace, &everybody(), &paths).unwrap(), vec![]);
}

/// Whatever way a text leaves by: the checker looks there.
#[test]
fn a_canary_is_found_on_every_way_out() {
    let mut world = world(&WATCHERS);
    let mut trace = play_lines(&mut world, &STORY, |_, _, _| Ok(())).unwrap();
    for channel in Channel::ALL {
        channel.plant(&mut world);
        if channel == Channel::Mail {
            for line in ["advise 0 0 90", "at deliver 0 91"] {
                line.parse::<Op>()
                    .unwrap()
                    .play(&mut world, &mut trace)
                    .unwrap();
            }
        }
        let mut paths = paths(&trace);
        paths.retain(|path| channel.stands_on(path));
        // Letters go to whoever is on duty, who need not be one of the watchers.
        let found = match channel {
            Channel::Mail => check(&world, &trace, &everybody(), &paths),
            _ => check(&world, &trace, &WATCHERS, &paths),
        };
        assert!(!found.unwrap().is_empty(), "{channel:?}");
        world.unwrap_pages();
        if channel != Channel::Mail {
            let found = check(&world, &trace, &WATCHERS, &paths).unwrap();
            assert_eq!(found, vec![], "{channel:?} is mended");
        }
    }
}

#[test]
fn operations_read_back_as_printed() {
    let drawn = Op::history(&mut Random::from_seed([4; 32]), 200, 60);
    let told = STORY.iter().map(|line| line.parse().unwrap());
    for op in drawn.into_iter().chain(told) {
        assert_eq!(op.to_string().parse::<Op>().unwrap(), op);
    }
}
