//! Workbooks: unpacked once to see how large they are, then read cell by cell.
//!
//! The cells are streamed: a library that lays out a whole sheet would lay out whatever size the
//! file claims.

use std::io::{Cursor, Read};

use calamine::{
    DataRef, ExcelDateTime, Reader as _, SheetType, SheetVisible, Xlsx, XlsxCellReader,
};
use jiff::Unit;
use jiff::civil::{Date, DateTime};
use zip::ZipArchive;

use super::grid::{Grid, Next};
use super::{COLUMNS_MAX, Column, SheetError, Table, UNPACKED_BYTES_MAX};

/// Files that a workbook may consist of.
const PARTS_MAX: usize = 200;
/// Sheets that are looked at.
const SHEETS_MAX: usize = 12;

type File<'b> = Xlsx<Cursor<&'b [u8]>>;

/// Reads the first visible sheet that has the headings.
pub(super) fn read(bytes: &[u8], columns: &[Column], rows_max: usize) -> Result<Table, SheetError> {
    weigh(bytes)?;
    let mut file: File<'_> = Xlsx::new(Cursor::new(bytes)).map_err(|_| SheetError::Damaged)?;
    let names: Vec<String> = file
        .sheets_metadata()
        .iter()
        .filter(|sheet| sheet.visible == SheetVisible::Visible && sheet.typ == SheetType::WorkSheet)
        .take(SHEETS_MAX)
        .map(|sheet| sheet.name.clone())
        .collect();
    let mut outcome = Err(SheetError::NoHeadings);
    for name in names {
        let cells = file
            .worksheet_cells_reader(&name)
            .map_err(|_| SheetError::Damaged)?;
        outcome = one_sheet(cells, Grid::new(columns, rows_max));
        if outcome != Err(SheetError::NoHeadings) {
            break;
        }
    }
    outcome
}

/// Unpacks every part into nothing and counts, since the sizes that a file names may be untrue.
fn weigh(bytes: &[u8]) -> Result<(), SheetError> {
    let mut archive = ZipArchive::new(Cursor::new(bytes)).map_err(|_| SheetError::Damaged)?;
    if archive.len() > PARTS_MAX {
        return Err(SheetError::Unpacks);
    }
    let mut left = UNPACKED_BYTES_MAX;
    for index in 0..archive.len() {
        let part = archive.by_index(index).map_err(|_| SheetError::Damaged)?;
        let name = part.name().map_err(|_| SheetError::Damaged)?;
        if name.to_ascii_lowercase().ends_with("vbaproject.bin") {
            return Err(SheetError::Macros);
        }
        let mut limited = part.take(left.saturating_add(1));
        let unpacked =
            std::io::copy(&mut limited, &mut std::io::sink()).map_err(|_| SheetError::Damaged)?;
        left = left.checked_sub(unpacked).ok_or(SheetError::Unpacks)?;
    }
    Ok(())
}

fn one_sheet(
    mut reader: XlsxCellReader<'_, Cursor<&[u8]>>,
    mut grid: Grid<'_>,
) -> Result<Table, SheetError> {
    let mut row: Option<u32> = None;
    let mut cells: Vec<String> = Vec::new();
    while let Some(cell) = reader
        .next_cell_with_formula_metadata()
        .map_err(|_| SheetError::Damaged)?
    {
        let (at, column) = cell.pos;
        if row.is_some_and(|row| row != at) {
            let number = row.unwrap_or_default().saturating_add(1);
            if grid.row(number, &cells)? == Next::Enough {
                return grid.finish();
            }
            cells.clear();
        }
        row = Some(at);
        let place = usize::try_from(column).unwrap_or(COLUMNS_MAX);
        if place < COLUMNS_MAX {
            if cells.len() <= place {
                cells.resize(place + 1, String::new());
            }
            if let Some(slot) = cells.get_mut(place) {
                *slot = text(&cell.value, cell.formula.is_some());
            }
        }
    }
    if let Some(row) = row {
        grid.row(row.saturating_add(1), &cells)?;
    }
    grid.finish()
}

/// A cell as its reader sees it; a formula without a result is `=`. The formulas themselves are not
/// asked for: spelling out shared ones can cost any amount of work.
fn text(value: &DataRef<'_>, is_formula: bool) -> String {
    match value {
        DataRef::Int(number) => number.to_string(),
        DataRef::Float(number) => number.to_string(),
        DataRef::String(text) => text.clone(),
        DataRef::SharedString(text) => (*text).to_owned(),
        DataRef::Bool(answer) => answer.to_string(),
        DataRef::DateTime(at) => moment(*at),
        DataRef::DateTimeIso(text) | DataRef::DurationIso(text) => text.replace('T', " "),
        DataRef::Error(error) => error.to_string(),
        DataRef::Empty if is_formula => "=".to_owned(),
        DataRef::Empty => String::new(),
    }
}

/// A date, a time of day or both, to the minute.
fn moment(at: ExcelDateTime) -> String {
    if at.is_duration() {
        let minutes = (at.as_f64() * 1_440.0).round().clamp(0.0, 100_000.0);
        return format!("{}:{:02}", (minutes / 60.0).floor(), minutes % 60.0);
    }
    let (year, month, day, hour, minute, second, milli) = at.to_ymd_hms_milli();
    let small = |number: u8| i8::try_from(number).unwrap_or_default();
    let date = i16::try_from(year)
        .ok()
        .and_then(|year| Date::new(year, small(month), small(day)).ok());
    let nanos = i32::from(milli).saturating_mul(1_000_000);
    let time = jiff::civil::Time::new(small(hour), small(minute), small(second), nanos).ok();
    let (Some(date), Some(time)) = (date, time) else {
        return at.as_f64().to_string();
    };
    let whole = DateTime::from_parts(date, time);
    let whole = whole.round(Unit::Minute).unwrap_or(whole);
    if at.as_f64() < 1.0 {
        whole.strftime("%H:%M").to_string()
    } else if at.as_f64().fract() == 0.0 {
        whole.strftime("%Y/%m/%d").to_string()
    } else {
        whole.strftime("%Y/%m/%d %H:%M").to_string()
    }
}
