//! Carrying out how long each kind of item is kept.
//!
//! The terms are this hub's rule ([`domain::retention`]), not a law's. What is erased is gone from
//! the running store, from free pages and from every backup of the data, since its key is destroyed;
//! the log keeps commitments that nobody can open any more.
//!
//! Drafts end by their own, shorter term ([`crate::draft::shred_expired`]), and so does the key by
//! which counts could be led back to who sent them ([`crate::count::settle`]).

use std::sync::Arc;

pub use domain::retention::{Kept, TERMS, Term, Terms};
use domain::time::{DAY_SECONDS, Timestamp};
use seal::random::Random;
use store::log::{Entry, record};
use store::{Reader, Stamp, StoreError, Tx, retention};

use crate::call::Hub;

/// Items of one kind erased in one run of the job; the rest wait for the next.
const BATCH_MAX: u32 = 100;

impl Hub {
    /// The same hub with terms of its own.
    #[must_use]
    pub fn with_terms(mut self, terms: Terms) -> Self {
        self.terms = Arc::new(terms);
        self
    }

    /// How long each kind of item is kept here.
    pub fn terms(&self) -> &Terms {
        &self.terms
    }
}

/// Erases what is past its time; how many items were erased.
///
/// # Errors
/// When the store fails; what was erased before that stays erased.
pub fn due(hub: &Hub, now: Timestamp, random: &Random) -> Result<usize, StoreError> {
    let mut erased = 0;
    for term in hub.terms().all() {
        let before = now.plus_seconds(-term.days * DAY_SECONDS);
        let ids = hub
            .store
            .read(move |reader| list(reader, term.kind, before, now))?;
        for object in ids {
            let stamp = Stamp {
                name: "retention.due",
                now,
                random: random.derive(&format!("retention {}", object.id())),
            };
            hub.store.write::<_, StoreError>(stamp, move |tx| {
                object.erase(tx)?;
                note(tx, object.event(), object.id(), term)
            })?;
            erased += 1;
        }
        if term.kind == Kept::Count {
            erased += drop_counts(hub, now, random, term)?;
        }
    }
    Ok(erased)
}

/// Something with a key of its own.
#[derive(Debug, Clone, Copy)]
enum Object {
    Report(domain::id::ReportId),
    Advisory(domain::id::AdvisoryId),
    Finding(domain::id::FindingId),
    Candidate(domain::id::CandidateId),
    Group(domain::id::IncidentId),
    Invitation(domain::id::InvitationId),
    Person(domain::id::PersonId),
}

impl Object {
    fn id(self) -> String {
        match self {
            Self::Report(id) => id.to_string(),
            Self::Advisory(id) => id.to_string(),
            Self::Finding(id) => id.to_string(),
            Self::Candidate(id) => id.to_string(),
            Self::Group(id) => id.to_string(),
            Self::Invitation(id) => id.to_string(),
            Self::Person(id) => id.to_string(),
        }
    }

    const fn event(self) -> &'static str {
        match self {
            Self::Report(_) => "report-erased",
            Self::Advisory(_) => "advisory-erased",
            Self::Finding(_) => "finding-erased",
            Self::Candidate(_) => "candidate-erased",
            Self::Group(_) => "group-erased",
            Self::Invitation(_) => "invitation-erased",
            Self::Person(_) => "person-erased",
        }
    }

    fn erase(self, tx: &Tx<'_>) -> Result<(), StoreError> {
        match self {
            Self::Report(id) => retention::erase_report(tx, id),
            Self::Advisory(id) => retention::erase_advisory(tx, id),
            Self::Finding(id) => retention::erase_finding(tx, id),
            Self::Candidate(id) => retention::erase_candidate(tx, id),
            Self::Group(id) => retention::erase_group(tx, id),
            Self::Invitation(id) => retention::erase_invitation(tx, id),
            Self::Person(id) => retention::erase_person(tx, id),
        }
    }
}

fn list(
    reader: &Reader<'_>,
    kind: Kept,
    before: Timestamp,
    now: Timestamp,
) -> Result<Vec<Object>, StoreError> {
    fn all<T>(ids: Vec<T>, object: fn(T) -> Object) -> Vec<Object> {
        ids.into_iter().map(object).collect()
    }
    if let Some(kind) = kind.report() {
        let ids = retention::due_reports(reader, kind, before, BATCH_MAX)?;
        return Ok(all(ids, Object::Report));
    }
    Ok(match kind {
        Kept::Advisory => all(
            retention::due_advisories(reader, before, BATCH_MAX)?,
            Object::Advisory,
        ),
        Kept::Finding => all(
            retention::due_findings(reader, before, now, BATCH_MAX)?,
            Object::Finding,
        ),
        Kept::Candidate => all(
            retention::due_candidates(reader, before, BATCH_MAX)?,
            Object::Candidate,
        ),
        Kept::Group => all(
            retention::due_groups(reader, before, BATCH_MAX)?,
            Object::Group,
        ),
        Kept::Invitation => all(
            retention::due_invitations(reader, before, BATCH_MAX)?,
            Object::Invitation,
        ),
        Kept::Person => all(
            retention::due_people(reader, before, BATCH_MAX)?,
            Object::Person,
        ),
        _ => Vec::new(),
    })
}

/// Counts hold codes and numbers under a token that leads to nobody; they are deleted as rows.
fn drop_counts(
    hub: &Hub,
    now: Timestamp,
    random: &Random,
    term: Term,
) -> Result<usize, StoreError> {
    let before = now.plus_seconds(-term.days * DAY_SECONDS);
    let stamp = Stamp {
        name: "retention.drop_counts",
        now,
        random: random.derive("retention.drop_counts"),
    };
    hub.store.write(stamp, move |tx| {
        let dropped = retention::delete_counts(tx, before)?;
        if dropped > 0 {
            note(tx, "counts-erased", tx.hub().to_owned(), term)?;
        }
        Ok(dropped)
    })
}

fn note(tx: &Tx<'_>, event: &'static str, object: String, term: Term) -> Result<(), StoreError> {
    let entry = Entry {
        event,
        object,
        owner: None,
        facts: vec![
            ("kind", term.kind.word().to_owned()),
            ("days", term.days.to_string()),
        ],
    };
    record(tx, &entry)
}
