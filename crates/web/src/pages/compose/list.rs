//! `GET /advisories/issued`: what the reader's organization wrote.

use askama::Template as _;
use axum::extract::State;
use axum::response::Html;
use domain::advisory::AdvisoryStage;
use view::page::compose::{Written, WrittenItem};

use crate::problem::Problem;
use crate::state::AppState;
use crate::visit::Signed;

/// Shows the advisories of the reader's organization.
pub(crate) async fn show(
    State(state): State<AppState>,
    Signed { visit, actor }: Signed,
) -> Result<Html<String>, Problem> {
    let frame = visit.frame(&state);
    let (rows, waiting) = state
        .call(move |hub| {
            let call = Signed::call(&actor, &visit);
            let rows = hub::compose::written(hub, &call)?;
            let waiting = hub::question::waiting(hub, &call)?;
            Ok::<_, hub::compose::ComposeError>((rows, waiting))
        })
        .await?;
    let items = rows
        .into_iter()
        .map(|row| {
            let id = row.advisory.id;
            let under_work = matches!(
                row.advisory.stage,
                AdvisoryStage::Draft | AdvisoryStage::Proposed
            );
            WrittenItem {
                href: if under_work {
                    format!("/advisories/{id}/check")
                } else {
                    format!("/advisories/{id}/reach")
                },
                number: row.number,
                kind: row.advisory.kind,
                stage: row.advisory.stage,
                at: row.advisory.issued_at.unwrap_or(row.created_at),
                question_count: waiting.get(&id).copied().unwrap_or(0),
            }
        })
        .collect();
    Ok(Html(Written { frame, items }.render()?))
}
