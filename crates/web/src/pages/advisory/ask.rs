//! `POST /advisories/{advisory}/questions`: a question back to the issuer.

use axum::extract::{Path, State};
use axum::response::{IntoResponse as _, Redirect, Response};
use domain::confidential::Confidential;
use domain::id::AdvisoryId;
use hub::question::{QuestionError, QuestionText};

use super::show::{Rejected, page};
use crate::form::Posted;
use crate::problem::{Problem, REFUSED};
use crate::state::AppState;
use crate::visit::Signed;

/// Asks, or shows the advisory again with what is wrong.
pub(crate) async fn ask(
    State(state): State<AppState>,
    Path(advisory): Path<String>,
    Signed { visit, actor }: Signed,
    posted: Posted,
) -> Result<Response, Problem> {
    let id: AdvisoryId = advisory.parse().map_err(|_| Problem::NotFound)?;
    let wrong = match QuestionText::parse(posted.one("question")) {
        Ok(text) => {
            let (actor, visit) = (actor.clone(), visit.clone());
            let text = Confidential::new(text);
            let asked = state
                .ask(move |hub| hub::question::ask(hub, &Signed::call(&actor, &visit), id, text))
                .await?;
            match asked {
                Ok(()) => {
                    let target = format!("/advisories/{id}?said=asked#questions");
                    return Ok(Redirect::to(&target).into_response());
                }
                Err(QuestionError::Full) => None,
                Err(error) => return Err(error.into()),
            }
        }
        Err(_) => Some("question-missing"),
    };
    let mut form = posted.refill(&format!("/advisories/{id}/questions"));
    let text = match wrong {
        Some(key) => visit.words.t(key).into_owned(),
        None => view::page::question::full(visit.words),
    };
    form.reject("question", text);
    let shown = page(
        &state,
        visit,
        actor,
        &advisory,
        None,
        Rejected::Question(form),
    )
    .await?;
    Ok((REFUSED, shown).into_response())
}
