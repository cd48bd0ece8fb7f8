//! `POST /reports/{id}/questions`: a question to the source, or to the relay that passes it on.

use askama::Template as _;
use axum::extract::{Path, State};
use axum::response::{Html, IntoResponse as _, Redirect, Response};
use domain::id::ReportId;
use hub::dialogue::{DialogueError, Question};

use super::section::{TEXT, typed};
use crate::form::Posted;
use crate::pages::case;
use crate::problem::{Problem, REFUSED};
use crate::state::AppState;
use crate::visit::Signed;

/// Asks, or shows the report again with what is wrong.
pub(crate) async fn ask(
    State(state): State<AppState>,
    Path(id): Path<String>,
    signed: Signed,
    posted: Posted,
) -> Result<Response, Problem> {
    let id: ReportId = id.parse().map_err(|_| Problem::NotFound)?;
    let due_days = posted.one("due").parse().ok();
    let wrong = match typed(posted.one(TEXT)) {
        Ok(text) => {
            let (actor, visit) = (signed.actor.clone(), signed.visit.clone());
            let question = Question { text, due_days };
            let asked = state
                .call(move |hub| {
                    let call = Signed::call(&actor, &visit);
                    Ok::<_, Problem>(hub::dialogue::ask(hub, &call, id, question))
                })
                .await?;
            match asked {
                Ok(()) => {
                    return Ok(Redirect::to(&format!("/reports/{id}#dialogue")).into_response());
                }
                Err(DialogueError::Full) => "dialogue-error-full",
                Err(error) => return Err(error.into()),
            }
        }
        Err(key) => key,
    };
    let words = signed.visit.words;
    let mut page = case::page(&state, signed, id).await?;
    if let Some(dialogue) = &mut page.dialogue
        && let Some(form) = &mut dialogue.form
    {
        *form = posted.refill(&form.action);
        form.reject(TEXT, words.t(wrong));
    }
    Ok((REFUSED, Html(page.render()?)).into_response())
}
