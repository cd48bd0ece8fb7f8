//! Reach: how far an issued advisory has come, and what its issuer does about those who have not
//! acted.
//!
//! The issuer sees every line. A CEPTOAR, an ISAC or an authority that is an addressee itself sees
//! its own line and those below it, and nothing else: no sum, no order and no delivery of the rest.
//! Operators see nothing of each other. No text of the advisory and no text of an answer is here:
//! those are opened one by one.
//!
//! INVARIANT: everything in a [`Reached`] is made of its lines alone, so that what is hidden from a
//! reader changes nothing of what he is shown.

mod nudge;
mod phones;

use std::collections::{BTreeMap, BTreeSet};

use domain::actor::Actor;
use domain::advisory::AdvisoryStage;
use domain::advisory::delivery::{DeliveryState, Failure, Hop, Occasion};
use domain::advisory::reach::{Tally, Urgency, may_nudge};
use domain::id::{AddresseeId, AdvisoryId, OrganizationId};
use domain::organization::Tier;
use domain::policy::Action;
use domain::time::Timestamp;
use store::advisory::addressee::{self, AddresseeRow};
use store::delivery::DeliveryRow;
use store::log::{Entry, record};
use store::{Reader, StoreError, advisory, delivery, organization};

use crate::addressing::OrganizationLabel;
use crate::call::{Call, Hub, ReadError};
use crate::deliver::{MailRelay, relay};
use crate::inbox::issued_text;

pub use nudge::{NudgeError, Whom, nudge, retry};
pub use phones::{Contact, PhoneLine, PhoneList, Told, phones};
pub use store::advisory::AdvisoryRow;

/// How much of an advisory's reach somebody sees.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Scope {
    /// Every line: the issuer's desk.
    Whole,
    /// The own lines and those below.
    Below,
}

/// One line of the reach.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ReachLine {
    /// The addressee and how far it has come.
    pub row: AddresseeRow,
    /// Its organization.
    pub organization: OrganizationLabel,
    /// The leg of the way down that it stands on.
    pub hop: Hop,
    /// By when its tier has to act.
    pub due_at: Timestamp,
    /// How much it needs the issuer.
    pub urgency: Urgency,
    /// Whether it may be reminded now.
    pub may_be_nudged: bool,
}

/// A mail that was given up, or that waits for another try.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FailedDelivery {
    /// For which line.
    pub line: AddresseeId,
    /// Whose.
    pub organization: OrganizationLabel,
    /// Why the last try failed.
    pub failure: Failure,
    /// Tries so far.
    pub attempts: u32,
    /// When it is tried next; `None` when it was given up.
    pub next_at: Option<Timestamp>,
}

/// The deliveries for the lines that are seen.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Deliveries {
    /// Handed to the mail server.
    pub sent_count: usize,
    /// Waiting for the first try.
    pub waiting_count: usize,
    /// Failed at least once and not sent; given up first.
    pub failed: Vec<FailedDelivery>,
}

/// The reach of one advisory, as one desk sees it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reached {
    /// The control record.
    pub row: AdvisoryRow,
    /// Who issued it.
    pub issuer: OrganizationLabel,
    /// How much is seen.
    pub scope: Scope,
    /// The lines, the most urgent first.
    pub lines: Vec<ReachLine>,
    /// What became of the mails.
    pub deliveries: Deliveries,
    /// Whether this hub sends mail at all.
    pub relay: MailRelay,
}

impl Reached {
    /// All lines.
    pub fn tally(&self) -> Tally {
        self.lines.iter().map(|line| line.row.progress).collect()
    }

    /// The lines of one leg of the way down.
    pub fn tally_of_hop(&self, hop: Hop) -> Tally {
        let lines = self.lines.iter().filter(|line| line.hop == hop);
        lines.map(|line| line.row.progress).collect()
    }

    /// The lines of one tier.
    pub fn tally_of_tier(&self, tier: Tier) -> Tally {
        let lines = self.lines.iter().filter(|line| line.row.tier == tier);
        lines.map(|line| line.row.progress).collect()
    }
}

/// The reach of an issued advisory.
///
/// # Errors
/// [`ReadError::NotFound`] when the caller neither issued it nor has anybody below him to look
/// after.
pub fn of(hub: &Hub, call: &Call<'_>, id: AdvisoryId) -> Result<Reached, ReadError> {
    if !call.may(Action::WatchReach) {
        return Err(ReadError::NotFound);
    }
    let actor = call.actor.clone();
    let now = call.now;
    hub.store
        .read(move |reader| reached(reader, &actor, id, now))
}

/// The reach, taken away as a file: noted in the log, since names leave the hub with it.
///
/// # Errors
/// As [`of`].
pub fn export(hub: &Hub, call: &Call<'_>, id: AdvisoryId) -> Result<Reached, ReadError> {
    if !call.may(Action::WatchReach) {
        return Err(ReadError::NotFound);
    }
    let actor = call.actor.clone();
    hub.store.write(call.stamp("reach.export"), move |tx| {
        let reached = reached(tx, &actor, id, tx.now())?;
        let lines = reached.lines.len();
        record(tx, &entry("reach-exported", &actor, id, lines))?;
        Ok(reached)
    })
}

/// What a desk may see of an advisory's reach.
pub(crate) struct Watched {
    pub(crate) row: AdvisoryRow,
    pub(crate) scope: Scope,
    /// The lines that are seen, in no particular order.
    pub(crate) lines: Vec<AddresseeRow>,
}

/// What `actor` may see; `None` when that is nothing.
pub(crate) fn watched(
    reader: &Reader<'_>,
    actor: &Actor,
    id: AdvisoryId,
    now: Timestamp,
) -> Result<Option<Watched>, StoreError> {
    let issued = |row: &AdvisoryRow| row.advisory.issued_at.is_some();
    let Some(row) = advisory::find(reader, id)?.filter(issued) else {
        return Ok(None);
    };
    let mut lines = addressee::of_advisory(reader, id)?;
    lines.retain(|line| line.removed_at.is_none());
    if row.advisory.issuer == actor.organization {
        let scope = Scope::Whole;
        return Ok(Some(Watched { row, scope, lines }));
    }
    // Whoever was not told of the advisory learns nothing from its reach either.
    if issued_text(reader, actor, id, now)?.is_none() {
        return Ok(None);
    }
    let below = below(reader, actor.organization)?;
    lines.retain(|line| below.contains(&line.organization));
    let scope = Scope::Below;
    Ok(Some(Watched { row, scope, lines }))
}

/// Whether the reach page shows `actor`, who may read the advisory, anything but his own line.
pub(crate) fn looks_after(
    reader: &Reader<'_>,
    actor: &Actor,
    id: AdvisoryId,
) -> Result<bool, StoreError> {
    let issued = |row: &AdvisoryRow| row.advisory.issued_at.is_some();
    let Some(row) = advisory::find(reader, id)?.filter(issued) else {
        return Ok(false);
    };
    let root = actor.organization;
    if row.advisory.issuer == root {
        return addressee::names_another(reader, id, root);
    }
    let mut found = BTreeSet::from([root]);
    let mut next = vec![root];
    while let Some(above) = next.pop() {
        if addressee::names_one_below(reader, id, above)? {
            return Ok(true);
        }
        let new = organization::desks_below(reader, above)?;
        next.extend(new.into_iter().filter(|id| found.insert(*id)));
    }
    Ok(false)
}

/// `root` and every organization below it: those that report to it, directly or through others, and
/// the members of the communities that one of them is the secretariat of.
fn below(
    reader: &Reader<'_>,
    root: OrganizationId,
) -> Result<BTreeSet<OrganizationId>, StoreError> {
    let mut found = BTreeSet::from([root]);
    let mut next = vec![root];
    let communities = organization::communities(reader)?;
    while let Some(above) = next.pop() {
        let mut under = organization::reporting_to(reader, above)?;
        for community in &communities {
            if community.secretariat == Some(above) {
                under.extend(organization::members_of(reader, community.id)?);
            }
        }
        let new = under.into_iter().map(|row| row.id);
        next.extend(new.filter(|id| found.insert(*id)));
    }
    Ok(found)
}

pub(crate) fn reached(
    reader: &Reader<'_>,
    actor: &Actor,
    id: AdvisoryId,
    now: Timestamp,
) -> Result<Reached, ReadError> {
    let watched = watched(reader, actor, id, now)?.ok_or(ReadError::NotFound)?;
    let issuer = organization::find(reader, watched.row.advisory.issuer)?;
    let issuer = issuer.as_ref().map(OrganizationLabel::from);
    let lines = lines(reader, &watched, now)?;
    Ok(Reached {
        issuer: issuer.ok_or(ReadError::NotFound)?,
        deliveries: deliveries(reader, id, watched.scope, &lines)?,
        relay: relay(reader)?,
        scope: watched.scope,
        row: watched.row,
        lines,
    })
}

/// The lines that are seen with their organizations, the most urgent first, then by due time and
/// name.
pub(crate) fn lines(
    reader: &Reader<'_>,
    watched: &Watched,
    now: Timestamp,
) -> Result<Vec<ReachLine>, StoreError> {
    let dues = advisory::actions(reader, watched.row.advisory.id)?;
    let is_open = watched.row.advisory.stage == AdvisoryStage::Issued;
    let mut labels: BTreeMap<OrganizationId, OrganizationLabel> = BTreeMap::new();
    let mut lines = Vec::new();
    for row in &watched.lines {
        let Some(due_at) = dues.get(&row.tier).copied() else {
            continue;
        };
        if !labels.contains_key(&row.organization) {
            let found = organization::find(reader, row.organization)?;
            labels.extend(found.map(|found| (found.id, OrganizationLabel::from(&found))));
        }
        let Some(organization) = labels.get(&row.organization).cloned() else {
            continue;
        };
        let urgency = Urgency::of(row.progress, due_at, now);
        lines.push(ReachLine {
            hop: Hop::of(organization.kind),
            organization,
            due_at,
            urgency,
            may_be_nudged: is_open && may_nudge(urgency, row.nudged_at, now),
            row: row.clone(),
        });
    }
    lines.sort_by(|one, other| {
        let key = |line: &ReachLine| (line.urgency, line.due_at);
        key(one)
            .cmp(&key(other))
            .then_with(|| one.organization.name_ja.cmp(&other.organization.name_ja))
            .then_with(|| (one.row.tier, one.row.id).cmp(&(other.row.tier, other.row.id)))
    });
    Ok(lines)
}

/// Whether a desk that sees so much of the reach sees this mail. That a question was answered is
/// between who asked and the issuer: not even the count of mails says so to a desk between them.
pub(crate) fn is_seen(row: &DeliveryRow, scope: Scope) -> bool {
    scope == Scope::Whole || row.occasion != Occasion::Answered
}

/// What became of the mails for `lines`; what something newer overtook is nobody's concern.
fn deliveries(
    reader: &Reader<'_>,
    id: AdvisoryId,
    scope: Scope,
    lines: &[ReachLine],
) -> Result<Deliveries, StoreError> {
    let labels: BTreeMap<AddresseeId, &OrganizationLabel> = lines
        .iter()
        .map(|line| (line.row.id, &line.organization))
        .collect();
    let mut deliveries = Deliveries::default();
    for row in delivery::of_advisory(reader, id)? {
        let Some(organization) = labels.get(&row.addressee) else {
            continue;
        };
        if !is_seen(&row, scope) {
            continue;
        }
        match (row.tries.state, row.tries.failure) {
            (_, Some(Failure::Overtaken)) => {}
            (DeliveryState::Sent, _) => deliveries.sent_count += 1,
            (_, Some(failure)) => deliveries.failed.push(FailedDelivery {
                line: row.addressee,
                organization: (*organization).clone(),
                failure,
                attempts: row.tries.attempts,
                next_at: next_try(&row),
            }),
            (DeliveryState::Waiting | DeliveryState::Failed, None) => {
                deliveries.waiting_count += 1;
            }
        }
    }
    deliveries
        .failed
        .sort_by_key(|failed| (failed.next_at, failed.line));
    Ok(deliveries)
}

fn next_try(row: &DeliveryRow) -> Option<Timestamp> {
    (row.tries.state == DeliveryState::Waiting).then_some(row.tries.next_at)
}

/// The entry of the log that says what a desk did with `count` lines of the reach.
pub(crate) fn entry(event: &'static str, actor: &Actor, id: AdvisoryId, count: usize) -> Entry {
    Entry {
        event,
        object: id.to_string(),
        owner: Some(actor.organization),
        facts: vec![
            ("person", actor.person.to_string()),
            ("lines", count.to_string()),
        ],
    }
}
