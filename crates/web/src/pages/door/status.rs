//! `GET /status`: the public status page.

use askama::Template as _;
use axum::extract::State;
use axum::response::Html;
use view::layout::Checkpoint;
use view::page::status::Status;

use crate::problem::Problem;
use crate::state::AppState;
use crate::visit::Visit;

/// Shows whether the hub is up, its last checkpoint and its last backup test.
pub(crate) async fn show(
    State(state): State<AppState>,
    visit: Visit,
) -> Result<Html<String>, Problem> {
    let head = state.call(hub::log::head).await?;
    let backup_tested_at = state
        .call(|hub| hub::backup_test::last(hub).map_err(hub::ReadError::from))
        .await?;
    let mut frame = visit.frame(&state);
    frame.hub.checkpoint = head.map(|head| Checkpoint {
        entry_count: head.size,
        at: head.signed_at,
    });
    let page = Status {
        frame,
        backup_tested_at,
        up_since: state.facts.up_since,
        version: env!("CARGO_PKG_VERSION").to_owned(),
    };
    Ok(Html(page.render()?))
}
