//! Messages of the dialogue with a source, and those that wait at the border.
//!
//! A message's text is a part like any other, with its audience; what stands here says whose thread
//! it belongs to and when it was sent.
//!
//! INVARIANT: no row names a person or the source. A passage is encrypted under its report's key.

use std::collections::BTreeSet;

use domain::confidential::Confidential;
use domain::dialogue::{PassageStage, Voice};
use domain::id::{MessageId, OrganizationId, PartId, PersonId, ReportId};
use domain::release::border::Passage;
use domain::time::Timestamp;
use rusqlite::named_params;
use serde_json::{Value as Json, json};

use crate::error::StoreError;
use crate::keyring::Place;
use crate::review::Written;
use crate::row::{Columns, change, collect, one};
use crate::transaction::{Reader, Tx};

/// A message, without its text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Message {
    /// Its id.
    pub id: MessageId,
    /// The report it is about.
    pub report: ReportId,
    /// The part that holds its text and its audience.
    pub part: PartId,
    /// Who speaks.
    pub voice: Voice,
    /// The organization that asks: whose thread it is.
    pub asker: OrganizationId,
    /// What the relay wrote it after, for what it passed on.
    pub passed_from: Option<MessageId>,
    /// When it was sent.
    pub sent_at: Timestamp,
    /// When an answer is hoped for; `None` for no day.
    pub due_at: Option<Timestamp>,
}

/// A message that waits at the border.
pub struct WaitingMessage {
    /// The message.
    pub message: MessageId,
    /// How far it has come.
    pub stage: PassageStage,
    /// What the relay would pass on; `None` until somebody has written it.
    pub body: Option<Confidential<Passage>>,
    /// Who wrote it.
    pub written_by: Option<PersonId>,
    /// 1 when it began to wait, counting up with each write.
    pub revision: u32,
}

/// Writes a message; its part is there already.
pub fn insert(tx: &Tx<'_>, message: &Message) -> Result<(), StoreError> {
    const INSERT: &str = "-- message.insert
        INSERT INTO message (message_id, origin_hub, report_id, part_id, voice, sent_at, updated_by,
                             asker_id, passed_from, due_at)
        VALUES (:message, :hub, :report, :part, :voice, :sent_at, :by, :asker, :passed_from, :due_at)";
    change(
        tx.data(),
        "message.insert",
        INSERT,
        named_params! {
            ":message": message.id.to_string(),
            ":hub": tx.hub(),
            ":report": message.report.to_string(),
            ":part": message.part.to_string(),
            ":voice": message.voice.to_string(),
            ":sent_at": message.sent_at.micros(),
            ":by": tx.name(),
            ":asker": message.asker.to_string(),
            ":passed_from": message.passed_from.map(|id| id.to_string()),
            ":due_at": message.due_at.map(Timestamp::micros),
        },
    )
    .map(|_| ())
}

/// Every message about a report in the order they were sent, for the hub's own work: who sees which
/// is the audience's matter.
pub fn of_report(reader: &Reader<'_>, report: ReportId) -> Result<Vec<Message>, StoreError> {
    const LIST: &str = "-- message.of_report
        SELECT * FROM message WHERE report_id = :report ORDER BY sent_at, message_id";
    collect(
        reader.data(),
        "message.of_report",
        "message",
        LIST,
        named_params! {":report": report.to_string()},
        message,
    )
}

/// The message with that id, for the hub's own work.
pub fn find(reader: &Reader<'_>, id: MessageId) -> Result<Option<Message>, StoreError> {
    const FIND: &str = "-- message.find
        SELECT * FROM message WHERE message_id = :message";
    one(
        reader.data(),
        "message.find",
        "message",
        FIND,
        named_params! {":message": id.to_string()},
        message,
    )
}

/// Lets a message wait at the border.
pub fn wait(tx: &Tx<'_>, message: MessageId) -> Result<(), StoreError> {
    const INSERT: &str = "-- message.wait
        INSERT INTO message_passage (message_id, stage, body, written_by, updated_at, updated_by)
        VALUES (:message, 'waiting', NULL, NULL, :now, :by)";
    change(
        tx.data(),
        "message.wait",
        INSERT,
        named_params! {
            ":message": message.to_string(), ":now": tx.now().micros(), ":by": tx.name(),
        },
    )
    .map(|_| ())
}

/// How far `message` has come at the border; `None` when it needs no passing on.
pub fn passage(
    reader: &Reader<'_>,
    message: &Message,
) -> Result<Option<WaitingMessage>, StoreError> {
    const FIND: &str = "-- message.passage
        SELECT * FROM message_passage WHERE message_id = :message";
    let found = one(
        reader.data(),
        "message.passage",
        "message_passage",
        FIND,
        named_params! {":message": message.id.to_string()},
        |row| {
            Ok((
                row.plain::<Option<Vec<u8>>>("body")?,
                WaitingMessage {
                    message: row.word("message_id")?,
                    stage: row.word("stage")?,
                    body: None,
                    written_by: row.word_or_none("written_by")?,
                    revision: row.plain("revision")?,
                },
            ))
        },
    )?;
    let Some((body, mut waiting)) = found else {
        return Ok(None);
    };
    if let Some(sealed) = body {
        let (report, id) = (message.report.to_string(), message.id.to_string());
        waiting.body = match reader.opened(&place(&report, &id), &sealed)? {
            Some(text) => Some(Confidential::new(decode(&text)?)),
            None => None,
        };
    }
    Ok(Some(waiting))
}

/// Writes `waiting` over the revision it carries.
pub fn update(
    tx: &Tx<'_>,
    message: &Message,
    waiting: &WaitingMessage,
) -> Result<Written, StoreError> {
    const UPDATE: &str = "-- message.update
        UPDATE message_passage
        SET stage = :stage, body = :body, written_by = :person, updated_at = :now, updated_by = :by,
            revision = revision + 1
        WHERE message_id = :message AND revision = :revision";
    let (report, id) = (message.report.to_string(), message.id.to_string());
    let sealed = match &waiting.body {
        Some(body) => {
            let text = encode(body.expose_for_storage());
            Some(tx.sealed(&place(&report, &id), &text)?)
        }
        None => None,
    };
    let rows = change(
        tx.data(),
        "message.update",
        UPDATE,
        named_params! {
            ":message": id,
            ":stage": waiting.stage.word(),
            ":body": sealed,
            ":person": waiting.written_by.map(|person| person.to_string()),
            ":now": tx.now().micros(),
            ":by": tx.name(),
            ":revision": waiting.revision,
        },
    )?;
    Ok(if rows == 1 {
        Written::Kept
    } else {
        Written::Overtaken
    })
}

fn message(row: &Columns<'_>) -> Result<Message, StoreError> {
    Ok(Message {
        id: row.word("message_id")?,
        report: row.word("report_id")?,
        part: row.word("part_id")?,
        voice: row.word("voice")?,
        asker: row.word("asker_id")?,
        passed_from: row.word_or_none("passed_from")?,
        sent_at: row.time("sent_at")?,
        due_at: row.time_or_none("due_at")?,
    })
}

fn place<'a>(report: &'a str, message: &'a str) -> Place<'a> {
    Place {
        object: report,
        table: "message_passage",
        column: "body",
        row: message,
    }
}

fn encode(passage: &Passage) -> Vec<u8> {
    json!({ "text": passage.text, "confirmed": passage.confirmed })
        .to_string()
        .into_bytes()
}

fn decode(text: &[u8]) -> Result<Passage, StoreError> {
    let corrupt = || StoreError::Corrupt {
        table: "message_passage",
        column: "body",
    };
    let json: Json = serde_json::from_slice(text).map_err(|_| corrupt())?;
    let written = json.get("text").and_then(Json::as_str);
    let confirmed: Option<BTreeSet<String>> = json
        .get("confirmed")
        .and_then(Json::as_array)
        .and_then(|list| {
            let texts = list.iter().map(|text| text.as_str().map(str::to_owned));
            texts.collect()
        });
    Ok(Passage {
        text: written.ok_or_else(corrupt)?.to_owned(),
        confirmed: confirmed.ok_or_else(corrupt)?,
    })
}
