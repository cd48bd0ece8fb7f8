//! The one person who asked reads what two custodians agreed to open.

use domain::id::{CustodianId, OpeningId};
use domain::opening::{Identity, OpeningStage, OpeningStep};
use domain::policy::Action;
use domain::release::Visible;
use domain::release::sealed::{TwoCustodians, unsealed};
use domain::time::Timestamp;
use seal::identity::{Approval, combine};
use store::custody::{opening, read_identity_block};
use store::person::{self, PersonRecord};
use store::{StoreError, Tx};

use super::agree::custodian_of;
use super::case::{Case, in_force};
use super::{OpeningError, log};
use crate::call::{Call, Hub};
use crate::log::noting;

/// An opened identity.
pub struct Revealed {
    /// Who the source is, as it was sealed.
    pub identity: Visible<Identity>,
    /// The person who sent the report, as the register knows him now; `None` when he was erased.
    pub person: Option<Visible<PersonRecord>>,
    /// Pseudonym under which the report is spoken of.
    pub pseudonym: String,
    /// Until when it can be read again.
    pub expires_at: Timestamp,
}

/// Opens the identity for the person who asked. Each time is committed to, before it is shown.
///
/// # Errors
/// [`OpeningError::NotFound`] for everybody else, colleagues included;
/// [`OpeningError::WrongStage`] before enough custodians agreed and after its time.
pub fn read_identity(hub: &Hub, call: &Call<'_>, id: OpeningId) -> Result<Revealed, OpeningError> {
    let revealed = reveal(hub, call, id);
    let object = id.to_string();
    noting(hub, call, Action::RequestOpening, &object, revealed)
}

fn reveal(hub: &Hub, call: &Call<'_>, id: OpeningId) -> Result<Revealed, OpeningError> {
    if !call.may(Action::RequestOpening) {
        return Err(OpeningError::NotFound);
    }
    let actor = call.actor.clone();
    hub.store.write(call.stamp("open_seal.read"), move |tx| {
        let case = Case::of(tx, &actor, id)?;
        if case.opening.asked_by != actor.person {
            return Err(OpeningError::NotFound);
        }
        let stage = in_force(&case.opening, tx.now()).after(OpeningStep::Read)?;
        let papers = case.papers(tx, &actor)?;
        let agreements = agreements(tx, &case)?;
        let approvals: Vec<Approval> = agreements.iter().map(|(_, file)| file.clone()).collect();
        let opened = combine(&papers.secret, &papers.request, &papers.sealed, &approvals)
            .map_err(OpeningError::NotAnAgreement)?;
        let agreed: Vec<CustodianId> = agreements
            .iter()
            .filter(|(_, file)| opened.approved_by.contains(&file.custodian()))
            .map(|(custodian, _)| *custodian)
            .collect();
        let proof = TwoCustodians::agreed(&agreed).map_err(|_| OpeningError::NotFound)?;
        let agreed_by: Vec<String> = opened.approved_by.iter().map(ToString::to_string).collect();
        log(
            tx,
            "identity-opened",
            &case.opening,
            vec![("keys", agreed_by.join(" "))],
        )?;
        if case.opening.stage != OpeningStage::Opened {
            opening::set_stage(tx, id, stage)?;
        }
        let parties = case.parties();
        let identity = unsealed(proof, &actor, &parties, read_identity_block(&opened.block)?)
            .map_err(|_| OpeningError::NotFound)?;
        let record = match identity.content().person {
            Some(person) => person::record(tx, person)?,
            None => None,
        };
        let person = record.and_then(|record| unsealed(proof, &actor, &parties, record).ok());
        Ok(Revealed {
            identity,
            person,
            pseudonym: case.report.pseudonym,
            expires_at: case.opening.expires_at,
        })
    })
}

/// The agreements handed in, with whose they are.
fn agreements(tx: &Tx<'_>, case: &Case) -> Result<Vec<(CustodianId, Approval)>, OpeningError> {
    let corrupt = |_| StoreError::Corrupt {
        table: "seal_approval",
        column: "body",
    };
    let mut files = Vec::new();
    for agreement in opening::agreements(tx, case.opening.id)? {
        let file = Approval::from_json(&agreement.body).map_err(corrupt)?;
        files.push((custodian_of(tx, case, &file)?, file));
    }
    Ok(files)
}
