//! Tables sent as files: what the areas that take them share.

use askama::Template as _;
use axum::http::StatusCode;
use axum::http::header::{CONTENT_DISPOSITION, CONTENT_TYPE};
use axum::response::{Html, IntoResponse, Response};
use domain::reference::row::Row as Listed;
use exchange::moment::MomentError;
use exchange::sheet::{self, Book, Column, Fault, Mark, Pick, Row, SheetError, Why};
use view::page::sheet::{Check, CheckedRow, FaultLine};
use view::words::{Language, Words};

use crate::lists::say;
use crate::problem::{Problem, REFUSED};
use crate::state::{AppState, World};
use crate::upload::Uploaded;
use crate::visit::Visit;

/// Type of a workbook.
const XLSX: &str = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet";

/// What a table of ours is, apart from its rows.
pub(crate) struct Plan {
    /// Keys of the names of its two sheets: the one that is filled in and the one that explains.
    pub(crate) sheets: [&'static str; 2],
    /// Name of its files, without the ending.
    pub(crate) name: &'static str,
    /// Its columns, in the reader's language.
    pub(crate) columns: Vec<Column>,
    /// Most rows of one file.
    pub(crate) rows_max: usize,
    /// Lines of the sheet that explains.
    pub(crate) notes: Vec<String>,
}

impl Plan {
    /// A row as it was read, with what becomes of it: the key of the words, and their tone.
    pub(crate) fn checked(
        &self,
        row: &Row,
        (fate, tone): (&str, &'static str),
        words: Words,
    ) -> CheckedRow {
        let cells = self.columns.iter().map(|column| {
            let text = row.cell(column.word);
            column
                .pick(text)
                .map_or(text, |pick| &pick.label)
                .to_owned()
        });
        CheckedRow {
            number: row.number,
            fate: words.t(fate).into_owned(),
            tone,
            cells: cells.collect(),
        }
    }

    /// A column of text, with the keys of its heading and of its help; recognized in both languages.
    pub(crate) fn column(words: Words, word: &'static str, heading: &str, help: &str) -> Column {
        let also = Language::ALL
            .into_iter()
            .map(|language| Words::new(language).t(heading).into_owned());
        Column {
            help: words.t(help).into_owned(),
            ..Column::text(word, words.t(heading).into_owned(), also.collect())
        }
    }

    /// Heading of the column called `word`.
    pub(crate) fn heading(&self, word: &str) -> String {
        self.columns
            .iter()
            .find(|column| column.word == word)
            .map_or(String::new(), |column| column.heading.clone())
    }

    /// The table as a workbook to be saved; with notes on the cells of `faults`.
    pub(crate) fn workbook(
        &self,
        state: &AppState,
        visit: &Visit,
        mark: &str,
        rows: &[Row],
        faults: &[Fault],
    ) -> Result<Response, Problem> {
        let words = visit.words;
        let marks: Vec<Mark> = faults
            .iter()
            .map(|fault| Mark {
                row: fault.row,
                column: fault.column,
                text: why(words, &fault.why),
            })
            .collect();
        let mut notes = self.notes.clone();
        if state.facts.world == World::Demo {
            notes.insert(0, words.t("sheet-demo").into_owned());
        }
        let [title, notes_title] = self.sheets;
        let book = Book {
            title: &words.t(title),
            columns: &self.columns,
            mark,
            notes_title: &words.t(notes_title),
            notes: &notes,
            rows,
            marks: &marks,
            at: visit.now,
        };
        let bytes = sheet::workbook(&book).map_err(|error| Problem::trouble(&error))?;
        Ok(saved(XLSX, &format!("{}.xlsx", self.name), bytes))
    }

    /// The table as CSV to be saved.
    pub(crate) fn comma_separated(&self, mark: &str, rows: &[Row]) -> Response {
        let bytes = sheet::comma_separated(&self.columns, mark, rows);
        saved(
            "text/csv; charset=utf-8",
            &format!("{}.csv", self.name),
            bytes,
        )
    }

    /// Reads the uploaded file; the sentence that says what is wrong with it as a whole.
    pub(crate) fn read(&self, words: Words, uploaded: &Uploaded) -> Result<sheet::Table, String> {
        let Some(file) = &uploaded.file else {
            return Err(words.t("sheet-error-missing").into_owned());
        };
        sheet::read(file, &self.columns, self.rows_max).map_err(|error| refusal(words, error))
    }

    /// The rows that the dry run's form carried back.
    pub(crate) fn carried_in(&self, uploaded: &Uploaded) -> Result<Vec<Row>, Problem> {
        let carried = uploaded.posted.one("rows");
        sheet::uncarried(carried, self.rows_max).ok_or(Problem::Malformed)
    }

    /// The faults as the page tells them.
    pub(crate) fn told(&self, words: Words, rows: &[Row], faults: &[Fault]) -> Vec<FaultLine> {
        let typed = |fault: &Fault| {
            rows.iter()
                .find(|row| row.number == fault.row)
                .map_or("", |row| row.cell(fault.column))
                .chars()
                .take(TYPED_CHARS_MAX)
                .collect()
        };
        faults
            .iter()
            .map(|fault| FaultLine {
                row: fault.row,
                column: self.heading(fault.column),
                typed: typed(fault),
                why: why(words, &fault.why),
            })
            .collect()
    }
}

/// The dry run's page; refused where something has to be mended first.
pub(crate) fn checked(page: &Check) -> Result<Response, Problem> {
    let status = if page.faults.is_empty() {
        StatusCode::OK
    } else {
        REFUSED
    };
    Ok((status, Html(page.render()?)).into_response())
}

/// Characters of a faulty cell that the page shows.
const TYPED_CHARS_MAX: usize = 60;

/// Rows of the reference data as things to choose: named in the reader's language, recognized in
/// both.
pub(crate) fn picks<'r, T: 'r>(
    words: Words,
    rows: impl Iterator<Item = &'r Listed<T>>,
) -> Vec<Pick> {
    rows.map(|row| Pick {
        value: row.code.to_string(),
        label: say(words, &row.name),
        also: vec![row.name.ja().to_owned(), row.name.en().to_owned()],
    })
    .collect()
}

/// Something to choose that is named by `key`.
pub(crate) fn pick(words: Words, value: &str, key: &str) -> Pick {
    Pick {
        value: value.to_owned(),
        label: words.t(key).into_owned(),
        also: Language::ALL
            .into_iter()
            .map(|language| Words::new(language).t(key).into_owned())
            .collect(),
    }
}

/// An answer that the browser saves as a file.
pub(crate) fn saved(kind: &'static str, name: &str, bytes: Vec<u8>) -> Response {
    let place = format!("attachment; filename=\"{name}\"");
    (
        [
            (CONTENT_TYPE, kind.to_owned()),
            (CONTENT_DISPOSITION, place),
        ],
        bytes,
    )
        .into_response()
}

fn refusal(words: Words, error: SheetError) -> String {
    let key = match error {
        SheetError::TooLarge => "sheet-error-too-large",
        SheetError::NotATable => "sheet-error-not-a-table",
        SheetError::OldOrLocked => "sheet-error-old-or-locked",
        SheetError::Macros => "sheet-error-macros",
        SheetError::Unpacks => "sheet-error-unpacks",
        SheetError::Damaged => "sheet-error-damaged",
        SheetError::NoHeadings => "sheet-error-no-headings",
        SheetError::NoRows => "sheet-error-no-rows",
        SheetError::TooManyRows(rows_max) => {
            return words.tn("sheet-error-too-many-rows", &[("count", rows_max.into())]);
        }
    };
    words.t(key).into_owned()
}

/// What is wrong with a cell and what to do, as one sentence.
pub(crate) fn why(words: Words, why: &Why) -> String {
    let key = match why {
        Why::Missing => "sheet-why-missing",
        Why::NotOffered => "sheet-why-not-offered",
        Why::Moment(MomentError::Unreadable) => "sheet-why-moment-unreadable",
        Why::Moment(MomentError::NoSuchDay) => "sheet-why-moment-no-such-day",
        Why::Moment(MomentError::Future) => "sheet-why-moment-future",
        Why::Moment(MomentError::TooOld) => "sheet-why-moment-too-old",
        Why::Hour => "sheet-why-hour",
        Why::Formula => "sheet-why-formula",
        Why::Mail => "sheet-why-mail",
        Why::Phone => "sheet-why-phone",
        Why::NoSuchName => "sheet-why-no-such-name",
        Why::NoSecretariat => "sheet-why-no-secretariat",
        Why::Backwards => "sheet-why-backwards",
        Why::TooLong { chars, chars_max } => {
            let arguments = [("chars", (*chars).into()), ("most", (*chars_max).into())];
            return words.tn("sheet-why-too-long", &arguments);
        }
        Why::Invisible { position } => {
            return words.tn("sheet-why-invisible", &[("position", (*position).into())]);
        }
        Why::Lost { position } => {
            return words.tn("sheet-why-lost", &[("position", (*position).into())]);
        }
        Why::Twice { row } => return words.tn("sheet-why-twice", &[("row", (*row).into())]),
        Why::TooLongShift { hours_max } => {
            return words.tn(
                "sheet-why-too-long-shift",
                &[("hours", (*hours_max).into())],
            );
        }
    };
    words.t(key).into_owned()
}
