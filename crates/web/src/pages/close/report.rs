//! `GET` and `POST /reports/{id}/close`.

use askama::Template as _;
use axum::extract::{Path, State};
use axum::response::{Html, IntoResponse as _, Redirect, Response};
use domain::actor::Actor;
use domain::id::ReportId;
use domain::report::closing::CloseReason;
use view::form::Form;
use view::page::close::CloseReport;

use crate::form::Posted;
use crate::pages::case::title;
use crate::problem::{Problem, REFUSED};
use crate::state::AppState;
use crate::visit::{Signed, Visit};

/// Asks why.
pub(crate) async fn ask(
    State(state): State<AppState>,
    Path(id): Path<String>,
    Signed { visit, actor }: Signed,
) -> Result<Html<String>, Problem> {
    let id: ReportId = id.parse().map_err(|_| Problem::NotFound)?;
    let form = Form::new(format!("/reports/{id}/close"));
    page(&state, visit, actor, id, form).await
}

async fn page(
    state: &AppState,
    visit: Visit,
    actor: Actor,
    id: ReportId,
    form: Form,
) -> Result<Html<String>, Problem> {
    let frame = visit.frame(state);
    let head = state
        .call(move |hub| hub::close::look_at_report(hub, &Signed::call(&actor, &visit), id))
        .await?;
    let page = CloseReport {
        href: format!("/reports/{id}"),
        subject: title(&head, frame.words),
        form,
        frame,
    };
    Ok(Html(page.render()?))
}

/// Closes it.
pub(crate) async fn close(
    State(state): State<AppState>,
    Path(id): Path<String>,
    Signed { visit, actor }: Signed,
    posted: Posted,
) -> Result<Response, Problem> {
    let id: ReportId = id.parse().map_err(|_| Problem::NotFound)?;
    let Ok(reason) = posted.one("reason").parse::<CloseReason>() else {
        let mut form = posted.refill(&format!("/reports/{id}/close"));
        form.reject("reason", visit.words.t("close-reason-missing"));
        let shown = page(&state, visit, actor, id, form).await?;
        return Ok((REFUSED, shown).into_response());
    };
    state
        .call(move |hub| hub::close::close_report(hub, &Signed::call(&actor, &visit), id, reason))
        .await?;
    Ok(Redirect::to(&format!("/reports/{id}?said=closed")).into_response())
}
