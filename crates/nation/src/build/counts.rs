//! Weekly counts of near misses, each sent on the Monday after its week.

use std::collections::BTreeMap;

use domain::count::{Counts, Period, PeriodKind};
use domain::time::{DAY_SECONDS, Timestamp};
use domain::word::Code;
use hub::count::send;

use super::crew;
use super::{BuildError, Register, Stage, Step, call};
use crate::plan::PlannedCount;

/// Second of the day at which counts are sent.
const SENT_SECOND: i64 = 9 * 3_600;
/// What is counted: kinds in the order in which a week's number is spread over them.
const KINDS: [&str; 4] = ["suspicious-mail", "intrusion-attempt", "slip", "open-hole"];

/// Plays every count of the plan.
pub(super) fn play(stage: &mut Stage<'_>, register: &Register) -> Result<(), BuildError> {
    let (plan, hub) = (stage.plan, stage.hub);
    let random = stage.random.derive("counts");
    let week = Period::of(PeriodKind::Week, stage.now.day_in_japan());
    let monday = Timestamp::start_of_day_in_japan(week.start());
    crew::play(stage, Step::Counts, &plan.counts, |number, planned| {
        let reporter = register.actor(planned.reporter)?;
        let began = monday.plus_seconds(-planned.weeks_back * 7 * DAY_SECONDS);
        let counted = Period::of(PeriodKind::Week, began.day_in_japan());
        let sent = began.plus_seconds(7 * DAY_SECONDS + SENT_SECOND);
        let sending = call(reporter, sent, &random, &number.to_string());
        Ok(send(hub, &sending, counted, spread(planned)?)?)
    })
    .map(|_| ())
}

/// A week's number over the kinds: half of what is left to each, the rest to the first.
fn spread(planned: &PlannedCount) -> Result<Counts, BuildError> {
    let mut counts: BTreeMap<Code, u32> = BTreeMap::new();
    let mut left = planned.count;
    for kind in KINDS {
        let part = left.div_ceil(2);
        left -= part;
        counts.insert(kind.parse()?, part);
    }
    if let Some(first) = counts.get_mut(KINDS[0]) {
        *first += left;
    }
    Ok(counts)
}
