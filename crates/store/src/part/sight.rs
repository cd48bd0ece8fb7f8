//! Who looks: what every audience join binds.

use domain::actor::Actor;
use domain::time::Timestamp;

use crate::row::json_list;

/// What the audience join binds: who reads, for what, how far cleared, when.
#[derive(Debug, Clone)]
pub struct Sight {
    pub(super) keys: String,
    pub(super) purpose: String,
    pub(super) clearance: u8,
    pub(super) now: Timestamp,
}

impl Sight {
    /// The sight of `actor` at `now`.
    pub fn of(actor: &Actor, now: Timestamp) -> Self {
        Self {
            keys: json_list(actor.keys()),
            purpose: actor.purpose.to_string(),
            clearance: actor.clearance.level(),
            now,
        }
    }

    /// The reader's audience keys as a JSON array.
    pub(crate) fn keys(&self) -> &str {
        &self.keys
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
