//! The time that the collector goes by.
//!
//! The clock on the wall may jump: set by hand, mended by the network, wrong at the start of a machine.
//! Beside it runs a steady one, which nobody sets. As long as both say the same, the wall clock is
//! followed; a jump is followed when it has stood for an hour, and until then time goes on steadily: a
//! clock that is wrong for a moment neither lets talks go nor keeps minutes open.

use std::sync::Arc;
use std::time::Duration;

use domain::time::Timestamp;

/// Clocks of a collector; a test moves them.
#[derive(Clone)]
pub struct Clock {
    /// What the wall says.
    pub wall: Arc<dyn Fn() -> Timestamp + Send + Sync>,
    /// How long something has run that nobody sets.
    pub steady: Arc<dyn Fn() -> Duration + Send + Sync>,
}

/// Apart from each other by so much, the clocks disagree.
const JUMP_SECONDS_MAX: i64 = 3_600;

/// So long a jump must stand.
const CONFIRMED: Duration = Duration::from_hours(1);

const MICROS_PER_SECOND: i64 = 1_000_000;

/// The time that is gone by.
pub(super) struct Time {
    clock: Clock,
    now: Timestamp,
    /// The steady clock at `now`.
    at: Duration,
    /// The steady clock when the wall began to disagree.
    apart_since: Option<Duration>,
}

impl Time {
    /// Begins with what the wall says.
    pub(super) fn new(clock: Clock) -> Self {
        let (now, at) = ((clock.wall)(), (clock.steady)());
        Self {
            clock,
            now,
            at,
            apart_since: None,
        }
    }

    /// The time at the last look.
    pub(super) fn now(&self) -> Timestamp {
        self.now
    }

    /// Looks at both clocks. The time goes back when a jump back is confirmed, and never else.
    pub(super) fn look(&mut self) -> Timestamp {
        let (wall, at) = ((self.clock.wall)(), (self.clock.steady)());
        let passed = i64::try_from(at.saturating_sub(self.at).as_micros()).unwrap_or(i64::MAX);
        let steady = Timestamp::from_micros(self.now.micros().saturating_add(passed));
        self.at = at;
        let apart = wall.micros().saturating_sub(steady.micros()) / MICROS_PER_SECOND;
        if apart.abs() < JUMP_SECONDS_MAX {
            self.apart_since = None;
            // Where the wall is a little behind, the time goes at half its pace until it is there.
            let slowly = self.now.micros().saturating_add(passed / 2);
            self.now = Timestamp::from_micros(slowly).max(wall);
            return self.now;
        }
        let since = *self.apart_since.get_or_insert_with(|| {
            tracing::warn!(
                clock.apart_seconds = apart,
                "the clock jumped; it is followed when it has stood for an hour"
            );
            at
        });
        if at.saturating_sub(since) >= CONFIRMED {
            tracing::warn!(clock.apart_seconds = apart, "the clock is followed now");
            self.apart_since = None;
            self.now = wall;
        } else {
            self.now = steady;
        }
        self.now
    }
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::{AtomicI64, Ordering};

    use super::*;

    const NOON: i64 = 1_800_014_400;

    struct Clocks {
        wall: Arc<AtomicI64>,
        steady: Arc<AtomicI64>,
        time: Time,
    }

    impl Clocks {
        fn new() -> Self {
            let (wall, steady) = (Arc::new(AtomicI64::new(NOON)), Arc::new(AtomicI64::new(0)));
            let (of_wall, of_steady) = (Arc::clone(&wall), Arc::clone(&steady));
            let clock = Clock {
                wall: Arc::new(move || Timestamp::from_seconds(of_wall.load(Ordering::Relaxed))),
                steady: Arc::new(move || {
                    Duration::from_secs(of_steady.load(Ordering::Relaxed).unsigned_abs())
                }),
            };
            Self {
                wall,
                steady,
                time: Time::new(clock),
            }
        }

        /// Both go on for so many seconds; then the wall jumps.
        fn after(&mut self, seconds: i64, jump_seconds: i64) -> i64 {
            self.wall
                .fetch_add(seconds + jump_seconds, Ordering::Relaxed);
            self.steady.fetch_add(seconds, Ordering::Relaxed);
            self.time.look().seconds() - NOON
        }
    }

    #[test]
    fn small_steps_are_followed_forward_and_slowly_backward() {
        let mut clocks = Clocks::new();
        assert_eq!(clocks.after(60, 30), 90);
        assert_eq!(clocks.after(10, -40), 95);
        assert_eq!(clocks.after(60, 0), 125);
        assert_eq!(clocks.after(60, 0), 180);
    }

    #[test]
    fn a_jump_that_goes_back_again_moves_nothing_and_stops_nothing() {
        for jump in [2 * 86_400, -2 * 86_400] {
            let mut clocks = Clocks::new();
            assert_eq!(clocks.after(60, jump), 60);
            assert_eq!(clocks.after(60, 0), 120);
            assert_eq!(clocks.after(60, -jump), 180);
            assert_eq!(clocks.after(60, 0), 240);
        }
    }

    #[test]
    fn a_jump_that_stands_for_an_hour_is_followed_both_ways() {
        for jump in [30 * 86_400, -3_650 * 86_400] {
            let mut clocks = Clocks::new();
            assert_eq!(clocks.after(60, jump), 60);
            assert_eq!(clocks.after(3_599, 0), 3_659);
            assert_eq!(clocks.after(1, 0), 3_660 + jump);
            assert_eq!(clocks.after(60, 0), 3_720 + jump);
        }
    }
}
