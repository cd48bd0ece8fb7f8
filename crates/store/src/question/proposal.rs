//! Answers for everybody that wait for a second person.
//!
//! Both texts lie under the key of the advisory, like those of the question, and go with it.

use domain::advisory::question::{AnswerText, QuestionText};
use domain::confidential::Confidential;
use domain::id::{PersonId, QuestionId};
use domain::text::BoundedText;
use domain::time::Timestamp;
use rusqlite::named_params;

use super::QuestionRow;
use crate::error::StoreError;
use crate::keyring::Place;
use crate::row::{change, one};
use crate::transaction::{Reader, Tx};

/// What one person would answer everybody.
#[derive(Clone, PartialEq, Eq)]
pub struct Proposal {
    /// The question in the issuer's own words.
    pub wording: Confidential<QuestionText>,
    /// The answer.
    pub text: Confidential<AnswerText>,
}

/// An answer for everybody that waits for a second person.
pub struct ProposalRow {
    /// What would be answered.
    pub proposal: Proposal,
    /// 1 when first written, counting up with each writing.
    pub version: u32,
    /// Who wrote this version.
    pub person: PersonId,
    /// When.
    pub proposed_at: Timestamp,
}

/// Writes what `person` would answer everybody, over what waited before.
pub fn propose(
    tx: &Tx<'_>,
    row: &QuestionRow,
    person: PersonId,
    proposal: &Proposal,
) -> Result<(), StoreError> {
    const PROPOSE: &str = "-- question.propose
        INSERT INTO question_proposal (question_id, version, wording, answer, person_id,
                                       proposed_at, updated_by)
        VALUES (:question, 1, :wording, :answer, :person, :now, :by)
        ON CONFLICT (question_id) DO UPDATE SET version = question_proposal.version + 1,
            wording = excluded.wording, answer = excluded.answer,
            person_id = excluded.person_id, proposed_at = excluded.proposed_at,
            updated_by = excluded.updated_by";
    let (advisory, id) = (row.advisory.to_string(), row.id.to_string());
    let sealed = |column, text: &str| tx.sealed(&place(&advisory, &id, column), text.as_bytes());
    let wording = sealed("wording", proposal.wording.expose_for_storage().as_str())?;
    let answer = sealed("answer", proposal.text.expose_for_storage().as_str())?;
    change(
        tx.data(),
        "question.propose",
        PROPOSE,
        named_params! {
            ":question": id,
            ":wording": wording,
            ":answer": answer,
            ":person": person.to_string(),
            ":now": tx.now().micros(),
            ":by": tx.name(),
        },
    )
    .map(|_| ())
}

/// What waits for a second person; `None` when nothing does, or it was erased.
pub fn proposed(reader: &Reader<'_>, row: &QuestionRow) -> Result<Option<ProposalRow>, StoreError> {
    const READ: &str = "-- question.proposed
        SELECT * FROM question_proposal WHERE question_id = :question";
    let (advisory, id) = (row.advisory.to_string(), row.id.to_string());
    let found = one(
        reader.data(),
        "question.proposed",
        "question_proposal",
        READ,
        named_params! {":question": id},
        |row| {
            let texts: (Vec<u8>, Vec<u8>) = (row.plain("wording")?, row.plain("answer")?);
            let version: u32 = row.plain("version")?;
            Ok((
                texts,
                version,
                row.word("person_id")?,
                row.time("proposed_at")?,
            ))
        },
    )?;
    let Some(((wording, answer), version, person, proposed_at)) = found else {
        return Ok(None);
    };
    let wording = reader.opened(&place(&advisory, &id, "wording"), &wording)?;
    let answer = reader.opened(&place(&advisory, &id, "answer"), &answer)?;
    let (Some(wording), Some(answer)) = (wording, answer) else {
        return Ok(None);
    };
    Ok(Some(ProposalRow {
        proposal: Proposal {
            wording: bounded("wording", wording)?,
            text: bounded("answer", answer)?,
        },
        version,
        person,
        proposed_at,
    }))
}

/// Drops what waits: it was sent, or the asker was answered alone.
pub fn drop_proposal(tx: &Tx<'_>, id: QuestionId) -> Result<(), StoreError> {
    const DROP: &str = "-- question.drop_proposal
        DELETE FROM question_proposal WHERE question_id = :question";
    let question = named_params! {":question": id.to_string()};
    change(tx.data(), "question.drop_proposal", DROP, question).map(|_| ())
}

fn bounded<const CHARS_MAX: usize>(
    column: &'static str,
    text: Vec<u8>,
) -> Result<Confidential<BoundedText<CHARS_MAX>>, StoreError> {
    let text = String::from_utf8(text).ok();
    text.and_then(|text| BoundedText::parse(&text).ok())
        .map(Confidential::new)
        .ok_or(StoreError::Corrupt {
            table: "question_proposal",
            column,
        })
}

fn place<'a>(advisory: &'a str, question: &'a str, column: &'static str) -> Place<'a> {
    Place {
        object: advisory,
        table: "question_proposal",
        column,
        row: question,
    }
}
