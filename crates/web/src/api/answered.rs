//! Reports as JSON, made from what passed the gate alone.

use domain::part::PartBody;
use domain::part::field::Value;
use domain::release::Visible;
use hub::intake::{IntakeRow, Opened, OpenedPart, When};
use hub::submit::Receipt;
use serde_json::{Map, Value as Json, json};

/// What the sender of a report gets back, once.
pub(super) fn receipt(receipt: &Receipt) -> Json {
    json!({
        "report": receipt.report.to_string(),
        "pseudonym": receipt.pseudonym,
        "custody": receipt.custody.word(),
        "mailbox_code": receipt.mailbox_code,
    })
}

/// A row of the list: codes and times, no text.
pub(super) fn row(row: &IntakeRow) -> Json {
    let facets: Map<String, Json> = row
        .facets
        .iter()
        .map(|(field, codes)| {
            let codes: Vec<&str> = codes.iter().map(domain::word::Code::as_str).collect();
            (field.word().to_owned(), Json::from(codes))
        })
        .collect();
    json!({
        "report": row.head.id.to_string(),
        "kind": row.head.kind.word(),
        "pseudonym": row.head.pseudonym,
        "seen_at": when(row.seen_at),
        "facets": facets,
    })
}

/// A moment, or the day in Japan where nothing closer is told.
fn when(when: When) -> String {
    match when {
        When::Moment(at) => at.to_jiff().to_string(),
        When::Day(begin) => begin.day_in_japan().to_string(),
    }
}

/// An opened report.
pub(super) fn opened(opened: &Opened) -> Json {
    json!({
        "report": opened.head.id.to_string(),
        "kind": opened.head.kind.word(),
        "pseudonym": opened.head.pseudonym,
        "parts": opened.parts.iter().map(part).collect::<Vec<_>>(),
    })
}

fn part(part: &OpenedPart) -> Json {
    let handling = part.body.handling();
    let purposes: Vec<&str> = handling
        .purposes
        .iter()
        .map(domain::word::Code::as_str)
        .collect();
    let circles: Vec<&str> = handling
        .circles
        .iter()
        .map(|circle| circle.word())
        .collect();
    json!({
        "part": part.id.to_string(),
        "kind": part.kind.word(),
        "side": part.side.word(),
        "version": part.version,
        "handling": {
            "tlp": handling.tlp.label(),
            "purposes": purposes,
            "circles": circles,
            "consent": handling.consent.word(),
            "expires_at": handling.expires_at.map(|at| at.to_jiff().to_string()),
        },
        "answers": answers(&part.body),
    })
}

fn answers(body: &Visible<PartBody>) -> Map<String, Json> {
    body.content()
        .fields()
        .map(|(field, value)| (field.word().to_owned(), answer(value)))
        .collect()
}

/// An answer; `null` is "the source does not know".
fn answer(value: &Value) -> Json {
    match value {
        Value::Unknown | Value::Finding(_) => Json::Null,
        Value::Text(text) => Json::from(text.as_str()),
        Value::Codes(codes) => codes.iter().map(domain::word::Code::as_str).collect(),
        Value::Moment(at, precision) => json!({
            "at": at.to_jiff().to_string(),
            "precision": precision.word(),
        }),
        Value::Answer(answer) => Json::from(answer.word()),
    }
}
