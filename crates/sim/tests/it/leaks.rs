use hub::Random;
use sim::history::{Op, Trace};
use sim::mutant::Mutant;
use sim::sweep::check;
use sim::world::World;

use crate::reference;

fn played(seed: u64, mutant: Option<Mutant>) -> (World, Trace) {
    let mut world = World::new(seed, &reference()).unwrap();
    if let Some(mutant) = mutant {
        mutant.plant(&mut world);
    }
    let people = world.country.everybody().count();
    let history = Op::history(
        &mut Random::from_seed([3; 32]).derive(&seed.to_string()),
        14,
        people,
    );
    let mut trace = Trace::default();
    for op in history {
        op.play(&mut world, &mut trace).unwrap();
    }
    (world, trace)
}

/// Histories that are played, and how many more if none of these had a release and an advisory.
const SEEDS: u64 = 2;
const SEEDS_MAX: u64 = 8;

#[test]
fn no_canary_reaches_the_wrong_hands() {
    let (mut filed, mut released, mut issued) = (0, 0, 0);
    for seed in 0..SEEDS_MAX {
        if seed >= SEEDS && filed > 0 && released > 0 && issued > 0 {
            break;
        }
        let (world, trace) = played(seed, None);
        filed += trace.reports.iter().flatten().count();
        released += trace.released;
        issued += trace.advisories.len();
        assert_eq!(check(&world, &trace).unwrap(), vec![], "seed {seed}");
    }
    println!("{filed} reports, {released} releases, {issued} advisories");
    assert!(filed > 0 && released > 0 && issued > 0);
}

#[test]
fn a_planted_canary_is_found() {
    let (world, trace) = played(1, Some(Mutant::NarrativeInComment));
    assert!(!check(&world, &trace).unwrap().is_empty());
}

#[test]
fn operations_read_back_as_printed() {
    for op in Op::history(&mut Random::from_seed([4; 32]), 50, 60) {
        assert_eq!(op.to_string().parse::<Op>().unwrap(), op);
    }
}
