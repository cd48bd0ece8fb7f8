//! `GET /help`: whom to call, what to do when, what the words mean.

use askama::Template as _;
use axum::extract::State;
use axum::response::Html;
use view::page::help::Help;

use crate::problem::Problem;
use crate::state::AppState;
use crate::visit::Visit;

/// Shows the page to everybody.
pub(crate) async fn show(
    State(state): State<AppState>,
    visit: Visit,
) -> Result<Html<String>, Problem> {
    let page = Help {
        frame: visit.frame(&state),
    };
    Ok(Html(page.render()?))
}
