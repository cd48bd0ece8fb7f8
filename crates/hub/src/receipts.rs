//! Receipts: what became of a report, for its source.
//!
//! A source that is named finds its reports on a list; one that is not named brings the code of its
//! mailbox. Both are told the same things, the second in daily batches and by the day
//! ([`domain::report::receipt`]).

use std::collections::{BTreeMap, BTreeSet};

use domain::count::Period;
use domain::id::{OrganizationId, ReportId};
use domain::part::PartKind;
use domain::policy::Action;
use domain::report::receipt::{
    Event, Reading, ToldOpening, What, at_once, batch_until, in_batches, reading_weeks,
    reading_weeks_begin,
};
use domain::report::{Custody, Report, ReportKind};
use domain::time::Timestamp;
use store::receipt::{LeftRow, ReadRow};
use store::{Reader, StoreError, closing, receipt, report};

use crate::call::{Call, Hub, ReadError};
use crate::feedback::figures;
use crate::mailbox::MailboxPass;
use crate::open_seal::told_in;

/// Reports shown on the list of what was sent.
pub const SENT_ROWS_MAX: u32 = 200;

/// What became of one report.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Became {
    /// The report.
    pub id: ReportId,
    /// What is reported.
    pub kind: ReportKind,
    /// Who can know the source.
    pub custody: Custody,
    /// The name under which it is spoken of.
    pub pseudonym: String,
    /// What happened, newest first.
    pub events: Vec<Event>,
    /// Whether the caller is also told who opened it; a role that may not is told the rest.
    pub readings: Told,
    /// For a source in batches: everything before this has been told.
    pub batch_until: Option<Timestamp>,
}

/// Whether something is told.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Told {
    /// It is.
    Yes,
    /// The role may not ask.
    No,
}

/// Reports that the caller's organization sent under its name, newest first.
///
/// # Errors
/// [`ReadError::NotFound`] when the role neither reports nor reads receipts.
pub fn sent(hub: &Hub, call: &Call<'_>) -> Result<Vec<Report>, ReadError> {
    admitted(call)?;
    let own = call.actor.organization;
    Ok(hub
        .store
        .read(move |reader| report::sent_by(reader, own, SENT_ROWS_MAX))?)
}

/// What became of a report that the caller's organization sent under its name.
///
/// # Errors
/// [`ReadError::NotFound`] when it is not there or is another's.
pub fn of(hub: &Hub, call: &Call<'_>, id: ReportId) -> Result<Became, ReadError> {
    admitted(call)?;
    let (own, now) = (call.actor.organization, call.now);
    let readings = if call.may(Action::ReadReceipts) {
        Told::Yes
    } else {
        Told::No
    };
    hub.store.read(move |reader| {
        let link = report::source(reader, id)?;
        let found = report::find(reader, id)?.ok_or(ReadError::NotFound)?;
        if link.map(|link| link.organization) != Some(own) {
            return Err(ReadError::NotFound);
        }
        let mut events = events(reader, &found, Some(own), now)?;
        if readings == Told::No {
            events.retain(|(_, what)| !matches!(what, What::Read(_)));
        }
        Ok(became(found, at_once(events), readings, None))
    })
}

/// What became of the report whose mailbox `pass` opens.
///
/// # Errors
/// [`ReadError::NotFound`] when the report is gone.
pub fn of_mailbox(hub: &Hub, call: &Call<'_>, pass: &MailboxPass) -> Result<Became, ReadError> {
    let (id, now) = (pass.report(), call.now);
    hub.store.read(move |reader| {
        let found = report::find(reader, id)?.ok_or(ReadError::NotFound)?;
        let events = in_batches(events(reader, &found, None, now)?, now);
        let until = Some(batch_until(now));
        Ok(became(found, events, Told::Yes, until))
    })
}

/// How often reports that the caller's organization sent under its name were opened by others, week
/// by week, oldest first: the readings of all its receipts together. `None` when the role is not told
/// who opened them. What was sent without a name is nobody's here, and is not counted.
///
/// # Errors
/// When the store fails.
pub fn weeks(hub: &Hub, call: &Call<'_>) -> Result<Option<Vec<(Period, u64)>>, StoreError> {
    if !call.may(Action::ReadReceipts) {
        return Ok(None);
    }
    let (own, now) = (call.actor.organization, call.now);
    hub.store.read(move |reader| {
        let mut by_report: BTreeMap<ReportId, Vec<ReadRow>> = BTreeMap::new();
        for (report, row) in receipt::readings_of(reader, own, reading_weeks_begin(now))? {
            by_report.entry(report).or_default().push(row);
        }
        let looks = by_report.into_values().flat_map(readings).collect();
        Ok(Some(reading_weeks(&at_once(looks), now)))
    })
}

fn admitted(call: &Call<'_>) -> Result<(), ReadError> {
    if call.may(Action::Submit) || call.may(Action::ReadReceipts) {
        Ok(())
    } else {
        Err(ReadError::NotFound)
    }
}

fn became(
    report: Report,
    events: Vec<Event>,
    readings: Told,
    batch_until: Option<Timestamp>,
) -> Became {
    Became {
        id: report.id,
        kind: report.kind,
        custody: report.custody,
        pseudonym: report.pseudonym,
        events,
        readings,
        batch_until,
    }
}

/// Everything that became of `report` until `now`, each with its instant.
fn events(
    reader: &Reader<'_>,
    report: &Report,
    source: Option<OrganizationId>,
    now: Timestamp,
) -> Result<Vec<(Timestamp, What)>, StoreError> {
    let mut events = vec![(report.accepted_at, What::Accepted)];
    events.extend(readings(receipt::readings(reader, report.id, source)?));
    events.extend(releases(receipt::left(reader, report.id)?));
    for at in receipt::withheld(reader, report.id)? {
        events.push((at, What::Withheld));
    }
    for row in closing::of_report(reader, report.id)? {
        events.push((row.closed_at, What::Closed(row.reason)));
        events.extend(row.reopened_at.map(|at| (at, What::Reopened)));
    }
    for row in receipt::led_to(reader, report.id)? {
        let led = What::LedTo {
            number: row.number,
            issuer: row.issuer,
            useful: figures(reader, row.advisory, now)?.useful,
        };
        events.push((row.at, led));
    }
    for opening in told_in(reader, report.id, now)? {
        let told = What::Opening(ToldOpening {
            organization: opening.organization.kind,
            purpose: opening.purpose,
            stage: opening.stage,
            asked_on: opening.requested_at.day_in_japan(),
            read_on: opening.read_at.iter().map(|at| at.day_in_japan()).collect(),
        });
        events.push((opening.told_at, told));
    }
    Ok(events)
}

/// One event per reader, day and side: opening three parts of a report is one look at it.
fn readings(rows: Vec<ReadRow>) -> impl Iterator<Item = (Timestamp, What)> {
    let mut looks: BTreeMap<_, (Timestamp, Reading)> = BTreeMap::new();
    for row in rows {
        let key = (
            row.at.day_in_japan(),
            row.reader,
            row.role,
            row.side,
            row.purpose.clone(),
        );
        let (_, look) = looks.entry(key).or_insert_with(|| {
            let look = Reading {
                organization: row.organization,
                role: row.role,
                purpose: row.purpose,
                side: row.side,
                kinds: BTreeSet::new(),
            };
            (row.at, look)
        });
        look.kinds.insert(row.kind);
    }
    looks.into_values().map(|(at, look)| (at, What::Read(look)))
}

/// One event per release: the parts that left together under the same label and circles.
fn releases(rows: Vec<LeftRow>) -> impl Iterator<Item = (Timestamp, What)> {
    let mut together: BTreeMap<_, BTreeSet<PartKind>> = BTreeMap::new();
    for row in rows {
        let key = (row.at, row.handling.tlp, row.handling.reach());
        together.entry(key).or_default().insert(row.kind);
    }
    together.into_iter().map(|((at, tlp, circles), kinds)| {
        let released = What::Released {
            kinds,
            tlp,
            circles,
        };
        (at, released)
    })
}
