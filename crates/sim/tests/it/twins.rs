use std::fs;
use std::path::{Path, PathBuf};
use std::time::Instant;

use sim::mutant::Mutant;
use sim::trial::Trial;
use sim::twins::search;

use crate::reference;

/// How long the ordinary run looks for differences. `NOROSHI_TWIN_SECONDS` gives it another time,
/// `NOROSHI_TWIN_TRIALS` a number of trials instead of a time, `NOROSHI_TWIN_SEED` one trial to
/// replay. It is short because two processors share everything else that is tested.
const SECONDS: u64 = 60;
/// Fewer trials than this say nothing, however busy the machine was.
const TRIALS_MIN: u64 = 20;
/// Each mutant has to be found within so many trials.
const MUTANT_TRIALS: u64 = 60;

fn asked(name: &str) -> Option<u64> {
    let text = std::env::var(name).ok()?;
    Some(text.parse().expect(name))
}

fn found_files() -> Vec<PathBuf> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/found");
    let mut files: Vec<PathBuf> = fs::read_dir(folder)
        .map(|entries| entries.map(|entry| entry.unwrap().path()).collect())
        .unwrap_or_default();
    files.retain(|file| file.extension().is_some_and(|extension| extension == "txt"));
    files.sort();
    files
}

/// Makes the trial small and keeps it, so that it is replayed from now on.
fn keep(trial: &Trial) -> PathBuf {
    let small = trial.smaller(&reference(), &|_| ()).unwrap();
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/found");
    fs::create_dir_all(&folder).unwrap();
    let file = folder.join(format!("{:03}.txt", found_files().len() + 1));
    fs::write(&file, small.to_string()).unwrap();
    file
}

#[test]
#[expect(
    clippy::disallowed_methods,
    reason = "how long to look is a matter of the machine, not of the worlds"
)]
fn twins_look_the_same() {
    let begun = Instant::now();
    let seconds = asked("NOROSHI_TWIN_SECONDS").unwrap_or(SECONDS);
    let trials = asked("NOROSHI_TWIN_TRIALS");
    let seed = asked("NOROSHI_TWIN_SEED");
    let go_on = |played: u64| match (seed, trials) {
        (Some(_), _) => played < 1,
        (None, Some(trials)) => played < trials,
        (None, None) => begun.elapsed().as_secs() < seconds,
    };
    let verdict = search(seed.unwrap_or(1), &reference(), &|_| (), go_on).unwrap();
    println!("two-world trials: {}", verdict.trials);
    let least = if seed.is_some() {
        1
    } else {
        trials.unwrap_or(TRIALS_MIN)
    };
    assert!(
        verdict.found.is_some() || verdict.trials >= least,
        "{} trials are too few to say anything; look longer",
        verdict.trials
    );
    if let Some((trial, difference)) = verdict.found {
        let file = keep(&trial);
        panic!("{difference:#?}\nkept as {}\n{trial}", file.display());
    }
}

/// Differences that were seen once, and the trials by which the mutants are found: without a mutant
/// there is none.
#[test]
fn what_was_found_once_stays_mended() {
    let files = found_files();
    assert!(
        files.len() >= Mutant::ALL.len(),
        "{} kept trials",
        files.len()
    );
    for file in files {
        let trial: Trial = fs::read_to_string(&file).unwrap().parse().unwrap();
        let difference = trial.play(&reference(), &|_| ()).unwrap();
        assert_eq!(difference, None, "{}", file.display());
    }
}

#[test]
fn a_trial_reads_back_as_printed() {
    for seed in 0..20 {
        let trial = Trial::drawn(seed).unwrap();
        assert_eq!(trial.to_string().parse::<Trial>().unwrap(), trial);
    }
}

/// Each by the trial that is kept for it, which is one that the search once found; with
/// `NOROSHI_BLESS` it is searched for anew, or with the name of one there that one alone.
#[test]
fn every_mutant_is_found() {
    for mutant in Mutant::ALL {
        let plant = |world: &mut sim::world::World| mutant.plant(world);
        let file = kept_for(mutant);
        let asked = std::env::var("NOROSHI_BLESS").ok();
        if asked.is_some_and(|asked| asked == "1" || asked == format!("{mutant:?}")) {
            let verdict = search(1, &reference(), &plant, |played| played < MUTANT_TRIALS).unwrap();
            println!("{mutant:?}: found after {} trials", verdict.trials);
            let (trial, _) = verdict.found.expect("found");
            fs::create_dir_all(file.parent().unwrap()).unwrap();
            fs::write(&file, trial.to_string()).unwrap();
        }
        let trial: Trial = fs::read_to_string(&file).unwrap().parse().unwrap();
        let found = trial.play(&reference(), &plant).unwrap();
        assert!(found.is_some(), "{mutant:?} was not found");
    }
}

/// The file with the trial that finds a mutant: its name in small letters, words apart.
fn kept_for(mutant: Mutant) -> PathBuf {
    let mut name = String::from("mutant");
    for letter in format!("{mutant:?}").chars() {
        if letter.is_ascii_uppercase() {
            name.push('-');
        }
        name.push(letter.to_ascii_lowercase());
    }
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/found");
    folder.join(format!("{name}.txt"))
}
