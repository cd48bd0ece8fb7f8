//! How long each kind of item is kept, and erasing what is past its time.
//!
//! The times are this hub's rule, not a law's: no statute that we know of sets them. What is erased
//! is gone from the running store, from free pages and from every backup of the data, since its key
//! is destroyed; the log keeps commitments that nobody can open any more.

use domain::report::ReportKind;
use domain::time::{DAY_SECONDS, Timestamp};
use seal::random::Random;
use store::log::{Entry, record};
use store::{Stamp, StoreError, retention};

use crate::call::Hub;

/// Reports erased in one run of the job; the rest wait for the next.
const BATCH_MAX: u32 = 100;

/// A kind of item and how long it is kept.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Term {
    /// The kind of report.
    pub kind: ReportKind,
    /// Days from acceptance to erasure.
    pub days: i64,
}

/// The terms of this hub.
pub const TERMS: &[Term] = &[
    Term {
        kind: ReportKind::NearMiss,
        days: 3 * 365,
    },
    Term {
        kind: ReportKind::Precursor,
        days: 3 * 365,
    },
    Term {
        kind: ReportKind::Incident,
        days: 5 * 365,
    },
];

/// Erases what is past its time; how many reports were erased.
///
/// # Errors
/// When the store fails; what was erased before that stays erased.
pub fn due(hub: &Hub, now: Timestamp, random: &Random) -> Result<usize, StoreError> {
    let mut erased = 0;
    for term in TERMS {
        let before = now.plus_seconds(-term.days * DAY_SECONDS);
        let kind = term.kind;
        let reports = hub
            .store
            .read(move |reader| retention::due(reader, kind, before, BATCH_MAX))?;
        for report in reports {
            let stamp = Stamp {
                name: "retention.due",
                now,
                random: random.derive(&format!("retention {report}")),
            };
            hub.store.write::<_, StoreError>(stamp, move |tx| {
                retention::erase(tx, report)?;
                record(
                    tx,
                    &Entry {
                        event: "report-erased",
                        object: report.to_string(),
                        owner: None,
                        facts: vec![("days", term.days.to_string())],
                    },
                )
            })?;
            erased += 1;
        }
    }
    Ok(erased)
}
