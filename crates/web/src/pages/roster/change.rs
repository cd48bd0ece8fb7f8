//! `POST /roster/…`: taking over, adding a turn, taking one off, naming a deputy.

use askama::Template as _;
use axum::extract::State;
use axum::response::{Html, IntoResponse, Redirect, Response};
use exchange::duty_rows;
use exchange::sheet::Row;
use hub::ReadError;
use hub::roster::NewTurn;

use super::show::{ADD, page};
use super::{PAGE, plan, roster};
use crate::form::Posted;
use crate::problem::{Problem, REFUSED};
use crate::sheets::why;
use crate::state::AppState;
use crate::visit::Signed;

/// Takes over from the turn that the form names, or from nobody.
pub(crate) async fn take_over(
    State(state): State<AppState>,
    Signed { visit, actor }: Signed,
    posted: Posted,
) -> Result<Redirect, Problem> {
    let from = match posted.one("turn") {
        "" => None,
        id => Some(id.parse().map_err(|_| Problem::NotFound)?),
    };
    let outcome = state
        .ask(move |hub| hub::roster::take_over(hub, &Signed::call(&actor, &visit), from))
        .await?;
    match outcome {
        // Somebody else was quicker, or the turn has ended: the page says how it stands.
        Ok(()) | Err(ReadError::NotFound) => Ok(Redirect::to(PAGE)),
        Err(error) => Err(error.into()),
    }
}

/// Adds one turn, read like a row of the table.
pub(crate) async fn add(
    State(state): State<AppState>,
    signed: Signed,
    posted: Posted,
) -> Result<Response, Problem> {
    let (visit, words) = (&signed.visit, signed.visit.words);
    let roster = roster(&state, &signed).await?;
    let plan = plan(words, &roster.people);
    let cells = duty_rows::WORDS.iter().filter_map(|word| {
        let text = posted.one(word).trim();
        (!text.is_empty()).then(|| ((*word).to_owned(), text.to_owned()))
    });
    let row = Row {
        number: 1,
        cells: cells.collect(),
    };
    let mut form = posted.refill(ADD);
    match duty_rows::turn(&row, &plan.columns, visit.now) {
        Ok(turn) if turn.span.ends_at <= visit.now => {
            form.reject("day", words.t("roster-error-past"));
        }
        Ok(turn) => {
            let new = NewTurn {
                membership: turn.person.parse().map_err(|_| Problem::NotFound)?,
                span: turn.span,
            };
            let (actor, asking) = (signed.actor.clone(), visit.clone());
            state
                .call(move |hub| hub::roster::add(hub, &Signed::call(&actor, &asking), new))
                .await?;
            return Ok(Redirect::to(PAGE).into_response());
        }
        Err(faults) => {
            for fault in faults {
                form.reject(fault.column, why(words, &fault.why));
            }
        }
    }
    let page = page(&state, &signed, &roster, form);
    Ok((REFUSED, Html(page.render()?)).into_response())
}

/// Takes a turn off the roster.
pub(crate) async fn drop_turn(
    State(state): State<AppState>,
    Signed { visit, actor }: Signed,
    posted: Posted,
) -> Result<Redirect, Problem> {
    let Ok(turn) = posted.one("turn").parse() else {
        return Ok(Redirect::to(&format!("{PAGE}?said=no-turn")));
    };
    state
        .call(move |hub| hub::roster::drop_turn(hub, &Signed::call(&actor, &visit), turn))
        .await?;
    Ok(Redirect::to(PAGE))
}

/// Names a deputy, or ends that.
pub(crate) async fn set_deputy(
    State(state): State<AppState>,
    Signed { visit, actor }: Signed,
    posted: Posted,
) -> Result<Redirect, Problem> {
    let place = match posted.one("place") {
        "" => None,
        place => Some(place.parse().map_err(|_| Problem::NotFound)?),
    };
    let Ok(deputy) = posted.one("deputy").parse() else {
        return Ok(Redirect::to(&format!("{PAGE}?said=no-deputy")));
    };
    state
        .call(move |hub| hub::roster::set_deputy(hub, &Signed::call(&actor, &visit), deputy, place))
        .await?;
    Ok(Redirect::to(PAGE))
}
