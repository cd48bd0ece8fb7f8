//! Near misses as rows of a table: the six answers of the page, one column each.

use std::collections::BTreeSet;

use domain::part::field::LINE_CHARS_MAX;
use domain::report::near_miss::NearMiss;
use domain::text::{BoundedText, TextError, nfkc};
use domain::time::Timestamp;
use domain::word::Code;

use crate::moment::{self, Moment};
use crate::sheet::{Column, Fault, Row, Why};

/// Words of the columns, in order: what, when, where, why no harm, one line, how far it may travel.
pub const WORDS: [&str; 6] = ["kind", "when", "place", "reason", "line", "scope"];
/// Rows of one file. A source without a name gets a mailbox per row, and stretching the code of each
/// takes a good part of a second on purpose.
pub const ROWS_MAX: usize = 50;
/// What the template's mark begins with; the key of the file follows.
pub const MARK: &str = "noroshi:near-miss:1:";

/// Words that say that it is not known.
const UNKNOWN: [&str; 4] = ["不明", "分からない", "わからない", "unknown"];

/// The near miss that `row` tells, at `now`; or all that is wrong with it.
///
/// # Errors
/// One [`Fault`] per cell that cannot be taken.
pub fn near_miss(row: &Row, columns: &[Column], now: Timestamp) -> Result<NearMiss, Vec<Fault>> {
    let mut reading = Reading {
        row,
        columns,
        faults: Vec::new(),
    };
    let kind = reading.one("kind");
    if kind.is_none() {
        reading.require("kind");
    }
    let scope = reading.one("scope").and_then(|word| word.parse().ok());
    if scope.is_none() {
        reading.require("scope");
    }
    let occurred_at = reading.moment("when", now);
    let places = reading.several("place");
    let no_harm_reason = reading.one("reason").and_then(|word| word.parse().ok());
    let line = reading.line("line");
    let faults = reading.faults;
    match (kind.and_then(|word| word.parse().ok()), scope) {
        (Some(kind), Some(scope)) if faults.is_empty() => Ok(NearMiss {
            kind,
            occurred_at,
            places,
            no_harm_reason,
            line,
            scope,
        }),
        _ => Err(faults),
    }
}

/// What a row says, for telling whether it was sent before: equal when and only when the same cells
/// say the same.
pub fn content(row: &Row) -> Vec<u8> {
    let mut text = Vec::new();
    for word in WORDS {
        let cell = nfkc(row.cell(word));
        text.extend_from_slice(&cell.len().to_le_bytes());
        text.extend_from_slice(cell.as_bytes());
    }
    text
}

struct Reading<'r> {
    row: &'r Row,
    columns: &'r [Column],
    faults: Vec<Fault>,
}

impl<'r> Reading<'r> {
    /// What stands in the cell; nothing when it is blank or cannot be a text.
    fn cell(&mut self, word: &'static str) -> Option<&'r str> {
        if let Some(why) = self.row.oddity(word) {
            self.tell(word, why);
            return None;
        }
        Some(self.row.cell(word)).filter(|text| !text.is_empty())
    }

    fn tell(&mut self, column: &'static str, why: Why) {
        self.faults.push(Fault {
            row: self.row.number,
            column,
            why,
        });
    }

    fn require(&mut self, word: &'static str) {
        if !self.faults.iter().any(|fault| fault.column == word) {
            self.tell(word, Why::Missing);
        }
    }

    fn one(&mut self, word: &'static str) -> Option<String> {
        self.values(word).into_iter().next()
    }

    fn several(&mut self, word: &'static str) -> BTreeSet<Code> {
        let values = self.values(word);
        values
            .iter()
            .filter_map(|value| value.parse().ok())
            .collect()
    }

    /// What is chosen; nothing, and a fault, when one of it is not offered.
    fn values(&mut self, word: &'static str) -> Vec<String> {
        let Some(text) = self.cell(word) else {
            return Vec::new();
        };
        let column = self.columns.iter().find(|column| column.word == word);
        let picked = column.into_iter().flat_map(|column| column.picked(text));
        let values: Vec<String> = picked.map(|pick| pick.value.clone()).collect();
        if values.is_empty() {
            self.tell(word, Why::NotOffered);
        }
        values
    }

    fn moment(&mut self, word: &'static str, now: Timestamp) -> Option<Moment> {
        let text = self.cell(word)?;
        if UNKNOWN.contains(&nfkc(text).to_lowercase().as_str()) {
            return None;
        }
        match moment::parse(text, now) {
            Ok(at) => Some(at),
            Err(error) => {
                self.tell(word, Why::Moment(error));
                None
            }
        }
    }

    fn line(&mut self, word: &'static str) -> Option<BoundedText<LINE_CHARS_MAX>> {
        let text = self.cell(word)?;
        match BoundedText::parse_optional(text) {
            Ok(line) => line,
            Err(error) => {
                self.tell(word, text_fault(&error));
                None
            }
        }
    }
}

/// What a refused text is told as.
pub(crate) fn text_fault(error: &TextError) -> Why {
    match error {
        TextError::Empty => Why::Missing,
        TextError::TooLong { chars, chars_max } => Why::TooLong {
            chars: *chars,
            chars_max: *chars_max,
        },
        TextError::Invisible { position, .. } => Why::Invisible {
            position: *position,
        },
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sheet::{Most, Pick};
    use domain::report::near_miss::Scope;

    /// 2026-11-21 00:00 in Japan.
    const NOW: Timestamp = Timestamp::from_seconds(1_795_186_800);

    fn columns() -> Vec<Column> {
        let picked = |word: &'static str, most, choices: &[(&str, &str)]| Column {
            picks: choices
                .iter()
                .map(|(value, label)| Pick {
                    value: (*value).to_owned(),
                    label: (*label).to_owned(),
                    also: vec![],
                })
                .collect(),
            most,
            ..Column::text(word, word, vec![])
        };
        vec![
            picked("kind", Most::One, &[("slip", "操作の誤り")]),
            Column::text("when", "when", vec![]),
            picked(
                "place",
                Most::Several,
                &[("it", "情報系"), ("ot", "制御系・現場")],
            ),
            picked("reason", Most::One, &[("person-noticed", "人が気付いた")]),
            Column::text("line", "line", vec![]),
            picked("scope", Most::One, &[("named", "事務局には知らせる")]),
        ]
    }

    fn read(cells: &[(&str, &str)]) -> Result<NearMiss, Vec<(&'static str, Why)>> {
        let row = Row {
            number: 3,
            cells: cells
                .iter()
                .map(|(word, text)| ((*word).to_owned(), (*text).to_owned()))
                .collect(),
        };
        near_miss(&row, &columns(), NOW)
            .map_err(|faults| faults.into_iter().map(|f| (f.column, f.why)).collect())
    }

    #[test]
    fn a_row_as_people_write_it() {
        let told = read(&[
            ("kind", "操作の誤り"),
            ("when", "令和８年１１月２０日　１４時"),
            ("place", "情報系、制御系・現場"),
            ("reason", "人が気付いた"),
            ("line", "宛先を誤った"),
            ("scope", "事務局には知らせる"),
        ])
        .unwrap();
        assert_eq!(told.places.len(), 2);
        assert_eq!(told.scope, Scope::Named);
        assert_eq!(told.occurred_at.unwrap().0.day_in_japan().day(), 20);
        let bare = read(&[("kind", "slip"), ("when", "不明"), ("scope", "named")]).unwrap();
        assert_eq!(bare.occurred_at, None);
    }

    #[test]
    fn every_fault_of_a_row_is_told_at_once() {
        let faults = read(&[
            ("when", "先週"),
            ("place", "情報系、月"),
            ("reason", "#REF!"),
            ("line", &"あ".repeat(LINE_CHARS_MAX + 1)),
            ("scope", "みんな"),
        ])
        .unwrap_err();
        let told: Vec<&str> = faults.iter().map(|(column, _)| *column).collect();
        assert_eq!(told, ["kind", "scope", "when", "place", "reason", "line"]);
        assert_eq!(faults[0].1, Why::Missing);
        assert_eq!(faults[1].1, Why::NotOffered);
        assert_eq!(faults[4].1, Why::Formula);
        assert!(matches!(faults[5].1, Why::TooLong { .. }));
    }

    #[test]
    fn content_is_that_of_the_cells() {
        let row = |text: &str| Row {
            number: 2,
            cells: [("line".to_owned(), text.to_owned())].into(),
        };
        assert_eq!(content(&row("ＡＢ")), content(&row("AB")));
        assert_ne!(content(&row("A")), content(&row("B")));
    }
}
