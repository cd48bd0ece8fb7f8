//! What the author and the second person see: whom one can choose, and what is under work.

use std::collections::{BTreeMap, BTreeSet};

use domain::actor::Actor;
use domain::advisory::amendment::{Changed, Edition, changed};
use domain::advisory::chosen::Chosen;
use domain::advisory::{Addressee, Lack, Proposal, lacks};
use domain::id::{AdvisoryId, CandidateId, OrganizationId, PersonId, ReportId};
use domain::organization::{CommunityKind, OrganizationKind, Role, Tier};
use domain::part::{Part, PartBody, PartKind, Side, Subject};
use domain::policy::{Action, Verdict, verdict};
use domain::release::{Visible, to_call};
use domain::report::ReportKind;
use domain::time::Timestamp;
use store::advisory::{AdvisoryRow, DraftRow, addressee};
use store::organization::{Community, Organization};
use store::part::{Sight, visible_subjects};
use store::person::memberships_in;
use store::{Reader, StoreError, advisory, organization, person, report};

use super::{ComposeError, in_force, proposal, under_work, visible_reports};
use crate::addressing::{CommunityLabel, Estimate, OrganizationLabel, Reach, estimate};
use crate::call::{Call, Hub};
use crate::intake::{LISTED, note, readable};

/// Organizations whose people are listed by name at once.
const NAMED_ORGANIZATIONS_MAX: usize = 40;

/// What is marked on the form, when the choices are listed.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Marked {
    /// Whom the author chose so far.
    pub chosen: BTreeSet<Chosen>,
    /// Organizations whose people are to be named.
    pub names_of: BTreeSet<OrganizationId>,
}

/// Whom the caller can choose.
#[derive(Default)]
pub struct Choices {
    /// Organizations in groups, each organization once.
    pub groups: Vec<ChoiceGroup>,
    /// People of the organizations that were asked for.
    pub people: Vec<PersonLabel>,
    /// How many the choice reaches; `None` while nobody is chosen.
    pub estimate: Option<Estimate>,
    /// Reports the caller may read, newest first, to rest an advisory on.
    pub reports: Vec<ReportLabel>,
}

/// Organizations that stand together.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ChoiceGroup {
    /// What holds them together.
    pub bond: Bond,
    /// By kind and name; without those that stand in a group before.
    pub organizations: Vec<OrganizationLabel>,
}

/// What holds a group of choices together.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Bond {
    /// A community, which can be chosen whole.
    Community(CommunityLabel),
    /// Ministries and the national center.
    Authorities,
    /// Secretariats of CEPTOARs and ISACs.
    Relays,
    /// Coordination, police and help desks.
    Desks,
    /// Operators and suppliers outside the communities.
    Others,
}

/// Somebody who can be named.
pub struct PersonLabel {
    /// Who.
    pub person: PersonId,
    /// The organization he is named in.
    pub organization: OrganizationLabel,
    /// The tier he answers for.
    pub tier: Tier,
    /// His role there.
    pub role: Role,
    /// Name as typed.
    pub name: Visible<String>,
}

/// A report by the name it is spoken of.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ReportLabel {
    /// The report.
    pub id: ReportId,
    /// The name made for this report alone.
    pub pseudonym: String,
    /// What is reported.
    pub kind: ReportKind,
}

/// What is under work for one advisory.
pub struct Composition {
    /// Its control record.
    pub row: AdvisoryRow,
    /// Whom the author chose and by when each tier has to act.
    pub draft: DraftRow,
    /// The text.
    pub body: Visible<PartBody>,
    /// Version of the text: the second person issues what he read.
    pub version: u32,
    /// Who would be named if it were issued now, with their tiers.
    pub addressees: Vec<(OrganizationLabel, BTreeSet<Tier>)>,
    /// How many that reaches.
    pub estimate: Estimate,
    /// What is missing.
    pub lacks: Vec<Lack>,
    /// Reports it rests on.
    pub reports: Vec<ReportId>,
    /// C&C candidates it rests on.
    pub candidates: Vec<CandidateId>,
    /// What it changes of the advisory in force; `None` for a first text.
    pub amendment: Option<Amendment>,
}

/// What an amendment under work would change.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Amendment {
    /// Fields and times that read otherwise.
    pub changes: BTreeSet<Changed>,
    /// Organizations that would join the addressees.
    pub added: Vec<OrganizationLabel>,
    /// Organizations that would not be addressees any more.
    pub removed: Vec<OrganizationLabel>,
}

/// Advisories that one list shows at most.
const WRITTEN_ROWS: u32 = 200;

/// The advisories of the caller's organization, the newest first.
pub fn written(hub: &Hub, call: &Call<'_>) -> Result<Vec<AdvisoryRow>, ComposeError> {
    if !call.may(Action::ComposeAdvisory) {
        return Err(ComposeError::NotFound);
    }
    let issuer = call.actor.organization;
    Ok(hub
        .store
        .read(move |reader| advisory::issued_by(reader, issuer, None, WRITTEN_ROWS))?)
}

/// Whom the caller can choose, and how far what is marked reaches.
///
/// # Errors
/// [`ComposeError::NotFound`] when the caller writes no advisories.
pub fn choices(hub: &Hub, call: &Call<'_>, marked: Marked) -> Result<Choices, ComposeError> {
    if !call.may(Action::ComposeAdvisory) {
        return Err(ComposeError::NotFound);
    }
    let actor = call.actor.clone();
    let now = call.now;
    hub.store.read(move |reader| {
        let issuer =
            organization::find(reader, actor.organization)?.ok_or(ComposeError::NotFound)?;
        let reach = Reach::of(reader, &issuer)?.ok_or(ComposeError::NotFound)?;
        let addressees = reach.expand(reader, &marked.chosen, now)?;
        Ok(Choices {
            groups: groups(reader, &reach)?,
            people: people(reader, &actor, &reach, &marked.names_of, now)?,
            estimate: if addressees.is_empty() {
                None
            } else {
                Some(estimate(reader, &addressees, now)?)
            },
            reports: reports(reader, &actor, now)?,
        })
    })
}

/// People of `organizations` whom the issuer may address by name; those who do not read are left out.
fn people(
    reader: &Reader<'_>,
    actor: &Actor,
    reach: &Reach,
    organizations: &BTreeSet<OrganizationId>,
    now: Timestamp,
) -> Result<Vec<PersonLabel>, StoreError> {
    let mut labels = Vec::new();
    for id in organizations.iter().take(NAMED_ORGANIZATIONS_MAX) {
        let Some(row) = organization::find(reader, *id)?.filter(|row| reach.covers(row)) else {
            continue;
        };
        let covered = BTreeSet::from([row.id]);
        for place in memberships_in(reader, row.id, now)? {
            let reads = verdict(place.organization_kind, place.role, Action::ReadAdvisory);
            let card = person::record(reader, place.person)?;
            let Some(card) = card.filter(|_| reads == Verdict::Allow) else {
                continue;
            };
            let Ok(card) = to_call(actor, &covered, row.id, card) else {
                continue;
            };
            labels.push(PersonLabel {
                person: place.person,
                organization: OrganizationLabel::from(&row),
                tier: place.tier,
                role: place.role,
                name: card.map(|card| card.name),
            });
        }
    }
    Ok(labels)
}

/// Reports that the list shows at most.
const REPORT_ROWS: u32 = 30;

fn reports(
    reader: &Reader<'_>,
    actor: &Actor,
    now: Timestamp,
) -> Result<Vec<ReportLabel>, StoreError> {
    let sight = Sight::of(actor, now);
    let mut labels = Vec::new();
    for listed in visible_subjects(reader, &sight, LISTED, None, REPORT_ROWS)? {
        let Subject::Report(id) = listed.subject else {
            continue;
        };
        if let Some(report) = report::find(reader, id)? {
            labels.push(ReportLabel {
                id,
                pseudonym: report.pseudonym,
                kind: report.kind,
            });
        }
    }
    Ok(labels)
}

/// Kinds of organizations that stand together, after the communities.
const BONDS: [(Bond, &[OrganizationKind]); 4] = [
    (
        Bond::Authorities,
        &[OrganizationKind::Ministry, OrganizationKind::NationalCenter],
    ),
    (
        Bond::Relays,
        &[OrganizationKind::Ceptoar, OrganizationKind::Isac],
    ),
    (
        Bond::Desks,
        &[
            OrganizationKind::CoordinationCenter,
            OrganizationKind::Police,
            OrganizationKind::HelpDesk,
        ],
    ),
    (
        Bond::Others,
        &[OrganizationKind::Operator, OrganizationKind::Supplier],
    ),
];

/// Everybody who may be addressed, each organization in the first group that has it. A community of
/// everybody has no list of its own: its members stand with their sectors.
fn groups(reader: &Reader<'_>, reach: &Reach) -> Result<Vec<ChoiceGroup>, StoreError> {
    let mut seen: BTreeSet<OrganizationId> = BTreeSet::new();
    let mut groups = Vec::new();
    let mut communities: Vec<_> = reach.communities().collect();
    communities.sort_by(|one, other| {
        let order = |row: &Community| (place(row.kind), row.name_ja.clone());
        order(one).cmp(&order(other))
    });
    for community in communities {
        let mut members = organization::members_of(reader, community.id)?;
        let organization_count = members.len();
        members.retain(|row| !is_wide(community.kind) && reach.covers(row) && seen.insert(row.id));
        groups.push(ChoiceGroup {
            bond: Bond::Community(CommunityLabel {
                id: community.id,
                name_ja: community.name_ja.clone(),
                name_en: community.name_en.clone(),
                organization_count,
            }),
            organizations: sorted(&members),
        });
    }
    for (bond, kinds) in BONDS {
        let mut rows = Vec::new();
        for kind in kinds {
            rows.extend(organization::of_kind(reader, *kind)?);
        }
        rows.retain(|row| reach.covers(row) && seen.insert(row.id));
        if !rows.is_empty() {
            groups.push(ChoiceGroup {
                bond,
                organizations: sorted(&rows),
            });
        }
    }
    Ok(groups)
}

/// Whether a community goes across sectors, so that its members are listed elsewhere.
const fn is_wide(kind: CommunityKind) -> bool {
    matches!(kind, CommunityKind::ActionPlan | CommunityKind::Council)
}

/// Where a community stands in the list: a sector's own secretariat before the ISACs, whose members
/// mostly belong to one.
const fn place(kind: CommunityKind) -> u8 {
    match kind {
        CommunityKind::ActionPlan | CommunityKind::Council => 0,
        CommunityKind::CeptoarMembers => 1,
        CommunityKind::Isac | CommunityKind::Served => 2,
    }
}

fn sorted(rows: &[Organization]) -> Vec<OrganizationLabel> {
    let mut labels: Vec<OrganizationLabel> = rows.iter().map(OrganizationLabel::from).collect();
    labels.sort_by(|one, other| (one.kind, &one.name_ja).cmp(&(other.kind, &other.name_ja)));
    labels
}

/// What is under work for `id`, to the issuer's own people; the reading is noted.
pub fn composition(
    hub: &Hub,
    call: &Call<'_>,
    id: AdvisoryId,
) -> Result<Composition, ComposeError> {
    if !call.may(Action::ComposeAdvisory) {
        return Err(ComposeError::NotFound);
    }
    let actor = call.actor.clone();
    let reference = hub.reference.clone();
    hub.store.write(call.stamp("compose.open"), move |tx| {
        let row = under_work(tx, id, actor.organization)?;
        let draft = advisory::draft(tx, id)?.ok_or(ComposeError::NotFound)?;
        let subject = Subject::Advisory(id);
        let mut parts = readable(tx, &actor, subject, tx.now())?;
        parts.retain(|part| part.kind == PartKind::Advisory && part.side == Side::Original);
        note(tx, &actor, &parts, subject, Some(row.advisory.issuer))?;
        let part = parts.pop().ok_or(ComposeError::NotFound)?;
        let (proposal, text) = proposal(tx, &reference, &row, &draft, tx.now())?;
        let linked = advisory::reports(tx, id)?.into_iter().collect();
        Ok(Composition {
            amendment: amendment(tx, id, &proposal, &text)?,
            lacks: lacks(&proposal, tx.now()),
            addressees: named(tx, &proposal.addressees)?,
            estimate: estimate(tx, &proposal.addressees, tx.now())?,
            body: part.body,
            version: part.version,
            reports: visible_reports(tx, &actor, linked, tx.now())?
                .into_iter()
                .collect(),
            candidates: store::finding::life::linked(tx, id)?,
            row,
            draft,
        })
    })
}

/// What `text` and `proposal` would change of the advisory in force.
fn amendment(
    reader: &Reader<'_>,
    id: AdvisoryId,
    proposal: &Proposal,
    text: &Part,
) -> Result<Option<Amendment>, StoreError> {
    let Some(issued) = in_force(reader, id)? else {
        return Ok(None);
    };
    let dues = advisory::actions(reader, id)?;
    let edition = |body, dues| Edition { body, dues };
    let before = edition(&issued.body, &dues);
    let lines = addressee::of_advisory(reader, id)?.into_iter();
    let now: BTreeSet<OrganizationId> = lines
        .filter(|line| line.removed_at.is_none())
        .map(|line| line.organization)
        .collect();
    let next = proposal.addressees.iter().map(Addressee::organization);
    let next: BTreeSet<OrganizationId> = next.collect();
    Ok(Some(Amendment {
        changes: changed(before, edition(&text.body, &proposal.dues)),
        added: labels(reader, next.difference(&now))?,
        removed: labels(reader, now.difference(&next))?,
    }))
}

/// The organizations of `ids` by name.
fn labels<'i>(
    reader: &Reader<'_>,
    ids: impl Iterator<Item = &'i OrganizationId>,
) -> Result<Vec<OrganizationLabel>, StoreError> {
    let mut labels = Vec::new();
    for id in ids {
        let row = organization::find(reader, *id)?;
        labels.extend(row.as_ref().map(OrganizationLabel::from));
    }
    labels.sort_by(|one, other| one.name_ja.cmp(&other.name_ja));
    Ok(labels)
}

/// The addressees by organization, in the order of hops and names.
fn named(
    reader: &Reader<'_>,
    addressees: &BTreeSet<Addressee>,
) -> Result<Vec<(OrganizationLabel, BTreeSet<Tier>)>, StoreError> {
    let mut tiers: BTreeMap<OrganizationId, BTreeSet<Tier>> = BTreeMap::new();
    for addressee in addressees {
        tiers
            .entry(addressee.organization())
            .or_default()
            .insert(addressee.tier());
    }
    let mut named = Vec::with_capacity(tiers.len());
    for (id, tiers) in tiers {
        if let Some(row) = organization::find(reader, id)? {
            named.push((OrganizationLabel::from(&row), tiers));
        }
    }
    named.sort_by(|(one, _), (other, _)| {
        (one.kind, &one.name_ja).cmp(&(other.kind, &other.name_ja))
    });
    Ok(named)
}
