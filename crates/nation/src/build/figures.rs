//! The figures of the situation, each week's published on the Monday after it.

use domain::count::{Period, PeriodKind};
use domain::time::{DAY_SECONDS, Timestamp};

use hub::ReadError;

use super::{BuildError, HISTORY_DAYS, Stage};

/// Days of a week.
const WEEK_DAYS: i64 = 7;
/// Second of the day at which figures are looked for: after the hour of their publication.
const LOOKED_SECOND: i64 = 9 * 3_600 + 60;

/// Publishes every week of the history that has ended.
pub(super) fn publish(stage: &Stage<'_>) -> Result<(), BuildError> {
    let week = Period::of(PeriodKind::Week, stage.now.day_in_japan());
    let monday = Timestamp::start_of_day_in_japan(week.start());
    for weeks_back in (0..=HISTORY_DAYS / WEEK_DAYS).rev() {
        let at = monday.plus_seconds(LOOKED_SECOND - weeks_back * WEEK_DAYS * DAY_SECONDS);
        if at < stage.now {
            let random = stage.random.derive("figures");
            hub::situation::publish(stage.hub, at, &random).map_err(ReadError::from)?;
        }
    }
    Ok(())
}
