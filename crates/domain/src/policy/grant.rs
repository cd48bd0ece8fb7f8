//! Who may give whom a place: the lattice that keeps an administrator within his own organization.
//!
//! INVARIANT: nobody gives, changes or ends a place, or renews the ways in of a person, with a
//! privilege beyond what he administers (MISP CVE-2026-44380, `OpenCTI` CVE-2026-44730).

use super::{Action, Verdict, permits};
use crate::actor::{Actor, Keeping};
use crate::id::{OrganizationId, PersonId};
use crate::organization::Role;

/// A place somebody holds or is to hold.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Held {
    /// Where.
    pub organization: OrganizationId,
    /// As what.
    pub role: Role,
}

/// Whose organization a place is in, seen from who gives it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Reach {
    /// The giver's own.
    Own,
    /// Another.
    Other,
}

/// Whether an administrator gives places as `given` in an organization that is as near as `reach`.
///
/// An auditor reads the log of everyone and a custodian holds a share of sealed identities: both
/// reach beyond their organization, so that the administrator of the hub alone appoints them.
pub fn grant_verdict(keeping: Keeping, reach: Reach, given: Role) -> Verdict {
    let hub_wide = matches!(given, Role::Auditor | Role::Custodian);
    match (keeping, reach) {
        (Keeping::Keeper, _) => Verdict::Allow,
        (Keeping::Member, Reach::Own) if !hub_wide => Verdict::Allow,
        (Keeping::Member, _) => Verdict::Forbid,
    }
}

/// Whether `actor` may give, change or end that place.
pub fn may_grant(actor: &Actor, place: Held) -> bool {
    let reach = if place.organization == actor.organization {
        Reach::Own
    } else {
        Reach::Other
    };
    permits(actor, Action::ManageMembers)
        && grant_verdict(actor.keeping, reach, place.role) == Verdict::Allow
}

/// Whether `actor` may renew the ways in of a person who holds `places`: only if he might give each
/// of them, since a way in opens all of them. Nobody does it to himself; he has his settings.
pub fn may_reset(actor: &Actor, person: PersonId, places: &[Held]) -> bool {
    person != actor.person
        && !places.is_empty()
        && places.iter().all(|place| may_grant(actor, *place))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::actor::Assurance;
    use crate::id::MembershipId;
    use crate::organization::{Clearance, OrganizationKind as Kind, Tier};

    fn organization(number: u8) -> OrganizationId {
        OrganizationId::from_random([number; 16])
    }

    fn person(number: u8) -> PersonId {
        PersonId::from_random([number; 16])
    }

    fn actor(kind: Kind, keeping: Keeping, role: Role) -> Actor {
        Actor {
            person: person(1),
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
    fn the_lattice_over_every_kind_role_and_place() {
        for kind in Kind::ALL {
            for role in Role::ALL {
                for given in Role::ALL {
                    let place = |number| Held {
                        organization: organization(number),
                        role: *given,
                    };
                    let runs = *role == Role::Administrator;
                    let reaches_out = matches!(given, Role::Auditor | Role::Custodian);
                    let member = actor(*kind, Keeping::Member, *role);
                    assert_eq!(may_grant(&member, place(1)), runs && !reaches_out);
                    assert!(!may_grant(&member, place(2)), "{kind} {role} {given}");
                    let keeper = actor(*kind, Keeping::Keeper, *role);
                    assert_eq!(may_grant(&keeper, place(1)), runs);
                    assert_eq!(may_grant(&keeper, place(2)), runs, "{kind} {role} {given}");
                    assert_eq!(permits(&keeper, Action::ManageHub), runs);
                    assert!(!permits(&member, Action::ManageHub));
                }
            }
        }
    }

    #[test]
    fn a_person_with_a_place_beyond_is_out_of_reach() {
        let administrator = actor(Kind::Operator, Keeping::Member, Role::Administrator);
        let held = |number, role| Held {
            organization: organization(number),
            role,
        };
        let own = held(1, Role::Officer);
        assert!(may_reset(&administrator, person(2), &[own]));
        for beyond in [
            held(1, Role::Auditor),
            held(1, Role::Custodian),
            held(2, Role::Staff),
        ] {
            assert!(!may_reset(&administrator, person(2), &[own, beyond]));
        }
        assert!(!may_reset(&administrator, person(1), &[own]));
        assert!(!may_reset(&administrator, person(2), &[]));
    }
}
