//! Reading columns back into domain types.

use std::cell::RefCell;
use std::collections::BTreeSet;
use std::str::FromStr;

use domain::time::Timestamp;
use rusqlite::Row;

use crate::error::{Named as _, StoreError};

/// A row with the name of its table, for error texts.
pub(crate) struct Columns<'r> {
    row: &'r Row<'r>,
    table: &'static str,
    places: &'r Places,
}

/// Where the columns of a statement stand, as far as they were asked for: the driver compares names
/// one by one, and a list asks for the same ones in every row.
#[derive(Default)]
struct Places(RefCell<Vec<(&'static str, usize)>>);

impl Places {
    fn of(&self, row: &Row<'_>, column: &'static str) -> Result<usize, rusqlite::Error> {
        let mut known = self.0.borrow_mut();
        if let Some((_, place)) = known.iter().find(|(name, _)| *name == column) {
            return Ok(*place);
        }
        let place = row.as_ref().column_index(column)?;
        known.push((column, place));
        Ok(place)
    }
}

impl Columns<'_> {
    fn corrupt(&self, column: &'static str) -> StoreError {
        StoreError::Corrupt {
            table: self.table,
            column,
        }
    }

    /// A value of one of the driver's own types.
    pub(crate) fn plain<T: rusqlite::types::FromSql>(
        &self,
        column: &'static str,
    ) -> Result<T, StoreError> {
        self.places
            .of(self.row, column)
            .and_then(|place| self.row.get(place))
            .named("store.column")
            .map_err(|_| self.corrupt(column))
    }

    /// A word, id or code.
    pub(crate) fn word<T: FromStr>(&self, column: &'static str) -> Result<T, StoreError> {
        let text: String = self.plain(column)?;
        text.parse().map_err(|_| self.corrupt(column))
    }

    /// A word, id or code that may be missing.
    pub(crate) fn word_or_none<T: FromStr>(
        &self,
        column: &'static str,
    ) -> Result<Option<T>, StoreError> {
        let text: Option<String> = self.plain(column)?;
        text.map(|text| text.parse().map_err(|_| self.corrupt(column)))
            .transpose()
    }

    /// Words or codes, one per line.
    pub(crate) fn words<T: FromStr + Ord>(
        &self,
        column: &'static str,
    ) -> Result<BTreeSet<T>, StoreError> {
        let text: String = self.plain(column)?;
        text.lines()
            .map(|line| line.parse().map_err(|_| self.corrupt(column)))
            .collect()
    }

    /// A count or position: a whole number from 0.
    pub(crate) fn count(&self, column: &'static str) -> Result<u64, StoreError> {
        let number: i64 = self.plain(column)?;
        u64::try_from(number).map_err(|_| self.corrupt(column))
    }

    /// A count or position that may be missing.
    pub(crate) fn count_or_none(&self, column: &'static str) -> Result<Option<u64>, StoreError> {
        let number: Option<i64> = self.plain(column)?;
        number
            .map(|number| u64::try_from(number).map_err(|_| self.corrupt(column)))
            .transpose()
    }

    pub(crate) fn time(&self, column: &'static str) -> Result<Timestamp, StoreError> {
        self.plain(column).map(Timestamp::from_micros)
    }

    pub(crate) fn time_or_none(
        &self,
        column: &'static str,
    ) -> Result<Option<Timestamp>, StoreError> {
        Ok(self
            .plain::<Option<i64>>(column)?
            .map(Timestamp::from_micros))
    }
}

/// A count or position as a column holds it. Above the range of the column it is a number that no
/// row has.
pub(crate) fn number(count: u64) -> i64 {
    i64::try_from(count).unwrap_or(i64::MAX)
}

/// Words joined one per line, as [`Columns::words`] reads them.
pub(crate) fn lines<T: ToString>(words: impl IntoIterator<Item = T>) -> String {
    words
        .into_iter()
        .map(|word| word.to_string())
        .collect::<Vec<_>>()
        .join("\n")
}

/// Ids as a JSON array, for `IN (SELECT value FROM json_each(:keys))`.
pub(crate) fn json_list<T: ToString>(words: impl IntoIterator<Item = T>) -> String {
    let words: Vec<String> = words.into_iter().map(|word| word.to_string()).collect();
    serde_json::Value::from(words).to_string()
}

/// Runs `sql` and turns each row into a `T`.
pub(crate) fn collect<T>(
    connection: &rusqlite::Connection,
    name: &'static str,
    table: &'static str,
    sql: &str,
    parameters: impl rusqlite::Params,
    read: impl Fn(&Columns<'_>) -> Result<T, StoreError>,
) -> Result<Vec<T>, StoreError> {
    let mut statement = connection.prepare_cached(sql).named(name)?;
    let mut rows = statement.query(parameters).named(name)?;
    let places = Places::default();
    let mut found = Vec::new();
    while let Some(row) = rows.next().named(name)? {
        found.push(read(&Columns {
            row,
            table,
            places: &places,
        })?);
    }
    Ok(found)
}

/// Runs `sql`, which finds one row or none.
pub(crate) fn one<T>(
    connection: &rusqlite::Connection,
    name: &'static str,
    table: &'static str,
    sql: &str,
    parameters: impl rusqlite::Params,
    read: impl Fn(&Columns<'_>) -> Result<T, StoreError>,
) -> Result<Option<T>, StoreError> {
    let mut statement = connection.prepare_cached(sql).named(name)?;
    let mut rows = statement.query(parameters).named(name)?;
    let places = Places::default();
    rows.next()
        .named(name)?
        .map(|row| {
            read(&Columns {
                row,
                table,
                places: &places,
            })
        })
        .transpose()
}

/// Runs a statement that changes rows; how many it changed.
pub(crate) fn change(
    connection: &rusqlite::Connection,
    name: &'static str,
    sql: &str,
    parameters: impl rusqlite::Params,
) -> Result<usize, StoreError> {
    connection
        .prepare_cached(sql)
        .and_then(|mut s| s.execute(parameters))
        .named(name)
}
