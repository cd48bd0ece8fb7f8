//! `GET /phone/count`, `POST /phone/count`: numbers that a member tells.

use askama::Template as _;
use axum::extract::{Query, State};
use axum::response::{Html, IntoResponse, Redirect, Response};
use domain::count::{Counts, Period};
use domain::id::OrganizationId;
use hub::count::CountError;
use serde::Deserialize;
use view::form::Form;
use view::page::phone::PhoneCount;

use super::desk::{NOBODY, desk, members};
use crate::form::Posted;
use crate::lists::choices;
use crate::pages::count::page::periods;
use crate::pages::count::send::number;
use crate::problem::{Problem, REFUSED};
use crate::state::AppState;
use crate::visit::Signed;

const ACTION: &str = "/phone/count";

/// Whether a count was just taken.
#[derive(Deserialize)]
pub(crate) struct Asked {
    #[serde(default)]
    taken: String,
}

/// Shows the page.
pub(crate) async fn show(
    State(state): State<AppState>,
    Query(asked): Query<Asked>,
    signed: Signed,
) -> Result<Html<String>, Problem> {
    page(&state, &signed, Form::new(ACTION), asked.taken == "yes").await
}

/// Accepts the numbers for the member.
pub(crate) async fn send(
    State(state): State<AppState>,
    signed: Signed,
    posted: Posted,
) -> Result<Response, Problem> {
    let words = signed.visit.words;
    let mut form = posted.refill(ACTION);
    let member = posted.one("member").parse::<OrganizationId>();
    if member.is_err() {
        form.reject("member", words.t("phone-error-member"));
    }
    let period = posted.one("period").parse::<Period>();
    if period.is_err() {
        form.reject("period", words.t("count-error-closed"));
    }
    let mut counts = Counts::new();
    let day = signed.visit.now.day_in_japan();
    for row in state.hub.reference().near_miss_kinds.current(day) {
        match number(&posted, &row.code) {
            Some(count) => {
                counts.insert(row.code.clone(), count);
            }
            None => form.reject(row.code.as_str(), words.t("count-error-number")),
        }
    }
    if let (Ok(member), Ok(period), true) = (member, period, form.errors().is_empty()) {
        let (actor, visit) = (signed.actor.clone(), signed.visit.clone());
        let outcome = state
            .call(move |hub| {
                let call = Signed::call(&actor, &visit);
                let entered = hub::phone::enter_count(hub, &call, member, period, counts);
                Ok::<_, Problem>(entered)
            })
            .await?;
        let (field, key) = match outcome {
            Ok(()) => return Ok(Redirect::to("/phone/count?taken=yes").into_response()),
            Err(CountError::NotFound) => ("member", "phone-error-foreign"),
            Err(CountError::Closed) => ("period", "count-error-closed"),
            Err(CountError::MonthCounted) => ("period", "count-error-month"),
            Err(CountError::Wrong(_)) => ("period", "count-error-number"),
            Err(CountError::Store(source)) => return Err(Problem::trouble(&source)),
        };
        form.reject(field, words.t(key));
    }
    let html = page(&state, &signed, form, false).await?;
    Ok((REFUSED, html).into_response())
}

async fn page(
    state: &AppState,
    signed: &Signed,
    form: Form,
    taken: bool,
) -> Result<Html<String>, Problem> {
    let desk = desk(state, signed).await?;
    let (visit, words) = (&signed.visit, signed.visit.words);
    let day = visit.now.day_in_japan();
    let mut members = members(&desk, words);
    // A count is always somebody's.
    members.retain(|member| member.value != NOBODY);
    let page = PhoneCount {
        frame: visit.frame(state),
        form,
        members,
        periods: periods(visit.now, words),
        kinds: choices(words, state.hub.reference().near_miss_kinds.current(day)),
        taken,
    };
    Ok(Html(page.render()?))
}
