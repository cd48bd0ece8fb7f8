//! `GET /drafts/{draft}/code`: the sixteen digits, to be written down.

use askama::Template as _;
use axum::extract::{Path, State};
use axum::http::HeaderMap;
use axum::response::Html;
use domain::id::DraftId;
use domain::report::question::Question;
use view::page::report::CodeSlip;

use super::ask::open;
use crate::problem::Problem;
use crate::state::AppState;
use crate::visit::Signed;

/// Shows the digits to the browser that holds the draft's key.
pub(crate) async fn show(
    State(state): State<AppState>,
    Path(id): Path<String>,
    headers: HeaderMap,
    signed: Signed,
) -> Result<Html<String>, Problem> {
    let id: DraftId = id.parse().map_err(|_| Problem::NotFound)?;
    let draft = open(&state, &signed, &headers, id).await?;
    let code = draft.content().mailbox_code.clone();
    let page = CodeSlip {
        frame: signed.visit.frame(&state),
        code: code.ok_or(Problem::NotFound)?,
        next: format!("/drafts/{id}/{}", Question::What),
    };
    Ok(Html(page.render()?))
}
