//! The candidates that one reader may see, page by page, and judgments for a carrier's detection.
//!
//! A list of servers tells what was found, so that showing it is noted as reading, as opening one is.

use std::collections::BTreeSet;

use domain::actor::Actor;
use domain::finding::{Candidate, Judgment};
use domain::id::{CandidateId, OrganizationId};
use domain::organization::OrganizationKind as Kind;
use domain::policy::Action;
use domain::release::Visible;
use domain::time::Timestamp;
use store::finding::judgment::JudgmentRow;
use store::finding::{judgment, life, outside};
use store::part::Sight;
use store::{StoreError, Tx, finding};

use super::desk::{Happened, Pieces, Standpoint, read, read_or_own, steps_of};
use crate::call::{Call, Hub, ReadError};

/// Candidates on one page.
pub const LISTED_MAX: u32 = 100;
/// Candidates whose judgments are handed out at once, those judged last.
pub const JUDGED_MAX: u32 = 5_000;

/// Whose judgments are handed out beside the reader's own: what another carrier thinks steers no
/// carrier's detection.
const DESKS: [Kind; 6] = [
    Kind::Ceptoar,
    Kind::Isac,
    Kind::Ministry,
    Kind::NationalCenter,
    Kind::CoordinationCenter,
    Kind::Police,
];

/// A page of the list.
pub struct Listed {
    /// The candidates, the highest score first.
    pub rows: Vec<Row>,
    /// After which candidate the next page begins; `None` on the last.
    pub next: Option<CandidateId>,
}

/// A candidate in the list.
pub struct Row {
    /// The candidate.
    pub id: CandidateId,
    /// What was found.
    pub found: Visible<Candidate>,
    /// Whether the reader's own organization found it.
    pub own: bool,
    /// Whether the sharing is over and it is there for its carrier alone.
    pub ended: bool,
    /// What desks take it to be: judgments in force, the latest first.
    pub judgments: Vec<Judged>,
    /// What became of it, in the order in which it happened; each organization's word once a step.
    pub steps: Vec<Happened>,
    /// How many lists from outside name the server.
    pub list_count: u64,
}

/// A judgment in force.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Judged {
    /// Whose word it is.
    pub standpoint: Standpoint,
    /// What the server is taken to be.
    pub judgment: Judgment,
    /// Until when.
    pub expires_at: Timestamp,
}

/// A page of the candidates that are there for the caller: those that something was told of last, the
/// highest score first; `after` is where the page before ended.
///
/// # Errors
/// [`ReadError::NotFound`] when the role reads none.
pub fn list(hub: &Hub, call: &Call<'_>, after: Option<CandidateId>) -> Result<Listed, ReadError> {
    if !call.may(Action::ReadFindings) {
        return Err(ReadError::NotFound);
    }
    let counting = call
        .may(Action::NotifyUsers)
        .then_some(call.actor.organization);
    let sight = Sight::of(call.actor, call.now);
    // One more than a page holds says whether there are more. Looking for them keeps nobody waiting
    // who writes; what is shown passes the gate below.
    let mut ids = hub.store.read::<_, StoreError>(move |reader| {
        finding::visible_candidates(reader, &sight, counting, after, LISTED_MAX + 1)
    })?;
    let more = ids.len() > LISTED_MAX as usize;
    ids.truncate(LISTED_MAX as usize);
    let next = ids.last().copied().filter(|_| more);
    let actor = call.actor.clone();
    let mut rows = hub
        .store
        .write::<_, StoreError>(call.stamp("finding.list"), move |tx| {
            rows_of(tx, &actor, &ids)
        })?;
    rows.sort_by_key(|row| {
        let found = row.found.content();
        let place = (found.score, found.last_at, found.server);
        std::cmp::Reverse(place)
    });
    Ok(Listed { rows, next })
}

/// The candidates with judgments in force of the caller's organization and of desks, as far as he may
/// see both: those judged last first, at most [`JUDGED_MAX`].
///
/// # Errors
/// [`ReadError::NotFound`] when the role reads none.
pub fn verdicts(hub: &Hub, call: &Call<'_>) -> Result<Vec<Row>, ReadError> {
    if !call.may(Action::ReadFindings) {
        return Err(ReadError::NotFound);
    }
    let (own, now) = (call.actor.organization, call.now);
    let sight = Sight::of(call.actor, now);
    let judged = hub.store.read::<_, StoreError>(move |reader| {
        let all = judgment::in_force(reader, own, &DESKS, now, JUDGED_MAX)?;
        let seen = judgment::visible(reader, &sight, own, &all)?;
        let told: BTreeSet<CandidateId> = seen
            .iter()
            .map(|heard| &heard.judgment)
            .filter(|one| counts(one, own, now))
            .map(|one| one.candidate)
            .collect();
        Ok(all
            .into_iter()
            .filter(|id| told.contains(id))
            .collect::<Vec<_>>())
    })?;
    let mut rows = Vec::with_capacity(judged.len());
    for (place, ids) in judged.chunks(LISTED_MAX as usize).enumerate() {
        let (actor, ids) = (call.actor.clone(), ids.to_vec());
        let mut stamp = call.stamp("finding.verdicts");
        stamp.random = stamp.random.derive(&format!("finding.verdicts {place}"));
        rows.extend(hub.store.write::<_, StoreError>(stamp, move |tx| {
            let mut rows = rows_of(tx, &actor, &ids)?;
            for row in &mut rows {
                row.judgments.retain(|one| match one.standpoint {
                    Standpoint::Own => true,
                    Standpoint::Other(kind) => DESKS.contains(&kind),
                });
            }
            Ok(rows)
        })?);
    }
    Ok(rows)
}

/// Whether a judgment is in force and handed out.
fn counts(one: &JudgmentRow, own: OrganizationId, now: Timestamp) -> bool {
    one.expires_at > now && (one.organization == own || DESKS.contains(&one.kind))
}

/// The rows of those of `ids` that are there for the reader.
fn rows_of(tx: &Tx<'_>, actor: &Actor, ids: &[CandidateId]) -> Result<Vec<Row>, StoreError> {
    let sight = Sight::of(actor, tx.now());
    let own = actor.organization;
    let mut together = read(tx, actor, &sight, ids)?;
    let judgments = judgment::visible(tx, &sight, own, ids)?;
    let steps = life::visible_steps(tx, &sight, own, ids)?;
    let mut rows = Vec::with_capacity(ids.len());
    for id in ids.iter().copied() {
        let pieces = match together.remove(&id) {
            Some(pieces) => Some(pieces),
            None => read_or_own(tx, actor, &sight, id)?,
        };
        let Some(Pieces {
            found, own, ended, ..
        }) = pieces
        else {
            continue;
        };
        let all = judgments.iter().map(|heard| &heard.judgment);
        let in_force = |one: &&JudgmentRow| one.candidate == id && one.expires_at > tx.now();
        let judged = all.filter(in_force).map(|one| Judged {
            standpoint: Standpoint::of(one.organization, one.kind, actor),
            judgment: one.judgment,
            expires_at: one.expires_at,
        });
        rows.push(Row {
            id,
            list_count: outside::naming_count(tx, found.content().server, tx.now())?,
            found,
            own: own.is_some(),
            ended,
            judgments: judged.collect(),
            steps: steps_of(&steps, id, actor),
        });
    }
    Ok(rows)
}
