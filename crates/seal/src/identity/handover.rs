//! The day a custodian's post changes hands: every block he holds a share of, in one file.
//!
//! The hub writes a [`Handover`] of the blocks; the leaving custodian moves his shares to the
//! successor's key on his own machine; the successor looks whether each of them opens; the hub takes
//! the file back. At no point does a share lie open on the hub.
//!
//! INVARIANT: a hand-over file holds one custodian's shares and nothing else that is secret: neither
//! the blocks nor anybody else's shares. Who finds it and has his key has one share, which is none.
//! INVARIANT: what the hub takes back differs from what it gave out in the leaving custodian's
//! shares alone; whether the new ciphertext holds the old share, only the successor can see
//! ([`Handover::verify`]), so he has to look before he takes over.

use std::fmt;

use serde::{Deserialize, Serialize};

use super::{IdentityError, SealedIdentity, rewrap_share, verify_share};
use crate::encoding::{Spelled, json};
use crate::envelope::{Fingerprint, PublicKey, SecretKey};
use crate::random::Random;

/// The sealed identities that one custodian holds a share of. A JSON file.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Handover {
    format: HandoverFormat,
    hub: String,
    custodian: Fingerprint,
    sealed: Vec<SealedIdentity>,
}

/// Why a block of a hand-over cannot be taken back.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum HandoverFault {
    /// The block is about another report, or more than the one share was changed.
    #[error("more was changed than the share of the leaving custodian; rewrap the file again")]
    Changed,
    /// The share still goes to the leaving custodian, or to somebody else than the successor.
    #[error("the share does not go to the successor's key; rewrap with the key that was agreed")]
    NotTheSuccessor,
}

impl Handover {
    /// The shares that the holder of `custodian` has of `sealed`, blocks of `hub`.
    pub fn new(hub: &str, custodian: Fingerprint, sealed: Vec<SealedIdentity>) -> Self {
        let bare = sealed.iter().map(|sealed| sealed.bare(custodian)).collect();
        Self {
            format: HandoverFormat::V1,
            hub: hub.to_owned(),
            custodian,
            sealed: bare,
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

    /// The hub the reports belong to.
    pub fn hub(&self) -> &str {
        &self.hub
    }

    /// Whose shares these are.
    pub fn custodian(&self) -> Fingerprint {
        self.custodian
    }

    /// The blocks.
    pub fn sealed(&self) -> &[SealedIdentity] {
        &self.sealed
    }

    /// Moves every share to the holder of `new`; the file is the successor's then. Runs offline,
    /// where `old` is.
    pub fn rewrap(
        &self,
        old: &SecretKey,
        new: &PublicKey,
        random: &mut Random,
    ) -> Result<Self, IdentityError> {
        let sealed: Result<Vec<SealedIdentity>, IdentityError> = self
            .sealed
            .iter()
            .map(|sealed| rewrap_share(old, new, sealed, random))
            .collect();
        Ok(Self::new(&self.hub, new.fingerprint(), sealed?))
    }

    /// Whether the holder of `secret` can give his share of every block; the reports whose share he
    /// cannot give. Runs offline, where `secret` is.
    pub fn verify<'a>(&'a self, secret: &SecretKey) -> Vec<(&'a str, IdentityError)> {
        self.sealed
            .iter()
            .filter_map(|sealed| {
                let fault = verify_share(secret, sealed).err()?;
                Some((sealed.report_id(), fault))
            })
            .collect()
    }
}

impl SealedIdentity {
    /// Without the block, and without the shares of everybody but the holder of `custodian`.
    fn bare(&self, custodian: Fingerprint) -> Self {
        let mut bare = self.clone();
        bare.block = Spelled(Vec::new());
        for share in &mut bare.shares {
            if share.custodian != custodian {
                share.sealed = Spelled(Vec::new());
            }
        }
        bare
    }

    /// This block with the share of `leaving` as it stands in `next`, a block of a hand-over, where
    /// it goes to `joining`. The hub asks this when a hand-over comes back.
    ///
    /// # Errors
    /// [`HandoverFault`] when more than that one share was changed, or it goes elsewhere.
    pub fn handed_over(
        &self,
        next: &Self,
        leaving: Fingerprint,
        joining: Fingerprint,
    ) -> Result<Self, HandoverFault> {
        let given = self.bare(leaving);
        let same_rest = given.hub == next.hub
            && given.report_id == next.report_id
            && given.threshold == next.threshold
            && given.block == next.block
            && given.shares.len() == next.shares.len();
        if !same_rest {
            return Err(HandoverFault::Changed);
        }
        let mut moved = self.clone();
        for ((before, after), kept) in given.shares.iter().zip(&next.shares).zip(&mut moved.shares)
        {
            if before.custodian != leaving {
                if before != after {
                    return Err(HandoverFault::Changed);
                }
                continue;
            }
            if before.index != after.index || before.check != after.check {
                return Err(HandoverFault::Changed);
            }
            if after.custodian != joining {
                return Err(HandoverFault::NotTheSuccessor);
            }
            kept.clone_from(after);
        }
        Ok(moved)
    }
}

/// The name of the file format, as it stands in the file.
#[derive(Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
enum HandoverFormat {
    #[serde(rename = "noroshi-handover-1")]
    V1,
}

impl fmt::Debug for Handover {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("Handover")
            .field("hub", &self.hub)
            .field("custodian", &self.custodian)
            .field("sealed_count", &self.sealed.len())
            .finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::envelope::KeyPair;
    use crate::identity::seal_identity;

    struct Post {
        kept: Vec<SealedIdentity>,
        random: Random,
        custodians: Vec<KeyPair>,
        successor: KeyPair,
        handover: Handover,
    }

    fn post() -> Post {
        let mut random = Random::from_seed([7; 32]);
        let custodians: Vec<_> = (0..3).map(|_| KeyPair::generate(&mut random)).collect();
        let keys: Vec<_> = custodians.iter().map(|pair| pair.public.clone()).collect();
        let sealed = ["rpt_1", "rpt_2"]
            .map(|report| {
                seal_identity(b"who", &keys, 2, "hub.example", report, &mut random).unwrap()
            })
            .to_vec();
        let leaving = keys[1].fingerprint();
        Post {
            successor: KeyPair::generate(&mut random),
            handover: Handover::new("hub.example", leaving, sealed.clone()),
            kept: sealed,
            random,
            custodians,
        }
    }

    #[test]
    fn the_successor_holds_every_share_and_the_predecessor_none() {
        let mut post = post();
        let given = Handover::from_json(&post.handover.to_json()).unwrap();
        let (old, new) = (&post.custodians[1].secret, &post.successor);
        let moved = given.rewrap(old, &new.public, &mut post.random).unwrap();
        assert!(moved.verify(&new.secret).is_empty());
        assert_eq!(moved.verify(old).len(), 2);
        for (before, after) in post.kept.iter().zip(moved.sealed()) {
            let joining = moved.custodian();
            let taken = before
                .handed_over(after, given.custodian(), joining)
                .unwrap();
            // The hub has the block still, and the successor a share of it.
            assert!(taken.block == before.block);
            assert!(taken.shares[0] == before.shares[0]);
            verify_share(&new.secret, &taken).unwrap();
            verify_share(old, &taken).unwrap_err();
            let elsewhere = post.custodians[0].public.fingerprint();
            assert_eq!(
                before.handed_over(after, given.custodian(), elsewhere),
                Err(HandoverFault::NotTheSuccessor)
            );
        }
    }

    #[test]
    fn the_file_holds_one_custodians_shares_and_no_block() {
        let post = post();
        let text = post.handover.to_json();
        for sealed in &post.kept {
            let kept: serde_json::Value = serde_json::from_str(&sealed.to_json()).unwrap();
            assert!(!text.contains(kept["block"].as_str().unwrap()));
            for (place, share) in kept["shares"].as_array().unwrap().iter().enumerate() {
                let is_there = text.contains(share["sealed"].as_str().unwrap());
                assert_eq!(is_there, place == 1);
            }
        }
        assert!(post.handover.verify(&post.custodians[1].secret).is_empty());
        assert_eq!(post.handover.verify(&post.custodians[0].secret).len(), 2);
    }

    // A custodian who hands back something else: another custodian's share, another block, another
    // report's block.
    #[test]
    fn more_than_the_own_share_is_not_taken_back() {
        let mut post = post();
        let new = post.successor.public.clone();
        let leaving = post.handover.custodian();
        let old = post.custodians[1].secret.clone();
        let moved = post.handover.rewrap(&old, &new, &mut post.random).unwrap();
        let (before, after) = (&post.kept[0], &moved.sealed()[0]);
        let mut tampered = vec![moved.sealed()[1].clone(), after.clone(), after.clone()];
        tampered[1].block.0.push(1);
        tampered[2].shares[0].sealed.0.push(1);
        // Another custodian's share, moved to a thief as well.
        let thief = KeyPair::generate(&mut post.random);
        let first = post.custodians[0].secret.clone();
        let stolen = rewrap_share(&first, &thief.public, before, &mut post.random).unwrap();
        let mut both = after.clone();
        both.shares[0] = stolen.shares[0].clone();
        tampered.push(both);
        for after in &tampered {
            assert_eq!(
                before.handed_over(after, leaving, new.fingerprint()),
                Err(HandoverFault::Changed)
            );
        }
    }

    #[test]
    fn a_share_replaced_by_rubbish_is_seen_by_the_successor() {
        let mut post = post();
        let new = &post.successor;
        let old = &post.custodians[1].secret;
        let mut moved = post
            .handover
            .rewrap(old, &new.public, &mut post.random)
            .unwrap();
        let last = moved.sealed[1].shares[1].sealed.0.len() - 1;
        moved.sealed[1].shares[1].sealed.0[last] ^= 1;
        let faults = moved.verify(&new.secret);
        assert_eq!(faults.len(), 1);
        assert_eq!(faults[0].0, "rpt_2");
    }
}
