//! Commitments: every write leaves one in its own transaction.
//!
//! The payload is a line of the log's own text form; the salt makes the commitment unguessable.
//! Erasure destroys salt and payload and leaves the hash: the proof stays, and opens nothing.

use domain::id::OrganizationId;
use rusqlite::named_params;
use seal::commitment::{Salt, commit};

use crate::error::StoreError;
use crate::row::change;
use crate::transaction::Tx;

/// Label of what is committed to; stands in every hash.
pub const COMMITMENT_LABEL: &str = "noroshi/log-entry/v1";

/// What happened, for the log.
#[derive(Debug, Clone)]
pub struct Entry {
    /// Kind of event, `report-accepted` for example.
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
        INSERT INTO commitment (commitment_id, origin_hub, event, object_id, owner_org, hash, salt,
                                payload, committed_at, leaf_index, updated_by)
        VALUES (:id, :hub, :event, :object, :owner, :hash, :salt, :payload, :now, NULL, :by)";
    let mut payload = format!(
        "hub={}\nevent={}\nobject={}\nat={}",
        tx.hub(),
        entry.event,
        entry.object,
        tx.now().micros()
    );
    for (name, value) in &entry.facts {
        payload.push_str(&format!("\n{name}={value}"));
    }
    let salt = Salt::from_bytes(tx.random_bytes());
    let hash = commit(COMMITMENT_LABEL, payload.as_bytes(), &salt);
    let id: [u8; 16] = tx.random_bytes();
    let id: String = id.iter().map(|byte| format!("{byte:02x}")).collect();
    change(
        tx.data(),
        "log.record",
        RECORD,
        named_params! {
            ":id": id,
            ":hub": tx.hub(),
            ":event": entry.event,
            ":object": entry.object,
            ":owner": entry.owner.map(|owner| owner.to_string()),
            ":hash": hash.as_slice(),
            ":salt": salt.as_bytes().as_slice(),
            ":payload": payload,
            ":now": tx.now().micros(),
            ":by": tx.name(),
        },
    )
    .map(|_| ())
}
