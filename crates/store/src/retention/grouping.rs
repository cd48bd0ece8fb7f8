//! Groups of reports, counts and invitations past their time.

use domain::id::{IncidentId, InvitationId};
use domain::time::Timestamp;
use rusqlite::named_params;

use super::{Step, run};
use crate::error::StoreError;
use crate::row::{change, collect};
use crate::transaction::{Reader, Tx};

/// Groups that began before `before`, into which nothing was put since, and that still have a name.
pub fn due_groups(
    reader: &Reader<'_>,
    before: Timestamp,
    limit: u32,
) -> Result<Vec<IncidentId>, StoreError> {
    const DUE: &str = "-- retention.due_groups
        SELECT i.incident_id FROM incident i
        WHERE i.opened_at < :before AND length(i.body) > 0
          AND NOT EXISTS (SELECT 1 FROM incident_report r
                          WHERE r.incident_id = i.incident_id AND r.added_at >= :before)
        ORDER BY i.opened_at, i.incident_id LIMIT :limit";
    collect(
        reader.data(),
        "retention.due_groups",
        "incident",
        DUE,
        named_params! {":before": before.micros(), ":limit": limit},
        |row| row.word("incident_id"),
    )
}

/// Erases the name of a group and the reasons for it. Which reports it held stays as ids.
pub fn erase_group(tx: &Tx<'_>, incident: IncidentId) -> Result<(), StoreError> {
    const STEPS: &[Step] = &[
        (
            "retention.erase_group_name",
            "-- retention.erase_group_name
            UPDATE incident SET body = x'' WHERE incident_id = :id",
        ),
        (
            "retention.erase_group_reasons",
            "-- retention.erase_group_reasons
            UPDATE incident_report SET added_why = NULL, removed_why = NULL WHERE incident_id = :id",
        ),
    ];
    let id = incident.to_string();
    run(tx, STEPS, &id)?;
    crate::log::erase(tx, &id)?;
    tx.destroy_key(&id)
}

/// Deletes counts that were sent before `before`; how many rows. Published figures stay.
pub fn delete_counts(tx: &Tx<'_>, before: Timestamp) -> Result<usize, StoreError> {
    const DELETE: &str = "-- retention.delete_counts
        DELETE FROM near_miss_count WHERE written_at < :before";
    change(
        tx.data(),
        "retention.delete_counts",
        DELETE,
        named_params! {":before": before.micros()},
    )
}

/// Invitations that ended before `before` and still say whom they were meant for.
pub fn due_invitations(
    reader: &Reader<'_>,
    before: Timestamp,
    limit: u32,
) -> Result<Vec<InvitationId>, StoreError> {
    const DUE: &str = "-- retention.due_invitations
        SELECT invitation_id FROM invitation
        WHERE expires_at < :before AND body IS NOT NULL
        ORDER BY expires_at, invitation_id LIMIT :limit";
    collect(
        reader.data(),
        "retention.due_invitations",
        "invitation",
        DUE,
        named_params! {":before": before.micros(), ":limit": limit},
        |row| row.word("invitation_id"),
    )
}

/// Erases whom an invitation was meant for, and puts its link out of force.
pub fn erase_invitation(tx: &Tx<'_>, invitation: InvitationId) -> Result<(), StoreError> {
    const STEPS: &[Step] = &[(
        "retention.erase_letter",
        "-- retention.erase_letter
        UPDATE letter SET secret = NULL WHERE invitation_id = :id",
    )];
    const GUEST: &str = "-- retention.erase_guest
        UPDATE invitation SET body = NULL, revoked_at = COALESCE(revoked_at, :now), updated_by = :by
        WHERE invitation_id = :invitation";
    let id = invitation.to_string();
    run(tx, STEPS, &id)?;
    change(
        tx.data(),
        "retention.erase_guest",
        GUEST,
        named_params! {":invitation": id, ":now": tx.now().micros(), ":by": tx.name()},
    )?;
    tx.destroy_key(&id)
}
