//! Who has done what an advisory asks, counted by the day on which each organization first did.
//!
//! Every reader of an advisory is shown a figure of it, so that it is counted when a line changes and
//! not when it is read.
//!
//! INVARIANT: each organization with a line that is done stands in the count of one day, that of the
//! earliest of these lines.

use domain::id::{AdvisoryId, OrganizationId};
use domain::time::Timestamp;
use rusqlite::named_params;

use crate::error::StoreError;
use crate::row::{change, collect, one};
use crate::transaction::{Reader, Tx};

/// Organizations that have done what the advisory asks: each day's begin in Japan and how many first
/// did on it, in the order of the days.
pub fn by_day(
    reader: &Reader<'_>,
    advisory: AdvisoryId,
) -> Result<Vec<(Timestamp, u64)>, StoreError> {
    const LIST: &str = "-- advisory_done.by_day
        SELECT done_day, organization_count FROM advisory_done
        WHERE advisory_id = :advisory AND organization_count > 0 ORDER BY done_day";
    collect(
        reader.data(),
        "advisory_done.by_day",
        "advisory_done",
        LIST,
        named_params! {":advisory": advisory.to_string()},
        |row| Ok((row.time("done_day")?, row.count("organization_count")?)),
    )
}

/// The day on which `organization` first did what the advisory asks; `None` while it has not.
pub(super) fn first_day(
    reader: &Reader<'_>,
    advisory: AdvisoryId,
    organization: OrganizationId,
) -> Result<Option<Timestamp>, StoreError> {
    const FIRST: &str = "-- advisory_done.first
        SELECT min(settled_at) AS first_at FROM addressee
        WHERE org_id = :org AND advisory_id = :advisory AND progress = 'done'";
    let first: Option<Option<Timestamp>> = one(
        reader.data(),
        "advisory_done.first",
        "addressee",
        FIRST,
        named_params! {":org": organization.to_string(), ":advisory": advisory.to_string()},
        |row| row.time_or_none("first_at"),
    )?;
    let day = |at: Timestamp| Timestamp::start_of_day_in_japan(at.day_in_japan());
    Ok(first.flatten().map(day))
}

/// Counts an organization on the day `to` and no longer on the day `from`.
pub(super) fn recount(
    tx: &Tx<'_>,
    advisory: AdvisoryId,
    from: Option<Timestamp>,
    to: Option<Timestamp>,
) -> Result<(), StoreError> {
    const LEAVE: &str = "-- advisory_done.leave
        UPDATE advisory_done SET organization_count = organization_count - 1, updated_by = :by
        WHERE advisory_id = :advisory AND done_day = :day";
    const ENTER: &str = "-- advisory_done.enter
        INSERT INTO advisory_done (advisory_id, done_day, organization_count, updated_by)
        VALUES (:advisory, :day, 1, :by)
        ON CONFLICT (advisory_id, done_day) DO UPDATE
            SET organization_count = advisory_done.organization_count + 1, updated_by = excluded.updated_by";
    if from == to {
        return Ok(());
    }
    for (day, name, sql) in [
        (from, "advisory_done.leave", LEAVE),
        (to, "advisory_done.enter", ENTER),
    ] {
        let Some(day) = day else { continue };
        change(
            tx.data(),
            name,
            sql,
            named_params! {
                ":advisory": advisory.to_string(), ":day": day.micros(), ":by": tx.name(),
            },
        )?;
    }
    Ok(())
}
