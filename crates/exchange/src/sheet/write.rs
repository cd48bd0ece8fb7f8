//! Writing tables: a template, or what somebody sent with notes on the cells that are wrong.
//!
//! Every cell is text, so that a spreadsheet changes neither a leading zero nor a date, and no text
//! becomes a formula: a workbook marks it as quoted, CSV puts an apostrophe before it (OWASP ASVS
//! 1.2.10).

use domain::time::Timestamp;
use rust_xlsxwriter::{
    Color, DataValidation, DataValidationErrorStyle, DocProperties, ExcelDateTime, Format,
    FormatAlign, FormatBorder, Formula, Note, Workbook, Worksheet, XlsxError,
};

use super::{Column, Most, ROWS_LOOKED_AT_MAX, Row};

/// A workbook to be written.
#[derive(Debug, Clone, Copy)]
pub struct Book<'b> {
    /// Name of the sheet that is filled in, at most 31 characters.
    pub title: &'b str,
    /// Its columns.
    pub columns: &'b [Column],
    /// What the last heading carries: which template this is, in which version.
    pub mark: &'b str,
    /// Name of the sheet that explains, at most 31 characters.
    pub notes_title: &'b str,
    /// Its lines.
    pub notes: &'b [String],
    /// What stands in the rows; nothing in a template.
    pub rows: &'b [Row],
    /// Notes on cells.
    pub marks: &'b [Mark],
    /// When it is made.
    pub at: Timestamp,
}

/// A note on one cell.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Mark {
    /// Number of the row.
    pub row: u32,
    /// Word of the column.
    pub column: &'static str,
    /// What is wrong and what to do.
    pub text: String,
}

/// A table that could not be written.
#[derive(Debug, thiserror::Error)]
#[error("the table could not be written")]
pub struct WriteError(#[from] XlsxError);

/// Rows that a template offers lists for.
const LISTED_ROWS: u32 = 1_000;
/// Longest note of the library's format, in characters.
const NOTE_CHARS_MAX: usize = 800;
/// Longest help that a spreadsheet shows at a cell, in characters.
const HELP_CHARS_MAX: usize = 250;
/// Rows of a notes sheet.
const LISTS_TITLE: &str = "lists";

/// The workbook.
///
/// # Errors
/// [`WriteError`] when a title or text is beyond what the format holds.
pub fn workbook(book: &Book<'_>) -> Result<Vec<u8>, WriteError> {
    let mut file = Workbook::new();
    file.set_properties(&properties(book.at)?);
    let sheet = file.add_worksheet();
    sheet.set_name(book.title)?;
    headings(sheet, book)?;
    for (place, column) in book.columns.iter().enumerate() {
        offer(sheet, to_place(place), column)?;
    }
    for row in book.rows {
        write_row(sheet, book, row)?;
    }
    sheet.set_freeze_panes(1, 0)?;
    sheet.set_landscape();
    sheet.set_print_fit_to_pages(1, 0);
    notes(file.add_worksheet(), book)?;
    lists(file.add_worksheet(), book)?;
    Ok(file.save_to_buffer()?)
}

/// The same table as CSV in UTF-8 with its mark, which spreadsheets need to read Japanese.
pub fn comma_separated(columns: &[Column], mark: &str, rows: &[Row]) -> Vec<u8> {
    let mut text = String::from("\u{FEFF}");
    let headings = columns.iter().map(|column| column.heading.as_str());
    line(&mut text, headings.chain([mark]));
    for row in rows {
        line(
            &mut text,
            columns.iter().map(|column| row.cell(column.word)),
        );
    }
    text.into_bytes()
}

/// Whether a spreadsheet might take the text for a formula.
pub(crate) fn is_dangerous(text: &str) -> bool {
    text.starts_with(['=', '+', '-', '@', '\t', '\r', '＝', '＋', '－', '＠'])
}

fn line<'c>(text: &mut String, cells: impl Iterator<Item = &'c str>) {
    for (place, cell) in cells.enumerate() {
        if place > 0 {
            text.push(',');
        }
        let guard = if is_dangerous(cell) { "'" } else { "" };
        text.push('"');
        text.push_str(guard);
        text.push_str(&cell.replace('"', "\"\""));
        text.push('"');
    }
    text.push_str("\r\n");
}

fn properties(at: Timestamp) -> Result<DocProperties, XlsxError> {
    let made = ExcelDateTime::from_timestamp(at.seconds())?;
    Ok(DocProperties::new()
        .set_author("Noroshi")
        .set_creation_datetime(&made))
}

fn headings(sheet: &mut Worksheet, book: &Book<'_>) -> Result<(), XlsxError> {
    let format = Format::new()
        .set_bold()
        .set_background_color(Color::RGB(0x00D9_E6FF))
        .set_border_bottom(FormatBorder::Thin)
        .set_text_wrap()
        .set_align(FormatAlign::VerticalCenter);
    for (place, column) in book.columns.iter().enumerate() {
        let place = to_place(place);
        sheet.write_string_with_format(0, place, column.heading.as_str(), &format)?;
        sheet.set_column_width(place, f64::from(column.width))?;
        sheet.set_column_format(place, &Format::new().set_num_format("@").set_text_wrap())?;
    }
    let last = to_place(book.columns.len());
    let faint = Format::new()
        .set_font_color(Color::RGB(0x0059_5959))
        .set_font_size(8);
    sheet.write_string_with_format(0, last, book.mark, &faint)?;
    sheet.set_column_width(last, 12)?;
    Ok(())
}

/// Offers the list of a column, or its help, at the cells below its heading.
fn offer(sheet: &mut Worksheet, place: u16, column: &Column) -> Result<(), XlsxError> {
    let mut rule = DataValidation::new();
    if column.picks.is_empty() {
        rule = rule.allow_any_value();
    } else {
        let letter = letter(place);
        let last = column.picks.len();
        let list = Formula::new(format!("={LISTS_TITLE}!${letter}$1:${letter}${last}"));
        rule = rule.allow_list_formula(list);
        rule = match column.most {
            Most::One => rule.set_error_style(DataValidationErrorStyle::Stop),
            Most::Several => rule.show_error_message(false),
        };
    }
    if !column.help.is_empty() {
        let help: String = column.help.chars().take(HELP_CHARS_MAX).collect();
        rule = rule.set_input_message(help)?;
    }
    sheet.add_data_validation(1, place, LISTED_ROWS, place, &rule)?;
    Ok(())
}

fn write_row(sheet: &mut Worksheet, book: &Book<'_>, row: &Row) -> Result<(), XlsxError> {
    // A row keeps its number, so that a note and the page speak of the same one.
    let Some(at) = row
        .number
        .checked_sub(1)
        .filter(|at| (1..ROWS_LOOKED_AT_MAX).contains(at))
    else {
        return Ok(());
    };
    for (place, column) in book.columns.iter().enumerate() {
        let place = to_place(place);
        let text = row.cell(column.word);
        let mark = book
            .marks
            .iter()
            .find(|mark| mark.row == row.number && mark.column == column.word);
        if text.is_empty() && mark.is_none() {
            continue;
        }
        let mut format = Format::new().set_num_format("@").set_text_wrap();
        if is_dangerous(text) {
            format = format.set_quote_prefix();
        }
        if mark.is_some() {
            format = format
                .set_background_color(Color::RGB(0x00FF_D9D9))
                .set_border(FormatBorder::Medium)
                .set_border_color(Color::RGB(0x00C0_0000));
        }
        sheet.write_string_with_format(at, place, text, &format)?;
        if let Some(mark) = mark {
            let text: String = mark.text.chars().take(NOTE_CHARS_MAX).collect();
            let note = Note::new(text).add_author_prefix(false);
            sheet.insert_note(at, place, &note.set_width(260).set_height(90))?;
        }
    }
    Ok(())
}

fn notes(sheet: &mut Worksheet, book: &Book<'_>) -> Result<(), XlsxError> {
    sheet.set_name(book.notes_title)?;
    sheet.set_column_width(0, 100)?;
    let format = Format::new().set_text_wrap();
    for (row, text) in (0..).zip(book.notes) {
        sheet.write_string_with_format(row, 0, text.as_str(), &format)?;
    }
    Ok(())
}

fn lists(sheet: &mut Worksheet, book: &Book<'_>) -> Result<(), XlsxError> {
    sheet.set_name(LISTS_TITLE)?;
    sheet.set_hidden(true);
    for (place, column) in book.columns.iter().enumerate() {
        for (row, pick) in (0..).zip(&column.picks) {
            sheet.write_string(row, to_place(place), pick.label.as_str())?;
        }
    }
    Ok(())
}

fn to_place(place: usize) -> u16 {
    u16::try_from(place).unwrap_or(u16::MAX)
}

/// The letter of a column. A table of ours has fewer columns than the alphabet letters.
fn letter(place: u16) -> char {
    u8::try_from(place)
        .ok()
        .and_then(|place| b'A'.checked_add(place.min(25)))
        .map_or('A', char::from)
}
