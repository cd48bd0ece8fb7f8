//! Reading the log: a member sees the entries about his organization's objects, an auditor all.
//!
//! Tiles and checkpoints are the same bytes for everyone who may read the log. A proof goes to the
//! owner of the entry and to auditors; for everybody else the entry is not there.

use domain::id::CommitmentId;
use domain::policy::Action;
use domain::time::Timestamp;
use seal::tlog::note::NoteVerifier;
use seal::tlog::offline::{LogEntry, OfflineConsistency, OfflineProof};
use seal::tlog::tile::{Row, Tile, encode_bundle, nodes_of_tiles};
use seal::tlog::tree::{consistency_proof, inclusion_proof};
use store::Reader;
use store::log::{COMMITMENT_LABEL, Commitment, LogCursor, View, tree};

use super::{LogError, stored_tile, verifier};
use crate::call::{Call, Hub};

/// Rows on one page of the list.
pub const PAGE_ROWS: u32 = 50;

/// An entry of the log as the list shows it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LogRow {
    /// Its id, to ask for the proof with.
    pub id: CommitmentId,
    /// Kind of event: `report-accepted`, `part-read` and so on.
    pub event: String,
    /// What it is about: an id as text.
    pub object: String,
    /// When it was committed.
    pub committed_at: Timestamp,
    /// Position in the published log; `None` while it waits for its batch.
    pub leaf_index: Option<u64>,
    /// Whether it still opens.
    pub content: Content,
}

/// Whether an entry opens.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Content {
    /// Salt and payload are there.
    Opens,
    /// They were destroyed, lawfully: that something was logged stays proven, what it was does not.
    Erased,
}

/// One page of the list, and where the next begins.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LogPage {
    /// The rows, newest first.
    pub rows: Vec<LogRow>,
    /// Where the next page begins; `None` on the last.
    pub next: Option<LogCursor>,
}

/// A proof to take home.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Proof {
    /// Whether it shows what was committed.
    pub content: Content,
    /// The file.
    pub file: OfflineProof,
}

/// Entries there are for the caller, newest first.
///
/// # Errors
/// [`LogError::NotFound`] when the role has no view of the log.
pub fn entries(hub: &Hub, call: &Call<'_>, after: Option<LogCursor>) -> Result<LogPage, LogError> {
    let view = view_of(call)?;
    hub.store.read(move |reader| {
        let mut found = store::log::entries(reader, view, after.as_ref(), PAGE_ROWS + 1)?;
        let more = found.len() > PAGE_ROWS as usize;
        found.truncate(PAGE_ROWS as usize);
        let next = found.last().filter(|_| more).map(|last| LogCursor {
            committed_at: last.committed_at,
            id: last.id,
        });
        Ok(LogPage {
            rows: found.iter().map(row).collect(),
            next,
        })
    })
}

/// Entries about `object` that are there for the caller, oldest first; none when it is hidden or
/// absent.
///
/// # Errors
/// [`LogError::NotFound`] when the role has no view of the log.
pub fn about(hub: &Hub, call: &Call<'_>, object: &str) -> Result<Vec<LogRow>, LogError> {
    let view = view_of(call)?;
    let object = object.to_owned();
    hub.store.read(move |reader| {
        let found = store::log::about(reader, view, &object)?;
        Ok(found.iter().map(row).collect())
    })
}

/// The proof of one entry, under the newest checkpoint.
///
/// # Errors
/// [`LogError::NotFound`] when the entry is hidden or absent; [`LogError::Waiting`] before its batch.
pub fn proof(hub: &Hub, call: &Call<'_>, id: CommitmentId) -> Result<Proof, LogError> {
    let view = view_of(call)?;
    hub.store.read(move |reader| {
        let found = store::log::find(reader, view, id)?.ok_or(LogError::NotFound)?;
        prove(reader, &found)
    })
}

/// The proofs of all published entries about `object` that are there for the caller, oldest first.
///
/// # Errors
/// [`LogError::NotFound`] when there is no entry; [`LogError::Waiting`] when none is published yet.
pub fn proofs(hub: &Hub, call: &Call<'_>, object: &str) -> Result<Vec<Proof>, LogError> {
    let view = view_of(call)?;
    let object = object.to_owned();
    hub.store.read(move |reader| {
        let found = store::log::about(reader, view, &object)?;
        if found.is_empty() {
            return Err(LogError::NotFound);
        }
        let proofs = found
            .iter()
            .filter(|commitment| commitment.leaf_index.is_some())
            .map(|commitment| prove(reader, commitment))
            .collect::<Result<Vec<_>, _>>()?;
        if proofs.is_empty() {
            return Err(LogError::Waiting);
        }
        Ok(proofs)
    })
}

/// The newest signed checkpoint: bytes in the form of C2SP tlog-checkpoint.
///
/// # Errors
/// [`LogError::NotFound`] before the first batch, or when the role has no view of the log.
pub fn checkpoint(hub: &Hub, call: &Call<'_>) -> Result<Vec<u8>, LogError> {
    view_of(call)?;
    hub.store.read(|reader| {
        let head = tree::head(reader)?.ok_or(LogError::NotFound)?;
        Ok(head.note.into_bytes())
    })
}

/// A tile or a bundle of entries: bytes in the form of C2SP tlog-tiles. `path` begins with `tile/`.
///
/// # Errors
/// [`LogError::NotFound`] when it is no path of a tile, the log does not reach it, or the role has no
/// view of the log.
pub fn tile(hub: &Hub, call: &Call<'_>, path: &str) -> Result<Vec<u8>, LogError> {
    view_of(call)?;
    let asked = Tile::parse(path).map_err(|_| LogError::NotFound)?;
    hub.store.read(move |reader| {
        let size = tree::head(reader)?.map_or(0, |head| head.size);
        let there = Tile::in_tree(asked.row(), asked.index(), size).ok_or(LogError::NotFound)?;
        if asked.width() > there.width() {
            return Err(LogError::NotFound);
        }
        match asked.row() {
            Row::Hashes(_) => stored_tile(reader, asked),
            Row::Entries => bundle(reader, asked),
        }
    })
}

/// The proof that the log with the checkpoint over `old_size` leaves is the beginning of the newest.
///
/// # Errors
/// [`LogError::NotFound`] when no checkpoint was signed at that size, or the role has no view of the
/// log.
pub fn consistency(
    hub: &Hub,
    call: &Call<'_>,
    old_size: u64,
) -> Result<OfflineConsistency, LogError> {
    view_of(call)?;
    hub.store.read(move |reader| {
        let old = tree::checkpoint(reader, old_size)?.ok_or(LogError::NotFound)?;
        let new = tree::head(reader)?.ok_or(LogError::NotFound)?;
        let mut nodes = nodes_of_tiles(new.size, |tile| stored_tile(reader, tile));
        let path = consistency_proof::<LogError>(old.size, new.size, &mut nodes)?;
        Ok(OfflineConsistency::new(&old.note, &new.note, &path))
    })
}

/// How far the log is published. For everyone: the status page shows it, so that a hub whose log
/// stands still is noticed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Head {
    /// Leaves that the newest checkpoint covers, dummies among them.
    pub size: u64,
    /// When it was signed.
    pub signed_at: Timestamp,
}

/// The newest checkpoint's size and time; `None` before the first batch.
pub fn head(hub: &Hub) -> Result<Option<Head>, LogError> {
    hub.store.read(|reader| {
        let head = tree::head(reader)?;
        Ok(head.map(|head| Head {
            size: head.size,
            signed_at: head.signed_at,
        }))
    })
}

/// The key that verifies the log, in the text form of signed notes; `None` before the first batch.
/// It is for everyone: a member compares it with what the hub's operator gave him by another way.
pub fn verifier_key(hub: &Hub) -> Result<Option<String>, LogError> {
    hub.store.read(|reader| {
        let key: Option<NoteVerifier> = verifier(reader)?;
        Ok(key.map(|key| key.to_string()))
    })
}

/// Whose entries the caller reads. Whoever acts for his organization sees hers; staff who only
/// report, administrators and custodians have no view.
fn view_of(call: &Call<'_>) -> Result<View, LogError> {
    const FOR_THE_ORGANIZATION: [Action; 3] = [
        Action::ReadReceipts,
        Action::WatchReach,
        Action::Acknowledge,
    ];
    if call.may(Action::AuditLog) {
        return Ok(View::All);
    }
    if FOR_THE_ORGANIZATION.iter().any(|action| call.may(*action)) {
        return Ok(View::Own(call.actor.organization));
    }
    Err(LogError::NotFound)
}

fn row(commitment: &Commitment) -> LogRow {
    LogRow {
        id: commitment.id,
        event: commitment.event.clone(),
        object: commitment.object.clone(),
        committed_at: commitment.committed_at,
        leaf_index: commitment.leaf_index,
        content: if commitment.is_erased() {
            Content::Erased
        } else {
            Content::Opens
        },
    }
}

pub(super) fn prove(reader: &Reader<'_>, commitment: &Commitment) -> Result<Proof, LogError> {
    let index = commitment.leaf_index.ok_or(LogError::Waiting)?;
    let head = tree::head(reader)?.ok_or(LogError::Waiting)?;
    let mut nodes = nodes_of_tiles(head.size, |tile| stored_tile(reader, tile));
    let path = inclusion_proof::<LogError>(index, head.size, &mut nodes)?;
    let entry = LogEntry::new(&commitment.origin_hub, commitment.hash)?;
    let file = OfflineProof::new(&entry, index, &path, &head.note);
    Ok(match commitment.opening(reader)? {
        Some(opening) => Proof {
            content: Content::Opens,
            file: file.with_opening(COMMITMENT_LABEL, opening.payload.as_bytes(), &opening.salt),
        },
        None => Proof {
            content: Content::Erased,
            file,
        },
    })
}

fn bundle(reader: &Reader<'_>, tile: Tile) -> Result<Vec<u8>, LogError> {
    let from = tile.index() * u64::from(seal::tlog::tile::TILE_WIDTH);
    let entries = tree::leaves(reader, from, u32::from(tile.width()))?
        .iter()
        .map(|leaf| Ok(LogEntry::new(&leaf.hub, leaf.hash)?.to_bytes()))
        .collect::<Result<Vec<_>, LogError>>()?;
    Ok(encode_bundle(&entries)?)
}
