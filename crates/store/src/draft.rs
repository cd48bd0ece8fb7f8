//! Drafts of first reports: encrypted, found by their author alone, shredded.
//!
//! A draft under its author's name lies under a key of its own, which is destroyed with it. A draft
//! that names nobody lies under the key of its mailbox code, which the hub does not keep: without
//! the sixteen digits it is noise. Its row holds no person.
//!
//! INVARIANT: a draft leaves no commitment in the log, so that the log never tells who was writing.

pub(crate) mod body;

use domain::confidential::Confidential;
use domain::id::{DraftId, PersonId};
use domain::report::ReportKind;
use domain::report::draft::{DRAFT_SECONDS, Draft};
use domain::time::Timestamp;
use rusqlite::named_params;
use seal::object::ObjectKey;

use crate::error::StoreError;
use crate::keyring::Place;
use crate::row::{Columns, change, collect, one};
use crate::transaction::{Reader, Tx};

/// By whom a draft is found again.
pub enum Keeper {
    /// By the person who writes.
    Person(PersonId),
    /// By whoever holds the mailbox code.
    Code {
        /// Keyed hash of the code.
        locator: [u8; 32],
        /// Salt of the key, random, beside the ciphertext.
        salt: [u8; 16],
        /// The key made of code and salt.
        key: ObjectKey,
    },
}

/// A draft's row, still closed.
pub struct ClosedDraft {
    /// Its id.
    pub id: DraftId,
    /// Who writes; `None` when a code finds it.
    pub person: Option<PersonId>,
    /// Keyed hash of the code; `None` for a draft under its author's name.
    pub locator: Option<[u8; 32]>,
    /// Salt of the code's key.
    pub salt: Option<[u8; 16]>,
    /// When it was last written.
    pub updated_at: Timestamp,
    /// When it is shredded.
    pub expires_at: Timestamp,
    body: Vec<u8>,
}

/// Keeps a new draft.
pub fn insert(
    tx: &Tx<'_>,
    id: DraftId,
    keeper: &Keeper,
    draft: &Confidential<Draft>,
) -> Result<(), StoreError> {
    const INSERT: &str = "-- draft.insert
        INSERT INTO draft (draft_id, origin_hub, person_id, locator, kind, body, salt,
                           updated_at, expires_at, updated_by)
        VALUES (:draft, :hub, :person, :locator, :kind, :body, :salt, :now, :expires_at, :by)";
    let row = id.to_string();
    let text = body::encode(draft.expose_for_storage());
    let (person, locator, salt, sealed) = match keeper {
        Keeper::Person(person) => (
            Some(person.to_string()),
            None,
            None,
            tx.sealed(&place(&row), &text)?,
        ),
        Keeper::Code { locator, salt, key } => (
            None,
            Some(locator.as_slice()),
            Some(salt.as_slice()),
            tx.sealed_under(key, &place(&row), &text),
        ),
    };
    change(
        tx.data(),
        "draft.insert",
        INSERT,
        named_params! {
            ":draft": row,
            ":hub": tx.hub(),
            ":person": person,
            ":locator": locator,
            ":kind": ReportKind::Incident.word(),
            ":body": sealed,
            ":salt": salt,
            ":now": tx.now().micros(),
            ":expires_at": tx.now().plus_seconds(DRAFT_SECONDS).micros(),
            ":by": tx.name(),
        },
    )
    .map(|_| ())
}

/// Writes a draft over what it was and begins its time anew.
pub fn update(
    tx: &Tx<'_>,
    closed: &ClosedDraft,
    key: Option<&ObjectKey>,
    draft: &Confidential<Draft>,
) -> Result<(), StoreError> {
    const UPDATE: &str = "-- draft.update
        UPDATE draft SET body = :body, updated_at = :now, expires_at = :expires_at, updated_by = :by
        WHERE draft_id = :draft";
    let row = closed.id.to_string();
    let text = body::encode(draft.expose_for_storage());
    let sealed = match key {
        Some(key) => tx.sealed_under(key, &place(&row), &text),
        None => tx.sealed(&place(&row), &text)?,
    };
    change(
        tx.data(),
        "draft.update",
        UPDATE,
        named_params! {
            ":draft": row,
            ":body": sealed,
            ":now": tx.now().micros(),
            ":expires_at": tx.now().plus_seconds(DRAFT_SECONDS).micros(),
            ":by": tx.name(),
        },
    )
    .map(|_| ())
}

/// The draft with that id, if its time has not run out.
pub fn find(
    reader: &Reader<'_>,
    id: DraftId,
    now: Timestamp,
) -> Result<Option<ClosedDraft>, StoreError> {
    const FIND: &str = "-- draft.find
        SELECT * FROM draft WHERE draft_id = :draft AND expires_at > :now";
    one(
        reader.data(),
        "draft.find",
        "draft",
        FIND,
        named_params! {":draft": id.to_string(), ":now": now.micros()},
        closed,
    )
}

/// The draft whose mailbox code has that keyed hash, if its time has not run out.
pub fn find_by_code(
    reader: &Reader<'_>,
    locator: &[u8; 32],
    now: Timestamp,
) -> Result<Option<ClosedDraft>, StoreError> {
    const FIND: &str = "-- draft.find_by_code
        SELECT * FROM draft WHERE locator = :locator AND expires_at > :now";
    one(
        reader.data(),
        "draft.find_by_code",
        "draft",
        FIND,
        named_params! {":locator": locator.as_slice(), ":now": now.micros()},
        closed,
    )
}

/// The drafts under a person's name, last written first, at most `limit`.
pub fn of_person(
    reader: &Reader<'_>,
    person: PersonId,
    now: Timestamp,
    limit: u32,
) -> Result<Vec<ClosedDraft>, StoreError> {
    const LIST: &str = "-- draft.of_person
        SELECT * FROM draft WHERE person_id = :person AND expires_at > :now
        ORDER BY updated_at DESC, draft_id DESC LIMIT :limit";
    collect(
        reader.data(),
        "draft.of_person",
        "draft",
        LIST,
        named_params! {":person": person.to_string(), ":now": now.micros(), ":limit": limit},
        closed,
    )
}

/// Drafts whose time has run out, at most `limit`.
pub fn expired(
    reader: &Reader<'_>,
    now: Timestamp,
    limit: u32,
) -> Result<Vec<DraftId>, StoreError> {
    const LIST: &str = "-- draft.expired
        SELECT draft_id FROM draft WHERE expires_at <= :now ORDER BY draft_id LIMIT :limit";
    collect(
        reader.data(),
        "draft.expired",
        "draft",
        LIST,
        named_params! {":now": now.micros(), ":limit": limit},
        |row| row.word("draft_id"),
    )
}

/// Shreds a draft: its row goes, and its key where it has one.
pub fn shred(tx: &Tx<'_>, id: DraftId) -> Result<(), StoreError> {
    const DELETE: &str = "-- draft.shred
        DELETE FROM draft WHERE draft_id = :draft";
    let row = id.to_string();
    change(
        tx.data(),
        "draft.shred",
        DELETE,
        named_params! {":draft": row},
    )?;
    tx.destroy_key(&row)
}

impl ClosedDraft {
    /// Opens the draft, with the code's key where a code keeps it; `None` when its own key is gone.
    ///
    /// # Errors
    /// [`StoreError::Unreadable`] when the key is another's.
    pub fn open(
        &self,
        reader: &Reader<'_>,
        key: Option<&ObjectKey>,
    ) -> Result<Option<Confidential<Draft>>, StoreError> {
        let row = self.id.to_string();
        let text = match key {
            Some(key) => Some(reader.ring().decrypt(key, &place(&row), &self.body)?),
            None => reader.opened(&place(&row), &self.body)?,
        };
        let Some(text) = text else {
            return Ok(None);
        };
        let draft = body::decode(&text, self.id, self.updated_at)?;
        Ok(Some(Confidential::new(draft)))
    }
}

fn place(row: &str) -> Place<'_> {
    Place {
        object: row,
        table: "draft",
        column: "body",
        row,
    }
}

fn closed(row: &Columns<'_>) -> Result<ClosedDraft, StoreError> {
    Ok(ClosedDraft {
        id: row.word("draft_id")?,
        person: row.word_or_none("person_id")?,
        locator: row.plain("locator")?,
        salt: row.plain("salt")?,
        updated_at: row.time("updated_at")?,
        expires_at: row.time("expires_at")?,
        body: row.plain("body")?,
    })
}
