//! `GET /phone/receipt`: what the clerk reads out, once.

use askama::Template as _;
use axum::extract::State;
use axum::http::HeaderMap;
use axum::http::header::SET_COOKIE;
use axum::response::{Html, IntoResponse, Response};
use hub::submit::Receipt;
use view::page::phone::{PhoneReceipt, PhoneSlip};

use crate::cookie;
use crate::guard::transport;
use crate::lists::say;
use crate::problem::Problem;
use crate::state::AppState;
use crate::visit::Signed;

/// Shows the receipt of the sealed slip and takes the slip away.
pub(crate) async fn show(
    State(state): State<AppState>,
    Signed { visit, .. }: Signed,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    let session = visit.secret.clone().unwrap_or_default();
    let receipts = cookie::read(&headers, cookie::SLIP)
        .and_then(|slip| hub::slip::read(&state.hub, slip, &session, visit.now));
    let receipt = receipts.and_then(|receipts| receipts.into_iter().next());
    let slip = |receipt: Receipt| {
        let modes = &state.hub.reference().custody_modes;
        let mode = modes.naming(receipt.custody.word(), visit.now.day_in_japan());
        let custody = mode.map_or(String::new(), |row| say(visit.words, &row.name));
        let code = receipt.mailbox_code.as_deref();
        PhoneSlip::new(receipt.pseudonym.clone(), custody, code, visit.words)
    };
    let page = PhoneReceipt {
        frame: visit.frame(&state),
        slip: receipt.map(slip),
        at: visit.now,
    };
    let taken = cookie::slip(transport(&state), "", 0);
    Ok(([(SET_COOKIE, taken)], Html(page.render()?)).into_response())
}
