//! `GET /reports/receipt`: what the source takes home.
//!
//! The slip travels with the browser and runs out by itself, so that a page that was closed too
//! soon can be opened again for a few minutes.

use askama::Template as _;
use axum::extract::State;
use axum::http::HeaderMap;
use axum::response::Html;
use domain::report::Custody;
use view::answer::chosen;
use view::page::report::ReceiptPage;

use super::begin::{desk_of, relay_name};
use super::choices::custody_mode;
use crate::cookie;
use crate::problem::Problem;
use crate::state::AppState;
use crate::visit::Signed;

/// Shows the receipt on the slip.
pub(crate) async fn show(
    State(state): State<AppState>,
    headers: HeaderMap,
    signed: Signed,
) -> Result<Html<String>, Problem> {
    let visit = &signed.visit;
    let session = visit.secret.clone().unwrap_or_default();
    let receipt = cookie::read(&headers, cookie::SLIP)
        .and_then(|slip| hub::slip::read(&state.hub, slip, &session, visit.now))
        .and_then(|receipts| receipts.into_iter().next())
        .ok_or(Problem::NotFound)?;
    let desk = desk_of(&state, visit, &signed.actor).await?;
    let words = visit.words;
    let relay = relay_name(&desk, words).unwrap_or_default();
    let mode = custody_mode(state.hub.reference(), receipt.custody, visit.now);
    let afterwards = mode.map(|mode| chosen(&mode.afterwards, words));
    let page = ReceiptPage {
        frame: visit.frame(&state),
        page: (receipt.custody == Custody::Named).then(|| format!("/sent/{}", receipt.report)),
        number: receipt.report.to_string(),
        pseudonym: receipt.pseudonym,
        code: receipt.mailbox_code,
        at: visit.now,
        afterwards: afterwards.unwrap_or_default(),
        next: vec![
            words.tn("report-receipt-next-relay", &[("relay", relay.into())]),
            words.t("report-receipt-next-border").into_owned(),
            words.t("report-receipt-next-update").into_owned(),
            words.t("report-receipt-next-log").into_owned(),
        ],
    };
    Ok(Html(page.render()?))
}
