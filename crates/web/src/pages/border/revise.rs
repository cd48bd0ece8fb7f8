//! `POST /reviews/{id}`: keeps a changed draft.

use askama::Template as _;
use axum::extract::{Path, State};
use axum::response::{Html, IntoResponse as _, Redirect, Response};
use domain::id::ReviewId;

use super::say::Did;
use super::{desk, read};
use crate::form::Posted;
use crate::problem::Problem;
use crate::state::AppState;
use crate::visit::Signed;

/// Keeps the draft, or shows the form again with what is wrong.
pub(crate) async fn revise(
    State(state): State<AppState>,
    Path(id): Path<String>,
    signed: Signed,
    posted: Posted,
) -> Result<Response, Problem> {
    let id: ReviewId = id.parse().map_err(|_| Problem::NotFound)?;
    let made_from = read::made_from(&posted)?;
    let change = match read::revision(&posted)? {
        Ok(change) => change,
        Err(wrong) => {
            let frame = signed.visit.frame(&state);
            let mut form = posted.refill(&format!("/reviews/{id}"));
            for (field, key) in wrong {
                form.reject(&field, frame.t(key));
            }
            let desk = desk::load(&state, &signed, id).await?;
            let mut page = desk::page(&state, &signed, frame, &desk, form);
            page.dialogue = desk::dialogue(&state, &signed, &desk).await?;
            return Ok(Html(page.render()?).into_response());
        }
    };
    let (actor, visit) = (signed.actor.clone(), signed.visit.clone());
    state
        .call(move |hub| {
            hub::release::revise(hub, &Signed::call(&actor, &visit), id, made_from, change)
        })
        .await?;
    let page = match posted.one("then") {
        "dry-run" => format!("/reviews/{id}/dry-run"),
        _ => format!("/reviews/{id}?did={}", Did::Saved.word()),
    };
    Ok(Redirect::to(&page).into_response())
}
