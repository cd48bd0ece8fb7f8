use sim::mutant::Mutant;
use sim::twins::search;

use crate::reference;

/// Trials of the ordinary run; `NOROSHI_TWIN_TRIALS` asks for more.
const TRIALS: u64 = 20;

#[test]
fn twins_look_the_same() {
    let asked = std::env::var("NOROSHI_TWIN_TRIALS")
        .ok()
        .and_then(|text| text.parse().ok());
    let trials = asked.unwrap_or(TRIALS);
    let verdict = search(1, &reference(), &|_| (), |played| played < trials).unwrap();
    println!("two-world trials: {}", verdict.trials);
    assert_eq!(verdict.found, None);
}

#[test]
fn every_mutant_is_found() {
    for mutant in Mutant::ALL {
        let verdict = search(1, &reference(), &|world| mutant.plant(world), |played| {
            played < 60
        })
        .unwrap();
        println!("{mutant:?}: found after {} trials", verdict.trials);
        assert!(verdict.found.is_some(), "{mutant:?} was not found");
    }
}
