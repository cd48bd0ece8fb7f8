//! What is addressed to a reader: lists with number, kind, due time, label and progress, no text.
//!
//! INVARIANT: both statements join with `part_audience` for the reader's keys, purpose, clearance
//! and time, as those of [`crate::part`] do.

use domain::handling::Tlp;
use domain::id::{OrganizationId, PersonId};
use domain::time::Timestamp;
use rusqlite::named_params;

use super::addressee::{AddresseeRow, addressee};
use super::{AdvisoryRow, advisory};
use crate::error::StoreError;
use crate::part::Sight;
use crate::row::collect;
use crate::transaction::Reader;

/// One addressee line as its own organization sees it in a list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct InboxRow {
    /// The advisory.
    pub advisory: AdvisoryRow,
    /// The line that names the organization's tier or the person.
    pub addressee: AddresseeRow,
    /// By when the tier has to act.
    pub due_at: Timestamp,
    /// The label of the text in force; `None` when it was recalled.
    pub tlp: Option<Tlp>,
}

/// Which lines of the inbox are wanted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Wanted {
    /// Those that wait for an answer, the most urgent first.
    Open,
    /// All, the newest first.
    All,
}

/// Lines addressed to `organization` whose advisory the reader may read now.
pub fn inbox(
    reader: &Reader<'_>,
    sight: &Sight,
    organization: OrganizationId,
    person: PersonId,
    wanted: Wanted,
    limit: u32,
) -> Result<Vec<InboxRow>, StoreError> {
    const INBOX: &str = "-- inbox.lines
        SELECT v.*, d.*, t.due_at, p.tlp
        FROM addressee d
        JOIN advisory v ON v.advisory_id = d.advisory_id
        JOIN advisory_action t ON t.advisory_id = d.advisory_id AND t.tier = d.tier
        JOIN part p ON p.subject_id = d.advisory_id AND p.kind = 'advisory'
                   AND p.side = 'outgoing' AND p.version = v.revision
        WHERE d.org_id = :org AND d.removed_at IS NULL
          AND (d.person_id IS NULL OR d.person_id = :person)
          AND (:all = 1 OR (d.settled_at IS NULL AND v.stage = 'issued'))
          AND p.body IS NOT NULL
          AND (p.expires_at IS NULL OR p.expires_at > :now)
          AND EXISTS (SELECT 1 FROM part_audience a
                      WHERE a.part_id = p.part_id
                        AND a.audience_key IN (SELECT value FROM json_each(:keys))
                        AND a.purpose = :purpose
                        AND a.clearance <= :clearance
                        AND (a.expires_at IS NULL OR a.expires_at > :now))
        ORDER BY CASE WHEN :all = 1 THEN -v.issued_at ELSE t.due_at END, d.addressee_id
        LIMIT :limit";
    collect(
        reader.data(),
        "inbox.lines",
        "addressee",
        INBOX,
        named_params! {
            ":org": organization.to_string(),
            ":person": person.to_string(),
            ":all": i64::from(wanted == Wanted::All),
            ":keys": sight.keys(),
            ":purpose": sight.purpose(),
            ":clearance": sight.clearance(),
            ":now": sight.now().micros(),
            ":limit": limit,
        },
        |row| {
            Ok(InboxRow {
                advisory: advisory(row)?,
                addressee: addressee(row)?,
                due_at: row.time("due_at")?,
                tlp: Some(row.word("tlp")?),
            })
        },
    )
}
