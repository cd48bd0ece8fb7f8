//! Bodies of the API: JSON in, and what is wrong with it back, field by field.

use axum::body::Bytes;
use axum::extract::{FromRequest, Request};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use domain::report::draft::Typed;
use domain::report::filing::FilingLack;
use exchange::form::Wrong;
use hub::submit::SubmitError;
use serde_json::{Map, Value as Json, json};

use super::document_response;
use crate::form::is_of_kind;
use crate::posted_json::JSON;
use crate::problem::Problem;
use crate::state::AppState;

/// A JSON object that a program sent.
pub(crate) struct Sent(pub(crate) Map<String, Json>);

/// Why a body was not taken: a problem of the request, or answers that do not fit.
#[derive(Debug)]
pub(crate) enum Refusal {
    /// The request as a whole.
    Problem(Problem),
    /// Single answers: the field's name, and what to do.
    Wrong(Vec<(String, String)>),
}

impl FromRequest<AppState> for Sent {
    type Rejection = Problem;

    async fn from_request(request: Request, state: &AppState) -> Result<Self, Problem> {
        if !is_of_kind(request.headers(), JSON) {
            return Err(Problem::Malformed);
        }
        let body = Bytes::from_request(request, state)
            .await
            .map_err(|_| Problem::TooLarge)?;
        match serde_json::from_slice(&body) {
            Ok(Json::Object(object)) => Ok(Self(object)),
            _ => Err(Problem::Malformed),
        }
    }
}

impl Sent {
    /// Refuses names that nobody reads: a misspelled answer must not be lost without a word.
    pub(crate) fn only(&self, known: &[&str]) -> Result<(), Refusal> {
        unknown(&self.0, known)
    }

    /// The object as a form: texts, and lists of texts. `null` is a field that is not there.
    pub(crate) fn typed(&self) -> Result<Typed, Refusal> {
        typed(&self.0)
    }
}

/// Refuses names in `object` that are not among `known`.
pub(crate) fn unknown(object: &Map<String, Json>, known: &[&str]) -> Result<(), Refusal> {
    let strange: Vec<_> = object
        .keys()
        .filter(|name| !known.contains(&name.as_str()))
        .map(|name| (name.clone(), "no such field; leave it out".to_owned()))
        .collect();
    if strange.is_empty() {
        Ok(())
    } else {
        Err(Refusal::Wrong(strange))
    }
}

/// `object` as a form.
pub(crate) fn typed(object: &Map<String, Json>) -> Result<Typed, Refusal> {
    let mut typed = Typed::default();
    let mut wrong = Vec::new();
    for (name, value) in object {
        match (name.parse(), texts(value)) {
            (Ok(name), Some(texts)) => {
                typed.insert(name, texts);
            }
            _ => wrong.push((name.clone(), "send a text or a list of texts".to_owned())),
        }
    }
    if wrong.is_empty() {
        Ok(typed)
    } else {
        Err(Refusal::Wrong(wrong))
    }
}

fn texts(value: &Json) -> Option<Vec<String>> {
    match value {
        Json::Null => Some(Vec::new()),
        Json::String(text) => Some(vec![text.clone()]),
        Json::Array(items) => items
            .iter()
            .map(|item| item.as_str().map(str::to_owned))
            .collect(),
        _ => None,
    }
}

impl From<Problem> for Refusal {
    fn from(problem: Problem) -> Self {
        Self::Problem(problem)
    }
}

impl From<Vec<Wrong>> for Refusal {
    fn from(wrongs: Vec<Wrong>) -> Self {
        let told = |wrong: Wrong| (wrong.name.to_owned(), wrong.why.to_string());
        Self::Wrong(wrongs.into_iter().map(told).collect())
    }
}

impl From<SubmitError> for Refusal {
    fn from(error: SubmitError) -> Self {
        let text = error.to_string();
        match error {
            SubmitError::Lacking(lacks) => {
                let told = |lack: &FilingLack| {
                    let name = match lack {
                        FilingLack::Answer(field) => field.word(),
                        FilingLack::Purpose => "purposes",
                    };
                    (name.to_owned(), lack.to_string())
                };
                Self::Wrong(lacks.iter().map(told).collect())
            }
            SubmitError::NoCustodians => Self::Wrong(vec![("custody".to_owned(), text)]),
            SubmitError::NoRelay => Self::Wrong(vec![("organization".to_owned(), text)]),
            SubmitError::AlreadyAccepted => Self::Problem(Problem::Changed),
            other => Self::Problem(other.into()),
        }
    }
}

impl IntoResponse for Refusal {
    fn into_response(self) -> Response {
        match self {
            Self::Problem(problem) => problem.into_response(),
            Self::Wrong(wrong) => {
                let errors: Vec<Json> = wrong
                    .into_iter()
                    .map(|(field, detail)| json!({ "field": field, "detail": detail }))
                    .collect();
                let status = StatusCode::UNPROCESSABLE_ENTITY;
                let document = json!({
                    "type": "about:noroshi#wrong-answers",
                    "title": "some answers cannot be taken; nothing was kept",
                    "status": status.as_u16(),
                    "errors": errors,
                });
                document_response(status, &document)
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sent(text: &str) -> Sent {
        match serde_json::from_str(text).unwrap() {
            Json::Object(object) => Sent(object),
            other => panic!("{other}"),
        }
    }

    #[test]
    fn texts_and_lists_are_read_and_nothing_else() {
        let typed = sent(r#"{"a": "x", "b": ["y", "z"], "c": null}"#)
            .typed()
            .unwrap();
        assert_eq!(typed["a"], ["x"]);
        assert_eq!(typed["b"], ["y", "z"]);
        assert!(typed["c"].is_empty());
        for wrong in [
            r#"{"a": 1}"#,
            r#"{"a": {}}"#,
            r#"{"a": [["x"]]}"#,
            r#"{"a": true}"#,
        ] {
            assert!(sent(wrong).typed().is_err(), "{wrong}");
        }
    }

    #[test]
    fn a_misspelled_field_is_told() {
        let told = sent(r#"{"kind": "x", "plase": "y"}"#).only(&["kind", "place"]);
        let Err(Refusal::Wrong(wrong)) = told else {
            panic!("taken");
        };
        assert_eq!(wrong.len(), 1);
        assert_eq!(wrong[0].0, "plase");
    }
}
