//! Regimes: the rules that hold in a community of each kind.
//!
//! What a kind of community is *for* is decided in code: which circle it fills, for whom a clerk
//! writes. Who may be in it, who puts an organization in and takes it out, and who sees its members
//! stands here, in a row.

use jiff::civil::Date;

use super::row::{Bilingual, Row};
use super::{ReferenceData, regime};
use crate::organization::{CommunityKind, OrganizationKind};
use crate::policy::Hand;
use crate::word::words;

/// The rules of one kind of community. Its code is the kind's word.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Regime {
    /// Kinds of organizations that can be in it.
    pub takes: Vec<OrganizationKind>,
    /// Kinds that can be its secretariat; empty when it has none.
    pub secretariat: Vec<OrganizationKind>,
    /// How many of them there can be.
    pub number: Number,
    /// Who is in it when it is founded.
    pub begins_with: Beginning,
    /// Who puts an organization in.
    pub entered_by: Vec<Hand>,
    /// Who takes one out.
    pub ended_by: Vec<Hand>,
    /// Who sees its members.
    pub shown_to: Vec<Hand>,
    /// The rules in words.
    pub rules: Bilingual,
}

words! {
    /// How many communities of a kind there can be.
    pub enum Number {
        /// One in the hub.
        One = "one",
        /// One for each secretariat.
        OnePerSecretariat = "one-per-secretariat",
    }
}

words! {
    /// Who is in a community when it is founded.
    pub enum Beginning {
        /// Every organization that it takes.
        Everybody = "everybody",
        /// Nobody.
        Nobody = "nobody",
    }
}

impl ReferenceData {
    /// The rules of communities of `kind` on `day`. Checked data has a row for each kind; `None` in
    /// data that was not read from files.
    pub fn regime(&self, kind: CommunityKind, day: Date) -> Option<&Row<regime::Regime>> {
        self.regimes.naming(kind.word(), day)
    }
}
