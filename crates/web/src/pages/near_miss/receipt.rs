//! `GET /near-miss/receipt`: what the source takes home, once.

use askama::Template as _;
use axum::extract::State;
use axum::http::HeaderMap;
use axum::http::header::SET_COOKIE;
use axum::response::{Html, IntoResponse, Response};
use hub::submit::Receipt;
use view::page::near_miss::{ReceiptLine, ReceiptPage};

use crate::cookie;
use crate::guard::transport;
use crate::lists::{say, say_name};
use crate::problem::Problem;
use crate::state::AppState;
use crate::visit::Signed;

/// Shows the receipts of the sealed slip and takes the slip away.
pub(crate) async fn show(
    State(state): State<AppState>,
    Signed { visit, actor }: Signed,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    let session = visit.secret.clone().unwrap_or_default();
    let receipts = cookie::read(&headers, cookie::SLIP)
        .and_then(|slip| hub::slip::read(&state.hub, slip, &session, visit.now))
        .unwrap_or_default();
    let asking = visit.clone();
    let desk = state
        .call(move |hub| hub::near_miss::desk(hub, &Signed::call(&actor, &asking)))
        .await?;
    let day = visit.now.day_in_japan();
    let line = |receipt: Receipt| ReceiptLine {
        custody: state
            .hub
            .reference()
            .custody_modes
            .naming(receipt.custody.word(), day)
            .map_or(String::new(), |row| say(visit.words, &row.name)),
        pseudonym: receipt.pseudonym,
        mailbox_code: receipt.mailbox_code,
    };
    let page = ReceiptPage {
        frame: visit.frame(&state),
        receipts: receipts.into_iter().map(line).collect(),
        relay: say_name(visit.words, &desk.relay_names),
        at: visit.now,
    };
    let taken = cookie::slip(transport(&state), "", 0);
    Ok(([(SET_COOKIE, taken)], Html(page.render()?)).into_response())
}
