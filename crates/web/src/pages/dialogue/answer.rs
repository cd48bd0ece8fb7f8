//! `POST /sent/{report}/messages`, `POST /mailbox/messages`: the source says something.

use askama::Template as _;
use axum::extract::State;
use axum::response::{Html, IntoResponse as _, Redirect, Response};
use domain::id::MessageId;
use hub::dialogue::DialogueError;

use super::section::{TEXT, typed};
use crate::form::Posted;
use crate::pages::sent::report::page;
use crate::pages::sent::whose::Whose;
use crate::problem::{Problem, REFUSED};
use crate::state::AppState;
use crate::visit::Signed;

/// Keeps the message, or shows the page again with what is wrong.
pub(crate) async fn answer(
    State(state): State<AppState>,
    whose: Whose,
    signed: Signed,
    posted: Posted,
) -> Result<Response, Problem> {
    let to: Option<MessageId> = match posted.one("to") {
        "" | "none" => None,
        id => Some(id.parse().map_err(|_| Problem::NotFound)?),
    };
    let wrong = match typed(posted.one(TEXT)) {
        Ok(text) => {
            let (actor, visit) = (signed.actor.clone(), signed.visit.clone());
            let claim = whose.claim.clone();
            let said = state
                .call(move |hub| {
                    let call = Signed::call(&actor, &visit);
                    Ok::<_, Problem>(hub::dialogue::answer(hub, &call, claim, to, text))
                })
                .await?;
            match said {
                Ok(()) => {
                    let page = format!("{}#dialogue", whose.path(""));
                    return Ok(Redirect::to(&page).into_response());
                }
                Err(DialogueError::Full) => "dialogue-error-full",
                Err(error) => return Err(error.into()),
            }
        }
        Err(key) => key,
    };
    let words = signed.visit.words;
    let mut page = page(&state, &signed, &whose).await?;
    if let Some(form) = &mut page.dialogue.form {
        *form = posted.refill(&form.action);
        form.reject(TEXT, words.t(wrong));
    }
    let html = Html(page.render()?);
    Ok(whose.keep(&state, &signed, (REFUSED, html)))
}
