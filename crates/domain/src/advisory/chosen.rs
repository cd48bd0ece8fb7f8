//! Whom an author chose: organizations, communities and persons, by tier.
//!
//! What was chosen stays as chosen while the advisory is written. At issue it is expanded to
//! organizations and frozen, so that who joins a community later is not an addressee.

use std::fmt;
use std::str::FromStr;

use crate::id::{CommunityId, OrganizationId, PersonId};
use crate::organization::{OrganizationKind, Tier};
use crate::word::UnknownWord;

/// One line of an author's choice.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Chosen {
    /// A tier of every organization that is in the community when the advisory is issued.
    Community(CommunityId, Tier),
    /// A tier of one organization.
    Organization(OrganizationId, Tier),
    /// One person of an organization, who answers for a tier.
    Person(PersonId, OrganizationId, Tier),
}

impl Chosen {
    /// The tier whose action applies.
    pub const fn tier(self) -> Tier {
        match self {
            Self::Community(_, tier) | Self::Organization(_, tier) | Self::Person(_, _, tier) => {
                tier
            }
        }
    }
}

impl fmt::Display for Chosen {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Community(community, tier) => write!(out, "{community}/{tier}"),
            Self::Organization(organization, tier) => write!(out, "{organization}/{tier}"),
            Self::Person(person, organization, tier) => {
                write!(out, "{person}/{organization}/{tier}")
            }
        }
    }
}

impl FromStr for Chosen {
    type Err = UnknownWord;

    fn from_str(text: &str) -> Result<Self, UnknownWord> {
        let unknown = || UnknownWord {
            given: text.chars().take(40).collect(),
            allowed: "a community, an organization, or a person in one, each with a tier"
                .to_owned(),
        };
        let (who, tier) = text.rsplit_once('/').ok_or_else(unknown)?;
        let tier: Tier = tier.parse()?;
        if let Some((person, organization)) = who.split_once('/') {
            let person = person.parse().map_err(|_| unknown())?;
            let organization = organization.parse().map_err(|_| unknown())?;
            return Ok(Self::Person(person, organization, tier));
        }
        who.parse()
            .map(|community| Self::Community(community, tier))
            .or_else(|_| {
                who.parse()
                    .map(|organization| Self::Organization(organization, tier))
            })
            .map_err(|_| unknown())
    }
}

/// How far down an issuer's advisories go.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Range {
    /// Everybody.
    Everybody,
    /// What reports to it, and everybody who is not an operator.
    Below,
}

/// How far an organization of `kind` may address; `None` when it issues nothing.
///
/// The national center addresses everybody. A ministry addresses the CEPTOARs that report to it and
/// their members, a CEPTOAR or ISAC its own members; both address any authority, relay or desk.
pub const fn range(kind: OrganizationKind) -> Option<Range> {
    match kind {
        OrganizationKind::NationalCenter => Some(Range::Everybody),
        OrganizationKind::Ministry | OrganizationKind::Ceptoar | OrganizationKind::Isac => {
            Some(Range::Below)
        }
        OrganizationKind::Operator
        | OrganizationKind::CoordinationCenter
        | OrganizationKind::Police
        | OrganizationKind::Supplier
        | OrganizationKind::HelpDesk => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn choices_round_trip() {
        let organization = OrganizationId::from_random([1; 16]);
        for chosen in [
            Chosen::Community(CommunityId::from_random([2; 16]), Tier::Ciso),
            Chosen::Organization(organization, Tier::OtStaff),
            Chosen::Person(
                PersonId::from_random([3; 16]),
                organization,
                Tier::Executive,
            ),
        ] {
            assert_eq!(chosen.to_string().parse(), Ok(chosen));
        }
        assert!("org_x/ciso".parse::<Chosen>().is_err());
        assert!(
            OrganizationId::from_random([1; 16])
                .to_string()
                .parse::<Chosen>()
                .is_err()
        );
    }
}
