//! Entering organizations, communities, people and custodians, and making the roles' links.

use std::collections::BTreeMap;

use domain::actor::{Actor, Assurance, Keeping};
use domain::id::{CommunityId, MembershipId, OrganizationId};
use domain::organization::{Clearance, OrganizationKind, Role};
use domain::text::BoundedText;
use domain::word::Code;
use hub::set_up::{
    Authority, Installer, KeyPair, LoginName, Name, NewCommunity, NewCustodian, NewOrganization,
    NewPerson, NewPlace, SetUp, StoreKind, appoint_custodians, create_communities,
    create_organizations, enroll, mark_store, sign_in_links,
};

use super::{BuildError, CustodianKey, Register, SignIn, Stage, Step};
use crate::plan::{PlannedOrganization, PlannedPerson};

/// How long a demo's link is valid, in seconds: longer than any demo runs.
const LINK_SECONDS: i64 = 3_650 * domain::time::DAY_SECONDS;

/// Enters everyone, each kind in one transaction.
pub(super) fn enter(stage: &mut Stage<'_>) -> Result<Register, BuildError> {
    let installer = Installer::local_console();
    mark_store(
        stage.hub,
        &stage.set_up(&installer, "mark"),
        StoreKind::Demo,
    )?;
    let total = stage.plan.organizations.len() + stage.plan.people.len();
    stage.report(Step::Register, 0, total);
    let organizations = organizations(stage, &installer)?;
    let communities = communities(stage, &installer, &organizations)?;
    stage.report(Step::Register, organizations.len(), total);
    let custodian_keys = custodians(stage, &installer, &organizations)?;
    let actors = people(stage, &installer, &organizations, &communities)?;
    stage.report(Step::Register, total, total);
    let superiors = stage
        .plan
        .organizations
        .iter()
        .zip(&organizations)
        .filter_map(|(planned, id)| Some((*id, *organizations.get(planned.reports_to?)?)))
        .collect();
    Ok(Register {
        organizations,
        communities,
        actors,
        superiors,
        custodian_keys,
    })
}

/// Makes a sign-in link for each role.
pub(super) fn links(
    stage: &mut Stage<'_>,
    register: &Register,
) -> Result<BTreeMap<&'static str, SignIn>, BuildError> {
    let installer = Installer::local_console();
    let mut set_up = stage.set_up(&installer, "links");
    set_up.now = stage.now;
    let mut places: Vec<(&'static str, MembershipId, OrganizationId)> = Vec::new();
    for (role, person) in &stage.plan.roles {
        let actor = register
            .actors
            .get(*person)
            .ok_or(BuildError::Missing("person"))?;
        places.push((role, actor.membership, actor.organization));
    }
    let memberships = places
        .iter()
        .map(|(_, membership, _)| *membership)
        .collect();
    let expires_at = stage.now.plus_seconds(LINK_SECONDS);
    let secrets = sign_in_links(stage.hub, &set_up, memberships, expires_at)?;
    stage.report(Step::Links, places.len(), places.len());
    Ok(places
        .into_iter()
        .zip(secrets)
        .map(|((role, membership, organization), secret)| {
            let sign_in = SignIn {
                membership,
                organization,
                secret,
            };
            (role, sign_in)
        })
        .collect())
}

impl Stage<'_> {
    fn set_up<'i>(&self, installer: &'i Installer, label: &str) -> SetUp<'i> {
        SetUp {
            authority: Authority::Console(installer),
            now: self.register_at(),
            random: self.random.derive("register").derive(label),
        }
    }
}

/// The plan lists whoever others report to first, so each round enters those whose superior has
/// an id by now.
fn organizations(
    stage: &Stage<'_>,
    installer: &Installer,
) -> Result<Vec<OrganizationId>, BuildError> {
    let planned = &stage.plan.organizations;
    let mut ids: BTreeMap<usize, OrganizationId> = BTreeMap::new();
    for round in 0..planned.len() {
        let ready: Vec<(usize, &PlannedOrganization)> = planned
            .iter()
            .enumerate()
            .filter(|(at, row)| {
                !ids.contains_key(at) && row.reports_to.is_none_or(|to| ids.contains_key(&to))
            })
            .collect();
        if ready.is_empty() {
            break;
        }
        let rows = ready
            .iter()
            .map(|(_, row)| new_organization(row, row.reports_to.and_then(|to| ids.get(&to))))
            .collect::<Result<Vec<_>, _>>()?;
        let set_up = stage.set_up(installer, &format!("organizations/{round}"));
        let entered = create_organizations(stage.hub, &set_up, rows)?;
        ids.extend(ready.into_iter().map(|(at, _)| at).zip(entered));
    }
    if ids.len() == planned.len() {
        Ok(ids.into_values().collect())
    } else {
        Err(BuildError::Missing("superior organization"))
    }
}

fn new_organization(
    planned: &PlannedOrganization,
    reports_to: Option<&OrganizationId>,
) -> Result<NewOrganization, BuildError> {
    let mut known_names = vec![
        Name::parse(&planned.short_ja)?,
        Name::parse(&planned.short_en)?,
    ];
    known_names.push(Name::parse(&planned.domain)?);
    Ok(NewOrganization {
        kind: planned.kind,
        name_ja: Name::parse(&planned.name_ja)?,
        name_en: Name::parse(&planned.name_en)?,
        sector: code(planned.sector.as_deref())?,
        ceptoar: code(planned.ceptoar.as_deref())?,
        prefecture: code(planned.prefecture.as_deref())?,
        reports_to: reports_to.copied(),
        known_names,
    })
}

fn communities(
    stage: &Stage<'_>,
    installer: &Installer,
    organizations: &[OrganizationId],
) -> Result<Vec<CommunityId>, BuildError> {
    let rows = stage
        .plan
        .communities
        .iter()
        .map(|planned| {
            Ok(NewCommunity {
                kind: planned.kind,
                code: code(planned.code.as_deref())?,
                name_ja: Name::parse(&planned.name_ja)?,
                name_en: Name::parse(&planned.name_en)?,
                secretariat: planned
                    .secretariat
                    .map(|at| organization(organizations, at))
                    .transpose()?,
                members: planned
                    .members
                    .iter()
                    .map(|at| organization(organizations, *at))
                    .collect::<Result<_, _>>()?,
            })
        })
        .collect::<Result<Vec<_>, BuildError>>()?;
    let set_up = stage.set_up(installer, "communities");
    Ok(create_communities(stage.hub, &set_up, rows)?)
}

/// Three custodians for every relay; their public keys go to the hub, the secret ones back.
fn custodians(
    stage: &Stage<'_>,
    installer: &Installer,
    organizations: &[OrganizationId],
) -> Result<Vec<CustodianKey>, BuildError> {
    const POSTS: [(u8, &str); 3] = [(1, "事務局長"), (2, "監事"), (3, "外部有識者")];
    let mut keys = Vec::new();
    let mut rows = Vec::new();
    for (planned, relay) in stage.plan.organizations.iter().zip(organizations) {
        if !planned.kind.is_relay() {
            continue;
        }
        let stem = planned.domain.trim_end_matches(".example");
        for (slot, name) in POSTS {
            let label = format!("custodian/{stem}/{slot}");
            let pair = KeyPair::generate(&mut stage.random.derive(&label));
            rows.push(NewCustodian {
                relay: *relay,
                slot,
                name: Name::parse(name)?,
                public_key: pair.public.to_string(),
            });
            keys.push(CustodianKey {
                relay: *relay,
                relay_name: planned.name_en.clone(),
                slot,
                file_stem: format!("{stem}-{slot}"),
                secret_key: pair.secret.expose_text().to_string(),
            });
        }
    }
    appoint_custodians(stage.hub, &stage.set_up(installer, "custodians"), rows)?;
    Ok(keys)
}

fn people(
    stage: &Stage<'_>,
    installer: &Installer,
    organizations: &[OrganizationId],
    communities: &[CommunityId],
) -> Result<Vec<Actor>, BuildError> {
    let rows = stage
        .plan
        .people
        .iter()
        .map(|planned| new_person(planned, organizations))
        .collect::<Result<Vec<_>, _>>()?;
    let places: Vec<NewPlace> = rows
        .iter()
        .filter_map(|row| row.places.first().copied())
        .collect();
    let enrolled = enroll(stage.hub, &stage.set_up(installer, "people"), rows)?;
    let memberships = communities_of(stage, communities);
    let purpose: Code = hub::sign_in::FIRST_PURPOSE.parse()?;
    stage
        .plan
        .people
        .iter()
        .zip(places)
        .zip(enrolled)
        .map(|((planned, place), enrolled)| {
            let at = planned.place.organization;
            Ok(Actor {
                person: enrolled.person,
                membership: enrolled
                    .memberships
                    .first()
                    .copied()
                    .ok_or(BuildError::Missing("place"))?,
                organization: place.organization,
                kind: kind(stage, at)?,
                keeping: Keeping::Member,
                role: place.role,
                tier: place.tier,
                clearance: place.clearance,
                purpose: purpose.clone(),
                communities: memberships.get(&at).cloned().unwrap_or_default(),
                assurance: Assurance::DemoLink,
                scope: None,
            })
        })
        .collect()
}

fn new_person(
    planned: &PlannedPerson,
    organizations: &[OrganizationId],
) -> Result<NewPerson, BuildError> {
    // Auditors and custodians sign in like everyone and are called by nobody.
    let call_order = match planned.place.role {
        Role::Auditor | Role::Custodian => None,
        _ => planned.place.call_order,
    };
    Ok(NewPerson {
        name: Name::parse(&planned.name)?,
        login: LoginName::parse(&planned.login)?,
        mail: BoundedText::parse_optional(&planned.login)?,
        phone: BoundedText::parse_optional(&planned.phone)?,
        places: vec![NewPlace {
            organization: organization(organizations, planned.place.organization)?,
            role: planned.place.role,
            tier: planned.place.tier,
            clearance: Clearance::from_level(planned.place.clearance)
                .ok_or(BuildError::Missing("clearance"))?,
            call_order,
        }],
    })
}

/// The communities of each organization, sorted as the hub reads them back.
fn communities_of(
    stage: &Stage<'_>,
    communities: &[CommunityId],
) -> BTreeMap<usize, Vec<CommunityId>> {
    let mut found: BTreeMap<usize, Vec<CommunityId>> = BTreeMap::new();
    for (planned, community) in stage.plan.communities.iter().zip(communities) {
        for member in &planned.members {
            found.entry(*member).or_default().push(*community);
        }
    }
    for list in found.values_mut() {
        list.sort_unstable();
    }
    found
}

fn kind(stage: &Stage<'_>, at: usize) -> Result<OrganizationKind, BuildError> {
    let planned = stage.plan.organizations.get(at);
    planned
        .map(|planned| planned.kind)
        .ok_or(BuildError::Missing("organization"))
}

fn organization(organizations: &[OrganizationId], at: usize) -> Result<OrganizationId, BuildError> {
    organizations
        .get(at)
        .copied()
        .ok_or(BuildError::Missing("organization"))
}

fn code(text: Option<&str>) -> Result<Option<Code>, BuildError> {
    Ok(text.map(str::parse).transpose()?)
}
