//! `GET /reports/new`, `POST /reports/new`.

use askama::Template as _;
use axum::extract::State;
use axum::http::header::SET_COOKIE;
use axum::response::{Html, IntoResponse, Redirect, Response};
use domain::report::Custody;
use domain::report::question::Question;
use hub::draft::{self, DRAFTS_MAX, Desk, DraftError, Keeping, Sealing};
use view::answer::chosen;
use view::form::Form;
use view::page::report::Start;
use view::words::{Language, Words};

use super::choices::custody_mode;
use super::pass;
use crate::form::Posted;
use crate::problem::Problem;
use crate::state::AppState;
use crate::visit::{Signed, Visit};

const ACTION: &str = "/reports/new";

/// Shows what a first report asks and in which two ways it can be begun.
pub(crate) async fn show(
    State(state): State<AppState>,
    Signed { visit, actor }: Signed,
) -> Result<Html<String>, Problem> {
    page(&state, Signed { visit, actor }, Form::new(ACTION)).await
}

/// Begins a draft by name or by code.
pub(crate) async fn begin(
    State(state): State<AppState>,
    signed: Signed,
    posted: Posted,
) -> Result<Response, Problem> {
    let keeping = match posted.one("keeping") {
        "name" => Keeping::Name,
        "code" => Keeping::Code,
        _ => return Err(Problem::Malformed),
    };
    let Signed { visit, actor } = &signed;
    let (visit, actor) = (visit.clone(), actor.clone());
    let begun = state
        .call(move |hub| {
            let call = Signed::call(&actor, &visit);
            Ok::<_, DraftError>(draft::begin(hub, &call, keeping))
        })
        .await?;
    let opened = match begun {
        Ok(opened) => opened,
        Err(DraftError::TooMany) => {
            let mut form = Form::new(ACTION);
            let words = signed.visit.words;
            let most = [("most", DRAFTS_MAX.into())];
            form.reject("main", words.tn("report-wrong-too-many-drafts", &most));
            return Ok(page(&state, signed, form).await?.into_response());
        }
        Err(error) => return Err(error.into()),
    };
    let next = match keeping {
        Keeping::Name => format!("/drafts/{}/{}", opened.id, Question::What),
        Keeping::Code => format!("/drafts/{}/code", opened.id),
    };
    Ok(match pass::keep(&state, &signed.visit, &opened) {
        Some(cookie) => ([(SET_COOKIE, cookie)], Redirect::to(&next)).into_response(),
        None => Redirect::to(&next).into_response(),
    })
}

async fn page(state: &AppState, signed: Signed, form: Form) -> Result<Html<String>, Problem> {
    let Signed { visit, actor } = signed;
    let asking = visit.clone();
    let (desk, drafts_count) = state
        .call(move |hub| {
            let call = Signed::call(&actor, &asking);
            let drafts = draft::list(hub, &call)?;
            Ok::<_, DraftError>((draft::desk(hub, &call)?, drafts.len()))
        })
        .await?;
    let (custody, can_seal) = match desk.sealing {
        Sealing::Possible => (Custody::Unnamed, true),
        Sealing::NoCustodians => (Custody::Stripped, false),
    };
    let mode = custody_mode(state.hub.reference(), custody, visit.now);
    let text =
        |of: fn(&domain::reference::terms::CustodyMode) -> &domain::reference::row::Bilingual| {
            mode.map(|mode| chosen(of(mode), visit.words))
                .unwrap_or_default()
        };
    let page = Start {
        frame: visit.frame(state),
        form,
        relay: relay_name(&desk, visit.words),
        can_seal,
        code_meaning: text(|mode| &mode.meaning),
        code_afterwards: text(|mode| &mode.afterwards),
        drafts_count,
    };
    Ok(Html(page.render()?))
}

/// Name of the relay in the reader's language.
pub(in crate::pages) fn relay_name(desk: &Desk, words: Words) -> Option<String> {
    let (ja, en) = desk.relay_names.as_ref()?;
    Some(match words.language() {
        Language::Ja => ja.clone(),
        Language::En => en.clone(),
    })
}

/// The desk of the visitor's organization.
pub(in crate::pages) async fn desk_of(
    state: &AppState,
    visit: &Visit,
    actor: &domain::actor::Actor,
) -> Result<Desk, Problem> {
    let (visit, actor) = (visit.clone(), actor.clone());
    state
        .call(move |hub| draft::desk(hub, &Signed::call(&actor, &visit)))
        .await
}
