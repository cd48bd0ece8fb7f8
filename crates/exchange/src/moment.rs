//! Dates and times as people type them: `2026/11/21 3:12`, `R8.11.21`, `令和8年11月21日`, `昨日 14時`.
//!
//! Full-width digits and signs are read like half-width ones, and a time without a date is never
//! guessed at. Everything is Japan time. What was not written is not made up: a day alone stays a
//! day. A moment has passed ([`parse`]); a time to act by lies ahead ([`parse_due`]).

use domain::part::field::Precision;
use domain::time::{DAY_SECONDS, Timestamp};
use jiff::civil::{Date, DateTime, Time};
use jiff::tz::Offset;

/// When something happened, and how exactly that is known.
pub type Moment = (Timestamp, Precision);

/// Why a text is no moment.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum MomentError {
    /// It cannot be read at all.
    #[error("this is no date; write it like 2026/11/21 3:12, R8.11.21 or 令和8年11月21日")]
    Unreadable,
    /// It reads like a date that no calendar has.
    #[error("no calendar has this day or hour; check the numbers")]
    NoSuchDay,
    /// It lies in the future.
    #[error("this lies in the future; check the year")]
    Future,
    /// It lies further back than any system this is about.
    #[error("this lies before 1990; check the year")]
    TooOld,
}

/// Longest text that is looked at, in characters.
const TEXT_CHARS_MAX: usize = 60;
/// How far a clock may run ahead before a time counts as future, in seconds.
const AHEAD_SECONDS_MAX: i64 = 15 * 60;
/// First year that is believed.
const YEAR_MIN: i16 = 1990;
/// Japan keeps one offset all year.
const JAPAN: Offset = Offset::constant(9);

/// Reads `typed` as a moment before `now`.
///
/// # Errors
/// [`MomentError`] says what to do.
pub fn parse(typed: &str, now: Timestamp) -> Result<Moment, MomentError> {
    let text = plain(typed)?;
    let (date, rest) = read_date(&text, now, Nearest::Past)?;
    finish(date, read_clock(rest)?, now)
}

/// Reads `typed` as a clock time of the day `day`; an empty text is the day itself.
///
/// # Errors
/// As [`parse`].
pub fn parse_clock(typed: &str, day: Date, now: Timestamp) -> Result<Moment, MomentError> {
    let text = plain(typed).or_else(|error| {
        if typed.trim().is_empty() {
            Ok(String::new())
        } else {
            Err(error)
        }
    })?;
    finish(day, read_clock(&text)?, now)
}

/// Reads `typed` as a time to act by: as [`parse`] reads moments, but it may lie ahead. A day alone
/// means the end of that day. How far ahead it may lie is the domain's matter.
///
/// # Errors
/// [`MomentError::Unreadable`], [`MomentError::NoSuchDay`] and [`MomentError::TooOld`].
pub fn parse_due(typed: &str, now: Timestamp) -> Result<Timestamp, MomentError> {
    let text = plain(typed)?;
    let (date, rest) = read_date(&text, now, Nearest::Ahead)?;
    let (at, precision) = instant(date, read_clock(rest)?)?;
    Ok(match precision {
        Precision::Day => at.plus_seconds(DAY_SECONDS - 60),
        Precision::Hour | Precision::Minute | Precision::Month => at,
    })
}

/// Reads `typed` as a day of a plan, that may lie ahead or behind. Month and day alone are the
/// closest to today.
///
/// # Errors
/// [`MomentError::Unreadable`], [`MomentError::NoSuchDay`] and [`MomentError::TooOld`].
pub fn parse_day(typed: &str, now: Timestamp) -> Result<Date, MomentError> {
    let text = plain(typed)?;
    let (day, rest) = read_date(&text, now, Nearest::Either)?;
    match read_clock(rest)? {
        Clock::None if day.year() < YEAR_MIN => Err(MomentError::TooOld),
        Clock::None | Clock::Hour(0) | Clock::Minute(0, 0) => Ok(day),
        Clock::Hour(_) | Clock::Minute(..) => Err(MomentError::Unreadable),
    }
}

/// Reads `typed` as a time of day of a plan, in minutes from the beginning of the day. What belongs
/// to the following day is written `翌9:00`, `next 9:00` or `33:00`.
///
/// # Errors
/// [`MomentError::Unreadable`] and [`MomentError::NoSuchDay`], for hours beyond the following day.
pub fn parse_minutes(typed: &str) -> Result<i64, MomentError> {
    const DAY_MINUTES: i64 = 1_440;
    let text = plain(typed)?;
    let following = text
        .strip_prefix("翌日")
        .or(text.strip_prefix('翌'))
        .or(text.strip_prefix("next"));
    let (clock, days) = match following {
        Some(rest) => (read_clock(rest)?, 1),
        None => (read_clock(&text)?, 0),
    };
    let (hour, minute) = match clock {
        Clock::None => return Err(MomentError::Unreadable),
        Clock::Hour(hour) => (hour, 0),
        Clock::Minute(hour, minute) => (hour, minute),
    };
    let minutes = i64::from(hour) * 60 + i64::from(minute) + days * DAY_MINUTES;
    if (0..60).contains(&minute) && (0..=2 * DAY_MINUTES).contains(&minutes) {
        Ok(minutes)
    } else {
        Err(MomentError::NoSuchDay)
    }
}

/// `at` as [`parse_due`] reads it back, `2026/11/21 18:00`: for forms that show what was set.
pub fn due_text(at: Timestamp) -> String {
    let local = JAPAN.to_datetime(at.to_jiff());
    local.strftime("%Y/%m/%d %H:%M").to_string()
}

/// Half-width, without the blanks around.
fn plain(typed: &str) -> Result<String, MomentError> {
    if typed.chars().count() > TEXT_CHARS_MAX {
        return Err(MomentError::Unreadable);
    }
    let folded = domain::text::fold(typed);
    let text = folded.trim().to_owned();
    if text.is_empty() {
        return Err(MomentError::Unreadable);
    }
    Ok(text)
}

/// Hour and minute, as far as they were written.
#[derive(Clone, Copy)]
enum Clock {
    None,
    Hour(i8),
    Minute(i8, i8),
}

/// On which side of today a month and day without a year are looked for.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Nearest {
    Past,
    Ahead,
    Either,
}

fn finish(day: Date, clock: Clock, now: Timestamp) -> Result<Moment, MomentError> {
    let (at, precision) = instant(day, clock)?;
    if at.seconds_since(now) > AHEAD_SECONDS_MAX {
        return Err(MomentError::Future);
    }
    Ok((at, precision))
}

fn instant(day: Date, clock: Clock) -> Result<Moment, MomentError> {
    let (hour, minute, precision) = match clock {
        Clock::None => (0, 0, Precision::Day),
        Clock::Hour(hour) => (hour, 0, Precision::Hour),
        Clock::Minute(hour, minute) => (hour, minute, Precision::Minute),
    };
    let time = Time::new(hour, minute, 0, 0).map_err(|_| MomentError::NoSuchDay)?;
    if day.year() < YEAR_MIN {
        return Err(MomentError::TooOld);
    }
    let at = JAPAN
        .to_timestamp(DateTime::from_parts(day, time))
        .map_err(|_| MomentError::NoSuchDay)?;
    Ok((Timestamp::from_micros(at.as_microsecond()), precision))
}

/// The date at the start of `text`, and what follows it.
fn read_date(text: &str, now: Timestamp, side: Nearest) -> Result<(Date, &str), MomentError> {
    let today = now.day_in_japan();
    for (word, days) in DAY_WORDS {
        if let Some(rest) = text.strip_prefix(word) {
            let day = today
                .checked_add(jiff::Span::new().days(days))
                .map_err(|_| MomentError::NoSuchDay)?;
            return Ok((day, rest));
        }
    }
    let (era, text) = read_era(text);
    let (first, rest) = read_year(text, era).ok_or(MomentError::Unreadable)?;
    let rest = separator(rest).ok_or(MomentError::Unreadable)?;
    let (second, rest) = number(rest).ok_or(MomentError::Unreadable)?;
    let Some((third, rest)) = separator(rest).and_then(number) else {
        // Month and day alone: this year's, or the year's in which it lies on the right side.
        return if era.is_none() && first <= 12 {
            Ok((nearest(today, first, second, side)?, end_of_day_word(rest)))
        } else {
            Err(MomentError::Unreadable)
        };
    };
    let year = match era {
        Some(before_first) => before_first.saturating_add(first),
        // 21/11/2026 is not read: day and month would be a guess.
        None if first >= 1_000 => first,
        None => return Err(MomentError::Unreadable),
    };
    Ok((day(year, second, third)?, end_of_day_word(rest)))
}

fn day(year: i16, month: i16, day: i16) -> Result<Date, MomentError> {
    let small = |number: i16| i8::try_from(number).map_err(|_| MomentError::NoSuchDay);
    Date::new(year, small(month)?, small(day)?).map_err(|_| MomentError::NoSuchDay)
}

fn nearest(today: Date, month: i16, of_month: i16, side: Nearest) -> Result<Date, MomentError> {
    let this_year = day(today.year(), month, of_month);
    match (side, this_year) {
        (Nearest::Past, Ok(found)) if found <= today => Ok(found),
        (Nearest::Ahead, Ok(found)) if found >= today => Ok(found),
        (Nearest::Either, _) => closest(today, month, of_month),
        (Nearest::Past, _) => day(today.year() - 1, month, of_month),
        (Nearest::Ahead, _) => day(today.year() + 1, month, of_month),
    }
}

fn closest(today: Date, month: i16, of_month: i16) -> Result<Date, MomentError> {
    let distance = |found: &Date| {
        today
            .until(*found)
            .map_or(i32::MAX, |far| far.get_days().abs())
    };
    (-1..=1)
        .filter_map(|years| day(today.year() + years, month, of_month).ok())
        .min_by_key(distance)
        .ok_or(MomentError::NoSuchDay)
}

/// Words for days, and how many days from today each lies.
const DAY_WORDS: [(&str, i64); 11] = [
    ("今日", 0),
    ("本日", 0),
    ("today", 0),
    ("明日", 1),
    ("tomorrow", 1),
    ("明後日", 2),
    ("あさって", 2),
    ("昨日", -1),
    ("yesterday", -1),
    ("一昨日", -2),
    ("おととい", -2),
];

/// Eras by name and letter, and the year before each began. A new era is one more row.
const ERAS: [(&str, &str, i16); 2] = [("令和", "r", 2018), ("平成", "h", 1988)];

/// The year before the era that `text` begins with, and what follows its name.
fn read_era(text: &str) -> (Option<i16>, &str) {
    for (name, letter, before_first) in ERAS {
        let rest = text
            .strip_prefix(name)
            .or_else(|| text.strip_prefix(letter));
        if let Some(rest) = rest {
            let rest = rest.trim_start().trim_start_matches('.').trim_start();
            return (Some(before_first), rest);
        }
    }
    (None, text)
}

/// The year, or `元` in an era; without an era, whatever number comes first.
fn read_year(text: &str, era: Option<i16>) -> Option<(i16, &str)> {
    match (era, text.strip_prefix('元')) {
        (Some(_), Some(rest)) => Some((1, rest)),
        _ => number(text),
    }
}

fn number(text: &str) -> Option<(i16, &str)> {
    let text = text.trim_start();
    let end = text
        .find(|letter: char| !letter.is_ascii_digit())
        .unwrap_or(text.len());
    let (digits, rest) = text.split_at_checked(end)?;
    Some((digits.parse().ok()?, rest))
}

/// What follows one separator of a date; `None` when there is none.
fn separator(text: &str) -> Option<&str> {
    let text = text.trim_start();
    text.strip_prefix(['/', '-', '.', '年', '月'])
}

/// What follows the day: `日` and a day of the week in brackets are passed over.
fn end_of_day_word(text: &str) -> &str {
    let text = text.trim_start();
    let text = text.strip_prefix('日').unwrap_or(text).trim_start();
    match text.strip_prefix('(').and_then(|rest| rest.split_once(')')) {
        Some((weekday, rest)) if weekday.chars().count() <= 3 => rest,
        _ => text,
    }
}

/// The clock time that `text` consists of.
fn read_clock(text: &str) -> Result<Clock, MomentError> {
    let text = text.trim().trim_end_matches("jst").trim_end();
    let text = text
        .strip_suffix('頃')
        .or(text.strip_suffix("ごろ"))
        .unwrap_or(text);
    let text = text.strip_prefix('t').unwrap_or(text);
    if text.is_empty() {
        return Ok(Clock::None);
    }
    let (text, noon) = read_half(text);
    let (hour, rest) = number(text).ok_or(MomentError::Unreadable)?;
    let hour = match noon {
        Half::Full => hour,
        Half::Morning | Half::Afternoon if hour > 12 => return Err(MomentError::NoSuchDay),
        Half::Morning => hour % 12,
        Half::Afternoon => hour % 12 + 12,
    };
    let small = |number: i16| i8::try_from(number).map_err(|_| MomentError::NoSuchDay);
    let hour = small(hour)?;
    let rest = rest.trim_start();
    let Some(rest) = rest.strip_prefix([':', '時']) else {
        return Err(MomentError::Unreadable);
    };
    match rest.trim() {
        "" => Ok(Clock::Hour(hour)),
        "半" => Ok(Clock::Minute(hour, 30)),
        rest => {
            let (minute, rest) = number(rest).ok_or(MomentError::Unreadable)?;
            // Seconds are read and let go: nobody knows them.
            let rest = rest
                .trim_start_matches('分')
                .trim_start_matches(|letter: char| {
                    letter == ':' || letter == '秒' || letter.is_ascii_digit()
                });
            if rest.trim().is_empty() {
                Ok(Clock::Minute(hour, small(minute)?))
            } else {
                Err(MomentError::Unreadable)
            }
        }
    }
}

/// Which half of the day an hour belongs to.
#[derive(Clone, Copy)]
enum Half {
    Full,
    Morning,
    Afternoon,
}

fn read_half(text: &str) -> (&str, Half) {
    for (word, half) in [("午前", Half::Morning), ("午後", Half::Afternoon)] {
        if let Some(rest) = text.strip_prefix(word) {
            return (rest, half);
        }
    }
    for (word, half) in [("am", Half::Morning), ("pm", Half::Afternoon)] {
        if let Some(rest) = text.strip_suffix(word) {
            return (rest.trim_end(), half);
        }
    }
    (text, Half::Full)
}

#[cfg(test)]
mod tests;
