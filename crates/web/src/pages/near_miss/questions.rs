//! `GET /near-miss/is-this-one`: two questions, and where their answers lead.

use askama::Template as _;
use axum::extract::{Query, State};
use axum::response::Html;
use domain::reference::event::{Answer, Lead, Verdict};
use domain::reference::row::Row;
use serde::Deserialize;
use view::form::{Choice, Form};
use view::page::near_miss::{AskedQuestion, NearMissQuestions, ReachedVerdict};
use view::words::Words;

use crate::lists::say;
use crate::problem::Problem;
use crate::state::AppState;
use crate::visit::Visit;

/// The two answers, as far as they were given.
#[derive(Deserialize)]
pub(crate) struct Answered {
    #[serde(default)]
    harm: String,
    #[serde(default)]
    danger: String,
}

/// Shows the questions, and the verdict once both are answered.
pub(crate) async fn show(
    State(state): State<AppState>,
    Query(answered): Query<Answered>,
    visit: Visit,
) -> Result<Html<String>, Problem> {
    let words = visit.words;
    let lists = state.hub.reference();
    let day = visit.now.day_in_japan();
    let answers = (
        answered.harm.parse::<Answer>(),
        answered.danger.parse::<Answer>(),
    );
    let verdict = match answers {
        (Ok(harm), Ok(danger)) => lists.verdict(harm, danger),
        _ => None,
    };
    let page = NearMissQuestions {
        frame: visit.frame(&state),
        form: Form::new("")
            .with("harm", answered.harm)
            .with("danger", answered.danger),
        questions: lists
            .questions
            .current(day)
            .map(|row| AskedQuestion {
                field: row.code.to_string(),
                name: say(words, &row.name),
                help: say(words, &row.body.help),
            })
            .collect(),
        answers: Answer::ALL
            .iter()
            .map(|answer| {
                Choice::new(
                    answer.word(),
                    words.t(&format!("near-miss-helper-{answer}")),
                )
            })
            .collect(),
        verdict: verdict.map(|row| shown(words, row)),
    };
    Ok(Html(page.render()?))
}

fn shown(words: Words, row: &Row<Verdict>) -> ReachedVerdict {
    let (href, key) = match row.body.leads_to {
        Lead::NearMiss | Lead::Optional => ("/near-miss", "near-miss-helper-to-near-miss"),
        Lead::FirstReport => ("/reports/new", "near-miss-helper-to-first-report"),
    };
    ReachedVerdict {
        name: say(words, &row.name),
        text: say(words, &row.body.text),
        href: href.to_owned(),
        label: words.t(key).into_owned(),
    }
}
