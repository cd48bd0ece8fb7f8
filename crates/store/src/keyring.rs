//! Object keys: made with the object, wrapped by the master key, destroyed to erase.
//!
//! The wrapped keys lie in a database of their own. Backups of the data never contain them, so that
//! destroying a key erases the object in free pages, in the write-ahead log and in every backup.

use std::fmt::Write as _;

use rusqlite::{Connection, OptionalExtension as _, named_params};
use seal::object::{Binding, MasterKey, ObjectKey, decrypt, encrypt};
use seal::random::Random;

use crate::error::{Named as _, StoreError};

/// The hub's name and master key, shared by all connections.
pub struct Keyring {
    hub: String,
    master: MasterKey,
}

impl Keyring {
    /// A key ring of the hub `hub`.
    pub fn new(hub: &str, master: MasterKey) -> Self {
        Self {
            hub: hub.to_owned(),
            master,
        }
    }

    /// Name of the hub.
    pub fn hub(&self) -> &str {
        &self.hub
    }

    /// What stands for `fields` in a log that others read: the same for the same fields, and telling
    /// them to nobody who does not hold the hub's key. `label` keeps uses apart. 64 hex digits.
    pub fn mark(&self, label: &str, fields: &[&[u8]]) -> String {
        let hash = self.master.derive(label).keyed_hash(fields);
        hash.iter().fold(String::new(), |mut hex, byte| {
            let _ = write!(hex, "{byte:02x}");
            hex
        })
    }

    /// The master key, to derive keyed hashes and search tokens from.
    pub fn master(&self) -> &MasterKey {
        &self.master
    }

    /// The key of `object_id`; `None` when it never had one or it was destroyed.
    pub(crate) fn key(
        &self,
        keys: &Connection,
        object_id: &str,
    ) -> Result<Option<ObjectKey>, StoreError> {
        const READ: &str = "-- keyring.read
            SELECT wrapped FROM object_key WHERE object_id = :object";
        let wrapped: Option<Vec<u8>> = keys
            .prepare_cached(READ)
            .and_then(|mut s| {
                s.query_row(named_params! {":object": object_id}, |row| row.get(0))
                    .optional()
            })
            .named("keyring.read")?;
        wrapped
            .map(|wrapped| self.master.unwrap(&wrapped, &self.hub, object_id))
            .transpose()
            .map_err(|_| StoreError::Unreadable {
                table: "object_key",
            })
    }

    /// The key of `object_id`, made now if it has none.
    pub(crate) fn key_or_new(
        &self,
        keys: &Connection,
        object_id: &str,
        random: &mut Random,
    ) -> Result<ObjectKey, StoreError> {
        const INSERT: &str = "-- keyring.insert
            INSERT INTO object_key (object_id, wrapped) VALUES (:object, :wrapped)";
        if let Some(key) = self.key(keys, object_id)? {
            return Ok(key);
        }
        let key = ObjectKey::generate(random);
        let wrapped = self.master.wrap(&key, &self.hub, object_id);
        keys.prepare_cached(INSERT)
            .and_then(|mut s| s.execute(named_params! {":object": object_id, ":wrapped": wrapped}))
            .named("keyring.insert")?;
        Ok(key)
    }

    pub(crate) fn encrypt(
        &self,
        key: &ObjectKey,
        place: &Place<'_>,
        text: &[u8],
        random: &mut Random,
    ) -> Vec<u8> {
        encrypt(key, &place.binding(&self.hub), text, random)
    }

    pub(crate) fn decrypt(
        &self,
        key: &ObjectKey,
        place: &Place<'_>,
        sealed: &[u8],
    ) -> Result<Vec<u8>, StoreError> {
        decrypt(key, &place.binding(&self.hub), sealed)
            .map(|text| text.to_vec())
            .map_err(|_| StoreError::Unreadable { table: place.table })
    }
}

impl std::fmt::Debug for Keyring {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(out, "Keyring({})", self.hub)
    }
}

/// Where a ciphertext stands, and whose key opens it.
#[derive(Debug, Clone, Copy)]
pub struct Place<'a> {
    /// Object whose key it is under.
    pub object: &'a str,
    /// Table.
    pub table: &'static str,
    /// Column.
    pub column: &'static str,
    /// Key of the row, as text.
    pub row: &'a str,
}

impl Place<'_> {
    fn binding<'b>(&'b self, hub: &'b str) -> Binding<'b> {
        Binding {
            hub,
            table: self.table,
            column: self.column,
            row: self.row,
        }
    }
}
