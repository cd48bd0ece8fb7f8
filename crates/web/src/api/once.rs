//! The `Idempotency-Key` of a request: the same key with the same body gets the same receipt.
//!
//! A key is the program's own choice, and programs choose badly; so it counts in one organization
//! alone, where the same key from another place, or with another body, is refused. Elsewhere it is
//! another key, and what is answered does not say whether anybody uses it.

use axum::http::HeaderMap;
use domain::actor::Actor;
use hub::submit::{FormKey, SentForm};
use serde_json::{Map, Value as Json};

use crate::problem::Problem;
use crate::visit::Visit;

/// The request as a form that is accepted once: with the program's key, 32 hexadecimal digits with or
/// without the hyphens of a UUID, or with a new one.
pub(super) fn form(
    headers: &HeaderMap,
    visit: &Visit,
    actor: &Actor,
    body: &Map<String, Json>,
) -> Result<SentForm, Problem> {
    let key: FormKey = match headers.get("idempotency-key") {
        Some(key) => read(key.to_str().unwrap_or("")).ok_or(Problem::Malformed)?,
        None => FormKey::draw(&mut visit.random.derive("api/form")),
    };
    // Maps of JSON are sorted: the same object is the same text in whatever order it was sent.
    let content = serde_json::to_string(body).unwrap_or_default();
    Ok(key.sent(format!("{}\n{content}", actor.membership)))
}

fn read(text: &str) -> Option<FormKey> {
    let hyphens: Vec<usize> = text.match_indices('-').map(|(at, _)| at).collect();
    let as_uuid = hyphens == [8, 13, 18, 23];
    (as_uuid || hyphens.is_empty())
        .then(|| text.replace('-', "").parse().ok())
        .flatten()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_is_hexadecimal_with_or_without_hyphens() {
        let plain = read("00112233445566778899aabbccddeeff");
        assert!(plain.is_some());
        assert!(plain == read("00112233-4455-6677-8899-aabbccddeeff"));
        for text in ["", "1", "0011-2233445566778899aabbccddeeff", "order 66"] {
            assert!(read(text).is_none(), "{text}");
        }
    }
}
