//! People who left.

use domain::id::{DraftId, InvitationId, PersonId};
use domain::time::Timestamp;
use rusqlite::named_params;

use super::{Step, erase_invitation, run};
use crate::error::StoreError;
use crate::row::{change, collect};
use crate::transaction::{Reader, Tx};

/// People whose last place ended before `before` and whose card is still there.
pub fn due_people(
    reader: &Reader<'_>,
    before: Timestamp,
    limit: u32,
) -> Result<Vec<PersonId>, StoreError> {
    const DUE: &str = "-- retention.due_people
        SELECT p.person_id FROM person p
        WHERE length(p.body) > 0 AND p.created_at < :before
          AND NOT EXISTS (SELECT 1 FROM membership m
                          WHERE m.person_id = p.person_id
                            AND (m.valid_to IS NULL OR m.valid_to >= :before))
        ORDER BY p.person_id LIMIT :limit";
    collect(
        reader.data(),
        "retention.due_people",
        "person",
        DUE,
        named_params! {":before": before.micros(), ":limit": limit},
        |row| row.word("person_id"),
    )
}

/// Erases what is known of a person: the card with its key, every way to sign in, the invitations
/// to him and his drafts. His id stays where something refers to it; nobody can tell whose it was.
pub fn erase_person(tx: &Tx<'_>, person: PersonId) -> Result<(), StoreError> {
    const STEPS: &[Step] = &[
        (
            "retention.erase_credentials",
            "-- retention.erase_credentials
            DELETE FROM credential WHERE person_id = :id",
        ),
        (
            "retention.erase_ceremonies",
            "-- retention.erase_ceremonies
            DELETE FROM ceremony WHERE person_id = :id",
        ),
        (
            "retention.erase_sessions",
            "-- retention.erase_sessions
            DELETE FROM session
            WHERE membership_id IN (SELECT membership_id FROM membership WHERE person_id = :id)",
        ),
        (
            "retention.erase_tokens",
            "-- retention.erase_tokens
            DELETE FROM api_token
            WHERE membership_id IN (SELECT membership_id FROM membership WHERE person_id = :id)",
        ),
        (
            "retention.erase_links",
            "-- retention.erase_links
            DELETE FROM one_time_link
            WHERE membership_id IN (SELECT membership_id FROM membership WHERE person_id = :id)",
        ),
        (
            "retention.erase_turns",
            "-- retention.erase_turns
            DELETE FROM duty
            WHERE membership_id IN (SELECT membership_id FROM membership WHERE person_id = :id)",
        ),
    ];
    // The keyed hash of the sign-in name tells whoever knows the name that it was here.
    const CARD: &str = "-- retention.erase_card
        UPDATE person SET body = x'', login_hash = :noise, standing = 'left',
               updated_at = :now, updated_by = :by
        WHERE person_id = :person";
    let id = person.to_string();
    run(tx, STEPS, &id)?;
    for invitation in invitations(tx, &id)? {
        erase_invitation(tx, invitation)?;
    }
    for draft in drafts(tx, &id)? {
        crate::draft::shred(tx, draft)?;
    }
    let noise: [u8; 32] = tx.random_bytes();
    change(
        tx.data(),
        "retention.erase_card",
        CARD,
        named_params! {
            ":person": id, ":noise": noise.as_slice(),
            ":now": tx.now().micros(), ":by": tx.name(),
        },
    )?;
    crate::log::erase(tx, &id)?;
    tx.destroy_key(&id)
}

fn invitations(reader: &Reader<'_>, person: &str) -> Result<Vec<InvitationId>, StoreError> {
    const LIST: &str = "-- retention.invitations_of_person
        SELECT invitation_id FROM invitation WHERE person_id = :person AND body IS NOT NULL
        ORDER BY invitation_id";
    collect(
        reader.data(),
        "retention.invitations_of_person",
        "invitation",
        LIST,
        named_params! {":person": person},
        |row| row.word("invitation_id"),
    )
}

fn drafts(reader: &Reader<'_>, person: &str) -> Result<Vec<DraftId>, StoreError> {
    const LIST: &str = "-- retention.drafts_of_person
        SELECT draft_id FROM draft WHERE person_id = :person ORDER BY draft_id";
    collect(
        reader.data(),
        "retention.drafts_of_person",
        "draft",
        LIST,
        named_params! {":person": person},
        |row| row.word("draft_id"),
    )
}
