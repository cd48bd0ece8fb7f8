//! `GET /sent/{report}/outgoing`, `POST` there: the source reads what would leave, and answers.

use askama::Template as _;
use axum::extract::{Path, State};
use axum::response::{Html, Redirect};
use domain::id::ReportId;
use domain::release::border::AuthorAnswer;
use hub::release::AuthorQuestion;
use view::answer::{Names, part_name};
use view::form::Form;
use view::lines::{Spelling, lines};
use view::page::border::{OutgoingView, Question};
use view::part::HandlingBar;

use super::read;
use crate::form::Posted;
use crate::problem::Problem;
use crate::state::AppState;
use crate::visit::Signed;

/// Shows everything that would leave.
pub(crate) async fn show(
    State(state): State<AppState>,
    Path(report): Path<String>,
    Signed { visit, actor }: Signed,
) -> Result<Html<String>, Problem> {
    let id: ReportId = report.parse().map_err(|_| Problem::NotFound)?;
    let frame = visit.frame(&state);
    let asked: AuthorQuestion = state
        .call(move |hub| hub::release::author_pending(hub, &Signed::call(&actor, &visit), id))
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
        back: format!("/sent/{id}"),
        due_at: asked.due_at,
        outgoing: outgoing.collect(),
        form: Some(
            Form::new(format!("/sent/{id}/outgoing")).with("revision", asked.revision.to_string()),
        ),
        frame,
    };
    Ok(Html(page.render()?))
}

/// Keeps the source's answer.
pub(crate) async fn answer(
    State(state): State<AppState>,
    Path(report): Path<String>,
    Signed { visit, actor }: Signed,
    posted: Posted,
) -> Result<Redirect, Problem> {
    let id: ReportId = report.parse().map_err(|_| Problem::NotFound)?;
    let revision = read::made_from(&posted)?;
    let answer = match posted.one("answer") {
        "approved" => AuthorAnswer::Approved,
        "refused" => AuthorAnswer::Refused,
        _ => return Err(Problem::Malformed),
    };
    state
        .call(move |hub| {
            let call = Signed::call(&actor, &visit);
            hub::release::answer_as_author(hub, &call, id, revision, answer)
        })
        .await?;
    Ok(Redirect::to(&format!("/sent/{id}")))
}
