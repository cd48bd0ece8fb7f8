use super::*;
use crate::actor::{Assurance, Keeping};
use crate::audience::AudienceKey;
use crate::handling::{Circle, Consent, Tlp};
use crate::id::{MembershipId, OrganizationId};
use crate::organization::{Clearance, OrganizationKind, Role, Tier};

fn actor() -> Actor {
    Actor {
        person: PersonId::from_random([1; 16]),
        membership: MembershipId::from_random([1; 16]),
        organization: OrganizationId::from_random([1; 16]),
        kind: OrganizationKind::Ministry,
        keeping: Keeping::Member,
        role: Role::Analyst,
        tier: Tier::Ciso,
        clearance: Clearance::from_level(1).unwrap(),
        purpose: "defense".parse().unwrap(),
        communities: vec![],
        assurance: Assurance::Passkey,
        scope: None,
    }
}

fn handling() -> Handling {
    Handling {
        tlp: Tlp::Amber,
        purposes: ["defense".parse().unwrap()].into(),
        circles: [Circle::Ministry].into(),
        expires_at: None,
        consent: Consent::Granted,
    }
}

fn grant() -> Audience {
    Audience {
        key: AudienceKey::Organization(OrganizationId::from_random([1; 16]), None),
        purpose: "defense".parse().unwrap(),
        clearance: Clearance::from_level(1).unwrap(),
        expires_at: Some(Timestamp::from_seconds(10)),
    }
}

fn seen(grant: Audience, at_seconds: i64) -> bool {
    let now = Timestamp::from_seconds(at_seconds);
    view(&actor(), Confidential::new("x"), handling(), &[grant], now).is_ok()
}

#[test]
fn a_fitting_grant_opens_the_gate() {
    assert!(seen(grant(), 9));
}

#[test]
fn one_misfit_keeps_it_shut() {
    assert!(!seen(grant(), 10), "expired");
    let other = OrganizationId::from_random([2; 16]);
    assert!(!seen(
        Audience {
            key: AudienceKey::Organization(other, None),
            ..grant()
        },
        9
    ));
    let executives = AudienceKey::Organization(actor().organization, Some(Tier::Executive));
    assert!(
        !seen(
            Audience {
                key: executives,
                ..grant()
            },
            9
        ),
        "another tier"
    );
    assert!(!seen(
        Audience {
            purpose: "supervision".parse().unwrap(),
            ..grant()
        },
        9
    ));
    let clearance = Clearance::from_level(2).unwrap();
    assert!(!seen(
        Audience {
            clearance,
            ..grant()
        },
        9
    ));
    assert_eq!(
        view(
            &actor(),
            Confidential::new("x"),
            handling(),
            &[],
            Timestamp::from_seconds(0)
        ),
        Err(Refused)
    );
}

#[test]
fn expired_terms_keep_it_shut_whatever_the_grant_says() {
    let terms = Handling {
        expires_at: Some(Timestamp::from_seconds(5)),
        ..handling()
    };
    let open = Audience {
        expires_at: None,
        ..grant()
    };
    let now = Timestamp::from_seconds(5);
    assert_eq!(
        view(&actor(), Confidential::new("x"), terms, &[open], now),
        Err(Refused)
    );
}

#[test]
fn a_release_needs_two_persons_and_never_widens() {
    let one = PersonId::from_random([1; 16]);
    let two = PersonId::from_random([2; 16]);
    assert_eq!(
        TwoPersons::approved(one, one),
        Err(ReleaseError::SamePerson)
    );
    let proof = TwoPersons::approved(one, two).unwrap();
    let body = || Confidential::new("x");
    assert!(release(proof, body(), &handling(), handling()).is_ok());
    let wider = Handling {
        tlp: Tlp::Green,
        ..handling()
    };
    assert!(matches!(
        release(proof, body(), &handling(), wider),
        Err(ReleaseError::Loosened(_))
    ));
    let nobody = Handling {
        circles: [].into(),
        ..handling()
    };
    assert_eq!(
        release(proof, body(), &handling(), nobody),
        Err(ReleaseError::ReachesNobody)
    );
}

/// What addressees write back is for the issuer's desk; a telephone number is for whoever has to
/// reach its owner.
#[test]
fn the_desk_that_issued_reads_the_answers_and_calls_those_it_reaches() {
    let desk = Actor {
        kind: OrganizationKind::Ceptoar,
        role: Role::Analyst,
        ..actor()
    };
    let (own, other) = (desk.organization, OrganizationId::from_random([9; 16]));
    let text = || Confidential::new("x");
    assert!(written_back(&desk, own, text()).is_ok());
    assert_eq!(written_back(&desk, other, text()), Err(Refused));
    let reached = [other].into();
    assert!(to_call(&desk, &reached, other, text()).is_ok());
    assert_eq!(to_call(&desk, &reached, own, text()), Err(Refused));
    let duty = Actor {
        role: Role::DutyOfficer,
        ..desk
    };
    assert_eq!(written_back(&duty, own, text()), Err(Refused));
    assert_eq!(to_call(&duty, &reached, other, text()), Err(Refused));
}

#[test]
fn debug_shows_the_label_only() {
    let seen = own(Confidential::new("源"));
    assert_eq!(format!("{seen:?}"), "Visible(TLP:RED)");
}
