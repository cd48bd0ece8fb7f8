//! Tables as people fill them in, workbooks (.xlsx) and CSV, both ways.
//!
//! A [`Column`] says how its heading is spelled in both languages and what may be chosen in it. A
//! file is recognized by its headings, wherever they stand and in whatever order. What stands in the
//! cells is read by the room of the table (`near_miss_rows` and its neighbors), which tells each
//! fault with its row and column.
//!
//! INVARIANT: the work that a file can cause is bounded before it is done: bytes, unpacked bytes,
//! rows, columns and characters have limits, and no parser here panics.

use std::collections::BTreeMap;

use domain::text::fold;
use serde::{Deserialize, Serialize};

use crate::moment::MomentError;

mod comma;
mod grid;
mod workbook;
mod write;

pub(crate) use write::is_dangerous;
pub use write::{Book, Mark, WriteError, comma_separated, workbook};

/// A table that was read.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Table {
    /// What our own templates carry in their last heading; `None` in a file that is not ours.
    pub mark: Option<String>,
    /// Headings that belong to no column; what stands below them is not read.
    pub unknown_headings: Vec<String>,
    /// Rows with something in them, in order.
    pub rows: Vec<Row>,
}

/// One row, by the words of its columns. A cell without text is not there.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Row {
    /// Number of the row as the spreadsheet shows it, from 1.
    pub number: u32,
    /// What stands in it, without the blanks around.
    pub cells: BTreeMap<String, String>,
}

/// A column of a table.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Column {
    /// Its name among the fields of the table.
    pub word: &'static str,
    /// The heading it is written with.
    pub heading: String,
    /// Further headings it is recognized by.
    pub also: Vec<String>,
    /// One line that the spreadsheet shows at its cells.
    pub help: String,
    /// What may be chosen; empty where text is written.
    pub picks: Vec<Pick>,
    /// How many of them.
    pub most: Most,
    /// Width in characters of the Latin alphabet.
    pub width: u8,
}

/// Something that may be chosen in a column.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Pick {
    /// What it means to the hub.
    pub value: String,
    /// How it is written.
    pub label: String,
    /// Further spellings it is recognized by.
    pub also: Vec<String>,
}

/// How many choices a cell holds.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Most {
    /// One.
    #[default]
    One,
    /// Several, separated by `、`, `,`, `;` or `/`.
    Several,
}

/// What is wrong with one cell.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fault {
    /// Number of the row.
    pub row: u32,
    /// Word of the column.
    pub column: &'static str,
    /// What is wrong.
    pub why: Why,
}

/// Why a cell was not taken.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Why {
    /// Nothing stands where something has to.
    #[error("fill this in")]
    Missing,
    /// It is not in the list.
    #[error("choose from the list")]
    NotOffered,
    /// No moment, or none that can be.
    #[error(transparent)]
    Moment(#[from] MomentError),
    /// No time of day.
    #[error("this is no time of day; write it like 9:00 or 翌9:00")]
    Hour,
    /// Longer than its limit.
    #[error("{chars} characters, and the limit is {chars_max}; shorten it")]
    TooLong {
        /// Characters given.
        chars: usize,
        /// Characters allowed.
        chars_max: usize,
    },
    /// An invisible character.
    #[error("an invisible character at position {position}; remove it")]
    Invisible {
        /// Position, counted in characters from 1.
        position: usize,
    },
    /// A character that the file's encoding could not hold.
    #[error(
        "a character is lost at position {position}; save as UTF-8 or .xlsx and write it again"
    )]
    Lost {
        /// Position, counted in characters from 1.
        position: usize,
    },
    /// A formula that was never calculated, or one that failed.
    #[error("a formula without a result stands here; write the result")]
    Formula,
    /// No mail address.
    #[error("this is no mail address")]
    Mail,
    /// No telephone number.
    #[error("this is no telephone number; write it with its leading 0, as text")]
    Phone,
    /// The same stands in an earlier row.
    #[error("row {row} says the same; remove one of the two")]
    Twice {
        /// The earlier row.
        row: u32,
    },
    /// Nothing of that name is here, or several are.
    #[error("no organization of that name is entered or stands further up, or several do")]
    NoSuchName,
    /// A CEPTOAR without a secretariat.
    #[error("this CEPTOAR has no secretariat here; enter it first, or further up in the file")]
    NoSecretariat,
    /// It ends before it begins.
    #[error("the end lies before the beginning")]
    Backwards,
    /// It lasts longer than a shift can.
    #[error("longer than {hours_max} hours; split it")]
    TooLongShift {
        /// Longest shift, in hours.
        hours_max: u16,
    },
}

/// Why a whole file was not read.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum SheetError {
    /// More bytes than a file may have.
    #[error("the file is larger than {FILE_BYTES_MAX} bytes; send fewer rows")]
    TooLarge,
    /// Neither a workbook nor text.
    #[error("the file is neither .xlsx nor CSV; fill in the template")]
    NotATable,
    /// A workbook of the old format, or one locked with a password.
    #[error("the workbook is of the old format or locked; save it as .xlsx without a password")]
    OldOrLocked,
    /// A workbook with macros.
    #[error("the workbook holds macros; save it as .xlsx")]
    Macros,
    /// It unpacks to more than a workbook of this kind can hold.
    #[error("the workbook unpacks to more than {UNPACKED_BYTES_MAX} bytes; fill in the template")]
    Unpacks,
    /// A workbook that cannot be read to its end.
    #[error("the workbook is damaged; save it again")]
    Damaged,
    /// No row with the headings of the template.
    #[error("no sheet has the headings of the template; do not change them")]
    NoHeadings,
    /// Nothing below the headings.
    #[error("there is nothing below the headings")]
    NoRows,
    /// More rows than are taken at once.
    #[error("more than {0} rows; send the file in parts")]
    TooManyRows(usize),
}

/// Largest file, in bytes.
pub const FILE_BYTES_MAX: usize = 1024 * 1024;
/// Most that a workbook may unpack to, in bytes.
pub const UNPACKED_BYTES_MAX: u64 = 32 * 1024 * 1024;
/// Longest cell that is kept, in characters; longer ones are cut one beyond, so that they are too
/// long for every field.
pub const CELL_CHARS_MAX: usize = 4_000;
/// Rows of a file that are looked at, the blank ones among them.
pub const ROWS_LOOKED_AT_MAX: u32 = 10_000;
/// Columns that are looked at.
pub const COLUMNS_MAX: usize = 64;
/// What the mark of our templates begins with.
pub const MARK: &str = "noroshi:";

/// Reads a file of at most `rows_max` rows with `columns`.
///
/// # Errors
/// [`SheetError`] says what to do.
pub fn read(bytes: &[u8], columns: &[Column], rows_max: usize) -> Result<Table, SheetError> {
    if bytes.len() > FILE_BYTES_MAX {
        return Err(SheetError::TooLarge);
    }
    if bytes.starts_with(b"PK") {
        workbook::read(bytes, columns, rows_max)
    } else if bytes.starts_with(&[0xD0, 0xCF, 0x11, 0xE0]) {
        Err(SheetError::OldOrLocked)
    } else {
        comma::read(bytes, columns, rows_max)
    }
}

impl Column {
    /// A column of text, recognized by `heading` and by what `also` says.
    pub fn text(word: &'static str, heading: impl Into<String>, also: Vec<String>) -> Self {
        Self {
            word,
            heading: heading.into(),
            also,
            width: 20,
            ..Self::default()
        }
    }

    /// The choice that `text` spells.
    pub fn pick(&self, text: &str) -> Option<&Pick> {
        let wanted = plain(text);
        let spells = |pick: &&Pick| {
            plain(&pick.label) == wanted
                || pick.value == text
                || pick.also.iter().any(|other| plain(other) == wanted)
        };
        self.picks.iter().find(spells)
    }

    /// The choices that `text` spells, several of them where the column holds several; nothing when
    /// one of them is not offered.
    pub fn picked(&self, text: &str) -> impl Iterator<Item = &Pick> {
        // A label may hold a separator itself, so the whole is looked up first.
        let whole = self.pick(text).map(|pick| vec![pick]);
        let found = whole.or_else(|| {
            let pieces = text
                .split(['、', '，', ',', ';', '；', '/', '／', '\n'])
                .map(str::trim)
                .filter(|piece| self.most == Most::Several && !piece.is_empty());
            pieces.map(|piece| self.pick(piece)).collect()
        });
        found.unwrap_or_default().into_iter()
    }

    fn is_headed(&self, heading: &str) -> bool {
        let wanted = plain_heading(heading);
        wanted == self.word
            || std::iter::once(&self.heading)
                .chain(&self.also)
                .any(|own| plain_heading(own) == wanted)
    }
}

impl Row {
    /// What stands in the column called `word`; empty when nothing does.
    pub fn cell(&self, word: &str) -> &str {
        self.cells.get(word).map_or("", String::as_str)
    }

    /// What is wrong with a text whatever it is to mean.
    pub fn oddity(&self, word: &str) -> Option<Why> {
        let text = self.cell(word);
        let lost = text.chars().position(|letter| letter == '\u{FFFD}');
        let errors = [
            "#REF!", "#N/A", "#VALUE!", "#NAME?", "#DIV/0!", "#NUM!", "#NULL!",
        ];
        match lost {
            Some(index) => Some(Why::Lost {
                position: index + 1,
            }),
            None if text == "=" || errors.contains(&text) => Some(Why::Formula),
            None => None,
        }
    }
}

/// What `read` makes of each row and the rows before it; or everything that is wrong with any.
///
/// # Errors
/// The faults of all rows, in their order.
pub fn all_or_faults<T>(
    rows: &[Row],
    mut read: impl FnMut(&Row, &[Row]) -> Result<T, Vec<Fault>>,
) -> Result<Vec<T>, Vec<Fault>> {
    let (mut told, mut faults) = (Vec::with_capacity(rows.len()), Vec::new());
    for (place, row) in rows.iter().enumerate() {
        match read(row, rows.get(..place).unwrap_or_default()) {
            Ok(one) => told.push(one),
            Err(wrong) => faults.extend(wrong),
        }
    }
    if faults.is_empty() {
        Ok(told)
    } else {
        Err(faults)
    }
}

/// Rows as one text, for a form that carries them from one request to the next.
pub fn carried(rows: &[Row]) -> String {
    serde_json::to_string(rows).unwrap_or_default()
}

/// The rows that a form carried; `None` when it was made by hand.
pub fn uncarried(text: &str, rows_max: usize) -> Option<Vec<Row>> {
    let rows: Vec<Row> = serde_json::from_str(text).ok()?;
    let fits = |row: &Row| {
        row.number <= ROWS_LOOKED_AT_MAX
            && row.cells.len() <= COLUMNS_MAX
            && row
                .cells
                .values()
                .all(|cell| cell.chars().count() <= CELL_CHARS_MAX + 1)
    };
    (rows.len() <= rows_max && rows.iter().all(fits)).then_some(rows)
}

/// A spelling for comparison: width, case and blanks do not count.
fn plain(text: &str) -> String {
    fold(text).split_whitespace().collect()
}

/// The same for headings, where what stands in brackets does not count either.
fn plain_heading(text: &str) -> String {
    let text = plain(text);
    let end = text.find(['(', '*', '※']).unwrap_or(text.len());
    text.split_at_checked(end)
        .map_or(String::new(), |(name, _)| name.to_owned())
}

#[cfg(test)]
mod tests;
