//! `POST /advisories/{advisory}/amend` and `…/amend/discard`.

use axum::extract::{Path, State};
use axum::response::Redirect;
use domain::id::AdvisoryId;

use crate::form::Posted;
use crate::problem::Problem;
use crate::state::AppState;
use crate::visit::Signed;

/// Begins an amendment with the text in force and leads to its form.
pub(crate) async fn begin(
    State(state): State<AppState>,
    Path(advisory): Path<String>,
    Signed { visit, actor }: Signed,
    _posted: Posted,
) -> Result<Redirect, Problem> {
    let id: AdvisoryId = advisory.parse().map_err(|_| Problem::NotFound)?;
    state
        .call(move |hub| hub::amend::amend(hub, &Signed::call(&actor, &visit), id))
        .await?;
    Ok(Redirect::to(&format!("/advisories/{id}/edit")))
}

/// Throws the amendment under work away.
pub(crate) async fn discard(
    State(state): State<AppState>,
    Path(advisory): Path<String>,
    Signed { visit, actor }: Signed,
    _posted: Posted,
) -> Result<Redirect, Problem> {
    let id: AdvisoryId = advisory.parse().map_err(|_| Problem::NotFound)?;
    state
        .call(move |hub| hub::amend::discard(hub, &Signed::call(&actor, &visit), id))
        .await?;
    Ok(Redirect::to(&format!("/advisories/{id}?said=discarded")))
}
