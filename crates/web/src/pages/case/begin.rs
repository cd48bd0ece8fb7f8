//! `POST /reports/{id}/review`: begins the border check, or finds the one that is open.

use axum::extract::{Path, State};
use axum::response::Redirect;
use domain::id::ReportId;

use crate::form::Posted;
use crate::problem::Problem;
use crate::state::AppState;
use crate::visit::Signed;

/// Leads to the review.
pub(crate) async fn begin(
    State(state): State<AppState>,
    Path(id): Path<String>,
    Signed { visit, actor }: Signed,
    _posted: Posted,
) -> Result<Redirect, Problem> {
    let id: ReportId = id.parse().map_err(|_| Problem::NotFound)?;
    let review = state
        .call(move |hub| hub::release::begin(hub, &Signed::call(&actor, &visit), id))
        .await?;
    Ok(Redirect::to(&format!("/reviews/{review}")))
}
