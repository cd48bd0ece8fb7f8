//! `GET` and `POST /advisories/{advisory}/close`.

use askama::Template as _;
use axum::extract::{Path, State};
use axum::response::{Html, Redirect};
use domain::id::AdvisoryId;
use view::form::Form;
use view::page::close::CloseAdvisory;
use view::page::duty::kind_name;

use crate::form::Posted;
use crate::problem::Problem;
use crate::state::AppState;
use crate::visit::Signed;

/// Says what ends, and asks.
pub(crate) async fn ask(
    State(state): State<AppState>,
    Path(advisory): Path<String>,
    Signed { visit, actor }: Signed,
) -> Result<Html<String>, Problem> {
    let id: AdvisoryId = advisory.parse().map_err(|_| Problem::NotFound)?;
    let frame = visit.frame(&state);
    let ending = state
        .call(move |hub| hub::close::look_at_advisory(hub, &Signed::call(&actor, &visit), id))
        .await?;
    let kind = kind_name(ending.kind, frame.words);
    let page = CloseAdvisory {
        href: format!("/advisories/{id}"),
        subject: frame.tn(
            "advisory-item-title",
            &[("kind", kind.into()), ("number", ending.number.into())],
        ),
        waiting_count: ending.waiting_count,
        form: Form::new(format!("/advisories/{id}/close")),
        frame,
    };
    Ok(Html(page.render()?))
}

/// Closes it.
pub(crate) async fn close(
    State(state): State<AppState>,
    Path(advisory): Path<String>,
    Signed { visit, actor }: Signed,
    _posted: Posted,
) -> Result<Redirect, Problem> {
    let id: AdvisoryId = advisory.parse().map_err(|_| Problem::NotFound)?;
    state
        .call(move |hub| hub::close::close_advisory(hub, &Signed::call(&actor, &visit), id))
        .await?;
    Ok(Redirect::to(&format!("/advisories/{id}?said=closed")))
}
