//! `GET` and `POST /sent/{report}/update`: only what has changed.

use std::collections::BTreeMap;

use askama::Template as _;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::{Html, IntoResponse, Redirect, Response};
use domain::confidential::Confidential;
use domain::id::ReportId;
use domain::part::PartBody;
use domain::part::field::{Field, Value};
use domain::report::Edition;
use domain::report::draft::{Typed, spelled};
use domain::report::question::Question;
use exchange::form::{Answers, Blank, Setting};
use hub::draft::Desk;
use hub::update::{self, Change, OwnReport, UpdateError};
use view::form::{Choice, Form};
use view::page::update::UpdatePage;

use super::own::{newest, read};
use crate::form::Posted;
use crate::pages::report::begin::desk_of;
use crate::pages::report::choices::{Lists, ask};
use crate::pages::report::wrong;
use crate::problem::Problem;
use crate::state::AppState;
use crate::visit::Signed;

/// Shows the form with what the report says now.
pub(crate) async fn show(
    State(state): State<AppState>,
    Path(id): Path<String>,
    signed: Signed,
) -> Result<Html<String>, Problem> {
    let id: ReportId = id.parse().map_err(|_| Problem::NotFound)?;
    let own = read(&state, &signed, id).await?;
    let desk = desk_of(&state, &signed.visit, &signed.actor).await?;
    let mut form = Form::new(action(id)).with("edition", Edition::FollowUp.word());
    for (field, value) in current(&own) {
        for text in spelled(value) {
            form = form.with(field.word(), text);
        }
    }
    page(&state, &signed, &desk, &own, form)
}

/// Sends what is different from what the report said.
pub(crate) async fn send(
    State(state): State<AppState>,
    Path(id): Path<String>,
    signed: Signed,
    posted: Posted,
) -> Result<Response, Problem> {
    let id: ReportId = id.parse().map_err(|_| Problem::NotFound)?;
    let own = read(&state, &signed, id).await?;
    let desk = desk_of(&state, &signed.visit, &signed.actor).await?;
    let words = signed.visit.words;
    let mut form = posted.refill(&action(id));
    let answers = answers(&state, &signed, &posted);
    for wrong in &answers.wrongs {
        form.reject(wrong.name, wrong::sentence(wrong, words));
    }
    let Ok(edition @ (Edition::FollowUp | Edition::Final)) = posted.one("edition").parse() else {
        return Err(Problem::Malformed);
    };
    if !form.errors().is_empty() {
        return Ok(page(&state, &signed, &desk, &own, form)?.into_response());
    }
    let change = Change {
        based_on: posted
            .one("based-on")
            .parse()
            .map_err(|_| Problem::Malformed)?,
        edition,
        answers: Confidential::new(PartBody::new(difference(&current(&own), &answers.values))),
    };
    let (visit, actor) = (signed.visit.clone(), signed.actor.clone());
    let sent = state
        .call(move |hub| {
            let call = Signed::call(&actor, &visit);
            Ok::<_, UpdateError>(update::update(hub, &call, id, change))
        })
        .await?;
    let (status, key) = match sent {
        Ok(_) => return Ok(Redirect::to(&format!("/sent/{id}/history#history")).into_response()),
        Err(UpdateError::Changed) => (StatusCode::CONFLICT, "update-changed"),
        Err(UpdateError::Nothing) => (StatusCode::OK, "update-nothing"),
        Err(error) => return Err(error.into()),
    };
    form.reject("main", words.t(key));
    Ok((status, page(&state, &signed, &desk, &own, form)?).into_response())
}

fn action(id: ReportId) -> String {
    format!("/sent/{id}/update")
}

/// Every field a first report asks.
fn fields() -> impl Iterator<Item = Field> {
    Question::ALL
        .iter()
        .flat_map(|question| question.fields().iter().copied())
}

/// What the report says now.
fn current(own: &OwnReport) -> BTreeMap<Field, &Value> {
    newest(own)
        .into_values()
        .flat_map(|version| version.body.content().fields())
        .collect()
}

fn answers(state: &AppState, signed: &Signed, posted: &Posted) -> Answers {
    let typed: Typed = fields()
        .filter_map(|field| {
            let values = posted.all(field.word()).to_vec();
            Some((field.word().parse().ok()?, values))
        })
        .collect();
    let setting = Setting {
        reference: state.hub.reference(),
        now: signed.visit.now,
    };
    let mut answers = Answers::default();
    for field in fields() {
        answers.read(field, &typed, Blank::Silence, setting);
    }
    answers
}

/// What is different; an answer that was taken out is now unknown.
fn difference(
    before: &BTreeMap<Field, &Value>,
    after: &BTreeMap<Field, Value>,
) -> BTreeMap<Field, Value> {
    fields()
        .filter_map(|field| match (before.get(&field), after.get(&field)) {
            (Some(before), Some(after)) if *before == after => None,
            (_, Some(after)) => Some((field, after.clone())),
            (Some(before), None) if **before != Value::Unknown => Some((field, Value::Unknown)),
            (_, None) => None,
        })
        .collect()
}

fn page(
    state: &AppState,
    signed: &Signed,
    desk: &Desk,
    own: &OwnReport,
    form: Form,
) -> Result<Html<String>, Problem> {
    let words = signed.visit.words;
    let lists = Lists {
        reference: state.hub.reference(),
        now: signed.visit.now,
        words,
        desk,
    };
    let groups = Question::ALL
        .iter()
        .filter(|question| !question.fields().is_empty())
        .map(|question| {
            let fields = question.fields().iter().map(|field| {
                let mut asked = ask(*field, lists);
                // An update leaves out whatever has not changed.
                asked.need = "optional";
                asked
            });
            let title = words.t(&format!("report-ask-{question}")).into_owned();
            (title, fields.collect())
        })
        .collect();
    let edition = |edition: Edition| {
        Choice::new(
            edition.word(),
            words.t(&format!("update-edition-{edition}")),
        )
    };
    let page = UpdatePage {
        frame: signed.visit.frame(state),
        form,
        pseudonym: own.report.pseudonym.clone(),
        groups,
        editions: vec![edition(Edition::FollowUp), edition(Edition::Final)],
        based_on: own.versions.len(),
        back: format!("/sent/{}/history", own.report.id),
    };
    Ok(Html(page.render()?))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_is_different_is_sent() {
        let text = |text: &str| Value::text(Field::Headline, text).unwrap();
        let (old, gone, unknown) = (text("a"), text("b"), Value::Unknown);
        let before = BTreeMap::from([
            (Field::Headline, &old),
            (Field::Systems, &gone),
            (Field::Effect, &unknown),
        ]);
        let after = BTreeMap::from([(Field::Headline, text("a")), (Field::Recovery, text("c"))]);
        let sent = difference(&before, &after);
        let fields: Vec<Field> = sent.keys().copied().collect();
        assert_eq!(fields, [Field::Systems, Field::Recovery]);
        assert!(sent.get(&Field::Systems) == Some(&Value::Unknown));
    }
}
