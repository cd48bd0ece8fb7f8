//! Telling people that an advisory is there: a durable queue that the program's job loop empties.
//!
//! The inbox needs no delivery: what was issued stands there at once. A delivery says only that
//! something is there, with number and time; what it says is read behind the sign-in.
//!
//! INVARIANT: a delivery is queued in the transaction that made it necessary, and leaves the queue
//! only when it was handed over, given up in sight of the sender, or overtaken.

use domain::advisory::delivery::{Channel, DeliveryState, Failure, Occasion, Tries};
use domain::advisory::{AdvisoryKind, AdvisoryStage};
use domain::id::{AdvisoryId, DeliveryId, PersonId};
use domain::organization::Tier;
use domain::release::{Visible, own};
use domain::time::Timestamp;
use seal::random::Random;
use store::advisory::AdvisoryRow;
use store::advisory::addressee::{self, AddresseeRow};
use store::delivery::DeliveryRow;
use store::{Reader, Stamp, StoreError, Tx, advisory, delivery, fact, organization, person};

use crate::addressing::OrganizationLabel;
use crate::call::{Hub, ReadError};
use crate::question::still_reads;

/// Deliveries that are taken at once.
pub const BATCH_MAX: u32 = 20;
/// How long a worker keeps what it took, in seconds.
const LEASE_SECONDS: i64 = 300;
/// The fact that says whether a mail relay is configured.
const RELAY: &str = "mail-relay";

/// A delivery to be handed over.
pub struct Dispatch {
    /// Its id, for the answer.
    pub id: DeliveryId,
    /// Where it goes: the person's own address.
    pub address: Visible<String>,
    /// Tag of the language the person is written to in.
    pub language: String,
    /// What it says.
    pub occasion: Occasion,
    /// The advisory.
    pub advisory: AdvisoryId,
    /// Its number.
    pub number: String,
    /// Its kind.
    pub kind: AdvisoryKind,
    /// Who issued it.
    pub issuer: OrganizationLabel,
    /// The tier that has to act.
    pub tier: Tier,
    /// By when; `None` when there is nothing to do any more.
    pub due_at: Option<Timestamp>,
}

/// Whether this hub can send mail.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum MailRelay {
    /// A relay is configured.
    Configured,
    /// None is: deliveries wait, and pages say so.
    Absent,
}

/// Notes whether this hub can send mail; the program says so when it starts.
pub fn note_relay(
    hub: &Hub,
    relay: MailRelay,
    now: Timestamp,
    random: Random,
) -> Result<(), StoreError> {
    let word: &[u8] = match relay {
        MailRelay::Configured => b"configured",
        MailRelay::Absent => b"absent",
    };
    let stamp = Stamp {
        name: "deliver.note_relay",
        now,
        random,
    };
    hub.store
        .write(stamp, move |tx| fact::write(tx, RELAY, word))
}

/// Whether this hub can send mail.
pub fn relay(reader: &Reader<'_>) -> Result<MailRelay, StoreError> {
    Ok(match fact::find(reader, RELAY)?.as_deref() {
        Some(b"configured") => MailRelay::Configured,
        _ => MailRelay::Absent,
    })
}

/// The same, for a page that asks for an address.
pub fn mail_relay(hub: &Hub) -> Result<MailRelay, ReadError> {
    Ok(hub.store.read(relay)?)
}

/// Takes what is due to be sent, for this worker alone. What cannot be sent at all is settled here.
pub fn take_due(hub: &Hub, now: Timestamp, random: Random) -> Result<Vec<Dispatch>, StoreError> {
    let stamp = Stamp {
        name: "deliver.take_due",
        now,
        random,
    };
    hub.store.write(stamp, |tx| {
        let mut dispatches = Vec::new();
        for row in delivery::take_due(tx, LEASE_SECONDS, BATCH_MAX)? {
            match dispatch(tx, &row, tx.now())? {
                Ok(dispatch) => dispatches.push(dispatch),
                Err(failure) => settle(tx, row, Err(failure))?,
            }
        }
        Ok(dispatches)
    })
}

/// Notes that a delivery was handed over.
pub fn sent(hub: &Hub, id: DeliveryId, now: Timestamp, random: Random) -> Result<(), StoreError> {
    finish(hub, "deliver.sent", id, Ok(()), now, random)
}

/// Notes that a try failed. It is tried again later when that may help, and given up otherwise.
pub fn failed(
    hub: &Hub,
    id: DeliveryId,
    failure: Failure,
    now: Timestamp,
    random: Random,
) -> Result<(), StoreError> {
    finish(hub, "deliver.failed", id, Err(failure), now, random)
}

fn finish(
    hub: &Hub,
    name: &'static str,
    id: DeliveryId,
    outcome: Result<(), Failure>,
    now: Timestamp,
    random: Random,
) -> Result<(), StoreError> {
    let stamp = Stamp { name, now, random };
    hub.store.write(stamp, move |tx| {
        // One that was given up while it was being sent, and was sent, counts as sent.
        let was_canceled =
            |row: &DeliveryRow| row.tries.failure == Some(Failure::Overtaken) && outcome.is_ok();
        let found = delivery::find(tx, id)?;
        match found.filter(|row| row.tries.state == DeliveryState::Waiting || was_canceled(row)) {
            Some(row) => settle(tx, row, outcome),
            None => Ok(()),
        }
    })
}

fn settle(
    tx: &Tx<'_>,
    mut row: DeliveryRow,
    outcome: Result<(), Failure>,
) -> Result<(), StoreError> {
    row.tries = row.tries.after(outcome, tx.now());
    delivery::settle(tx, &row)
}

/// What has to be said in the delivery, or why it is not sent.
fn dispatch(
    reader: &Reader<'_>,
    row: &DeliveryRow,
    now: Timestamp,
) -> Result<Result<Dispatch, Failure>, StoreError> {
    let found = advisory::find(reader, row.advisory)?;
    let line = addressee::find(reader, row.addressee)?;
    let (Some(found), Some(line)) = (found, line) else {
        return Ok(Err(Failure::Overtaken));
    };
    if is_overtaken(reader, row, &found, &line, now)? {
        return Ok(Err(Failure::Overtaken));
    }
    let issuer = organization::find(reader, found.advisory.issuer)?;
    let card = person::record(reader, row.person)?;
    let (Some(issuer), Some(card)) = (issuer, card) else {
        return Ok(Err(Failure::NoAddress));
    };
    let address = own(card).map(|card| card.mail);
    if address.content().is_empty() {
        return Ok(Err(Failure::NoAddress));
    }
    let has_task = !matches!(
        row.occasion,
        Occasion::Recalled | Occasion::Tightened | Occasion::Answered
    );
    let dues = advisory::actions(reader, row.advisory)?;
    Ok(Ok(Dispatch {
        id: row.id,
        address,
        language: person::language(reader, row.person)?.unwrap_or_default(),
        occasion: row.occasion,
        advisory: row.advisory,
        number: found.number,
        kind: found.advisory.kind,
        issuer: OrganizationLabel::from(&issuer),
        tier: line.tier,
        due_at: dues.get(&line.tier).copied().filter(|_| has_task),
    }))
}

/// Whether something newer is to be said about the advisory by now. An answer to a question stands
/// beside every later text, for as long as who asked reads one.
fn is_overtaken(
    reader: &Reader<'_>,
    row: &DeliveryRow,
    found: &AdvisoryRow,
    line: &AddresseeRow,
    now: Timestamp,
) -> Result<bool, StoreError> {
    if row.occasion == Occasion::Answered {
        let is_in_force = matches!(
            found.advisory.stage,
            AdvisoryStage::Issued | AdvisoryStage::Closed
        );
        return Ok(!is_in_force || !still_reads(reader, line, row.person, now)?);
    }
    let was_recalled = found.advisory.stage == AdvisoryStage::Recalled;
    Ok(row.revision < found.advisory.revision
        || (was_recalled && row.occasion != Occasion::Recalled))
}

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
            tries: Tries::due(tx.now()),
        };
        delivery::insert(tx, &row)?;
    }
    Ok(())
}
