//! Deliveries: a durable queue of what is to be sent, leased, retried, and given up in sight.

use domain::advisory::delivery::{Channel, Failure, Occasion, Tries};
use domain::id::{AddresseeId, AdvisoryId, DeliveryId, PersonId};
use domain::time::Timestamp;
use rusqlite::named_params;

use crate::error::StoreError;
use crate::row::{Columns, change, collect, one};
use crate::transaction::{Reader, Tx};

/// One delivery to one person.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DeliveryRow {
    /// Its id.
    pub id: DeliveryId,
    /// The advisory it is about.
    pub advisory: AdvisoryId,
    /// The addressee it is made for.
    pub addressee: AddresseeId,
    /// The revision it tells of.
    pub revision: u32,
    /// To whom.
    pub person: PersonId,
    /// By which way.
    pub channel: Channel,
    /// What it says.
    pub occasion: Occasion,
    /// How sending it went so far.
    pub tries: Tries,
}

/// Queues a delivery.
pub fn insert(tx: &Tx<'_>, row: &DeliveryRow) -> Result<(), StoreError> {
    const INSERT: &str = "-- delivery.insert
        INSERT INTO delivery (delivery_id, advisory_id, addressee_id, revision, person_id, channel,
                              occasion, state, attempts, next_at, failure, updated_at, updated_by)
        VALUES (:delivery, :advisory, :addressee, :revision, :person, :channel,
                :occasion, :state, :attempts, :next_at, :failure, :now, :by)";
    change(
        tx.data(),
        "delivery.insert",
        INSERT,
        named_params! {
            ":delivery": row.id.to_string(),
            ":advisory": row.advisory.to_string(),
            ":addressee": row.addressee.to_string(),
            ":revision": row.revision,
            ":person": row.person.to_string(),
            ":channel": row.channel.word(),
            ":occasion": row.occasion.word(),
            ":state": row.tries.state.word(),
            ":attempts": row.tries.attempts,
            ":next_at": row.tries.next_at.micros(),
            ":failure": row.tries.failure.map(Failure::word),
            ":now": tx.now().micros(),
            ":by": tx.name(),
        },
    )
    .map(|_| ())
}

/// Takes up to `limit` deliveries that are due, for `lease_seconds`; nobody else gets them until
/// then. The one that has waited longest comes first.
pub fn take_due(
    tx: &Tx<'_>,
    lease_seconds: i64,
    limit: u32,
) -> Result<Vec<DeliveryRow>, StoreError> {
    const DUE: &str = "-- delivery.due
        SELECT * FROM delivery
        WHERE state = 'waiting' AND next_at <= :now AND (lease_until IS NULL OR lease_until <= :now)
        ORDER BY next_at, delivery_id LIMIT :limit";
    const LEASE: &str = "-- delivery.lease
        UPDATE delivery SET lease_until = :until, updated_at = :now, updated_by = :by
        WHERE delivery_id = :delivery";
    let due = collect(
        tx.data(),
        "delivery.due",
        "delivery",
        DUE,
        named_params! {":now": tx.now().micros(), ":limit": limit},
        delivery,
    )?;
    for row in &due {
        change(
            tx.data(),
            "delivery.lease",
            LEASE,
            named_params! {
                ":until": tx.now().plus_seconds(lease_seconds).micros(),
                ":now": tx.now().micros(),
                ":by": tx.name(),
                ":delivery": row.id.to_string(),
            },
        )?;
    }
    Ok(due)
}

/// Writes how a try ended, and gives the lease back.
pub fn settle(tx: &Tx<'_>, row: &DeliveryRow) -> Result<(), StoreError> {
    const SETTLE: &str = "-- delivery.settle
        UPDATE delivery SET state = :state, attempts = :attempts, next_at = :next_at,
               failure = :failure, sent_at = :sent_at, lease_until = NULL,
               updated_at = :now, updated_by = :by
        WHERE delivery_id = :delivery";
    change(
        tx.data(),
        "delivery.settle",
        SETTLE,
        named_params! {
            ":state": row.tries.state.word(),
            ":attempts": row.tries.attempts,
            ":next_at": row.tries.next_at.micros(),
            ":failure": row.tries.failure.map(Failure::word),
            ":sent_at": row.tries.sent_at.map(Timestamp::micros),
            ":now": tx.now().micros(),
            ":by": tx.name(),
            ":delivery": row.id.to_string(),
        },
    )
    .map(|_| ())
}

/// Gives up whatever still waits to be sent about an advisory, since it is gone; how many those were.
pub fn cancel_waiting(tx: &Tx<'_>, advisory: AdvisoryId) -> Result<usize, StoreError> {
    cancel(tx, advisory, None)
}

/// Gives up what still waits to be sent about an advisory, since something else is to be said of it
/// now; how many those were. That a question was answered stays to be said.
pub fn cancel_older(tx: &Tx<'_>, advisory: AdvisoryId) -> Result<usize, StoreError> {
    cancel(tx, advisory, Some(Occasion::Answered))
}

fn cancel(tx: &Tx<'_>, advisory: AdvisoryId, kept: Option<Occasion>) -> Result<usize, StoreError> {
    const CANCEL: &str = "-- delivery.cancel_waiting
        UPDATE delivery SET state = 'failed', failure = :overtaken, lease_until = NULL,
               updated_at = :now, updated_by = :by
        WHERE advisory_id = :advisory AND state = 'waiting'
          AND (:kept IS NULL OR occasion <> :kept)";
    change(
        tx.data(),
        "delivery.cancel_waiting",
        CANCEL,
        named_params! {
            ":overtaken": Failure::Overtaken.word(),
            ":now": tx.now().micros(),
            ":by": tx.name(),
            ":advisory": advisory.to_string(),
            ":kept": kept.map(Occasion::word),
        },
    )
}

/// One delivery; `None` when there is none of that id.
pub fn find(reader: &Reader<'_>, id: DeliveryId) -> Result<Option<DeliveryRow>, StoreError> {
    const FIND: &str = "-- delivery.find
        SELECT * FROM delivery WHERE delivery_id = :delivery";
    one(
        reader.data(),
        "delivery.find",
        "delivery",
        FIND,
        named_params! {":delivery": id.to_string()},
        delivery,
    )
}

/// Every delivery of an advisory, in the order they were queued.
pub fn of_advisory(
    reader: &Reader<'_>,
    advisory: AdvisoryId,
) -> Result<Vec<DeliveryRow>, StoreError> {
    const LIST: &str = "-- delivery.of_advisory
        SELECT * FROM delivery WHERE advisory_id = :advisory ORDER BY updated_at, delivery_id";
    collect(
        reader.data(),
        "delivery.of_advisory",
        "delivery",
        LIST,
        named_params! {":advisory": advisory.to_string()},
        delivery,
    )
}

/// The people to whom one revision was sent for an addressee, also where the mail failed: whoever is
/// called in next is somebody else. An answer to a question tells nobody of the advisory.
pub fn told(
    reader: &Reader<'_>,
    addressee: AddresseeId,
    revision: u32,
) -> Result<Vec<PersonId>, StoreError> {
    const LIST: &str = "-- delivery.told
        SELECT DISTINCT person_id FROM delivery
        WHERE addressee_id = :addressee AND revision = :revision AND occasion <> 'answered'
        ORDER BY person_id";
    collect(
        reader.data(),
        "delivery.told",
        "delivery",
        LIST,
        named_params! {":addressee": addressee.to_string(), ":revision": revision},
        |row| row.word("person_id"),
    )
}

fn delivery(row: &Columns<'_>) -> Result<DeliveryRow, StoreError> {
    Ok(DeliveryRow {
        id: row.word("delivery_id")?,
        advisory: row.word("advisory_id")?,
        addressee: row.word("addressee_id")?,
        revision: row.plain("revision")?,
        person: row.word("person_id")?,
        channel: row.word("channel")?,
        occasion: row.word("occasion")?,
        tries: tries(row)?,
    })
}

/// How sending went, from the columns that deliveries and letters share.
pub(crate) fn tries(row: &Columns<'_>) -> Result<Tries, StoreError> {
    Ok(Tries {
        state: row.word("state")?,
        attempts: row.plain("attempts")?,
        next_at: row.time("next_at")?,
        failure: row.word_or_none("failure")?,
        sent_at: row.time_or_none("sent_at")?,
    })
}
