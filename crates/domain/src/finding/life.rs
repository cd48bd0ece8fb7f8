//! What analysts say of a candidate, and what became of it.

use crate::word::words;

words! {
    /// What an analyst takes a server to be.
    pub enum Judgment {
        /// A C&C server.
        Malicious = "malicious",
        /// Harmless.
        Harmless = "harmless",
        /// Not to be decided yet.
        Unclear = "unclear",
    }
}

words! {
    /// What happened to a C&C server, in the order in which it usually does.
    pub enum LifeStep {
        /// Others were told, by an advisory.
        Shared = "shared",
        /// Carriers or operators block it.
        Blocked = "blocked",
        /// Its host or the police took it down.
        Seized = "seized",
    }
}
