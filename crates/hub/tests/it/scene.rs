//! A small country: enough organizations and people to play a story.
//!
//! ```text
//! kitahama, minamino (operators) -> denryoku (CEPTOAR) -> ministry -> center
//! aokawa (operator)              -> suido (CEPTOAR)    -> ministry
//! ```

use std::cell::Cell;
use std::collections::BTreeMap;
use std::sync::Arc;

use domain::actor::{Actor, Assurance};
use domain::confidential::Confidential;
use domain::handling::{Circle, Consent, Tlp};
use domain::id::{MembershipId, OrganizationId};
use domain::organization::{Clearance, CommunityKind, OrganizationKind, Role, Tier};
use domain::part::PartBody;
use domain::part::field::{Field, Value};
use domain::report::filing::{Filing, Terms};
use domain::report::{Custody, Edition, ReportKind};
use domain::text::BoundedText;
use domain::time::Timestamp;
use hub::set_up::{
    Authority, Installer, LoginName, NewCommunity, NewCustodian, NewOrganization, NewPerson,
    NewPlace, SetUp, appoint_custodians, create_communities, create_organizations, enroll,
};
use hub::{Call, Hub, Random};
use seal::envelope::{KeyPair, SecretKey};
use seal::object::MasterKey;
use seal::secret::password::Cost;
use store::keyring::Keyring;
use store::{Location, Store};

/// The country, its clock and its randomness.
pub(crate) struct Scene {
    pub(crate) hub: Hub,
    /// What the hub stands on, for looking behind its back.
    pub(crate) store: Store,
    organizations: BTreeMap<&'static str, OrganizationId>,
    people: BTreeMap<(&'static str, Role), MembershipId>,
    /// Secret keys of the custodians of `denryoku`.
    pub(crate) custodians: Vec<SecretKey>,
    pub(crate) now: Cell<Timestamp>,
    calls: Cell<u64>,
}

const ORGANIZATIONS: &[(&str, OrganizationKind, Option<&str>)] = &[
    ("center", OrganizationKind::NationalCenter, None),
    ("ministry", OrganizationKind::Ministry, Some("center")),
    ("denryoku", OrganizationKind::Ceptoar, Some("ministry")),
    ("suido", OrganizationKind::Ceptoar, Some("ministry")),
    ("kitahama", OrganizationKind::Operator, Some("denryoku")),
    ("minamino", OrganizationKind::Operator, Some("denryoku")),
    ("aokawa", OrganizationKind::Operator, Some("suido")),
    ("coordination", OrganizationKind::CoordinationCenter, None),
];

const ROLES: &[Role] = &[
    Role::Staff,
    Role::DutyOfficer,
    Role::Analyst,
    Role::Officer,
    Role::Administrator,
    Role::Auditor,
    Role::Custodian,
    Role::FlowAnalyst,
];

impl Scene {
    /// The country at its start, 2026-10-01 09:00 in Japan.
    pub(crate) fn new() -> Self {
        Self::on(&Location::Memory)
    }

    /// The same on a store of its own at `location`.
    pub(crate) fn on(location: &Location) -> Self {
        let random = Random::from_seed([11; 32]);
        let keyring = Keyring::new(
            "hub.test",
            MasterKey::generate(&mut random.derive("master")),
        );
        let store = Store::open(location, keyring).unwrap();
        let hub = Hub::new(
            store.clone(),
            Arc::new(exchange::reference::shipped().unwrap()),
            Cost::Test,
        );
        let mut scene = Self {
            hub,
            store,
            organizations: BTreeMap::new(),
            people: BTreeMap::new(),
            custodians: Vec::new(),
            now: Cell::new(Timestamp::from_seconds(1_790_812_800)),
            calls: Cell::new(0),
        };
        scene.found_organizations();
        scene.enroll_people();
        scene.appoint();
        scene
    }

    /// The person with `role` in the organization called `name`, reading for defense.
    pub(crate) fn actor(&self, name: &'static str, role: Role) -> Actor {
        let membership = self.people[&(name, role)];
        hub::sign_in::actor_of(
            &self.hub,
            membership,
            "defense".parse().unwrap(),
            Assurance::Passkey,
            self.now.get(),
        )
        .unwrap()
    }

    /// The organization called `name`.
    pub(crate) fn organization(&self, name: &'static str) -> OrganizationId {
        self.organizations[name]
    }

    /// A call by `actor` now, with randomness of its own.
    pub(crate) fn call<'a>(&self, actor: &'a Actor) -> Call<'a> {
        self.calls.set(self.calls.get() + 1);
        let random = Random::from_seed([12; 32]).derive(&self.calls.get().to_string());
        Call {
            actor,
            now: self.now.get(),
            random,
        }
    }

    /// Randomness for a call of somebody who has not signed in.
    pub(crate) fn random(&self) -> Random {
        self.calls.set(self.calls.get() + 1);
        Random::from_seed([15; 32]).derive(&self.calls.get().to_string())
    }

    /// Lets time pass.
    pub(crate) fn advance(&self, seconds: i64) {
        self.now.set(self.now.get().plus_seconds(seconds));
    }

    pub(crate) fn set_up<'a>(&self, authority: Authority<'a>) -> SetUp<'a> {
        self.calls.set(self.calls.get() + 1);
        let random = Random::from_seed([13; 32]).derive(&self.calls.get().to_string());
        SetUp {
            authority,
            now: self.now.get(),
            random,
        }
    }

    fn found_organizations(&mut self) {
        let console = Installer::local_console();
        for (name, kind, above) in ORGANIZATIONS {
            let new = NewOrganization {
                kind: *kind,
                name_ja: BoundedText::parse(name).unwrap(),
                name_en: BoundedText::parse(name).unwrap(),
                sector: matches!(kind, OrganizationKind::Operator)
                    .then(|| "electricity".parse().unwrap()),
                ceptoar: None,
                prefecture: None,
                reports_to: above.map(|above| self.organizations[above]),
                known_names: vec![],
            };
            let made = create_organizations(
                &self.hub,
                &self.set_up(Authority::Console(&console)),
                vec![new],
            );
            self.organizations.insert(*name, made.unwrap()[0]);
        }
        let community = |kind, secretariat: Option<&str>, members: &[&str]| NewCommunity {
            kind,
            code: None,
            name_ja: BoundedText::parse("共同体").unwrap(),
            name_en: BoundedText::parse("community").unwrap(),
            secretariat: secretariat.map(|name| self.organizations[name]),
            members: members
                .iter()
                .map(|name| self.organizations[name])
                .collect(),
        };
        let communities = vec![
            community(
                CommunityKind::CeptoarMembers,
                Some("denryoku"),
                &["kitahama", "minamino"],
            ),
            community(CommunityKind::CeptoarMembers, Some("suido"), &["aokawa"]),
            community(
                CommunityKind::ActionPlan,
                None,
                &["kitahama", "minamino", "aokawa"],
            ),
        ];
        create_communities(
            &self.hub,
            &self.set_up(Authority::Console(&console)),
            communities,
        )
        .unwrap();
    }

    fn enroll_people(&mut self) {
        let console = Installer::local_console();
        for (name, ..) in ORGANIZATIONS {
            for role in ROLES {
                let login = format!("{}@{name}.example", role.word());
                let new = NewPerson {
                    name: BoundedText::parse(role.word()).unwrap(),
                    login: LoginName::parse(&login).unwrap(),
                    mail: Some(BoundedText::parse(&login).unwrap()),
                    phone: None,
                    places: vec![NewPlace {
                        organization: self.organizations[name],
                        role: *role,
                        tier: Tier::Ciso,
                        clearance: Clearance::default(),
                        call_order: None,
                    }],
                };
                let made = enroll(
                    &self.hub,
                    &self.set_up(Authority::Console(&console)),
                    vec![new],
                )
                .unwrap();
                self.people.insert((*name, *role), made[0].memberships[0]);
            }
        }
    }

    fn appoint(&mut self) {
        let console = Installer::local_console();
        let mut random = Random::from_seed([14; 32]);
        for slot in 1..=3 {
            let pair = KeyPair::generate(&mut random);
            let new = NewCustodian {
                relay: self.organizations["denryoku"],
                slot,
                name: BoundedText::parse("鍵の保管者").unwrap(),
                public_key: pair.public.to_string(),
            };
            appoint_custodians(
                &self.hub,
                &self.set_up(Authority::Console(&console)),
                vec![new],
            )
            .unwrap();
            self.custodians.push(pair.secret);
        }
    }
}

/// An incident report with `narrative`, that may go to ministry and center.
pub(crate) fn incident(custody: Custody, narrative: &str) -> Filing {
    let text = |field, text: &str| (field, Value::text(field, text).unwrap());
    let answers = BTreeMap::from([
        text(Field::Organization, "北浜電力"),
        text(Field::Systems, "監視端末"),
        text(Field::Narrative, narrative),
        (
            Field::EventTypes,
            Value::Codes(["malware-infection".parse().unwrap()].into()),
        ),
        (
            Field::Sector,
            Value::Codes(["electricity".parse().unwrap()].into()),
        ),
        (Field::DetectedAt, Value::Unknown),
    ]);
    Filing {
        kind: ReportKind::Incident,
        custody,
        edition: Edition::First,
        answers: Confidential::new(PartBody::new(answers)),
        terms: Terms {
            tlp: Tlp::Amber,
            purposes: ["defense".parse().unwrap()].into(),
            circles: [Circle::Ministry, Circle::NationalCenter].into(),
            consent: Consent::Granted,
        },
    }
}
