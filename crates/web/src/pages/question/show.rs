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
    page(&state, visit, actor, id, Filled::AsItOpens).await
}

/// What stands in the form of the answer.
pub(super) enum Filled {
    /// What waits for a second person, or nothing.
    AsItOpens,
    /// What was typed, with what is wrong with it.
    Typed(Form),
    /// What waits for a second person, and why it cannot be sent.
    Unsendable(String),
}

/// The page of a question.
///
/// # Errors
/// [`Problem::Changed`] when something was typed or sent and the question takes no answer any more.
pub(super) async fn page(
    state: &AppState,
    visit: Visit,
    actor: Actor,
    id: QuestionId,
    filled: Filled,
) -> Result<Html<String>, Problem> {
    let frame = Frame {
        path: format!("/questions/{id}"),
        ..visit.frame(state)
    };
    let seen = state
        .call(move |hub| hub::question::open(hub, &Signed::call(&actor, &visit), id))
        .await?;
    let waits = matches!(seen.line.standing, Standing::Waits | Standing::Proposed);
    let is_late = match filled {
        Filled::AsItOpens => false,
        Filled::Typed(_) => !waits,
        Filled::Unsendable(_) => seen.proposed.is_none(),
    };
    if is_late {
        return Err(Problem::Changed);
    }
    Ok(Html(dressed(state, frame, seen, filled).render()?))
}

fn dressed(state: &AppState, frame: Frame, seen: QuestionSeen, filled: Filled) -> QuestionPage {
    let words = frame.words;
    let issued_at = seen.row.advisory.issued_at.unwrap_or(seen.row.created_at);
    let names = Names {
        reference: state.hub.reference(),
        day: issued_at.day_in_japan(),
        words,
    };
    let purposes = names.purposes(&seen.handling.purposes);
    let action = format!("/questions/{}", seen.line.id);
    let form = match filled {
        Filled::Typed(form) => form,
        Filled::AsItOpens => opening(&action, seen.proposed.as_ref()),
        Filled::Unsendable(why) => {
            let mut form = opening(&action, seen.proposed.as_ref());
            form.reject("wording", why);
            form
        }
    };
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
            version: waits.preview.version,
            revision: waits.preview.revision,
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
    let based_on = proposed.map_or(0, |waits| waits.preview.version);
    let form = Form::new(action).with("based-on", based_on.to_string());
    match proposed {
        None => form.with("to", AnsweredTo::Asker.word()),
        Some(waits) => form
            .with("to", AnsweredTo::Everybody.word())
            .with("wording", waits.wording.content())
            .with("answer", waits.text.content()),
    }
}
