//! Who looks: what every audience join binds.

use domain::actor::Actor;
use domain::audience::AudienceKey;
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
        Self::through(actor.keys(), actor, now)
    }

    /// The same, through the communities of his organization alone: what was released to them, and
    /// nothing that the organization has for another reason, as the source or as a desk.
    pub fn in_communities(actor: &Actor, now: Timestamp) -> Self {
        let mut keys = actor.keys();
        keys.retain(|key| matches!(key, AudienceKey::Public | AudienceKey::Community(..)));
        Self::through(keys, actor, now)
    }

    fn through(keys: Vec<AudienceKey>, actor: &Actor, now: Timestamp) -> Self {
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
