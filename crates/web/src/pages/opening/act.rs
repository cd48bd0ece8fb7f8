//! `POST /openings/{id}/agreements`, `/refuse`, `/withdraw`.

use axum::extract::{Path, State};
use axum::response::{IntoResponse as _, Redirect, Response};
use domain::id::OpeningId;
use hub::open_seal::{AgreementFault, OpeningError};

use super::show::page;
use crate::form::Posted;
use crate::problem::Problem;
use crate::state::AppState;
use crate::visit::Signed;

/// Takes a custodian's agreement; what is wrong with it is said beside the field.
pub(crate) async fn hand_in(
    State(state): State<AppState>,
    Path(id): Path<String>,
    signed: Signed,
    posted: Posted,
) -> Result<Response, Problem> {
    let id: OpeningId = id.parse().map_err(|_| Problem::NotFound)?;
    let text = posted.one("agreement").to_owned();
    let (actor, visit) = (signed.actor.clone(), signed.visit.clone());
    let taken = state
        .call(move |hub| {
            let call = Signed::call(&actor, &visit);
            Ok::<_, OpeningError>(hub::open_seal::hand_in(hub, &call, id, &text))
        })
        .await?;
    let key = match taken {
        Ok(_) => return Ok(back(id)),
        Err(OpeningError::AgreedAlready) => "opening-agreed-already",
        Err(OpeningError::NotAnAgreement(fault)) => match AgreementFault::of(&fault) {
            AgreementFault::NotTheFile => "opening-wrong-not-the-file",
            AgreementFault::OtherOpening => "opening-wrong-request",
            AgreementFault::NoCustodian => "opening-wrong-custodian",
            AgreementFault::WrongShare => "opening-wrong-share",
            AgreementFault::DoesNotOpen => "opening-wrong-other",
        },
        Err(other) => return Err(other.into()),
    };
    let mut form = posted.refill(&format!("/openings/{id}/agreements"));
    form.reject("agreement", signed.visit.words.t(key));
    Ok(page(&state, signed, id, form).await?.into_response())
}

/// A custodian refuses.
pub(crate) async fn refuse(
    State(state): State<AppState>,
    Path(id): Path<String>,
    Signed { visit, actor }: Signed,
    _posted: Posted,
) -> Result<Response, Problem> {
    let id: OpeningId = id.parse().map_err(|_| Problem::NotFound)?;
    state
        .call(move |hub| hub::open_seal::refuse(hub, &Signed::call(&actor, &visit), id))
        .await?;
    Ok(back(id))
}

/// The request is taken back.
pub(crate) async fn withdraw(
    State(state): State<AppState>,
    Path(id): Path<String>,
    Signed { visit, actor }: Signed,
    _posted: Posted,
) -> Result<Response, Problem> {
    let id: OpeningId = id.parse().map_err(|_| Problem::NotFound)?;
    state
        .call(move |hub| hub::open_seal::withdraw(hub, &Signed::call(&actor, &visit), id))
        .await?;
    Ok(back(id))
}

fn back(id: OpeningId) -> Response {
    Redirect::to(&format!("/openings/{id}")).into_response()
}
