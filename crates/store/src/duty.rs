//! Turns on the duty roster, and who stands in for whom.

use domain::id::{DutyId, MembershipId, OrganizationId};
use domain::roster::{Span, Turn};
use domain::time::Timestamp;
use rusqlite::named_params;

use crate::error::StoreError;
use crate::row::{Columns, change, collect};
use crate::transaction::{Reader, Tx};

/// Adds a turn.
pub fn insert(tx: &Tx<'_>, organization: OrganizationId, turn: &Turn) -> Result<(), StoreError> {
    const INSERT: &str = "-- duty.insert
        INSERT INTO duty (duty_id, org_id, membership_id, starts_at, ends_at, updated_at, updated_by)
        VALUES (:duty, :org, :membership, :starts_at, :ends_at, :now, :by)";
    change(
        tx.data(),
        "duty.insert",
        INSERT,
        named_params! {
            ":duty": turn.id.to_string(),
            ":org": organization.to_string(),
            ":membership": turn.membership.to_string(),
            ":starts_at": turn.span.starts_at.micros(),
            ":ends_at": turn.span.ends_at.micros(),
            ":now": tx.now().micros(),
            ":by": tx.name(),
        },
    )
    .map(|_| ())
}

/// Turns of an organization that touch `within`, in the order of their beginnings, of people who
/// still hold their places at `now`.
pub fn within(
    reader: &Reader<'_>,
    organization: OrganizationId,
    within: Span,
    now: Timestamp,
) -> Result<Vec<Turn>, StoreError> {
    const LIST: &str = "-- duty.within
        SELECT d.* FROM duty d
        JOIN membership m ON m.membership_id = d.membership_id
        JOIN person p ON p.person_id = m.person_id
        WHERE d.org_id = :org AND d.starts_at < :until AND d.ends_at > :from
          AND (m.valid_to IS NULL OR m.valid_to > :now) AND p.standing = 'active'
        ORDER BY d.starts_at, d.ends_at, d.duty_id";
    collect(
        reader.data(),
        "duty.within",
        "duty",
        LIST,
        named_params! {
            ":org": organization.to_string(),
            ":from": within.starts_at.micros(),
            ":until": within.ends_at.micros(),
            ":now": now.micros(),
        },
        turn,
    )
}

/// Lets a turn end at the time of the transaction.
pub fn end_now(tx: &Tx<'_>, turn: DutyId) -> Result<(), StoreError> {
    const END: &str = "-- duty.end_now
        UPDATE duty SET ends_at = :now, updated_at = :now, updated_by = :by
        WHERE duty_id = :duty AND starts_at < :now";
    let ended = change(
        tx.data(),
        "duty.end_now",
        END,
        named_params! {":duty": turn.to_string(), ":now": tx.now().micros(), ":by": tx.name()},
    )?;
    // A turn that begins this very moment cannot end at its own beginning.
    if ended == 0 { remove(tx, turn) } else { Ok(()) }
}

/// Takes a turn off the roster.
pub fn remove(tx: &Tx<'_>, turn: DutyId) -> Result<(), StoreError> {
    const REMOVE: &str = "-- duty.remove
        DELETE FROM duty WHERE duty_id = :duty";
    change(
        tx.data(),
        "duty.remove",
        REMOVE,
        named_params! {":duty": turn.to_string()},
    )
    .map(|_| ())
}

/// Who stands in for whom in an organization at `now`: the deputy's place and the other.
pub fn deputies(
    reader: &Reader<'_>,
    organization: OrganizationId,
    now: Timestamp,
) -> Result<Vec<(MembershipId, MembershipId)>, StoreError> {
    const LIST: &str = "-- duty.deputies
        SELECT d.membership_id, d.deputy_for FROM membership d
        JOIN person p ON p.person_id = d.person_id
        WHERE d.org_id = :org AND d.deputy_for IS NOT NULL AND p.standing = 'active'
          AND d.valid_from <= :now AND (d.valid_to IS NULL OR d.valid_to > :now)
        ORDER BY coalesce(d.call_order, 9999), d.membership_id";
    collect(
        reader.data(),
        "duty.deputies",
        "membership",
        LIST,
        named_params! {":org": organization.to_string(), ":now": now.micros()},
        |row| Ok((row.word("membership_id")?, row.word("deputy_for")?)),
    )
}

/// Lets the place `deputy` stand in for another; for nobody with `None`.
pub fn set_deputy(
    tx: &Tx<'_>,
    deputy: MembershipId,
    stands_in_for: Option<MembershipId>,
) -> Result<(), StoreError> {
    const SET: &str = "-- duty.set_deputy
        UPDATE membership SET deputy_for = :place, updated_at = :now, updated_by = :by
        WHERE membership_id = :deputy";
    change(
        tx.data(),
        "duty.set_deputy",
        SET,
        named_params! {
            ":deputy": deputy.to_string(),
            ":place": stands_in_for.map(|place| place.to_string()),
            ":now": tx.now().micros(),
            ":by": tx.name(),
        },
    )
    .map(|_| ())
}

fn turn(row: &Columns<'_>) -> Result<Turn, StoreError> {
    let span = Span::new(row.time("starts_at")?, row.time("ends_at")?);
    Ok(Turn {
        id: row.word("duty_id")?,
        membership: row.word("membership_id")?,
        span: span.ok_or(StoreError::Corrupt {
            table: "duty",
            column: "ends_at",
        })?,
    })
}
