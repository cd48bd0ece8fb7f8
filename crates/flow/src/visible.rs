//! What can be seen at a sampling: how many calls of a bot leave a record in a day when a router looks
//! at one packet of many.

/// Seconds of a day.
const DAY_SECONDS: f64 = 86_400.0;

/// A way of calling home.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Habit {
    /// Seconds between two calls.
    pub period_seconds: f64,
    /// Packets that the client sends in a call.
    pub packets: i32,
}

/// Habits that bots have: those of the published families lie between them.
pub const HABITS: [Habit; 6] = [
    Habit {
        period_seconds: 60.0,
        packets: 10,
    },
    Habit {
        period_seconds: 60.0,
        packets: 2,
    },
    Habit {
        period_seconds: 600.0,
        packets: 10,
    },
    Habit {
        period_seconds: 600.0,
        packets: 2,
    },
    Habit {
        period_seconds: 3_600.0,
        packets: 10,
    },
    Habit {
        period_seconds: 3_600.0,
        packets: 2,
    },
];

/// Calls of `bots` with this habit that leave a record in a day, in the mean: each call does with the
/// chance that one of its packets at least is looked at.
pub fn seen_in_a_day(habit: Habit, sampling: u32, bots: u32) -> f64 {
    let missed = 1.0 - 1.0 / f64::from(sampling.max(1));
    let calls = DAY_SECONDS / habit.period_seconds;
    calls * (1.0 - missed.powi(habit.packets)) * f64::from(bots)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn as_many_calls_are_seen_as_the_binomial_law_says() {
        let near = |found: f64, told: f64| assert!((found - told).abs() < told * 0.01, "{found}");
        let [every_minute, keep_alive, ..] = HABITS;
        near(seen_in_a_day(every_minute, 1, 1), 1_440.0);
        near(seen_in_a_day(every_minute, 100, 1), 137.7);
        near(seen_in_a_day(every_minute, 1_000, 10), 143.4);
        near(seen_in_a_day(keep_alive, 4_096, 1), 0.703);
    }
}
