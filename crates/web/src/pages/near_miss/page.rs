//! `GET /near-miss`: one page, six answers.

use askama::Template as _;
use axum::extract::State;
use axum::response::{Html, IntoResponse as _, Response};
use domain::reference::ReferenceData;
use domain::reference::terms::Offer;
use domain::report::near_miss::Scope;
use hub::near_miss::Desk;
use hub::submit::FormKey;
use view::form::{Choice, Form};
use view::page::near_miss::{CustodyLine, NearMissPage};
use view::words::Words;

use crate::lists::{choices, explained, say, say_name};
use crate::pages::report::no_relay::no_relay;
use crate::problem::Problem;
use crate::state::AppState;
use crate::visit::{Signed, Visit};

/// Where the form is posted.
pub(super) const ACTION: &str = "/near-miss";

/// Shows the page.
pub(crate) async fn show(
    State(state): State<AppState>,
    signed: Signed,
) -> Result<Response, Problem> {
    if let Some(told) = no_relay(&state, &signed, "near-miss-title").await? {
        return Ok(told);
    }
    let Signed { visit, actor } = signed;
    let asking = visit.clone();
    let desk = state
        .call(move |hub| hub::near_miss::desk(hub, &Signed::call(&actor, &asking)))
        .await?;
    let scope = desk.scopes.first().map_or("", |scope| scope.word());
    let form = Form::new(ACTION).with("when", "today").with("scope", scope);
    let key = FormKey::draw(&mut visit.random.derive("near-miss/form"));
    Ok(Html(page(&state, &visit, &desk, form, key).render()?).into_response())
}

/// The page with `form` in it.
pub(super) fn page(
    state: &AppState,
    visit: &Visit,
    desk: &Desk,
    form: Form,
    key: FormKey,
) -> NearMissPage {
    let words = visit.words;
    let lists = state.hub.reference();
    let day = visit.now.day_in_japan();
    NearMissPage {
        frame: visit.frame(state),
        form,
        form_key: key.to_string(),
        kinds: explained(words, lists.near_miss_kinds.current(day), |kind| {
            &kind.example
        }),
        whens: whens(words),
        places: choices(words, lists.places.current(day)),
        reasons: choices(words, lists.no_harm_reasons.current(day)),
        scopes: desk
            .scopes
            .iter()
            .map(|scope| choice(words, *scope))
            .collect(),
        custody: custody(words, lists, visit),
        relay: say_name(words, &desk.relay_names),
        source_count: desk.source_count,
        purposes: lists
            .purposes
            .current(day)
            .filter(|row| row.body.offer == Offer::Preset)
            .map(|row| say(words, &row.name))
            .collect(),
    }
}

pub(in crate::pages) fn whens(words: Words) -> Vec<Choice> {
    ["today", "yesterday", "date", "unknown"]
        .iter()
        .map(|when| Choice::new(*when, words.t(&format!("near-miss-when-{when}"))))
        .collect()
}

pub(in crate::pages) fn choice(words: Words, scope: Scope) -> Choice {
    Choice::new(scope.word(), words.t(&format!("near-miss-scope-{scope}")))
        .hint(words.t(&format!("near-miss-scope-{scope}-hint")))
}

pub(in crate::pages) fn custody(
    words: Words,
    lists: &ReferenceData,
    visit: &Visit,
) -> Vec<CustodyLine> {
    lists
        .custody_modes
        .current(visit.now.day_in_japan())
        .map(|row| CustodyLine {
            name: say(words, &row.name),
            meaning: say(words, &row.body.meaning),
            afterwards: say(words, &row.body.afterwards),
        })
        .collect()
}
