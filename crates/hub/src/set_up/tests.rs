use std::sync::Arc;

use domain::actor::{Assurance, Keeping};
use domain::id::{MembershipId, PersonId};
use domain::organization::{Clearance, Role, Tier};
use seal::object::MasterKey;
use seal::secret::password::Cost;
use store::keyring::Keyring;
use store::{Location, Store};

use super::*;
use crate::sign_in;

fn random(label: &str) -> Random {
    Random::from_seed([9; 32]).derive(label)
}

fn hub() -> Hub {
    let ring = Keyring::new("test-hub", MasterKey::generate(&mut random("master")));
    let store = Store::open(&Location::Memory, ring).unwrap();
    Hub::new(store, Arc::new(ReferenceData::default()), Cost::Test)
}

fn set_up<'a>(authority: Authority<'a>, label: &str) -> SetUp<'a> {
    SetUp {
        authority,
        now: Timestamp::from_seconds(1_000),
        random: random(label),
    }
}

fn name(text: &str) -> Name {
    Name::parse(text).unwrap()
}

fn organization(kind: OrganizationKind) -> NewOrganization {
    NewOrganization {
        kind,
        name_ja: name("北浜電力"),
        name_en: name("Kitahama Electric"),
        sector: None,
        ceptoar: None,
        prefecture: None,
        reports_to: None,
        known_names: vec![name("kitahama.example")],
    }
}

#[test]
fn a_store_keeps_its_mark() {
    let (hub, installer) = (hub(), Installer::local_console());
    let console = Authority::Console(&installer);
    assert_eq!(store_kind(&hub).unwrap(), None);
    mark_store(&hub, &set_up(console, "a"), StoreKind::Demo).unwrap();
    mark_store(&hub, &set_up(console, "b"), StoreKind::Demo).unwrap();
    assert_eq!(store_kind(&hub).unwrap(), Some(StoreKind::Demo));
    assert!(matches!(
        mark_store(&hub, &set_up(console, "c"), StoreKind::Real),
        Err(SetUpError::OtherKind(StoreKind::Demo))
    ));
}

#[test]
fn a_store_in_use_cannot_become_a_demo() {
    let (hub, installer) = (hub(), Installer::local_console());
    let console = Authority::Console(&installer);
    create_organizations(
        &hub,
        &set_up(console, "a"),
        vec![organization(OrganizationKind::Isac)],
    )
    .unwrap();
    assert!(matches!(
        mark_store(&hub, &set_up(console, "b"), StoreKind::Demo),
        Err(SetUpError::NotEmpty)
    ));
    mark_store(&hub, &set_up(console, "c"), StoreKind::Real).unwrap();
}

#[test]
fn a_person_enrolled_signs_in_by_link() {
    let (hub, installer) = (hub(), Installer::local_console());
    let console = Authority::Console(&installer);
    let organizations = create_organizations(
        &hub,
        &set_up(console, "a"),
        vec![organization(OrganizationKind::Operator)],
    )
    .unwrap();
    let person = NewPerson {
        name: name("佐藤 光"),
        login: LoginName::parse("sato@kitahama.example").unwrap(),
        mail: None,
        phone: None,
        places: vec![NewPlace {
            organization: organizations[0],
            role: Role::DutyOfficer,
            tier: Tier::SystemStaff,
            clearance: Clearance::default(),
            call_order: Some(1),
        }],
    };
    let enrolled = enroll(&hub, &set_up(console, "b"), vec![person.clone()]).unwrap();
    let places = enrolled[0].memberships.clone();
    let later = Timestamp::from_seconds(5_000);
    let links = sign_in_links(&hub, &set_up(console, "c"), places.clone(), later).unwrap();
    let now = Timestamp::from_seconds(2_000);
    let begun = sign_in::by_link(&hub, &links[0], now, &random("d")).unwrap();
    let resumed = sign_in::resume(&hub, &begun.secret, now).unwrap();
    assert_eq!(resumed.actor.membership, places[0]);
    assert_eq!(resumed.actor.kind, OrganizationKind::Operator);
    assert_eq!(resumed.actor.assurance, Assurance::DemoLink);
    assert!(matches!(
        enroll(&hub, &set_up(console, "e"), vec![person]),
        Err(SetUpError::LoginTaken(_))
    ));
}

#[test]
fn only_the_centers_administrator_sets_up_the_hub() {
    let hub = hub();
    let mut actor = Actor {
        person: PersonId::from_random([1; 16]),
        membership: MembershipId::from_random([2; 16]),
        organization: OrganizationId::from_random([3; 16]),
        kind: OrganizationKind::NationalCenter,
        keeping: Keeping::Keeper,
        role: Role::Administrator,
        tier: Tier::Ciso,
        clearance: Clearance::default(),
        purpose: "defense".parse().unwrap(),
        communities: Vec::new(),
        assurance: Assurance::Passkey,
        scope: None,
    };
    let create = |actor: &Actor, label| {
        let kind = OrganizationKind::Ministry;
        create_organizations(
            &hub,
            &set_up(Authority::Member(actor), label),
            vec![organization(kind)],
        )
    };
    assert_eq!(create(&actor, "a").unwrap().len(), 1);
    for (keeping, role) in [
        (Keeping::Member, Role::Administrator),
        (Keeping::Keeper, Role::Officer),
        (Keeping::Keeper, Role::Auditor),
    ] {
        (actor.keeping, actor.role) = (keeping, role);
        assert!(matches!(create(&actor, "b"), Err(SetUpError::NotPermitted)));
    }
}

#[test]
fn a_code_outside_the_lists_and_a_key_that_is_none_are_refused() {
    let (hub, installer) = (hub(), Installer::local_console());
    let console = Authority::Console(&installer);
    let mut new = organization(OrganizationKind::Operator);
    new.sector = Some("no-such-sector".parse().unwrap());
    assert!(matches!(
        create_organizations(&hub, &set_up(console, "a"), vec![new]),
        Err(SetUpError::UnknownCode {
            list: "sectors",
            ..
        })
    ));
    let relay = OrganizationId::from_random([3; 16]);
    let mut new = NewCustodian {
        relay,
        slot: 1,
        name: name("事務局長"),
        public_key: "noroshi-pk1:none".to_owned(),
    };
    let appoint =
        |new: &NewCustodian| appoint_custodians(&hub, &set_up(console, "b"), vec![new.clone()]);
    assert!(matches!(appoint(&new), Err(SetUpError::NotAKey(_))));
    new.slot = 4;
    assert!(matches!(appoint(&new), Err(SetUpError::NoSlot(4))));
}
