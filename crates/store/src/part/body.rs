//! The stored form of a part's body: JSON of field words and tagged values, before encryption.

mod finding;

use std::collections::{BTreeMap, BTreeSet};

use domain::part::PartBody;
use domain::part::field::{Answer, Field, Precision, Value};
use domain::time::Timestamp;
use domain::word::Code;
use serde_json::{Map, Value as Json, json};

use crate::error::StoreError;

const CORRUPT: StoreError = StoreError::Corrupt {
    table: "part",
    column: "body",
};

pub(crate) fn encode(body: &PartBody) -> Vec<u8> {
    let mut fields = Map::new();
    for (field, value) in body.fields() {
        let json = match value {
            Value::Unknown => Json::Null,
            Value::Text(text) => json!({ "text": text }),
            Value::Codes(codes) => {
                json!({ "codes": codes.iter().map(Code::as_str).collect::<Vec<_>>() })
            }
            Value::Moment(at, precision) => json!({ "at": at.micros(), "to": precision.word() }),
            Value::Answer(answer) => json!({ "answer": answer.word() }),
            Value::Finding(found) => json!({ "finding": finding::encode(found) }),
        };
        fields.insert(field.word().to_owned(), json);
    }
    Json::Object(fields).to_string().into_bytes()
}

pub(crate) fn decode(text: &[u8]) -> Result<PartBody, StoreError> {
    let json: Map<String, Json> = serde_json::from_slice(text).map_err(|_| CORRUPT)?;
    let mut fields = BTreeMap::new();
    for (word, json) in json {
        let field: Field = word.parse().map_err(|_| CORRUPT)?;
        let value = value(&json).ok_or(CORRUPT)?;
        if !value.fits(field) {
            return Err(CORRUPT);
        }
        fields.insert(field, value);
    }
    Ok(PartBody::new(fields))
}

fn value(json: &Json) -> Option<Value> {
    if json.is_null() {
        return Some(Value::Unknown);
    }
    if let Some(text) = json.get("text") {
        return Some(Value::Text(text.as_str()?.to_owned()));
    }
    if let Some(codes) = json.get("codes") {
        let codes: Option<BTreeSet<Code>> = codes
            .as_array()?
            .iter()
            .map(|code| code.as_str()?.parse().ok())
            .collect();
        return Some(Value::Codes(codes?));
    }
    if let Some(at) = json.get("at") {
        let precision: Precision = json.get("to")?.as_str()?.parse().ok()?;
        return Some(Value::Moment(
            Timestamp::from_micros(at.as_i64()?),
            precision,
        ));
    }
    if let Some(found) = json.get("finding") {
        return finding::decode(found).map(|found| Value::Finding(Box::new(found)));
    }
    let answer: Answer = json.get("answer")?.as_str()?.parse().ok()?;
    Some(Value::Answer(answer))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_kind_of_value_round_trips() {
        let fields = BTreeMap::from([
            (
                Field::Narrative,
                Value::text(Field::Narrative, "一行目\n二行目").unwrap(),
            ),
            (Field::Headline, Value::Unknown),
            (
                Field::Causes,
                Value::Codes(["ddos".parse().unwrap(), "unknown".parse().unwrap()].into()),
            ),
            (
                Field::OccurredAt,
                Value::Moment(Timestamp::from_seconds(7), Precision::Hour),
            ),
            (Field::ServiceLevel, Value::Answer(Answer::No)),
        ]);
        let body = PartBody::new(fields);
        assert!(decode(&encode(&body)).unwrap() == body);
    }

    #[test]
    fn a_value_of_the_wrong_shape_is_corrupt() {
        assert!(decode(br#"{"service-level":{"text":"x"}}"#).is_err());
        assert!(decode(br#"{"no-such-field":null}"#).is_err());
    }
}
