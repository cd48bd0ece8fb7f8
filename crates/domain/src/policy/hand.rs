//! By which right somebody has to do with a membership in a community.
//!
//! Which right is enough for what is the regime's rule, a row of the reference data; which rights
//! somebody has is decided here.

use std::collections::BTreeSet;

use super::{Action, permits};
use crate::actor::Actor;
use crate::id::OrganizationId;
use crate::word::words;

words! {
    /// A right over memberships in a community.
    pub enum Hand {
        /// Sets up the hub, for everybody.
        Keeper = "keeper",
        /// Runs the community for its secretariat.
        Secretariat = "secretariat",
        /// Runs the organization whose membership it is.
        Member = "member",
    }
}

/// The rights that `actor` has over the membership of `member` in a community of `secretariat`.
pub fn hands(
    actor: &Actor,
    secretariat: Option<OrganizationId>,
    member: OrganizationId,
) -> BTreeSet<Hand> {
    let mut hands = BTreeSet::new();
    if permits(actor, Action::ManageHub) {
        hands.insert(Hand::Keeper);
    }
    if secretariat == Some(actor.organization) && permits(actor, Action::RunCommunity) {
        hands.insert(Hand::Secretariat);
    }
    if member == actor.organization && permits(actor, Action::ManageMembers) {
        hands.insert(Hand::Member);
    }
    hands
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::actor::{Assurance, Keeping};
    use crate::id::{MembershipId, PersonId};
    use crate::organization::{Clearance, OrganizationKind as Kind, Role, Tier};

    fn organization(number: u8) -> OrganizationId {
        OrganizationId::from_random([number; 16])
    }

    fn actor(kind: Kind, keeping: Keeping, role: Role) -> Actor {
        Actor {
            person: PersonId::from_random([1; 16]),
            membership: MembershipId::from_random([2; 16]),
            organization: organization(1),
            kind,
            keeping,
            role,
            tier: Tier::Ciso,
            clearance: Clearance::default(),
            purpose: "defense".parse().unwrap(),
            communities: vec![],
            assurance: Assurance::Passkey,
            scope: None,
        }
    }

    #[test]
    fn the_rights_over_every_kind_and_role() {
        let (own, other) = (organization(1), organization(2));
        for kind in Kind::ALL {
            for role in Role::ALL {
                let runs = *role == Role::Administrator;
                let leads = runs && matches!(kind, Kind::Ceptoar | Kind::Isac | Kind::HelpDesk);
                let member = actor(*kind, Keeping::Member, *role);
                let has = |secretariat, of, hand| hands(&member, secretariat, of).contains(&hand);
                assert_eq!(
                    has(Some(own), other, Hand::Secretariat),
                    leads,
                    "{kind} {role}"
                );
                assert!(!has(Some(other), other, Hand::Secretariat));
                assert!(!has(None, other, Hand::Secretariat));
                assert_eq!(has(None, own, Hand::Member), runs);
                assert!(!has(Some(own), other, Hand::Member));
                assert!(!has(Some(own), own, Hand::Keeper));
                let keeper = actor(*kind, Keeping::Keeper, *role);
                let keeps = hands(&keeper, None, other).contains(&Hand::Keeper);
                assert_eq!(keeps, runs, "{kind} {role}");
            }
        }
    }
}
