use super::*;

const HOUR: i64 = 3_600;

fn at(seconds: i64) -> Timestamp {
    Timestamp::from_seconds(1_800_000_000 + seconds)
}

/// Tries that were let through when somebody tries at each of those moments.
fn let_through(moments: impl IntoIterator<Item = i64>) -> usize {
    let mut attempts = None;
    moments
        .into_iter()
        .filter(|second| {
            let (next, answer) = counted(attempts, at(*second));
            attempts = Some(next);
            answer.is_ok()
        })
        .count()
}

#[test]
fn six_wrong_tries_lock_and_each_further_one_doubles_the_lock() {
    assert_eq!(let_through([0; 100]), 6);
    let waits: Vec<i64> = (6..14).map(lock_seconds).collect();
    assert_eq!(waits, [60, 120, 240, 480, 960, 1_920, 3_600, 3_600]);
    // One try each second for a day: six, the doubling locks, then one an hour.
    assert_eq!(let_through(0..24 * HOUR), 6 + 5 + 23);
}

#[test]
fn the_wait_that_is_told_is_enough_and_no_longer_than_the_lock() {
    let mut attempts = None;
    for second in 0..7 {
        attempts = Some(counted(attempts, at(second)).0);
    }
    let (locked, answer) = counted(attempts, at(7));
    let TooMany { wait_seconds } = answer.unwrap_err();
    assert!((50..=60).contains(&wait_seconds), "{wait_seconds}");
    let later = at(7 + i64::from(wait_seconds));
    assert!(counted(Some(locked), later).1.is_ok());
}

#[test]
fn a_day_forgives_half() {
    let mut attempts = None;
    for _ in 0..6 {
        attempts = Some(counted(attempts, at(0)).0);
    }
    let (rested, answer) = counted(attempts, at(24 * HOUR));
    assert!(answer.is_ok());
    assert_eq!((rested.failures, rested.locked_until), (4, None));
    let (rested, _) = counted(attempts, at(400 * 24 * HOUR));
    assert_eq!(rested.failures, 1);
}

#[test]
fn a_jumping_clock_opens_nothing() {
    // Back by a day while locked: the lock runs its own length again, not a day.
    let mut attempts = None;
    for _ in 0..6 {
        attempts = Some(counted(attempts, at(0)).0);
    }
    let (back, answer) = counted(attempts, at(-24 * HOUR));
    assert_eq!(answer, Err(TooMany { wait_seconds: 61 }));
    assert!(counted(Some(back), at(-24 * HOUR + 61)).1.is_ok());

    // Each second's try sees the clock right, a day ahead, or a day behind. Two of three jumps go
    // forward by a day or more, and each forgives at most three tries and a fourth that locks.
    let jumps = (0..60).flat_map(|minute| {
        let off = [0, 24 * HOUR, -24 * HOUR][usize::try_from(minute % 3).unwrap()];
        (0..60).map(move |second| off + minute * 60 + second)
    });
    let tries = let_through(jumps);
    assert!(tries <= 6 + 40 * 4, "{tries} of 3600");
}
