//! `GET /near-miss/receipt`: what the source takes home, once.

use askama::Template as _;
use axum::extract::State;
use axum::http::HeaderMap;
use axum::http::header::SET_COOKIE;
use axum::response::{Html, IntoResponse, Response};
use domain::part::field::Field;
use hub::ReadError;
use hub::situation::own_sector;
use hub::submit::Receipt;
use view::answer::Names;
use view::page::near_miss::{ReceiptLine, ReceiptPage, SectorLine};

use crate::cookie;
use crate::guard::transport;
use crate::lists::{say, say_name};
use crate::pages::situation::show::quarter_text;
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
    let (asking, asker) = (visit.clone(), actor.clone());
    let desk = state
        .call(move |hub| hub::near_miss::desk(hub, &Signed::call(&actor, &asking)))
        .await?;
    let asking = visit.clone();
    let sector = state
        .call(
            move |hub| match own_sector(hub, &Signed::call(&asker, &asking)) {
                Err(ReadError::NotFound) => Ok(None),
                found => found,
            },
        )
        .await?;
    let day = visit.now.day_in_japan();
    let names = Names {
        reference: state.hub.reference(),
        day,
        words: visit.words,
    };
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
        sector: sector.map(|own| SectorLine {
            quarter: quarter_text("situation-quarter-name", own.quarter, visit.words),
            sector: names.code(Field::Sector, &own.row),
            count: own.count,
        }),
    };
    let taken = cookie::slip(transport(&state), "", 0);
    Ok(([(SET_COOKIE, taken)], Html(page.render()?)).into_response())
}
