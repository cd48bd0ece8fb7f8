//! A candidate as one reader may see it, put together from the findings that he may read.

use std::collections::{BTreeMap, BTreeSet};

use domain::actor::Actor;
use domain::finding::{Candidate, Finding, Judgment, LifeStep, Outside, merge};
use domain::id::{CandidateId, CommunityId, FindingId, OrganizationId};
use domain::organization::OrganizationKind as Kind;
use domain::part::field::{Field, Value};
use domain::part::{PartKind, Subject};
use domain::policy::Action;
use domain::release::{Visible, own, own_finding, said_of, together};
use domain::search::Query;
use domain::time::Timestamp;
use store::finding::judgment::{Heard, Reason};
use store::finding::life::StepRow;
use store::finding::{FindingRow, judgment, life, outside, sight};
use store::network::Held;
use store::part::Sight;
use store::{Reader, StoreError, Tx, finding};

use super::arrive::latest_of;
use super::share::{communities, holders};
use crate::call::{Call, Hub, ReadError};
use crate::intake::{note, readable};
use crate::search::{self, Found};

/// What became of a server, as somebody says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Happened {
    /// Whose word it is.
    pub standpoint: Standpoint,
    /// What.
    pub step: LifeStep,
    /// When.
    pub happened_at: Timestamp,
}

/// A candidate that was opened.
pub struct Opened {
    /// The candidate.
    pub id: CandidateId,
    /// What was found.
    pub found: Visible<Candidate>,
    /// What the reader's own organization found.
    pub own: Option<Visible<Finding>>,
    /// Whether the sharing is over and it is there for its carrier alone.
    pub ended: bool,
    /// Whether the reader's organization has a finding there that it may take back.
    pub withdrawable: bool,
    /// What desks say of it, the latest first, with what has expired.
    pub said: Vec<Said>,
    /// What became of it, in the order in which it happened; each organization's word once a step.
    pub steps: Vec<Happened>,
    /// The communities of the carriers that found it, to address an advisory to; none where the
    /// reader's desk stands over none of them.
    pub communities: BTreeSet<CommunityId>,
    /// What lists from outside say of the server.
    pub outside: Visible<Outside>,
    /// Operators in whose own networks the server lies; none but those that report to the reader's desk.
    pub holders: Vec<Held>,
    /// Reports and advisories of the reader in which the address stands, the newest first.
    pub mentions: Vec<Mention>,
}

/// Whose word something is, as far as a reader may know: a carrier is a carrier.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Standpoint {
    /// The reader's own organization.
    Own,
    /// Another, by its kind alone.
    Other(Kind),
}

/// What a desk says of a candidate.
pub struct Said {
    /// Whose word it is.
    pub standpoint: Standpoint,
    /// What it takes the server to be.
    pub judgment: Judgment,
    /// Why; `None` where the reader may not read all that its author saw.
    pub reason: Option<Visible<Reason>>,
    /// Since when.
    pub given_at: Timestamp,
    /// Until when; what has expired is shown as such.
    pub expires_at: Timestamp,
}

/// Where the address of a server stands.
pub struct Mention {
    /// What it stands in.
    pub found: Found,
    /// Since when that is there for the reader.
    pub seen_at: crate::intake::When,
}

/// Opens a candidate.
///
/// # Errors
/// [`ReadError::NotFound`] when nothing of it is there for this reader.
pub fn open(hub: &Hub, call: &Call<'_>, id: CandidateId) -> Result<Opened, ReadError> {
    if !call.may(Action::ReadFindings) {
        return Err(ReadError::NotFound);
    }
    let actor = call.actor.clone();
    let mut opened = hub.store.write(call.stamp("finding.open"), move |tx| {
        let sight = Sight::of(&actor, tx.now());
        let pieces = read_or_own(tx, &actor, &sight, id)?;
        let pieces = pieces.ok_or(ReadError::NotFound)?;
        let own = actor.organization;
        let said = said(tx, &actor, &sight, id, &pieces.found)?;
        let steps = life::visible_steps(tx, &sight, own, &[id])?;
        // Looked up with the server that the reader has before him, and with nothing else.
        let outside = outside::about(tx, pieces.found.content().server, tx.now())?;
        let holders = holders(tx, &actor, pieces.found.content())?;
        Ok::<_, ReadError>(Opened {
            id,
            said,
            steps: steps_of(&steps, id, &actor),
            outside: pieces.found.clone().map(|_| outside),
            found: pieces.found,
            own: pieces.own,
            ended: pieces.ended,
            withdrawable: own_found(tx, &actor, id)?
                .is_some_and(|(control, _)| control.withdrawn_at.is_none()),
            communities: communities(tx, &actor, &sight, id)?,
            holders,
            mentions: Vec::new(),
        })
    })?;
    opened.mentions = mentions(hub, call, opened.found.content())?;
    Ok(opened)
}

impl Standpoint {
    pub(super) fn of(organization: OrganizationId, kind: Kind, actor: &Actor) -> Self {
        if organization == actor.organization {
            Self::Own
        } else {
            Self::Other(kind)
        }
    }
}

/// What desks say of a candidate that the reader has before him, each reason under the terms of what
/// its author saw.
fn said(
    reader: &Reader<'_>,
    actor: &Actor,
    sight: &Sight,
    id: CandidateId,
    found: &Visible<Candidate>,
) -> Result<Vec<Said>, StoreError> {
    let terms = sight::terms(reader, &[id])?;
    let rows = judgment::visible(reader, sight, actor.organization, &[id])?;
    let said = rows.into_iter().map(|Heard { judgment, reason }| {
        let place = (id, judgment.organization, judgment.given_at);
        Said {
            standpoint: Standpoint::of(judgment.organization, judgment.kind, actor),
            judgment: judgment.judgment,
            given_at: judgment.given_at,
            expires_at: judgment.expires_at,
            reason: reason.map(|reason| match terms.get(&place) {
                Some(terms) => said_of(found, reason, terms),
                None => own(reason),
            }),
        }
    });
    Ok(said.collect())
}

/// What one reader may see of one candidate.
pub(super) struct Pieces {
    /// All of it, put together.
    pub(super) found: Visible<Candidate>,
    /// What his own organization found.
    pub(super) own: Option<Visible<Finding>>,
    /// The findings that it was put together from.
    pub(super) seen: Vec<FindingId>,
    /// Whether the sharing is over and it is there for its carrier alone.
    pub(super) ended: bool,
}

/// The findings of one candidate that a reader may see.
#[derive(Default)]
struct Seen {
    ids: Vec<FindingId>,
    all: Vec<Visible<Finding>>,
    own: Option<Visible<Finding>>,
}

/// What `actor` may see of `candidates`, each reading noted; a candidate of which he may see nothing is
/// left out.
pub(super) fn read(
    tx: &Tx<'_>,
    actor: &Actor,
    sight: &Sight,
    candidates: &[CandidateId],
) -> Result<BTreeMap<CandidateId, Pieces>, StoreError> {
    let mut by_candidate: BTreeMap<CandidateId, Seen> = BTreeMap::new();
    for control in finding::visible_about(tx, sight, candidates)? {
        let Some(found) = read_one(tx, actor, &control)? else {
            continue;
        };
        let seen = by_candidate.entry(control.candidate).or_default();
        if control.source == actor.organization {
            seen.own = Some(found.clone());
        }
        seen.ids.push(control.id);
        seen.all.push(found);
    }
    let whole = by_candidate
        .into_iter()
        .filter_map(|(id, Seen { ids, all, own })| {
            let found = together(all)?;
            let merged = merge(&found.content().iter().collect::<Vec<_>>())?;
            let found = found.map(|_| merged);
            let pieces = Pieces {
                found,
                own,
                seen: ids,
                ended: false,
            };
            Some((id, pieces))
        });
    Ok(whole.collect())
}

/// The same of one candidate; where nothing of it is shared with the reader any more, what his own
/// organization found: what became of a server is noted beyond its sharing.
pub(super) fn read_or_own(
    tx: &Tx<'_>,
    actor: &Actor,
    sight: &Sight,
    id: CandidateId,
) -> Result<Option<Pieces>, StoreError> {
    if let Some(pieces) = read(tx, actor, sight, &[id])?.remove(&id) {
        return Ok(Some(pieces));
    }
    let Some((control, own)) = own_found(tx, actor, id)? else {
        return Ok(None);
    };
    let end = own.handling().expires_at;
    let ended = control.withdrawn_at.is_some() || end.is_some_and(|end| end <= tx.now());
    let pieces = merge(&[own.content()]).map(|merged| Pieces {
        found: own.clone().map(|_| merged),
        own: Some(own),
        seen: vec![control.id],
        ended,
    });
    Ok(pieces)
}

/// What the reader's own organization found about a candidate, shared or not.
pub(super) fn own_found(
    reader: &Reader<'_>,
    actor: &Actor,
    id: CandidateId,
) -> Result<Option<(FindingRow, Visible<Finding>)>, StoreError> {
    let Some(control) = finding::of_source(reader, id, actor.organization)? else {
        return Ok(None);
    };
    let Some(part) = latest_of(reader, control.id)? else {
        return Ok(None);
    };
    let own = own_finding(actor, control.source, part.body, part.handling);
    Ok(own.ok().map(|own| (control, own)))
}

fn read_one(
    tx: &Tx<'_>,
    actor: &Actor,
    control: &FindingRow,
) -> Result<Option<Visible<Finding>>, StoreError> {
    let subject = Subject::Finding(control.id);
    let mut parts = readable(tx, actor, subject, tx.now())?;
    parts.retain(|part| part.kind == PartKind::Finding);
    if control.source != actor.organization {
        note(tx, actor, &parts, subject, Some(control.source))?;
    }
    let Some(part) = parts.pop() else {
        return Ok(None);
    };
    let found = match part.body.content().value(Field::Finding) {
        Some(Value::Finding(found)) => Finding::clone(found),
        _ => return Ok(None),
    };
    Ok(Some(part.body.map(|_| found)))
}

pub(super) fn steps_of(steps: &[StepRow], id: CandidateId, actor: &Actor) -> Vec<Happened> {
    let of_candidate = steps.iter().filter(|step| step.candidate == id);
    of_candidate
        .map(|step| Happened {
            standpoint: Standpoint::of(step.organization, step.kind, actor),
            step: step.step,
            happened_at: step.happened_at,
        })
        .collect()
}

/// Where the reader finds the address: his own search, as if he had typed it.
fn mentions(hub: &Hub, call: &Call<'_>, found: &Candidate) -> Result<Vec<Mention>, ReadError> {
    let Ok(query) = Query::parse(&found.server.address.to_string()) else {
        return Ok(Vec::new());
    };
    let asked = search::Asked {
        query,
        ..search::Asked::default()
    };
    let page = match search::search(hub, call, asked) {
        Ok(page) => page,
        Err(ReadError::NotFound) => return Ok(Vec::new()),
        Err(error) => return Err(error),
    };
    let mentions = page.rows.into_iter().map(|hit| Mention {
        found: hit.found,
        seen_at: hit.seen_at,
    });
    Ok(mentions.collect())
}
