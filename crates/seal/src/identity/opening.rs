//! The three steps of an opening: request, approvals, combination.

use std::collections::BTreeMap;
use std::fmt;

use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use zeroize::Zeroizing;

use super::{IdentityError, SealedIdentity, SealedShare, unpadded};
use crate::cipher;
use crate::encoding::{Spelled, json, length_prefixed};
use crate::envelope::{self, Fingerprint, PublicKey, SecretKey};
use crate::random::Random;
use crate::split::{self, Share};

/// What a desk asks the custodians: open the source of this report, for this purpose, to this key.
/// A JSON file that goes to each custodian; it does not hold the identity block.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct OpeningRequest {
    format: RequestFormat,
    hub: String,
    report_id: String,
    asked_by: String,
    purpose: String,
    reason: String,
    requested_at: String,
    recipient: PublicKey,
    threshold: u8,
    shares: Vec<SealedShare>,
}

/// What a desk says when it asks. The custodians read all of it, and their approvals are bound to
/// every letter.
#[derive(Clone, PartialEq, Eq)]
pub struct Asked {
    /// The organization that asks.
    pub by: String,
    /// The purpose of use; the log and the source are told it as well.
    pub purpose: String,
    /// Why, in the words of the desk.
    pub reason: String,
    /// The hub's time, RFC 3339.
    pub at: String,
}

impl OpeningRequest {
    /// Asks for the opening of `sealed` to the holder of `recipient`, a key drawn for this request.
    pub fn new(sealed: &SealedIdentity, recipient: PublicKey, asked: Asked) -> Self {
        Self {
            format: RequestFormat::V1,
            hub: sealed.hub.clone(),
            report_id: sealed.report_id.clone(),
            asked_by: asked.by,
            purpose: asked.purpose,
            reason: asked.reason,
            requested_at: asked.at,
            recipient,
            threshold: sealed.threshold,
            shares: sealed.shares.clone(),
        }
    }

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

    /// The report whose source is to be opened.
    pub fn report_id(&self) -> &str {
        &self.report_id
    }

    /// Who asks.
    pub fn asked_by(&self) -> &str {
        &self.asked_by
    }

    /// The purpose of use.
    pub fn purpose(&self) -> &str {
        &self.purpose
    }

    /// Why it is to be opened.
    pub fn reason(&self) -> &str {
        &self.reason
    }

    /// When it was asked, in RFC 3339, by the clock of the hub.
    pub fn requested_at(&self) -> &str {
        &self.requested_at
    }

    /// The key to which the approvals are sealed.
    pub fn recipient(&self) -> &PublicKey {
        &self.recipient
    }

    /// How many custodians must agree.
    pub fn threshold(&self) -> u8 {
        self.threshold
    }

    /// The custodians who are asked, by the fingerprints of their keys.
    pub fn custodians(&self) -> impl Iterator<Item = Fingerprint> {
        self.shares.iter().map(|share| share.custodian)
    }

    /// What an approval is bound to.
    fn digest(&self) -> [u8; 32] {
        Sha256::digest(length_prefixed(&[
            b"noroshi/identity/request/v1",
            self.hub.as_bytes(),
            self.report_id.as_bytes(),
            self.asked_by.as_bytes(),
            self.purpose.as_bytes(),
            self.reason.as_bytes(),
            self.requested_at.as_bytes(),
            self.recipient.to_string().as_bytes(),
        ]))
        .into()
    }
}

/// The consent of one custodian to one request: his share, sealed to the recipient. A JSON file.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Approval {
    format: ApprovalFormat,
    hub: String,
    report_id: String,
    request: Spelled,
    index: u8,
    custodian: Fingerprint,
    sealed: Spelled,
}

impl Approval {
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

    /// The report whose source is to be opened.
    pub fn report_id(&self) -> &str {
        &self.report_id
    }

    /// Who approved, as the file says; [`verify_approval`] says whether it is so.
    pub fn custodian(&self) -> Fingerprint {
        self.custodian
    }
}

/// An opened identity.
pub struct Opened {
    /// The block as it was sealed.
    pub block: Zeroizing<Vec<u8>>,
    /// The custodians whose valid approvals were given, for the log.
    pub approved_by: Vec<Fingerprint>,
}

/// Gives the consent of the custodian who holds `secret`. Runs offline, after he has read purpose,
/// report and recipient.
pub fn approve_share(
    secret: &SecretKey,
    request: &OpeningRequest,
    random: &mut Random,
) -> Result<Approval, IdentityError> {
    let custodian = secret.public_key().fingerprint();
    let held = request
        .shares
        .iter()
        .find(|share| share.custodian == custodian)
        .ok_or(IdentityError::NotACustodian(custodian))?;
    let share = held.open(secret, &request.hub, &request.report_id)?;
    let info = approval_info(request, &custodian);
    let sealed = envelope::seal_to(
        &request.recipient,
        &info,
        &[share.index()],
        share.expose(),
        random,
    )?;
    Ok(Approval {
        format: ApprovalFormat::V1,
        hub: request.hub.clone(),
        report_id: request.report_id.clone(),
        request: Spelled(request.digest().to_vec()),
        index: share.index(),
        custodian,
        sealed: Spelled(sealed),
    })
}

/// Whether `approval` is a true consent to `request`: sealed to `recipient` for it, and holding the
/// share that was sealed to that custodian. The desk asks this when a file comes in.
pub fn verify_approval(
    recipient: &SecretKey,
    request: &OpeningRequest,
    sealed: &SealedIdentity,
    approval: &Approval,
) -> Result<(), IdentityError> {
    verify_request(recipient, request, sealed)?;
    share_of(recipient, request, sealed, approval).map(|_| ())
}

/// Opens the block with the approvals of enough different custodians. Approvals that are not valid
/// for this request are left out of the count.
pub fn combine(
    recipient: &SecretKey,
    request: &OpeningRequest,
    sealed: &SealedIdentity,
    approvals: &[Approval],
) -> Result<Opened, IdentityError> {
    verify_request(recipient, request, sealed)?;
    let valid: BTreeMap<Fingerprint, Share> = approvals
        .iter()
        .filter_map(|approval| {
            let share = share_of(recipient, request, sealed, approval).ok()?;
            Some((approval.custodian, share))
        })
        .collect();
    let (approved_by, shares): (Vec<_>, Vec<_>) = valid.into_iter().unzip();
    if shares.len() < usize::from(sealed.threshold) {
        return Err(IdentityError::TooFew {
            valid: shares.len(),
            threshold: sealed.threshold,
        });
    }
    let key = split::combine(sealed.threshold, &shares)?;
    let block = cipher::decrypt(&key, &sealed.block_associated(), &sealed.block.0)
        .and_then(|padded| unpadded(&padded))
        .ok_or(IdentityError::BlockChanged)?;
    Ok(Opened { block, approved_by })
}

fn verify_request(
    recipient: &SecretKey,
    request: &OpeningRequest,
    sealed: &SealedIdentity,
) -> Result<(), IdentityError> {
    if request.hub != sealed.hub || request.report_id != sealed.report_id {
        return Err(IdentityError::WrongRequest);
    }
    if recipient.public_key() != request.recipient {
        return Err(IdentityError::WrongRecipient);
    }
    Ok(())
}

fn share_of(
    recipient: &SecretKey,
    request: &OpeningRequest,
    sealed: &SealedIdentity,
    approval: &Approval,
) -> Result<Share, IdentityError> {
    let named = (
        approval.hub.as_str(),
        approval.report_id.as_str(),
        approval.request.0.as_slice(),
    );
    if named
        != (
            sealed.hub.as_str(),
            sealed.report_id.as_str(),
            &request.digest(),
        )
    {
        return Err(IdentityError::WrongRequest);
    }
    let held = sealed
        .shares
        .iter()
        .find(|share| share.custodian == approval.custodian && share.index == approval.index)
        .ok_or(IdentityError::NotACustodian(approval.custodian))?;
    let info = approval_info(request, &approval.custodian);
    let bytes = envelope::open(recipient, &info, &[approval.index], &approval.sealed.0)?;
    let share = Share::from_parts(approval.index, &bytes)?;
    held.verify(&share, &sealed.hub, &sealed.report_id)?;
    Ok(share)
}

fn approval_info(request: &OpeningRequest, custodian: &Fingerprint) -> Vec<u8> {
    length_prefixed(&[
        b"noroshi/identity/approval/v1",
        &request.digest(),
        custodian.as_bytes(),
    ])
}

/// The name of the file format, as it stands in the file.
#[derive(Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
enum RequestFormat {
    #[serde(rename = "noroshi-opening-request-1")]
    V1,
}

/// The name of the file format, as it stands in the file.
#[derive(Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
enum ApprovalFormat {
    #[serde(rename = "noroshi-opening-approval-1")]
    V1,
}

impl fmt::Debug for OpeningRequest {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("OpeningRequest")
            .field("hub", &self.hub)
            .field("report_id", &self.report_id)
            .field("recipient", &self.recipient)
            .finish_non_exhaustive()
    }
}

impl fmt::Debug for Approval {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("Approval")
            .field("hub", &self.hub)
            .field("report_id", &self.report_id)
            .field("custodian", &self.custodian)
            .finish_non_exhaustive()
    }
}

impl fmt::Debug for Opened {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("Opened")
            .field("block", &"redacted")
            .field("approved_by", &self.approved_by)
            .finish()
    }
}
