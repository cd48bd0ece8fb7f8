//! Times to act by, as authors type them: `2026/11/21 18:00`, full-width or with 年月日時分.
//!
//! A day alone means the end of that day in Japan. Unlike the moment of an incident, it may lie in
//! the future; how far is the domain's matter.

use domain::text::fold;
use domain::time::Timestamp;
use jiff::civil::date;
use jiff::tz::Offset;

/// Longest text that is looked at, in characters.
const TEXT_CHARS_MAX: usize = 40;
/// Japan keeps one offset all year.
const JAPAN: Offset = Offset::constant(9);

/// A text that is no time to act by.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("this is no time to act by; write it like 2026/11/21 18:00")]
pub struct DueError;

/// Reads `typed` as an instant in Japan time.
///
/// # Errors
/// [`DueError`] when it is not a year, month and day, with or without hour and minute, or when no
/// calendar has that day.
pub fn parse(typed: &str) -> Result<Timestamp, DueError> {
    if typed.chars().count() > TEXT_CHARS_MAX {
        return Err(DueError);
    }
    let text = fold(typed.trim());
    let is_known = |c: char| c.is_ascii_digit() || "-/.: t年月日時分".contains(c);
    if !text.chars().all(is_known) {
        return Err(DueError);
    }
    let numbers = text
        .split(|c: char| !c.is_ascii_digit())
        .filter(|piece| !piece.is_empty())
        .map(|piece| piece.parse::<i16>().map_err(|_| DueError))
        .collect::<Result<Vec<i16>, DueError>>()?;
    let (year, month, day, hour, minute) = match numbers.as_slice() {
        [year, month, day] => (*year, *month, *day, 23, 59),
        [year, month, day, hour] if text.contains('時') => (*year, *month, *day, *hour, 0),
        [year, month, day, hour, minute] => (*year, *month, *day, *hour, *minute),
        _ => return Err(DueError),
    };
    instant(year, [month, day, hour, minute])
}

fn instant(year: i16, rest: [i16; 4]) -> Result<Timestamp, DueError> {
    let small = |number: i16| i8::try_from(number).map_err(|_| DueError);
    let [month, day, hour, minute] = rest;
    let (month, day) = (small(month)?, small(day)?);
    let (hour, minute) = (small(hour)?, small(minute)?);
    let is_date = (2000..=2999).contains(&year)
        && jiff::civil::Date::new(year, month, day).is_ok()
        && (0..24).contains(&hour)
        && (0..60).contains(&minute);
    if !is_date {
        return Err(DueError);
    }
    let local = date(year, month, day).at(hour, minute, 0, 0);
    JAPAN
        .to_timestamp(local)
        .map(|at| Timestamp::from_micros(at.as_microsecond()))
        .map_err(|_| DueError)
}

/// `at` as [`parse`] reads it back: for forms that show what was set.
pub fn text(at: Timestamp) -> String {
    let local = JAPAN.to_datetime(at.to_jiff());
    local.strftime("%Y/%m/%d %H:%M").to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_are_read_as_people_write_them() {
        let six = parse("2026/11/21 18:00").unwrap();
        assert_eq!(text(six), "2026/11/21 18:00");
        for typed in [
            "2026-11-21 18:00",
            "2026-11-21T18:00",
            "２０２６／１１／２１　１８：００",
            "2026年11月21日 18時",
            "2026年11月21日18時00分",
            " 2026/11/21 18:00 ",
        ] {
            assert_eq!(parse(typed), Ok(six), "{typed}");
        }
        assert_eq!(text(parse("2026/2/3").unwrap()), "2026/02/03 23:59");
    }

    #[test]
    fn what_is_no_time_is_refused() {
        for typed in [
            "",
            "明日",
            "2026/13/01 00:00",
            "2026/02/30",
            "2026/11/21 24:00",
            "2026/11/21 18",
            "18:00",
            "99999/1/1",
            "2026/11/21 18:00 x",
            "1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 19",
        ] {
            assert_eq!(parse(typed), Err(DueError), "{typed}");
        }
    }
}
