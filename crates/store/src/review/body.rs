//! The stored form of a review's draft: JSON, before encryption.

use std::collections::{BTreeMap, BTreeSet};
use std::str::FromStr;

use domain::handling::Handling;
use domain::part::PartKind;
use domain::part::field::Field;
use domain::release::border::{Crossing, Draft, PartDraft};
use domain::time::Timestamp;
use serde_json::{Map, Value as Json, json};

use crate::error::StoreError;

const CORRUPT: StoreError = StoreError::Corrupt {
    table: "review",
    column: "body",
};

pub(super) fn encode(draft: &Draft) -> Vec<u8> {
    let parts: Map<String, Json> = draft
        .parts
        .iter()
        .map(|(kind, part)| (kind.word().to_owned(), part_json(part)))
        .collect();
    let confirmed: Vec<Json> = draft
        .confirmed
        .iter()
        .map(|(field, text)| json!([field.word(), text]))
        .collect();
    json!({ "parts": parts, "confirmed": confirmed, "small_group": draft.small_group.word() })
        .to_string()
        .into_bytes()
}

pub(super) fn decode(text: &[u8]) -> Result<Draft, StoreError> {
    let json: Json = serde_json::from_slice(text).map_err(|_| CORRUPT)?;
    draft(&json).ok_or(CORRUPT)
}

fn part_json(part: &PartDraft) -> Json {
    let texts: Map<String, Json> = part
        .texts
        .iter()
        .map(|(field, text)| (field.word().to_owned(), Json::from(text.as_str())))
        .collect();
    json!({
        "original": part.original.to_string(),
        "crossing": part.crossing.map(Crossing::word),
        "reason": part.reason,
        "texts": texts,
        "left_out": words(&part.left_out),
        "handling": {
            "tlp": part.handling.tlp.word(),
            "purposes": words(&part.handling.purposes),
            "circles": words(&part.handling.circles),
            "expires_at": part.handling.expires_at.map(Timestamp::micros),
            "consent": part.handling.consent.word(),
        },
    })
}

fn words<T: ToString>(set: &BTreeSet<T>) -> Vec<String> {
    set.iter().map(ToString::to_string).collect()
}

fn draft(json: &Json) -> Option<Draft> {
    let mut parts = BTreeMap::new();
    for (kind, part) in json.get("parts")?.as_object()? {
        parts.insert(kind.parse::<PartKind>().ok()?, part_draft(part)?);
    }
    let mut confirmed = BTreeSet::new();
    for pair in json.get("confirmed")?.as_array()? {
        let field: Field = word(pair.get(0)?)?;
        confirmed.insert((field, pair.get(1)?.as_str()?.to_owned()));
    }
    Some(Draft {
        parts,
        confirmed,
        small_group: word(json.get("small_group")?)?,
    })
}

fn part_draft(json: &Json) -> Option<PartDraft> {
    let crossing = json.get("crossing")?;
    let mut texts = BTreeMap::new();
    for (field, text) in json.get("texts")?.as_object()? {
        texts.insert(field.parse().ok()?, text.as_str()?.to_owned());
    }
    Some(PartDraft {
        original: word(json.get("original")?)?,
        crossing: match crossing {
            Json::Null => None,
            other => Some(word(other)?),
        },
        reason: json.get("reason")?.as_str()?.to_owned(),
        texts,
        left_out: word_set(json.get("left_out")?)?,
        handling: handling(json.get("handling")?)?,
    })
}

fn handling(json: &Json) -> Option<Handling> {
    Some(Handling {
        tlp: word(json.get("tlp")?)?,
        purposes: word_set(json.get("purposes")?)?,
        circles: word_set(json.get("circles")?)?,
        expires_at: match json.get("expires_at")? {
            Json::Null => None,
            other => Some(Timestamp::from_micros(other.as_i64()?)),
        },
        consent: word(json.get("consent")?)?,
    })
}

fn word<T: FromStr>(json: &Json) -> Option<T> {
    json.as_str()?.parse().ok()
}

fn word_set<T: FromStr + Ord>(json: &Json) -> Option<BTreeSet<T>> {
    json.as_array()?.iter().map(word).collect()
}

#[cfg(test)]
mod tests {
    use domain::handling::{Circle, Consent, Tlp};
    use domain::id::PartId;
    use domain::release::border::SmallGroup;

    use super::*;

    #[test]
    fn a_draft_round_trips() {
        let part = PartDraft {
            original: PartId::from_random([3; 16]),
            crossing: Some(Crossing::Cross),
            reason: "理由".to_owned(),
            texts: [(Field::Headline, "見出し".to_owned())].into(),
            left_out: [Field::OccurredAt].into(),
            handling: Handling {
                tlp: Tlp::AmberStrict,
                purposes: ["defense".parse().unwrap()].into(),
                circles: [Circle::Ministry].into(),
                expires_at: Some(Timestamp::from_seconds(9)),
                consent: Consent::Undecided,
            },
        };
        let mut undecided = part.clone();
        undecided.crossing = None;
        undecided.handling.expires_at = None;
        let draft = Draft {
            parts: [(PartKind::Summary, part), (PartKind::Attack, undecided)].into(),
            confirmed: [(Field::Headline, "名前".to_owned())].into(),
            small_group: SmallGroup::Accepted,
        };
        assert!(decode(&encode(&draft)).unwrap() == draft);
    }

    #[test]
    fn what_is_not_a_draft_is_corrupt() {
        for text in [
            "{}",
            "[]",
            r#"{"parts":{"x":{}},"confirmed":[],"small_group":"open"}"#,
        ] {
            assert!(decode(text.as_bytes()).is_err(), "{text}");
        }
    }
}
