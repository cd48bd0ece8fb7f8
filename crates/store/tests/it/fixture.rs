//! Stores to test with.

use std::path::Path;

use domain::time::Timestamp;
use seal::object::MasterKey;
use seal::random::Random;
use store::keyring::Keyring;
use store::{Location, Stamp, Store};

pub(crate) fn random(label: &str) -> Random {
    Random::from_seed([7; 32]).derive(label)
}

pub(crate) fn stamp(label: &str) -> Stamp {
    Stamp {
        name: "test.write",
        now: Timestamp::from_seconds(1_000),
        random: random(label),
    }
}

pub(crate) fn keyring() -> Keyring {
    Keyring::new("test-hub", MasterKey::generate(&mut random("master")))
}

pub(crate) fn in_memory() -> Store {
    Store::open(&Location::Memory, keyring()).unwrap()
}

pub(crate) fn on_disk(directory: &Path) -> Store {
    Store::open(&Location::Directory(directory.to_owned()), keyring()).unwrap()
}
