//! `POST /questions/{question}`: the issuer answers the asker alone, or by two persons everybody.

use axum::extract::{Path, State};
use axum::response::{IntoResponse as _, Redirect, Response};
use domain::advisory::question::AnsweredTo;
use domain::confidential::Confidential;
use domain::id::{AdvisoryId, QuestionId};
use hub::question::{
    AnswerText, QuestionError, QuestionText, Reply, Tells, propose, send_to_everybody,
};
use view::form::Form;

use super::show::page;
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
    let words = visit.words;
    let (caller, came) = (actor.clone(), visit.clone());
    if posted.one("then") == "send" {
        let version = posted.one("version").parse();
        let version: u32 = version.map_err(|_| Problem::Malformed)?;
        let advisory = state
            .call(move |hub| send_to_everybody(hub, &Signed::call(&caller, &came), id, version))
            .await?;
        return Ok(replied(advisory));
    }
    let mut form = posted.refill(&format!("/questions/{id}"));
    if let Some(reply) = read(&posted, &mut form, |key| words.t(key).into_owned()) {
        let based_on: u32 = posted.one("based-on").parse().unwrap_or(0);
        let taken = state
            .ask(move |hub| {
                let call = Signed::call(&caller, &came);
                match reply {
                    Reply::ToAsker(text) => hub::question::answer(hub, &call, id, text).map(Some),
                    Reply::ToEverybody { wording, text } => {
                        propose(hub, &call, id, based_on, wording, text).map(|()| None)
                    }
                }
            })
            .await?;
        match taken {
            Ok(Some(advisory)) => return Ok(replied(advisory)),
            Ok(None) => return Ok(Redirect::to(&format!("/questions/{id}")).into_response()),
            Err(QuestionError::Tells(Tells::Copied)) => {
                form.reject("wording", words.t("question-tells-copied"));
            }
            Err(QuestionError::Tells(Tells::Named)) => {
                form.reject("wording", words.t("question-tells-named"));
            }
            Err(error) => return Err(error.into()),
        }
    }
    let shown = page(&state, visit, actor, id, Some(form)).await?;
    Ok((REFUSED, shown).into_response())
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
