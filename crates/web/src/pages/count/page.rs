//! `GET /count`: how many, for a week or a month.

use askama::Template as _;
use axum::extract::{Query, State};
use axum::response::{Html, IntoResponse as _, Response};
use domain::count::{Period, PeriodKind};
use domain::statistic::Figure;
use domain::time::Timestamp;
use hub::count::Board;
use serde::Deserialize;
use view::form::{Choice, Form};
use view::page::count::{CountPage, history, others, others_title, period_name};
use view::words::Words;

use crate::lists::{choices, say, say_name};
use crate::pages::report::no_relay::no_relay;
use crate::problem::Problem;
use crate::state::AppState;
use crate::visit::{Signed, Visit};

/// Where the form is posted.
pub(super) const ACTION: &str = "/count";

/// The period asked for.
#[derive(Deserialize)]
pub(crate) struct Asked {
    #[serde(default)]
    period: String,
}

/// Shows the page.
pub(crate) async fn show(
    State(state): State<AppState>,
    Query(asked): Query<Asked>,
    signed: Signed,
) -> Result<Response, Problem> {
    if let Some(told) = no_relay(&state, &signed, "count-title").await? {
        return Ok(told);
    }
    let now = signed.visit.now;
    let this_week = Period::of(PeriodKind::Week, now.day_in_japan());
    let period = asked.period.parse().unwrap_or(this_week);
    let board = board(&state, &signed, period).await?;
    let mut form = Form::new(ACTION);
    for (kind, count) in board.counted.iter().flatten() {
        form = form.with(kind.as_str(), count.to_string());
    }
    let html = page(&state, &signed.visit, &board, period, form).render()?;
    Ok(Html(html).into_response())
}

/// What the hub knows around `period`.
pub(super) async fn board(
    state: &AppState,
    signed: &Signed,
    period: Period,
) -> Result<Board, Problem> {
    let (actor, visit) = (signed.actor.clone(), signed.visit.clone());
    state
        .call(move |hub| hub::count::board(hub, &Signed::call(&actor, &visit), period))
        .await
}

/// The page with `form` in it.
pub(super) fn page(
    state: &AppState,
    visit: &Visit,
    board: &Board,
    period: Period,
    form: Form,
) -> CountPage {
    let words = visit.words;
    let day = visit.now.day_in_japan();
    let kinds = &state.hub.reference().near_miss_kinds;
    let title = others_title(&say_name(words, &board.relay_names), board.quarter, words);
    let rows = kinds
        .current(day)
        .map(|row| {
            let figure = board.figures.get(&row.code).copied();
            (say(words, &row.name), figure.unwrap_or(Figure::Withheld))
        })
        .collect();
    let is_this_week = period == Period::of(PeriodKind::Week, day);
    CountPage {
        frame: visit.frame(state),
        form,
        period: period.to_string(),
        period_name: period_name(period, words),
        nil_label: words
            .t(if is_this_week {
                "count-nil-week"
            } else {
                "count-nil-other"
            })
            .into_owned(),
        periods: periods(visit.now, words),
        counted: board
            .counted
            .as_ref()
            .map(|counts| counts.values().copied().map(u64::from).sum()),
        kinds: choices(words, kinds.current(day)),
        history: history(&board.history, words),
        others: others(rows, board.total, &title, words),
    }
}

/// The periods that one can go to: this and the last week and month, as long as they are open.
pub(in crate::pages) fn periods(now: Timestamp, words: Words) -> Vec<Choice> {
    let day = now.day_in_japan();
    let (week, month) = (
        Period::of(PeriodKind::Week, day),
        Period::of(PeriodKind::Month, day),
    );
    [
        (week, "count-this-week"),
        (week.previous(), "count-last-week"),
        (month, "count-this-month"),
        (month.previous(), "count-last-month"),
    ]
    .into_iter()
    .filter(|(period, _)| period.is_open(now))
    .map(|(period, key)| Choice::new(period.to_string(), words.t(key)))
    .collect()
}
