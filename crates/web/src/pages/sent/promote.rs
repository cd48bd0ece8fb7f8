//! `POST /mailbox/promote`: begins the first report of an incident from an unnamed near miss.

use axum::extract::State;
use axum::http::header::SET_COOKIE;
use axum::response::{IntoResponse as _, Redirect, Response};

use super::whose::Whose;
use crate::form::Posted;
use crate::pages::report::pass;
use crate::problem::Problem;
use crate::state::AppState;
use crate::visit::Signed;

/// Begins the draft and shows its code first: nothing else finds it again.
pub(crate) async fn promote(
    State(state): State<AppState>,
    whose: Whose,
    Signed { visit, actor }: Signed,
    _posted: Posted,
) -> Result<Response, Problem> {
    let asking = visit.clone();
    let opened = state
        .call(move |hub| hub::near_miss::promote(hub, &Signed::call(&actor, &asking), whose.claim))
        .await?;
    let next = Redirect::to(&format!("/drafts/{}/code", opened.id));
    Ok(match pass::keep(&state, &visit, &opened) {
        Some(cookie) => ([(SET_COOKIE, cookie)], next).into_response(),
        None => next.into_response(),
    })
}
