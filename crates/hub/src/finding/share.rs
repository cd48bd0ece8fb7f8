//! From a candidate to an advisory: whom it concerns, and that it was shared.

use std::collections::BTreeSet;

use domain::actor::Actor;
use domain::finding::{Candidate, LifeStep};
use domain::id::{AdvisoryId, CandidateId, CommunityId, FindingId, OrganizationId};
use domain::policy::{Action, permits};
use domain::release::Visible;
use store::finding::life::{self, StepRow};
use store::log::{Entry, record};
use store::network::{self, Held};
use store::part::Sight;
use store::{Reader, StoreError, Tx, finding, organization};

use super::desk::read;
use crate::call::{Call, Hub, ReadError};

/// Desks over a carrier: relay, ministry, national center, and one to spare.
const LEVELS_MAX: usize = 4;

/// The communities whose members found it, as far as the reader may see their findings and is their
/// relay or stands above it: the carriers that have to act. To others a finding names no community.
pub(super) fn communities(
    reader: &Reader<'_>,
    actor: &Actor,
    sight: &Sight,
    id: CandidateId,
) -> Result<BTreeSet<CommunityId>, StoreError> {
    let mut communities = BTreeSet::new();
    for found in finding::visible_about(reader, sight, &[id])? {
        let source = organization::find(reader, found.source)?;
        let Some(relay) = source.and_then(|source| source.reports_to) else {
            continue;
        };
        if stands_over(reader, actor.organization, relay)? {
            communities.extend(organization::circle_map(reader, relay, None)?.members);
        }
    }
    Ok(communities)
}

/// The operators in whose own networks the server lies, each with the narrowest: those that report to the
/// reader's desk, if it writes advisories.
pub(super) fn holders(
    reader: &Reader<'_>,
    actor: &Actor,
    found: &Candidate,
) -> Result<Vec<Held>, StoreError> {
    if !permits(actor, Action::ComposeAdvisory) {
        return Ok(Vec::new());
    }
    let mut held = network::around(reader, actor.organization, found.server.address)?;
    let mut seen = BTreeSet::new();
    held.retain(|one| seen.insert(one.organization));
    Ok(held)
}

/// Whether `upper` is `relay`, or one that it reports to.
fn stands_over(
    reader: &Reader<'_>,
    upper: OrganizationId,
    relay: OrganizationId,
) -> Result<bool, StoreError> {
    let mut at = Some(relay);
    for _ in 0..LEVELS_MAX {
        let Some(here) = at else { break };
        if here == upper {
            return Ok(true);
        }
        at = organization::find(reader, here)?.and_then(|here| here.reports_to);
    }
    Ok(false)
}

/// What the caller may see of `candidates` that an advisory rests on, to be told the terms of what was
/// found there.
///
/// # Errors
/// [`ReadError::NotFound`] when the role reads none.
pub fn rested_on(
    hub: &Hub,
    call: &Call<'_>,
    candidates: Vec<CandidateId>,
) -> Result<Vec<Visible<Candidate>>, ReadError> {
    if candidates.is_empty() {
        return Ok(Vec::new());
    }
    if !call.may(Action::ReadFindings) {
        return Err(ReadError::NotFound);
    }
    let actor = call.actor.clone();
    hub.store.write(call.stamp("finding.rested_on"), move |tx| {
        let sight = Sight::of(&actor, tx.now());
        let found = read(tx, &actor, &sight, &candidates)?.into_values();
        Ok(found.map(|pieces| pieces.found).collect())
    })
}

/// Says that `advisory` rests on those of `candidates` that are there for its author.
pub(crate) fn rest_on(
    tx: &Tx<'_>,
    actor: &Actor,
    advisory: AdvisoryId,
    candidates: &[CandidateId],
) -> Result<(), StoreError> {
    let sight = Sight::of(actor, tx.now());
    for seen in read(tx, actor, &sight, candidates)?.keys() {
        life::link(tx, advisory, *seen)?;
    }
    Ok(())
}

/// Notes of each candidate that `advisory` rests on that the issuer shares it now; its first time
/// counts. Who may read that follows from what `actor` sees of the candidate himself.
pub(crate) fn note_shared(
    tx: &Tx<'_>,
    actor: &Actor,
    advisory: AdvisoryId,
) -> Result<(), StoreError> {
    let candidates = life::linked(tx, advisory)?;
    let before = life::noted_by(tx, actor.organization, LifeStep::Shared, &candidates)?;
    let sight = Sight::of(actor, tx.now());
    let visible = finding::visible_about(tx, &sight, &candidates)?;
    for candidate in candidates {
        let seen = visible.iter().filter(|found| found.candidate == candidate);
        let seen: Vec<FindingId> = seen.map(|found| found.id).collect();
        if before.contains(&candidate) || seen.is_empty() {
            continue;
        }
        let step = StepRow {
            candidate,
            step: LifeStep::Shared,
            happened_at: tx.now(),
            organization: actor.organization,
            kind: actor.kind,
            person: actor.person,
        };
        life::note(tx, &step, &seen)?;
        let object = candidate.to_string();
        let entry = Entry {
            event: "candidate-step-noted",
            owner: super::owner(actor),
            facts: vec![
                super::by(tx, &object, actor),
                ("step", LifeStep::Shared.word().to_owned()),
            ],
            object,
        };
        record(tx, &entry)?;
    }
    Ok(())
}
