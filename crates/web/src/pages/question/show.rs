//! `GET /questions/{question}`: one question, and the form of its answer. Reading it is noted.

use askama::Template as _;
use axum::extract::{Path, State};
use axum::response::Html;
use domain::actor::Actor;
use domain::advisory::question::AnsweredTo;
use domain::id::QuestionId;
use hub::question::{MayAnswer as May, ProposedSeen, QuestionSeen, Standing, Turn as Can};
use view::answer::Names;
use view::form::Form;
use view::layout::Frame;
use view::page::question::{Answered, MayAnswer, Proposed, QuestionPage, ReplyView, Turn};
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
    page(&state, visit, actor, id, None).await
}

/// The page with `form`, which was rejected; `None` as it opens.
pub(super) async fn page(
    state: &AppState,
    visit: Visit,
    actor: Actor,
    id: QuestionId,
    form: Option<Form>,
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

fn dressed(state: &AppState, frame: Frame, seen: QuestionSeen, form: Option<Form>) -> QuestionPage {
    let words = frame.words;
    let issued_at = seen.row.advisory.issued_at.unwrap_or(seen.row.created_at);
    let names = Names {
        reference: state.hub.reference(),
        day: issued_at.day_in_japan(),
        words,
    };
    let purposes = names.purposes(&seen.handling.purposes);
    let action = format!("/questions/{}", seen.line.id);
    let form = form.unwrap_or_else(|| opening(&action, seen.proposed.as_ref()));
    let reply = match (seen.line.standing, seen.answered) {
        (Standing::Answered(to, at), Some(answer)) => {
            let text = answer.text;
            ReplyView::Given(Answered { to, at, text }, answer.wording)
        }
        (Standing::Waits | Standing::Proposed, _) => ReplyView::Form(
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
        proposed: seen.proposed.map(|waits| Proposed {
            wording: waits.wording,
            text: waits.text,
            version: waits.version,
            at: waits.at,
            organization_count: waits.organization_count,
            turn: match waits.turn {
                Can::Send => Turn::Send(Form::new(&action)),
                Can::OwnWork => Turn::OwnWork,
                Can::Wait => Turn::Wait,
            },
        }),
        reply,
        frame,
    }
}

/// The form as it opens: empty and for the asker, or with what waits for a second person.
fn opening(action: &str, proposed: Option<&ProposedSeen>) -> Form {
    let form = Form::new(action);
    match proposed {
        None => form.with("to", AnsweredTo::Asker.word()),
        Some(waits) => form
            .with("to", AnsweredTo::Everybody.word())
            .with("wording", waits.wording.content())
            .with("answer", waits.text.content()),
    }
}
