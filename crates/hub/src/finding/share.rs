//! From a candidate to an advisory: whom it concerns, and that it was shared.

use domain::actor::Actor;
use domain::finding::LifeStep;
use domain::id::{AdvisoryId, CandidateId, CommunityId};
use store::finding::life::{self, StepRow};
use store::log::{Entry, record};
use store::part::Sight;
use store::{Reader, StoreError, Tx, finding, organization};

use super::desk::read;

/// The community whose members found it, as far as the reader may see their findings: the carriers
/// that have to act. `None` when their secretariat has none.
pub(super) fn community(
    reader: &Reader<'_>,
    sight: &Sight,
    id: CandidateId,
) -> Result<Option<CommunityId>, StoreError> {
    let Some(first) = finding::visible_about(reader, sight, &[id])?
        .into_iter()
        .next()
    else {
        return Ok(None);
    };
    let source = organization::find(reader, first.source)?;
    let Some(relay) = source.and_then(|source| source.reports_to) else {
        return Ok(None);
    };
    Ok(organization::circle_map(reader, relay, None)?.members)
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
    let seen = read(tx, actor, &sight, &candidates)?;
    for candidate in candidates {
        if before.contains(&candidate) {
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
        let seen = seen.get(&candidate).map_or(&[][..], |pieces| &pieces.seen);
        life::note(tx, &step, seen)?;
        let object = candidate.to_string();
        let entry = Entry {
            event: "candidate-step-noted",
            owner: Some(actor.organization),
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
