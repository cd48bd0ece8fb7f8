//! The gate where seals and mailboxes are concerned: an opened identity, the reason for an opening,
//! what a source finds in its mailbox.

use std::collections::BTreeSet;

use super::{Refused, Visible};
use crate::actor::Actor;
use crate::confidential::Confidential;
use crate::handling::{Circle, Consent, Handling, Tlp};
use crate::id::{CustodianId, OrganizationId, PersonId, ReportId};
use crate::policy::{Action, permits};

/// Two different custodians agreed to an opening. Made only by [`TwoCustodians::agreed`].
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct TwoCustodians(());

/// Fewer than two custodians agreed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("two different custodians have to agree; fewer have")]
pub struct TooFewCustodians;

impl TwoCustodians {
    /// The proof that at least two of `agreed` are different.
    ///
    /// # Errors
    /// [`TooFewCustodians`].
    pub fn agreed(agreed: &[CustodianId]) -> Result<Self, TooFewCustodians> {
        let different: BTreeSet<&CustodianId> = agreed.iter().collect();
        if different.len() < 2 {
            return Err(TooFewCustodians);
        }
        Ok(Self(()))
    }
}

/// Whoever asks has shown the mailbox code of this report.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct MailboxHolder {
    report: ReportId,
}

impl MailboxHolder {
    /// The holder of the mailbox of `report`. Only the verb that looked a code up makes one.
    pub const fn of(report: ReportId) -> Self {
        Self { report }
    }

    /// The report whose mailbox it is.
    pub const fn report(&self) -> ReportId {
        self.report
    }
}

/// An opening, as far as the gate asks: who asked, for whom, and whose custodians keep the seal.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct OpeningParties {
    /// The person who asked.
    pub asked_by: PersonId,
    /// His organization.
    pub organization: OrganizationId,
    /// The relay whose custodians keep the seal.
    pub relay: OrganizationId,
}

/// Lets the one person who asked for an opening read what two custodians agreed to open.
///
/// # Errors
/// [`Refused`] for everybody else, colleagues included: the label is TLP:RED.
pub fn unsealed<T>(
    _proof: TwoCustodians,
    actor: &Actor,
    parties: &OpeningParties,
    content: Confidential<T>,
) -> Result<Visible<T>, Refused> {
    let asked = actor.person == parties.asked_by && actor.organization == parties.organization;
    if asked && permits(actor, Action::RequestOpening) {
        Ok(red(content, BTreeSet::new()))
    } else {
        Err(Refused)
    }
}

/// Lets those who ask and those who decide read why an opening is asked for.
///
/// # Errors
/// [`Refused`] for everybody else.
pub fn reason<T>(
    actor: &Actor,
    parties: &OpeningParties,
    content: Confidential<T>,
) -> Result<Visible<T>, Refused> {
    let asks = actor.organization == parties.organization && permits(actor, Action::RequestOpening);
    let decides = actor.organization == parties.relay && permits(actor, Action::ApproveOpening);
    if asks || decides {
        Ok(red(content, [Circle::Secretariat].into()))
    } else {
        Err(Refused)
    }
}

/// Lets the holder of a mailbox code read something about `report` that is meant for its source.
///
/// # Errors
/// [`Refused`] when it is about another report or not meant for the source.
pub fn to_mailbox<T>(
    holder: &MailboxHolder,
    report: ReportId,
    content: Confidential<T>,
    handling: Handling,
) -> Result<Visible<T>, Refused> {
    if holder.report == report && handling.circles.contains(&Circle::Source) {
        Ok(Visible {
            content: content.into_content(),
            handling,
        })
    } else {
        Err(Refused)
    }
}

/// Lets somebody of the organization that a report is filed under by name read something about it
/// that is meant for its source. The purpose he reads for does not matter: nothing is passed on.
///
/// # Errors
/// [`Refused`] for everybody else, and when it is not meant for the source.
pub fn to_source<T>(
    actor: &Actor,
    source: OrganizationId,
    content: Confidential<T>,
    handling: Handling,
) -> Result<Visible<T>, Refused> {
    let reads = permits(actor, Action::Submit) || permits(actor, Action::ReadReceipts);
    if actor.organization == source && reads && handling.circles.contains(&Circle::Source) {
        Ok(Visible {
            content: content.into_content(),
            handling,
        })
    } else {
        Err(Refused)
    }
}

fn red<T>(content: Confidential<T>, circles: BTreeSet<Circle>) -> Visible<T> {
    Visible {
        content: content.into_content(),
        handling: Handling {
            tlp: Tlp::Red,
            purposes: BTreeSet::new(),
            circles,
            expires_at: None,
            consent: Consent::Refused,
        },
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::actor::{Assurance, Keeping};
    use crate::id::MembershipId;
    use crate::organization::{Clearance, OrganizationKind, Role, Tier};

    fn actor(number: u8, organization: u8, kind: OrganizationKind, role: Role) -> Actor {
        Actor {
            person: PersonId::from_random([number; 16]),
            membership: MembershipId::from_random([number; 16]),
            organization: OrganizationId::from_random([organization; 16]),
            kind,
            keeping: Keeping::Member,
            role,
            tier: Tier::Ciso,
            clearance: Clearance::default(),
            purpose: "defense".parse().unwrap(),
            communities: vec![],
            assurance: Assurance::Passkey,
            scope: None,
        }
    }

    fn parties() -> OpeningParties {
        OpeningParties {
            asked_by: PersonId::from_random([1; 16]),
            organization: OrganizationId::from_random([9; 16]),
            relay: OrganizationId::from_random([8; 16]),
        }
    }

    #[test]
    fn the_identity_is_for_the_one_who_asked() {
        use OrganizationKind::{Ceptoar, Ministry};
        let custodians = [1, 2].map(|number| CustodianId::from_random([number; 16]));
        let proof = TwoCustodians::agreed(&custodians).unwrap();
        let read =
            |actor: &Actor| unsealed(proof, actor, &parties(), Confidential::new("who")).is_ok();
        assert!(read(&actor(1, 9, Ministry, Role::Officer)));
        assert!(!read(&actor(2, 9, Ministry, Role::Officer)), "a colleague");
        assert!(!read(&actor(1, 9, Ministry, Role::Analyst)), "another role");
        assert!(
            !read(&actor(1, 7, Ministry, Role::Officer)),
            "another place"
        );
        assert!(!read(&actor(3, 8, Ceptoar, Role::Custodian)), "a custodian");
    }

    #[test]
    fn one_custodian_twice_is_one() {
        let one = CustodianId::from_random([1; 16]);
        assert_eq!(TwoCustodians::agreed(&[one, one]), Err(TooFewCustodians));
    }

    #[test]
    fn the_reason_is_for_those_who_ask_and_those_who_decide() {
        use OrganizationKind::{Ceptoar, Ministry};
        let read = |actor: &Actor| reason(actor, &parties(), Confidential::new("why")).is_ok();
        assert!(read(&actor(2, 9, Ministry, Role::Officer)));
        assert!(read(&actor(3, 8, Ceptoar, Role::Custodian)));
        assert!(!read(&actor(3, 8, Ceptoar, Role::Analyst)));
        assert!(!read(&actor(3, 7, Ceptoar, Role::Custodian)));
    }

    #[test]
    fn a_question_is_for_the_organization_that_reported() {
        use OrganizationKind::{Ceptoar, Operator};
        let handling = |circles: &[Circle]| Handling {
            tlp: Tlp::Amber,
            purposes: BTreeSet::new(),
            circles: circles.iter().copied().collect(),
            expires_at: None,
            consent: Consent::Refused,
        };
        let source = OrganizationId::from_random([7; 16]);
        let read = |actor: &Actor, circles: &[Circle]| {
            to_source(actor, source, Confidential::new("x"), handling(circles)).is_ok()
        };
        let meant = [Circle::Source, Circle::Secretariat];
        assert!(read(&actor(1, 7, Operator, Role::Staff), &meant));
        assert!(!read(&actor(1, 7, Operator, Role::Auditor), &meant));
        assert!(!read(&actor(1, 6, Operator, Role::Officer), &meant));
        assert!(!read(&actor(1, 8, Ceptoar, Role::Officer), &meant));
        let other = [Circle::Secretariat, Circle::Ministry];
        assert!(!read(&actor(1, 7, Operator, Role::Officer), &other));
    }

    #[test]
    fn a_mailbox_opens_what_is_for_the_source_of_its_own_report() {
        let report = |number| ReportId::from_random([number; 16]);
        let handling = |circles: &[Circle]| Handling {
            tlp: Tlp::Amber,
            purposes: BTreeSet::new(),
            circles: circles.iter().copied().collect(),
            expires_at: None,
            consent: Consent::Refused,
        };
        let holder = MailboxHolder::of(report(1));
        let read = |about, circles: &[Circle]| {
            to_mailbox(&holder, about, Confidential::new("x"), handling(circles)).is_ok()
        };
        assert!(read(report(1), &[Circle::Source, Circle::Secretariat]));
        assert!(!read(report(2), &[Circle::Source]));
        assert!(!read(report(1), &[Circle::Secretariat]));
    }
}
