//! `POST /incidents/{incident}/remove/{report}`, `POST /incidents/{incident}/merge`.

use askama::Template as _;
use axum::extract::{Path, State};
use axum::response::{Html, IntoResponse as _, Redirect, Response};
use domain::id::{IncidentId, ReportId};
use hub::incident::Why;

use super::show;
use crate::form::Posted;
use crate::problem::{Problem, REFUSED};
use crate::state::AppState;
use crate::visit::Signed;

/// Takes a report out.
pub(crate) async fn remove(
    State(state): State<AppState>,
    Path((id, report)): Path<(String, String)>,
    Signed { visit, actor }: Signed,
    posted: Posted,
) -> Result<Response, Problem> {
    let id: IncidentId = id.parse().map_err(|_| Problem::NotFound)?;
    let report: ReportId = report.parse().map_err(|_| Problem::NotFound)?;
    // The field is required; a browser that sends it empty gets the page as it stands.
    let Ok(why) = Why::parse(posted.one("why")) else {
        return Ok(Redirect::to(&format!("/incidents/{id}")).into_response());
    };
    state
        .call(move |hub| {
            hub::incident::ungroup(hub, &Signed::call(&actor, &visit), id, report, why)
        })
        .await?;
    Ok(Redirect::to(&format!("/incidents/{id}#steps")).into_response())
}

/// Moves what the reader may see into another.
pub(crate) async fn merge(
    State(state): State<AppState>,
    Path(id): Path<String>,
    Signed { visit, actor }: Signed,
    posted: Posted,
) -> Result<Response, Problem> {
    let id: IncidentId = id.parse().map_err(|_| Problem::NotFound)?;
    let into: Option<IncidentId> = posted.one("into").parse().ok();
    let why = Why::parse(posted.one("why")).ok();
    let (Some(into), Some(why)) = (into, why.clone()) else {
        let mut page = show::page(&state, Signed { visit, actor }, id).await?;
        if let Some((form, _)) = &mut page.merge {
            *form = posted.refill(&form.action);
            if into.is_none() {
                form.reject("into", page.frame.t("incident-group-missing"));
            }
            if why.is_none() {
                form.reject("why", page.frame.t("incident-why-missing"));
            }
        }
        return Ok((REFUSED, Html(page.render()?)).into_response());
    };
    state
        .call(move |hub| hub::incident::merge(hub, &Signed::call(&actor, &visit), id, into, why))
        .await?;
    Ok(Redirect::to(&format!("/incidents/{into}#steps")).into_response())
}
