//! Tables that people take away to work with, as Excel workbooks: one sheet, a head that stays in
//! sight, a filter, no macro. Tables that people fill in and send back are [`crate::sheet`]'s.
//!
//! INVARIANT: no cell is a formula: text that a spreadsheet could take for one is marked as quoted
//! (OWASP ASVS 1.2.10).

use domain::time::Timestamp;
use rust_xlsxwriter::{
    DocProperties, ExcelDateTime, Format, FormatAlign, FormatBorder, Workbook, Worksheet, XlsxError,
};

use crate::sheet::is_dangerous;

/// Longest name of a sheet, in characters, as Excel has it.
const NAME_CHARS_MAX: usize = 31;
/// Longest text of a cell, in characters, as Excel has it.
const TEXT_CHARS_MAX: usize = 32_767;
/// Narrowest and widest column, in characters.
const WIDTH_CHARS: (usize, usize) = (8, 48);
/// A4, by its number in the format.
const PAPER_A4: u8 = 9;
/// Japan's offset, in seconds: a workbook's times carry no zone, the head says which it is.
const JAPAN_SECONDS: i64 = 9 * 3_600;

/// A table to be taken away.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Listing {
    /// Name of the listing.
    pub name: String,
    /// Lines above the table: what it is, its terms, when it was made.
    pub above: Vec<String>,
    /// Column headings.
    pub head: Vec<String>,
    /// Rows of as many cells as the head has.
    pub rows: Vec<Vec<Cell>>,
    /// When it was made; stands in the file's properties.
    pub made_at: Timestamp,
}

/// One cell.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Cell {
    /// Words.
    Text(String),
    /// A count.
    Number(u64),
    /// An instant, shown in Japan time.
    Moment(Timestamp),
    /// Nothing.
    Empty,
}

/// The workbook could not be written.
#[derive(Debug, thiserror::Error)]
#[error("the workbook could not be written")]
pub struct ListingError(#[from] XlsxError);

/// The bytes of a workbook with `listing` in it.
///
/// # Errors
/// [`ListingError`] when the table does not fit into a workbook.
pub fn workbook(listing: &Listing) -> Result<Vec<u8>, ListingError> {
    let mut book = Workbook::new();
    let made_at = moment(listing.made_at)?;
    book.set_properties(&DocProperties::new().set_creation_datetime(&made_at));
    let page = book.add_worksheet();
    page.set_name(sheet_name(&listing.name))?;
    let first = u32::try_from(listing.above.len()).unwrap_or(0);
    for (text, row) in listing.above.iter().zip(0_u32..) {
        write_text(page, row, 0, text, Format::new())?;
    }
    let head = Format::new()
        .set_bold()
        .set_border_bottom(FormatBorder::Medium);
    for (text, column) in listing.head.iter().zip(0_u16..) {
        write_text(page, first, column, text, head.clone())?;
        page.set_column_width(column, width(listing, usize::from(column)))?;
    }
    let mut last = first;
    for cells in &listing.rows {
        last += 1;
        for (cell, column) in cells.iter().zip(0_u16..) {
            write_cell(page, last, column, cell)?;
        }
    }
    page.set_freeze_panes(first + 1, 1)?;
    let last_column = u16::try_from(listing.head.len().saturating_sub(1)).unwrap_or(0);
    page.autofilter(first, 0, last, last_column)?;
    page.set_landscape()
        .set_paper_size(PAPER_A4)
        .set_print_fit_to_pages(1, 0);
    Ok(book.save_to_buffer()?)
}

fn write_cell(page: &mut Worksheet, row: u32, column: u16, cell: &Cell) -> Result<(), XlsxError> {
    let plain = Format::new().set_align(FormatAlign::Top);
    match cell {
        Cell::Text(text) => write_text(page, row, column, text, plain.set_text_wrap()),
        Cell::Number(count) => {
            // Counts of people and organizations are exact in a spreadsheet's numbers.
            let count = u32::try_from(*count).unwrap_or(u32::MAX);
            page.write_number_with_format(row, column, count, &plain)?;
            Ok(())
        }
        Cell::Moment(at) => {
            let time = plain.set_num_format("yyyy-mm-dd hh:mm");
            page.write_datetime_with_format(row, column, moment(*at)?, &time)?;
            Ok(())
        }
        Cell::Empty => Ok(()),
    }
}

fn write_text(
    page: &mut Worksheet,
    row: u32,
    column: u16,
    text: &str,
    format: Format,
) -> Result<(), XlsxError> {
    let text: String = text.chars().take(TEXT_CHARS_MAX).collect();
    let format = if is_dangerous(&text) {
        format.set_quote_prefix()
    } else {
        format
    };
    page.write_string_with_format(row, column, text, &format)?;
    Ok(())
}

fn sheet_name(name: &str) -> String {
    let allowed =
        |letter: &char| !matches!(letter, '[' | ']' | ':' | '*' | '?' | '/' | '\\' | '\'');
    let name: String = name.chars().filter(allowed).take(NAME_CHARS_MAX).collect();
    if name.is_empty() {
        "Sheet".to_owned()
    } else {
        name
    }
}

/// Width of a column by its longest text; a Japanese letter is as wide as two.
fn width(listing: &Listing, column: usize) -> f64 {
    let wide = |text: &str| -> usize {
        text.chars()
            .map(|letter| if letter.is_ascii() { 1 } else { 2 })
            .sum()
    };
    let cells = listing.rows.iter().filter_map(|row| row.get(column));
    let longest = cells
        .map(|cell| match cell {
            Cell::Text(text) => wide(text),
            Cell::Number(_) => 8,
            Cell::Moment(_) => 16,
            Cell::Empty => 0,
        })
        .chain(listing.head.get(column).map(|text| wide(text)))
        .max()
        .unwrap_or(0);
    let (least, most) = WIDTH_CHARS;
    let chars = u32::try_from(longest.clamp(least, most) + 2).unwrap_or(8);
    f64::from(chars)
}

fn moment(at: Timestamp) -> Result<ExcelDateTime, XlsxError> {
    ExcelDateTime::from_timestamp(at.seconds() + JAPAN_SECONDS)
}

#[cfg(test)]
mod tests;
