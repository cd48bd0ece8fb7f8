//! The stored form of a draft: JSON, before encryption.

use std::collections::BTreeMap;

use domain::id::DraftId;
use domain::report::draft::{Draft, Entry};
use domain::time::Timestamp;
use domain::word::Code;
use serde_json::{Map, Value as Json, json};

use crate::error::StoreError;

const CORRUPT: StoreError = StoreError::Corrupt {
    table: "draft",
    column: "body",
};

pub(crate) fn encode(draft: &Draft) -> Vec<u8> {
    let entries: Map<String, Json> = draft
        .entries
        .iter()
        .map(|(name, entry)| {
            let json = json!({
                "values": entry.values,
                "revision": entry.revision,
                "window": entry.window.as_str(),
            });
            (name.to_string(), json)
        })
        .collect();
    let text = json!({
        "organization": draft.organization.to_string(),
        "promoted_from": draft.promoted_from.map(|id| id.to_string()),
        "code": draft.mailbox_code,
        "revision": draft.revision,
        "entries": entries,
    });
    text.to_string().into_bytes()
}

pub(crate) fn decode(text: &[u8], id: DraftId, updated_at: Timestamp) -> Result<Draft, StoreError> {
    let json: Json = serde_json::from_slice(text).map_err(|_| CORRUPT)?;
    let draft = read(&json, id, updated_at);
    draft.ok_or(CORRUPT)
}

fn read(json: &Json, id: DraftId, updated_at: Timestamp) -> Option<Draft> {
    let text = |key: &str| json.get(key).and_then(Json::as_str);
    let mut entries: BTreeMap<Code, Entry> = BTreeMap::new();
    for (name, entry) in json.get("entries")?.as_object()? {
        let values: Option<Vec<String>> = entry
            .get("values")?
            .as_array()?
            .iter()
            .map(|value| value.as_str().map(str::to_owned))
            .collect();
        let entry = Entry {
            values: values?,
            revision: revision(entry)?,
            window: entry.get("window")?.as_str()?.parse().ok()?,
        };
        entries.insert(name.parse().ok()?, entry);
    }
    let promoted_from = match text("promoted_from") {
        Some(from) => Some(from.parse().ok()?),
        None => None,
    };
    Some(Draft {
        id,
        organization: text("organization")?.parse().ok()?,
        promoted_from,
        mailbox_code: text("code").map(str::to_owned),
        revision: revision(json)?,
        entries,
        updated_at,
    })
}

fn revision(json: &Json) -> Option<u32> {
    u32::try_from(json.get("revision")?.as_u64()?).ok()
}

#[cfg(test)]
mod tests {
    use domain::id::{OrganizationId, ReportId};

    use super::*;

    #[test]
    fn a_draft_round_trips() {
        let now = Timestamp::from_seconds(9);
        let id = DraftId::from_random([1; 16]);
        let mut draft = Draft::new(id, OrganizationId::from_random([2; 16]), now);
        draft.promoted_from = Some(ReportId::from_random([3; 16]));
        draft.mailbox_code = Some("1234 5678 9012 3456".to_owned());
        draft.revision = 3;
        let entry = Entry {
            values: vec!["一行目\n\u{0}".to_owned(), String::new()],
            revision: 2,
            window: "w1".parse().unwrap(),
        };
        draft.entries.insert("headline".parse().unwrap(), entry);
        assert!(decode(&encode(&draft), id, now).unwrap() == draft);
        assert!(decode(b"{}", id, now).is_err());
    }
}
