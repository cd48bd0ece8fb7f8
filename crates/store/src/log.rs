//! Commitments: every write leaves one in its own transaction.
//!
//! The payload is a few lines of text; the salt makes the commitment unguessable. Both lie sealed
//! under a key that the object has for its log entries alone, so that erasure reaches backups too:
//! it destroys the key and leaves the hash. The proof stays, and opens nothing.
//!
//! [`tree`] keeps the published log, [`refusal`] counts refused attempts.
//!
//! INVARIANT: a commitment is written once; its hash never changes, and it gets one leaf at most.

mod event;
pub mod refusal;
pub mod tree;

use domain::id::{CommitmentId, OrganizationId};
use domain::time::Timestamp;
use rusqlite::named_params;
use seal::commitment::{Salt, commit};

use crate::error::StoreError;
use crate::keyring::Place;
use crate::row::{Columns, change, collect, number, one};
use crate::transaction::{Reader, Tx};

pub use event::EVENTS;

/// Label of what is committed to; stands in every hash.
pub const COMMITMENT_LABEL: &str = "noroshi/log-entry/v1";

/// Event of the entry that [`erase`] leaves behind.
pub const ERASED_EVENT: &str = "log-erased";

/// What happened, for the log.
#[derive(Debug, Clone)]
pub struct Entry {
    /// Kind of event, one of [`EVENTS`].
    pub event: &'static str,
    /// What it is about: an id as text.
    pub object: String,
    /// Who may ask for the proof as its owner; `None` when only auditors may.
    pub owner: Option<OrganizationId>,
    /// Further facts, `name=value` each; ids, words and codes only, never a text from outside.
    pub facts: Vec<(&'static str, String)>,
}

/// Commits to `entry` in the running transaction.
pub fn record(tx: &Tx<'_>, entry: &Entry) -> Result<(), StoreError> {
    const RECORD: &str = "-- log.record
        INSERT INTO commitment (commitment_id, origin_hub, event, object_id, owner_org, hash, opening,
                                committed_at, leaf_index, updated_by)
        VALUES (:id, :hub, :event, :object, :owner, :hash, :opening, :now, NULL, :by)";
    debug_assert!(
        EVENTS.contains(&entry.event),
        "`{}` is not in the list of events",
        entry.event
    );
    let id = CommitmentId::from_random(tx.random_bytes());
    let owner = entry.owner.map(|owner| owner.to_string());
    let mut payload = payload_head(
        tx.hub(),
        entry.event,
        &entry.object,
        tx.now(),
        owner.as_deref(),
    );
    for (name, value) in &entry.facts {
        // A line break in a value would forge a further fact.
        let value: String = value
            .chars()
            .filter(|letter| !letter.is_control())
            .collect();
        payload.extend(["\n", name, "=", &value]);
    }
    let salt = Salt::from_bytes(tx.random_bytes());
    let hash = commit(COMMITMENT_LABEL, payload.as_bytes(), &salt);
    let opening = [salt.as_bytes().as_slice(), payload.as_bytes()].concat();
    let row = id.to_string();
    let opening = tx.sealed(&place(&key_name(&entry.object), &row), &opening)?;
    change(
        tx.data(),
        "log.record",
        RECORD,
        named_params! {
            ":id": row,
            ":hub": tx.hub(),
            ":event": entry.event,
            ":object": entry.object,
            ":owner": owner,
            ":hash": hash.as_slice(),
            ":opening": opening,
            ":now": tx.now().micros(),
            ":by": tx.name(),
        },
    )
    .map(|_| ())
}

/// Whose entries are read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum View {
    /// Entries whose owner is this organization.
    Own(OrganizationId),
    /// All entries: the auditor's.
    All,
}

impl View {
    /// The owner to compare with; `*` stands for all and is the text of no organization.
    fn key(self) -> String {
        match self {
            Self::Own(owner) => owner.to_string(),
            Self::All => "*".to_owned(),
        }
    }
}

/// A commitment as it is kept.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Commitment {
    /// Its id.
    pub id: CommitmentId,
    /// The hub where it happened.
    pub origin_hub: String,
    /// Kind of event.
    pub event: String,
    /// What it is about: an id as text.
    pub object: String,
    /// Who may ask for the proof as its owner.
    pub owner: Option<OrganizationId>,
    /// Salted SHA-256 of the payload.
    pub hash: [u8; 32],
    /// When it was committed.
    pub committed_at: Timestamp,
    /// Position in the published log; `None` while it waits.
    pub leaf_index: Option<u64>,
    /// Salt and payload as they lie sealed; `None` after erasure.
    sealed: Option<Vec<u8>>,
}

/// Where a list goes on: after this entry, towards the past.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LogCursor {
    /// When the last shown entry was committed.
    pub committed_at: Timestamp,
    /// Its id.
    pub id: CommitmentId,
}

/// Salt and payload of a commitment.
#[derive(Clone, PartialEq, Eq)]
pub struct Opening {
    /// The salt.
    pub salt: Salt,
    /// The committed text: `name=value` lines.
    pub payload: String,
}

/// Entries in `view`, newest first, at most `limit`.
pub fn entries(
    reader: &Reader<'_>,
    view: View,
    after: Option<&LogCursor>,
    limit: u32,
) -> Result<Vec<Commitment>, StoreError> {
    const OWN: &str = "-- log.own_entries
        SELECT * FROM commitment
        WHERE owner_org = :view AND (committed_at, commitment_id) < (:at, :id)
        ORDER BY committed_at DESC, commitment_id DESC LIMIT :limit";
    const ALL: &str = "-- log.all_entries
        SELECT * FROM commitment
        WHERE :view = '*' AND (committed_at, commitment_id) < (:at, :id)
        ORDER BY committed_at DESC, commitment_id DESC LIMIT :limit";
    let (name, list) = match view {
        View::Own(_) => ("log.own_entries", OWN),
        View::All => ("log.all_entries", ALL),
    };
    let (at, id) = after.map_or((i64::MAX, String::new()), |after| {
        (after.committed_at.micros(), after.id.to_string())
    });
    collect(
        reader.data(),
        name,
        "commitment",
        list,
        named_params! {":view": view.key(), ":at": at, ":id": id, ":limit": limit},
        commitment,
    )
}

/// Entries in `view` about `object`, oldest first.
pub fn about(reader: &Reader<'_>, view: View, object: &str) -> Result<Vec<Commitment>, StoreError> {
    const LIST: &str = "-- log.about
        SELECT * FROM commitment
        WHERE object_id = :object AND (owner_org = :view OR :view = '*')
        ORDER BY committed_at, commitment_id";
    collect(
        reader.data(),
        "log.about",
        "commitment",
        LIST,
        named_params! {":view": view.key(), ":object": object},
        commitment,
    )
}

/// The entry with that id, if it is in `view`.
pub fn find(
    reader: &Reader<'_>,
    view: View,
    id: CommitmentId,
) -> Result<Option<Commitment>, StoreError> {
    const FIND: &str = "-- log.find
        SELECT * FROM commitment
        WHERE commitment_id = :id AND (owner_org = :view OR :view = '*')";
    one(
        reader.data(),
        "log.find",
        "commitment",
        FIND,
        named_params! {":view": view.key(), ":id": id.to_string()},
        commitment,
    )
}

/// The entry that was published at leaf `index`; `None` for a dummy.
pub fn at_leaf(reader: &Reader<'_>, index: u64) -> Result<Option<Commitment>, StoreError> {
    const FIND: &str = "-- log.at_leaf
        SELECT * FROM commitment WHERE leaf_index = :index";
    one(
        reader.data(),
        "log.at_leaf",
        "commitment",
        FIND,
        named_params! {":index": number(index)},
        commitment,
    )
}

/// Every commitment after `after` in the order of ids, at most `limit`: for the check of the whole.
pub fn by_id(
    reader: &Reader<'_>,
    after: Option<CommitmentId>,
    limit: u32,
) -> Result<Vec<Commitment>, StoreError> {
    const LIST: &str = "-- log.by_id
        SELECT * FROM commitment WHERE commitment_id > :after ORDER BY commitment_id LIMIT :limit";
    let after = after.map_or_else(String::new, |after| after.to_string());
    collect(
        reader.data(),
        "log.by_id",
        "commitment",
        LIST,
        named_params! {":after": after, ":limit": limit},
        commitment,
    )
}

impl Commitment {
    /// Whether salt and payload were destroyed.
    pub fn is_erased(&self) -> bool {
        self.sealed.is_none()
    }

    /// Salt and payload; `None` when they were erased.
    ///
    /// # Errors
    /// [`StoreError::Unreadable`] when they were changed since they were written.
    pub fn opening(&self, reader: &Reader<'_>) -> Result<Option<Opening>, StoreError> {
        let Some(sealed) = &self.sealed else {
            return Ok(None);
        };
        let row = self.id.to_string();
        let key = key_name(&self.object);
        let Some(plain) = reader.opened(&place(&key, &row), sealed)? else {
            return Ok(None);
        };
        let corrupt = || StoreError::Corrupt {
            table: "commitment",
            column: "opening",
        };
        let (salt, payload) = plain.split_first_chunk::<32>().ok_or_else(corrupt)?;
        Ok(Some(Opening {
            salt: Salt::from_bytes(*salt),
            payload: String::from_utf8(payload.to_vec()).map_err(|_| corrupt())?,
        }))
    }

    /// Whether `payload` begins with what the columns say, so that no column was changed.
    pub fn agrees_with(&self, payload: &str) -> bool {
        let owner = self.owner.map(|owner| owner.to_string());
        let head = payload_head(
            &self.origin_hub,
            &self.event,
            &self.object,
            self.committed_at,
            owner.as_deref(),
        );
        payload
            .strip_prefix(&head)
            .is_some_and(|facts| facts.is_empty() || facts.starts_with('\n'))
    }
}

/// Destroys salt and payload of every entry about `object`, lawfully: the hashes stay, and that it
/// was done is itself an entry. How many entries were erased.
pub fn erase(tx: &Tx<'_>, object: &str) -> Result<usize, StoreError> {
    const ERASE: &str = "-- log.erase
        UPDATE commitment SET opening = NULL, updated_by = :by
        WHERE object_id = :object AND opening IS NOT NULL";
    let erased = change(
        tx.data(),
        "log.erase",
        ERASE,
        named_params! {":object": object, ":by": tx.name()},
    )?;
    tx.destroy_key(&key_name(object))?;
    let entry = Entry {
        event: ERASED_EVENT,
        object: object.to_owned(),
        owner: None,
        facts: vec![("entries", erased.to_string())],
    };
    record(tx, &entry)?;
    Ok(erased)
}

/// What every payload begins with: hub, event, object, time in microseconds, owner or `-`.
fn payload_head(
    hub: &str,
    event: &str,
    object: &str,
    at: Timestamp,
    owner: Option<&str>,
) -> String {
    format!(
        "hub={hub}\nevent={event}\nobject={object}\nat={}\nowner={}",
        at.micros(),
        owner.unwrap_or("-")
    )
}

/// The key of an object's log entries. It is not the object's own: a text may be erased while its
/// source still has the right to see who read it.
fn key_name(object: &str) -> String {
    format!("log/{object}")
}

fn place<'a>(key: &'a str, row: &'a str) -> Place<'a> {
    Place {
        object: key,
        table: "commitment",
        column: "opening",
        row,
    }
}

fn commitment(row: &Columns<'_>) -> Result<Commitment, StoreError> {
    Ok(Commitment {
        id: row.word("commitment_id")?,
        origin_hub: row.plain("origin_hub")?,
        event: row.plain("event")?,
        object: row.plain("object_id")?,
        owner: row.word_or_none("owner_org")?,
        hash: row.plain("hash")?,
        committed_at: row.time("committed_at")?,
        leaf_index: row.count_or_none("leaf_index")?,
        sealed: row.plain("opening")?,
    })
}
