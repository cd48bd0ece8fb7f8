//! `GET /trust/proof/{commitment}`: a proof to take home.

use axum::extract::{Path, State};
use axum::http::header::{CONTENT_DISPOSITION, CONTENT_TYPE};
use axum::response::{IntoResponse, Response};
use domain::id::CommitmentId;

use crate::problem::Problem;
use crate::state::AppState;
use crate::visit::Signed;

/// Gives the proof as a JSON file.
pub(crate) async fn download(
    State(state): State<AppState>,
    Path(commitment): Path<String>,
    Signed { visit, actor }: Signed,
) -> Result<Response, Problem> {
    let id: CommitmentId = commitment.parse().map_err(|_| Problem::NotFound)?;
    let proof = state
        .call(move |hub| hub::log::proof(hub, &Signed::call(&actor, &visit), id))
        .await?;
    let headers = [
        (CONTENT_TYPE, "application/json".to_owned()),
        (
            CONTENT_DISPOSITION,
            format!("attachment; filename=\"{id}.json\""),
        ),
    ];
    Ok((headers, proof.file.to_json()).into_response())
}
