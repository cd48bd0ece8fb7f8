//! `POST /near-miss/batch/send`: accepts the rows of the dry run and shows their receipts.
//!
//! The answer is the receipts themselves and no way to them: they do not fit into a cookie, and kept
//! on the server they would link a session to its reports. The same press again shows the same ones.

use askama::Template as _;
use axum::extract::State;
use axum::response::{Html, IntoResponse, Response};
use domain::report::near_miss::NearMiss;
use exchange::near_miss_rows::content;
use hub::near_miss::{BatchRow, Desk};
use hub::submit::{Receipt, SubmitError};
use view::page::near_miss::batch::{BatchReceipt, BatchReceipts};

use super::check::{File, dry_run};
use super::{desk, plan, read_rows};
use crate::lists::{say, say_name};
use crate::problem::Problem;
use crate::state::AppState;
use crate::upload::Uploaded;
use crate::visit::{Signed, Visit};

/// Accepts the rows.
pub(crate) async fn send(
    State(state): State<AppState>,
    signed: Signed,
    uploaded: Uploaded,
) -> Result<Response, Problem> {
    let visit = &signed.visit;
    let desk = desk(&state, &signed).await?;
    let plan = plan(&state, visit, &desk);
    let file = File::carried_in(&uploaded, &plan)?;
    // What could be sent at the dry run may be wrong by now: a list has changed.
    let Ok(told) = read_rows(&plan, visit, &file.rows) else {
        return dry_run(&state, &signed, &desk, file).await;
    };
    let rows: Vec<BatchRow> = told
        .iter()
        .zip(&file.rows)
        .map(|(near_miss, row)| BatchRow {
            near_miss: near_miss.clone(),
            content: content(row),
        })
        .collect();
    let (actor, sending, key) = (signed.actor.clone(), visit.clone(), file.key);
    let outcome = state
        .ask(move |hub| {
            hub::near_miss::submit_batch(hub, &Signed::call(&actor, &sending), key, rows)
        })
        .await?;
    match outcome {
        Ok(receipts) => {
            let sent = Sent {
                file: &file,
                told: &told,
                receipts,
            };
            Ok(Html(page(&state, visit, &desk, sent).render()?).into_response())
        }
        // Another window sent the same file at the same moment: the dry run now says so.
        Err(SubmitError::AlreadyAccepted | SubmitError::Lacking(_)) => {
            dry_run(&state, &signed, &desk, file).await
        }
        Err(error) => Err(error.into()),
    }
}

struct Sent<'s> {
    file: &'s File,
    told: &'s [NearMiss],
    receipts: Vec<Option<Receipt>>,
}

fn page(state: &AppState, visit: &Visit, desk: &Desk, sent: Sent<'_>) -> BatchReceipts {
    let (words, lists) = (visit.words, state.hub.reference());
    let day = visit.now.day_in_japan();
    let kind = |told: &NearMiss| {
        lists
            .near_miss_kinds
            .naming(told.kind.as_str(), day)
            .map_or(String::new(), |row| say(words, &row.name))
    };
    let custody = |receipt: &Receipt| {
        lists
            .custody_modes
            .naming(receipt.custody.word(), day)
            .map_or(String::new(), |row| say(words, &row.name))
    };
    let (mut lines, mut before) = (Vec::new(), Vec::new());
    let rows = sent.file.rows.iter().zip(sent.told);
    for ((row, told), receipt) in rows.zip(sent.receipts) {
        match receipt {
            Some(receipt) => lines.push(BatchReceipt {
                row: row.number,
                kind: kind(told),
                custody: custody(&receipt),
                pseudonym: receipt.pseudonym,
                mailbox_code: receipt.mailbox_code,
            }),
            None => before.push(row.number),
        }
    }
    BatchReceipts {
        frame: visit.frame(state),
        relay: say_name(words, &desk.relay_names),
        at: visit.now,
        lines,
        before,
    }
}
