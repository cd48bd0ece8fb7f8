//! Times as people read them: Japan time first, UTC beside it, the zone always written.
//!
//! Stored times are UTC; Japan has kept UTC+9 without summer time since 1952, so the offset is
//! fixed here and no zone database is needed.

use domain::time::Timestamp;
use jiff::civil::{Date, DateTime, Weekday};
use jiff::tz::Offset;

use crate::html::Html;
use crate::words::{Argument, Language, Words};

mod era;

pub use era::Era;

/// Something that stands for one moment: lets a template pass a time or a reference to it.
pub trait At {
    /// The moment.
    fn at(&self) -> Timestamp;
}

impl At for Timestamp {
    fn at(&self) -> Timestamp {
        *self
    }
}

impl<T: At + ?Sized> At for &T {
    fn at(&self) -> Timestamp {
        (**self).at()
    }
}

/// `at` for a page: `2026年11月21日（土） 03:12 JST`, with the same moment in UTC in small text.
pub fn moment(at: Timestamp, words: Words) -> Html {
    let mut html = jst_time(at, words);
    html.markup(" <small class=\"utc\">");
    html.text(&utc(at, words)).markup("</small>");
    html
}

/// `at` in Japan time as `<time>`, without UTC beside it.
pub fn jst_time(at: Timestamp, words: Words) -> Html {
    let mut html = Html::new();
    html.markup("<time datetime=\"")
        .text(&iso(at))
        .markup("\">");
    html.text(&jst(at, words)).markup("</time>");
    html
}

/// `at` for plain text, in Japan time: `2026年11月21日（土） 03:12 JST`, `21 Nov 2026 03:12 JST`.
pub fn jst(at: Timestamp, words: Words) -> String {
    let local = in_japan(at);
    let date = day(local.date(), words);
    format!("{date} {:02}:{:02} JST", local.hour(), local.minute())
}

/// `at` for plain text, in UTC without the year: `11月20日 18:12 UTC`, `20 Nov 18:12 UTC`.
pub fn utc(at: Timestamp, words: Words) -> String {
    let universal = in_zone(at, Offset::UTC);
    let (hour, minute) = (universal.hour(), universal.minute());
    match words.language() {
        Language::Ja => {
            format!(
                "{}月{}日 {hour:02}:{minute:02} UTC",
                universal.month(),
                universal.day()
            )
        }
        Language::En => {
            let month = month_name(universal.date());
            format!("{} {month} {hour:02}:{minute:02} UTC", universal.day())
        }
    }
}

/// The day of `at` in Japan for a page, as `<time>`: `2026年11月21日（土）`, `21 Nov 2026`.
pub fn date(at: Timestamp, words: Words) -> Html {
    let local = in_japan(at).date();
    let mut html = Html::new();
    html.markup("<time datetime=\"")
        .text(&local.to_string())
        .markup("\">");
    html.text(&day(local, words)).markup("</time>");
    html
}

/// The day of `at` in Japan, for plain text: `2026年11月21日（土）`, `21 Nov 2026`.
pub fn day_text(at: Timestamp, words: Words) -> String {
    day(in_japan(at).date(), words)
}

/// The month of `at` in Japan, for plain text: `2026年11月`, `Nov 2026`.
pub fn month_text(at: Timestamp, words: Words) -> String {
    let local = in_japan(at).date();
    match words.language() {
        Language::Ja => format!("{}年{}月", local.year(), local.month()),
        Language::En => format!("{} {}", month_name(local), local.year()),
    }
}

/// The clock time of `at` in Japan: `03:12`. For rows that stand under their date.
pub fn hour(at: Timestamp) -> String {
    let local = in_japan(at);
    format!("{:02}:{:02}", local.hour(), local.minute())
}

/// The day of `at` in Japan by era, as official forms write it: `令和8年11月21日`, in English
/// `21 Nov Reiwa 8`. A day before the era table begins is written by the Gregorian year.
pub fn era_date(at: Timestamp, words: Words) -> String {
    let local = in_japan(at).date();
    let Some((era, year)) = Era::of(local) else {
        return day(local, words);
    };
    match words.language() {
        Language::Ja => {
            let year = if year == 1 {
                "元".to_owned()
            } else {
                year.to_string()
            };
            format!("{}{year}年{}月{}日", era.ja, local.month(), local.day())
        }
        Language::En => {
            format!("{} {} {} {year}", local.day(), month_name(local), era.en)
        }
    }
}

/// How long ago `at` was, or how long until it comes: `3分前`, `in 2 days`. Only ever an addition
/// to a written time, since it is wrong on a page that stays open.
pub fn age(at: Timestamp, now: Timestamp, words: Words) -> String {
    const MINUTE: i64 = 60;
    const HOUR: i64 = 60 * MINUTE;
    const DAY: i64 = 24 * HOUR;
    let seconds = now.seconds_since(at);
    let count = |unit: i64| [("count", Argument::Number(seconds.abs() / unit))];
    match (seconds.abs(), seconds < 0) {
        (0..MINUTE, _) => words.t("clock-now").into_owned(),
        (MINUTE..HOUR, false) => words.tn("clock-minutes-ago", &count(MINUTE)),
        (MINUTE..HOUR, true) => words.tn("clock-in-minutes", &count(MINUTE)),
        (HOUR..DAY, false) => words.tn("clock-hours-ago", &count(HOUR)),
        (HOUR..DAY, true) => words.tn("clock-in-hours", &count(HOUR)),
        (_, false) => words.tn("clock-days-ago", &count(DAY)),
        (_, true) => words.tn("clock-in-days", &count(DAY)),
    }
}

/// The Japanese fiscal year (April to March) that `at` falls in, by its first calendar year.
pub fn fiscal_year(at: Timestamp) -> i16 {
    let local = in_japan(at);
    if local.month() >= 4 {
        local.year()
    } else {
        local.year() - 1
    }
}

/// `year` as a fiscal year: `2026年度`, `FY2026`.
pub fn fiscal_year_name(year: i16, words: Words) -> String {
    words.tn(
        "clock-fiscal-year",
        &[("year", Argument::from(year.to_string()))],
    )
}

/// RFC 3339 in UTC with seconds: `2026-11-20T18:12:00Z`.
pub fn iso(at: Timestamp) -> String {
    let universal = in_zone(at, Offset::UTC);
    format!("{}Z", universal.strftime("%Y-%m-%dT%H:%M:%S"))
}

/// Value of a `datetime-local` input, in Japan time: `2026-11-21T03:12`.
pub fn input_value(at: Timestamp) -> String {
    in_japan(at).strftime("%Y-%m-%dT%H:%M").to_string()
}

/// Month and day of `at` in Japan, for axes: `11/21`, `21 Nov`.
pub fn short_day(at: Timestamp, words: Words) -> String {
    let local = in_japan(at).date();
    match words.language() {
        Language::Ja => format!("{}/{}", local.month(), local.day()),
        Language::En => format!("{} {}", local.day(), month_name(local)),
    }
}

/// Month, day and clock time of `at` in Japan, where room is scarce: `11/21 03:12`, `21 Nov 03:12`.
pub fn short_moment(at: Timestamp, words: Words) -> String {
    format!("{} {}", short_day(at, words), hour(at))
}

fn day(date: Date, words: Words) -> String {
    let (year, month, day) = (date.year(), date.month(), date.day());
    match words.language() {
        Language::Ja => format!("{year}年{month}月{day}日（{}）", weekday_ja(date.weekday())),
        Language::En => format!("{day} {} {year}", month_name(date)),
    }
}

fn in_japan(at: Timestamp) -> DateTime {
    in_zone(at, Offset::constant(9))
}

fn in_zone(at: Timestamp, offset: Offset) -> DateTime {
    offset.to_datetime(at.to_jiff())
}

fn weekday_ja(weekday: Weekday) -> char {
    match weekday {
        Weekday::Sunday => '日',
        Weekday::Monday => '月',
        Weekday::Tuesday => '火',
        Weekday::Wednesday => '水',
        Weekday::Thursday => '木',
        Weekday::Friday => '金',
        Weekday::Saturday => '土',
    }
}

fn month_name(date: Date) -> &'static str {
    match date.month() {
        1 => "Jan",
        2 => "Feb",
        3 => "Mar",
        4 => "Apr",
        5 => "May",
        6 => "Jun",
        7 => "Jul",
        8 => "Aug",
        9 => "Sep",
        10 => "Oct",
        11 => "Nov",
        _ => "Dec",
    }
}

#[cfg(test)]
mod tests;
