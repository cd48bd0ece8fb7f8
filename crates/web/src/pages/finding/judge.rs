//! `POST /findings/{candidate}/judge`, `POST /findings/{candidate}/steps`.

use askama::Template as _;
use axum::extract::{Path, State};
use axum::response::{Html, IntoResponse as _, Redirect, Response};
use domain::id::CandidateId;
use domain::text::BoundedText;
use exchange::moment;
use hub::finding::{JUDGED_DAYS_MAX, JudgeError};

use super::send::days;
use super::show::page;
use crate::form::Posted;
use crate::problem::{Problem, REFUSED};
use crate::state::AppState;
use crate::visit::Signed;

/// Notes what the reader takes the server to be.
pub(crate) async fn judge(
    State(state): State<AppState>,
    Path(id): Path<String>,
    signed: Signed,
    posted: Posted,
) -> Result<Response, Problem> {
    let id: CandidateId = id.parse().map_err(|_| Problem::NotFound)?;
    let words = signed.visit.words;
    let mut form = posted.refill(&format!("/findings/{id}/judge"));
    let judgment = posted.one("judgment").parse().ok();
    let reason = BoundedText::parse(posted.one("reason")).ok();
    let days = days(posted.one("days"), JUDGED_DAYS_MAX);
    let (Some(judgment), Some(reason), Some(days)) = (judgment, reason.clone(), days) else {
        for (field, wrong) in [
            ("judgment", judgment.is_none()),
            ("reason", reason.is_none()),
            ("days", days.is_none()),
        ] {
            if wrong {
                form.reject(field, words.t(&format!("finding-{field}-missing")));
            }
        }
        let mut page = page(&state, signed, id).await?;
        page.judge = Some(form);
        return Ok((REFUSED, Html(page.render()?)).into_response());
    };
    let Signed { visit, actor } = signed;
    state
        .call(move |hub| {
            let call = Signed::call(&actor, &visit);
            hub::finding::judge(hub, &call, id, judgment, reason, days)
        })
        .await?;
    Ok(Redirect::to(&format!("/findings/{id}?said=judged")).into_response())
}

/// Notes what happened to the server.
pub(crate) async fn note(
    State(state): State<AppState>,
    Path(id): Path<String>,
    signed: Signed,
    posted: Posted,
) -> Result<Response, Problem> {
    let id: CandidateId = id.parse().map_err(|_| Problem::NotFound)?;
    let (words, now) = (signed.visit.words, signed.visit.now);
    let mut form = posted.refill(&format!("/findings/{id}/steps"));
    let step = posted.one("step").parse().ok();
    let happened = moment::parse(posted.one("happened"), now).ok();
    let happened = happened.map(|(at, _)| at).filter(|at| *at <= now);
    let (Some(step), Some(happened)) = (step, happened) else {
        if step.is_none() {
            form.reject("step", words.t("finding-note-missing"));
        }
        if happened.is_none() {
            form.reject("happened", words.t("finding-note-when-wrong"));
        }
        let mut page = page(&state, signed, id).await?;
        page.note = Some(form);
        return Ok((REFUSED, Html(page.render()?)).into_response());
    };
    let (noter, noting) = (signed.actor.clone(), signed.visit.clone());
    let noted = state
        .ask(move |hub| {
            let call = Signed::call(&noter, &noting);
            hub::finding::note_step(hub, &call, id, step, happened)
        })
        .await?;
    match noted {
        Ok(()) => Ok(Redirect::to(&format!("/findings/{id}?said=noted")).into_response()),
        Err(JudgeError::Early) => {
            form.reject("happened", words.t("finding-note-when-early"));
            let mut page = page(&state, signed, id).await?;
            page.note = Some(form);
            Ok((REFUSED, Html(page.render()?)).into_response())
        }
        Err(error) => Err(error.into()),
    }
}
