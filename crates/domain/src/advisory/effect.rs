//! Effect: what an advisory was worth, in figures that name nobody.
//!
//! Organizations answer three questions after they have acted. The figures count organizations; they
//! pass the release checker of statistics ([`crate::statistic`]), all three questions together,
//! since whoever knows the total of one question knows that of the others.
//!
//! Answers are not counted one by one. Days are added up until at least five organizations have
//! newly answered, and only then the figures move on: whoever compares two days, and knows who
//! acted between them, still has at least five organizations before him. An answer that was counted
//! stays as it is.
//!
//! INVARIANT: everybody who is shown figures of an advisory at one moment is shown the same ones.

use super::feedback::{Matching, Timeliness, Usefulness};
use crate::id::OrganizationId;
use crate::report::receipt::batch_until;
use crate::statistic::{
    Figure, Figures, SOURCES_MIN, check_together, counted_in_steps, counted_in_steps_by_day,
};
use crate::time::Timestamp;

/// What one organization answered.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Answered {
    /// Who.
    pub organization: OrganizationId,
    /// When.
    pub given_at: Timestamp,
    /// Was it useful?
    pub useful: Usefulness,
    /// When did it arrive, relative to need?
    pub timeliness: Timeliness,
    /// Did it match something there?
    pub matched: Matching,
}

/// The figures of one advisory; each row in the declared order of its question's answers.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Effect {
    /// Was it useful? Yes, partly, no.
    pub useful: Figures,
    /// Did it arrive before it was needed, in time, late?
    pub timeliness: Figures,
    /// Did it match something? Yes, no, unknown.
    pub matched: Figures,
}

/// The answers that count at `now`; one per organization.
pub fn counted(mut answers: Vec<Answered>, now: Timestamp) -> Vec<Answered> {
    answers.sort_by_key(|answer| (answer.given_at, answer.organization));
    let times: Vec<Timestamp> = answers.iter().map(|answer| answer.given_at).collect();
    answers.truncate(counted_in_steps(&times, batch_until(now)));
    answers
}

/// The figures at `now`; one answer per organization.
pub fn effect(answers: Vec<Answered>, now: Timestamp) -> Effect {
    let answers = counted(answers, now);
    let count = |is: &dyn Fn(&Answered) -> bool| -> Vec<u64> {
        answers.iter().map(|answer| u64::from(is(answer))).collect()
    };
    let useful: Vec<Vec<u64>> = Usefulness::ALL
        .iter()
        .map(|word| count(&|answer| answer.useful == *word))
        .collect();
    let timeliness: Vec<Vec<u64>> = Timeliness::ALL
        .iter()
        .map(|word| count(&|answer| answer.timeliness == *word))
        .collect();
    let matched: Vec<Vec<u64>> = Matching::ALL
        .iter()
        .map(|word| count(&|answer| answer.matched == *word))
        .collect();
    let [useful, timeliness, matched] = check_together([&useful, &timeliness, &matched]);
    Effect {
        useful,
        timeliness,
        matched,
    }
}

/// How many organizations acted, as far as an addressee may be told at `now`; `days` are the begins
/// of days in Japan, in their order, with how many organizations acted on each.
pub fn acted(days: &[(Timestamp, u64)], now: Timestamp) -> Figure {
    match counted_in_steps_by_day(days, batch_until(now)) {
        count if count < SOURCES_MIN as u64 => Figure::Withheld,
        count => Figure::Shown(count),
    }
}

#[cfg(test)]
mod tests;
