//! One history in which every operation does what it says, once at least.

use crate::history::Op;
use crate::trace::Trace;
use crate::world::World;

/// The whole of it. Reports by their places: two of kitahama (the second names nobody), one of aokawa,
/// near misses of minamino and kitahama, and one that minamino told by phone; then three that leave for
/// members of communities, of whom two are to lose them again.
pub const STORY: [&str; 53] = [
    "submit 1 named 1",
    "submit 1 unnamed 2",
    "submit 0 named 3",
    "near-miss 2 unnamed 4",
    "near-miss 1 named 5",
    "at phone 2 6",
    "release 0 7",
    "ask 0 8",
    "on-report reply 0 9",
    "on-report ask-above 0 10",
    "on-report forward 0 11",
    "on-report update 0 12",
    "on-report mailbox 1 13",
    "ask 1 14",
    "on-report reply 1 15",
    "unseal 1 16",
    "on-report consult 2 37",
    "on-report group 0 17",
    "on-report rate 0 18",
    "on-report promote 4 19",
    "at draft 1 20",
    "at invite 1 21",
    "at turn 1 22",
    "at compose 1 23",
    "advise 0 1 24",
    "advise 1 0 25",
    "at deliver 0 26",
    "on-advisory nudge 1 27",
    "answer 1 0",
    "on-advisory question 0 38",
    "on-advisory tell 0 39",
    "on-advisory question 0 40",
    "on-advisory tell-all 0 41",
    "on-advisory feedback 0 28",
    "on-advisory amend 0 29",
    "on-advisory tighten 0 30",
    "on-advisory recall 1 31",
    "at whisper 2 32",
    "count 1 7",
    "knock 1",
    "on-report narrow 0 33",
    "on-report withdraw 2 34",
    "submit 1 named 50 members-and-authorities",
    "release 6 51 52",
    "submit 2 unnamed 53 operators",
    "release 7 54 55",
    "submit 0 named 56 amber",
    "release 8 57 58",
    "release 3 59",
    "on-report keep-in 6 60",
    "on-report withdraw 7 61",
    "at deliver 0 35",
    "at publish 0 36",
];

/// Plays `lines`, and after each of them takes stock and calls `look`.
pub fn play_lines(
    world: &mut World,
    lines: &[&str],
    mut look: impl FnMut(&World, &Trace, &str) -> anyhow::Result<()>,
) -> anyhow::Result<Trace> {
    let mut trace = Trace::default();
    for line in lines {
        let op: Op = line.parse()?;
        op.play(world, &mut trace)?;
        trace.take_stock(world)?;
        look(world, &trace, line)?;
    }
    Ok(trace)
}
