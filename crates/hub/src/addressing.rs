//! Whom an advisory can be addressed to, whom a choice means, and who is told for an addressee.

use std::collections::{BTreeMap, BTreeSet};

use domain::advisory::Addressee;
use domain::advisory::chosen::{Chosen, Range, range};
use domain::id::{CommunityId, OrganizationId, PersonId};
use domain::organization::OrganizationKind;
use domain::policy::{Action, Verdict, verdict};
use domain::time::Timestamp;
use store::organization::{Community, Organization};
use store::person::{Membership, memberships_in};
use store::{Reader, StoreError, organization};

use crate::roster::{deputies_of, on_duty};

/// An organization as lists name it; the register is open to all members.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OrganizationLabel {
    /// Its id.
    pub id: OrganizationId,
    /// What it is.
    pub kind: OrganizationKind,
    /// Name in Japanese.
    pub name_ja: String,
    /// Name in English.
    pub name_en: String,
}

/// A community as lists name it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CommunityLabel {
    /// Its id.
    pub id: CommunityId,
    /// Name in Japanese.
    pub name_ja: String,
    /// Name in English.
    pub name_en: String,
    /// Organizations in it now.
    pub organization_count: usize,
}

/// How many an advisory would reach if it were issued now.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Estimate {
    /// Organizations named.
    pub organization_count: usize,
    /// People who would be told.
    pub person_count: usize,
    /// Organizations in which nobody can be told.
    pub unreachable_count: usize,
}

impl From<&Organization> for OrganizationLabel {
    fn from(row: &Organization) -> Self {
        Self {
            id: row.id,
            kind: row.kind,
            name_ja: row.name_ja.clone(),
            name_en: row.name_en.clone(),
        }
    }
}

/// How far down the issuer's advisories go, looked up once.
pub(crate) struct Reach {
    issuer: OrganizationId,
    range: Range,
    /// The issuer's communities, and those of the relays that report to it.
    communities: BTreeMap<CommunityId, Community>,
    /// Operators the issuer may address.
    operators: BTreeSet<OrganizationId>,
}

impl Reach {
    /// The reach of `issuer`; `None` when organizations of its kind issue nothing.
    pub(crate) fn of(
        reader: &Reader<'_>,
        issuer: &Organization,
    ) -> Result<Option<Self>, StoreError> {
        let Some(range) = range(issuer.kind) else {
            return Ok(None);
        };
        let mut communities = BTreeMap::new();
        let mut operators = BTreeSet::new();
        let relays: BTreeSet<OrganizationId> = organization::reporting_to(reader, issuer.id)?
            .into_iter()
            .map(|row| row.id)
            .chain([issuer.id])
            .collect();
        for community in organization::communities(reader)? {
            let is_below = community.secretariat.is_some_and(|id| relays.contains(&id));
            if range == Range::Below && !is_below {
                continue;
            }
            let members = organization::members_of(reader, community.id)?;
            operators.extend(members.into_iter().map(|row| row.id));
            communities.insert(community.id, community);
        }
        for relay in &relays {
            let below = organization::reporting_to(reader, *relay)?;
            operators.extend(below.into_iter().map(|row| row.id));
        }
        Ok(Some(Self {
            issuer: issuer.id,
            range,
            communities,
            operators,
        }))
    }

    /// Whether `organization` may be addressed. Authorities, relays and desks always may.
    pub(crate) fn covers(&self, organization: &Organization) -> bool {
        let is_open = !matches!(
            organization.kind,
            OrganizationKind::Operator | OrganizationKind::Supplier
        );
        organization.id != self.issuer
            && (is_open
                || self.range == Range::Everybody
                || self.operators.contains(&organization.id))
    }

    /// The communities that may be addressed.
    pub(crate) fn communities(&self) -> impl Iterator<Item = &Community> {
        self.communities.values()
    }

    /// The addressees that `chosen` means now. What may not be addressed falls away.
    pub(crate) fn expand(
        &self,
        reader: &Reader<'_>,
        chosen: &BTreeSet<Chosen>,
        now: Timestamp,
    ) -> Result<BTreeSet<Addressee>, StoreError> {
        let mut addressees = BTreeSet::new();
        for choice in chosen {
            match *choice {
                Chosen::Community(community, tier) => {
                    if !self.communities.contains_key(&community) {
                        continue;
                    }
                    let members = organization::members_of(reader, community)?;
                    let named = members.iter().filter(|member| self.covers(member));
                    addressees.extend(named.map(|member| Addressee::Tier(member.id, tier)));
                }
                Chosen::Organization(id, tier) => {
                    if self.may_address(reader, id)? {
                        addressees.insert(Addressee::Tier(id, tier));
                    }
                }
                Chosen::Person(person, id, tier) => {
                    let places = memberships_in(reader, id, now)?;
                    let holds = places.iter().any(|place| place.person == person);
                    if holds && self.may_address(reader, id)? {
                        addressees.insert(Addressee::Person(person, id, tier));
                    }
                }
            }
        }
        Ok(addressees)
    }

    fn may_address(&self, reader: &Reader<'_>, id: OrganizationId) -> Result<bool, StoreError> {
        Ok(organization::find(reader, id)?.is_some_and(|row| self.covers(&row)))
    }
}

/// Who can be called for an addressee, in order: whoever of the tier is on duty and their deputies;
/// the tier's other people and theirs; then those of the organization who can answer, again the one
/// on duty first. A person named in person has no deputy: what is for his eyes is for nobody else's.
pub(crate) fn call_list(
    reader: &Reader<'_>,
    addressee: &Addressee,
    now: Timestamp,
) -> Result<Vec<Membership>, StoreError> {
    let places = memberships_in(reader, addressee.organization(), now)?;
    if let Addressee::Person(person, ..) = addressee {
        return Ok(places
            .into_iter()
            .filter(|place| place.person == *person)
            .take(1)
            .collect());
    }
    let on_duty = on_duty(reader, addressee.organization(), now)?;
    let deputies = deputies_of(reader, addressee.organization(), now)?;
    let tier = addressee.tier();
    let answers = |place: &&Membership| may(place, Action::Acknowledge);
    let (own, others): (Vec<&Membership>, Vec<&Membership>) = places
        .iter()
        .partition(|place| place.tier == tier && may(place, Action::ReadAdvisory));
    let (own_on_duty, own_off): (Vec<&Membership>, Vec<&Membership>) = own
        .into_iter()
        .partition(|place| on_duty.contains(&place.id));
    let (on_duty, off): (Vec<&Membership>, Vec<&Membership>) = others
        .into_iter()
        .filter(answers)
        .partition(|place| on_duty.contains(&place.id));
    let stand_ins = |of: &[&Membership]| -> Vec<&Membership> {
        let ids = of.iter().filter_map(|place| deputies.get(&place.id));
        ids.flatten()
            .filter_map(|id| places.iter().find(|place| place.id == *id))
            .filter(answers)
            .collect()
    };
    let groups = [
        own_on_duty.clone(),
        stand_ins(&own_on_duty),
        own_off.clone(),
        stand_ins(&own_off),
        on_duty,
        off,
    ];
    let mut seen = BTreeSet::new();
    Ok(groups
        .into_iter()
        .flatten()
        .filter(|place| seen.insert(place.person))
        .cloned()
        .collect())
}

/// Who is told first: whoever of the tier is on duty; when nobody of it is, everybody of the tier and
/// whoever else is on duty; when the tier has nobody, the first who can answer.
pub(crate) fn told_first(
    reader: &Reader<'_>,
    addressee: &Addressee,
    now: Timestamp,
) -> Result<Vec<PersonId>, StoreError> {
    let list = call_list(reader, addressee, now)?;
    if matches!(addressee, Addressee::Person(..)) {
        return Ok(list.iter().map(|place| place.person).collect());
    }
    let on_duty = on_duty(reader, addressee.organization(), now)?;
    let is_own = |place: &Membership| place.tier == addressee.tier();
    let serves = |place: &Membership| on_duty.contains(&place.id);
    let people = |chosen: &dyn Fn(&Membership) -> bool| -> Vec<PersonId> {
        let chosen = list.iter().filter(|place| chosen(place));
        chosen.map(|place| place.person).collect()
    };
    let mut told = people(&|place| is_own(place) && serves(place));
    if told.is_empty() {
        told = people(&|place| is_own(place) || serves(place));
    }
    if told.is_empty() {
        told.extend(list.first().map(|place| place.person));
    }
    Ok(told)
}

fn may(place: &Membership, action: Action) -> bool {
    verdict(place.organization_kind, place.role, action) == Verdict::Allow
}

/// How many `addressees` reach now.
pub(crate) fn estimate(
    reader: &Reader<'_>,
    addressees: &BTreeSet<Addressee>,
    now: Timestamp,
) -> Result<Estimate, StoreError> {
    let mut told: BTreeMap<OrganizationId, BTreeSet<PersonId>> = BTreeMap::new();
    for addressee in addressees {
        let people = told_first(reader, addressee, now)?;
        told.entry(addressee.organization())
            .or_default()
            .extend(people);
    }
    Ok(Estimate {
        organization_count: told.len(),
        person_count: told.values().map(BTreeSet::len).sum(),
        unreachable_count: told.values().filter(|people| people.is_empty()).count(),
    })
}
