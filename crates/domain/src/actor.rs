//! Who acts: a person in one place of one organization, for one purpose.

use std::collections::BTreeSet;

use crate::audience::AudienceKey;
use crate::id::{CommunityId, MembershipId, OrganizationId, PersonId};
use crate::organization::{Clearance, OrganizationKind, Role, Tier};
use crate::policy::Action;
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
    /// Whether that organization keeps the hub.
    pub keeping: Keeping,
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
    /// The actions an API token is limited to; `None` for a person who signed in.
    pub scope: Option<BTreeSet<Action>>,
}

impl Actor {
    /// The keys under which this actor finds what was addressed to him: himself, his organization,
    /// his organization's tier, its communities and their tier, and everyone.
    ///
    /// Roles that read no report text (administrator, auditor, custodian) have only their own key
    /// and the public one: what was addressed to the organization is not there for them. Nor is it
    /// for somebody who has no way in of his own yet.
    pub fn keys(&self) -> Vec<AudienceKey> {
        if !self.role.reads() || self.assurance == Assurance::Invitation {
            return vec![AudienceKey::Public, AudienceKey::Person(self.person)];
        }
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
    /// Whether an organization keeps the hub or only takes part in it.
    pub enum Keeping {
        /// It keeps the hub: its administrators set up the hub for everybody.
        Keeper = "keeper",
        /// It takes part.
        Member = "member",
    }
}

words! {
    /// How surely a person was recognized, weakest first.
    pub enum Assurance {
        /// An API token of limited scope.
        Token = "token",
        /// An invitation, before the person has a way in of his own: good for making one, and for
        /// nothing else.
        Invitation = "invitation",
        /// A one-time link of the demo, valid while it runs.
        DemoLink = "demo-link",
        /// Password and a one-time code.
        TwoFactor = "two-factor",
        /// A passkey.
        Passkey = "passkey",
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::policy::permits;

    fn actor(role: Role) -> Actor {
        Actor {
            person: PersonId::from_random([1; 16]),
            membership: MembershipId::from_random([2; 16]),
            organization: OrganizationId::from_random([3; 16]),
            kind: OrganizationKind::Operator,
            keeping: Keeping::Member,
            role,
            tier: Tier::Ciso,
            clearance: Clearance::default(),
            purpose: "defense".parse().unwrap(),
            communities: vec![CommunityId::from_random([4; 16])],
            assurance: Assurance::Passkey,
            scope: None,
        }
    }

    #[test]
    fn who_reads_no_report_text_holds_no_key_of_the_organization() {
        for role in [Role::Administrator, Role::Auditor, Role::Custodian] {
            let own = [
                AudienceKey::Public,
                AudienceKey::Person(PersonId::from_random([1; 16])),
            ];
            assert_eq!(actor(role).keys(), own, "{role}");
        }
        assert_eq!(actor(Role::Staff).keys().len(), 6);
    }

    #[test]
    fn an_invitation_alone_permits_nothing() {
        let mut invited = actor(Role::DutyOfficer);
        invited.assurance = Assurance::Invitation;
        assert_eq!(invited.keys().len(), 2);
        assert!(!Action::ALL.iter().any(|action| permits(&invited, *action)));
    }

    #[test]
    fn a_token_narrows_a_role_and_never_widens_it() {
        let mut limited = actor(Role::DutyOfficer);
        limited.scope = Some([Action::Submit, Action::ManageHub].into());
        assert!(permits(&limited, Action::Submit));
        assert!(!permits(&limited, Action::Acknowledge));
        assert!(!permits(&limited, Action::ManageHub));
    }
}
