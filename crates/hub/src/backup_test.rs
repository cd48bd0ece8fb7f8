//! When a copy of the store was last put back as a test: the public status page shows it.

use domain::time::Timestamp;
use seal::random::Random;
use store::log::{Entry, record};
use store::{Stamp, StoreError, fact};

use crate::call::Hub;

/// Name of the fact that holds the time, in microseconds.
const FACT: &str = "backup-tested";

/// Notes that a copy was put back at `now` and found sound. Called by the program on its console.
pub fn note(hub: &Hub, now: Timestamp, random: &Random) -> Result<(), StoreError> {
    let stamp = Stamp {
        name: "backup_test.note",
        now,
        random: random.derive("backup_test.note"),
    };
    hub.store.write(stamp, move |tx| {
        fact::write(tx, FACT, now.micros().to_string().as_bytes())?;
        let entry = Entry {
            event: "backup-tested",
            object: tx.hub().to_owned(),
            owner: None,
            facts: vec![],
        };
        record(tx, &entry)
    })
}

/// When a copy was last put back and found sound; `None` if none ever was.
pub fn last(hub: &Hub) -> Result<Option<Timestamp>, StoreError> {
    let written = hub.store.read(|reader| fact::find(reader, FACT))?;
    let Some(body) = written else {
        return Ok(None);
    };
    let micros = std::str::from_utf8(&body)
        .ok()
        .and_then(|text| text.parse().ok());
    micros
        .map(|micros| Some(Timestamp::from_micros(micros)))
        .ok_or(StoreError::Corrupt {
            table: "hub_fact",
            column: "body",
        })
}
