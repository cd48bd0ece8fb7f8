//! Feedback: what organizations say of an advisory after they have acted, one answer each.

use domain::advisory::feedback::{Matching, Remark, Timeliness, Usefulness};
use domain::confidential::Confidential;
use domain::id::{AdvisoryId, FeedbackId, OrganizationId, PersonId};
use domain::time::Timestamp;
use rusqlite::named_params;

use crate::error::StoreError;
use crate::keyring::Place;
use crate::row::{Columns, change, collect, one};
use crate::transaction::{Reader, Tx};

/// What one organization said, without its remark.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FeedbackRow {
    /// Its id.
    pub id: FeedbackId,
    /// The advisory.
    pub advisory: AdvisoryId,
    /// Whose answer.
    pub organization: OrganizationId,
    /// Who gave it, or corrected it last.
    pub person: PersonId,
    /// Was it useful?
    pub useful: Usefulness,
    /// When did it arrive, relative to need?
    pub timeliness: Timeliness,
    /// Did it match something there?
    pub matched: Matching,
    /// When it was first given.
    pub given_at: Timestamp,
}

/// Writes an answer, over the one of the same id.
pub fn write(
    tx: &Tx<'_>,
    row: &FeedbackRow,
    remark: Option<&Confidential<Remark>>,
) -> Result<(), StoreError> {
    const WRITE: &str = "-- feedback.write
        INSERT INTO feedback (feedback_id, origin_hub, advisory_id, org_id, person_id, useful,
                              timeliness, matched, remark, given_at, updated_by)
        VALUES (:feedback, :hub, :advisory, :org, :person, :useful,
                :timeliness, :matched, :remark, :given_at, :by)
        ON CONFLICT (feedback_id) DO UPDATE SET person_id = excluded.person_id,
               useful = excluded.useful, timeliness = excluded.timeliness,
               matched = excluded.matched, remark = excluded.remark,
               updated_by = excluded.updated_by";
    let (id, advisory) = (row.id.to_string(), row.advisory.to_string());
    let sealed = remark
        .map(|remark| {
            let text = remark.expose_for_storage().as_str();
            tx.sealed(&place(&advisory, &id), text.as_bytes())
        })
        .transpose()?;
    change(
        tx.data(),
        "feedback.write",
        WRITE,
        named_params! {
            ":feedback": id,
            ":hub": tx.hub(),
            ":advisory": advisory,
            ":org": row.organization.to_string(),
            ":person": row.person.to_string(),
            ":useful": row.useful.word(),
            ":timeliness": row.timeliness.word(),
            ":matched": row.matched.word(),
            ":remark": sealed,
            ":given_at": row.given_at.micros(),
            ":by": tx.name(),
        },
    )
    .map(|_| ())
}

/// What an organization said of an advisory; `None` before it did.
pub fn of_organization(
    reader: &Reader<'_>,
    advisory: AdvisoryId,
    organization: OrganizationId,
) -> Result<Option<FeedbackRow>, StoreError> {
    const FIND: &str = "-- feedback.of_organization
        SELECT * FROM feedback WHERE advisory_id = :advisory AND org_id = :org
        ORDER BY given_at, feedback_id LIMIT 1";
    one(
        reader.data(),
        "feedback.of_organization",
        "feedback",
        FIND,
        named_params! {":advisory": advisory.to_string(), ":org": organization.to_string()},
        feedback,
    )
}

/// What everybody said of an advisory, in the order of the answers' ids, which tells nothing.
pub fn of_advisory(
    reader: &Reader<'_>,
    advisory: AdvisoryId,
) -> Result<Vec<FeedbackRow>, StoreError> {
    const LIST: &str = "-- feedback.of_advisory
        SELECT * FROM feedback WHERE advisory_id = :advisory ORDER BY feedback_id";
    collect(
        reader.data(),
        "feedback.of_advisory",
        "feedback",
        LIST,
        named_params! {":advisory": advisory.to_string()},
        feedback,
    )
}

/// The remark of an answer; `None` when none was written or it was erased.
pub fn remark(
    reader: &Reader<'_>,
    row: &FeedbackRow,
) -> Result<Option<Confidential<String>>, StoreError> {
    const READ: &str = "-- feedback.remark
        SELECT remark FROM feedback WHERE feedback_id = :feedback";
    let (id, advisory) = (row.id.to_string(), row.advisory.to_string());
    let sealed: Option<Option<Vec<u8>>> = one(
        reader.data(),
        "feedback.remark",
        "feedback",
        READ,
        named_params! {":feedback": id},
        |row| row.plain("remark"),
    )?;
    let Some(sealed) = sealed.flatten() else {
        return Ok(None);
    };
    let opened = reader.opened(&place(&advisory, &id), &sealed)?;
    Ok(opened.map(|text| Confidential::new(String::from_utf8_lossy(&text).into_owned())))
}

fn place<'a>(advisory: &'a str, feedback: &'a str) -> Place<'a> {
    Place {
        object: advisory,
        table: "feedback",
        column: "remark",
        row: feedback,
    }
}

fn feedback(row: &Columns<'_>) -> Result<FeedbackRow, StoreError> {
    Ok(FeedbackRow {
        id: row.word("feedback_id")?,
        advisory: row.word("advisory_id")?,
        organization: row.word("org_id")?,
        person: row.word("person_id")?,
        useful: row.word("useful")?,
        timeliness: row.word("timeliness")?,
        matched: row.word("matched")?,
        given_at: row.time("given_at")?,
    })
}
