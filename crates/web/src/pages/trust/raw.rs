//! `GET /log/…`: checkpoint, consistency proofs and tiles, in the forms of C2SP.

use axum::extract::{Path, State};
use axum::http::header::CONTENT_TYPE;
use axum::response::{IntoResponse, Response};

use crate::problem::Problem;
use crate::state::AppState;
use crate::visit::Signed;

/// The newest signed checkpoint.
pub(crate) async fn checkpoint(
    State(state): State<AppState>,
    Signed { visit, actor }: Signed,
) -> Result<Response, Problem> {
    let note = state
        .call(move |hub| hub::log::checkpoint(hub, &Signed::call(&actor, &visit)))
        .await?;
    Ok(([(CONTENT_TYPE, "text/plain; charset=utf-8")], note).into_response())
}

/// The proof that an older checkpoint is the beginning of the newest.
pub(crate) async fn consistency(
    State(state): State<AppState>,
    Path(size): Path<String>,
    Signed { visit, actor }: Signed,
) -> Result<Response, Problem> {
    let size: u64 = size.parse().map_err(|_| Problem::NotFound)?;
    let proof = state
        .call(move |hub| hub::log::consistency(hub, &Signed::call(&actor, &visit), size))
        .await?;
    Ok(([(CONTENT_TYPE, "application/json")], proof.to_json()).into_response())
}

/// A tile, or a bundle of entries.
pub(crate) async fn tile(
    State(state): State<AppState>,
    Path(path): Path<String>,
    Signed { visit, actor }: Signed,
) -> Result<Response, Problem> {
    let bytes = state
        .call(move |hub| hub::log::tile(hub, &Signed::call(&actor, &visit), &path))
        .await?;
    Ok(([(CONTENT_TYPE, "application/octet-stream")], bytes).into_response())
}
