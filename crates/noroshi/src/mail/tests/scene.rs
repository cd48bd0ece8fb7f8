//! A CEPTOAR with one operator, whose people have the given addresses.

use std::collections::BTreeMap;
use std::sync::Arc;

use domain::actor::{Actor, Assurance};
use domain::advisory::AdvisoryKind;
use domain::advisory::chosen::Chosen;
use domain::advisory::delivery::{DeliveryState, Failure};
use domain::confidential::Confidential;
use domain::handling::Tlp;
use domain::id::{MembershipId, OrganizationId};
use domain::organization::{Clearance, OrganizationKind, Post, Role, Tier};
use domain::part::PartBody;
use domain::part::field::{Field, Value};
use domain::text::BoundedText;
use hub::compose::{Writing, propose, save};
use hub::deliver::{MailRelay, note_relay};
use hub::invite::{NewInvitation, Way, WrittenIn, invite};
use hub::issue::issue;
use hub::set_up::{
    Authority, Installer, LoginName, NewOrganization, NewPerson, NewPlace, SetUp,
    create_organizations, enroll,
};
use hub::{Call, Hub, Random};
use seal::object::MasterKey;
use seal::secret::password::Cost;
use store::keyring::Keyring;
use store::{Location, Store};

use crate::ambient;

/// The title of the advisory, which must not travel by mail.
pub(super) const TITLE: &str = "VPN gateways";

pub(super) struct Scene {
    pub(super) hub: Hub,
    store: Store,
    author: Actor,
    officer: Actor,
    operator: OrganizationId,
}

impl Scene {
    pub(super) fn with_people(addresses: &[&str]) -> Self {
        let keyring = Keyring::new("hub.test", MasterKey::generate(&mut random("master")));
        let store = Store::open(&Location::Memory, keyring).unwrap();
        let reference = Arc::new(exchange::reference::shipped().unwrap());
        let hub = Hub::new(store.clone(), reference, Cost::Test);
        let relay = organization(&hub, OrganizationKind::Ceptoar, None);
        let operator = organization(&hub, OrganizationKind::Operator, Some(relay));
        let place = |login: &str, organization, role| person(&hub, login, organization, role);
        let author = place("author@denryoku.example", relay, Role::Analyst);
        let officer = place("officer@denryoku.example", relay, Role::Officer);
        for address in addresses {
            place(address, operator, Role::DutyOfficer);
        }
        Self {
            author: actor(&hub, author),
            officer: actor(&hub, officer),
            operator,
            store,
            hub,
        }
    }

    /// Issues an advisory to the operator's CISO tier.
    pub(super) fn issue(&self) {
        let text = |field, text: &str| (field, Value::text(field, text).unwrap());
        let writing = Writing {
            kind: AdvisoryKind::Alert,
            grade: "outside-act".parse().unwrap(),
            body: Confidential::new(PartBody::new(BTreeMap::from([
                text(Field::Title, TITLE),
                text(Field::Gist, "gist"),
                text(Field::ActionCiso, "check"),
            ]))),
            chosen: [Chosen::Organization(self.operator, Tier::Ciso)].into(),
            dues: [(Tier::Ciso, ambient::now().plus_seconds(7_200))].into(),
            tlp: Tlp::Amber,
            purposes: ["defense".parse().unwrap()].into(),
            reports: [].into(),
        };
        let id = save(&self.hub, &call(&self.author, "save"), None, writing).unwrap();
        propose(&self.hub, &call(&self.author, "propose"), id).unwrap();
        issue(&self.hub, &call(&self.officer, "issue"), id, 1).unwrap();
    }

    /// Invites somebody into the operator, by its administrator, through a configured relay.
    pub(super) fn invite(&self, mail: &str) {
        let now = ambient::now();
        note_relay(&self.hub, MailRelay::Configured, now, random("relay")).unwrap();
        let login = "administrator@kitahama.example";
        let place = person(&self.hub, login, self.operator, Role::Administrator);
        let administrator = actor(&self.hub, place);
        let new = NewInvitation {
            organization: self.operator,
            name: BoundedText::parse("guest").unwrap(),
            mail: Some(BoundedText::parse(mail).unwrap()),
            language: WrittenIn::English,
            posts: vec![Post {
                role: Role::Staff,
                tier: Tier::Ciso,
            }],
        };
        let made = invite(&self.hub, &call(&administrator, "invite"), new).unwrap();
        assert_eq!(made.way, Way::ByMail);
    }

    /// Where each delivery stands.
    pub(super) fn states(&self) -> Vec<(DeliveryState, Option<Failure>)> {
        self.store
            .read::<_, store::StoreError>(|reader| {
                let mut states = Vec::new();
                for row in store::organization::of_kind(reader, OrganizationKind::Ceptoar)? {
                    for advisory in store::advisory::issued_by(reader, row.id, None, 9)? {
                        let rows = store::delivery::of_advisory(reader, advisory.advisory.id)?;
                        states.extend(
                            rows.into_iter()
                                .map(|row| (row.tries.state, row.tries.failure)),
                        );
                    }
                }
                Ok(states)
            })
            .unwrap()
    }
}

fn random(label: &str) -> Random {
    Random::from_seed([3; 32]).derive(label)
}

fn call<'a>(actor: &'a Actor, label: &str) -> Call<'a> {
    Call {
        actor,
        now: ambient::now(),
        random: random(label),
    }
}

fn organization(
    hub: &Hub,
    kind: OrganizationKind,
    reports_to: Option<OrganizationId>,
) -> OrganizationId {
    let console = Installer::local_console();
    let set_up = SetUp {
        authority: Authority::Console(&console),
        now: ambient::now(),
        random: random(kind.word()),
    };
    let new = NewOrganization {
        kind,
        name_ja: BoundedText::parse(kind.word()).unwrap(),
        name_en: BoundedText::parse(kind.word()).unwrap(),
        sector: None,
        ceptoar: None,
        prefecture: None,
        reports_to,
        known_names: vec![],
    };
    create_organizations(hub, &set_up, vec![new]).unwrap()[0]
}

fn person(hub: &Hub, login: &str, organization: OrganizationId, role: Role) -> MembershipId {
    let console = Installer::local_console();
    let set_up = SetUp {
        authority: Authority::Console(&console),
        now: ambient::now(),
        random: random(login),
    };
    let new = NewPerson {
        name: BoundedText::parse("name").unwrap(),
        login: LoginName::parse(login).unwrap(),
        mail: Some(BoundedText::parse(login).unwrap()),
        phone: None,
        places: vec![NewPlace {
            organization,
            role,
            tier: Tier::Ciso,
            clearance: Clearance::default(),
            call_order: None,
        }],
    };
    enroll(hub, &set_up, vec![new]).unwrap()[0].memberships[0]
}

fn actor(hub: &Hub, membership: MembershipId) -> Actor {
    let purpose = "defense".parse().unwrap();
    hub::sign_in::actor_of(hub, membership, purpose, Assurance::Passkey, ambient::now()).unwrap()
}
