//! `GET /sent/{report}`: what became of a report sent under the organization's name.

use askama::Template as _;
use axum::extract::{Path, State};
use axum::response::Html;
use domain::id::ReportId;
use domain::policy::{Action, permits};
use domain::report::ReportKind;
use view::form::Form;

use super::shown::page;
use crate::problem::Problem;
use crate::state::AppState;
use crate::visit::Signed;

/// Shows the receipts.
pub(crate) async fn show(
    State(state): State<AppState>,
    Path(report): Path<String>,
    Signed { visit, actor }: Signed,
) -> Result<Html<String>, Problem> {
    let id: ReportId = report.parse().map_err(|_| Problem::NotFound)?;
    let (asking, asker) = (visit.clone(), actor.clone());
    let became = state
        .call(move |hub| hub::receipts::of(hub, &Signed::call(&asker, &asking), id))
        .await?;
    let mut page = page(&state, &visit, &became);
    page.history = Some(format!("/sent/{id}/history"));
    let (asking, asker) = (visit.clone(), actor.clone());
    let asked = state
        .call(move |hub| hub::release::author_pending(hub, &Signed::call(&asker, &asking), id))
        .await?;
    page.question = asked.map(|_| format!("/sent/{id}/outgoing"));
    if became.kind == ReportKind::NearMiss && permits(&actor, Action::Submit) {
        page.promote = Some(Form::new(format!("/near-miss/{id}/promote")));
    }
    Ok(Html(page.render()?))
}
