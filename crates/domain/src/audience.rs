//! Audiences: who may see a part, as rows that the store joins with.
//!
//! A row names a key (person, organization, community, with or without a tier), a purpose, a least
//! clearance and an expiry. Keys are never expanded to members, so that a change of membership
//! recomputes nothing.

use std::fmt;
use std::str::FromStr;

use crate::handling::{Circle, Handling};
use crate::id::{CommunityId, OrganizationId, PersonId};
use crate::organization::{Clearance, Tier};
use crate::time::Timestamp;
use crate::word::{Code, UnknownWord};

/// One line of "who may see it".
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Audience {
    /// Who.
    pub key: AudienceKey,
    /// For what use.
    pub purpose: Code,
    /// Least clearance.
    pub clearance: Clearance,
    /// Until when; `None` is until the part itself ends.
    pub expires_at: Option<Timestamp>,
}

/// Whom a row of an audience names.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum AudienceKey {
    /// Everyone, signed in or not.
    Public,
    /// One person.
    Person(PersonId),
    /// The members of an organization, or of one of its tiers.
    Organization(OrganizationId, Option<Tier>),
    /// The members of a community's organizations, or of one of their tiers.
    Community(CommunityId, Option<Tier>),
}

/// Which organizations and communities the circles mean for one report.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CircleMap {
    /// The source, where a row may link it; `None` for unnamed reports and above the border.
    pub source: Option<OrganizationId>,
    /// The secretariat that received the report.
    pub secretariat: OrganizationId,
    /// The community of that CEPTOAR's members.
    pub members: Option<CommunityId>,
    /// The ministry responsible for the sector.
    pub ministry: Option<OrganizationId>,
    /// The national center.
    pub center: Option<OrganizationId>,
    /// The coordination center.
    pub coordination: Option<OrganizationId>,
    /// The police.
    pub police: Option<OrganizationId>,
    /// Everyone under the action plan.
    pub cross_sector: Option<CommunityId>,
}

impl CircleMap {
    /// The key a circle stands for; `None` when this hub has no such organization.
    pub fn key(&self, circle: Circle) -> Option<AudienceKey> {
        let organization = |id: OrganizationId| AudienceKey::Organization(id, None);
        let community = |id: CommunityId| AudienceKey::Community(id, None);
        match circle {
            Circle::Source => self.source.map(organization),
            Circle::Secretariat => Some(organization(self.secretariat)),
            Circle::CeptoarMembers => self.members.map(community),
            Circle::Ministry => self.ministry.map(organization),
            Circle::NationalCenter => self.center.map(organization),
            Circle::Coordination => self.coordination.map(organization),
            Circle::Police => self.police.map(organization),
            Circle::CrossSector => self.cross_sector.map(community),
            Circle::Public => Some(AudienceKey::Public),
        }
    }
}

/// The audience of a part under `handling`: every reached circle for every purpose.
pub fn audience(handling: &Handling, map: &CircleMap, clearance: Clearance) -> Vec<Audience> {
    let mut rows = Vec::new();
    for key in handling
        .reach()
        .into_iter()
        .filter_map(|circle| map.key(circle))
    {
        for purpose in &handling.purposes {
            rows.push(Audience {
                key,
                purpose: purpose.clone(),
                clearance,
                expires_at: handling.expires_at,
            });
        }
    }
    rows
}

impl fmt::Display for AudienceKey {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (id, tier) = match self {
            Self::Public => return out.write_str("public"),
            Self::Person(id) => return write!(out, "{id}"),
            Self::Organization(id, tier) => (id.to_string(), tier),
            Self::Community(id, tier) => (id.to_string(), tier),
        };
        match tier {
            Some(tier) => write!(out, "{id}/{tier}"),
            None => out.write_str(&id),
        }
    }
}

impl FromStr for AudienceKey {
    type Err = UnknownWord;

    fn from_str(text: &str) -> Result<Self, UnknownWord> {
        let unknown = || UnknownWord {
            given: text.chars().take(40).collect(),
            allowed: "public, a person, organization or community, with a tier".to_owned(),
        };
        if text == "public" {
            return Ok(Self::Public);
        }
        let (id, tier) = match text.split_once('/') {
            Some((id, tier)) => (id, Some(tier.parse::<Tier>()?)),
            None => (text, None),
        };
        if let Ok(person) = id.parse::<PersonId>() {
            return if tier.is_none() {
                Ok(Self::Person(person))
            } else {
                Err(unknown())
            };
        }
        id.parse()
            .map(|organization| Self::Organization(organization, tier))
            .or_else(|_| id.parse().map(|community| Self::Community(community, tier)))
            .map_err(|_| unknown())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::handling::{Consent, Tlp};

    #[test]
    fn keys_round_trip() {
        let org = OrganizationId::from_random([3; 16]);
        let community = CommunityId::from_random([4; 16]);
        for key in [
            AudienceKey::Public,
            AudienceKey::Person(PersonId::from_random([2; 16])),
            AudienceKey::Organization(org, None),
            AudienceKey::Organization(org, Some(Tier::OtStaff)),
            AudienceKey::Community(community, Some(Tier::Ciso)),
        ] {
            assert_eq!(key.to_string().parse::<AudienceKey>(), Ok(key));
        }
        assert!(
            "per_00000000000000000000000000/ciso"
                .parse::<AudienceKey>()
                .is_err()
        );
    }

    #[test]
    fn a_circle_nobody_fills_reaches_nobody() {
        let map = CircleMap {
            source: None,
            secretariat: OrganizationId::from_random([1; 16]),
            members: None,
            ministry: Some(OrganizationId::from_random([2; 16])),
            center: None,
            coordination: None,
            police: None,
            cross_sector: None,
        };
        let handling = Handling {
            tlp: Tlp::Amber,
            purposes: ["defense".parse().unwrap(), "statistics".parse().unwrap()].into(),
            circles: [Circle::Source, Circle::Ministry, Circle::NationalCenter].into(),
            expires_at: None,
            consent: Consent::Granted,
        };
        let rows = audience(&handling, &map, Clearance::default());
        assert_eq!(rows.len(), 2, "the ministry, for each of two purposes");
        assert!(
            rows.iter()
                .all(|row| Some(row.key) == map.key(Circle::Ministry))
        );
    }
}
