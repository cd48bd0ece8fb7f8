//! `GET` and `POST /openings/delay`: after how many days sources are told of openings.

use askama::Template as _;
use axum::extract::State;
use axum::response::{Html, IntoResponse as _, Redirect, Response};
use domain::opening::TOLD_DAYS_MAX;
use hub::open_seal::{set_told_days, told_days};
use hub::set_up::{Authority, SetUp};
use view::form::Form;
use view::layout::Tone;
use view::page::custodian::Delay;

use crate::form::Posted;
use crate::problem::{Problem, REFUSED};
use crate::said::Said;
use crate::state::AppState;
use crate::visit::{Signed, Visit};

const ACTION: &str = "/openings/delay";
const SAID: &[(&str, Tone, &str)] = &[("set", Tone::Done, "custodian-delay-set")];

/// Shows the setting.
pub(crate) async fn show(
    State(state): State<AppState>,
    Signed { visit, .. }: Signed,
    said: Said,
) -> Result<Html<String>, Problem> {
    let mut page = page(&state, &visit, None).await?;
    page.frame.message = said.message(visit.words, SAID);
    Ok(Html(page.render()?))
}

/// Sets it; more than the hard maximum is refused, not shortened.
pub(crate) async fn send(
    State(state): State<AppState>,
    Signed { visit, actor }: Signed,
    posted: Posted,
) -> Result<Response, Problem> {
    let Some(days) = number(posted.one("days")) else {
        let mut form = posted.refill(ACTION);
        let most = [("most", u32::from(TOLD_DAYS_MAX).into())];
        form.reject("days", visit.words.tn("custodian-delay-wrong", &most));
        let page = page(&state, &visit, Some(form)).await?;
        return Ok((REFUSED, Html(page.render()?)).into_response());
    };
    state
        .call(move |hub| {
            let set_up = SetUp {
                authority: Authority::Member(&actor),
                now: visit.now,
                random: visit.random.derive("set-up"),
            };
            set_told_days(hub, &set_up, days)
        })
        .await?;
    Ok(Redirect::to("/openings/delay?said=set").into_response())
}

async fn page(state: &AppState, visit: &Visit, form: Option<Form>) -> Result<Delay, Problem> {
    let days = state
        .call(|hub| told_days(hub).map_err(hub::ReadError::from))
        .await?;
    Ok(Delay {
        frame: visit.frame(state),
        form: form.unwrap_or_else(|| Form::new(ACTION).with("days", days.to_string())),
        days,
        days_max: TOLD_DAYS_MAX,
    })
}

/// A number of days that may be set, full-width digits included.
fn number(text: &str) -> Option<u16> {
    let plain: String = text
        .trim()
        .chars()
        .map(|letter| match letter {
            '０'..='９' => {
                char::from_digit(u32::from(letter) - u32::from('０'), 10).unwrap_or(letter)
            }
            other => other,
        })
        .collect();
    plain.parse().ok().filter(|days| *days <= TOLD_DAYS_MAX)
}
