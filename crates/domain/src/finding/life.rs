//! What analysts say of a candidate, and what became of it.

use crate::organization::OrganizationKind as Kind;
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
        /// It was still giving orders, as somebody saw who watches it: a sinkhole, a sandbox.
        LastSeen = "last-seen",
    }
}

impl LifeStep {
    /// What people of an organization of that kind note. That a server was shared is noted when the
    /// advisory is issued and by nobody's hand; a carrier says what it does in its own network.
    pub const fn noted_by(kind: Kind) -> &'static [Self] {
        match kind {
            Kind::Operator | Kind::Supplier => &[Self::Blocked],
            Kind::Ceptoar
            | Kind::Isac
            | Kind::Ministry
            | Kind::NationalCenter
            | Kind::CoordinationCenter
            | Kind::Police
            | Kind::HelpDesk => &[Self::Blocked, Self::Seized, Self::LastSeen],
        }
    }
}
