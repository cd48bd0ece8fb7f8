//! Time as an argument: instants in UTC, spans in seconds, days as Japan counts them.
//!
//! Nothing here reads a clock. How an instant looks (JST, era years) is the view's.

use std::fmt;

use jiff::civil::Date;
use jiff::tz::Offset;

/// An instant, in microseconds since 1970-01-01T00:00:00Z.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Timestamp(i64);

/// Microseconds in a second.
const MICROS: i64 = 1_000_000;
/// Seconds in a day.
pub const DAY_SECONDS: i64 = 86_400;
/// Japan keeps one offset all year.
const JAPAN: Offset = Offset::constant(9);

impl Timestamp {
    /// The instant that many microseconds after the epoch.
    pub const fn from_micros(micros: i64) -> Self {
        Self(micros)
    }

    /// The instant that many seconds after the epoch.
    pub const fn from_seconds(seconds: i64) -> Self {
        Self(seconds.saturating_mul(MICROS))
    }

    /// Microseconds since the epoch.
    pub const fn micros(self) -> i64 {
        self.0
    }

    /// Whole seconds since the epoch, rounded down.
    pub const fn seconds(self) -> i64 {
        self.0.div_euclid(MICROS)
    }

    /// This instant moved by `seconds`, at the ends of the range if it would leave them.
    #[must_use]
    pub const fn plus_seconds(self, seconds: i64) -> Self {
        Self(self.0.saturating_add(seconds.saturating_mul(MICROS)))
    }

    /// Seconds from `earlier` to this instant, rounded down; negative when it lies before.
    pub const fn seconds_since(self, earlier: Self) -> i64 {
        self.0.saturating_sub(earlier.0).div_euclid(MICROS)
    }

    /// The calendar day in Japan.
    pub fn day_in_japan(self) -> Date {
        JAPAN.to_datetime(self.to_jiff()).date()
    }

    /// The instant at which `day` begins in Japan.
    pub fn start_of_day_in_japan(day: Date) -> Self {
        JAPAN
            .to_timestamp(day.to_datetime(jiff::civil::Time::midnight()))
            .map_or(Self(0), |at| Self(at.as_microsecond()))
    }

    /// This instant in RFC 3339 with the offset of Japan, for files that people read:
    /// `2026-11-22T03:12:00+09:00`.
    pub fn rfc3339_in_japan(self) -> String {
        self.to_jiff().display_with_offset(JAPAN).to_string()
    }

    /// The same instant as the date library's type, clamped to its range.
    pub fn to_jiff(self) -> jiff::Timestamp {
        jiff::Timestamp::from_microsecond(self.0).unwrap_or(jiff::Timestamp::UNIX_EPOCH)
    }
}

impl fmt::Debug for Timestamp {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "{}", self.to_jiff())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_day_turns_at_midnight_in_japan() {
        // 2026-11-20T15:00:00Z is midnight of the 21st in Japan.
        let midnight = Timestamp::from_seconds(1_795_186_800);
        assert_eq!(midnight.day_in_japan().to_string(), "2026-11-21");
        assert_eq!(midnight.rfc3339_in_japan(), "2026-11-21T00:00:00+09:00");
        assert_eq!(
            midnight.plus_seconds(-1).day_in_japan().to_string(),
            "2026-11-20"
        );
        assert_eq!(
            Timestamp::start_of_day_in_japan(midnight.day_in_japan()),
            midnight
        );
    }

    #[test]
    fn arithmetic_saturates() {
        assert_eq!(
            Timestamp::from_micros(i64::MAX).plus_seconds(1).micros(),
            i64::MAX
        );
        assert_eq!(Timestamp::from_micros(-1).seconds(), -1);
    }
}
