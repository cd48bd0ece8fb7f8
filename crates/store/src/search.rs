//! The search index: words of readable texts as keyed hashes, on shelves.
//!
//! What exactly the same readers may see of a subject stands on one shelf, and the shelf is part of
//! each hash. A reader looks only at shelves that are his, so that what is hidden from him makes
//! his search neither longer nor shorter. What more than [`SHELF_KEYS_MAX`] keys may see stands on
//! the wide shelf, at which everybody looks; there the join alone decides.
//!
//! The index follows the audiences by itself: whoever writes a part or changes a grant touches its
//! subject, and the writer shelves what was touched before the transaction ends.
//!
//! INVARIANT: the candidates of a reader pass the audience join, as everything of a part does.

use std::collections::{BTreeMap, BTreeSet};

use domain::id::PartId;
use domain::part::{PartKind, Side, Subject};
use domain::search::{ADVISORY_WORD, Wanted, kind_word, words_of};
use domain::time::Timestamp;
use rusqlite::named_params;
use seal::object::SearchKey;

use crate::error::StoreError;
use crate::part::{Cursor, Sight, one_for_work};
use crate::row::{change, collect, json_list, one};
use crate::transaction::{Reader, Tx};
use crate::{fact, report};

/// Most audience keys with a shelf of their own: more than a report has circles, so that only widely
/// addressed advisories stand on the wide shelf.
pub const SHELF_KEYS_MAX: usize = 16;
/// Shelves in one statement.
const SHELVES_PER_STATEMENT: usize = 200;
/// The shelf at which every reader looks.
const WIDE: &str = "wide";
/// Rows that one second of grants can have; further ones go to the next second.
const SECOND: i64 = 1 << 14;
/// How words are cut and hashed. Another number has the index written anew at the next start.
const VERSION: &[u8] = b"1";

/// A subject that may meet a query.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Candidate {
    /// The report or advisory.
    pub subject: Subject,
    /// Since when the reader may see what stands on that shelf, to the second.
    pub seen_at: Timestamp,
    row: i64,
}

/// What a reader looks for, turned into hashes for the shelves that are his.
pub struct Lookup {
    statements: Vec<String>,
    shelves: BTreeSet<String>,
    key: SearchKey,
    wanted: Wanted,
}

/// From when to when something became visible; open where `None`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Period {
    /// The first moment that counts.
    pub from: Option<Timestamp>,
    /// The first moment that does not count any more.
    pub until: Option<Timestamp>,
}

impl Lookup {
    /// A lookup of `wanted` on the shelves of this reader.
    pub fn new(reader: &Reader<'_>, sight: &Sight, wanted: Wanted) -> Result<Self, StoreError> {
        let mut shelves = shelves(reader, sight)?;
        shelves.insert(WIDE.to_owned());
        let key = reader.ring().master().search_key();
        let listed: Vec<&String> = shelves.iter().collect();
        let statements = listed
            .chunks(SHELVES_PER_STATEMENT)
            .map(|chunk| {
                let each = chunk.iter().map(|shelf| expression(&key, shelf, &wanted));
                each.collect::<Vec<_>>().join(" OR ")
            })
            .collect();
        Ok(Self {
            statements,
            shelves,
            key,
            wanted,
        })
    }

    /// The newest candidates below `after` within `period`, newest first; a subject that stands on
    /// several shelves may come more than once.
    pub fn candidates(
        &self,
        reader: &Reader<'_>,
        sight: &Sight,
        after: Option<&Candidate>,
        period: Period,
        limit: u32,
    ) -> Result<Vec<Candidate>, StoreError> {
        const FIND: &str = "-- search.candidates
            SELECT s.row_number, s.subject_id
            FROM search_index i CROSS JOIN search_row s ON s.row_number = i.rowid
            WHERE i.search_index MATCH :match AND i.rowid >= :from AND i.rowid < :before
              AND EXISTS (SELECT 1 FROM part p JOIN part_audience a ON a.part_id = p.part_id
                          WHERE p.subject_id = s.subject_id
                            AND p.body IS NOT NULL
                            AND (p.expires_at IS NULL OR p.expires_at > :now)
                            AND a.audience_key IN (SELECT value FROM json_each(:keys))
                            AND a.purpose = :purpose
                            AND a.clearance <= :clearance
                            AND (a.expires_at IS NULL OR a.expires_at > :now))
            ORDER BY i.rowid DESC LIMIT :limit";
        let until = period.until.map_or(i64::MAX, first_row);
        let before = after.map_or(until, |last| last.row.min(until));
        let mut found = Vec::new();
        for statement in &self.statements {
            found.extend(collect(
                reader.data(),
                "search.candidates",
                "search_row",
                FIND,
                named_params! {
                    ":match": statement,
                    ":from": period.from.map_or(0, first_row),
                    ":before": before,
                    ":now": sight.now().micros(),
                    ":keys": sight.keys(),
                    ":purpose": sight.purpose(),
                    ":clearance": sight.clearance(),
                    ":limit": limit,
                },
                |row| {
                    Ok(Candidate::at(
                        row.plain("row_number")?,
                        row.word("subject_id")?,
                    ))
                },
            )?);
        }
        found.sort_by_key(|candidate| std::cmp::Reverse(candidate.row));
        found.truncate(limit as usize);
        Ok(found)
    }

    /// Whether `candidate` comes again after a newer one of the same subject: then it has been
    /// listed already.
    pub fn is_repeated(
        &self,
        reader: &Reader<'_>,
        candidate: &Candidate,
    ) -> Result<bool, StoreError> {
        const NEWER: &str = "-- search.newer_rows
            SELECT row_number, shelf FROM search_row
            WHERE subject_id = :subject AND row_number > :row";
        const MEETS: &str = "-- search.meets
            SELECT rowid FROM search_index WHERE search_index MATCH :match AND rowid = :row";
        let newer = collect(
            reader.data(),
            "search.newer_rows",
            "search_row",
            NEWER,
            named_params! {":subject": candidate.subject.to_string(), ":row": candidate.row},
            |row| {
                Ok((
                    row.plain::<i64>("row_number")?,
                    row.plain::<String>("shelf")?,
                ))
            },
        )?;
        for (row, shelf) in newer {
            if !self.shelves.contains(&shelf) {
                continue;
            }
            let meets = one(
                reader.data(),
                "search.meets",
                "search_index",
                MEETS,
                named_params! {
                    ":match": expression(&self.key, &shelf, &self.wanted), ":row": row,
                },
                |_| Ok(()),
            )?;
            if meets.is_some() {
                return Ok(true);
            }
        }
        Ok(false)
    }

    /// The candidate that `cursor` names, to go on below it. When it is not there any more, the
    /// place where it was, to the second.
    pub fn resume(&self, reader: &Reader<'_>, cursor: &Cursor) -> Result<Candidate, StoreError> {
        const ROWS: &str = "-- search.resume
            SELECT row_number FROM search_row
            WHERE subject_id = :subject AND row_number >= :from AND row_number < :before
              AND shelf IN (SELECT value FROM json_each(:shelves))
            ORDER BY row_number LIMIT 1";
        let from = first_row(cursor.seen_at);
        let row = one(
            reader.data(),
            "search.resume",
            "search_row",
            ROWS,
            named_params! {
                ":subject": cursor.subject,
                ":from": from,
                ":before": from.saturating_add(SECOND),
                ":shelves": json_list(&self.shelves),
            },
            |row| row.plain("row_number"),
        )?;
        let subject = cursor.subject.parse().map_err(|_| StoreError::Corrupt {
            table: "cursor",
            column: "text",
        })?;
        Ok(Candidate::at(row.unwrap_or(from), subject))
    }
}

impl Candidate {
    fn at(row: i64, subject: Subject) -> Self {
        Self {
            subject,
            seen_at: Timestamp::from_seconds(row / SECOND),
            row,
        }
    }

    /// Where a page that ends here goes on. It tells the second, not the row: the number of a row
    /// would tell how many others were granted in that second.
    pub fn cursor(&self) -> Cursor {
        Cursor {
            seen_at: self.seen_at,
            subject: self.subject.to_string(),
        }
    }
}

/// Puts `subject` on the shelves where it belongs now, and off all others.
pub fn shelve(tx: &Tx<'_>, subject: Subject) -> Result<(), StoreError> {
    // A finding has no text; its list is short and has places of its own to look.
    if subject.finding().is_some() {
        return Ok(());
    }
    unshelve(tx, subject)?;
    let granted = granted(tx, subject)?;
    if granted.is_empty() {
        return Ok(());
    }
    let key = tx.ring().master().search_key();
    let subject_words = subject_words(tx, subject)?;
    for (readers, parts) in by_readers(granted) {
        let shelf = shelf_of(&key, &readers);
        if shelf != WIDE {
            open_shelf(tx, &shelf, &readers)?;
        }
        let mut words = subject_words.clone();
        for part in parts.newest.values() {
            if let Some(part) = one_for_work(tx, part.part)? {
                words.extend(words_of(part.body.expose_for_storage()));
            }
        }
        insert(tx, &key, subject, &shelf, parts.since, &words)?;
    }
    Ok(())
}

/// Whether the index was written by this version of the rules.
pub fn is_current(reader: &Reader<'_>) -> Result<bool, StoreError> {
    Ok(fact::find(reader, "search-index")?.as_deref() == Some(VERSION))
}

/// Says that every subject has been shelved by this version of the rules.
pub fn mark_current(tx: &Tx<'_>) -> Result<(), StoreError> {
    fact::write(tx, "search-index", VERSION)
}

/// Subjects that have parts, in the order of their ids, from behind `after` on.
pub fn subjects(reader: &Reader<'_>, after: &str, limit: u32) -> Result<Vec<Subject>, StoreError> {
    const LIST: &str = "-- search.subjects
        SELECT DISTINCT subject_id FROM part WHERE subject_id > :after
        ORDER BY subject_id LIMIT :limit";
    collect(
        reader.data(),
        "search.subjects",
        "part",
        LIST,
        named_params! {":after": after, ":limit": limit},
        |row| row.word("subject_id"),
    )
}

/// A part that somebody may see.
struct Granted {
    part: PartId,
    kind: PartKind,
    side: Side,
    version: u32,
    readers: BTreeSet<(String, String, u8)>,
    since: i64,
}

/// The parts of one shelf.
#[derive(Default)]
struct Shelved {
    newest: BTreeMap<(PartKind, Side), Granted>,
    since: i64,
}

/// The parts of `subject` that are searched, each with its readers now. Who reported is not
/// searched, nor is what an advisory's author is still writing.
fn granted(tx: &Tx<'_>, subject: Subject) -> Result<Vec<Granted>, StoreError> {
    const GRANTED: &str = "-- search.granted
        SELECT p.part_id, p.kind, p.side, p.version, a.audience_key, a.purpose, a.clearance, a.granted_at
        FROM part p JOIN part_audience a ON a.part_id = p.part_id
        WHERE p.subject_id = :subject AND p.body IS NOT NULL
          AND (p.kind IN ('attack', 'damage', 'summary') OR (p.kind = 'advisory' AND p.side = 'outgoing'))
          AND (a.expires_at IS NULL OR a.expires_at > :now)
        ORDER BY p.version, p.part_id";
    let rows = collect(
        tx.data(),
        "search.granted",
        "part_audience",
        GRANTED,
        named_params! {":subject": subject.to_string(), ":now": tx.now().micros()},
        |row| {
            let reader = (
                row.plain("audience_key")?,
                row.plain("purpose")?,
                row.plain("clearance")?,
            );
            Ok(Granted {
                part: row.word("part_id")?,
                kind: row.word("kind")?,
                side: row.word("side")?,
                version: row.plain("version")?,
                readers: BTreeSet::from([reader]),
                since: row.plain("granted_at")?,
            })
        },
    )?;
    let mut parts: Vec<Granted> = Vec::new();
    for row in rows {
        match parts.last_mut() {
            Some(last) if last.part == row.part => {
                last.readers.extend(row.readers);
                last.since = last.since.max(row.since);
            }
            _ => parts.push(row),
        }
    }
    Ok(parts)
}

/// Parts that the same readers may see, of each kind and side the newest version.
fn by_readers(parts: Vec<Granted>) -> BTreeMap<BTreeSet<(String, String, u8)>, Shelved> {
    let mut shelves: BTreeMap<_, Shelved> = BTreeMap::new();
    for part in parts {
        let shelf = shelves.entry(part.readers.clone()).or_default();
        let place = (part.kind, part.side);
        shelf.since = shelf.since.max(part.since);
        let newer = shelf
            .newest
            .get(&place)
            .is_none_or(|known| known.version <= part.version);
        if newer {
            shelf.newest.insert(place, part);
        }
    }
    shelves
}

fn shelf_of(key: &SearchKey, readers: &BTreeSet<(String, String, u8)>) -> String {
    let keys: BTreeSet<&String> = readers.iter().map(|(key, ..)| key).collect();
    if keys.len() > SHELF_KEYS_MAX {
        return WIDE.to_owned();
    }
    let lines: Vec<String> = readers
        .iter()
        .map(|(key, purpose, clearance)| format!("{key} {purpose} {clearance}"))
        .collect();
    hex(key.token(&format!("shelf\n{}", lines.join("\n"))))
}

fn open_shelf(
    tx: &Tx<'_>,
    shelf: &str,
    readers: &BTreeSet<(String, String, u8)>,
) -> Result<(), StoreError> {
    const OPEN: &str = "-- search.open_shelf
        INSERT INTO search_shelf (audience_key, purpose, clearance, shelf)
        VALUES (:key, :purpose, :clearance, :shelf)
        ON CONFLICT (audience_key, purpose, clearance, shelf) DO NOTHING";
    for (key, purpose, clearance) in readers {
        change(
            tx.data(),
            "search.open_shelf",
            OPEN,
            named_params! {
                ":key": key, ":purpose": purpose, ":clearance": clearance, ":shelf": shelf,
            },
        )?;
    }
    Ok(())
}

/// Words that the subject itself has, whatever its texts say.
fn subject_words(tx: &Tx<'_>, subject: Subject) -> Result<BTreeSet<String>, StoreError> {
    let word = match subject {
        Subject::Advisory(_) => Some(ADVISORY_WORD.to_owned()),
        Subject::Report(id) => report::find(tx, id)?.map(|report| kind_word(report.kind)),
        Subject::Finding(_) => None,
    };
    Ok(word.into_iter().collect())
}

fn insert(
    tx: &Tx<'_>,
    key: &SearchKey,
    subject: Subject,
    shelf: &str,
    since: i64,
    words: &BTreeSet<String>,
) -> Result<(), StoreError> {
    const NEXT: &str = "-- search.next_row
        SELECT max(row_number) AS newest FROM search_row
        WHERE row_number >= :from AND row_number < :before";
    const ROW: &str = "-- search.insert_row
        INSERT INTO search_row (row_number, subject_id, shelf) VALUES (:row, :subject, :shelf)";
    const INDEX: &str = "-- search.insert_words
        INSERT INTO search_index (rowid, tokens) VALUES (:row, :tokens)";
    let mut from = first_row(Timestamp::from_micros(since));
    let row = loop {
        let newest: Option<Option<i64>> = one(
            tx.data(),
            "search.next_row",
            "search_row",
            NEXT,
            named_params! {":from": from, ":before": from + SECOND},
            |row| row.plain("newest"),
        )?;
        let next = newest.flatten().map_or(from, |newest| newest + 1);
        if next < from + SECOND {
            break next;
        }
        from += SECOND;
    };
    let tokens: BTreeSet<String> = words.iter().map(|word| hashed(key, shelf, word)).collect();
    let tokens: Vec<String> = tokens.into_iter().collect();
    change(
        tx.data(),
        "search.insert_row",
        ROW,
        named_params! {":row": row, ":subject": subject.to_string(), ":shelf": shelf},
    )?;
    change(
        tx.data(),
        "search.insert_words",
        INDEX,
        named_params! {":row": row, ":tokens": tokens.join(" ")},
    )
    .map(|_| ())
}

fn unshelve(tx: &Tx<'_>, subject: Subject) -> Result<(), StoreError> {
    const STEPS: &[(&str, &str)] = &[
        (
            "search.remove_words",
            "-- search.remove_words
            DELETE FROM search_index
            WHERE rowid IN (SELECT row_number FROM search_row WHERE subject_id = :subject)",
        ),
        (
            "search.close_shelves",
            "-- search.close_shelves
            DELETE FROM search_shelf
            WHERE shelf IN (SELECT shelf FROM search_row WHERE subject_id = :subject)
              AND NOT EXISTS (SELECT 1 FROM search_row s
                              WHERE s.shelf = search_shelf.shelf AND s.subject_id <> :subject)",
        ),
        (
            "search.remove_rows",
            "-- search.remove_rows
            DELETE FROM search_row WHERE subject_id = :subject",
        ),
    ];
    let subject = subject.to_string();
    for (name, sql) in STEPS {
        change(tx.data(), name, sql, named_params! {":subject": subject})?;
    }
    Ok(())
}

/// The shelves of this reader, without the wide one.
fn shelves(reader: &Reader<'_>, sight: &Sight) -> Result<BTreeSet<String>, StoreError> {
    const SHELVES: &str = "-- search.shelves
        SELECT DISTINCT shelf FROM search_shelf
        WHERE audience_key IN (SELECT value FROM json_each(:keys))
          AND purpose = :purpose AND clearance <= :clearance";
    let found = collect(
        reader.data(),
        "search.shelves",
        "search_shelf",
        SHELVES,
        named_params! {
            ":keys": sight.keys(), ":purpose": sight.purpose(), ":clearance": sight.clearance(),
        },
        |row| row.plain("shelf"),
    )?;
    Ok(found.into_iter().collect())
}

/// The index's own spelling of `wanted` on one shelf.
fn expression(key: &SearchKey, shelf: &str, wanted: &Wanted) -> String {
    let way = |way: &BTreeSet<String>| {
        let words: Vec<String> = way.iter().map(|word| hashed(key, shelf, word)).collect();
        format!("({})", words.join(" AND "))
    };
    let terms: Vec<String> = wanted
        .iter()
        .map(|ways| {
            let ways: Vec<String> = ways.iter().map(way).collect();
            format!("({})", ways.join(" OR "))
        })
        .collect();
    format!("({})", terms.join(" AND "))
}

/// A word on a shelf. It begins with a letter, so that the index never takes it for an operator.
fn hashed(key: &SearchKey, shelf: &str, word: &str) -> String {
    format!("h{}", hex(key.token(&format!("{shelf}\n{word}"))))
}

fn hex(bytes: [u8; 8]) -> String {
    format!("{:016x}", u64::from_be_bytes(bytes))
}

/// The first row that a grant at `at` can have.
const fn first_row(at: Timestamp) -> i64 {
    at.seconds().saturating_mul(SECOND)
}
