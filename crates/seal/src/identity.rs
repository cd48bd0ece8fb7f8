//! The sealed identity of a report: who the source is, readable only when enough custodians agree.
//!
//! The block (organization, person, contact) is encrypted under a fresh key; the key is split and
//! each share is sealed to one custodian, whose secret key never touches the server. The server
//! keeps a [`SealedIdentity`] and cannot open it.
//!
//! Opening, with custodians who are offline:
//! 1. The desk that opens draws a key pair and writes an [`OpeningRequest`] (purpose, recipient,
//!    the sealed shares, not the block).
//! 2. Each custodian reads it on his own machine and, if he agrees, [`approve_share`] gives an
//!    [`Approval`]: his share, sealed again to the recipient of this one request.
//! 3. With enough approvals, [`combine`] opens the block at the desk.
//!
//! INVARIANT: hub and report stand in everything that is sealed, and an approval is bound to the
//! purpose, the time and the recipient of its request, so that nothing given for one opening serves
//! another.
//!
//! What is *not* hidden: which custodians hold a block, and its length in steps of
//! [`BLOCK_STEP_BYTES`]. A custodian who has approved keeps his share; [`rewrap_share`] moves a
//! share to a successor but cannot take it from the memory of the predecessor.

mod handover;
mod opening;

use std::collections::BTreeSet;
use std::fmt;

use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use subtle::ConstantTimeEq;
use zeroize::Zeroizing;

use crate::cipher;
use crate::encoding::{Spelled, json, length_prefixed};
use crate::envelope::{self, EnvelopeError, Fingerprint, PublicKey, SecretKey};
use crate::random::Random;
use crate::split::{Share, SplitError, split};

pub use handover::{Handover, HandoverFault};
pub use opening::{
    Approval, Asked, Opened, OpeningRequest, approve_share, combine, verify_approval,
};

/// An identity block that only `threshold` of its custodians can open together. Travels and is
/// stored as JSON.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SealedIdentity {
    format: SealedFormat,
    hub: String,
    report_id: String,
    threshold: u8,
    shares: Vec<SealedShare>,
    block: Spelled,
}

/// Seals `block` for the report `report_id` of `hub`, so that `threshold` of the custodians can
/// open it together.
pub fn seal_identity(
    block: &[u8],
    custodians: &[PublicKey],
    threshold: u8,
    hub: &str,
    report_id: &str,
    random: &mut Random,
) -> Result<SealedIdentity, IdentityError> {
    let distinct: BTreeSet<Fingerprint> = custodians.iter().map(PublicKey::fingerprint).collect();
    if distinct.len() != custodians.len() {
        return Err(IdentityError::RepeatedCustodian);
    }
    let count = u8::try_from(custodians.len())
        .ok()
        .filter(|count| *count <= CUSTODIANS_MAX)
        .ok_or(IdentityError::TooManyCustodians)?;
    let key = Zeroizing::new(random.bytes::<32>());
    let mut shares = Vec::with_capacity(custodians.len());
    for (share, custodian) in split(&key, threshold, count, random)?
        .iter()
        .zip(custodians)
    {
        shares.push(SealedShare::seal(share, custodian, hub, report_id, random)?);
    }
    let mut sealed = SealedIdentity {
        format: SealedFormat::V1,
        hub: hub.to_owned(),
        report_id: report_id.to_owned(),
        threshold,
        shares,
        block: Spelled(Vec::new()),
    };
    let padded = padded(block)?;
    sealed.block = Spelled(cipher::encrypt(
        &key,
        random.bytes(),
        &sealed.block_associated(),
        &padded,
    ));
    Ok(sealed)
}

/// Moves the share of the holder of `old` to the holder of `new`, for the day a post changes hands.
/// Runs offline, where `old` is.
pub fn rewrap_share(
    old: &SecretKey,
    new: &PublicKey,
    sealed: &SealedIdentity,
    random: &mut Random,
) -> Result<SealedIdentity, IdentityError> {
    let (leaving, joining) = (old.public_key().fingerprint(), new.fingerprint());
    // One person with two shares would open alone.
    if sealed.shares.iter().any(|share| share.custodian == joining) {
        return Err(IdentityError::RepeatedCustodian);
    }
    let mut rewrapped = sealed.clone();
    let held = rewrapped
        .shares
        .iter_mut()
        .find(|share| share.custodian == leaving)
        .ok_or(IdentityError::NotACustodian(leaving))?;
    let share = held.open(old, &sealed.hub, &sealed.report_id)?;
    *held = SealedShare::seal(&share, new, &sealed.hub, &sealed.report_id, random)?;
    Ok(rewrapped)
}

/// Whether the holder of `secret` can still give his share of `sealed`: the yearly drill, and what a
/// successor looks at before he takes over. Runs offline, where `secret` is.
pub fn verify_share(secret: &SecretKey, sealed: &SealedIdentity) -> Result<(), IdentityError> {
    let holder = secret.public_key().fingerprint();
    let held = sealed
        .shares
        .iter()
        .find(|share| share.custodian == holder)
        .ok_or(IdentityError::NotACustodian(holder))?;
    held.open(secret, &sealed.hub, &sealed.report_id)
        .map(|_| ())
}

impl SealedIdentity {
    /// Reads the JSON text.
    pub fn from_json(text: &str) -> Result<Self, IdentityError> {
        serde_json::from_str(text).map_err(IdentityError::NotTheFile)
    }

    /// The JSON text.
    pub fn to_json(&self) -> String {
        json(self)
    }

    /// The hub the report belongs to.
    pub fn hub(&self) -> &str {
        &self.hub
    }

    /// The report whose source is sealed.
    pub fn report_id(&self) -> &str {
        &self.report_id
    }

    /// How many custodians must agree.
    pub fn threshold(&self) -> u8 {
        self.threshold
    }

    /// The custodians, by the fingerprints of their keys.
    pub fn custodians(&self) -> impl Iterator<Item = Fingerprint> {
        self.shares.iter().map(|share| share.custodian)
    }

    /// The checks of the shares stand here, the custodians do not: a share may change hands.
    fn block_associated(&self) -> Vec<u8> {
        let threshold = [self.threshold];
        let mut parts: Vec<&[u8]> = vec![
            BLOCK_LABEL,
            self.hub.as_bytes(),
            self.report_id.as_bytes(),
            &threshold,
        ];
        let indices: Vec<[u8; 1]> = self.shares.iter().map(|share| [share.index]).collect();
        for (index, share) in indices.iter().zip(&self.shares) {
            parts.push(index);
            parts.push(&share.check.0);
        }
        length_prefixed(&parts)
    }
}

/// One share of the key, sealed to one custodian.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct SealedShare {
    index: u8,
    custodian: Fingerprint,
    /// A hash of the share. It tells nothing of 256 random bits, and tells a wrong share apart from
    /// a wrong block.
    check: Spelled,
    sealed: Spelled,
}

impl SealedShare {
    fn seal(
        share: &Share,
        custodian: &PublicKey,
        hub: &str,
        report_id: &str,
        random: &mut Random,
    ) -> Result<Self, IdentityError> {
        let fingerprint = custodian.fingerprint();
        let info = share_info(hub, report_id, &fingerprint);
        let sealed = envelope::seal_to(custodian, &info, &[share.index()], share.expose(), random)?;
        Ok(Self {
            index: share.index(),
            custodian: fingerprint,
            check: Spelled(check_of(share, hub, report_id).to_vec()),
            sealed: Spelled(sealed),
        })
    }

    fn open(&self, secret: &SecretKey, hub: &str, report_id: &str) -> Result<Share, IdentityError> {
        let info = share_info(hub, report_id, &self.custodian);
        let bytes = envelope::open(secret, &info, &[self.index], &self.sealed.0)?;
        let share = Share::from_parts(self.index, &bytes)?;
        self.verify(&share, hub, report_id)?;
        Ok(share)
    }

    fn verify(&self, share: &Share, hub: &str, report_id: &str) -> Result<(), IdentityError> {
        let same: bool = check_of(share, hub, report_id)
            .as_slice()
            .ct_eq(&self.check.0)
            .into();
        if same {
            Ok(())
        } else {
            Err(IdentityError::WrongShare(self.custodian))
        }
    }
}

/// Why an identity was not sealed, not approved or not opened. No variant holds anything of the
/// block.
#[derive(Debug, thiserror::Error)]
pub enum IdentityError {
    /// The same key was named for two custodians.
    #[error("two shares would go to the same key; name a different person for each share")]
    RepeatedCustodian,
    /// More than [`CUSTODIANS_MAX`].
    #[error("at most {CUSTODIANS_MAX} custodians can share one identity")]
    TooManyCustodians,
    /// Longer than [`BLOCK_BYTES_MAX`].
    #[error("the identity block is longer than {BLOCK_BYTES_MAX} bytes; shorten it")]
    BlockTooLong,
    /// The key given is not among the custodians.
    #[error("the key `{0}` holds no share of this identity")]
    NotACustodian(Fingerprint),
    /// Request, approval and sealed identity do not belong together.
    #[error("the file is about another report or another request; take the file of this opening")]
    WrongRequest,
    /// The secret key is not the one the request names as its recipient.
    #[error("the request names another recipient; open with the key drawn for this request")]
    WrongRecipient,
    /// The share of this custodian is not the one that was sealed.
    #[error("the share of custodian `{0}` is not the one that was sealed; ask him again")]
    WrongShare(Fingerprint),
    /// Not enough valid approvals.
    #[error("{valid} valid approvals are too few: {threshold} are needed")]
    TooFew {
        /// How many different custodians approved validly.
        valid: usize,
        /// How many are needed.
        threshold: u8,
    },
    /// Every share is right and the block does not open: it was changed.
    #[error("the identity block was changed since it was sealed; restore it from a backup")]
    BlockChanged,
    /// The numbers of the split make no sense, or a share is damaged.
    #[error(transparent)]
    Split(#[from] SplitError),
    /// An envelope does not open.
    #[error(transparent)]
    Envelope(#[from] EnvelopeError),
    /// The text is not the JSON of the expected file.
    #[error("not the expected file: {0}")]
    NotTheFile(serde_json::Error),
}

/// The most custodians of one identity.
pub const CUSTODIANS_MAX: u8 = 16;

/// The longest identity block, in bytes.
pub const BLOCK_BYTES_MAX: usize = 64 * 1024;

/// Blocks are padded to a multiple of this, so that the length of a name does not name it.
pub const BLOCK_STEP_BYTES: usize = 512;

/// The name of the file format, as it stands in the file.
#[derive(Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
enum SealedFormat {
    #[serde(rename = "noroshi-sealed-identity-1")]
    V1,
}

fn share_info(hub: &str, report_id: &str, custodian: &Fingerprint) -> Vec<u8> {
    length_prefixed(&[
        SHARE_LABEL,
        hub.as_bytes(),
        report_id.as_bytes(),
        custodian.as_bytes(),
    ])
}

fn check_of(share: &Share, hub: &str, report_id: &str) -> [u8; 32] {
    let index = [share.index()];
    let parts: [&[u8]; 5] = [
        CHECK_LABEL,
        hub.as_bytes(),
        report_id.as_bytes(),
        &index,
        share.expose(),
    ];
    Sha256::digest(Zeroizing::new(length_prefixed(&parts))).into()
}

/// The length of the block in four bytes, the block, and zeros up to the next step.
fn padded(block: &[u8]) -> Result<Zeroizing<Vec<u8>>, IdentityError> {
    let length = u32::try_from(block.len())
        .ok()
        .filter(|_| block.len() <= BLOCK_BYTES_MAX)
        .ok_or(IdentityError::BlockTooLong)?;
    let whole = (block.len() + 4).next_multiple_of(BLOCK_STEP_BYTES);
    let mut padded = Zeroizing::new(Vec::with_capacity(whole));
    padded.extend_from_slice(&length.to_be_bytes());
    padded.extend_from_slice(block);
    padded.resize(whole, 0);
    Ok(padded)
}

/// The block inside what [`padded`] made; `None` when the length does not fit.
fn unpadded(padded: &[u8]) -> Option<Zeroizing<Vec<u8>>> {
    let (length, rest) = padded.split_first_chunk::<4>()?;
    let length = usize::try_from(u32::from_be_bytes(*length)).ok()?;
    rest.get(..length)
        .map(|block| Zeroizing::new(block.to_vec()))
}

impl fmt::Debug for SealedIdentity {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("SealedIdentity")
            .field("hub", &self.hub)
            .field("report_id", &self.report_id)
            .finish_non_exhaustive()
    }
}

const BLOCK_LABEL: &[u8] = b"noroshi/identity/block/v1";
const SHARE_LABEL: &[u8] = b"noroshi/identity/share/v1";
const CHECK_LABEL: &[u8] = b"noroshi/identity/share-check/v1";

#[cfg(test)]
mod tests;
