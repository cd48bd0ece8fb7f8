//! What every verb is called with, and what it stands on.

use std::sync::Arc;

use domain::actor::Actor;
use domain::policy::{Action, permits};
use domain::reference::ReferenceData;
use domain::retention::Terms;
use domain::time::Timestamp;
use seal::object::SubKey;
use seal::random::Random;
use seal::secret::password::Cost;
use store::{Stamp, Store, StoreError};

use crate::sign_in::hashing::Hashing;

/// A running hub. Cheap to clone.
#[derive(Clone)]
pub struct Hub {
    pub(crate) store: Store,
    pub(crate) reference: Arc<ReferenceData>,
    pub(crate) cost: Cost,
    pub(crate) hashing: Arc<Hashing>,
    pub(crate) terms: Arc<Terms>,
}

/// Who calls, when, and with which randomness.
pub struct Call<'a> {
    /// The signed-in person.
    pub actor: &'a Actor,
    /// The time of the call.
    pub now: Timestamp,
    /// Randomness of this call alone.
    pub random: Random,
}

/// Why nothing was read.
#[derive(Debug, thiserror::Error)]
pub enum ReadError {
    /// It is not there, or not there for this reader: the two must look the same.
    #[error("nothing is here")]
    NotFound,
    /// The store failed.
    #[error(transparent)]
    Store(#[from] StoreError),
}

impl Hub {
    /// A hub on `store` with its reference data; `cost` is that of hashing secrets.
    pub fn new(store: Store, reference: Arc<ReferenceData>, cost: Cost) -> Self {
        Self {
            store,
            reference,
            cost,
            hashing: Arc::default(),
            terms: Arc::default(),
        }
    }

    /// Name of the hub.
    pub fn name(&self) -> &str {
        self.store.keyring().hub()
    }

    /// The key that mailbox codes are hashed with.
    pub(crate) fn mailbox_pepper(&self) -> SubKey {
        self.store.keyring().master().derive("mailbox/locator")
    }

    /// The key that recovery codes are hashed with.
    pub(crate) fn recovery_key(&self) -> SubKey {
        self.store.keyring().master().derive("sign-in/recovery")
    }

    /// The lists the installation works with.
    pub fn reference(&self) -> &ReferenceData {
        &self.reference
    }
}

impl Call<'_> {
    /// Whether the table of permissions lets the caller take `action`.
    pub(crate) fn may(&self, action: Action) -> bool {
        permits(self.actor, action)
    }

    /// The stamp of the transaction called `name`.
    pub(crate) fn stamp(&self, name: &'static str) -> Stamp {
        Stamp {
            name,
            now: self.now,
            random: self.random.derive(name),
        }
    }
}
