//! `GET` and `POST /drafts/resume`: going on with sixteen digits, on any machine.

use askama::Template as _;
use axum::extract::State;
use axum::http::header::SET_COOKIE;
use axum::response::{Html, IntoResponse, Redirect, Response};
use domain::report::question::Question;
use hub::draft::{self, DraftError};
use view::form::Form;
use view::page::report::Resume;

use super::pass;
use crate::form::Posted;
use crate::problem::Problem;
use crate::state::AppState;
use crate::visit::{Signed, Visit};

const ACTION: &str = "/drafts/resume";

/// Asks for the digits.
pub(crate) async fn show(
    State(state): State<AppState>,
    visit: Visit,
) -> Result<Html<String>, Problem> {
    page(&state, &visit, Form::new(ACTION))
}

/// Opens what is kept under the digits.
pub(crate) async fn resume(
    State(state): State<AppState>,
    Signed { visit, actor }: Signed,
    posted: Posted,
) -> Result<Response, Problem> {
    let (asking, code) = (visit.clone(), posted.one("code").to_owned());
    let found = state
        .call(move |hub| {
            Ok::<_, DraftError>(draft::resume(hub, &Signed::call(&actor, &asking), &code))
        })
        .await?;
    let key = match found {
        Ok(opened) => {
            let to = Redirect::to(&format!("/drafts/{}/{}", opened.id, Question::What));
            let cookie = pass::keep(&state, &visit, &opened).ok_or(Problem::NotFound)?;
            return Ok(([(SET_COOKIE, cookie)], to).into_response());
        }
        Err(DraftError::NoSuchCode) => "report-resume-none",
        Err(DraftError::Code(hub::draft::MailboxCodeError::Length)) => "report-resume-length",
        Err(DraftError::Code(hub::draft::MailboxCodeError::CheckDigit)) => "report-resume-check",
        Err(other) => return Err(other.into()),
    };
    // The digits are not sent back into the page.
    let mut form = Form::new(ACTION);
    form.reject("code", visit.words.t(key));
    Ok(page(&state, &visit, form)?.into_response())
}

fn page(state: &AppState, visit: &Visit, form: Form) -> Result<Html<String>, Problem> {
    let page = Resume {
        frame: visit.frame(state),
        form,
    };
    Ok(Html(page.render()?))
}
