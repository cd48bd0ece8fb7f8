//! `POST /reports/{id}/group`: puts the report, and perhaps one that is alike, into an incident.

use askama::Template as _;
use axum::extract::{Path, State};
use axum::response::{Html, IntoResponse as _, Redirect, Response};
use domain::id::{IncidentId, ReportId};
use hub::incident::{Alike, Into, Listed, Name, Reason, Why};
use view::form::{Choice, Form};
use view::page::case::{AlikeView, Grouping};
use view::words::Words;

use crate::form::Posted;
use crate::pages::case::{self, title};
use crate::problem::{Problem, REFUSED};
use crate::state::AppState;
use crate::visit::Signed;

/// Groups, or shows the report again with what is missing.
pub(crate) async fn group(
    State(state): State<AppState>,
    Path(id): Path<String>,
    Signed { visit, actor }: Signed,
    posted: Posted,
) -> Result<Response, Problem> {
    let id: ReportId = id.parse().map_err(|_| Problem::NotFound)?;
    let mut reports = vec![id];
    for other in posted.all("other") {
        reports.push(other.parse().map_err(|_| Problem::NotFound)?);
    }
    let existing = posted.one("incident").parse::<IncidentId>().ok();
    let into = existing
        .map(Into::Existing)
        .or_else(|| Name::parse(posted.one("name")).ok().map(Into::New));
    let why = Why::parse(posted.one("why"));
    let (into, why) = match (into, why) {
        (Some(into), Ok(why)) => (into, why),
        (into, why) => {
            let mut page = case::page(&state, Signed { visit, actor }, id).await?;
            if let Some(grouping) = &mut page.grouping {
                let mut form = posted.refill(&grouping.form.action);
                if into.is_none() {
                    form.reject("incident", page.frame.t("incident-group-missing"));
                }
                if why.is_err() {
                    form.reject("why", page.frame.t("incident-why-missing"));
                }
                grouping.form = form;
            }
            return Ok((REFUSED, Html(page.render()?)).into_response());
        }
    };
    let incident = state
        .call(move |hub| {
            hub::incident::group(hub, &Signed::call(&actor, &visit), reports, into, why)
        })
        .await?;
    Ok(Redirect::to(&format!("/incidents/{incident}")).into_response())
}

/// The form on the page of a report.
pub(crate) fn group_form(id: ReportId, existing: &[Listed]) -> Grouping {
    Grouping {
        form: Form::new(format!("/reports/{id}/group")),
        existing: existing
            .iter()
            .map(|incident| Choice::new(incident.id.to_string(), incident.name.content().as_str()))
            .collect(),
    }
}

/// Reports alike, each with its reasons and what one press sends: the incident that holds the
/// report already, or the name of a new one.
pub(crate) fn alike_views(
    words: Words,
    own_title: &str,
    held: Option<&Listed>,
    alike: Vec<Alike>,
) -> Vec<AlikeView> {
    alike
        .into_iter()
        .map(|one| {
            let reasons: Vec<String> = one
                .reasons
                .iter()
                .map(|reason| match reason {
                    Reason::Indicator(indicator) => {
                        let indicator =
                            view::lines::spelled(domain::part::field::Field::Indicators, indicator);
                        words.tn(
                            "incident-alike-indicator",
                            &[("indicator", indicator.as_str().into())],
                        )
                    }
                    Reason::SectorKindDay => words.t("incident-alike-sector").into_owned(),
                })
                .collect();
            AlikeView {
                href: format!("/reports/{}", one.head.id),
                report: one.head.id.to_string(),
                title: title(&one.head, words),
                why: reasons.join(words.t("part-and").as_ref()),
                reasons,
                incident: held.map(|held| held.id.to_string()).unwrap_or_default(),
                name: words.tn("incident-alike-name", &[("report", own_title.into())]),
            }
        })
        .collect()
}
