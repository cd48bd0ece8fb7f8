//! `GET` and `POST /advisories/{advisory}/recall`.

use askama::Template as _;
use axum::extract::{Path, State};
use axum::response::{Html, IntoResponse as _, Redirect, Response};
use domain::actor::Actor;
use domain::advisory::AdvisoryStage;
use domain::advisory::withdrawal::{Copies, Why};
use domain::id::AdvisoryId;
use view::form::Form;
use view::page::withdrawal::Recall;

use crate::form::Posted;
use crate::problem::{Problem, REFUSED};
use crate::state::AppState;
use crate::visit::{Signed, Visit};

/// Asks why, and what holders have to do.
pub(crate) async fn ask(
    State(state): State<AppState>,
    Path(advisory): Path<String>,
    Signed { visit, actor }: Signed,
) -> Result<Html<String>, Problem> {
    let form = Form::new(format!("/advisories/{advisory}/recall")).with("copies", "delete");
    page(&state, visit, actor, &advisory, form).await
}

async fn page(
    state: &AppState,
    visit: Visit,
    actor: Actor,
    advisory: &str,
    form: Form,
) -> Result<Html<String>, Problem> {
    let id: AdvisoryId = advisory.parse().map_err(|_| Problem::NotFound)?;
    let frame = visit.frame(state);
    let found = state
        .call(move |hub| hub::holders::list(hub, &Signed::call(&actor, &visit), id))
        .await?;
    if found.stage == AdvisoryStage::Recalled {
        return Err(Problem::Changed);
    }
    let page = Recall {
        href: format!("/advisories/{id}"),
        number: found.number,
        organization_count: found.rows.len(),
        opened_count: found
            .rows
            .iter()
            .filter(|row| row.opened_at.is_some())
            .count(),
        form,
        frame,
    };
    Ok(Html(page.render()?))
}

/// Recalls it.
pub(crate) async fn recall(
    State(state): State<AppState>,
    Path(advisory): Path<String>,
    Signed { visit, actor }: Signed,
    posted: Posted,
) -> Result<Response, Problem> {
    let id: AdvisoryId = advisory.parse().map_err(|_| Problem::NotFound)?;
    let why: Option<Why> = posted.one("why").parse().ok();
    let copies: Option<Copies> = posted.one("copies").parse().ok();
    let (Some(why), Some(copies)) = (why, copies) else {
        let mut form = posted.refill(&format!("/advisories/{id}/recall"));
        if why.is_none() {
            form.reject("why", visit.words.t("withdrawal-why-missing"));
        }
        if copies.is_none() {
            form.reject("copies", visit.words.t("withdrawal-copies-missing"));
        }
        let shown = page(&state, visit, actor, &advisory, form).await?;
        return Ok((REFUSED, shown).into_response());
    };
    state
        .call(move |hub| hub::recall::recall(hub, &Signed::call(&actor, &visit), id, why, copies))
        .await?;
    let target = format!("/advisories/{id}/holders?said=recalled");
    Ok(Redirect::to(&target).into_response())
}
