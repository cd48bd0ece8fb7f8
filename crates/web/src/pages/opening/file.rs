//! `GET /openings/{id}/request.json`: the file for the custodians.

use axum::extract::{Path, State};
use axum::http::header::{CONTENT_DISPOSITION, CONTENT_TYPE};
use axum::response::{IntoResponse as _, Response};
use domain::id::OpeningId;

use crate::problem::Problem;
use crate::state::AppState;
use crate::visit::Signed;

/// Hands out the request.
pub(crate) async fn download(
    State(state): State<AppState>,
    Path(id): Path<String>,
    Signed { visit, actor }: Signed,
) -> Result<Response, Problem> {
    let id: OpeningId = id.parse().map_err(|_| Problem::NotFound)?;
    let text = state
        .call(move |hub| hub::open_seal::request_file(hub, &Signed::call(&actor, &visit), id))
        .await?;
    let headers = [
        (CONTENT_TYPE, "application/json"),
        (CONTENT_DISPOSITION, "attachment; filename=\"request.json\""),
    ];
    Ok((headers, text).into_response())
}
