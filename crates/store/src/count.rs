//! Counts of near misses, and the keys under which their senders are told apart.
//!
//! INVARIANT: no statement here takes or returns an organization together with a count. Who counted
//! is a token; the key that makes tokens lies under an object key of its own, so that its
//! destruction reaches the free pages and every backup.

use domain::count::{Counts, Period, PeriodKind, Quarter};
use domain::id::{CountId, OrganizationId};
use domain::word::Code;
use rusqlite::named_params;

use crate::error::StoreError;
use crate::keyring::Place;
use crate::row::{change, collect, one};
use crate::transaction::{Reader, Tx};

/// Who counted, as long as the quarter's key exists.
pub type SourceToken = [u8; 16];

/// One count of one kind in one period.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CountRow {
    /// The period.
    pub period: Period,
    /// Kind of near miss.
    pub kind: Code,
    /// How many.
    pub count: u32,
}

/// The sum that one unnamed sender counted of one kind.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SumRow {
    /// The sender's token, as text: equal for the same sender.
    pub source: String,
    /// Kind of near miss.
    pub kind: Code,
    /// How many in all.
    pub sum: u64,
}

/// The key of a quarter; `None` before its first count and after its destruction.
pub fn quarter_key(reader: &Reader<'_>, quarter: Quarter) -> Result<Option<[u8; 32]>, StoreError> {
    const READ: &str = "-- count.quarter_key
        SELECT body FROM quarter_key WHERE quarter = :quarter";
    let row = quarter.to_string();
    let sealed: Option<Vec<u8>> = one(
        reader.data(),
        "count.quarter_key",
        "quarter_key",
        READ,
        named_params! {":quarter": row},
        |row| row.plain("body"),
    )?;
    let Some(sealed) = sealed else {
        return Ok(None);
    };
    let object = key_object(quarter);
    let Some(bytes) = reader.opened(&key_place(&object, &row), &sealed)? else {
        return Ok(None);
    };
    let bytes = bytes.try_into().map_err(|_| StoreError::Corrupt {
        table: "quarter_key",
        column: "body",
    })?;
    Ok(Some(bytes))
}

/// Keeps the key of a quarter that has none.
pub fn insert_quarter_key(tx: &Tx<'_>, quarter: Quarter, key: &[u8; 32]) -> Result<(), StoreError> {
    const INSERT: &str = "-- count.insert_quarter_key
        INSERT INTO quarter_key (quarter, body, updated_by) VALUES (:quarter, :body, :by)";
    let (object, row) = (key_object(quarter), quarter.to_string());
    let sealed = tx.sealed(&key_place(&object, &row), key)?;
    change(
        tx.data(),
        "count.insert_quarter_key",
        INSERT,
        named_params! {":quarter": row, ":body": sealed, ":by": tx.name()},
    )
    .map(|_| ())
}

/// Quarters that have a key, oldest first.
pub fn quarters(reader: &Reader<'_>) -> Result<Vec<Quarter>, StoreError> {
    const LIST: &str = "-- count.quarters
        SELECT quarter FROM quarter_key ORDER BY quarter";
    collect(
        reader.data(),
        "count.quarters",
        "quarter_key",
        LIST,
        [],
        |row| row.word("quarter"),
    )
}

/// Destroys the key of a quarter: its tokens mean nothing to anybody from then on.
pub fn destroy_quarter_key(tx: &Tx<'_>, quarter: Quarter) -> Result<(), StoreError> {
    const DELETE: &str = "-- count.destroy_quarter_key
        DELETE FROM quarter_key WHERE quarter = :quarter";
    tx.destroy_key(&key_object(quarter))?;
    change(
        tx.data(),
        "count.destroy_quarter_key",
        DELETE,
        named_params! {":quarter": quarter.to_string()},
    )
    .map(|_| ())
}

/// Replaces what a sender counted in a period.
pub fn replace(
    tx: &Tx<'_>,
    relay: OrganizationId,
    source: SourceToken,
    period: Period,
    counts: &Counts,
) -> Result<(), StoreError> {
    const DELETE: &str = "-- count.delete_period
        DELETE FROM near_miss_count
        WHERE relay_id = :relay AND source_token = :source
          AND period_kind = :period_kind AND period_start = :start";
    const INSERT: &str = "-- count.insert
        INSERT INTO near_miss_count (count_id, origin_hub, relay_id, source_token, period_start,
                                     period_kind, kind, count, written_at, updated_by)
        VALUES (:id, :hub, :relay, :source, :start, :period_kind, :kind, :count, :now, :by)";
    let (relay, source) = (relay.to_string(), text(source));
    let (kind, start) = (period.kind().word(), period.start().to_string());
    change(
        tx.data(),
        "count.delete_period",
        DELETE,
        named_params! {":relay": relay, ":source": source, ":period_kind": kind, ":start": start},
    )?;
    for (code, count) in counts {
        change(
            tx.data(),
            "count.insert",
            INSERT,
            named_params! {
                ":id": CountId::from_random(tx.random_bytes()).to_string(),
                ":hub": tx.hub(),
                ":relay": relay,
                ":source": source,
                ":start": start,
                ":period_kind": kind,
                ":kind": code.as_str(),
                ":count": count,
                ":now": tx.now().micros(),
                ":by": tx.name(),
            },
        )?;
    }
    Ok(())
}

/// Takes back the weeks that a sender counted and that begin in `month`.
pub fn delete_weeks_of(
    tx: &Tx<'_>,
    relay: OrganizationId,
    source: SourceToken,
    month: Period,
) -> Result<usize, StoreError> {
    const DELETE: &str = "-- count.delete_weeks_of
        DELETE FROM near_miss_count
        WHERE relay_id = :relay AND source_token = :source AND period_kind = 'week'
          AND period_start BETWEEN :first AND :last";
    change(
        tx.data(),
        "count.delete_weeks_of",
        DELETE,
        named_params! {
            ":relay": relay.to_string(),
            ":source": text(source),
            ":first": month.start().to_string(),
            ":last": month.last_day().to_string(),
        },
    )
}

/// What a sender counted in `period`, by kind; empty when nothing was sent, zeros included.
pub fn counted(
    reader: &Reader<'_>,
    relay: OrganizationId,
    source: SourceToken,
    period: Period,
) -> Result<Vec<CountRow>, StoreError> {
    const LIST: &str = "-- count.counted
        SELECT period_kind, period_start, kind, count FROM near_miss_count
        WHERE relay_id = :relay AND source_token = :source
          AND period_kind = :period_kind AND period_start = :start
        ORDER BY kind";
    collect(
        reader.data(),
        "count.counted",
        "near_miss_count",
        LIST,
        named_params! {
            ":relay": relay.to_string(),
            ":source": text(source),
            ":period_kind": period.kind().word(),
            ":start": period.start().to_string(),
        },
        |row| {
            Ok(CountRow {
                period,
                kind: row.word("kind")?,
                count: row.plain("count")?,
            })
        },
    )
}

/// What each sender counted at a relay in a quarter, summed up by kind. Periods belong to the
/// quarter of their first day.
pub fn sums(
    reader: &Reader<'_>,
    relay: OrganizationId,
    quarter: Quarter,
) -> Result<Vec<SumRow>, StoreError> {
    const SUMS: &str = "-- count.sums
        SELECT source_token, kind, sum(count) AS total FROM near_miss_count
        WHERE relay_id = :relay AND period_start >= :first AND period_start < :next
        GROUP BY source_token, kind
        ORDER BY source_token, kind";
    collect(
        reader.data(),
        "count.sums",
        "near_miss_count",
        SUMS,
        named_params! {
            ":relay": relay.to_string(),
            ":first": quarter.start().to_string(),
            ":next": quarter.next().start().to_string(),
        },
        |row| {
            let total: i64 = row.plain("total")?;
            Ok(SumRow {
                source: row.plain("source_token")?,
                kind: row.word("kind")?,
                sum: u64::try_from(total).unwrap_or(0),
            })
        },
    )
}

/// Whether a sender counted the whole month in which `week` begins.
pub fn has_month_of(
    reader: &Reader<'_>,
    relay: OrganizationId,
    source: SourceToken,
    week: Period,
) -> Result<bool, StoreError> {
    let month = Period::of(PeriodKind::Month, week.start());
    Ok(!counted(reader, relay, source, month)?.is_empty())
}

fn text(source: SourceToken) -> String {
    format!("{:032x}", u128::from_be_bytes(source))
}

fn key_object(quarter: Quarter) -> String {
    format!("quarter_{quarter}")
}

fn key_place<'a>(object: &'a str, row: &'a str) -> Place<'a> {
    Place {
        object,
        table: "quarter_key",
        column: "body",
        row,
    }
}
