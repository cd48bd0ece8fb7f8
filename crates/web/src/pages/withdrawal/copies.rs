//! `POST /advisories/{advisory}/copies`: a holder's word on what it did with copies.

use axum::extract::{Path, State};
use axum::response::Redirect;
use domain::advisory::withdrawal::Disposal;
use domain::id::AdvisoryId;

use crate::form::Posted;
use crate::problem::Problem;
use crate::state::AppState;
use crate::visit::Signed;

/// Takes the word.
pub(crate) async fn confirm(
    State(state): State<AppState>,
    Path(advisory): Path<String>,
    Signed { visit, actor }: Signed,
    posted: Posted,
) -> Result<Redirect, Problem> {
    let id: AdvisoryId = advisory.parse().map_err(|_| Problem::NotFound)?;
    let disposal: Disposal = posted
        .one("disposal")
        .parse()
        .map_err(|_| Problem::Malformed)?;
    state
        .call(move |hub| hub::tombstone::confirm(hub, &Signed::call(&actor, &visit), id, disposal))
        .await?;
    Ok(Redirect::to(&format!("/advisories/{id}?said=copies")))
}
