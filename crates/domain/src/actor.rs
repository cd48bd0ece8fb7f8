//! Who acts: a person in one place of one organization, for one purpose.

use crate::audience::AudienceKey;
use crate::id::{CommunityId, MembershipId, OrganizationId, PersonId};
use crate::organization::{Clearance, OrganizationKind, Role, Tier};
use crate::word::{Code, words};

/// A signed-in person, as every verb of the hub takes it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Actor {
    /// The person.
    pub person: PersonId,
    /// The place the person acts from; a person may hold several and acts from one at a time.
    pub membership: MembershipId,
    /// The organization of that place.
    pub organization: OrganizationId,
    /// What that organization is.
    pub kind: OrganizationKind,
    /// The role held there.
    pub role: Role,
    /// The layer of the organization.
    pub tier: Tier,
    /// How far the person is cleared.
    pub clearance: Clearance,
    /// The purpose of use chosen for this session; parts offered for other purposes stay hidden.
    pub purpose: Code,
    /// Communities the organization belongs to now.
    pub communities: Vec<CommunityId>,
    /// How surely the person was recognized.
    pub assurance: Assurance,
}

impl Actor {
    /// The keys under which this actor finds what was addressed to him: himself, his organization,
    /// his organization's tier, its communities and their tier, and everyone.
    pub fn keys(&self) -> Vec<AudienceKey> {
        let mut keys = vec![
            AudienceKey::Public,
            AudienceKey::Person(self.person),
            AudienceKey::Organization(self.organization, None),
            AudienceKey::Organization(self.organization, Some(self.tier)),
        ];
        for community in &self.communities {
            keys.push(AudienceKey::Community(*community, None));
            keys.push(AudienceKey::Community(*community, Some(self.tier)));
        }
        keys
    }
}

words! {
    /// How surely a person was recognized, weakest first.
    pub enum Assurance {
        /// An API token of limited scope.
        Token = "token",
        /// A one-time link of the demo, valid while it runs.
        DemoLink = "demo-link",
        /// Password and a one-time code.
        TwoFactor = "two-factor",
        /// A passkey.
        Passkey = "passkey",
    }
}
