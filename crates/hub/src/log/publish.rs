//! The sequencer: one batch of one size at each turn of the cadence.
//!
//! Three steps, so that hashing and signing do not hold the writer: take the lease, compute the batch
//! on a read view, store it if the head is still the same. Killed between any two, the log is what it
//! was, and the commitments wait for the next turn.
//!
//! INVARIANT: a batch has the same number of leaves whatever happened; what is over waits, what is
//! missing is filled with dummies.
//! INVARIANT: within a batch the order is random.

use domain::id::CommitmentId;
use domain::time::Timestamp;
use seal::object::SubKey;
use seal::random::Random;
use seal::tlog::checkpoint::Checkpoint;
use seal::tlog::note::NoteSigner;
use seal::tlog::offline::LogEntry;
use seal::tlog::tile::{self, Row, Tile};
use store::log::tree::{self, Append, Batch, Leaf, StoredTile, Waiting};
use store::{Stamp, Tx, lease};

use super::{LogError, signer, stored_tile};
use crate::call::Hub;

/// How the log is published. The same for the life of a log unless its members are told: a change
/// shows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct LogSettings {
    batch_size: u32,
    cadence_seconds: u32,
}

/// Most leaves in one batch: about 70 a second at a cadence of a minute, for the largest exercise.
pub const BATCH_SIZE_MAX: u32 = 4_096;
/// Longest cadence: a day, in seconds.
pub const CADENCE_SECONDS_MAX: u32 = 86_400;

impl Default for LogSettings {
    /// 16 leaves a minute.
    fn default() -> Self {
        Self {
            batch_size: 16,
            cadence_seconds: 60,
        }
    }
}

impl LogSettings {
    /// Batches of `batch_size` leaves, 1 to [`BATCH_SIZE_MAX`], every `cadence_seconds`, 1 to
    /// [`CADENCE_SECONDS_MAX`].
    pub fn new(batch_size: u32, cadence_seconds: u32) -> Result<Self, SettingsError> {
        if !(1..=BATCH_SIZE_MAX).contains(&batch_size) {
            return Err(SettingsError::BatchSize(batch_size));
        }
        if !(1..=CADENCE_SECONDS_MAX).contains(&cadence_seconds) {
            return Err(SettingsError::Cadence(cadence_seconds));
        }
        Ok(Self {
            batch_size,
            cadence_seconds,
        })
    }

    /// Leaves in each batch.
    pub fn batch_size(self) -> u32 {
        self.batch_size
    }

    /// Seconds from one batch to the next.
    pub fn cadence_seconds(self) -> u32 {
        self.cadence_seconds
    }

    /// Which turn of the cadence `at` falls into. Turns stand on the clock, not on the last run, so
    /// that a late batch does not move those after it.
    fn turn(self, at: Timestamp) -> i64 {
        at.seconds().div_euclid(i64::from(self.cadence_seconds))
    }
}

/// Settings that a log cannot have.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum SettingsError {
    /// The batch is empty or too large.
    #[error("a batch of `{0}` leaves is not possible: choose 1 to {BATCH_SIZE_MAX}")]
    BatchSize(u32),
    /// The cadence is zero or too long.
    #[error("a cadence of `{0}` seconds is not possible: choose 1 to {CADENCE_SECONDS_MAX}")]
    Cadence(u32),
}

/// What a call of [`publish`] did.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Published {
    /// The turn had its batch already, or another instance is making it.
    NotDue,
    /// A batch was added.
    Batch {
        /// Leaves of the log now.
        size: u64,
        /// Commitments in the batch; the rest of it is dummies.
        taken: u32,
        /// Commitments that wait for a later batch.
        waiting: u64,
    },
}

/// Publishes the batch of the present turn, if it is due and nobody else does. Called by the job
/// loop as often as it likes.
///
/// # Errors
/// [`LogError::Overtaken`] when another instance was faster; nothing was changed then.
pub fn publish(
    hub: &Hub,
    settings: LogSettings,
    now: Timestamp,
    random: Random,
) -> Result<Published, LogError> {
    let Some(turn) = take_turn(hub, settings, now, &random)? else {
        return Ok(Published::NotDue);
    };
    let planned = plan(hub, settings, random)?;
    keep(hub, turn, planned)
}

/// The lease of one batch.
pub(super) struct Turn {
    holder: String,
    stamp: Stamp,
}

/// Takes the lease, and makes the key of the log if it has none. `None` when nothing is due.
pub(super) fn take_turn(
    hub: &Hub,
    settings: LogSettings,
    now: Timestamp,
    random: &Random,
) -> Result<Option<Turn>, LogError> {
    let holder: [u8; 16] = random.derive("log.holder").bytes();
    let holder = format!("{:032x}", u128::from_be_bytes(holder));
    let stamp = |name: &'static str| Stamp {
        name,
        now,
        random: random.derive(name),
    };
    let mut key_random = random.derive("log.signer");
    let turn = Turn {
        holder: holder.clone(),
        stamp: stamp("log.publish"),
    };
    hub.store.write(stamp("log.lease"), move |tx| {
        let due = lease::ran_at(tx, JOB, now)?
            .is_none_or(|ran_at| settings.turn(now) > settings.turn(ran_at));
        if !due || !lease::take(tx, JOB, &holder, LEASE_SECONDS)? {
            return Ok(None);
        }
        if signer(tx)?.is_none() {
            make_signer(tx, &mut key_random)?;
        }
        Ok(Some(turn))
    })
}

fn make_signer(tx: &Tx<'_>, random: &mut Random) -> Result<(), LogError> {
    if tree::head(tx)?.is_some() {
        return Err(LogError::SignerLost);
    }
    let signer = NoteSigner::generate(tx.hub(), random)?;
    Ok(tree::keep_signer(tx, &signer.expose_text())?)
}

/// Computes the next batch: reads only.
pub(super) fn plan(
    hub: &Hub,
    settings: LogSettings,
    mut random: Random,
) -> Result<Batch, LogError> {
    let dummies = dummy_key(hub);
    hub.store.read(move |reader| {
        let signer = signer(reader)?.ok_or(LogError::SignerLost)?;
        let on = tree::head(reader)?.map(|head| (head.size, head.root));
        let size = on.map_or(0, |(size, _)| size);
        let mut slots: Vec<Option<Waiting>> = tree::waiting(reader, settings.batch_size)?
            .into_iter()
            .map(Some)
            .collect();
        slots.resize(settings.batch_size as usize, None);
        shuffle(&mut slots, &mut random);
        let leaves: Vec<(Leaf, Option<CommitmentId>)> = (size..)
            .zip(slots)
            .map(|(index, slot)| place(index, slot, reader.hub(), &dummies))
            .collect();
        let hashes = leaves
            .iter()
            .map(|(leaf, _)| Ok(LogEntry::new(&leaf.hub, leaf.hash)?.leaf_hash()))
            .collect::<Result<Vec<_>, LogError>>()?;
        let appended = tile::append(size, &hashes, |tile| stored_tile(reader, tile))?;
        Ok(Batch {
            on,
            leaves,
            tiles: appended.tiles.into_iter().filter_map(stored).collect(),
            size: appended.size,
            root: appended.root,
            note: Checkpoint::sign(appended.size, appended.root, &signer)?,
        })
    })
}

/// Stores the batch if the lease is still ours and the head is still the one it was computed on.
pub(super) fn keep(hub: &Hub, turn: Turn, batch: Batch) -> Result<Published, LogError> {
    let Turn { holder, stamp } = turn;
    hub.store.write(stamp, move |tx| {
        if !lease::finish(tx, JOB, &holder)? || tree::append(tx, &batch)? == Append::Overtaken {
            return Err(LogError::Overtaken);
        }
        let taken = batch.leaves.iter().filter(|(_, id)| id.is_some()).count();
        Ok(Published::Batch {
            size: batch.size,
            taken: u32::try_from(taken).unwrap_or(u32::MAX),
            waiting: tree::waiting_count(tx)?,
        })
    })
}

/// A waiting commitment, or a dummy in its stead, at `index`.
fn place(
    index: u64,
    slot: Option<Waiting>,
    hub: &str,
    dummies: &SubKey,
) -> (Leaf, Option<CommitmentId>) {
    let (hub, hash, id) = match slot {
        Some(waiting) => (waiting.hub, waiting.hash, Some(waiting.id)),
        None => (hub.to_owned(), dummy(dummies, index), None),
    };
    (Leaf { index, hub, hash }, id)
}

/// The key that dummies are made with.
pub(super) fn dummy_key(hub: &Hub) -> SubKey {
    hub.store.keyring().master().derive("log/dummy")
}

/// The dummy at `index`. Nobody without the key can tell it from a commitment; the hub can, and so
/// finds a commitment that was taken out of its table.
pub(super) fn dummy(key: &SubKey, index: u64) -> [u8; 32] {
    key.keyed_hash(&[&index.to_be_bytes()])
}

/// Fisher and Yates, so that every order is as likely as every other.
fn shuffle<T>(slots: &mut [T], random: &mut Random) {
    for last in (1..slots.len()).rev() {
        let drawn = random.below(last as u64 + 1);
        slots.swap(last, usize::try_from(drawn).unwrap_or(last));
    }
}

fn stored((tile, hashes): (Tile, Vec<u8>)) -> Option<StoredTile> {
    match tile.row() {
        Row::Hashes(level) => Some(StoredTile {
            level,
            index: tile.index(),
            hashes,
        }),
        Row::Entries => None,
    }
}

const JOB: &str = "log-sequencer";

/// How long one run may take before another instance takes over.
const LEASE_SECONDS: i64 = 60;
