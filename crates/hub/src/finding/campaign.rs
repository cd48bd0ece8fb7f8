//! A carrier's desk keeps count of the users it tells that a device of theirs is infected.
//!
//! The hub has numbers and nothing else: who the users are, which token stands for whom and how they
//! are reached stays at the carrier.

use domain::actor::Actor;
use domain::finding::{Campaign, Candidate, Finding};
use domain::id::CandidateId;
use domain::policy::Action;
use domain::release::Visible;
use domain::time::Timestamp;
use store::finding::campaign;
use store::log::{Entry, record};
use store::part::Sight;
use store::{StoreError, Tx, finding};

use super::desk::{Pieces, own_found, read_or_own};
use crate::call::{Call, Hub};

/// What a carrier's desk sees of its own campaign.
pub struct OwnCampaign {
    /// What was found; `None` when its sharing has ended and the carrier found nothing itself.
    pub found: Option<Visible<Candidate>>,
    /// What the carrier itself found; `None` when it found nothing.
    pub own: Option<Visible<Finding>>,
    /// The numbers, and since when they stand; `None` before the first.
    pub numbers: Option<(Campaign, Timestamp)>,
}

/// Why numbers were not shown or written.
#[derive(Debug, thiserror::Error)]
pub enum CampaignError {
    /// The candidate is not there for the caller, or the role tells no users.
    #[error("nothing is here")]
    NotFound,
    /// A colleague wrote numbers since the page was made.
    #[error("the numbers have changed since this page was made; look at them and write again")]
    Changed,
    /// The store failed.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// The caller's own campaign about a candidate: also when its sharing has ended, where the carrier
/// found it or has begun to count.
///
/// # Errors
/// [`CampaignError::NotFound`] when the candidate is not there for the caller, or the role tells no
/// users.
pub fn own_campaign(
    hub: &Hub,
    call: &Call<'_>,
    id: CandidateId,
) -> Result<OwnCampaign, CampaignError> {
    if !call.may(Action::NotifyUsers) {
        return Err(CampaignError::NotFound);
    }
    let actor = call.actor.clone();
    hub.store.write(call.stamp("campaign.read"), move |tx| {
        let found = there(tx, &actor, id)?.map(|pieces| pieces.found);
        let own = own_found(tx, &actor, id)?.map(|(_, own)| own);
        let numbers = campaign::of(tx, id, actor.organization)?;
        Ok(OwnCampaign {
            found,
            own,
            numbers,
        })
    })
}

/// Writes the numbers of the caller's carrier over those of `as_of`; `None` where there were none.
///
/// # Errors
/// [`CampaignError::NotFound`] as for reading, [`CampaignError::Changed`] when somebody wrote since.
pub fn write_campaign(
    hub: &Hub,
    call: &Call<'_>,
    id: CandidateId,
    as_of: Option<Timestamp>,
    numbers: Campaign,
) -> Result<(), CampaignError> {
    if !call.may(Action::NotifyUsers) {
        return Err(CampaignError::NotFound);
    }
    let actor = call.actor.clone();
    hub.store.write(call.stamp("campaign.write"), move |tx| {
        there(tx, &actor, id)?;
        let before = campaign::of(tx, id, actor.organization)?;
        if before.map(|(_, at)| at) != as_of {
            return Err(CampaignError::Changed);
        }
        campaign::write(tx, id, actor.organization, actor.person, &numbers)?;
        let object = id.to_string();
        let by = super::by(tx, &object, &actor);
        let entry = Entry {
            event: "campaign-counted",
            object,
            owner: super::owner(&actor),
            facts: vec![by],
        };
        Ok(record(tx, &entry)?)
    })
}

/// What the caller may see of the candidate; `None` where his organization only counts there.
fn there(tx: &Tx<'_>, actor: &Actor, id: CandidateId) -> Result<Option<Pieces>, CampaignError> {
    let sight = Sight::of(actor, tx.now());
    let pieces = read_or_own(tx, actor, &sight, id)?;
    if pieces.is_none() && !finding::involves(tx, id, actor.organization)? {
        return Err(CampaignError::NotFound);
    }
    Ok(pieces)
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
