//! Lists, the newest first, one page at a time.
//!
//! What a page costs depends on the page and not on how much there is: the grants to each of the
//! reader's keys lie in the index in the order of time, one run for each clearance up to the
//! reader's, and the runs are merged until the page is full. A grant above the reader's clearance is
//! in none of the runs that are read.
//!
//! INVARIANT: both statements read `part_audience` for the reader's keys, purpose, clearance and
//! time, as those of [`crate::part`] do.

use std::collections::{BTreeSet, VecDeque};

use domain::part::{PartKind, Side, Subject};
use domain::time::Timestamp;
use rusqlite::named_params;

use super::sight::Sight;
use crate::error::StoreError;
use crate::row::{collect, json_list, one};
use crate::transaction::Reader;

/// Where a list goes on: the time and subject of the last row shown.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Cursor {
    /// When the last row became visible to the reader.
    pub seen_at: Timestamp,
    /// Its subject, as text.
    pub subject: String,
}

impl std::fmt::Display for Cursor {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(out, "{}.{}", self.seen_at.micros(), self.subject)
    }
}

impl std::str::FromStr for Cursor {
    type Err = StoreError;

    /// Reads what `Display` wrote.
    fn from_str(text: &str) -> Result<Self, StoreError> {
        let read = || {
            let (micros, subject) = text.split_once('.')?;
            let _known: Subject = subject.parse().ok()?;
            Some(Self {
                seen_at: Timestamp::from_micros(micros.parse().ok()?),
                subject: subject.to_owned(),
            })
        };
        read().ok_or(StoreError::Corrupt {
            table: "cursor",
            column: "text",
        })
    }
}

/// A row of a list: that something is there for the reader, and since when.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Listed {
    /// The report or advisory.
    pub subject: Subject,
    /// When the newest part of it became visible to the reader.
    pub seen_at: Timestamp,
}

/// What puts a subject on a list.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Wanted<'s> {
    /// One part of one of these kinds.
    pub kinds: &'s [PartKind],
    /// On this side of the border; `None` for either.
    pub side: Option<Side>,
}

/// The same as the statements take it.
struct Bound {
    kinds: String,
    side: Option<&'static str>,
}

/// Subjects of which the reader may see at least one part that is `wanted`, or that they were
/// taken back, newest first.
pub fn visible_subjects(
    reader: &Reader<'_>,
    sight: &Sight,
    wanted: Wanted<'_>,
    after: Option<&Cursor>,
    limit: u32,
) -> Result<Vec<Listed>, StoreError> {
    let start = after.cloned().unwrap_or_else(|| Cursor {
        seen_at: Timestamp::from_micros(i64::MAX),
        subject: "~".to_owned(),
    });
    let asked = Bound {
        kinds: json_list(wanted.kinds.iter().map(|kind| kind.word())),
        side: wanted.side.map(Side::word),
    };
    let clearances = 0..=sight.clearance();
    let mut runs: Vec<Run<'_>> = sight
        .each_key()
        .flat_map(|key| clearances.clone().map(move |clearance| (key, clearance)))
        .map(|(key, clearance)| Run {
            key,
            clearance,
            waiting: VecDeque::new(),
            after: Some(start.clone()),
        })
        .collect();
    let page = limit as usize;
    let (mut listed, mut seen) = (Vec::with_capacity(page), BTreeSet::new());
    while listed.len() < page {
        for run in &mut runs {
            run.fill(reader, sight, &asked, limit)?;
        }
        let newest = runs
            .iter_mut()
            .max_by_key(|run| run.waiting.front().map(Listed::place));
        let Some(row) = newest.and_then(|run| run.waiting.pop_front()) else {
            break;
        };
        // Another grant to the same reader: of another part, by another key, or an earlier one.
        if !seen.insert(row.subject) {
            continue;
        }
        // On a page before this one, since something of it was granted later.
        if after.is_some() && seen_at(reader, sight, &asked, row.subject)? != Some(row.seen_at) {
            continue;
        }
        listed.push(row);
    }
    Ok(listed)
}

impl Listed {
    /// Its place in the list; the first is the greatest.
    fn place(&self) -> (Timestamp, String) {
        (self.seen_at, self.subject.to_string())
    }
}

/// The grants to one key at one clearance, the newest first.
struct Run<'s> {
    key: &'s str,
    clearance: u8,
    /// Read, and not yet merged.
    waiting: VecDeque<Listed>,
    /// Where reading goes on; `None` at the end.
    after: Option<Cursor>,
}

impl Run<'_> {
    /// Reads on when nothing waits.
    fn fill(
        &mut self,
        reader: &Reader<'_>,
        sight: &Sight,
        asked: &Bound,
        limit: u32,
    ) -> Result<(), StoreError> {
        const RUN: &str = "-- part.visible_run
            SELECT a.subject_id, a.granted_at
            FROM part_audience a
            JOIN part p ON p.part_id = a.part_id
            WHERE a.audience_key = :key
              AND a.purpose = :purpose
              AND a.clearance = :clearance
              AND (a.granted_at, a.subject_id) < (:after_at, :after_subject)
              AND (a.expires_at IS NULL OR a.expires_at > :now)
              AND (p.expires_at IS NULL OR p.expires_at > :now)
              AND p.body IS NOT NULL
              AND ((p.kind IN (SELECT value FROM json_each(:kinds))
                    AND (:side IS NULL OR p.side = :side))
                   OR EXISTS (SELECT 1 FROM withdrawal w WHERE w.part_id = p.part_id))
            GROUP BY a.granted_at, a.subject_id
            ORDER BY a.granted_at DESC, a.subject_id DESC
            LIMIT :limit";
        if !self.waiting.is_empty() {
            return Ok(());
        }
        let Some(after) = self.after.take() else {
            return Ok(());
        };
        let rows = collect(
            reader.data(),
            "part.visible_run",
            "part_audience",
            RUN,
            named_params! {
                ":key": self.key,
                ":purpose": sight.purpose(),
                ":clearance": self.clearance,
                ":after_at": after.seen_at.micros(),
                ":after_subject": after.subject,
                ":now": sight.now().micros(),
                ":kinds": asked.kinds,
                ":side": asked.side,
                ":limit": limit,
            },
            |row| {
                Ok(Listed {
                    subject: row.word("subject_id")?,
                    seen_at: row.time("granted_at")?,
                })
            },
        )?;
        if rows.len() == limit as usize {
            self.after = rows.last().map(|last| Cursor {
                seen_at: last.seen_at,
                subject: last.subject.to_string(),
            });
        }
        self.waiting = rows.into();
        Ok(())
    }
}

/// When the newest part of `subject` became visible to the reader; `None` when none is.
fn seen_at(
    reader: &Reader<'_>,
    sight: &Sight,
    asked: &Bound,
    subject: Subject,
) -> Result<Option<Timestamp>, StoreError> {
    const SEEN: &str = "-- part.seen_at
        SELECT max(a.granted_at) AS seen_at
        FROM part p
        JOIN part_audience a ON a.part_id = p.part_id
        WHERE p.subject_id = :subject
          AND a.audience_key IN (SELECT value FROM json_each(:keys))
          AND a.purpose = :purpose
          AND a.clearance <= :clearance
          AND (a.expires_at IS NULL OR a.expires_at > :now)
          AND (p.expires_at IS NULL OR p.expires_at > :now)
          AND p.body IS NOT NULL
          AND ((p.kind IN (SELECT value FROM json_each(:kinds))
                AND (:side IS NULL OR p.side = :side))
               OR EXISTS (SELECT 1 FROM withdrawal w WHERE w.part_id = p.part_id))";
    let found = one(
        reader.data(),
        "part.seen_at",
        "part_audience",
        SEEN,
        named_params! {
            ":subject": subject.to_string(),
            ":keys": sight.keys(),
            ":purpose": sight.purpose(),
            ":clearance": sight.clearance(),
            ":now": sight.now().micros(),
            ":kinds": asked.kinds,
            ":side": asked.side,
        },
        |row| row.time_or_none("seen_at"),
    )?;
    Ok(found.flatten())
}
