//! Calling in the next person when nobody took an advisory on in half of the time.

use domain::advisory::Addressee;
use domain::advisory::delivery::{Occasion, escalation_at};
use domain::id::PersonId;
use domain::time::Timestamp;
use seal::random::Random;
use store::advisory::addressee::{self, AddresseeRow};
use store::log::{Entry, record};
use store::{Reader, Stamp, StoreError, Tx, advisory, delivery};

use crate::addressing::call_list;
use crate::call::Hub;
use crate::deliver::tell;

/// Calls in the next person for every line that is due; how many lines that were. A line of one
/// named person has nobody to call in: the issuer sees it on the reach page and telephones.
pub fn due(hub: &Hub, now: Timestamp, random: Random) -> Result<usize, StoreError> {
    let waiting = hub
        .store
        .read(move |reader| addressee::unattended(reader, now))?;
    let is_due = move |line: &AddresseeRow, due_at: Timestamp| {
        told_at(line)
            .and_then(|told_at| escalation_at(told_at, due_at))
            .is_some_and(|at| at <= now)
    };
    if !waiting.iter().any(|(line, due_at)| is_due(line, *due_at)) {
        return Ok(0);
    }
    let stamp = Stamp {
        name: "escalate.due",
        now,
        random,
    };
    hub.store.write(stamp, move |tx| {
        let mut count = 0;
        // Read again: somebody may have taken it on meanwhile.
        for (line, due_at) in addressee::unattended(tx, tx.now())? {
            if is_due(&line, due_at) {
                escalate(tx, line)?;
                count += 1;
            }
        }
        Ok(count)
    })
}

/// When somebody was last told of the line; `None` before it was handed over.
pub(crate) fn told_at(line: &AddresseeRow) -> Option<Timestamp> {
    line.escalated_at.or(line.delivered_at)
}

fn escalate(tx: &Tx<'_>, mut line: AddresseeRow) -> Result<(), StoreError> {
    let Some(row) = advisory::find(tx, line.advisory)? else {
        return Ok(());
    };
    let revision = row.advisory.revision;
    let next = next_person(tx, &line, revision, tx.now())?;
    if let Some(next) = next {
        tell(tx, &line, revision, Occasion::Escalated, &[next])?;
    }
    line.escalated_at = Some(tx.now());
    addressee::update(tx, &line, None)?;
    let entry = Entry {
        event: "advisory-escalated",
        object: line.advisory.to_string(),
        owner: Some(line.organization),
        facts: vec![
            ("addressee", line.id.to_string()),
            (
                "told",
                next.map_or("nobody".to_owned(), |id| id.to_string()),
            ),
        ],
    };
    record(tx, &entry)
}

/// The first of the call list who was not told of this revision yet.
fn next_person(
    reader: &Reader<'_>,
    line: &AddresseeRow,
    revision: u32,
    now: Timestamp,
) -> Result<Option<PersonId>, StoreError> {
    let addressee = line.addressee();
    if matches!(addressee, Addressee::Person(..)) {
        return Ok(None);
    }
    let told = delivery::told(reader, line.id, revision)?;
    let list = call_list(reader, &addressee, now)?;
    let mut people = list.into_iter().map(|place| place.person);
    Ok(people.find(|person| !told.contains(person)))
}
