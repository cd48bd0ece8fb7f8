//! `GET /mailbox`, `POST /mailbox`, `POST /mailbox/close`: what became of an unnamed report.
//!
//! An opened mailbox is a pass in a cookie, sealed for the session; nothing on the server says who
//! opened it.

use askama::Template as _;
use axum::extract::{Query, State};
use axum::http::HeaderMap;
use axum::http::header::SET_COOKIE;
use axum::response::{Html, IntoResponse, Redirect, Response};
use hub::mailbox::{MailboxCodeError, MailboxError, OPEN_SECONDS};
use serde::Deserialize;
use view::form::Form;
use view::page::sent::{MailboxPage, SentReport};

use super::report;
use super::whose::{MAILBOX, Whose, opened};
use crate::cookie;
use crate::form::Posted;
use crate::guard::transport;
use crate::problem::{Problem, REFUSED};
use crate::state::AppState;
use crate::visit::{Signed, Visit};

/// Why the visitor was led here.
#[derive(Deserialize)]
pub(crate) struct Asked {
    /// Present when a page found the mailbox closed.
    closed: Option<String>,
    /// What was just answered on a page of the mailbox.
    #[serde(flatten)]
    answer: report::Asked,
}

/// Shows the opened mailbox, or asks for its code.
pub(crate) async fn show(
    State(state): State<AppState>,
    Query(asked): Query<Asked>,
    headers: HeaderMap,
    signed: Signed,
) -> Result<Response, Problem> {
    let Some(pass) = opened(&state, &signed.visit, &headers) else {
        let mut page = asking(&state, &signed.visit, Form::new(MAILBOX));
        if asked.closed.is_some() {
            page.note = signed.visit.words.t("sent-mailbox-closed").into_owned();
        }
        return Ok(Html(page.render()?).into_response());
    };
    let whose = Whose { claim: pass.into() };
    let page = SentReport {
        done: asked.answer.done(),
        ..report::page(&state, &signed, &whose).await?
    };
    let html = Html(page.render()?);
    Ok(whose.keep(&state, &signed, html))
}

/// Opens the mailbox whose code was typed.
pub(crate) async fn open(
    State(state): State<AppState>,
    Signed { visit, actor }: Signed,
    posted: Posted,
) -> Result<Response, Problem> {
    let typed = posted.one("code").to_owned();
    let session = visit.secret.clone().unwrap_or_default();
    let asked = visit.clone();
    let outcome = state
        .call(move |hub| {
            let call = Signed::call(&actor, &asked);
            let opened = hub::mailbox::open(hub, &call, &typed);
            Ok::<_, Problem>(opened.map(|pass| pass.seal(hub, &call, &session)))
        })
        .await?;
    let key = match outcome {
        Ok(sealed) => {
            let header = cookie::mailbox(transport(&state), &sealed, OPEN_SECONDS);
            return Ok(([(SET_COOKIE, header)], Redirect::to(MAILBOX)).into_response());
        }
        Err(MailboxError::Code(MailboxCodeError::Length)) => "sent-mailbox-error-form",
        Err(MailboxError::Code(MailboxCodeError::CheckDigit)) => "sent-mailbox-error-digit",
        Err(MailboxError::NotFound) => "sent-mailbox-error-unknown",
        Err(MailboxError::Stretch(_)) => "sent-mailbox-error-memory",
        Err(MailboxError::TooMany(wait)) => return Err(Problem::TooMany(wait.wait_seconds)),
        Err(MailboxError::Store(source)) => return Err(Problem::trouble(&source)),
    };
    let mut form = Form::new(MAILBOX);
    form.reject("code", visit.words.t(key));
    let html = asking(&state, &visit, form).render()?;
    Ok((REFUSED, Html(html)).into_response())
}

/// Closes the mailbox.
pub(crate) async fn close(
    State(state): State<AppState>,
    _signed: Signed,
    _posted: Posted,
) -> Result<Response, Problem> {
    let header = cookie::mailbox(transport(&state), "", 0);
    Ok(([(SET_COOKIE, header)], Redirect::to(MAILBOX)).into_response())
}

fn asking(state: &AppState, visit: &Visit, form: Form) -> MailboxPage {
    MailboxPage {
        frame: visit.frame(state),
        form,
        note: String::new(),
    }
}
