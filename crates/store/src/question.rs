//! Questions of addressees to the issuer of an advisory, and the answers.
//!
//! A row says for which line was asked; who sees which of the three texts is the hub's matter. The
//! texts lie under the key of the advisory and go with it.

mod proposal;

use domain::advisory::Addressee;
use domain::advisory::question::{AnsweredTo, QuestionText, Reply};
use domain::confidential::Confidential;
use domain::id::{AddresseeId, AdvisoryId, OrganizationId, PersonId, QuestionId};
use domain::time::Timestamp;
use rusqlite::named_params;

use crate::error::StoreError;
use crate::keyring::Place;
use crate::row::{Columns, change, collect, one};
use crate::transaction::{Reader, Tx};

pub use proposal::{Proposal, ProposalRow, drop_proposal, propose, proposed};

/// A question, without its texts.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct QuestionRow {
    /// Its id.
    pub id: QuestionId,
    /// The advisory.
    pub advisory: AdvisoryId,
    /// The line it was asked for.
    pub line: AddresseeId,
    /// Who asked.
    pub person: PersonId,
    /// When.
    pub asked_at: Timestamp,
    /// How it was answered; `None` while it waits.
    pub answered: Option<AnsweredRow>,
}

/// That a question was answered.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct AnsweredRow {
    /// Whom the answer is for.
    pub to: AnsweredTo,
    /// Who answered.
    pub by: PersonId,
    /// When.
    pub at: Timestamp,
}

/// A question with the line it was asked for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AskedRow {
    /// The question.
    pub question: QuestionRow,
    /// Whom the line names.
    pub addressee: Addressee,
    /// When the line was taken out; `None` while it is an addressee.
    pub removed_at: Option<Timestamp>,
    /// Whether an answer for everybody waits for a second person.
    pub is_proposed: bool,
}

impl AskedRow {
    /// Whether an answer is waited for: a line that was taken out waits for none.
    pub fn waits(&self) -> bool {
        self.question.answered.is_none() && self.removed_at.is_none()
    }
}

/// A text of a question.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Text {
    /// What was asked, in the asker's words.
    Asked,
    /// The answer.
    Answer,
    /// What was asked, in the issuer's words.
    Wording,
}

impl Text {
    const fn column(self) -> &'static str {
        match self {
            Self::Asked => "body",
            Self::Answer => "answer",
            Self::Wording => "wording",
        }
    }
}

/// Writes a question that waits for its answer.
pub fn insert(
    tx: &Tx<'_>,
    row: &QuestionRow,
    text: &Confidential<QuestionText>,
) -> Result<(), StoreError> {
    const INSERT: &str = "-- question.insert
        INSERT INTO question (question_id, origin_hub, advisory_id, addressee_id, person_id, body,
                              asked_at, updated_by)
        VALUES (:question, :hub, :advisory, :addressee, :person, :body, :asked_at, :by)";
    let body = sealed(tx, row, Text::Asked, text.expose_for_storage().as_str())?;
    change(
        tx.data(),
        "question.insert",
        INSERT,
        named_params! {
            ":question": row.id.to_string(),
            ":hub": tx.hub(),
            ":advisory": row.advisory.to_string(),
            ":addressee": row.line.to_string(),
            ":person": row.person.to_string(),
            ":body": body,
            ":asked_at": row.asked_at.micros(),
            ":by": tx.name(),
        },
    )
    .map(|_| ())
}

/// Writes the answer to a question that waits for one; whether it still did.
pub fn answer(
    tx: &Tx<'_>,
    row: &QuestionRow,
    person: PersonId,
    reply: &Reply,
) -> Result<bool, StoreError> {
    const ANSWER: &str = "-- question.answer
        UPDATE question SET answered_to = :to, answer = :answer, wording = :wording,
               answered_by = :person, answered_at = :now, updated_by = :by
        WHERE question_id = :question AND answered_at IS NULL";
    let (text, wording) = match reply {
        Reply::ToAsker(text) => (text, None),
        Reply::ToEverybody { wording, text } => {
            let wording = wording.expose_for_storage().as_str();
            (text, Some(sealed(tx, row, Text::Wording, wording)?))
        }
    };
    let text = sealed(tx, row, Text::Answer, text.expose_for_storage().as_str())?;
    let rows = change(
        tx.data(),
        "question.answer",
        ANSWER,
        named_params! {
            ":question": row.id.to_string(),
            ":to": reply.answered_to().word(),
            ":answer": text,
            ":wording": wording,
            ":person": person.to_string(),
            ":now": tx.now().micros(),
            ":by": tx.name(),
        },
    )?;
    Ok(rows == 1)
}

/// The question with that id, for the hub's own work.
pub fn find(reader: &Reader<'_>, id: QuestionId) -> Result<Option<AskedRow>, StoreError> {
    const FIND: &str = "-- question.find
        SELECT q.*, d.org_id, d.tier, d.person_id AS named_id, d.removed_at,
               p.question_id IS NOT NULL AS is_proposed
        FROM question q JOIN addressee d ON d.addressee_id = q.addressee_id
        LEFT JOIN question_proposal p ON p.question_id = q.question_id
        WHERE q.question_id = :question";
    one(
        reader.data(),
        "question.find",
        "question",
        FIND,
        named_params! {":question": id.to_string()},
        asked,
    )
}

/// What was asked for a line, oldest first.
pub fn of_line(reader: &Reader<'_>, line: AddresseeId) -> Result<Vec<QuestionRow>, StoreError> {
    const LIST: &str = "-- question.of_line
        SELECT * FROM question WHERE addressee_id = :addressee ORDER BY asked_at, question_id";
    collect(
        reader.data(),
        "question.of_line",
        "question",
        LIST,
        named_params! {":addressee": line.to_string()},
        question,
    )
}

/// What was asked about an advisory, for its issuer: what waits first, oldest first.
pub fn of_advisory(
    reader: &Reader<'_>,
    advisory: AdvisoryId,
    limit: u32,
) -> Result<Vec<AskedRow>, StoreError> {
    const LIST: &str = "-- question.of_advisory
        SELECT q.*, d.org_id, d.tier, d.person_id AS named_id, d.removed_at,
               p.question_id IS NOT NULL AS is_proposed
        FROM question q JOIN addressee d ON d.addressee_id = q.addressee_id
        LEFT JOIN question_proposal p ON p.question_id = q.question_id
        WHERE q.advisory_id = :advisory
        ORDER BY q.answered_at IS NOT NULL, d.removed_at IS NOT NULL, q.asked_at, q.question_id
        LIMIT :limit";
    collect(
        reader.data(),
        "question.of_advisory",
        "question",
        LIST,
        named_params! {":advisory": advisory.to_string(), ":limit": limit},
        asked,
    )
}

/// What was answered to everybody about an advisory, in the order of the answers, which says nothing
/// of when was asked.
pub fn for_everybody(
    reader: &Reader<'_>,
    advisory: AdvisoryId,
) -> Result<Vec<QuestionRow>, StoreError> {
    const LIST: &str = "-- question.for_everybody
        SELECT * FROM question
        WHERE advisory_id = :advisory AND answered_at IS NOT NULL AND answered_to = 'everybody'
        ORDER BY answered_at, question_id";
    collect(
        reader.data(),
        "question.for_everybody",
        "question",
        LIST,
        named_params! {":advisory": advisory.to_string()},
        question,
    )
}

/// Advisories of an issuer with questions that wait, and how many those are.
pub fn waiting(
    reader: &Reader<'_>,
    issuer: OrganizationId,
) -> Result<Vec<(AdvisoryId, u64)>, StoreError> {
    const COUNT: &str = "-- question.waiting
        SELECT q.advisory_id, count(*) AS waiting
        FROM advisory v
        JOIN question q ON q.advisory_id = v.advisory_id AND q.answered_at IS NULL
        JOIN addressee d ON d.addressee_id = q.addressee_id
        WHERE v.issuer_id = :issuer AND d.removed_at IS NULL
        GROUP BY q.advisory_id ORDER BY q.advisory_id";
    collect(
        reader.data(),
        "question.waiting",
        "question",
        COUNT,
        named_params! {":issuer": issuer.to_string()},
        |row| Ok((row.word("advisory_id")?, row.count("waiting")?)),
    )
}

/// A text of a question; `None` when it has none, or it was erased.
pub fn text(
    reader: &Reader<'_>,
    row: &QuestionRow,
    which: Text,
) -> Result<Option<Confidential<String>>, StoreError> {
    const READ: &str = "-- question.text
        SELECT body, answer, wording FROM question WHERE question_id = :question";
    let id = row.id.to_string();
    let sealed: Option<Option<Vec<u8>>> = one(
        reader.data(),
        "question.text",
        "question",
        READ,
        named_params! {":question": id},
        |row| row.plain(which.column()),
    )?;
    let Some(sealed) = sealed.flatten() else {
        return Ok(None);
    };
    let advisory = row.advisory.to_string();
    let opened = reader.opened(&place(&advisory, &id, which), &sealed)?;
    Ok(opened.map(|text| Confidential::new(String::from_utf8_lossy(&text).into_owned())))
}

/// Whether one of `rows` asks in the same words.
pub fn holds(
    reader: &Reader<'_>,
    rows: &[QuestionRow],
    asked: &Confidential<QuestionText>,
) -> Result<bool, StoreError> {
    for row in rows {
        let known = text(reader, row, Text::Asked)?;
        if known
            .is_some_and(|known| known.expose_for_storage() == asked.expose_for_storage().as_str())
        {
            return Ok(true);
        }
    }
    Ok(false)
}

fn sealed(tx: &Tx<'_>, row: &QuestionRow, which: Text, text: &str) -> Result<Vec<u8>, StoreError> {
    let (advisory, id) = (row.advisory.to_string(), row.id.to_string());
    tx.sealed(&place(&advisory, &id, which), text.as_bytes())
}

fn place<'a>(advisory: &'a str, question: &'a str, which: Text) -> Place<'a> {
    Place {
        object: advisory,
        table: "question",
        column: which.column(),
        row: question,
    }
}

fn asked(row: &Columns<'_>) -> Result<AskedRow, StoreError> {
    let (organization, tier) = (row.word("org_id")?, row.word("tier")?);
    Ok(AskedRow {
        question: question(row)?,
        addressee: match row.word_or_none("named_id")? {
            Some(person) => Addressee::Person(person, organization, tier),
            None => Addressee::Tier(organization, tier),
        },
        removed_at: row.time_or_none("removed_at")?,
        is_proposed: row.plain("is_proposed")?,
    })
}

fn question(row: &Columns<'_>) -> Result<QuestionRow, StoreError> {
    let to = row.word_or_none("answered_to")?;
    let by = row.word_or_none("answered_by")?;
    let at = row.time_or_none("answered_at")?;
    Ok(QuestionRow {
        id: row.word("question_id")?,
        advisory: row.word("advisory_id")?,
        line: row.word("addressee_id")?,
        person: row.word("person_id")?,
        asked_at: row.time("asked_at")?,
        answered: to
            .zip(by)
            .zip(at)
            .map(|((to, by), at)| AnsweredRow { to, by, at }),
    })
}
