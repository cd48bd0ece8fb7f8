//! The log nobody can rewrite: publishing it, reading it, checking it.
//!
//! Every write leaves a salted commitment in its own transaction ([`store::log::record`]). A leased
//! job takes the waiting ones into batches of one size, at one cadence, filled up with dummies, and
//! signs the head of the tree: [`publish`]. Members read tiles, the head and the proofs of their own
//! entries, auditors all of them: `read`; a
//! source that is not named by its mailbox code: `mailbox`. Attempts that were refused are entries too: [`refused`].
//! [`audit`] recomputes everything from the leaves.
//!
//! What a batch tells is declassified here: its size and its time, both fixed beforehand, and hashes
//! that nobody can open without the salt.

mod audit;
mod mailbox;
mod publish;
mod read;
mod refused;

use seal::tlog::checkpoint::CheckpointError;
use seal::tlog::note::{NoteError, NoteSigner, NoteVerifier};
use seal::tlog::offline::ProofError;
use seal::tlog::tile::{Row, Tile, TileError};
use seal::tlog::tree::TreeError;
use seal::token::StretchError;
use store::log::tree;
use store::{Reader, StoreError};

use crate::limit::{LimitError, TooMany};

pub use audit::{Fault, audit};
pub use mailbox::{mailbox_proofs, opened_mailbox_proofs};
pub use publish::{
    BATCH_SIZE_MAX, CADENCE_SECONDS_MAX, LogSettings, Published, SettingsError, publish,
};
pub use read::{
    Content, Head, LogPage, LogRow, PAGE_ROWS, Proof, about, checkpoint, consistency, entries,
    head, proof, proofs, tile, verifier_key,
};
pub use refused::refused;
pub(crate) use refused::{Attempt, noting};
pub use store::log::{EVENTS, LogCursor};

/// Why the log was not continued or not read.
#[derive(Debug, thiserror::Error)]
pub enum LogError {
    /// It is not there, or not there for this reader: the two must look the same.
    #[error("nothing is here")]
    NotFound,
    /// The entry is the reader's, and waits for the next batch.
    #[error("this entry is not published yet; ask again after the next batch")]
    Waiting,
    /// Another instance went on with the log in the meantime.
    #[error("another instance went on with the log; nothing was published")]
    Overtaken,
    /// Checkpoints are there, and the key that signed them is not.
    #[error("the key that signs the log is lost; restore `hub_fact` and the keys from a backup")]
    SignerLost,
    /// A stored tile is not what the tree needs.
    #[error(transparent)]
    Tile(#[from] TileError),
    /// A proof cannot be made from what is stored.
    #[error(transparent)]
    Tree(#[from] TreeError),
    /// The name of the hub cannot stand in a log, or its key is damaged.
    #[error(transparent)]
    Note(#[from] NoteError),
    /// A stored checkpoint is not this log's.
    #[error(transparent)]
    Checkpoint(#[from] CheckpointError),
    /// A stored leaf is not an entry.
    #[error(transparent)]
    Entry(#[from] ProofError),
    /// Too many mailbox codes that opened nothing.
    #[error(transparent)]
    TooMany(#[from] TooMany),
    /// The mailbox code could not be stretched: memory ran out.
    #[error("the hub has no memory left for the mailbox; try again in a minute")]
    Stretch(#[from] StretchError),
    /// The store failed.
    #[error(transparent)]
    Store(#[from] StoreError),
}

impl From<LimitError> for LogError {
    fn from(failure: LimitError) -> Self {
        match failure {
            LimitError::TooMany(limit) => Self::TooMany(limit),
            LimitError::Store(failure) => Self::Store(failure),
        }
    }
}

/// The key that signs the log; `None` before the first batch.
fn signer(reader: &Reader<'_>) -> Result<Option<NoteSigner>, LogError> {
    let text = tree::signer(reader)?;
    Ok(text.map(|text| NoteSigner::parse(&text)).transpose()?)
}

/// The key that verifies the log; `None` before the first batch.
fn verifier(reader: &Reader<'_>) -> Result<Option<NoteVerifier>, LogError> {
    Ok(signer(reader)?.map(|signer| signer.verifier()))
}

/// The bytes of a tile of hashes, as wide as asked for.
fn stored_tile(reader: &Reader<'_>, tile: Tile) -> Result<Vec<u8>, LogError> {
    let Row::Hashes(level) = tile.row() else {
        return Err(LogError::NotFound);
    };
    let mut hashes = tree::tile(reader, level, tile.index())?.ok_or(LogError::NotFound)?;
    let wanted = usize::from(tile.width()) * 32;
    if hashes.len() < wanted {
        return Err(TileError::Damaged(tile).into());
    }
    // A tile only grows: its beginning is the tile of a smaller tree.
    hashes.truncate(wanted);
    Ok(hashes)
}

#[cfg(test)]
mod tests;
