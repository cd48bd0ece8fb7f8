//! The check of the whole log: everything that is stored, recomputed from the leaves.
//!
//! It finds a changed, removed or added leaf, hash, checkpoint or commitment, and a commitment whose
//! content was destroyed without the entry that lawful erasure leaves. It cannot find that the whole
//! store was replaced by an older or another one that was signed with the same key: the checkpoints
//! that members keep find that.

use std::collections::BTreeSet;

use domain::id::CommitmentId;
use seal::commitment::verify;
use seal::object::SubKey;
use seal::tlog::checkpoint::Checkpoint;
use seal::tlog::note::NoteVerifier;
use seal::tlog::offline::LogEntry;
use seal::tlog::tree::{Hash, node_hash, root_of_leaves};
use store::log::tree::{Leaf, StoredCheckpoint};
use store::log::{COMMITMENT_LABEL, Commitment, ERASED_EVENT, View, tree};
use store::{Reader, StoreError};

use super::publish::{dummy, dummy_key};
use super::{LogError, verifier};
use crate::call::Hub;

/// What is wrong with the stored log.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Fault {
    /// A table holds what this program never writes.
    #[error("table `{0}` holds what this program never writes")]
    Unreadable(&'static str),
    /// The key that signs is gone or damaged, though checkpoints are there.
    #[error("the key that signs the log is lost or damaged")]
    Signer,
    /// The leaf is not there.
    #[error("leaf {0} is missing")]
    LeafMissing(u64),
    /// The leaf is neither a commitment of this store nor a dummy of this hub.
    #[error("leaf {0} is neither a commitment of this store nor a dummy of this hub")]
    LeafUnknown(u64),
    /// The leaf stands beyond the newest checkpoint.
    #[error("leaf {0} stands beyond the newest checkpoint")]
    LeafBeyond(u64),
    /// The tile does not hold the hashes of the leaves.
    #[error("tile {index} of level {level} does not hold the hashes of the leaves")]
    Tile {
        /// Level of the tile.
        level: u8,
        /// Position in its level.
        index: u64,
    },
    /// There are tiles that belong to no leaf.
    #[error("{found} tiles are kept, {expected} belong to the leaves")]
    TileCount {
        /// Tiles in the store.
        found: u64,
        /// Tiles that the leaves need.
        expected: u64,
    },
    /// The checkpoint does not continue the one before it.
    #[error("the checkpoint over {0} leaves does not continue the one before it")]
    Chain(u64),
    /// The root in the checkpoint is not that of the leaves.
    #[error("the checkpoint over {0} leaves has another root than the leaves")]
    Root(u64),
    /// The checkpoint's note is not what the log signed at that size.
    #[error("the signed note over {0} leaves is not what this log signed")]
    Note(u64),
    /// The commitment points to a leaf that is not there.
    #[error("entry `{0}` points to a leaf that is not there")]
    Unplaced(CommitmentId),
    /// The hash, the content or a column of the commitment was changed.
    #[error("entry `{0}` is not what was committed")]
    Commitment(CommitmentId),
    /// Content was destroyed without the entry that lawful erasure leaves.
    #[error("the entries about `{0}` were destroyed without a record of it")]
    Destroyed(String),
}

/// Recomputes the log of `hub` and lists what is wrong, nothing when it is whole.
///
/// # Errors
/// When the database itself fails.
pub fn audit(hub: &Hub) -> Result<Vec<Fault>, StoreError> {
    let dummies = dummy_key(hub);
    hub.store.read(move |reader| {
        let mut check = Check {
            reader,
            dummies,
            replay: Replay::default(),
            faults: Vec::new(),
        };
        let outcome = check.tree();
        check.settle(outcome)?;
        let outcome = check.commitments();
        check.settle(outcome)?;
        Ok(check.faults)
    })
}

struct Check<'r, 'a> {
    reader: &'r Reader<'a>,
    dummies: SubKey,
    replay: Replay,
    faults: Vec<Fault>,
}

impl Check<'_, '_> {
    /// A value that does not read back is a fault of the log, not of the check.
    fn settle(&mut self, outcome: Result<(), StoreError>) -> Result<(), StoreError> {
        match outcome {
            Err(StoreError::Corrupt { table, .. } | StoreError::Unreadable { table }) => {
                self.faults.push(Fault::Unreadable(table));
                Ok(())
            }
            other => other,
        }
    }

    /// Leaves, tiles and checkpoints, from the first to the last.
    fn tree(&mut self) -> Result<(), StoreError> {
        let key = match verifier(self.reader) {
            Ok(key) => key,
            Err(LogError::Store(failure @ StoreError::Database { .. })) => return Err(failure),
            Err(_) => None,
        };
        let mut previous = 0;
        loop {
            let heads = tree::checkpoints(self.reader, previous + 1, CHUNK_ROWS)?;
            if heads.is_empty() {
                break;
            }
            let Some(key) = &key else {
                self.faults.push(Fault::Signer);
                return Ok(());
            };
            for head in heads {
                if head.previous_size != previous {
                    self.faults.push(Fault::Chain(head.size));
                }
                if !self.leaves_up_to(head.size)? {
                    return Ok(());
                }
                self.head(&head, key);
                previous = head.size;
            }
        }
        if let Some(beyond) = tree::leaves(self.reader, self.replay.size, 1)?.first() {
            self.faults.push(Fault::LeafBeyond(beyond.index));
        }
        self.last_tiles()
    }

    /// Replays the leaves up to `size`; false when one is missing.
    fn leaves_up_to(&mut self, size: u64) -> Result<bool, StoreError> {
        while self.replay.size < size {
            let wanted = u32::try_from(size - self.replay.size).unwrap_or(CHUNK_ROWS);
            let leaves = tree::leaves(self.reader, self.replay.size, wanted.min(CHUNK_ROWS))?;
            if leaves.is_empty() {
                self.faults.push(Fault::LeafMissing(self.replay.size));
                return Ok(false);
            }
            for leaf in leaves {
                if leaf.index != self.replay.size {
                    self.faults.push(Fault::LeafMissing(self.replay.size));
                    return Ok(false);
                }
                self.leaf(&leaf)?;
            }
        }
        Ok(true)
    }

    fn leaf(&mut self, leaf: &Leaf) -> Result<(), StoreError> {
        let known = match store::log::at_leaf(self.reader, leaf.index)? {
            Some(found) => found.hash == leaf.hash && found.origin_hub == leaf.hub,
            None => leaf.hub == self.reader.hub() && leaf.hash == dummy(&self.dummies, leaf.index),
        };
        if !known {
            self.faults.push(Fault::LeafUnknown(leaf.index));
        }
        let Ok(entry) = LogEntry::new(&leaf.hub, leaf.hash) else {
            return Err(StoreError::Corrupt {
                table: "log_leaf",
                column: "origin_hub",
            });
        };
        for (level, index, hashes) in self.replay.push(entry.leaf_hash()) {
            self.tile(level, index, &hashes)?;
        }
        Ok(())
    }

    fn tile(&mut self, level: u8, index: u64, hashes: &[Hash]) -> Result<(), StoreError> {
        let stored = tree::tile(self.reader, level, index)?;
        if stored.as_deref() != Some(hashes.as_flattened()) {
            self.faults.push(Fault::Tile { level, index });
        }
        Ok(())
    }

    /// The tiles that are not full, and that there are no others.
    fn last_tiles(&mut self) -> Result<(), StoreError> {
        let mut expected = 0;
        for (level, tile) in (0_u8..).zip(std::mem::take(&mut self.replay.levels)) {
            expected += tile.index;
            if !tile.hashes.is_empty() {
                expected += 1;
                self.tile(level, tile.index, &tile.hashes)?;
            }
        }
        let found = tree::tile_count(self.reader)?;
        if found != expected {
            self.faults.push(Fault::TileCount { found, expected });
        }
        Ok(())
    }

    fn head(&mut self, head: &StoredCheckpoint, key: &NoteVerifier) {
        if self.replay.root() != head.root {
            self.faults.push(Fault::Root(head.size));
        }
        let signed = Checkpoint::open(&head.note, key)
            .is_ok_and(|signed| signed.size == head.size && signed.root == head.root);
        if !signed {
            self.faults.push(Fault::Note(head.size));
        }
    }

    /// The commitments: each opens to what its columns say, or was erased with a record of it.
    fn commitments(&mut self) -> Result<(), StoreError> {
        let mut erased = BTreeSet::new();
        let mut after = None;
        loop {
            let found = store::log::by_id(self.reader, after, CHUNK_ROWS)?;
            let Some(last) = found.last() else { break };
            after = Some(last.id);
            for commitment in found {
                self.commitment(&commitment, &mut erased)?;
            }
        }
        for object in erased {
            let recorded = store::log::about(self.reader, View::All, &object)?
                .iter()
                .any(|entry| entry.event == ERASED_EVENT);
            if !recorded {
                self.faults.push(Fault::Destroyed(object));
            }
        }
        Ok(())
    }

    fn commitment(
        &mut self,
        commitment: &Commitment,
        erased: &mut BTreeSet<String>,
    ) -> Result<(), StoreError> {
        if commitment
            .leaf_index
            .is_some_and(|index| index >= self.replay.size)
        {
            self.faults.push(Fault::Unplaced(commitment.id));
        }
        match commitment.opening(self.reader) {
            Ok(Some(opening)) => {
                let payload = opening.payload.as_bytes();
                let holds = commitment.agrees_with(&opening.payload)
                    && verify(COMMITMENT_LABEL, payload, &opening.salt, &commitment.hash);
                if !holds {
                    self.faults.push(Fault::Commitment(commitment.id));
                }
            }
            Ok(None) => {
                erased.insert(commitment.object.clone());
            }
            Err(StoreError::Corrupt { .. } | StoreError::Unreadable { .. }) => {
                self.faults.push(Fault::Commitment(commitment.id));
            }
            Err(failure) => return Err(failure),
        }
        Ok(())
    }
}

/// The tree as the leaves make it, built apart from the code that publishes.
#[derive(Default)]
struct Replay {
    size: u64,
    /// Roots of the complete subtrees from left to right, with their heights.
    complete: Vec<(u32, Hash)>,
    levels: Vec<GrowingTile>,
}

/// The last tile of a level.
#[derive(Default)]
struct GrowingTile {
    index: u64,
    hashes: Vec<Hash>,
}

impl Replay {
    /// Adds a leaf; the tiles it filled, with level, position and hashes.
    fn push(&mut self, leaf: Hash) -> Vec<(u8, u64, Vec<Hash>)> {
        self.size += 1;
        let (mut height, mut joined) = (0, leaf);
        while let Some((_, left)) = self.complete.pop_if(|(tall, _)| *tall == height) {
            joined = node_hash(&left, &joined);
            height += 1;
        }
        self.complete.push((height, joined));

        let mut filled = Vec::new();
        let mut rising = Some(leaf);
        let mut level = 0;
        while let Some(hash) = rising.take() {
            if self.levels.len() <= level {
                self.levels.push(GrowingTile::default());
            }
            let Some(tile) = self.levels.get_mut(level) else {
                break;
            };
            tile.hashes.push(hash);
            if tile.hashes.len() == usize::from(seal::tlog::tile::TILE_WIDTH) {
                let hashes = std::mem::take(&mut tile.hashes);
                rising = Some(root_of_leaves(&hashes));
                filled.push((u8::try_from(level).unwrap_or(u8::MAX), tile.index, hashes));
                tile.index += 1;
            }
            level += 1;
        }
        filled
    }

    fn root(&self) -> Hash {
        let roots = self.complete.iter().rev().map(|(_, root)| *root);
        roots
            .reduce(|right, left| node_hash(&left, &right))
            .unwrap_or_else(|| root_of_leaves(&[]))
    }
}

/// Rows read at a time.
const CHUNK_ROWS: u32 = 1_024;
