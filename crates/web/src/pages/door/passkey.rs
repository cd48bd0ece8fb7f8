//! `POST /sign-in/passkey/begin` and `/finish`: signing in by passkey, called by the page's script.

use axum::Json;
use axum::extract::State;
use axum::http::HeaderMap;
use axum::http::header::SET_COOKIE;
use axum::response::{IntoResponse, Response};
use serde_json::json;

use super::sign_in;
use crate::cookie;
use crate::guard::transport;
use crate::passkey::RelyingParty;
use crate::posted_json::PostedJson;
use crate::problem::Problem;
use crate::state::AppState;
use crate::visit::Visit;

/// Hands the browser a challenge.
pub(crate) async fn begin(
    State(state): State<AppState>,
    visit: Visit,
    _posted: PostedJson,
) -> Result<Response, Problem> {
    let party = RelyingParty::of(&state.facts).ok_or(Problem::NotFound)?;
    let begun = party.begin_sign_in()?;
    let (now, random) = (visit.now, visit.random.clone());
    let secret = state
        .call(move |hub| hub::sign_in::begin_sign_in(hub, begun.state, now, &random))
        .await?;
    let cookie = cookie::ceremony(transport(&state), &secret);
    Ok(([(SET_COOKIE, cookie)], Json(begun.options)).into_response())
}

/// Signs in whom the answer proves. Every failure is the same: not found.
pub(crate) async fn finish(
    State(state): State<AppState>,
    visit: Visit,
    headers: HeaderMap,
    PostedJson(answer): PostedJson,
) -> Result<Response, Problem> {
    let party = RelyingParty::of(&state.facts).ok_or(Problem::NotFound)?;
    let secret = cookie::ceremony_of(&headers, transport(&state)).ok_or(Problem::NotFound)?;
    let answer = party.read_answer(answer)?;
    let (now, random) = (visit.now, visit.random.clone());
    let begun = state
        .call(move |hub| {
            let kept = hub::sign_in::answer_ceremony(hub, &secret, None, now, &random)?;
            let known = hub::sign_in::passkeys_by_handle(hub, answer.handle)?;
            let used = party
                .finish_sign_in(&answer, &kept.state, &known)
                .ok_or(hub::ReadError::NotFound)?;
            hub::sign_in::by_passkey(hub, answer.handle, used.id, used.json, now, &random)
        })
        .await?;
    let session = sign_in::begin(&state, &visit, &begun).await?;
    Ok(([(SET_COOKIE, session)], Json(json!({}))).into_response())
}
