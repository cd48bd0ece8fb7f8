//! A small country: enough organizations for everything that must be kept apart.
//!
//! ```text
//! kitahama, minamino -> denryoku (CEPTOAR, three custodians) -> ministry -> center
//! aokawa             -> suido (CEPTOAR, none)                -> ministry
//! ```

use std::collections::{BTreeMap, BTreeSet};

use anyhow::Context as _;
use domain::id::{MembershipId, OrganizationId};
use domain::organization::{Clearance, CommunityKind, OrganizationKind, Role, Tier};
use domain::text::BoundedText;
use domain::time::Timestamp;
use hub::set_up::{
    Authority, Installer, KeyPair, LoginName, NewCommunity, NewCustodian, NewOrganization,
    NewPerson, NewPlace, SetUp, appoint_custodians, create_communities, create_organizations,
    enroll,
};
use hub::{Hub, Random};

/// Name and role of somebody in the country.
pub type Who = (&'static str, Role);

/// Who is where.
pub struct Country {
    /// Organizations by name.
    pub organizations: BTreeMap<&'static str, OrganizationId>,
    /// Places by name of the organization and role.
    pub places: BTreeMap<Who, MembershipId>,
}

/// Name, kind, and whom it reports to.
pub const ORGANIZATIONS: &[(&str, OrganizationKind, Option<&str>)] = &[
    ("center", OrganizationKind::NationalCenter, None),
    ("ministry", OrganizationKind::Ministry, Some("center")),
    ("denryoku", OrganizationKind::Ceptoar, Some("ministry")),
    ("suido", OrganizationKind::Ceptoar, Some("ministry")),
    ("kitahama", OrganizationKind::Operator, Some("denryoku")),
    ("minamino", OrganizationKind::Operator, Some("denryoku")),
    ("aokawa", OrganizationKind::Operator, Some("suido")),
    ("coordination", OrganizationKind::CoordinationCenter, None),
    ("police", OrganizationKind::Police, None),
    ("helpdesk", OrganizationKind::HelpDesk, None),
];

/// Roles that every organization has.
pub const ROLES: &[Role] = &[
    Role::Staff,
    Role::DutyOfficer,
    Role::Analyst,
    Role::Officer,
    Role::Administrator,
    Role::Auditor,
];

/// The roles of an organization; custodians sit where there are seals to keep, a
/// flow analyst at the carrier.
fn roles(name: &str) -> impl Iterator<Item = Role> + use<> {
    let keeper = (name == SEALS).then_some(Role::Custodian);
    let analyst = (name == CARRIER).then_some(Role::FlowAnalyst);
    ROLES.iter().copied().chain(keeper).chain(analyst)
}

/// The operator that looks for C&C servers in its flow records.
pub const CARRIER: &str = "kitahama";

/// The relay that has custodians.
pub(crate) const SEALS: &str = "denryoku";

/// Everybody in the country, in a fixed order.
pub fn everybody() -> Vec<Who> {
    let names = ORGANIZATIONS.iter().map(|(name, _, _)| *name);
    let people: BTreeSet<Who> = names
        .flat_map(|name| roles(name).map(move |role| (name, role)))
        .collect();
    people.into_iter().collect()
}

/// Names of the operators that report to `relay`.
pub fn members(relay: &str) -> BTreeSet<&'static str> {
    ORGANIZATIONS
        .iter()
        .filter(|(_, kind, above)| *kind == OrganizationKind::Operator && *above == Some(relay))
        .map(|(name, _, _)| *name)
        .collect()
}

/// Enters the country into an empty hub.
pub fn found(hub: &Hub, now: Timestamp, random: &Random) -> anyhow::Result<Country> {
    let console = Installer::local_console();
    let set_up = |label: &str| SetUp {
        authority: Authority::Console(&console),
        now,
        random: random.derive(label),
    };
    let mut organizations = BTreeMap::new();
    for (name, kind, above) in ORGANIZATIONS {
        let new = NewOrganization {
            kind: *kind,
            name_ja: BoundedText::parse(name)?,
            name_en: BoundedText::parse(name)?,
            sector: (*kind == OrganizationKind::Operator)
                .then(|| "electricity".parse())
                .transpose()?,
            ceptoar: None,
            prefecture: None,
            reports_to: above.and_then(|above| organizations.get(above).copied()),
            known_names: vec![],
        };
        let made = create_organizations(hub, &set_up(name), vec![new])?;
        organizations.insert(*name, *made.first().context("no organization was made")?);
    }
    let mut country = Country {
        organizations,
        places: BTreeMap::new(),
    };
    country.enroll_people(hub, &set_up)?;
    create_communities(hub, &set_up("communities"), country.communities()?)?;
    country.appoint(hub, &set_up("custodians"), random)?;
    Ok(country)
}

impl Country {
    fn enroll_people<'a>(
        &mut self,
        hub: &Hub,
        set_up: &dyn Fn(&str) -> SetUp<'a>,
    ) -> anyhow::Result<()> {
        let mut people = Vec::new();
        let mut keys = Vec::new();
        for (name, organization) in &self.organizations {
            for role in roles(name) {
                let login = format!("{}@{name}.example", role.word());
                people.push(NewPerson {
                    name: BoundedText::parse(&format!("{name} {}", role.word()))?,
                    login: LoginName::parse(&login)?,
                    mail: Some(BoundedText::parse(&login)?),
                    phone: None,
                    places: vec![NewPlace {
                        organization: *organization,
                        role,
                        tier: if role == Role::DutyOfficer {
                            Tier::OtStaff
                        } else {
                            Tier::Ciso
                        },
                        clearance: Clearance::default(),
                        call_order: None,
                    }],
                });
                keys.push((*name, role));
            }
        }
        let enrolled = enroll(hub, &set_up("people"), people)?;
        for (who, entry) in keys.into_iter().zip(enrolled) {
            self.places.insert(
                who,
                *entry
                    .memberships
                    .first()
                    .context("a person without a place")?,
            );
        }
        Ok(())
    }

    fn communities(&self) -> anyhow::Result<Vec<NewCommunity>> {
        let member = |name: &&str| self.organizations.get(name).copied();
        let community =
            |kind, secretariat: Option<&str>, members: &[&str]| -> anyhow::Result<NewCommunity> {
                Ok(NewCommunity {
                    kind,
                    code: None,
                    name_ja: BoundedText::parse("共同体")?,
                    name_en: BoundedText::parse("community")?,
                    secretariat: secretariat.and_then(|name| member(&name)),
                    members: members.iter().filter_map(member).collect(),
                })
            };
        Ok(vec![
            community(
                CommunityKind::CeptoarMembers,
                Some("denryoku"),
                &["kitahama", "minamino"],
            )?,
            community(CommunityKind::CeptoarMembers, Some("suido"), &["aokawa"])?,
            community(
                CommunityKind::ActionPlan,
                None,
                &["kitahama", "minamino", "aokawa"],
            )?,
        ])
    }

    fn appoint(&self, hub: &Hub, set_up: &SetUp<'_>, random: &Random) -> anyhow::Result<()> {
        let relay = *self.organizations.get(SEALS).context("no relay")?;
        let mut random = random.derive("custodian keys");
        let mut custodians = Vec::new();
        for slot in 1..=3 {
            custodians.push(NewCustodian {
                relay,
                slot,
                name: BoundedText::parse("鍵の保管者")?,
                public_key: KeyPair::generate(&mut random).public.to_string(),
            });
        }
        appoint_custodians(hub, set_up, custodians)?;
        Ok(())
    }

    /// Everybody, in a fixed order.
    pub fn everybody(&self) -> impl Iterator<Item = Who> + '_ {
        self.places.keys().copied()
    }
}
