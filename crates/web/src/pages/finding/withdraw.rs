//! `POST /findings/{candidate}/withdraw`.

use axum::extract::{Path, State};
use axum::response::{IntoResponse as _, Redirect, Response};
use domain::id::CandidateId;

use crate::form::Posted;
use crate::problem::Problem;
use crate::state::AppState;
use crate::visit::Signed;

/// Takes back what the reader's carrier found.
pub(crate) async fn withdraw(
    State(state): State<AppState>,
    Path(id): Path<String>,
    Signed { visit, actor }: Signed,
    _posted: Posted,
) -> Result<Response, Problem> {
    let id: CandidateId = id.parse().map_err(|_| Problem::NotFound)?;
    state
        .call(move |hub| hub::finding::withdraw(hub, &Signed::call(&actor, &visit), id))
        .await?;
    Ok(Redirect::to(&format!("/findings/{id}?said=withdrawn")).into_response())
}
