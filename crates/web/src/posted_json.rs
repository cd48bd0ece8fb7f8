//! JSON as the pages' own scripts send it, with the session's token in a header.

use axum::body::Bytes;
use axum::extract::{FromRequest, Request};
use hub::sign_in::form_token_fits;
use serde_json::Value as Json;

use crate::form::{door, is_of_kind};
use crate::problem::Problem;
use crate::state::AppState;

/// The content type of JSON (RFC 8259, section 11).
pub(crate) const JSON: &str = "application/json";

/// The JSON that a script of one of our pages posted.
pub(crate) struct PostedJson(pub(crate) Json);

impl FromRequest<AppState> for PostedJson {
    type Rejection = Problem;

    async fn from_request(request: Request, state: &AppState) -> Result<Self, Problem> {
        let visit = door(&request)?;
        let headers = request.headers();
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
        if !is_of_kind(headers, JSON) {
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
