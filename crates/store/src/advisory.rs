//! Control records of advisories: what they are, what is under work, when tiers have to act.
//!
//! The text of an advisory is a part. Its original side is what is being written, for the issuer
//! alone; its outgoing side is what was issued, one version per revision.

pub mod addressee;
pub mod done;
pub mod holders;
pub mod inbox;
pub mod lost;

use std::collections::{BTreeMap, BTreeSet};

use domain::advisory::amendment::Changed;
use domain::advisory::chosen::Chosen;
use domain::advisory::delivery::Occasion;
use domain::advisory::withdrawal::{Copies, Why};
use domain::advisory::{Advisory, AdvisoryStage};
use domain::id::{AdvisoryId, OrganizationId, PersonId, ReportId};
use domain::organization::Tier;
use domain::time::Timestamp;
use rusqlite::named_params;

use crate::error::StoreError;
use crate::row::{Columns, change, collect, lines, one};
use crate::transaction::{Reader, Tx};

/// An advisory with the facts that pages show of it without opening it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AdvisoryRow {
    /// The control record.
    pub advisory: Advisory,
    /// Short number shown to people.
    pub number: String,
    /// Who wrote it.
    pub author: PersonId,
    /// The second person; `None` before issue.
    pub approver: Option<PersonId>,
    /// When writing began.
    pub created_at: Timestamp,
    /// How it was taken back; `None` unless recalled.
    pub recall: Option<RecallRow>,
    /// When and by whom it was settled; `None` unless closed.
    pub closed: Option<ClosedRow>,
}

/// How an advisory was closed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ClosedRow {
    /// When.
    pub at: Timestamp,
    /// Who closed it.
    pub by: PersonId,
}

/// How an advisory was recalled.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct RecallRow {
    /// When.
    pub at: Timestamp,
    /// Why.
    pub why: Why,
    /// What holders have to do with their copies.
    pub copies: Copies,
    /// Who recalled it.
    pub by: PersonId,
}

/// What is under work for an advisory, beside its text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DraftRow {
    /// Whom the author chose.
    pub chosen: BTreeSet<Chosen>,
    /// By when each tier has to act.
    pub dues: BTreeMap<Tier, Timestamp>,
    /// Who wrote it.
    pub author: PersonId,
    /// When the second person was asked; `None` while it is being written.
    pub proposed_at: Option<Timestamp>,
    /// When it was last saved.
    pub updated_at: Timestamp,
}

/// One revision of an issued advisory.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RevisionRow {
    /// 1 for the first text.
    pub revision: u32,
    /// Issued, amended or tightened.
    pub occasion: Occasion,
    /// Who wrote it.
    pub author: PersonId,
    /// The second person; `None` for tightening.
    pub approver: Option<PersonId>,
    /// When.
    pub made_at: Timestamp,
    /// What an amendment changed.
    pub changed: BTreeSet<Changed>,
    /// Why, and what those who lost sight have to do; `None` unless tightened.
    pub tightened: Option<(Why, Copies)>,
}

/// Writes the control record of a new advisory.
pub fn insert(
    tx: &Tx<'_>,
    advisory: &Advisory,
    number: &str,
    author: PersonId,
) -> Result<(), StoreError> {
    const INSERT: &str = "-- advisory.insert
        INSERT INTO advisory (advisory_id, origin_hub, issuer_id, kind, stage, grade, revision,
                              author_id, number, created_at, updated_at, updated_by)
        VALUES (:advisory, :hub, :issuer, :kind, :stage, :grade, :revision,
                :author, :number, :now, :now, :by)";
    change(
        tx.data(),
        "advisory.insert",
        INSERT,
        named_params! {
            ":advisory": advisory.id.to_string(),
            ":hub": advisory.origin_hub,
            ":issuer": advisory.issuer.to_string(),
            ":kind": advisory.kind.word(),
            ":stage": advisory.stage.word(),
            ":grade": advisory.grade.as_str(),
            ":revision": advisory.revision,
            ":author": author.to_string(),
            ":number": number,
            ":now": tx.now().micros(),
            ":by": tx.name(),
        },
    )
    .map(|_| ())
}

/// The advisory with that id, for the hub's own work.
pub fn find(reader: &Reader<'_>, id: AdvisoryId) -> Result<Option<AdvisoryRow>, StoreError> {
    const FIND: &str = "-- advisory.find
        SELECT * FROM advisory WHERE advisory_id = :advisory";
    one(
        reader.data(),
        "advisory.find",
        "advisory",
        FIND,
        named_params! {":advisory": id.to_string()},
        advisory,
    )
}

/// Advisories of an issuer, the newest first.
pub fn issued_by(
    reader: &Reader<'_>,
    issuer: OrganizationId,
    before: Option<Timestamp>,
    limit: u32,
) -> Result<Vec<AdvisoryRow>, StoreError> {
    const LIST: &str = "-- advisory.issued_by
        SELECT * FROM advisory WHERE issuer_id = :issuer AND created_at < :before
        ORDER BY created_at DESC, advisory_id DESC LIMIT :limit";
    collect(
        reader.data(),
        "advisory.issued_by",
        "advisory",
        LIST,
        named_params! {
            ":issuer": issuer.to_string(),
            ":before": before.map_or(i64::MAX, Timestamp::micros),
            ":limit": limit,
        },
        advisory,
    )
}

/// Writes what changed of the control record: kind, stage, grade, revision, and the times.
pub fn update(tx: &Tx<'_>, row: &AdvisoryRow) -> Result<(), StoreError> {
    const UPDATE: &str = "-- advisory.update
        UPDATE advisory SET kind = :kind, stage = :stage, grade = :grade, revision = :revision,
               author_id = :author, approver_id = :approver, issued_at = :issued_at,
               recalled_at = :recalled_at, recall_reason = :why, recall_copies = :copies,
               recalled_by = :recalled_by, closed_at = :closed_at, closed_by = :closed_by,
               updated_at = :now, updated_by = :by
        WHERE advisory_id = :advisory";
    change(
        tx.data(),
        "advisory.update",
        UPDATE,
        named_params! {
            ":advisory": row.advisory.id.to_string(),
            ":kind": row.advisory.kind.word(),
            ":stage": row.advisory.stage.word(),
            ":grade": row.advisory.grade.as_str(),
            ":revision": row.advisory.revision,
            ":author": row.author.to_string(),
            ":approver": row.approver.map(|id| id.to_string()),
            ":issued_at": row.advisory.issued_at.map(Timestamp::micros),
            ":recalled_at": row.recall.map(|recall| recall.at.micros()),
            ":why": row.recall.map(|recall| recall.why.word()),
            ":copies": row.recall.map(|recall| recall.copies.word()),
            ":recalled_by": row.recall.map(|recall| recall.by.to_string()),
            ":closed_at": row.closed.map(|closed| closed.at.micros()),
            ":closed_by": row.closed.map(|closed| closed.by.to_string()),
            ":now": tx.now().micros(),
            ":by": tx.name(),
        },
    )
    .map(|_| ())
}

/// Writes what is under work, over what stood there.
pub fn write_draft(tx: &Tx<'_>, id: AdvisoryId, draft: &DraftRow) -> Result<(), StoreError> {
    const WRITE: &str = "-- advisory.write_draft
        INSERT INTO advisory_draft (advisory_id, chosen, dues, author_id, proposed_at, updated_at, updated_by)
        VALUES (:advisory, :chosen, :dues, :author, :proposed_at, :now, :by)
        ON CONFLICT (advisory_id) DO UPDATE SET chosen = excluded.chosen, dues = excluded.dues,
               author_id = excluded.author_id, proposed_at = excluded.proposed_at,
               updated_at = excluded.updated_at, updated_by = excluded.updated_by";
    let dues = draft
        .dues
        .iter()
        .map(|(tier, due_at)| format!("{tier} {}", due_at.micros()));
    change(
        tx.data(),
        "advisory.write_draft",
        WRITE,
        named_params! {
            ":advisory": id.to_string(),
            ":chosen": lines(&draft.chosen),
            ":dues": lines(dues),
            ":author": draft.author.to_string(),
            ":proposed_at": draft.proposed_at.map(Timestamp::micros),
            ":now": tx.now().micros(),
            ":by": tx.name(),
        },
    )
    .map(|_| ())
}

/// What is under work for the advisory; `None` when nothing is.
pub fn draft(reader: &Reader<'_>, id: AdvisoryId) -> Result<Option<DraftRow>, StoreError> {
    const FIND: &str = "-- advisory.draft
        SELECT * FROM advisory_draft WHERE advisory_id = :advisory";
    one(
        reader.data(),
        "advisory.draft",
        "advisory_draft",
        FIND,
        named_params! {":advisory": id.to_string()},
        |row| {
            let dues: BTreeSet<DueLine> = row.words("dues")?;
            Ok(DraftRow {
                chosen: row.words("chosen")?,
                dues: dues.into_iter().map(|line| (line.0, line.1)).collect(),
                author: row.word("author_id")?,
                proposed_at: row.time_or_none("proposed_at")?,
                updated_at: row.time("updated_at")?,
            })
        },
    )
}

/// Removes what is under work, when it was issued or thrown away.
pub fn remove_draft(tx: &Tx<'_>, id: AdvisoryId) -> Result<(), StoreError> {
    const REMOVE: &str = "-- advisory.remove_draft
        DELETE FROM advisory_draft WHERE advisory_id = :advisory";
    change(
        tx.data(),
        "advisory.remove_draft",
        REMOVE,
        named_params! {":advisory": id.to_string()},
    )
    .map(|_| ())
}

/// Sets by when each tier has to act, over what was set.
pub fn set_actions(
    tx: &Tx<'_>,
    id: AdvisoryId,
    dues: &BTreeMap<Tier, Timestamp>,
) -> Result<(), StoreError> {
    const CLEAR: &str = "-- advisory.clear_actions
        DELETE FROM advisory_action WHERE advisory_id = :advisory";
    const SET: &str = "-- advisory.set_action
        INSERT INTO advisory_action (advisory_id, tier, due_at, updated_by)
        VALUES (:advisory, :tier, :due_at, :by)";
    change(
        tx.data(),
        "advisory.clear_actions",
        CLEAR,
        named_params! {":advisory": id.to_string()},
    )?;
    for (tier, due_at) in dues {
        change(
            tx.data(),
            "advisory.set_action",
            SET,
            named_params! {
                ":advisory": id.to_string(),
                ":tier": tier.word(),
                ":due_at": due_at.micros(),
                ":by": tx.name(),
            },
        )?;
    }
    Ok(())
}

/// By when each tier has to act.
pub fn actions(
    reader: &Reader<'_>,
    id: AdvisoryId,
) -> Result<BTreeMap<Tier, Timestamp>, StoreError> {
    const LIST: &str = "-- advisory.actions
        SELECT tier, due_at FROM advisory_action WHERE advisory_id = :advisory";
    let rows = collect(
        reader.data(),
        "advisory.actions",
        "advisory_action",
        LIST,
        named_params! {":advisory": id.to_string()},
        |row| Ok((row.word("tier")?, row.time("due_at")?)),
    )?;
    Ok(rows.into_iter().collect())
}

/// Links the reports an advisory rests on, over what was linked.
pub fn rest_on(
    tx: &Tx<'_>,
    id: AdvisoryId,
    reports: &BTreeSet<ReportId>,
) -> Result<(), StoreError> {
    const CLEAR: &str = "-- advisory.clear_reports
        DELETE FROM advisory_report WHERE advisory_id = :advisory";
    const LINK: &str = "-- advisory.link_report
        INSERT INTO advisory_report (advisory_id, report_id, updated_by)
        VALUES (:advisory, :report, :by)";
    let advisory = id.to_string();
    change(
        tx.data(),
        "advisory.clear_reports",
        CLEAR,
        named_params! {":advisory": advisory},
    )?;
    for report in reports {
        change(
            tx.data(),
            "advisory.link_report",
            LINK,
            named_params! {":advisory": advisory, ":report": report.to_string(), ":by": tx.name()},
        )?;
    }
    Ok(())
}

/// The reports an advisory rests on.
pub fn reports(reader: &Reader<'_>, id: AdvisoryId) -> Result<Vec<ReportId>, StoreError> {
    const LIST: &str = "-- advisory.reports
        SELECT report_id FROM advisory_report WHERE advisory_id = :advisory ORDER BY report_id";
    collect(
        reader.data(),
        "advisory.reports",
        "advisory_report",
        LIST,
        named_params! {":advisory": id.to_string()},
        |row| row.word("report_id"),
    )
}

/// Notes a revision.
pub fn insert_revision(
    tx: &Tx<'_>,
    id: AdvisoryId,
    revision: &RevisionRow,
) -> Result<(), StoreError> {
    const INSERT: &str = "-- advisory.insert_revision
        INSERT INTO advisory_revision (advisory_id, revision, occasion, author_id, approver_id, made_at,
                                       changed, why, copies, updated_by)
        VALUES (:advisory, :revision, :occasion, :author, :approver, :made_at,
                :changed, :why, :copies, :by)";
    change(
        tx.data(),
        "advisory.insert_revision",
        INSERT,
        named_params! {
            ":advisory": id.to_string(),
            ":revision": revision.revision,
            ":occasion": revision.occasion.word(),
            ":author": revision.author.to_string(),
            ":approver": revision.approver.map(|id| id.to_string()),
            ":made_at": revision.made_at.micros(),
            ":changed": lines(&revision.changed),
            ":why": revision.tightened.map(|(why, _)| why.word()),
            ":copies": revision.tightened.map(|(_, copies)| copies.word()),
            ":by": tx.name(),
        },
    )
    .map(|_| ())
}

/// The revisions of an advisory, first to last.
pub fn revisions(reader: &Reader<'_>, id: AdvisoryId) -> Result<Vec<RevisionRow>, StoreError> {
    const LIST: &str = "-- advisory.revisions
        SELECT * FROM advisory_revision WHERE advisory_id = :advisory ORDER BY revision";
    collect(
        reader.data(),
        "advisory.revisions",
        "advisory_revision",
        LIST,
        named_params! {":advisory": id.to_string()},
        |row| {
            Ok(RevisionRow {
                revision: row.plain("revision")?,
                occasion: row.word("occasion")?,
                author: row.word("author_id")?,
                approver: row.word_or_none("approver_id")?,
                made_at: row.time("made_at")?,
                changed: row.words("changed")?,
                tightened: row.word_or_none("why")?.zip(row.word_or_none("copies")?),
            })
        },
    )
}

pub(crate) fn advisory(row: &Columns<'_>) -> Result<AdvisoryRow, StoreError> {
    let stage: AdvisoryStage = row.word("stage")?;
    let at = row.time_or_none("recalled_at")?;
    let recall = match (at, row.word_or_none("recall_reason")?) {
        (Some(at), Some(why)) => Some(RecallRow {
            at,
            why,
            copies: row.word("recall_copies")?,
            by: row.word("recalled_by")?,
        }),
        _ => None,
    };
    let closed = row.time_or_none("closed_at")?;
    let closed = closed.zip(row.word_or_none("closed_by")?);
    Ok(AdvisoryRow {
        closed: closed.map(|(at, by)| ClosedRow { at, by }),
        advisory: Advisory {
            id: row.word("advisory_id")?,
            origin_hub: row.plain("origin_hub")?,
            issuer: row.word("issuer_id")?,
            kind: row.word("kind")?,
            stage,
            grade: row.word("grade")?,
            revision: row.plain("revision")?,
            issued_at: row.time_or_none("issued_at")?,
        },
        number: row.plain("number")?,
        author: row.word("author_id")?,
        approver: row.word_or_none("approver_id")?,
        created_at: row.time("created_at")?,
        recall,
    })
}

/// One line of `dues`.
#[derive(PartialEq, Eq, PartialOrd, Ord)]
struct DueLine(Tier, Timestamp);

impl std::str::FromStr for DueLine {
    type Err = ();

    fn from_str(text: &str) -> Result<Self, ()> {
        let (tier, micros) = text.split_once(' ').ok_or(())?;
        let tier = tier.parse().map_err(|_| ())?;
        let micros = micros.parse().map_err(|_| ())?;
        Ok(Self(tier, Timestamp::from_micros(micros)))
    }
}
