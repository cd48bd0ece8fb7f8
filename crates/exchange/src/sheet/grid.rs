//! Cells in rows, from whichever format, until they are a table.

use super::{
    CELL_CHARS_MAX, COLUMNS_MAX, Column, MARK, ROWS_LOOKED_AT_MAX, Row, SheetError, Table,
};

/// Rows in which the headings may stand.
const HEADING_ROWS_MAX: u32 = 20;

/// A table that is being read, row by row.
pub(super) struct Grid<'c> {
    columns: &'c [Column],
    rows_max: usize,
    /// For each position of the file the column it belongs to; empty before the headings.
    places: Vec<Option<&'static str>>,
    table: Table,
}

/// Whether more rows are wanted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Next {
    More,
    Enough,
}

impl<'c> Grid<'c> {
    pub(super) fn new(columns: &'c [Column], rows_max: usize) -> Self {
        Self {
            columns,
            rows_max,
            places: Vec::new(),
            table: Table::default(),
        }
    }

    /// Takes the row with that number.
    pub(super) fn row(&mut self, number: u32, cells: &[String]) -> Result<Next, SheetError> {
        if self.places.is_empty() {
            self.heading(cells);
            let looked = number >= HEADING_ROWS_MAX && self.places.is_empty();
            return Ok(if looked { Next::Enough } else { Next::More });
        }
        let mut row = Row {
            number,
            ..Row::default()
        };
        for (place, cell) in self.places.iter().zip(cells) {
            let text = cleaned(cell);
            if let Some(word) = place.filter(|_| !text.is_empty()) {
                row.cells.entry(word.to_owned()).or_insert(text);
            }
        }
        if row.cells.is_empty() {
            return self.check(number);
        }
        self.table.rows.push(row);
        self.check(number)
    }

    /// The table, if there was one.
    pub(super) fn finish(self) -> Result<Table, SheetError> {
        match (self.places.is_empty(), self.table.rows.is_empty()) {
            (true, _) => Err(SheetError::NoHeadings),
            (false, true) => Err(SheetError::NoRows),
            (false, false) => Ok(self.table),
        }
    }

    fn check(&self, number: u32) -> Result<Next, SheetError> {
        if self.table.rows.len() > self.rows_max || number > ROWS_LOOKED_AT_MAX {
            Err(SheetError::TooManyRows(self.rows_max))
        } else {
            Ok(Next::More)
        }
    }

    /// Takes `cells` as the headings if two of them, or all there are, belong to columns.
    fn heading(&mut self, cells: &[String]) {
        let find = |cell: &String| {
            self.columns
                .iter()
                .find(|column| column.is_headed(cell))
                .map(|column| column.word)
        };
        let places: Vec<_> = cells.iter().take(COLUMNS_MAX).map(find).collect();
        let found = places.iter().flatten().count();
        if found < self.columns.len().min(2) {
            return;
        }
        for (cell, place) in cells.iter().zip(&places) {
            let text = cleaned(cell);
            if text.starts_with(MARK) {
                self.table.mark = Some(text);
            } else if place.is_none() && !text.is_empty() {
                self.table.unknown_headings.push(text);
            }
        }
        self.places = places;
    }
}

/// The text of a cell: no blanks around, of bounded length, and without the apostrophe that
/// [`super::write`] puts before what could be a formula.
fn cleaned(cell: &str) -> String {
    let text = cell.trim();
    let text = match text.strip_prefix('\'') {
        Some(rest) if super::write::is_dangerous(rest) => rest,
        _ => text,
    };
    text.chars().take(CELL_CHARS_MAX + 1).collect()
}
