//! Amending: a new text for an issued advisory is begun from the one in force.
//!
//! From here on it is written, proposed and issued like the first one ([`crate::compose`],
//! [`crate::issue`]), by two persons. Addressees keep the text in force until then.

use domain::advisory::AdvisoryStage;
use domain::advisory::chosen::Chosen;
use domain::id::{AdvisoryId, OrganizationId};
use domain::policy::Action;
use seal::random::Random;
use store::advisory::addressee::{self, AddresseeRow};
use store::advisory::{AdvisoryRow, DraftRow};
use store::log::record;
use store::{StoreError, Tx, advisory, part};

use crate::call::{Call, Hub};
use crate::compose::{draft_part, entry, in_force, issuer_audience, own_purposes};
use crate::log::{Attempt, noting};

/// Why an amendment was not begun or thrown away. Nothing was changed.
#[derive(Debug, thiserror::Error)]
pub enum AmendError {
    /// It is not there for this caller, is not in force, or the role does not write advisories.
    #[error("nothing is here")]
    NotFound,
    /// The store failed.
    #[error(transparent)]
    Store(#[from] StoreError),
}

impl Attempt for AmendError {
    fn is_refusal(&self) -> bool {
        matches!(self, Self::NotFound)
    }
}

/// Begins an amendment of the advisory in force with its own text, times and addressees. What is
/// under work already stays as it is.
pub fn amend(hub: &Hub, call: &Call<'_>, id: AdvisoryId) -> Result<(), AmendError> {
    let outcome = begin(hub, call, id);
    noting(hub, call, Action::ComposeAdvisory, &id.to_string(), outcome)
}

fn begin(hub: &Hub, call: &Call<'_>, id: AdvisoryId) -> Result<(), AmendError> {
    if !call.may(Action::ComposeAdvisory) {
        return Err(AmendError::NotFound);
    }
    let actor = call.actor.clone();
    let own_purposes = own_purposes(&hub.reference);
    let mut random: Random = call.random.derive("amend.ids");
    hub.store.write(call.stamp("amend.begin"), move |tx| {
        let row = issued(tx, id, actor.organization)?;
        if advisory::draft(tx, id)?.is_some() {
            return Ok(());
        }
        let text = in_force(tx, id)?.ok_or(AmendError::NotFound)?;
        let copy = draft_part(tx, id, text.body, text.handling, &mut random)?;
        part::insert(
            tx,
            &copy,
            &issuer_audience(actor.organization, &own_purposes),
        )?;
        let lines = addressee::of_advisory(tx, id)?;
        let draft = DraftRow {
            chosen: lines.iter().filter_map(chosen).collect(),
            dues: advisory::actions(tx, id)?,
            author: actor.person,
            proposed_at: None,
            updated_at: tx.now(),
        };
        advisory::write_draft(tx, id, &draft)?;
        Ok(record(
            tx,
            &entry("advisory-amendment-begun", &row, actor.person, vec![]),
        )?)
    })
}

/// Throws away the amendment under work; what was issued stays in force.
pub fn discard(hub: &Hub, call: &Call<'_>, id: AdvisoryId) -> Result<(), AmendError> {
    if !call.may(Action::ComposeAdvisory) {
        return Err(AmendError::NotFound);
    }
    let actor = call.actor.clone();
    hub.store.write(call.stamp("amend.discard"), move |tx| {
        let row = issued(tx, id, actor.organization)?;
        advisory::draft(tx, id)?.ok_or(AmendError::NotFound)?;
        advisory::remove_draft(tx, id)?;
        Ok(record(
            tx,
            &entry("advisory-amendment-discarded", &row, actor.person, vec![]),
        )?)
    })
}

/// An advisory in force that `issuer` issued.
pub(crate) fn issued(
    tx: &Tx<'_>,
    id: AdvisoryId,
    issuer: OrganizationId,
) -> Result<AdvisoryRow, AmendError> {
    advisory::find(tx, id)?
        .filter(|row| row.advisory.issuer == issuer)
        .filter(|row| row.advisory.stage == AdvisoryStage::Issued)
        .ok_or(AmendError::NotFound)
}

/// The choice that `line` came from, as far as it still is one.
fn chosen(line: &AddresseeRow) -> Option<Chosen> {
    let choice = match line.person {
        Some(person) => Chosen::Person(person, line.organization, line.tier),
        None => Chosen::Organization(line.organization, line.tier),
    };
    line.removed_at.is_none().then_some(choice)
}
