//! Border reviews: drafts of what would leave, and who approved them.
//!
//! INVARIANT: a draft is encrypted under its report's key: erasing the report erases it.
//! INVARIANT: a write names the revision it was made from, and changes nothing when another came
//! first.

mod body;

use domain::confidential::Confidential;
use domain::id::{OrganizationId, PersonId, ReportId, ReviewId};
use domain::release::border::{AuthorAnswer, Draft, ReviewStage};
use domain::time::Timestamp;
use rusqlite::named_params;

use crate::error::StoreError;
use crate::keyring::Place;
use crate::row::{Columns, change, collect, one};
use crate::transaction::{Reader, Tx};

/// A border review.
pub struct Review {
    /// Its id.
    pub id: ReviewId,
    /// What is reviewed.
    pub report: ReportId,
    /// Who began it.
    pub opened_by: PersonId,
    /// Where it stands.
    pub stage: ReviewStage,
    /// What was decided and written so far.
    pub draft: Confidential<Draft>,
    /// Candidates among whom the source hides, and how many were asked for.
    pub anonymity: (u32, u32),
    /// What the author says.
    pub author: AuthorAnswer,
    /// When the author's silence withholds; `None` when he was not asked.
    pub author_due_at: Option<Timestamp>,
    /// When it was begun.
    pub opened_at: Timestamp,
    /// 1 when begun, counting up with each write.
    pub revision: u32,
}

/// One person's approval.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Approval {
    /// Who.
    pub person: PersonId,
    /// When.
    pub approved_at: Timestamp,
}

/// Whether a write found the revision it was made from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Written {
    /// It did, and the revision counted up.
    Kept,
    /// Somebody else was quicker; nothing was written.
    Overtaken,
}

/// Writes a review that was just begun.
pub fn insert(tx: &Tx<'_>, review: &Review) -> Result<(), StoreError> {
    const INSERT: &str = "-- review.insert
        INSERT INTO review (review_id, origin_hub, report_id, opened_by, stage, body,
                            anonymity_count, anonymity_min, author, author_due_at,
                            opened_at, updated_at, updated_by, revision)
        VALUES (:review, :hub, :report, :person, :stage, :body,
                :count, :min, :author, :author_due_at, :opened_at, :now, :by, :revision)";
    let sealed = sealed(tx, review)?;
    change(
        tx.data(),
        "review.insert",
        INSERT,
        named_params! {
            ":review": review.id.to_string(),
            ":hub": tx.hub(),
            ":report": review.report.to_string(),
            ":person": review.opened_by.to_string(),
            ":stage": review.stage.word(),
            ":body": sealed,
            ":count": review.anonymity.0,
            ":min": review.anonymity.1,
            ":author": review.author.word(),
            ":author_due_at": review.author_due_at.map(Timestamp::micros),
            ":opened_at": review.opened_at.micros(),
            ":now": tx.now().micros(),
            ":by": tx.name(),
            ":revision": review.revision,
        },
    )
    .map(|_| ())
}

/// Writes `review` over the revision it carries.
pub fn update(tx: &Tx<'_>, review: &Review) -> Result<Written, StoreError> {
    const UPDATE: &str = "-- review.update
        UPDATE review
        SET stage = :stage, body = :body, anonymity_count = :count, anonymity_min = :min,
            author = :author, author_due_at = :author_due_at, updated_at = :now, updated_by = :by,
            revision = revision + 1
        WHERE review_id = :review AND revision = :revision";
    let sealed = sealed(tx, review)?;
    let rows = change(
        tx.data(),
        "review.update",
        UPDATE,
        named_params! {
            ":review": review.id.to_string(),
            ":stage": review.stage.word(),
            ":body": sealed,
            ":count": review.anonymity.0,
            ":min": review.anonymity.1,
            ":author": review.author.word(),
            ":author_due_at": review.author_due_at.map(Timestamp::micros),
            ":now": tx.now().micros(),
            ":by": tx.name(),
            ":revision": review.revision,
        },
    )?;
    Ok(if rows == 1 {
        Written::Kept
    } else {
        Written::Overtaken
    })
}

/// The review with that id of a report that came to `relay`; `None` when there is none or its report
/// was erased. The relay is a part of the question, so that another's draft is not even opened.
pub fn find(
    reader: &Reader<'_>,
    id: ReviewId,
    relay: OrganizationId,
) -> Result<Option<Review>, StoreError> {
    const FIND: &str = "-- review.find
        SELECT review.* FROM review
        JOIN report ON report.report_id = review.report_id AND report.relay_id = :relay
        WHERE review.review_id = :review";
    let found = one(
        reader.data(),
        "review.find",
        "review",
        FIND,
        named_params! {":review": id.to_string(), ":relay": relay.to_string()},
        sealed_review,
    )?;
    found.map_or(Ok(None), |found| found.open(reader))
}

/// The reviews of a report, newest first.
pub fn of_report(reader: &Reader<'_>, report: ReportId) -> Result<Vec<Review>, StoreError> {
    const LIST: &str = "-- review.of_report
        SELECT * FROM review WHERE report_id = :report ORDER BY opened_at DESC, review_id";
    opened(
        reader,
        collect(
            reader.data(),
            "review.of_report",
            "review",
            LIST,
            named_params! {":report": report.to_string()},
            sealed_review,
        )?,
    )
}

/// Open reviews whose author was asked and whose deadline has passed.
pub fn author_overdue(reader: &Reader<'_>, now: Timestamp) -> Result<Vec<Review>, StoreError> {
    const LIST: &str = "-- review.author_overdue
        SELECT * FROM review
        WHERE author_due_at IS NOT NULL AND author_due_at <= :now
          AND stage = 'open' AND author = 'asked'
        ORDER BY author_due_at, review_id";
    opened(
        reader,
        collect(
            reader.data(),
            "review.author_overdue",
            "review",
            LIST,
            named_params! {":now": now.micros()},
            sealed_review,
        )?,
    )
}

/// Adds a person's approval; one that is there already stays.
pub fn approve(tx: &Tx<'_>, review: ReviewId, person: PersonId) -> Result<(), StoreError> {
    const APPROVE: &str = "-- review.approve
        INSERT INTO review_approval (review_id, person_id, approved_at, updated_by)
        VALUES (:review, :person, :now, :by)
        ON CONFLICT (review_id, person_id) DO NOTHING";
    change(
        tx.data(),
        "review.approve",
        APPROVE,
        named_params! {
            ":review": review.to_string(),
            ":person": person.to_string(),
            ":now": tx.now().micros(),
            ":by": tx.name(),
        },
    )
    .map(|_| ())
}

/// Takes back every approval: the text they were given for has changed.
pub fn clear_approvals(tx: &Tx<'_>, review: ReviewId) -> Result<(), StoreError> {
    const CLEAR: &str = "-- review.clear_approvals
        DELETE FROM review_approval WHERE review_id = :review";
    change(
        tx.data(),
        "review.clear_approvals",
        CLEAR,
        named_params! {":review": review.to_string()},
    )
    .map(|_| ())
}

/// The approvals of a review, in the order they were given.
pub fn approvals(reader: &Reader<'_>, review: ReviewId) -> Result<Vec<Approval>, StoreError> {
    const LIST: &str = "-- review.approvals
        SELECT person_id, approved_at FROM review_approval
        WHERE review_id = :review ORDER BY approved_at, person_id";
    collect(
        reader.data(),
        "review.approvals",
        "review_approval",
        LIST,
        named_params! {":review": review.to_string()},
        |row| {
            Ok(Approval {
                person: row.word("person_id")?,
                approved_at: row.time("approved_at")?,
            })
        },
    )
}

fn place<'a>(report: &'a str, review: &'a str) -> Place<'a> {
    Place {
        object: report,
        table: "review",
        column: "body",
        row: review,
    }
}

fn sealed(tx: &Tx<'_>, review: &Review) -> Result<Vec<u8>, StoreError> {
    let (report, id) = (review.report.to_string(), review.id.to_string());
    let text = body::encode(review.draft.expose_for_storage());
    tx.sealed(&place(&report, &id), &text)
}

/// A review whose draft is still ciphertext.
struct SealedReview {
    body: Vec<u8>,
    review: Review,
}

fn sealed_review(row: &Columns<'_>) -> Result<SealedReview, StoreError> {
    Ok(SealedReview {
        body: row.plain("body")?,
        review: Review {
            id: row.word("review_id")?,
            report: row.word("report_id")?,
            opened_by: row.word("opened_by")?,
            stage: row.word("stage")?,
            draft: Confidential::new(Draft::default()),
            anonymity: (row.plain("anonymity_count")?, row.plain("anonymity_min")?),
            author: row.word("author")?,
            author_due_at: row.time_or_none("author_due_at")?,
            opened_at: row.time("opened_at")?,
            revision: row.plain("revision")?,
        },
    })
}

impl SealedReview {
    fn open(self, reader: &Reader<'_>) -> Result<Option<Review>, StoreError> {
        let (report, id) = (self.review.report.to_string(), self.review.id.to_string());
        let Some(text) = reader.opened(&place(&report, &id), &self.body)? else {
            return Ok(None);
        };
        Ok(Some(Review {
            draft: Confidential::new(body::decode(&text)?),
            ..self.review
        }))
    }
}

fn opened(reader: &Reader<'_>, sealed: Vec<SealedReview>) -> Result<Vec<Review>, StoreError> {
    sealed
        .into_iter()
        .filter_map(|review| review.open(reader).transpose())
        .collect()
}
