//! `GET` and `POST` `/sent/{report}/outgoing` and `/mailbox/outgoing`: the source reads what would leave, and answers.

use askama::Template as _;
use axum::extract::State;
use axum::response::{Html, Redirect, Response};
use domain::release::border::AuthorAnswer;
use hub::release::AuthorQuestion;
use view::answer::{Names, part_name};
use view::form::Form;
use view::lines::{Spelling, lines};
use view::page::border::{OutgoingView, Question};
use view::part::HandlingBar;

use super::read;
use crate::form::Posted;
use crate::pages::sent::whose::Whose;
use crate::problem::Problem;
use crate::state::AppState;
use crate::visit::Signed;

/// Shows everything that would leave.
pub(crate) async fn show(
    State(state): State<AppState>,
    whose: Whose,
    signed: Signed,
) -> Result<Response, Problem> {
    let frame = signed.visit.frame(&state);
    let (actor, visit) = (signed.actor.clone(), signed.visit.clone());
    let claim = whose.claim.clone();
    let asked: AuthorQuestion = state
        .call(move |hub| hub::release::author_pending(hub, &Signed::call(&actor, &visit), claim))
        .await?
        .ok_or(Problem::NotFound)?;
    let names = Names {
        reference: state.hub.reference(),
        day: frame.now.day_in_japan(),
        words: frame.words,
    };
    let outgoing = asked.outgoing.into_iter().map(|(kind, (body, handling))| {
        let purposes = names.purposes(&handling.purposes);
        OutgoingView {
            title: part_name(kind, names.words),
            bar: HandlingBar::new(&handling, purposes, names.words),
            lines: lines(body, names, &[], Spelling::AsTyped),
        }
    });
    let page = Question {
        back: whose.path(""),
        due_at: asked.due_at,
        outgoing: outgoing.collect(),
        form: Some(Form::new(whose.path("/outgoing")).with("revision", asked.revision.to_string())),
        frame,
    };
    let html = Html(page.render()?);
    Ok(whose.keep(&state, &signed, html))
}

/// Keeps the source's answer.
pub(crate) async fn answer(
    State(state): State<AppState>,
    whose: Whose,
    Signed { visit, actor }: Signed,
    posted: Posted,
) -> Result<Redirect, Problem> {
    let claim = whose.claim.clone();
    let revision = read::made_from(&posted)?;
    let answer = match posted.one("answer") {
        "approved" => AuthorAnswer::Approved,
        "refused" => AuthorAnswer::Refused,
        _ => return Err(Problem::Malformed),
    };
    state
        .call(move |hub| {
            let call = Signed::call(&actor, &visit);
            hub::release::answer_as_author(hub, &call, claim, revision, answer)
        })
        .await?;
    let answered = format!("{}?answered={}", whose.path(""), answer.word());
    Ok(Redirect::to(&answered))
}
