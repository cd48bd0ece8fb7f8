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
    let Ok(why) = Why::parse(posted.one("why")) else {
        let action = format!("/incidents/{id}/remove/{report}");
        let mut page = show::page(&state, Signed { visit, actor }, id).await?;
        let missing = page.frame.t("incident-why-missing");
        let forms = page.members.iter_mut().map(|member| &mut member.remove);
        for (place, form) in forms.enumerate() {
            if let Some(form) = form.as_mut().filter(|form| form.action == action) {
                form.reject(&format!("why-{}", place + 1), missing.clone());
            }
        }
        return Ok((REFUSED, Html(page.render()?)).into_response());
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
