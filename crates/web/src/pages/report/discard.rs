//! `POST /drafts/{draft}/discard`.

use axum::extract::{Path, State};
use axum::http::HeaderMap;
use axum::http::header::SET_COOKIE;
use axum::response::{IntoResponse, Redirect, Response};
use domain::id::DraftId;
use hub::draft;

use super::pass;
use crate::form::Posted;
use crate::problem::Problem;
use crate::state::AppState;
use crate::visit::Signed;

/// Shreds a draft at its author's wish.
pub(crate) async fn discard(
    State(state): State<AppState>,
    Path(id): Path<String>,
    headers: HeaderMap,
    Signed { visit, actor }: Signed,
    _posted: Posted,
) -> Result<Response, Problem> {
    let id: DraftId = id.parse().map_err(|_| Problem::NotFound)?;
    let key = pass::key(&state, &visit, &headers, id);
    let by_code = key.is_some();
    state
        .call(move |hub| draft::discard(hub, &Signed::call(&actor, &visit), id, key.as_ref()))
        .await?;
    let redirect = Redirect::to("/drafts");
    Ok(if by_code {
        ([(SET_COOKIE, pass::forget(&state))], redirect).into_response()
    } else {
        redirect.into_response()
    })
}
