//! JSON as the pages' own scripts send it, with the session's token in a header.

use axum::body::Bytes;
use axum::extract::{FromRequest, Request};
use axum::http::header::CONTENT_TYPE;
use hub::sign_in::form_token_fits;
use serde_json::Value as Json;

use crate::form::is_foreign;
use crate::problem::Problem;
use crate::state::AppState;
use crate::visit::Visit;

/// The JSON that a script of one of our pages posted.
pub(crate) struct PostedJson(pub(crate) Json);

impl FromRequest<AppState> for PostedJson {
    type Rejection = Problem;

    async fn from_request(request: Request, state: &AppState) -> Result<Self, Problem> {
        let visit = request
            .extensions()
            .get::<Visit>()
            .cloned()
            .ok_or(Problem::NotFound)?;
        let headers = request.headers();
        if is_foreign(headers) {
            return Err(Problem::Forged);
        }
        let token = headers
            .get("x-csrf-token")
            .and_then(|value| value.to_str().ok())
            .unwrap_or("");
        if let Some(session) = &visit.session
            && !form_token_fits(&state.hub, &session.form_secret, token)
        {
            return Err(Problem::Forged);
        }
        // A content type that a plain form of another site cannot send.
        if !is_json(headers.get(CONTENT_TYPE)) {
            return Err(Problem::Malformed);
        }
        let body = Bytes::from_request(request, state)
            .await
            .map_err(|_| Problem::TooLarge)?;
        serde_json::from_slice(&body)
            .map(Self)
            .map_err(|_| Problem::Malformed)
    }
}

/// Whether a content type is JSON, whatever its parameters.
pub(crate) fn is_json(value: Option<&axum::http::HeaderValue>) -> bool {
    value
        .and_then(|value| value.to_str().ok())
        .and_then(|value| value.split(';').next())
        .is_some_and(|kind| kind.trim().eq_ignore_ascii_case("application/json"))
}
