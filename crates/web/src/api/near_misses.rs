//! `POST /api/v1/near-misses`: hands in a near miss.

use std::collections::BTreeSet;

use axum::Json;
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Response};
use domain::part::field::LINE_CHARS_MAX;
use domain::report::draft::Typed;
use domain::report::near_miss::NearMiss;
use domain::text::BoundedText;
use domain::time::Timestamp;
use domain::word::Code;
use exchange::form::one;
use exchange::moment;

use super::body::{Refusal, Sent};
use super::{answered, once};
use crate::state::AppState;
use crate::visit::Signed;

const FIELDS: &[&str] = &[
    "kind",
    "occurred-at",
    "place",
    "no-harm-reason",
    "line",
    "scope",
];

/// Accepts a near miss. The same `Idempotency-Key` with the same body gets the same receipt.
pub(crate) async fn submit(
    State(state): State<AppState>,
    Signed { visit, actor }: Signed,
    headers: HeaderMap,
    sent: Sent,
) -> Result<Response, Refusal> {
    sent.only(FIELDS)?;
    let told = near_miss(&sent.typed()?, visit.now)?;
    let form = once::form(&headers, &visit, &actor, &sent.0)?;
    let receipt = state
        .ask(move |hub| hub::near_miss::submit(hub, &Signed::call(&actor, &visit), told, form))
        .await??;
    Ok((StatusCode::CREATED, Json(answered::receipt(&receipt))).into_response())
}

fn near_miss(typed: &Typed, now: Timestamp) -> Result<NearMiss, Refusal> {
    let mut wrong: Vec<(String, String)> = Vec::new();
    let mut tell = |name: &str, why: &dyn std::fmt::Display| {
        wrong.push((name.to_owned(), why.to_string()));
    };
    let kind = one(typed, "kind").parse::<Code>();
    if let Err(error) = &kind {
        tell("kind", error);
    }
    let scope = one(typed, "scope").parse();
    if let Err(error) = &scope {
        tell("scope", error);
    }
    let occurred_at = match one(typed, "occurred-at") {
        "" => Ok(None),
        text => moment::parse(text, now).map(Some),
    };
    if let Err(error) = &occurred_at {
        tell("occurred-at", error);
    }
    let places: Result<BTreeSet<Code>, _> = exchange::form::all(typed, "place")
        .iter()
        .map(|place| place.parse())
        .collect();
    if let Err(error) = &places {
        tell("place", error);
    }
    let reason = match one(typed, "no-harm-reason") {
        "" => Ok(None),
        code => code.parse::<Code>().map(Some),
    };
    if let Err(error) = &reason {
        tell("no-harm-reason", error);
    }
    let line = BoundedText::<LINE_CHARS_MAX>::parse_optional(one(typed, "line"));
    if let Err(error) = &line {
        tell("line", error);
    }
    match (kind, scope, occurred_at, places, reason, line) {
        (Ok(kind), Ok(scope), Ok(occurred_at), Ok(places), Ok(no_harm_reason), Ok(line)) => {
            Ok(NearMiss {
                kind,
                occurred_at,
                places,
                no_harm_reason,
                line,
                scope,
            })
        }
        _ => Err(Refusal::Wrong(wrong)),
    }
}
