//! The published log: leaves, tiles of hashes, signed checkpoints, and the key that signs.
//!
//! Rows only; what they must be is computed by the hub. Leaves, tiles and the checkpoint over them
//! are written in one transaction.
//!
//! INVARIANT: a checkpoint is stored only on top of the one it continues; leaves and full tiles are
//! never changed, a partial tile only grows.

use domain::id::CommitmentId;
use domain::time::Timestamp;
use rusqlite::named_params;

use crate::error::StoreError;
use crate::keyring::Place;
use crate::row::{Columns, change, collect, number, one};
use crate::transaction::{Reader, Tx};

/// A hash of the tree: SHA-256.
pub type Hash = [u8; 32];

/// A signed head of the log.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StoredCheckpoint {
    /// Leaves of the tree.
    pub size: u64,
    /// Leaves of the tree it continues.
    pub previous_size: u64,
    /// Root over them.
    pub root: Hash,
    /// The signed note.
    pub note: String,
    /// When it was signed.
    pub signed_at: Timestamp,
}

/// A leaf of the log.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Leaf {
    /// Position, from 0.
    pub index: u64,
    /// The hub that its entry names.
    pub hub: String,
    /// What its entry commits to: a commitment or a dummy.
    pub hash: Hash,
}

/// A tile of hashes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StoredTile {
    /// 0 for leaf hashes.
    pub level: u8,
    /// Position in its level, from 0.
    pub index: u64,
    /// Its hashes, one after the other.
    pub hashes: Vec<u8>,
}

/// What one run of the sequencer adds.
#[derive(Debug, Clone)]
pub struct Batch {
    /// Head it was computed on: size and root; `None` for the first batch.
    pub on: Option<(u64, Hash)>,
    /// New leaves in their order; with the id of the commitment, `None` for a dummy.
    pub leaves: Vec<(Leaf, Option<CommitmentId>)>,
    /// Tiles that are new or grew.
    pub tiles: Vec<StoredTile>,
    /// Size of the new tree.
    pub size: u64,
    /// Root of the new tree.
    pub root: Hash,
    /// The signed note over them.
    pub note: String,
}

/// Whether a batch became part of the log.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Append {
    /// It did.
    Appended,
    /// The log went on in the meantime, or one of the commitments was published: undo the
    /// transaction and compute again.
    Overtaken,
}

/// Appends `batch` if the head is still the one it was computed on. On [`Append::Overtaken`] the
/// caller must undo the transaction.
pub fn append(tx: &Tx<'_>, batch: &Batch) -> Result<Append, StoreError> {
    if !insert_checkpoint(tx, batch)? {
        return Ok(Append::Overtaken);
    }
    for (leaf, commitment) in &batch.leaves {
        insert_leaf(tx, leaf)?;
        if let Some(id) = commitment
            && !publish(tx, *id, leaf.index)?
        {
            return Ok(Append::Overtaken);
        }
    }
    for tile in &batch.tiles {
        keep_tile(tx, tile)?;
    }
    Ok(Append::Appended)
}

/// Compare and swap: the row is written only if the head is the one the batch continues.
fn insert_checkpoint(tx: &Tx<'_>, batch: &Batch) -> Result<bool, StoreError> {
    const INSERT: &str = "-- log_tree.insert_checkpoint
        INSERT INTO checkpoint (tree_size, previous_size, root_hash, note, signed_at, updated_by)
        SELECT :size, :on_size, :root, :note, :now, :by
        WHERE COALESCE((SELECT max(tree_size) FROM checkpoint), 0) = :on_size
          AND (:on_size = 0 OR EXISTS (
              SELECT 1 FROM checkpoint WHERE tree_size = :on_size AND root_hash = :on_root))";
    let (on_size, on_root) = batch.on.unwrap_or((0, [0; 32]));
    let written = change(
        tx.data(),
        "log_tree.insert_checkpoint",
        INSERT,
        named_params! {
            ":size": number(batch.size),
            ":root": batch.root.as_slice(),
            ":note": batch.note,
            ":on_size": number(on_size),
            ":on_root": on_root.as_slice(),
            ":now": tx.now().micros(),
            ":by": tx.name(),
        },
    )?;
    Ok(written == 1)
}

fn insert_leaf(tx: &Tx<'_>, leaf: &Leaf) -> Result<(), StoreError> {
    const INSERT: &str = "-- log_tree.insert_leaf
        INSERT INTO log_leaf (leaf_index, origin_hub, hash) VALUES (:index, :hub, :hash)";
    change(
        tx.data(),
        "log_tree.insert_leaf",
        INSERT,
        named_params! {":index": number(leaf.index), ":hub": leaf.hub, ":hash": leaf.hash.as_slice()},
    )
    .map(|_| ())
}

fn publish(tx: &Tx<'_>, id: CommitmentId, index: u64) -> Result<bool, StoreError> {
    const PUBLISH: &str = "-- log_tree.publish
        UPDATE commitment SET leaf_index = :index, updated_by = :by
        WHERE commitment_id = :id AND leaf_index IS NULL";
    let published = change(
        tx.data(),
        "log_tree.publish",
        PUBLISH,
        named_params! {":id": id.to_string(), ":index": number(index), ":by": tx.name()},
    )?;
    Ok(published == 1)
}

fn keep_tile(tx: &Tx<'_>, tile: &StoredTile) -> Result<(), StoreError> {
    const KEEP: &str = "-- log_tree.keep_tile
        INSERT INTO log_tile (level, tile_index, hashes) VALUES (:level, :index, :hashes)
        ON CONFLICT (level, tile_index) DO UPDATE SET hashes = :hashes
        WHERE length(log_tile.hashes) < length(:hashes)";
    change(
        tx.data(),
        "log_tree.keep_tile",
        KEEP,
        named_params! {":level": tile.level, ":index": number(tile.index), ":hashes": tile.hashes},
    )
    .map(|_| ())
}

/// A commitment that waits for the sequencer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Waiting {
    /// Its id.
    pub id: CommitmentId,
    /// The hub where it happened.
    pub hub: String,
    /// Salted SHA-256 of its payload.
    pub hash: Hash,
}

/// The commitments that have waited longest, at most `limit`.
pub fn waiting(reader: &Reader<'_>, limit: u32) -> Result<Vec<Waiting>, StoreError> {
    const LIST: &str = "-- log_tree.waiting
        SELECT commitment_id, origin_hub, hash FROM commitment WHERE leaf_index IS NULL
        ORDER BY committed_at, commitment_id LIMIT :limit";
    collect(
        reader.data(),
        "log_tree.waiting",
        "commitment",
        LIST,
        named_params! {":limit": limit},
        |row| {
            Ok(Waiting {
                id: row.word("commitment_id")?,
                hub: row.plain("origin_hub")?,
                hash: row.plain("hash")?,
            })
        },
    )
}

/// How many commitments wait.
pub fn waiting_count(reader: &Reader<'_>) -> Result<u64, StoreError> {
    const COUNT: &str = "-- log_tree.waiting_count
        SELECT count(*) AS waiting FROM commitment WHERE leaf_index IS NULL";
    let waiting = one(
        reader.data(),
        "log_tree.waiting_count",
        "commitment",
        COUNT,
        [],
        |row| row.count("waiting"),
    )?;
    Ok(waiting.unwrap_or(0))
}

/// The newest checkpoint; `None` before the first batch.
pub fn head(reader: &Reader<'_>) -> Result<Option<StoredCheckpoint>, StoreError> {
    const HEAD: &str = "-- log_tree.head
        SELECT * FROM checkpoint ORDER BY tree_size DESC LIMIT 1";
    one(
        reader.data(),
        "log_tree.head",
        "checkpoint",
        HEAD,
        [],
        stored_checkpoint,
    )
}

/// The checkpoint over `size` leaves; `None` when none was signed at that size.
pub fn checkpoint(reader: &Reader<'_>, size: u64) -> Result<Option<StoredCheckpoint>, StoreError> {
    const FIND: &str = "-- log_tree.checkpoint
        SELECT * FROM checkpoint WHERE tree_size = :size";
    one(
        reader.data(),
        "log_tree.checkpoint",
        "checkpoint",
        FIND,
        named_params! {":size": number(size)},
        stored_checkpoint,
    )
}

/// Checkpoints over `from` leaves and more, oldest first, at most `limit`.
pub fn checkpoints(
    reader: &Reader<'_>,
    from: u64,
    limit: u32,
) -> Result<Vec<StoredCheckpoint>, StoreError> {
    const LIST: &str = "-- log_tree.checkpoints
        SELECT * FROM checkpoint WHERE tree_size >= :from ORDER BY tree_size LIMIT :limit";
    collect(
        reader.data(),
        "log_tree.checkpoints",
        "checkpoint",
        LIST,
        named_params! {":from": number(from), ":limit": limit},
        stored_checkpoint,
    )
}

/// Leaves from `from` on, at most `limit`.
pub fn leaves(reader: &Reader<'_>, from: u64, limit: u32) -> Result<Vec<Leaf>, StoreError> {
    const LIST: &str = "-- log_tree.leaves
        SELECT * FROM log_leaf WHERE leaf_index >= :from ORDER BY leaf_index LIMIT :limit";
    collect(
        reader.data(),
        "log_tree.leaves",
        "log_leaf",
        LIST,
        named_params! {":from": number(from), ":limit": limit},
        |row| {
            Ok(Leaf {
                index: row.count("leaf_index")?,
                hub: row.plain("origin_hub")?,
                hash: row.plain("hash")?,
            })
        },
    )
}

/// The leaf at `index`; `None` when the log does not reach it.
pub fn leaf(reader: &Reader<'_>, index: u64) -> Result<Option<Leaf>, StoreError> {
    let found = leaves(reader, index, 1)?;
    Ok(found.into_iter().find(|leaf| leaf.index == index))
}

/// The hashes of a tile as far as it goes; `None` when there is none.
pub fn tile(reader: &Reader<'_>, level: u8, index: u64) -> Result<Option<Vec<u8>>, StoreError> {
    const FIND: &str = "-- log_tree.tile
        SELECT hashes FROM log_tile WHERE level = :level AND tile_index = :index";
    one(
        reader.data(),
        "log_tree.tile",
        "log_tile",
        FIND,
        named_params! {":level": level, ":index": number(index)},
        |row| row.plain("hashes"),
    )
}

/// How many tiles are kept.
pub fn tile_count(reader: &Reader<'_>) -> Result<u64, StoreError> {
    const COUNT: &str = "-- log_tree.tile_count
        SELECT count(*) AS tiles FROM log_tile";
    let tiles = one(
        reader.data(),
        "log_tree.tile_count",
        "log_tile",
        COUNT,
        [],
        |row| row.count("tiles"),
    )?;
    Ok(tiles.unwrap_or(0))
}

/// The text form of the key that signs checkpoints; `None` before the first batch.
///
/// # Errors
/// [`StoreError::Unreadable`] when it is there and does not open.
pub fn signer(reader: &Reader<'_>) -> Result<Option<String>, StoreError> {
    const FIND: &str = "-- log_tree.signer
        SELECT body FROM hub_fact WHERE fact = 'log-signer'";
    let unreadable = || StoreError::Unreadable { table: "hub_fact" };
    let sealed: Option<Vec<u8>> = one(
        reader.data(),
        "log_tree.signer",
        "hub_fact",
        FIND,
        [],
        |row| row.plain("body"),
    )?;
    let Some(sealed) = sealed else {
        return Ok(None);
    };
    let text = reader.opened(&SIGNER, &sealed)?.ok_or_else(unreadable)?;
    String::from_utf8(text).map(Some).map_err(|_| unreadable())
}

/// Keeps the key that signs checkpoints, encrypted. There is one for the life of the log: a second
/// one is refused by the table.
pub fn keep_signer(tx: &Tx<'_>, text: &str) -> Result<(), StoreError> {
    const KEEP: &str = "-- log_tree.keep_signer
        INSERT INTO hub_fact (fact, body, updated_at, updated_by)
        VALUES ('log-signer', :body, :now, :by)";
    let sealed = tx.sealed(&SIGNER, text.as_bytes())?;
    change(
        tx.data(),
        "log_tree.keep_signer",
        KEEP,
        named_params! {":body": sealed, ":now": tx.now().micros(), ":by": tx.name()},
    )
    .map(|_| ())
}

const SIGNER: Place<'static> = Place {
    object: "hub/log-signer",
    table: "hub_fact",
    column: "body",
    row: "log-signer",
};

fn stored_checkpoint(row: &Columns<'_>) -> Result<StoredCheckpoint, StoreError> {
    Ok(StoredCheckpoint {
        size: row.count("tree_size")?,
        previous_size: row.count("previous_size")?,
        root: row.plain("root_hash")?,
        note: row.plain("note")?,
        signed_at: row.time("signed_at")?,
    })
}
