//! Letters to users as rows of a table: the carrier's customer system gets them, and gives back what became
//! of each.
//!
//! INVARIANT: no fault holds what stands in a cell. The file comes back from a customer system, and a cell in
//! the wrong place may be an address or a name.

use domain::finding::LetterNews;
use domain::id::LetterId;
use domain::text::fold;
use domain::time::Timestamp;
use jiff::civil::Date;

use crate::moment;
use crate::sheet::{Column, Row, Why};

/// Words of the columns that are written, in order: the letter, the address, where lines share it the port,
/// the second of the last call, the server, what became of it, since when.
pub const WORDS: [&str; 7] = ["letter", "address", "port", "time", "server", "news", "day"];
/// Words of the columns that are read back. What stands in the others is passed over.
pub const READ_WORDS: [&str; 3] = ["letter", "news", "day"];
/// Rows of one file that is read back: each letter of five requests.
pub const ROWS_MAX: usize = 5_000;
/// The mark of the file for the customer system.
pub const MARK: &str = "noroshi:letters:1";

/// What a row says of a letter.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Told {
    /// Number of the row.
    pub row: u32,
    /// Which letter.
    pub letter: LetterId,
    /// What became of it.
    pub news: LetterNews,
    /// The day, in Japan.
    pub day: Date,
}

/// What is wrong with one cell.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fault {
    /// Number of the row.
    pub row: u32,
    /// Word of the column.
    pub column: &'static str,
    /// What is wrong.
    pub why: Wrong,
}

/// Why a cell was not taken.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Wrong {
    /// As in every table.
    #[error(transparent)]
    Cell(#[from] Why),
    /// No number of a letter.
    #[error("this is no number of a letter; copy it as it was written, ltr_ and 26 characters")]
    NoNumber,
}

/// What `row` says, read at `now`; `None` where nothing is said of the letter yet.
///
/// # Errors
/// One [`Fault`] per cell that cannot be taken.
pub fn told(row: &Row, columns: &[Column], now: Timestamp) -> Result<Option<Told>, Vec<Fault>> {
    if row.cell("news").is_empty() && row.cell("day").is_empty() {
        return Ok(None);
    }
    let letter = cell(row, "letter").and_then(|text| number(text).ok_or(Wrong::NoNumber));
    let news = cell(row, "news").and_then(|text| {
        let column = columns.iter().find(|column| column.word == "news");
        let pick = column.and_then(|column| column.pick(text));
        let news = pick.and_then(|pick| pick.value.parse().ok());
        news.ok_or(Wrong::Cell(Why::NotOffered))
    });
    let day = cell(row, "day").and_then(|text| {
        let (at, _) = moment::parse(text, now).map_err(Why::Moment)?;
        Ok(at.day_in_japan())
    });
    match (letter, news, day) {
        (Ok(letter), Ok(news), Ok(day)) => Ok(Some(Told {
            row: row.number,
            letter,
            news,
            day,
        })),
        (letter, news, day) => {
            let wrong = [letter.err(), news.err(), day.err()];
            let faults = READ_WORDS.iter().zip(wrong).filter_map(|(column, why)| {
                why.map(|why| Fault {
                    row: row.number,
                    column,
                    why,
                })
            });
            Err(faults.collect())
        }
    }
}

fn cell<'r>(row: &'r Row, word: &str) -> Result<&'r str, Wrong> {
    match (row.oddity(word), row.cell(word)) {
        (Some(why), _) => Err(why.into()),
        (None, "") => Err(Why::Missing.into()),
        (None, text) => Ok(text),
    }
}

/// The number of a letter as people copy it: in full width, in capitals, with blanks and signs around.
fn number(text: &str) -> Option<LetterId> {
    let is_letter = |letter: &char| letter.is_ascii_alphanumeric() || *letter == '_';
    let plain: String = fold(text).chars().filter(is_letter).collect();
    plain.parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::moment::MomentError;
    use crate::sheet::{self, Pick};

    /// 2026-11-21 00:00 in Japan.
    const NOW: Timestamp = Timestamp::from_seconds(1_795_186_800);

    fn columns() -> Vec<Column> {
        let picks = [("cured", "対処済み"), ("uncured", "対処が済んでいない")];
        let news = Column {
            picks: picks
                .map(|(value, label)| Pick {
                    value: value.to_owned(),
                    label: label.to_owned(),
                    also: vec!["not cured".to_owned()],
                })
                .into(),
            ..Column::text("news", "結果", vec![])
        };
        vec![
            Column::text("letter", "通知番号", vec![]),
            news,
            Column::text("day", "年月日", vec![]),
        ]
    }

    fn read(text: &str) -> Result<Vec<Told>, Vec<Fault>> {
        let table = sheet::read(text.as_bytes(), &columns(), ROWS_MAX).unwrap();
        let (mut all, mut faults) = (Vec::new(), Vec::new());
        for row in &table.rows {
            match told(row, &columns(), NOW) {
                Ok(one) => all.extend(one),
                Err(wrong) => faults.extend(wrong),
            }
        }
        if faults.is_empty() {
            Ok(all)
        } else {
            Err(faults)
        }
    }

    #[test]
    fn a_row_as_people_and_spreadsheets_write_it() {
        let id = LetterId::from_random([7; 16]);
        let wide: String = id
            .to_string()
            .to_uppercase()
            .chars()
            .map(|letter| match letter {
                '0'..='9' => char::from_u32(u32::from(letter) + 0xfee0).unwrap(),
                other => other,
            })
            .collect();
        for (number, day) in [
            (id.to_string(), "2026/11/20"),
            (wide, "令和８年１１月２０日"),
            (format!(" {id}"), "R8.11.20"),
            (id.to_string(), "11/20"),
            (id.to_string(), "昨日"),
        ] {
            let text =
                format!("通知番号,アドレス,結果,年月日\n{number},198.51.100.7,対処済み,{day}\n");
            let told = read(&text).unwrap();
            assert_eq!(told.len(), 1, "{day}");
            assert_eq!((told[0].letter, told[0].news), (id, LetterNews::Cured));
            assert_eq!(told[0].day, Date::new(2026, 11, 20).unwrap(), "{day}");
        }
    }

    #[test]
    fn a_row_of_which_nothing_is_said_is_passed_over() {
        assert_eq!(read("通知番号,結果,年月日\nltr_1,,\n"), Ok(vec![]));
    }

    #[test]
    fn every_fault_of_a_row_is_told_and_no_cell_is_repeated() {
        let faults = read("通知番号,結果,年月日\n198.51.100.7,治療中,2031/1/1\n,対処済み,\n");
        let faults = faults.unwrap_err();
        let told: Vec<_> = faults.iter().map(|one| (one.row, one.column)).collect();
        let expected = [
            (2, "letter"),
            (2, "news"),
            (2, "day"),
            (3, "letter"),
            (3, "day"),
        ];
        assert_eq!(told, expected);
        assert_eq!(faults[2].why, Wrong::Cell(Why::Moment(MomentError::Future)));
        for fault in &faults {
            let text = format!("{fault:?} {}", fault.why);
            assert!(!text.contains("198.51"), "{text}");
            assert!(!text.contains("治療"), "{text}");
        }
    }
}
