//! `POST /near-miss`: accepts it and leads to its receipt.

use askama::Template as _;
use axum::extract::State;
use axum::http::header::SET_COOKIE;
use axum::response::{Html, IntoResponse, Redirect, Response};
use domain::part::field::Field;
use domain::report::filing::FilingLack;
use hub::slip::SLIP_SECONDS;
use hub::submit::{FormKey, Receipt, SubmitError};
use view::form::Form;
use view::page::near_miss::RepeatedPage;

use super::page::{ACTION, page};
use super::read::near_miss;
use crate::cookie;
use crate::form::Posted;
use crate::guard::transport;
use crate::pages::report::no_relay::said;
use crate::problem::{Problem, REFUSED};
use crate::state::AppState;
use crate::visit::{Signed, Visit};

/// Accepts a near miss.
pub(crate) async fn send(
    State(state): State<AppState>,
    signed: Signed,
    posted: Posted,
) -> Result<Response, Problem> {
    let Signed { visit, actor } = &signed;
    let words = visit.words;
    let key: FormKey = posted
        .one("form_key")
        .parse()
        .map_err(|_| Problem::Malformed)?;
    let mut form = posted.refill(ACTION);
    let Some(told) = near_miss(&posted, visit.now, words, &mut form) else {
        return again(&state, &signed, form, key).await;
    };
    let sent = key.sent(posted.fingerprint());
    let (sender, sending) = (actor.clone(), visit.clone());
    let outcome = state
        .call(move |hub| {
            let call = Signed::call(&sender, &sending);
            Ok::<_, Problem>(hub::near_miss::submit(hub, &call, told, sent))
        })
        .await?;
    match outcome {
        Ok(receipt) => to_receipt(&state, &signed, vec![receipt]).await,
        Err(SubmitError::AlreadyAccepted) => repeated(&state, visit),
        Err(SubmitError::Lacking(lacks)) => {
            for lack in lacks {
                let (field, key) = wrong_answer(lack);
                form.reject(field, words.t(key));
            }
            again(&state, &signed, form, key).await
        }
        Err(SubmitError::NoCustodians) => {
            form.reject("scope", words.t("near-miss-no-seal-why"));
            again(&state, &signed, form, key).await
        }
        Err(SubmitError::NoRelay) => said(&state, visit, "near-miss-title", REFUSED),
        Err(SubmitError::Stretch(_)) => {
            form.reject("scope", words.t("near-miss-error-memory"));
            again(&state, &signed, form, key).await
        }
        Err(error) => Err(error.into()),
    }
}

/// The page again, with what was typed and what is wrong with it.
async fn again(
    state: &AppState,
    signed: &Signed,
    form: Form,
    key: FormKey,
) -> Result<Response, Problem> {
    let (actor, visit) = (signed.actor.clone(), signed.visit.clone());
    let desk = state
        .call(move |hub| hub::near_miss::desk(hub, &Signed::call(&actor, &visit)))
        .await?;
    let html = page(state, &signed.visit, &desk, form, key).render()?;
    Ok((REFUSED, Html(html)).into_response())
}

fn wrong_answer(lack: FilingLack) -> (&'static str, &'static str) {
    match lack {
        FilingLack::Answer(Field::Place) => ("place", "near-miss-error-place"),
        FilingLack::Answer(Field::NoHarmReason) => ("reason", "near-miss-error-reason"),
        FilingLack::Answer(_) | FilingLack::Purpose => ("kind", "near-miss-error-kind"),
    }
}

/// Leads to the receipts, which travel sealed in a cookie.
pub(super) async fn to_receipt(
    state: &AppState,
    signed: &Signed,
    receipts: Vec<Receipt>,
) -> Result<Response, Problem> {
    let (actor, visit) = (signed.actor.clone(), signed.visit.clone());
    let session = visit.secret.clone().unwrap_or_default();
    let sealed = state
        .call(move |hub| {
            let call = Signed::call(&actor, &visit);
            Ok::<_, Problem>(hub::slip::write(hub, &call, &receipts, &session))
        })
        .await?;
    let header = cookie::slip(transport(state), &sealed, SLIP_SECONDS);
    Ok(([(SET_COOKIE, header)], Redirect::to("/near-miss/receipt")).into_response())
}

/// Says that the form was accepted before.
pub(super) fn repeated(state: &AppState, visit: &Visit) -> Result<Response, Problem> {
    let frame = visit.frame(state);
    Ok(Html(RepeatedPage { frame }.render()?).into_response())
}
