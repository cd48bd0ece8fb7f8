//! Counting near misses without telling them: how many in a week or a month, zero included.
//!
//! Who counted is kept as a token under a key that lives for one quarter. Until the quarter is
//! settled an organization can correct its counts; afterwards the key is destroyed, and what is
//! left says how many organizations counted and no longer which.

use std::collections::BTreeMap;
use std::fmt;
use std::str::FromStr;

use jiff::civil::Date;
use jiff::{Span, ToSpan as _};

use crate::time::{DAY_SECONDS, Timestamp};
use crate::word::{Code, words};

/// Most near misses of one kind in one period.
pub const COUNT_MAX: u32 = 999;
/// How long after its last day a quarter can still be corrected, in days.
pub const SETTLE_DAYS: i64 = 14;

/// How many of each kind.
pub type Counts = BTreeMap<Code, u32>;

words! {
    /// How long a period is.
    pub enum PeriodKind {
        /// Monday to Sunday.
        Week = "week",
        /// A calendar month.
        Month = "month",
    }
}

/// A week or a month, as days in Japan.
///
/// INVARIANT: a week begins on a Monday and a month on its first day.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Period {
    kind: PeriodKind,
    start: Date,
}

/// A quarter of the year, by its first day. The quarters of the Japanese fiscal year are the same.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Quarter(Date);

/// A text that is no period or quarter.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error(
    "`{0}` is not of the form `week:2026-11-16`, `month:2026-11-01` or, for a quarter, `2026-10-01`"
)]
pub struct PeriodError(String);

impl Period {
    /// The period of that length that `day` lies in.
    pub fn of(kind: PeriodKind, day: Date) -> Self {
        let back = match kind {
            PeriodKind::Week => i64::from(day.weekday().to_monday_zero_offset()),
            PeriodKind::Month => i64::from(day.day()) - 1,
        };
        Self {
            kind,
            start: moved(day, -back),
        }
    }

    /// Week or month.
    pub const fn kind(self) -> PeriodKind {
        self.kind
    }

    /// The first day.
    pub const fn start(self) -> Date {
        self.start
    }

    /// The last day.
    pub fn last_day(self) -> Date {
        moved(self.next().start, -1)
    }

    /// The period before.
    #[must_use]
    pub fn previous(self) -> Self {
        Self::of(self.kind, moved(self.start, -1))
    }

    /// The period after.
    #[must_use]
    pub fn next(self) -> Self {
        let days = match self.kind {
            PeriodKind::Week => 7,
            PeriodKind::Month => i64::from(self.start.days_in_month()),
        };
        Self {
            start: moved(self.start, days),
            ..self
        }
    }

    /// The quarter it is counted in: that of its first day.
    pub fn quarter(self) -> Quarter {
        Quarter::of(self.start)
    }

    /// Whether it can be counted at `now`: it has begun, and its quarter is not settled.
    pub fn is_open(self, now: Timestamp) -> bool {
        self.start <= now.day_in_japan() && now < self.quarter().settles_at()
    }

    /// This period and those before it, `count` of them, oldest first.
    pub fn run_up(self, count: usize) -> Vec<Self> {
        let mut run: Vec<Self> =
            std::iter::successors(Some(self), |period| Some(period.previous()))
                .take(count)
                .collect();
        run.reverse();
        run
    }
}

impl Quarter {
    /// The quarter that `day` lies in.
    pub fn of(day: Date) -> Self {
        let month = (day.month() - 1) / 3 * 3 + 1;
        let first = day.first_of_month();
        Self(first.with().month(month).build().unwrap_or(first))
    }

    /// The first day.
    pub const fn start(self) -> Date {
        self.0
    }

    /// The quarter before.
    #[must_use]
    pub fn previous(self) -> Self {
        Self::of(moved(self.0, -1))
    }

    /// The quarter after.
    #[must_use]
    pub fn next(self) -> Self {
        let later = self.0.checked_add(3.months()).unwrap_or(Date::MAX);
        Self::of(later)
    }

    /// When its counts are final and its key is destroyed.
    pub fn settles_at(self) -> Timestamp {
        Timestamp::start_of_day_in_japan(self.next().0).plus_seconds(SETTLE_DAYS * DAY_SECONDS)
    }

    /// The newest quarter that is settled at `now`.
    pub fn last_settled(now: Timestamp) -> Self {
        let mut quarter = Self::of(now.day_in_japan()).previous();
        while now < quarter.settles_at() {
            quarter = quarter.previous();
        }
        quarter
    }
}

/// `day` moved by `days`; the day itself at the ends of the calendar.
fn moved(day: Date, days: i64) -> Date {
    day.checked_add(Span::new().days(days)).unwrap_or(day)
}

impl fmt::Display for Period {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "{}:{}", self.kind, self.start)
    }
}

impl FromStr for Period {
    type Err = PeriodError;

    fn from_str(text: &str) -> Result<Self, PeriodError> {
        let wrong = || PeriodError(text.chars().take(40).collect());
        let (kind, start) = text.split_once(':').ok_or_else(wrong)?;
        let kind: PeriodKind = kind.parse().map_err(|_| wrong())?;
        let start: Date = start.parse().map_err(|_| wrong())?;
        let period = Self::of(kind, start);
        if period.start == start {
            Ok(period)
        } else {
            Err(wrong())
        }
    }
}

impl fmt::Display for Quarter {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "{}", self.0)
    }
}

impl FromStr for Quarter {
    type Err = PeriodError;

    fn from_str(text: &str) -> Result<Self, PeriodError> {
        let wrong = || PeriodError(text.chars().take(40).collect());
        let start: Date = text.parse().map_err(|_| wrong())?;
        let quarter = Self::of(start);
        if quarter.0 == start {
            Ok(quarter)
        } else {
            Err(wrong())
        }
    }
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::*;

    #[test]
    fn weeks_begin_on_monday_and_months_on_the_first() {
        // 2026-11-22 is a Sunday.
        let sunday = date(2026, 11, 22);
        let week = Period::of(PeriodKind::Week, sunday);
        assert_eq!(week.to_string(), "week:2026-11-16");
        assert_eq!(week.last_day(), sunday);
        assert_eq!(week.previous().to_string(), "week:2026-11-09");
        let month = Period::of(PeriodKind::Month, sunday);
        assert_eq!(month.to_string(), "month:2026-11-01");
        assert_eq!(month.last_day(), date(2026, 11, 30));
        assert_eq!(month.next().to_string(), "month:2026-12-01");
        assert_eq!(month.run_up(3)[0].to_string(), "month:2026-09-01");
    }

    #[test]
    fn only_whole_periods_are_read() {
        for text in ["week:2026-11-16", "month:2026-11-01"] {
            assert_eq!(text.parse::<Period>().unwrap().to_string(), text);
        }
        for text in [
            "week:2026-11-17",
            "month:2026-11-02",
            "year:2026-01-01",
            "week:x",
            "",
        ] {
            assert!(text.parse::<Period>().is_err(), "{text}");
        }
        assert!("2026-10-01".parse::<Quarter>().is_ok());
        assert!("2026-11-01".parse::<Quarter>().is_err());
    }

    #[test]
    fn a_period_is_open_from_its_first_day_until_its_quarter_settles() {
        let at = |day: Date| Timestamp::start_of_day_in_japan(day);
        // This week begins in the third quarter and ends in the fourth.
        let week: Period = "week:2026-09-28".parse().unwrap();
        assert_eq!(week.quarter().to_string(), "2026-07-01");
        assert!(!week.is_open(at(date(2026, 9, 27))));
        assert!(week.is_open(at(date(2026, 9, 28))));
        assert!(week.is_open(at(date(2026, 10, 14))));
        assert!(!week.is_open(at(date(2026, 10, 15))));
        let last = |day| Quarter::last_settled(at(day)).to_string();
        assert_eq!(last(date(2026, 10, 14)), "2026-04-01");
        assert_eq!(last(date(2026, 10, 15)), "2026-07-01");
    }
}
