//! An operator names its own public networks, so that what is found there is sent to it.
//!
//! INVARIANT: nobody but the operator and the relay it reports to learns which they are. The relay is told
//! only those in which a server lies that it sees, when it begins an advisory about it.

use std::collections::BTreeSet;

use domain::network::Network;
use domain::policy::Action;
use domain::time::Timestamp;
use store::log::{Entry, record};
use store::{StoreError, network};

use crate::call::{Call, Hub, ReadError};

/// The networks of the caller's organization.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Own {
    /// The networks, by their first addresses.
    pub networks: Vec<Network>,
    /// Since when they stand; `None` while there are none.
    pub as_of: Option<Timestamp>,
}

/// Why networks were not written.
#[derive(Debug, thiserror::Error)]
pub enum NetworksError {
    /// The caller's role records none.
    #[error("nothing is here")]
    NotFound,
    /// A colleague wrote since the page was made.
    #[error("the networks have changed since this page was made; look at them and write again")]
    Changed,
    /// The store failed.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// The networks of the caller's organization.
///
/// # Errors
/// [`ReadError::NotFound`] when the role records none.
pub fn own_networks(hub: &Hub, call: &Call<'_>) -> Result<Own, ReadError> {
    if !call.may(Action::RecordNetworks) {
        return Err(ReadError::NotFound);
    }
    let organization = call.actor.organization;
    hub.store.read(move |reader| {
        let rows = network::of(reader, organization)?;
        Ok(Own {
            as_of: rows.iter().map(|(_, at)| *at).max(),
            networks: rows.into_iter().map(|(network, _)| network).collect(),
        })
    })
}

/// Writes the networks of the caller's organization over those of `as_of`; `None` where there were none.
///
/// # Errors
/// [`NetworksError::NotFound`] as for reading, [`NetworksError::Changed`] when somebody wrote since.
pub fn record_networks(
    hub: &Hub,
    call: &Call<'_>,
    as_of: Option<Timestamp>,
    networks: BTreeSet<Network>,
) -> Result<(), NetworksError> {
    if !call.may(Action::RecordNetworks) {
        return Err(NetworksError::NotFound);
    }
    let actor = call.actor.clone();
    hub.store.write(call.stamp("networks.record"), move |tx| {
        let before = network::of(tx, actor.organization)?;
        if before.iter().map(|(_, at)| *at).max() != as_of {
            return Err(NetworksError::Changed);
        }
        network::replace(tx, actor.organization, actor.person, &networks)?;
        let entry = Entry {
            event: "networks-recorded",
            object: actor.organization.to_string(),
            owner: Some(actor.organization),
            facts: vec![("by", actor.person.to_string())],
        };
        Ok(record(tx, &entry)?)
    })
}
