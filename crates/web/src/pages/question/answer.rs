//! `POST /questions/{question}`: the issuer answers the asker alone, or by two persons everybody.

use axum::extract::{Path, State};
use axum::response::{IntoResponse as _, Redirect, Response};
use domain::advisory::question::AnsweredTo;
use domain::confidential::Confidential;
use domain::id::{AdvisoryId, QuestionId};
use hub::question::{
    AnswerText, Preview, QuestionError, QuestionText, Reply, Tells, propose, send_to_everybody,
};
use view::form::Form;

use super::show::{Filled, page};
use crate::form::Posted;
use crate::problem::{Problem, REFUSED};
use crate::state::AppState;
use crate::visit::Signed;

/// Takes the answer, or shows the question again with what is wrong. What goes to everybody is kept for
/// another person, and is sent when that one says so.
pub(crate) async fn answer(
    State(state): State<AppState>,
    Path(question): Path<String>,
    Signed { visit, actor }: Signed,
    posted: Posted,
) -> Result<Response, Problem> {
    let id: QuestionId = question.parse().map_err(|_| Problem::NotFound)?;
    if posted.one("then") == "send" {
        return send(&state, Signed { visit, actor }, id, &posted).await;
    }
    let words = visit.words;
    let (caller, came) = (actor.clone(), visit.clone());
    let mut form = posted.refill(&format!("/questions/{id}"));
    if let Some(reply) = read(&posted, &mut form, |key| words.t(key).into_owned()) {
        let based_on: u32 = posted.one("based-on").parse().unwrap_or(0);
        let taken = state
            .ask(move |hub| {
                let call = Signed::call(&caller, &came);
                match reply {
                    Reply::ToAsker(text) => {
                        hub::question::answer(hub, &call, id, based_on, text).map(Some)
                    }
                    Reply::ToEverybody { wording, text } => {
                        propose(hub, &call, id, based_on, wording, text).map(|()| None)
                    }
                }
            })
            .await?;
        match taken {
            Ok(Some(advisory)) => return Ok(replied(advisory)),
            Ok(None) => return Ok(Redirect::to(&format!("/questions/{id}")).into_response()),
            Err(QuestionError::Tells(tells)) => form.reject("wording", words.t(why(tells))),
            Err(error) => return Err(error.into()),
        }
    }
    let shown = page(&state, visit, actor, id, Filled::Typed(form)).await?;
    Ok((REFUSED, shown).into_response())
}

/// Sends what another person wrote, or shows the question again with why it cannot be sent.
async fn send(
    state: &AppState,
    Signed { visit, actor }: Signed,
    id: QuestionId,
    posted: &Posted,
) -> Result<Response, Problem> {
    let number = |name| posted.one(name).parse().map_err(|_| Problem::Malformed);
    let preview = Preview {
        version: number("version")?,
        revision: number("revision")?,
    };
    let (caller, came) = (actor.clone(), visit.clone());
    let sent = state
        .ask(move |hub| send_to_everybody(hub, &Signed::call(&caller, &came), id, preview))
        .await?;
    match sent {
        Ok(advisory) => Ok(replied(advisory)),
        Err(QuestionError::Tells(tells)) => {
            let why = visit.words.t(why(tells)).into_owned();
            let shown = page(state, visit, actor, id, Filled::Unsendable(why)).await?;
            Ok((REFUSED, shown).into_response())
        }
        Err(error) => Err(error.into()),
    }
}

/// The key of the words for why an answer does not go to everybody.
const fn why(tells: Tells) -> &'static str {
    match tells {
        Tells::Copied => "question-tells-copied",
        Tells::Named => "question-tells-named",
    }
}

/// Back to the advisory, which says that the answer is there.
fn replied(advisory: AdvisoryId) -> Response {
    Redirect::to(&format!("/advisories/{advisory}?said=replied#questions")).into_response()
}

/// The answer that was posted; `None` when something in `form` was rejected.
fn read(posted: &Posted, form: &mut Form, say: impl Fn(&str) -> String) -> Option<Reply> {
    let text = AnswerText::parse(posted.one("answer"));
    if text.is_err() {
        form.reject("answer", say("question-answer-missing"));
    }
    match posted.one("to").parse() {
        Ok(AnsweredTo::Asker) => Some(Reply::ToAsker(Confidential::new(text.ok()?))),
        Ok(AnsweredTo::Everybody) => {
            let wording = QuestionText::parse(posted.one("wording"));
            if wording.is_err() {
                form.reject("wording", say("question-wording-missing"));
            }
            Some(Reply::ToEverybody {
                wording: Confidential::new(wording.ok()?),
                text: Confidential::new(text.ok()?),
            })
        }
        Err(_) => {
            form.reject("to", say("question-to-missing"));
            None
        }
    }
}
