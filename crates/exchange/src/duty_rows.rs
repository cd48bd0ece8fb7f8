//! The duty roster as rows of a table: a day, from when, until when, and who.
//!
//! Times are Japan's. An end that is not later than the beginning belongs to the following day, as
//! every night's turn is written.

use domain::roster::{Span, TURN_HOURS_MAX, Turn};
use domain::time::{DAY_SECONDS, Timestamp};
use jiff::civil::Date;

use crate::moment::{self, MomentError};
use crate::sheet::{Column, Fault, Row, Why};

/// Words of the columns, in order: day, from when, day of the end, until when, who.
pub const WORDS: [&str; 5] = ["day", "start", "end-day", "end", "person"];
/// Rows of one file: three turns a day for half a year.
pub const ROWS_MAX: usize = 600;
/// The mark of the template.
pub const MARK: &str = "noroshi:roster:1";

/// A turn as a row tells it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PlannedTurn {
    /// When.
    pub span: Span,
    /// The value of the choice in the column `person`.
    pub person: String,
}

/// The turn that `row` tells, read at `now`; or all that is wrong with it.
///
/// # Errors
/// One [`Fault`] per cell that cannot be taken.
pub fn turn(row: &Row, columns: &[Column], now: Timestamp) -> Result<PlannedTurn, Vec<Fault>> {
    let mut faults = Vec::new();
    let mut tell = |column: &'static str, why: Why| {
        faults.push(Fault {
            row: row.number,
            column,
            why,
        });
    };
    let cell = |word: &'static str, need: Need| match (row.oddity(word), row.cell(word)) {
        (Some(why), _) => Err((word, why)),
        (None, "") if need == Need::Required => Err((word, Why::Missing)),
        (None, text) => Ok(text),
    };
    let day = cell("day", Need::Required).and_then(|text| day(text, "day", now));
    let start = cell("start", Need::Required).and_then(|text| minutes(text, "start"));
    let end_day = cell("end-day", Need::Optional).and_then(|text| match text {
        "" => Ok(None),
        text => self::day(text, "end-day", now).map(Some),
    });
    let end = cell("end", Need::Required).and_then(|text| minutes(text, "end"));
    let person = cell("person", Need::Required).and_then(|text| {
        let column = columns.iter().find(|column| column.word == "person");
        column
            .and_then(|column| column.pick(text))
            .map(|pick| pick.value.clone())
            .ok_or(("person", Why::NotOffered))
    });
    let span = match (&day, &start, &end_day, &end) {
        (Ok(day), Ok(start), Ok(end_day), Ok(end)) => Some(span(*day, *start, *end_day, *end)),
        _ => None,
    };
    let told = [day.err(), start.err(), end_day.err(), end.err()];
    for (column, why) in told.into_iter().flatten() {
        tell(column, why);
    }
    if let Some(Err(why)) = &span {
        tell("end", why.clone());
    }
    match (span, person) {
        (Some(Ok(span)), Ok(person)) => return Ok(PlannedTurn { span, person }),
        (_, Err((column, why))) => tell(column, why),
        _ => {}
    }
    Err(faults)
}

/// The row that tells a turn of the person with the label `person`.
pub fn row(number: u32, turn: &Turn, person: &str) -> Row {
    let (day, start) = parts(turn.span.starts_at);
    let (end_day, end) = parts(turn.span.ends_at);
    let cells = [
        ("day", day.strftime("%Y/%m/%d").to_string()),
        ("start", start),
        ("end-day", end_day.strftime("%Y/%m/%d").to_string()),
        ("end", end),
        ("person", person.to_owned()),
    ];
    Row {
        number,
        cells: cells
            .into_iter()
            .map(|(word, text)| (word.to_owned(), text))
            .collect(),
    }
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Need {
    Required,
    Optional,
}

type Told<T> = Result<T, (&'static str, Why)>;

fn day(text: &str, word: &'static str, now: Timestamp) -> Told<Date> {
    moment::parse_day(text, now).map_err(|error| (word, Why::Moment(error)))
}

fn minutes(text: &str, word: &'static str) -> Told<i64> {
    moment::parse_minutes(text).map_err(|error: MomentError| {
        let why = match error {
            MomentError::NoSuchDay => Why::Moment(error),
            _ => Why::Hour,
        };
        (word, why)
    })
}

fn span(day: Date, start: i64, end_day: Option<Date>, end: i64) -> Result<Span, Why> {
    let at = |day: Date, minutes: i64| {
        Timestamp::start_of_day_in_japan(day).plus_seconds(minutes.saturating_mul(60))
    };
    let starts_at = at(day, start);
    let ends_at = match end_day {
        Some(end_day) => at(end_day, end),
        None if end <= start => at(day, end).plus_seconds(DAY_SECONDS),
        None => at(day, end),
    };
    let span = Span::new(starts_at, ends_at).ok_or(Why::Backwards)?;
    if span.is_too_long() {
        Err(Why::TooLongShift {
            hours_max: TURN_HOURS_MAX,
        })
    } else {
        Ok(span)
    }
}

fn parts(at: Timestamp) -> (Date, String) {
    let day = at.day_in_japan();
    let minutes = at.seconds_since(Timestamp::start_of_day_in_japan(day)) / 60;
    (day, format!("{}:{:02}", minutes / 60, minutes % 60))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sheet::Pick;
    use domain::id::{DutyId, MembershipId};

    /// 2026-11-21 00:00 in Japan.
    const NOW: Timestamp = Timestamp::from_seconds(1_795_186_800);

    fn columns() -> Vec<Column> {
        vec![Column {
            picks: vec![Pick {
                value: "mem_1".to_owned(),
                label: "山田 太郎（システム担当）".to_owned(),
                also: vec!["山田 太郎".to_owned()],
            }],
            ..Column::text("person", "担当者", vec![])
        }]
    }

    fn read(cells: [&str; 5]) -> Result<(i64, i64), Vec<(&'static str, Why)>> {
        let row = Row {
            number: 2,
            cells: WORDS
                .iter()
                .zip(cells)
                .filter(|(_, text)| !text.is_empty())
                .map(|(word, text)| ((*word).to_owned(), text.to_owned()))
                .collect(),
        };
        let hours = |at: Timestamp| at.seconds_since(NOW) / 3_600;
        turn(&row, &columns(), NOW)
            .map(|turn| (hours(turn.span.starts_at), hours(turn.span.ends_at)))
            .map_err(|faults| faults.into_iter().map(|f| (f.column, f.why)).collect())
    }

    #[test]
    fn turns_as_people_write_them() {
        for (cells, expected) in [
            (["2026/11/21", "9:00", "", "17:00", "山田太郎"], (9, 17)),
            (
                ["令和８年１１月２１日", "17時", "", "翌９時", "山田 太郎"],
                (17, 33),
            ),
            (["11/21", "17:00", "", "9:00", "mem_1"], (17, 33)),
            (["11/21", "17:00", "11/22", "9:00", "山田 太郎"], (17, 33)),
            (["11/20", "17:00", "", "33:00", "山田 太郎"], (-7, 9)),
            (["11/21", "0:00", "", "24:00", "山田 太郎"], (0, 24)),
            (["11/21", "9:00", "", "9:00", "山田 太郎"], (9, 33)),
            (
                ["1/2", "9:00", "", "next 9:00", "山田 太郎"],
                (42 * 24 + 9, 43 * 24 + 9),
            ),
        ] {
            assert_eq!(read(cells), Ok(expected), "{cells:?}");
        }
    }

    #[test]
    fn faults_are_told_at_their_cells() {
        for (cells, expected) in [
            (
                ["", "9:00", "", "17:00", "山田 太郎"],
                vec![("day", Why::Missing)],
            ),
            (
                ["11/21", "朝", "", "夕", "山田 太郎"],
                vec![("start", Why::Hour), ("end", Why::Hour)],
            ),
            (
                ["11/21", "9:00", "11/20", "17:00", "山田 太郎"],
                vec![("end", Why::Backwards)],
            ),
            (
                ["11/21", "9:00", "11/30", "9:00", "山田 太郎"],
                vec![("end", Why::TooLongShift { hours_max: 168 })],
            ),
            (
                ["11/21", "9:00", "", "17:00", "誰か"],
                vec![("person", Why::NotOffered)],
            ),
            (
                ["2/30", "9:99", "", "50:00", "山田 太郎"],
                vec![
                    ("day", Why::Moment(MomentError::NoSuchDay)),
                    ("start", Why::Moment(MomentError::NoSuchDay)),
                    ("end", Why::Moment(MomentError::NoSuchDay)),
                ],
            ),
        ] {
            assert_eq!(read(cells), Err(expected), "{cells:?}");
        }
    }

    #[test]
    fn what_was_exported_is_read_back() {
        let hour = |hours: i64| NOW.plus_seconds(hours * 3_600);
        let planned = Turn {
            id: DutyId::from_random([1; 16]),
            membership: MembershipId::from_random([2; 16]),
            span: Span::new(hour(17), hour(33)).unwrap(),
        };
        let row = row(2, &planned, "山田 太郎（システム担当）");
        assert_eq!(turn(&row, &columns(), NOW).unwrap().span, planned.span);
    }
}
