//! How far the source of an incident lets it travel, and whom that means.
//!
//! Terms and readers stand side by side, both written down by hand from the rules in the design. What
//! the program under test makes of the terms is not asked.

use std::collections::BTreeSet;

use domain::handling::{Circle, Consent, Tlp};
use domain::report::filing::Terms;
use domain::report::near_miss::Scope;

use super::OPERATORS;
use super::step::steps;
use crate::country::members;

steps! {
    /// How far an incident may travel.
    pub enum Far {
        /// Nowhere.
        Desk = "desk",
        /// To the two authorities.
        Authorities = "authorities",
        /// To the members of the relay's community.
        Members = "members",
        /// To those members and the two authorities.
        MembersAndAuthorities = "members-and-authorities",
        /// To all operators under the action plan and the two authorities.
        Operators = "operators",
        /// To all operators, under a label that stops at the members of one community.
        Amber = "amber",
        /// To everybody, under a label that stops at the authorities.
        Strict = "strict",
        /// To the members, the coordination center and the police.
        Beyond = "beyond",
        /// To the members and the authorities, without consent to passing it on to the national center.
        NoConsent = "no-consent",
    }
}

/// The organizations that receive what leaves of a report, beside its relay.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Leaves {
    /// How it was done: the only part that goes to members of a community.
    pub technique: BTreeSet<&'static str>,
    /// What was hit, in prose.
    pub summary: BTreeSet<&'static str>,
}

impl Far {
    /// Those by which members of a community receive something.
    pub(super) const TO_MEMBERS: [Self; 6] = [
        Self::Members,
        Self::MembersAndAuthorities,
        Self::Operators,
        Self::Amber,
        Self::Beyond,
        Self::NoConsent,
    ];

    /// What its source answers to the questions about terms.
    pub(super) fn terms(self) -> anyhow::Result<Terms> {
        use Circle::{CeptoarMembers, Coordination, CrossSector, Ministry, NationalCenter, Police};
        let circles: &[Circle] = match self {
            Self::Desk => &[],
            Self::Authorities => &[Ministry, NationalCenter],
            Self::Members => &[CeptoarMembers],
            Self::MembersAndAuthorities | Self::NoConsent => {
                &[CeptoarMembers, Ministry, NationalCenter]
            }
            Self::Operators => &[CeptoarMembers, CrossSector, Ministry, NationalCenter],
            Self::Amber => &[CeptoarMembers, CrossSector],
            Self::Strict => &[
                CeptoarMembers,
                CrossSector,
                Coordination,
                Police,
                Ministry,
                NationalCenter,
            ],
            Self::Beyond => &[CeptoarMembers, Coordination, Police],
        };
        Ok(Terms {
            tlp: match self {
                Self::Operators => Tlp::Green,
                Self::Strict => Tlp::AmberStrict,
                _ => Tlp::Amber,
            },
            purposes: ["defense".parse()?].into(),
            circles: circles.iter().copied().collect(),
            consent: match self {
                Self::NoConsent => Consent::Refused,
                _ => Consent::Granted,
            },
        })
    }

    /// Who receives what leaves of an incident at `relay`.
    pub(crate) fn leaves(self, relay: &str) -> Leaves {
        let (members, others): (BTreeSet<&'static str>, &[&'static str]) = match self {
            Self::Desk => (BTreeSet::new(), &[]),
            Self::Authorities | Self::Strict => (BTreeSet::new(), &["ministry", "center"]),
            Self::Members | Self::Amber => (members(relay), &[]),
            Self::MembersAndAuthorities => (members(relay), &["ministry", "center"]),
            Self::Operators => (OPERATORS.into(), &["ministry", "center"]),
            Self::Beyond => (members(relay), &["coordination", "police"]),
            Self::NoConsent => (members(relay), &["ministry"]),
        };
        Leaves {
            technique: others.iter().copied().chain(members).collect(),
            summary: others.iter().copied().collect(),
        }
    }
}

impl Leaves {
    /// Who receives what leaves of a near miss with `scope` at `relay`. Its line is prose; members of
    /// the community receive codes alone.
    pub(crate) fn of_near_miss(relay: &str, scope: Scope) -> Self {
        let others: &[&'static str] = match scope {
            Scope::NamedDesk => return Self::default(),
            Scope::UnnamedInside => &[],
            Scope::Unnamed | Scope::Named | Scope::Stripped => {
                &["ministry", "center", "coordination"]
            }
        };
        Self {
            technique: others.iter().copied().chain(members(relay)).collect(),
            summary: others.iter().copied().collect(),
        }
    }

    /// Whether something of it goes to `organization`.
    pub fn reach(&self, organization: &str) -> bool {
        self.technique.contains(organization) || self.summary.contains(organization)
    }

    /// What is left of it when its source takes those organizations out.
    pub(crate) fn keep(&mut self, stays: impl Fn(&str) -> bool) {
        self.technique.retain(|name| stays(name));
        self.summary.retain(|name| stays(name));
    }
}
