//! Text with separators: UTF-8 with or without its mark, UTF-16 with it, and `Shift_JIS` (CP932).

use std::borrow::Cow;

use csv::ReaderBuilder;
use encoding_rs::{Encoding, SHIFT_JIS};

use super::grid::{Grid, Next};
use super::{COLUMNS_MAX, Column, SheetError, Table};

/// Reads text. Bytes that its encoding cannot hold become U+FFFD, which is told at the cell.
pub(super) fn read(bytes: &[u8], columns: &[Column], rows_max: usize) -> Result<Table, SheetError> {
    let text = decoded(bytes);
    if text.contains('\0') {
        return Err(SheetError::NotATable);
    }
    let mut reader = ReaderBuilder::new()
        .has_headers(false)
        .flexible(true)
        .delimiter(delimiter(&text))
        .from_reader(text.as_bytes());
    let mut grid = Grid::new(columns, rows_max);
    let mut number = 0;
    let mut record = csv::StringRecord::new();
    loop {
        let before = reader.position().line();
        let is_there = reader
            .read_record(&mut record)
            .map_err(|_| SheetError::NotATable)?;
        if !is_there {
            break;
        }
        // Blank lines are passed over by the reader and counted by a spreadsheet; line ends inside
        // a cell the other way round.
        let inside: usize = record.iter().map(|cell| cell.matches('\n').count()).sum();
        let lines = reader.position().line().saturating_sub(before);
        let step = usize::try_from(lines)
            .unwrap_or(usize::MAX)
            .saturating_sub(inside)
            .max(1);
        number = u32::try_from(step).map_or(u32::MAX, |step| step.saturating_add(number));
        let cells: Vec<String> = record.iter().take(COLUMNS_MAX).map(str::to_owned).collect();
        if grid.row(number, &cells)? == Next::Enough {
            break;
        }
    }
    grid.finish()
}

fn decoded(bytes: &[u8]) -> Cow<'_, str> {
    if let Some((encoding, mark_bytes)) = Encoding::for_bom(bytes) {
        let rest = bytes.get(mark_bytes..).unwrap_or_default();
        return encoding.decode_without_bom_handling(rest).0;
    }
    match std::str::from_utf8(bytes) {
        Ok(text) => Cow::Borrowed(text),
        Err(_) => SHIFT_JIS.decode_without_bom_handling(bytes).0,
    }
}

/// What separates the cells: of the three that spreadsheets write, the one the first line has most.
fn delimiter(text: &str) -> u8 {
    let first = text.lines().next().unwrap_or_default();
    let count = |letter: char| first.matches(letter).count();
    match (count(','), count('\t'), count(';')) {
        (commas, tabs, _) if tabs > commas => b'\t',
        (commas, _, semicolons) if semicolons > commas => b';',
        _ => b',',
    }
}
