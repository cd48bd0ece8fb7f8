//! `GET /questions/{question}`: one question, and the form of its answer. Reading it is noted.

use askama::Template as _;
use axum::extract::{Path, State};
use axum::response::Html;
use domain::actor::Actor;
use domain::advisory::question::AnsweredTo;
use domain::id::QuestionId;
use hub::question::{MayAnswer as May, QuestionSeen, Standing};
use view::answer::Names;
use view::form::Form;
use view::layout::Frame;
use view::page::question::{Answered, MayAnswer, QuestionPage, ReplyView};
use view::part::HandlingBar;

use super::item;
use crate::pages::reach::head;
use crate::problem::Problem;
use crate::state::AppState;
use crate::visit::{Signed, Visit};

/// Shows a question to the desk that issued the advisory.
pub(crate) async fn show(
    State(state): State<AppState>,
    Path(question): Path<String>,
    Signed { visit, actor }: Signed,
) -> Result<Html<String>, Problem> {
    let id: QuestionId = question.parse().map_err(|_| Problem::NotFound)?;
    let form = Form::new(format!("/questions/{id}")).with("to", AnsweredTo::Asker.word());
    page(&state, visit, actor, id, form).await
}

/// The page with `form`, which may have been rejected.
pub(super) async fn page(
    state: &AppState,
    visit: Visit,
    actor: Actor,
    id: QuestionId,
    form: Form,
) -> Result<Html<String>, Problem> {
    let frame = Frame {
        path: format!("/questions/{id}"),
        ..visit.frame(state)
    };
    let seen = state
        .call(move |hub| hub::question::open(hub, &Signed::call(&actor, &visit), id))
        .await?;
    Ok(Html(dressed(state, frame, seen, form).render()?))
}

fn dressed(state: &AppState, frame: Frame, seen: QuestionSeen, form: Form) -> QuestionPage {
    let words = frame.words;
    let issued_at = seen.row.advisory.issued_at.unwrap_or(seen.row.created_at);
    let names = Names {
        reference: state.hub.reference(),
        day: issued_at.day_in_japan(),
        words,
    };
    let purposes = names.purposes(&seen.handling.purposes);
    let reply = match (seen.line.standing, seen.answered) {
        (Standing::Answered(to, at), Some(answer)) => {
            let text = answer.text;
            ReplyView::Given(Answered { to, at, text }, answer.wording)
        }
        (Standing::Waits, _) => ReplyView::Form(
            form,
            match seen.may {
                May::Asker => MayAnswer::Asker,
                May::Everybody => MayAnswer::Everybody,
            },
        ),
        _ => ReplyView::Ended,
    };
    QuestionPage {
        bar: HandlingBar {
            circles: vec![words.t("advisory-reaches-named").into_owned()],
            ..HandlingBar::new(&seen.handling, purposes, words)
        },
        head: head(&seen.row, &seen.issuer, words),
        item: item(&seen.line, words),
        text: seen.text,
        reply,
        frame,
    }
}
