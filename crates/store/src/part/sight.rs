//! Who looks: what every audience join binds.

use domain::actor::Actor;
use domain::time::Timestamp;

use crate::row::json_list;

/// What the audience join binds: who reads, for what, how far cleared, when.
#[derive(Debug, Clone)]
pub struct Sight {
    pub(super) keys: String,
    each_key: Vec<String>,
    pub(super) purpose: String,
    pub(super) clearance: u8,
    pub(super) now: Timestamp,
}

impl Sight {
    /// The sight of `actor` at `now`.
    pub fn of(actor: &Actor, now: Timestamp) -> Self {
        let keys = actor.keys();
        Self {
            keys: json_list(&keys),
            each_key: keys.iter().map(ToString::to_string).collect(),
            purpose: actor.purpose.to_string(),
            clearance: actor.clearance.level(),
            now,
        }
    }

    /// The reader's audience keys as a JSON array.
    pub(crate) fn keys(&self) -> &str {
        &self.keys
    }

    /// The reader's audience keys one by one.
    pub(crate) fn each_key(&self) -> impl Iterator<Item = &str> {
        self.each_key.iter().map(String::as_str)
    }

    /// The purpose the reader reads for.
    pub(crate) fn purpose(&self) -> &str {
        &self.purpose
    }

    /// How far the reader is cleared.
    pub(crate) fn clearance(&self) -> u8 {
        self.clearance
    }

    /// When.
    pub(crate) fn now(&self) -> Timestamp {
        self.now
    }
}
