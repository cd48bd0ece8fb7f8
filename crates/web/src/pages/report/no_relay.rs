//! What whoever reports sees while nobody is registered to receive it.

use askama::Template as _;
use axum::http::StatusCode;
use axum::response::{Html, IntoResponse as _, Response};
use view::page::report::NoRelay;

use super::begin::desk_of;
use crate::problem::Problem;
use crate::state::AppState;
use crate::visit::{Signed, Visit};

/// The page that says so, where it is so; `title` is the key of the page that was asked for.
pub(in crate::pages) async fn no_relay(
    state: &AppState,
    signed: &Signed,
    title: &str,
) -> Result<Option<Response>, Problem> {
    let desk = desk_of(state, &signed.visit, &signed.actor).await?;
    Ok(match desk.relay_names {
        Some(_) => None,
        None => Some(said(state, &signed.visit, title, StatusCode::OK)?),
    })
}

/// The page itself.
pub(in crate::pages) fn said(
    state: &AppState,
    visit: &Visit,
    title: &str,
    status: StatusCode,
) -> Result<Response, Problem> {
    let page = NoRelay {
        frame: visit.frame(state),
        title: visit.words.t(title).into_owned(),
    };
    Ok((status, Html(page.render()?)).into_response())
}
