//! Holders: for the issuer, everybody an advisory was ever given to, whether it was opened there, and
//! what was done with copies.

use std::collections::{BTreeMap, BTreeSet};

use domain::advisory::AdvisoryStage;
use domain::advisory::withdrawal::Disposal;
use domain::audience::AudienceKey;
use domain::handling::Tlp;
use domain::id::{AdvisoryId, OrganizationId};
use domain::organization::Tier;
use domain::policy::Action;
use domain::time::Timestamp;
use store::advisory::addressee::{self, AddresseeRow};
use store::advisory::holders::{self, DisposalRow, Holder, ReaderRow};
use store::{Reader, StoreError, advisory, organization};

use crate::addressing::OrganizationLabel;
use crate::call::{Call, Hub, ReadError};
use crate::compose::in_force;
use crate::log::noting;

/// Everybody an advisory was ever given to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct HolderList {
    /// Its number.
    pub number: String,
    /// Where it stands.
    pub stage: AdvisoryStage,
    /// The label of the text that was issued last.
    pub tlp: Tlp,
    /// One row per organization: those who owe an answer first, then by kind and name.
    pub rows: Vec<HolderRow>,
}

/// One organization that was given an advisory.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct HolderRow {
    /// Which.
    pub organization: OrganizationLabel,
    /// Tiers that are or were named.
    pub tiers: BTreeSet<Tier>,
    /// Persons who are or were named themselves.
    pub person_count: usize,
    /// Since when it was there to be read.
    pub given_at: Timestamp,
    /// When it was first opened there; `None` when nobody opened it.
    pub opened_at: Option<Timestamp>,
    /// People who opened it there.
    pub reader_count: usize,
    /// Until when it could be read; `None` while it can.
    pub lost_at: Option<Timestamp>,
    /// What was said to be done with copies since; `None` while nobody said.
    pub disposal: Option<(Disposal, Timestamp)>,
}

impl HolderRow {
    /// Whether its word on copies is awaited.
    pub const fn owes(&self) -> bool {
        self.lost_at.is_some() && self.disposal.is_none()
    }
}

/// Everybody the advisory was ever given to, for its issuer.
///
/// # Errors
/// [`ReadError::NotFound`] when it is not the caller's organization's, was never issued, or the role
/// does not watch over reach.
pub fn list(hub: &Hub, call: &Call<'_>, id: AdvisoryId) -> Result<HolderList, ReadError> {
    let outcome = list_at_once(hub, call, id);
    noting(hub, call, Action::WatchReach, &id.to_string(), outcome)
}

fn list_at_once(hub: &Hub, call: &Call<'_>, id: AdvisoryId) -> Result<HolderList, ReadError> {
    if !call.may(Action::WatchReach) {
        return Err(ReadError::NotFound);
    }
    let issuer = call.actor.organization;
    hub.store.read(move |reader| {
        let row = advisory::find(reader, id)?
            .filter(|row| row.advisory.issuer == issuer && row.advisory.issued_at.is_some())
            .ok_or(ReadError::NotFound)?;
        let gathered = gather(reader, id, issuer)?;
        let mut rows = Vec::with_capacity(gathered.len());
        for (organization, held) in gathered {
            rows.extend(held.row(reader, organization)?);
        }
        rows.sort_by(|one: &HolderRow, other| {
            let order = |row: &HolderRow| {
                let label = &row.organization;
                (!row.owes(), label.kind, label.name_ja.clone())
            };
            order(one).cmp(&order(other))
        });
        Ok(HolderList {
            number: row.number,
            stage: row.advisory.stage,
            tlp: in_force(reader, id)?
                .ok_or(ReadError::NotFound)?
                .handling
                .tlp,
            rows,
        })
    })
}

/// What is known of one organization before it has its name.
#[derive(Default)]
struct Held {
    lines: Vec<AddresseeRow>,
    grants: Vec<Holder>,
    readers: Vec<ReaderRow>,
    said: Vec<DisposalRow>,
}

fn gather(
    reader: &Reader<'_>,
    id: AdvisoryId,
    issuer: OrganizationId,
) -> Result<BTreeMap<OrganizationId, Held>, StoreError> {
    let mut gathered: BTreeMap<OrganizationId, Held> = BTreeMap::new();
    let mut employers = BTreeMap::new();
    for line in addressee::of_advisory(reader, id)? {
        if let Some(person) = line.person {
            employers.insert(person, line.organization);
        }
        gathered
            .entry(line.organization)
            .or_default()
            .lines
            .push(line);
    }
    let whose = |key: &AudienceKey| match key {
        AudienceKey::Organization(organization, _) => Some(*organization),
        AudienceKey::Person(person) => employers.get(person).copied(),
        AudienceKey::Public | AudienceKey::Community(..) => None,
    };
    for grant in holders::holders(reader, id)? {
        if let Some(held) = whose(&grant.key).and_then(|id| gathered.get_mut(&id)) {
            held.grants.push(grant);
        }
    }
    for said in holders::confirmed(reader, id)? {
        if let Some(held) = whose(&said.key).and_then(|id| gathered.get_mut(&id)) {
            held.said.push(said);
        }
    }
    for row in holders::readers(reader, id)? {
        if let Some(held) = gathered.get_mut(&row.organization) {
            held.readers.push(row);
        }
    }
    gathered.remove(&issuer);
    Ok(gathered)
}

impl Held {
    fn row(self, reader: &Reader<'_>, id: OrganizationId) -> Result<Option<HolderRow>, StoreError> {
        let Some(found) = organization::find(reader, id)? else {
            return Ok(None);
        };
        let Some(given_at) = self.grants.iter().map(|grant| grant.granted_at).min() else {
            return Ok(None);
        };
        // Where one grant lasts, the organization still holds it; where none does, the last to end.
        let ends: Option<Vec<Timestamp>> = self.grants.iter().map(|grant| grant.ended_at).collect();
        let lost_at = ends.and_then(|ends| ends.into_iter().max());
        let said = self.said.iter().rev();
        let mut since = said.filter(|said| lost_at.is_some_and(|lost| said.confirmed_at >= lost));
        Ok(Some(HolderRow {
            organization: OrganizationLabel::from(&found),
            tiers: self.lines.iter().map(|line| line.tier).collect(),
            person_count: self.lines.iter().filter_map(|line| line.person).count(),
            given_at,
            opened_at: self.readers.iter().map(|row| row.first_at).min(),
            reader_count: self.readers.len(),
            lost_at,
            disposal: since.next().map(|said| (said.disposal, said.confirmed_at)),
        }))
    }
}
