//! A finding that its carrier sends again: what the next version keeps of the one before.
//!
//! A collector begins anew each day, so that a file of the next morning knows neither the first call
//! nor the hours before midnight.

use super::Finding;
use crate::time::{DAY_SECONDS, Timestamp};

const HOUR_SECONDS: i64 = 3_600;

impl Finding {
    /// This finding as the version after `kept`: since the first call of either, and with the clients
    /// of those hours of the day that lie less than 24 hours before the last call.
    #[must_use]
    pub fn after(mut self, kept: &Self) -> Self {
        self.first_at = self.first_at.min(kept.first_at);
        let day_before = self.last_at.plus_seconds(-DAY_SECONDS);
        for ((told, before), hour) in self.hours.iter_mut().zip(&kept.hours).zip(0_i64..) {
            if kept.last_time_of(hour) > day_before {
                *told = (*told).max(*before);
            }
        }
        self
    }

    /// When the hour of the day `hour` (UTC) last began, at the last call or before it.
    fn last_time_of(&self, hour: i64) -> Timestamp {
        let last = self.last_at.seconds().div_euclid(HOUR_SECONDS);
        let back = (last - hour).rem_euclid(24);
        Timestamp::from_seconds((last - back) * HOUR_SECONDS)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::finding::{Decibans, FindingTier, Server};

    fn finding(first: i64, last: i64, told: &[(usize, u32)]) -> Finding {
        let mut hours = [None; 24];
        for (hour, count) in told {
            hours[*hour] = Some(*count);
        }
        let server: Server = "203.0.113.9 4444/6".parse().unwrap();
        Finding {
            server,
            score: Decibans::default(),
            tier: FindingTier::Review,
            clients: None,
            first_at: Timestamp::from_seconds(first * HOUR_SECONDS),
            last_at: Timestamp::from_seconds(last * HOUR_SECONDS),
            hours,
            evidence: vec![],
        }
    }

    #[test]
    fn midnight_takes_neither_the_first_call_nor_the_hours_before() {
        // Called from noon to 23 h; the file of the next day begins at midnight.
        let evening = finding(12, 23, &[(12, 10), (20, 50), (23, 20)]);
        let morning = finding(24, 25, &[(0, 5), (1, 5)]);
        let whole = morning.clone().after(&evening);
        assert_eq!(whole.first_at, evening.first_at);
        assert_eq!(whole.last_at, morning.last_at);
        let told = [0, 1, 12, 20, 23].map(|hour| whole.hours[hour]);
        assert_eq!(told, [Some(5), Some(5), Some(10), Some(50), Some(20)]);
        assert_eq!(morning.after(&whole), whole, "the same again adds nothing");
    }

    #[test]
    fn hours_of_the_day_before_fall_away_as_the_day_goes_on() {
        let evening = finding(12, 23, &[(12, 10), (20, 50)]);
        let noon = finding(24, 36, &[(12, 5)]);
        let whole = noon.after(&evening);
        assert_eq!((whole.hours[12], whole.hours[20]), (Some(5), Some(50)));
        let late = finding(24, 44, &[]).after(&whole);
        assert_eq!((late.hours[12], late.hours[20]), (Some(5), None));
    }
}
