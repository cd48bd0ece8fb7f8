//! What stands in the log, and the two proofs that a member takes home: that an entry is in it,
//! and that an older log is the beginning of a newer one. Both are JSON files that need nothing
//! but the key of the log to be checked.

use std::fmt;

use data_encoding::HEXLOWER;
use serde::{Deserialize, Serialize};

use super::checkpoint::{Checkpoint, CheckpointError};
use super::note::NoteVerifier;
use super::tree::{Hash, TreeError, leaf_hash, verify_consistency, verify_inclusion};
use crate::commitment::{self, Salt};
use crate::encoding::{Spelled, json};

/// An entry of the log: which hub, and a commitment to what happened there. Nothing else: what
/// kind of thing was logged stands inside the commitment, so that the log tells no counts by kind.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LogEntry {
    hub: String,
    commitment: [u8; 32],
}

impl LogEntry {
    /// The entry of `hub` for `commitment`. Refuses a hub name that is empty, long, or has control
    /// characters.
    pub fn new(hub: &str, commitment: [u8; 32]) -> Result<Self, ProofError> {
        if hub.is_empty() || hub.len() > HUB_BYTES_MAX || hub.contains(char::is_control) {
            return Err(ProofError::NotAnEntry);
        }
        Ok(Self {
            hub: hub.to_owned(),
            commitment,
        })
    }

    /// Reads the bytes of an entry.
    pub fn parse(bytes: &[u8]) -> Result<Self, ProofError> {
        let text = std::str::from_utf8(bytes).map_err(|_| ProofError::NotAnEntry)?;
        let body = text
            .strip_prefix(ENTRY_HEADER)
            .and_then(|body| body.strip_suffix('\n'))
            .ok_or(ProofError::NotAnEntry)?;
        let (hub, commitment) = body.split_once('\n').ok_or(ProofError::NotAnEntry)?;
        let commitment = HEXLOWER
            .decode(commitment.as_bytes())
            .map_err(|_| ProofError::NotAnEntry)?
            .try_into()
            .map_err(|_| ProofError::NotAnEntry)?;
        Self::new(hub, commitment)
    }

    /// The bytes that are logged: three lines of text, `noroshi-log-entry-1`, the hub, and the
    /// commitment in hexadecimal.
    pub fn to_bytes(&self) -> Vec<u8> {
        let commitment = HEXLOWER.encode(&self.commitment);
        format!("{ENTRY_HEADER}{}\n{commitment}\n", self.hub).into_bytes()
    }

    /// The hash of the entry in the tree.
    pub fn leaf_hash(&self) -> Hash {
        leaf_hash(&self.to_bytes())
    }

    /// The hub where it happened.
    pub fn hub(&self) -> &str {
        &self.hub
    }

    /// The commitment to what happened.
    pub fn commitment(&self) -> &[u8; 32] {
        &self.commitment
    }
}

/// The proof that an entry is in the log, checked without the hub.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct OfflineProof {
    format: ProofFormat,
    hub: String,
    commitment: Spelled,
    /// Absent when the salt was destroyed, or when the holder shows the entry without its content.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    opening: Option<Opening>,
    index: u64,
    path: Vec<Spelled>,
    checkpoint: String,
}

/// What opens a commitment.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Opening {
    label: String,
    payload: Spelled,
    salt: Spelled,
}

impl OfflineProof {
    /// The proof that `entry` stands at `index` of the log with the signed `checkpoint`; `path` is
    /// its inclusion proof at the size of that checkpoint.
    pub fn new(entry: &LogEntry, index: u64, path: &[Hash], checkpoint: &str) -> Self {
        Self {
            format: ProofFormat::V1,
            hub: entry.hub.clone(),
            commitment: Spelled(entry.commitment.to_vec()),
            opening: None,
            index,
            path: path.iter().map(|hash| Spelled(hash.to_vec())).collect(),
            checkpoint: checkpoint.to_owned(),
        }
    }

    /// The same proof, which also shows what was committed. Only for those who may read it.
    #[must_use]
    pub fn with_opening(mut self, label: &str, payload: &[u8], salt: &Salt) -> Self {
        self.opening = Some(Opening {
            label: label.to_owned(),
            payload: Spelled(payload.to_vec()),
            salt: Spelled(salt.as_bytes().to_vec()),
        });
        self
    }

    /// Reads the JSON text.
    pub fn from_json(text: &str) -> Result<Self, ProofError> {
        serde_json::from_str(text).map_err(|cause| ProofError::NotTheFile(cause.to_string()))
    }

    /// The JSON text.
    pub fn to_json(&self) -> String {
        json(self)
    }

    /// Checks everything the proof claims: the signature of the log on the checkpoint, the entry
    /// in the tree, and the opening if there is one.
    pub fn verify(&self, log: &NoteVerifier) -> Result<Proven, ProofError> {
        let checkpoint = Checkpoint::open(&self.checkpoint, log)?;
        let entry = LogEntry::new(&self.hub, hash(&self.commitment)?)?;
        let path = hashes(&self.path)?;
        let leaf = entry.leaf_hash();
        verify_inclusion(&leaf, self.index, checkpoint.size, &path, &checkpoint.root)?;
        let opened = match &self.opening {
            None => None,
            Some(opening) => Some(opening.verify(&entry)?),
        };
        Ok(Proven {
            checkpoint,
            index: self.index,
            entry,
            opened,
        })
    }
}

impl Opening {
    fn verify(&self, entry: &LogEntry) -> Result<ProvenContent, ProofError> {
        let salt = Salt::from_bytes(hash(&self.salt)?);
        if !commitment::verify(&self.label, &self.payload.0, &salt, &entry.commitment) {
            return Err(ProofError::WrongOpening);
        }
        Ok(ProvenContent {
            label: self.label.clone(),
            payload: self.payload.0.clone(),
        })
    }
}

/// What a checked proof shows.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Proven {
    /// The head of the log that the entry is under.
    pub checkpoint: Checkpoint,
    /// The position of the entry, from 0.
    pub index: u64,
    /// The entry.
    pub entry: LogEntry,
    /// What was committed; `None` when the proof does not open the commitment.
    pub opened: Option<ProvenContent>,
}

/// The content of an entry, shown by label and salt to be the committed one.
#[derive(Clone, PartialEq, Eq)]
pub struct ProvenContent {
    /// What kind of thing was logged.
    pub label: String,
    /// What was logged.
    pub payload: Vec<u8>,
}

/// The proof that the log under an older checkpoint is the beginning of the log under a newer one:
/// nothing was removed or rewritten in between.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct OfflineConsistency {
    format: ConsistencyFormat,
    old_checkpoint: String,
    new_checkpoint: String,
    path: Vec<Spelled>,
}

impl OfflineConsistency {
    /// The proof for two signed checkpoints; `path` is the consistency proof between their sizes.
    pub fn new(old_checkpoint: &str, new_checkpoint: &str, path: &[Hash]) -> Self {
        Self {
            format: ConsistencyFormat::V1,
            old_checkpoint: old_checkpoint.to_owned(),
            new_checkpoint: new_checkpoint.to_owned(),
            path: path.iter().map(|hash| Spelled(hash.to_vec())).collect(),
        }
    }

    /// Reads the JSON text.
    pub fn from_json(text: &str) -> Result<Self, ProofError> {
        serde_json::from_str(text).map_err(|cause| ProofError::NotTheFile(cause.to_string()))
    }

    /// The JSON text.
    pub fn to_json(&self) -> String {
        json(self)
    }

    /// Checks both signatures and the proof between them; gives the older and the newer head. Whoever
    /// kept an older checkpoint compares it with the older head.
    pub fn verify(&self, log: &NoteVerifier) -> Result<(Checkpoint, Checkpoint), ProofError> {
        let old = Checkpoint::open(&self.old_checkpoint, log)?;
        let new = Checkpoint::open(&self.new_checkpoint, log)?;
        verify_consistency(
            (old.size, &old.root),
            (new.size, &new.root),
            &hashes(&self.path)?,
        )?;
        Ok((old, new))
    }
}

/// Why a proof does not hold. Any of these on a file that comes from the hub itself is a reason to
/// alarm the auditor.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ProofError {
    /// The text is not the JSON of the expected file.
    #[error("not the expected proof file: {0}")]
    NotTheFile(String),
    /// A hash in the file does not have 32 bytes.
    #[error("a hash in the proof does not have 32 bytes; download the proof again")]
    NotAHash,
    /// Not an entry of a log of ours.
    #[error("not a log entry: expected `noroshi-log-entry-1`, the hub and the commitment")]
    NotAnEntry,
    /// Content and commitment do not belong together.
    #[error("the content shown is not what was logged: the commitment does not open to it")]
    WrongOpening,
    /// The signed head was refused.
    #[error(transparent)]
    Checkpoint(#[from] CheckpointError),
    /// The hashes do not lead from the entry, or the older head, to the head.
    #[error(transparent)]
    Tree(#[from] TreeError),
}

/// The longest name of a hub in an entry, in bytes.
pub const HUB_BYTES_MAX: usize = 255;

/// The name of the file format, as it stands in the file.
#[derive(Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
enum ProofFormat {
    #[serde(rename = "noroshi-log-proof-1")]
    V1,
}

/// The name of the file format, as it stands in the file.
#[derive(Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
enum ConsistencyFormat {
    #[serde(rename = "noroshi-log-consistency-1")]
    V1,
}

fn hash(spelled: &Spelled) -> Result<Hash, ProofError> {
    spelled
        .0
        .as_slice()
        .try_into()
        .map_err(|_| ProofError::NotAHash)
}

fn hashes(path: &[Spelled]) -> Result<Vec<Hash>, ProofError> {
    path.iter().map(hash).collect()
}

impl fmt::Debug for OfflineProof {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("OfflineProof")
            .field("hub", &self.hub)
            .field("index", &self.index)
            .finish_non_exhaustive()
    }
}

impl fmt::Debug for OfflineConsistency {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("OfflineConsistency")
            .field("old_checkpoint", &self.old_checkpoint)
            .field("new_checkpoint", &self.new_checkpoint)
            .finish_non_exhaustive()
    }
}

impl fmt::Debug for ProvenContent {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "ProvenContent({}, redacted)", self.label)
    }
}

const ENTRY_HEADER: &str = "noroshi-log-entry-1\n";

#[cfg(test)]
mod tests;
