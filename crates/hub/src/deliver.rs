//! Telling people that an advisory is there: a durable queue that the program's job loop empties.
//!
//! The inbox needs no delivery: what was issued stands there at once. A delivery says only that
//! something is there; what it says is read behind the sign-in.

use domain::advisory::delivery::{Channel, DeliveryState, Occasion};
use domain::id::{DeliveryId, PersonId};
use store::advisory::addressee::AddresseeRow;
use store::delivery::DeliveryRow;
use store::{StoreError, Tx, delivery};

/// Queues a mail to each of `people` about the addressee's advisory.
pub(crate) fn tell(
    tx: &Tx<'_>,
    line: &AddresseeRow,
    revision: u32,
    occasion: Occasion,
    people: &[PersonId],
) -> Result<(), StoreError> {
    for person in people {
        let row = DeliveryRow {
            id: DeliveryId::from_random(tx.random_bytes()),
            advisory: line.advisory,
            addressee: line.id,
            revision,
            person: *person,
            channel: Channel::Mail,
            occasion,
            state: DeliveryState::Waiting,
            attempts: 0,
            next_at: tx.now(),
            failure: None,
            sent_at: None,
        };
        delivery::insert(tx, &row)?;
    }
    Ok(())
}
