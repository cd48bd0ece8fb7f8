//! A carrier's desk keeps count of the users it tells that a device of theirs is infected.
//!
//! The hub has numbers and nothing else: who the users are, which token stands for whom and how they
//! are reached stays at the carrier.

use domain::finding::{Campaign, Candidate};
use domain::id::CandidateId;
use domain::policy::Action;
use domain::release::Visible;
use domain::time::Timestamp;
use store::StoreError;
use store::finding::campaign;
use store::log::{Entry, record};
use store::part::Sight;

use super::desk::read;
use crate::call::{Call, Hub, ReadError};

/// What a carrier's desk sees of its own campaign.
pub struct OwnCampaign {
    /// What was found.
    pub found: Visible<Candidate>,
    /// The numbers, and since when they stand; `None` before the first.
    pub numbers: Option<(Campaign, Timestamp)>,
}

/// The caller's own campaign about a candidate.
///
/// # Errors
/// [`ReadError::NotFound`] when the candidate is not there for the caller, or the role tells no users.
pub fn own_campaign(hub: &Hub, call: &Call<'_>, id: CandidateId) -> Result<OwnCampaign, ReadError> {
    if !call.may(Action::NotifyUsers) {
        return Err(ReadError::NotFound);
    }
    let actor = call.actor.clone();
    hub.store.write(call.stamp("campaign.read"), move |tx| {
        let sight = Sight::of(&actor, tx.now());
        let pieces = read(tx, &actor, &sight, &[id])?.remove(&id);
        let found = pieces.ok_or(ReadError::NotFound)?.found;
        let numbers = campaign::of(tx, id, actor.organization)?;
        Ok(OwnCampaign { found, numbers })
    })
}

/// Writes the numbers of the caller's carrier.
///
/// # Errors
/// [`ReadError::NotFound`] as for reading.
pub fn write_campaign(
    hub: &Hub,
    call: &Call<'_>,
    id: CandidateId,
    numbers: Campaign,
) -> Result<(), ReadError> {
    if !call.may(Action::NotifyUsers) {
        return Err(ReadError::NotFound);
    }
    let actor = call.actor.clone();
    hub.store.write(call.stamp("campaign.write"), move |tx| {
        let sight = Sight::of(&actor, tx.now());
        if read(tx, &actor, &sight, &[id])?.is_empty() {
            return Err(ReadError::NotFound);
        }
        campaign::write(tx, id, actor.organization, actor.person, &numbers)?;
        let object = id.to_string();
        let by = super::by(tx, &object, &actor);
        let entry = Entry {
            event: "campaign-counted",
            object,
            owner: Some(actor.organization),
            facts: vec![by],
        };
        record(tx, &entry)?;
        Ok::<_, ReadError>(())
    })
}

/// The share of users that were cured after `advisory`, in tenths, as far as it may be shown; `None`
/// when the advisory is about no candidate.
pub(crate) fn cured_after(
    reader: &store::Reader<'_>,
    advisory: domain::id::AdvisoryId,
) -> Result<Option<domain::statistic::Figure>, StoreError> {
    if store::finding::life::linked(reader, advisory)?.is_empty() {
        return Ok(None);
    }
    let behind = campaign::behind(reader, advisory)?;
    Ok(Some(domain::finding::cured_tenths(&behind)))
}
