//! `GET /mailbox`, `POST /mailbox`, `POST /mailbox/close`: what became of an unnamed report.
//!
//! An opened mailbox is a pass in a cookie, sealed for the session; nothing on the server says who
//! opened it.

use askama::Template as _;
use axum::extract::State;
use axum::http::HeaderMap;
use axum::http::header::SET_COOKIE;
use axum::response::{Html, IntoResponse, Redirect, Response};
use hub::mailbox::{MailboxCodeError, MailboxError, MailboxPass, OPEN_SECONDS};
use view::form::Form;
use view::page::sent::MailboxPage;

use super::shown::page;
use crate::cookie;
use crate::form::Posted;
use crate::guard::transport;
use crate::problem::{Problem, REFUSED};
use crate::state::AppState;
use crate::visit::{Signed, Visit};

const ACTION: &str = "/mailbox";

/// Shows the opened mailbox, or asks for its code.
pub(crate) async fn show(
    State(state): State<AppState>,
    Signed { visit, actor }: Signed,
    headers: HeaderMap,
) -> Result<Html<String>, Problem> {
    let session = visit.secret.clone().unwrap_or_default();
    let pass = cookie::read(&headers, cookie::MAILBOX)
        .and_then(|sealed| MailboxPass::unseal(&state.hub, sealed, &session, visit.now));
    let Some(pass) = pass else {
        return Ok(Html(asking(&state, &visit, Form::new(ACTION)).render()?));
    };
    let asked = visit.clone();
    let became = state
        .call(move |hub| hub::receipts::of_mailbox(hub, &Signed::call(&actor, &asked), &pass))
        .await?;
    let mut page = page(&state, &visit, &became);
    page.close = Some(Form::new("/mailbox/close"));
    Ok(Html(page.render()?))
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
            return Ok(([(SET_COOKIE, header)], Redirect::to(ACTION)).into_response());
        }
        Err(MailboxError::Code(MailboxCodeError::Length)) => "sent-mailbox-error-form",
        Err(MailboxError::Code(MailboxCodeError::CheckDigit)) => "sent-mailbox-error-digit",
        Err(MailboxError::NotFound) => "sent-mailbox-error-unknown",
        Err(MailboxError::Stretch(_)) => "sent-mailbox-error-memory",
        Err(MailboxError::TooMany(wait)) => return Err(Problem::TooMany(wait.wait_seconds)),
        Err(MailboxError::Store(source)) => return Err(Problem::trouble(&source)),
    };
    let mut form = Form::new(ACTION);
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
    Ok(([(SET_COOKIE, header)], Redirect::to(ACTION)).into_response())
}

fn asking(state: &AppState, visit: &Visit, form: Form) -> MailboxPage {
    MailboxPage {
        frame: visit.frame(state),
        form,
    }
}
