//! `POST /count`: accepts the numbers; a stepper's button only changes them on the page.

use askama::Template as _;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{Html, IntoResponse, Redirect, Response};
use domain::count::{COUNT_MAX, Counts, Period};
use domain::word::Code;
use hub::count::CountError;
use view::form::Form;

use super::page::{ACTION, board, page};
use crate::form::Posted;
use crate::problem::{Problem, REFUSED};
use crate::state::AppState;
use crate::visit::Signed;

/// Accepts a count.
pub(crate) async fn send(
    State(state): State<AppState>,
    signed: Signed,
    posted: Posted,
) -> Result<Response, Problem> {
    let words = signed.visit.words;
    let period: Period = posted
        .one("period")
        .parse()
        .map_err(|_| Problem::Malformed)?;
    let mut form = posted.refill(ACTION);
    if !posted.one("step").is_empty() {
        form.step(posted.one("step"), COUNT_MAX);
        return again(&state, &signed, period, form, StatusCode::OK).await;
    }
    let day = signed.visit.now.day_in_japan();
    let kinds = state.hub.reference().near_miss_kinds.current(day);
    let mut counts = Counts::new();
    for kind in kinds.map(|row| &row.code) {
        match number(&posted, kind) {
            Some(count) => {
                counts.insert(kind.clone(), count);
            }
            None => form.reject(kind.as_str(), words.t("count-error-number")),
        }
    }
    if !form.errors().is_empty() {
        return again(&state, &signed, period, form, REFUSED).await;
    }
    let (actor, visit) = (signed.actor.clone(), signed.visit.clone());
    let outcome = state
        .call(move |hub| {
            let call = Signed::call(&actor, &visit);
            Ok::<_, Problem>(hub::count::send(hub, &call, period, counts))
        })
        .await?;
    let refused = match outcome {
        Ok(()) => return Ok(Redirect::to(&format!("{ACTION}?period={period}")).into_response()),
        Err(CountError::Closed) => ("period", "count-error-closed"),
        Err(CountError::MonthCounted) => ("period", "count-error-month"),
        Err(CountError::Wrong(_)) => ("period", "count-error-number"),
        Err(CountError::NotFound) => return Err(Problem::NotFound),
        Err(CountError::Store(source)) => return Err(Problem::trouble(&source)),
    };
    form.reject(refused.0, words.t(refused.1));
    again(&state, &signed, period, form, REFUSED).await
}

/// The number typed for `kind`, full-width digits included; zero for the zero button and for a
/// field left blank.
pub(in crate::pages) fn number(posted: &Posted, kind: &Code) -> Option<u32> {
    if posted.one("nil") == "yes" {
        return Some(0);
    }
    let typed = domain::text::fold(posted.one(kind.as_str()));
    match typed.trim() {
        "" => Some(0),
        digits if digits.bytes().all(|byte| byte.is_ascii_digit()) => {
            digits.parse().ok().filter(|count| *count <= COUNT_MAX)
        }
        _ => None,
    }
}

async fn again(
    state: &AppState,
    signed: &Signed,
    period: Period,
    form: Form,
    status: StatusCode,
) -> Result<Response, Problem> {
    let board = board(state, signed, period).await?;
    let html = page(state, &signed.visit, &board, period, form).render()?;
    Ok((status, Html(html)).into_response())
}
