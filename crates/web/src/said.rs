//! What the last action did, carried over a redirect as a word in the query: `?said=WORD`.

use axum::extract::FromRequestParts;
use axum::http::request::Parts;
use view::layout::{Message, Tone};
use view::words::Words;

use crate::problem::Problem;
use crate::state::AppState;

/// The word of the query; empty when there is none.
pub(crate) struct Said(String);

impl Said {
    /// The message of the word among `known`: the word, how it went, and the key of its sentence.
    pub(crate) fn message(&self, words: Words, known: &[(&str, Tone, &str)]) -> Option<Message> {
        known
            .iter()
            .find(|(word, ..)| *word == self.0)
            .map(|(_, tone, key)| Message {
                tone: *tone,
                text: words.t(key).into_owned(),
            })
    }
}

impl FromRequestParts<AppState> for Said {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, _state: &AppState) -> Result<Self, Problem> {
        let query = parts.uri.query().unwrap_or("");
        let word = query.split('&').find_map(|pair| pair.strip_prefix("said="));
        Ok(Self(word.unwrap_or("").to_owned()))
    }
}
