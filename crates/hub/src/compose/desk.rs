//! What the author and the second person see: whom one can choose, and what is under work.

use std::collections::{BTreeMap, BTreeSet};

use domain::actor::Actor;
use domain::advisory::amendment::{Changed, Edition, changed};
use domain::advisory::{Addressee, Lack, Proposal, lacks};
use domain::id::{AdvisoryId, OrganizationId, ReportId};
use domain::organization::{OrganizationKind, Tier};
use domain::part::{Part, PartBody, PartKind, Side, Subject};
use domain::policy::Action;
use domain::release::Visible;
use domain::report::ReportKind;
use domain::text::fold;
use domain::time::Timestamp;
use store::advisory::{AdvisoryRow, DraftRow, addressee};
use store::part::{Sight, visible_subjects};
use store::{Reader, StoreError, advisory, organization, report};

use super::{ComposeError, in_force, proposal, under_work};
use crate::addressing::{CommunityLabel, Estimate, OrganizationLabel, Reach, estimate};
use crate::call::{Call, Hub};
use crate::intake::{note, readable};

/// Organizations that a search shows at most.
pub const FOUND_MAX: usize = 40;

/// Whom the caller can choose.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Choices {
    /// Communities, by their Japanese names.
    pub communities: Vec<CommunityLabel>,
    /// Authorities, relays and desks, by kind and name.
    pub organizations: Vec<OrganizationLabel>,
    /// Operators and suppliers that the search found, or that are chosen already.
    pub found: Vec<OrganizationLabel>,
    /// Reports the caller may read, newest first, to rest an advisory on.
    pub reports: Vec<ReportLabel>,
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

/// Whom the caller can choose; `find` is part of a name, `chosen` stays in the list.
///
/// # Errors
/// [`ComposeError::NotFound`] when the caller writes no advisories.
pub fn choices(
    hub: &Hub,
    call: &Call<'_>,
    find: &str,
    chosen: BTreeSet<OrganizationId>,
) -> Result<Choices, ComposeError> {
    if !call.may(Action::ComposeAdvisory) {
        return Err(ComposeError::NotFound);
    }
    let actor = call.actor.clone();
    let now = call.now;
    let find = fold(find.trim());
    hub.store.read(move |reader| {
        let issuer =
            organization::find(reader, actor.organization)?.ok_or(ComposeError::NotFound)?;
        let reach = Reach::of(reader, &issuer)?.ok_or(ComposeError::NotFound)?;
        Ok(Choices {
            communities: communities(reader, &reach)?,
            organizations: open_organizations(reader, &reach)?,
            found: found(reader, &reach, &find, &chosen)?,
            reports: reports(reader, &actor, now)?,
        })
    })
}

/// Reports that the list shows at most.
const REPORT_ROWS: u32 = 30;

fn reports(
    reader: &Reader<'_>,
    actor: &Actor,
    now: Timestamp,
) -> Result<Vec<ReportLabel>, StoreError> {
    let kinds = [PartKind::Attack, PartKind::Damage, PartKind::Summary];
    let sight = Sight::of(actor, now);
    let mut labels = Vec::new();
    for listed in visible_subjects(reader, &sight, &kinds, None, REPORT_ROWS)? {
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

fn communities(reader: &Reader<'_>, reach: &Reach) -> Result<Vec<CommunityLabel>, StoreError> {
    let mut labels = Vec::new();
    for community in reach.communities() {
        labels.push(CommunityLabel {
            id: community.id,
            name_ja: community.name_ja.clone(),
            name_en: community.name_en.clone(),
            organization_count: organization::members_of(reader, community.id)?.len(),
        });
    }
    labels.sort_by(|one, other| one.name_ja.cmp(&other.name_ja));
    Ok(labels)
}

/// Kinds of organizations that are listed without searching, in the order of the list.
const LISTED: [OrganizationKind; 7] = [
    OrganizationKind::Ministry,
    OrganizationKind::Ceptoar,
    OrganizationKind::Isac,
    OrganizationKind::NationalCenter,
    OrganizationKind::CoordinationCenter,
    OrganizationKind::Police,
    OrganizationKind::HelpDesk,
];

fn open_organizations(
    reader: &Reader<'_>,
    reach: &Reach,
) -> Result<Vec<OrganizationLabel>, StoreError> {
    let mut labels = Vec::new();
    for kind in LISTED {
        let mut rows = organization::of_kind(reader, kind)?;
        rows.retain(|row| reach.covers(row));
        rows.sort_by(|one, other| one.name_ja.cmp(&other.name_ja));
        labels.extend(rows.iter().map(OrganizationLabel::from));
    }
    Ok(labels)
}

fn found(
    reader: &Reader<'_>,
    reach: &Reach,
    find: &str,
    chosen: &BTreeSet<OrganizationId>,
) -> Result<Vec<OrganizationLabel>, StoreError> {
    let mut kept = Vec::new();
    let mut hits = Vec::new();
    for kind in [OrganizationKind::Operator, OrganizationKind::Supplier] {
        for row in organization::of_kind(reader, kind)? {
            if !reach.covers(&row) {
                continue;
            }
            let is_hit = !find.is_empty()
                && [&row.name_ja, &row.name_en]
                    .into_iter()
                    .chain(&row.known_names)
                    .any(|name| fold(name).contains(find));
            if chosen.contains(&row.id) {
                kept.push(OrganizationLabel::from(&row));
            } else if is_hit {
                hits.push(OrganizationLabel::from(&row));
            }
        }
    }
    hits.sort_by(|one, other| one.name_ja.cmp(&other.name_ja));
    hits.truncate(FOUND_MAX);
    kept.extend(hits);
    Ok(kept)
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
        Ok(Composition {
            amendment: amendment(tx, id, &proposal, &text)?,
            lacks: lacks(&proposal, tx.now()),
            addressees: named(tx, &proposal.addressees)?,
            estimate: estimate(tx, &proposal.addressees, tx.now())?,
            body: part.body,
            version: part.version,
            reports: advisory::reports(tx, id)?,
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
