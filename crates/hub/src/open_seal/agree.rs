//! Custodians agree or refuse; the one who asked takes back.

use domain::id::{CustodianId, OpeningId};
use domain::opening::{OpeningStage, OpeningStep};
use domain::policy::Action;
use seal::identity::{Approval, IdentityError, verify_approval};
use store::custody::opening;
use store::{Reader, custody};

use super::case::{Case, in_force};
use super::{OpeningError, Standing, log};
use crate::call::{Call, Hub};
use crate::log::noting;

/// Longest agreement that is looked at, in bytes; a whole one has some eight hundred.
const AGREEMENT_BYTES_MAX: usize = 16 * 1024;

/// What an agreement did.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Agreed {
    /// Another custodian has to agree.
    Waiting,
    /// Enough have agreed: the identity can be read.
    Enough,
}

/// Takes a custodian's agreement, from himself or from the one who asked. It proves itself: it can
/// only be made with the custodian's key, and serves this opening alone.
///
/// # Errors
/// [`OpeningError::NotAnAgreement`] says what is wrong with the file.
pub fn hand_in(
    hub: &Hub,
    call: &Call<'_>,
    id: OpeningId,
    text: &str,
) -> Result<Agreed, OpeningError> {
    let taken = take(hub, call, id, text);
    let object = id.to_string();
    noting(hub, call, Action::ApproveOpening, &object, taken)
}

fn take(hub: &Hub, call: &Call<'_>, id: OpeningId, text: &str) -> Result<Agreed, OpeningError> {
    if !call.may(Action::ApproveOpening) && !call.may(Action::RequestOpening) {
        return Err(OpeningError::NotFound);
    }
    // Beyond the limit no text is the file, whatever it says.
    let text = if text.len() > AGREEMENT_BYTES_MAX {
        ""
    } else {
        text.trim()
    };
    let approval = Approval::from_json(text).map_err(OpeningError::NotAnAgreement)?;
    let actor = call.actor.clone();
    hub.store.write(call.stamp("open_seal.hand_in"), move |tx| {
        let case = Case::of(tx, &actor, id)?;
        let stage = in_force(&case.opening, tx.now());
        if stage != OpeningStage::Approved {
            stage.after(OpeningStep::Approve)?;
        }
        let papers = case.papers(tx, &actor)?;
        verify_approval(&papers.secret, &papers.request, &papers.sealed, &approval)
            .map_err(OpeningError::NotAnAgreement)?;
        let custodian = custodian_of(tx, &case, &approval)?;
        if !opening::agree(tx, id, custodian, &approval.to_json())? {
            return Err(OpeningError::AgreedAlready);
        }
        let facts = vec![
            ("custodian", custodian.to_string()),
            ("key", approval.custodian().to_string()),
        ];
        log(tx, "opening-approved", &case.opening, facts)?;
        let agreed = opening::agreements(tx, id)?.len();
        if agreed < usize::from(papers.sealed.threshold()) {
            return Ok(Agreed::Waiting);
        }
        if stage == OpeningStage::Requested {
            opening::set_stage(tx, id, stage.after(OpeningStep::Approve)?)?;
        }
        Ok(Agreed::Enough)
    })
}

/// A custodian says no. When so many have refused that the rest are too few, the opening ends.
///
/// # Errors
/// [`OpeningError::NotFound`] for everybody but custodians of the relay that keeps the seal.
pub fn refuse(hub: &Hub, call: &Call<'_>, id: OpeningId) -> Result<OpeningStage, OpeningError> {
    let actor = call.actor.clone();
    let refused = hub.store.write(call.stamp("open_seal.refuse"), move |tx| {
        let case = Case::of(tx, &actor, id)?;
        if case.standing != Standing::Keeper {
            return Err(OpeningError::NotFound);
        }
        let stage = in_force(&case.opening, tx.now());
        let refused = stage.after(OpeningStep::Refuse)?;
        if !opening::refuse(tx, id, actor.person)? {
            return Err(OpeningError::RefusedAlready);
        }
        let facts = vec![("person", actor.person.to_string())];
        log(tx, "opening-refused", &case.opening, facts)?;
        let sealed = case.sealed(tx)?.ok_or(OpeningError::NotFound)?;
        let refusals = opening::refusals(tx, id)?.len();
        let left = sealed.custodians().count().saturating_sub(refusals);
        if left >= usize::from(sealed.threshold()) {
            return Ok(stage);
        }
        opening::set_stage(tx, id, refused)?;
        Ok(refused)
    });
    let object = id.to_string();
    noting(hub, call, Action::ApproveOpening, &object, refused)
}

/// Takes an opening back before anything was read.
///
/// # Errors
/// [`OpeningError::NotFound`] for everybody but the organization that asked.
pub fn withdraw(hub: &Hub, call: &Call<'_>, id: OpeningId) -> Result<(), OpeningError> {
    let actor = call.actor.clone();
    let withdrawn = hub
        .store
        .write(call.stamp("open_seal.withdraw"), move |tx| {
            let case = Case::of(tx, &actor, id)?;
            if case.standing == Standing::Keeper {
                return Err(OpeningError::NotFound);
            }
            let stage = in_force(&case.opening, tx.now()).after(OpeningStep::Withdraw)?;
            opening::set_stage(tx, id, stage)?;
            Ok(log(tx, "opening-withdrawn", &case.opening, vec![])?)
        });
    let object = id.to_string();
    noting(hub, call, Action::RequestOpening, &object, withdrawn)
}

/// The custodian whose key made `approval`, in office or not: who left keeps the shares that were
/// not handed over.
pub(super) fn custodian_of(
    reader: &Reader<'_>,
    case: &Case,
    approval: &Approval,
) -> Result<CustodianId, OpeningError> {
    let key = approval.custodian();
    for office in custody::offices(reader, case.report.relay)? {
        if office.custodian.fingerprint()? == key {
            return Ok(office.custodian.id);
        }
    }
    Err(OpeningError::NotAnAgreement(IdentityError::NotACustodian(
        key,
    )))
}
