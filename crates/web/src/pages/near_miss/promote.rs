//! `POST /near-miss/{report}/promote`: begins the first report of an incident from a near miss.

use axum::extract::{Path, State};
use axum::response::Redirect;
use domain::id::ReportId;

use crate::form::Posted;
use crate::problem::Problem;
use crate::state::AppState;
use crate::visit::Signed;

/// Begins the draft and leads to it; a draft begun twice is only a draft.
pub(crate) async fn promote(
    State(state): State<AppState>,
    Path(report): Path<String>,
    Signed { visit, actor }: Signed,
    _posted: Posted,
) -> Result<Redirect, Problem> {
    let id: ReportId = report.parse().map_err(|_| Problem::NotFound)?;
    let draft = state
        .call(move |hub| hub::near_miss::promote(hub, &Signed::call(&actor, &visit), id))
        .await?;
    Ok(Redirect::to(&format!("/drafts/{}/check", draft.id)))
}
