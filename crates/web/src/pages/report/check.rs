//! `GET` and `POST /drafts/{draft}/check`: every part with its terms, then sending.

use askama::Template as _;
use axum::extract::{Path, State};
use axum::http::header::SET_COOKIE;
use axum::http::{HeaderMap, StatusCode};
use axum::response::{AppendHeaders, Html, IntoResponse, Redirect, Response};
use domain::id::DraftId;
use domain::report::draft::Draft;
use domain::report::question::Question;
use exchange::form::first_report::{Known, read};
use exchange::form::{Setting, Wrong};
use hub::draft::{self, Desk, DraftError, DraftKey};
use hub::slip::SLIP_SECONDS;
use hub::submit::SubmitError;
use view::form::Form;
use view::words::Words;

use super::ask::open;
use super::begin::desk_of;
use super::preview::Preview;
use super::{pass, wrong};
use crate::cookie;
use crate::form::Posted;
use crate::guard::transport;
use crate::problem::Problem;
use crate::state::AppState;
use crate::visit::Signed;

/// Shows what would be sent.
pub(crate) async fn show(
    State(state): State<AppState>,
    Path(id): Path<String>,
    headers: HeaderMap,
    signed: Signed,
) -> Result<Html<String>, Problem> {
    let id: DraftId = id.parse().map_err(|_| Problem::NotFound)?;
    let draft = open(&state, &signed, &headers, id).await?;
    let desk = desk_of(&state, &signed.visit, &signed.actor).await?;
    let lacks = lacks(&state, &signed, draft.content(), &desk);
    page(&state, &signed, draft.content(), &desk, lacks, None)
}

/// Sends it, unless something is missing or another window has changed it since.
pub(crate) async fn send(
    State(state): State<AppState>,
    Path(id): Path<String>,
    headers: HeaderMap,
    signed: Signed,
    posted: Posted,
) -> Result<Response, Problem> {
    let id: DraftId = id.parse().map_err(|_| Problem::NotFound)?;
    let draft = open(&state, &signed, &headers, id).await?;
    let draft = draft.content();
    let desk = desk_of(&state, &signed.visit, &signed.actor).await?;
    if posted.one("revision").parse() != Ok(draft.revision) {
        let lacks = lacks(&state, &signed, draft, &desk);
        let changed = Some("report-check-changed");
        let html = page(&state, &signed, draft, &desk, lacks, changed)?;
        return Ok((StatusCode::CONFLICT, html).into_response());
    }
    let setting = Setting {
        reference: state.hub.reference(),
        now: signed.visit.now,
    };
    let filing = match read(&draft.typed(), setting, &known(&desk)) {
        Ok(filing) => filing,
        Err(lacks) => {
            return Ok(page(&state, &signed, draft, &desk, lacks, None)?.into_response());
        }
    };
    let key: Option<DraftKey> = pass::key(&state, &signed.visit, &headers, id);
    let (visit, actor) = (signed.visit.clone(), signed.actor.clone());
    let sent = state
        .call(move |hub| {
            let call = Signed::call(&actor, &visit);
            Ok::<_, DraftError>(draft::submit(hub, &call, id, key.as_ref(), filing))
        })
        .await?;
    let receipt = match sent {
        Ok(receipt) => receipt,
        Err(DraftError::Submit(error)) => {
            let Some(key) = said(&error) else {
                return Err(error.into());
            };
            let html = page(&state, &signed, draft, &desk, vec![], Some(key))?;
            return Ok(html.into_response());
        }
        Err(error) => return Err(error.into()),
    };
    let session = signed.visit.secret.clone().unwrap_or_default();
    let call = Signed::call(&signed.actor, &signed.visit);
    let slip = hub::slip::write(&state.hub, &call, &[receipt], &session);
    let cookies = AppendHeaders([
        (SET_COOKIE, pass::forget(&state)),
        (
            SET_COOKIE,
            cookie::slip(transport(&state), &slip, SLIP_SECONDS),
        ),
    ]);
    Ok((cookies, Redirect::to("/reports/receipt")).into_response())
}

/// What the hub adds by itself.
pub(in crate::pages) fn known(desk: &Desk) -> Known {
    Known {
        organization: desk.names.0.clone(),
        sector: desk.sector.clone(),
        relay_sector: desk.relay_sector.clone(),
    }
}

/// The sentence for a refusal that the source can do something about.
fn said(error: &SubmitError) -> Option<&'static str> {
    match error {
        SubmitError::NoRelay => Some("report-wrong-no-relay"),
        SubmitError::NoCustodians => Some("report-wrong-no-custodians"),
        SubmitError::Stretch(_) => Some("report-wrong-busy"),
        _ => None,
    }
}

fn lacks(state: &AppState, signed: &Signed, draft: &Draft, desk: &Desk) -> Vec<(Question, Wrong)> {
    let setting = Setting {
        reference: state.hub.reference(),
        now: signed.visit.now,
    };
    read(&draft.typed(), setting, &known(desk))
        .err()
        .unwrap_or_default()
}

fn page(
    state: &AppState,
    signed: &Signed,
    draft: &Draft,
    desk: &Desk,
    lacks: Vec<(Question, Wrong)>,
    said: Option<&'static str>,
) -> Result<Html<String>, Problem> {
    let words: Words = signed.visit.words;
    let id = draft.id;
    let mut form = Form::new(format!("/drafts/{id}/check"));
    if let Some(key) = said {
        form.reject("main", words.t(key));
    }
    let lacks = lacks
        .iter()
        .map(|(question, wrong)| {
            let href = format!("/drafts/{id}/{question}?from=check#{}", wrong.name);
            (href, wrong::sentence(wrong, words))
        })
        .collect();
    let preview = Preview {
        reference: state.hub.reference(),
        now: signed.visit.now,
        words,
        desk,
        draft,
    };
    let page = preview.page(signed.visit.frame(state), form, lacks);
    Ok(Html(page.render()?))
}
