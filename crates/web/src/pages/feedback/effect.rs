//! `GET /advisories/{advisory}/effect`: what an advisory was worth.

use askama::Template as _;
use axum::extract::{Path, State};
use axum::response::Html;
use domain::id::AdvisoryId;
use domain::report::receipt::batch_until;
use view::layout::Frame;
use view::page::feedback::effect::EffectPage;

use crate::names::organization;
use crate::pages::reach::head;
use crate::problem::Problem;
use crate::state::AppState;
use crate::visit::Signed;

/// Shows the figures, and what addressees wrote to the issuer; reading that is noted.
pub(crate) async fn show(
    State(state): State<AppState>,
    Path(advisory): Path<String>,
    Signed { visit, actor }: Signed,
) -> Result<Html<String>, Problem> {
    let id: AdvisoryId = advisory.parse().map_err(|_| Problem::NotFound)?;
    let frame = Frame {
        path: format!("/advisories/{id}/effect"),
        ..visit.frame(&state)
    };
    let (words, until) = (frame.words, batch_until(visit.now));
    let seen = state
        .call(move |hub| hub::feedback::seen(hub, &Signed::call(&actor, &visit), id))
        .await?;
    let page = EffectPage {
        head: head(&seen.row, &seen.issuer, words),
        effect: seen.effect,
        until,
        cured_tenths: seen.cured_tenths,
        accepted_seconds: seen.pace.accepted_seconds,
        done_seconds: seen.pace.done_seconds,
        reasons: seen
            .reasons
            .into_iter()
            .map(|reason| (organization(&reason.organization, words), reason.text))
            .collect(),
        remarks: seen.remarks,
        frame,
    };
    Ok(Html(page.render()?))
}
