//! The relay's desk before the border, and every desk above it: what is there, and opening it.
//!
//! A list shows codes and times, never a text; opening a report shows its parts and is noted, once
//! per person, part and day, in the same transaction as its commitment.

mod ages;
mod cursor;
mod reading;

use std::collections::BTreeMap;

use domain::actor::Actor;
use domain::id::{OrganizationId, PartId, ReportId};
use domain::organization::OrganizationKind as Kind;
use domain::part::field::Field;
use domain::part::{Part, PartBody, PartKind, Side, Subject};
use domain::policy::Action;
use domain::release::{Visible, view};
use domain::report::stage::Stage;
use domain::report::{Channel, Custody, Edition, Report, ReportKind};
use domain::severity::Severity;
use domain::time::Timestamp;
use domain::word::Code;
use store::log::{Entry, record};
use store::part::Cursor as Position;
use store::part::{Granted, Sight, note_reading, visible, visible_facets_of, visible_subjects};
use store::report::Clerk;
pub use store::withdrawal::Withdrawal;
use store::{Reader, StoreError, Tx, organization, report, withdrawal};

use crate::call::{Call, Hub, ReadError};

pub use ages::{Age, Ages, COUNTED_REPORTS_MAX, Counted, ages};
pub use cursor::{CURSOR_CHARS_MAX, Cursor, CursorError};
pub(crate) use reading::{LISTED, Reading};

/// Rows on one page of a list.
pub const PAGE_ROWS: u32 = 50;

/// What a reader may know of a report beside its parts.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Head {
    /// The report.
    pub id: ReportId,
    /// What is reported.
    pub kind: ReportKind,
    /// Who can know the source.
    pub custody: Custody,
    /// The name under which it is spoken of.
    pub pseudonym: String,
    /// What only the relay that received it sees; `None` above the border and at the source. Exact
    /// times and the stage would tell there what was not released.
    pub at_relay: Option<AtRelay>,
}

/// What the receiving relay knows of a report.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AtRelay {
    /// Where it stands.
    pub stage: Stage,
    /// The latest edition.
    pub edition: Edition,
    /// When it was accepted.
    pub accepted_at: Timestamp,
}

/// That a clerk wrote the report down for its source.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WrittenDown {
    /// By phone or by fax.
    pub channel: Channel,
    /// Name of the clerk's organization in Japanese and English.
    pub names: (String, String),
}

/// A row of the intake or triage list.
#[derive(Debug, Clone)]
pub struct IntakeRow {
    /// The report.
    pub head: Head,
    /// Since when it is there for this reader; of what was taken back, since when that is known.
    pub seen_at: When,
    /// The highest opinion on its severity; `None` while nobody gave one.
    pub severity: Option<Severity>,
    /// Codes that the reader's parts carry.
    pub facets: BTreeMap<Field, Vec<Code>>,
    /// That its source took it back; `None` while it stands.
    pub withdrawal: Option<Withdrawal>,
}

/// A time, as closely as a reader may know it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum When {
    /// That moment.
    Moment(Timestamp),
    /// Some time on the day in Japan that begins then: something closer would help to find out who
    /// the source is.
    Day(Timestamp),
}

/// One page of a list, and where the next begins.
pub struct Page<T, P = Cursor> {
    /// The rows.
    pub rows: Vec<T>,
    /// Where the next page begins; `None` on the last.
    pub next: Option<P>,
}

/// An opened report.
pub struct Opened {
    /// What the reader may know beside them.
    pub head: Head,
    /// That a clerk wrote it down; `None` when its source sent it itself, above the border, and where
    /// it would narrow down who a source without a name is.
    pub written_down: Option<WrittenDown>,
    /// The parts this reader may read now, with kind, side and version; none of a report that was
    /// taken back.
    pub parts: Vec<OpenedPart>,
    /// That its source took it back; `None` while it stands.
    pub withdrawal: Option<Withdrawal>,
}

/// A part that passed the gate.
pub struct OpenedPart {
    /// Its id.
    pub id: PartId,
    /// Which of the four.
    pub kind: PartKind,
    /// Original or outgoing.
    pub side: Side,
    /// Counting up with each update.
    pub version: u32,
    /// When it was written.
    pub written_at: Timestamp,
    /// What may be read.
    pub body: Visible<PartBody>,
}

/// Reports that are there for the caller, newest first.
///
/// # Errors
/// [`ReadError::NotFound`] when the role has no such desk.
pub fn list(
    hub: &Hub,
    call: &Call<'_>,
    after: Option<&Cursor>,
) -> Result<Page<IntakeRow>, ReadError> {
    let after = after
        .map(|cursor| cursor.open(hub, call.actor))
        .transpose()?;
    Ok(list_from(hub, call, after)?.sealed(hub, call.actor))
}

/// The same from a place that only the hub knows.
pub(crate) fn list_from(
    hub: &Hub,
    call: &Call<'_>,
    after: Option<Position>,
) -> Result<Page<IntakeRow, Position>, ReadError> {
    if !call.may(Action::Intake) && !call.may(Action::Triage) {
        return Err(ReadError::NotFound);
    }
    page_of(hub, call, after)
}

/// Reports of which something was released to a community of the caller's organization, newest
/// first.
///
/// # Errors
/// [`ReadError::NotFound`] when the role reads none.
pub fn shared(
    hub: &Hub,
    call: &Call<'_>,
    after: Option<&Cursor>,
) -> Result<Page<IntakeRow>, ReadError> {
    if !call.may(Action::ReadShared) {
        return Err(ReadError::NotFound);
    }
    let after = after
        .map(|cursor| cursor.open(hub, call.actor))
        .transpose()?;
    Ok(page_of(hub, call, after)?.sealed(hub, call.actor))
}

fn page_of(
    hub: &Hub,
    call: &Call<'_>,
    after: Option<Position>,
) -> Result<Page<IntakeRow, Position>, ReadError> {
    let reading = Reading::of(call);
    let sight = reading.sight(call.actor, call.now);
    let organization = call.actor.organization;
    hub.store.read(move |reader| {
        let mut listed = visible_subjects(
            reader,
            &sight,
            reading.wanted(),
            after.as_ref(),
            PAGE_ROWS + 1,
        )?;
        let more = listed.len() > PAGE_ROWS as usize;
        listed.truncate(PAGE_ROWS as usize);
        let subjects: Vec<Subject> = listed.iter().map(|entry| entry.subject).collect();
        let ids: Vec<ReportId> = subjects.iter().filter_map(|one| one.report()).collect();
        let found = report::find_among(reader, &ids)?.into_iter();
        let mut reports: BTreeMap<ReportId, Report> =
            found.map(|report| (report.id, report)).collect();
        let mut facets = visible_facets_of(reader, &sight, &subjects)?;
        let withdrawals = withdrawal::visible_of(reader, &sight, &ids)?;
        let mut opinions = reading.opinions_of(reader, &sight, organization, &ids)?;
        let mut rows = Vec::with_capacity(listed.len());
        for entry in &listed {
            let found = entry.subject.report().and_then(|id| reports.remove(&id));
            let Some(report) = found else {
                continue;
            };
            let facets = facets.remove(&entry.subject).unwrap_or_default();
            let withdrawal = withdrawals.get(&report.id).copied();
            // An opinion is for those who may read a part.
            let opinions = opinions.remove(&report.id).filter(|_| withdrawal.is_none());
            let head = Head::of(report, organization);
            rows.push(IntakeRow {
                withdrawal,
                severity: opinions
                    .into_iter()
                    .flatten()
                    .map(|opinion| opinion.severity)
                    .max(),
                seen_at: When::of(&head, withdrawal.as_ref(), entry.seen_at),
                head,
                facets,
            });
        }
        let last = listed.last().filter(|_| more);
        let next = last.map(|last| Position {
            seen_at: last.seen_at,
            subject: last.subject.to_string(),
        });
        Ok(Page { rows, next })
    })
}

/// Opens a report: the parts the caller may read, each reading noted. Whoever reads what was shared
/// with his communities finds what was released, and of his own report no more than others do.
///
/// Of a report that was taken back there is its tombstone, for those who held it.
///
/// # Errors
/// [`ReadError::NotFound`] when nothing of it is there for this reader.
pub fn open(hub: &Hub, call: &Call<'_>, id: ReportId) -> Result<Opened, ReadError> {
    let actor = call.actor.clone();
    let now = call.now;
    let reading = Reading::of(call);
    hub.store.write(call.stamp("report.open"), move |tx| {
        let subject = Subject::Report(id);
        // Whether it is there is asked last: what is hidden takes as long as what is absent.
        let found = report::find(tx, id)?;
        let owner = reading.may_open(tx, &actor, id)?;
        let sight = reading.sight(&actor, now);
        let mut parts = readable_through(tx, &actor, &sight, subject, now)?;
        parts.retain(|part| reading.reads(part.side));
        let withdrawal = withdrawal::visible(tx, &sight, id)?;
        let report = found
            .filter(|_| !parts.is_empty() || withdrawal.is_some())
            .ok_or(ReadError::NotFound)?;
        if owner != Some(actor.organization) {
            note(tx, &actor, &parts, subject, owner)?;
        }
        let written_down = written_down(tx, &report, actor.organization)?;
        let head = Head::of(report, actor.organization);
        Ok(Opened {
            head,
            written_down,
            parts,
            withdrawal,
        })
    })
}

impl<T> Page<T, Position> {
    /// The same page with its place sealed for `actor`.
    pub(crate) fn sealed(self, hub: &Hub, actor: &Actor) -> Page<T> {
        Page {
            next: self.next.map(|next| Cursor::seal(hub, actor, &next)),
            rows: self.rows,
        }
    }
}

impl When {
    /// When `head`, or that it was taken back, became visible. Where it was received that is when a
    /// near miss without a name came, and a withdrawal tells when its source was there: everybody of
    /// a source without a name, those above the border of any.
    pub(crate) fn of(head: &Head, withdrawal: Option<&Withdrawal>, seen_at: Timestamp) -> Self {
        let at_relay = head.at_relay.is_some();
        let named_here = head.custody == Custody::Named && at_relay;
        let nameless = head.custody != Custody::Named;
        let came = nameless && at_relay && head.kind == ReportKind::NearMiss;
        if came || (withdrawal.is_some() && !named_here) {
            Self::Day(Timestamp::start_of_day_in_japan(seen_at.day_in_japan()))
        } else {
            Self::Moment(seen_at)
        }
    }

    /// The moment, or the begin of the day.
    pub fn begin(self) -> Timestamp {
        match self {
            Self::Moment(at) | Self::Day(at) => at,
        }
    }
}

impl Head {
    /// The head of `report` for a reader of `organization`.
    pub(crate) fn of(report: Report, organization: OrganizationId) -> Self {
        let at_relay = (report.relay == organization).then_some(AtRelay {
            stage: report.stage,
            edition: report.edition,
            accepted_at: report.accepted_at,
        });
        Self {
            id: report.id,
            kind: report.kind,
            custody: report.custody,
            pseudonym: report.pseudonym,
            at_relay,
        }
    }
}

/// Who wrote `report` down, for its relay. Of a source without a name only the relay's own clerk is
/// told: that another's desk did would narrow down who it is.
fn written_down(
    reader: &Reader<'_>,
    report: &Report,
    organization: OrganizationId,
) -> Result<Option<WrittenDown>, StoreError> {
    if report.relay != organization {
        return Ok(None);
    }
    let Some(provenance) = report::provenance(reader, report.id)? else {
        return Ok(None);
    };
    let told =
        |clerk: &Clerk| report.custody == Custody::Named || clerk.organization == report.relay;
    let Some(clerk) = provenance.clerk.filter(told) else {
        return Ok(None);
    };
    let clerk = organization::find(reader, clerk.organization)?;
    Ok(clerk.map(|clerk| WrittenDown {
        channel: provenance.channel,
        names: (clerk.name_ja, clerk.name_en),
    }))
}

/// The newest version of each part of `subject` that passes the gate for `actor`.
pub(crate) fn readable(
    reader: &Reader<'_>,
    actor: &Actor,
    subject: Subject,
    now: Timestamp,
) -> Result<Vec<OpenedPart>, StoreError> {
    readable_through(reader, actor, &Sight::of(actor, now), subject, now)
}

/// The same of what is found through `sight`.
fn readable_through(
    reader: &Reader<'_>,
    actor: &Actor,
    sight: &Sight,
    subject: Subject,
    now: Timestamp,
) -> Result<Vec<OpenedPart>, StoreError> {
    let mut newest: BTreeMap<(PartKind, Side), OpenedPart> = BTreeMap::new();
    for Granted { part, grants } in visible(reader, sight, subject)? {
        if part.kind == PartKind::Message {
            continue;
        }
        let Part {
            id,
            kind,
            side,
            version,
            body,
            handling,
            written_at,
            ..
        } = part;
        let Ok(body) = view(actor, body, handling, &grants, now) else {
            continue;
        };
        newest.insert(
            (kind, side),
            OpenedPart {
                id,
                kind,
                side,
                version,
                written_at,
                body,
            },
        );
    }
    Ok(newest.into_values().collect())
}

/// Notes that `actor` read `parts`, and commits to it the first time each day.
pub(crate) fn note(
    tx: &Tx<'_>,
    actor: &Actor,
    parts: &[OpenedPart],
    subject: Subject,
    owner: Option<OrganizationId>,
) -> Result<(), StoreError> {
    for part in parts {
        let first = match subject.finding() {
            None => note_reading(tx, part.id, actor)?,
            // Carriers send what they found anew each hour.
            Some(finding) => store::finding::note_reading(tx, finding, part.id, actor)?,
        };
        if !first {
            continue;
        }
        let mut facts = vec![
            ("part", part.id.to_string()),
            ("kind", part.kind.word().to_owned()),
        ];
        facts.extend(reader_facts(tx, actor, subject));
        facts.push(("role", actor.role.word().to_owned()));
        facts.push(("purpose", actor.purpose.to_string()));
        let entry = Entry {
            event: "part-read",
            object: subject.to_string(),
            owner,
            facts,
        };
        record(tx, &entry)?;
    }
    Ok(())
}

/// Who read, as the entry says it. The entry belongs to the source and opens to whoever proves to be
/// it, and a source may have written the report to see who picks it up: of a member of a community
/// it is told what it is, and whether the same one read before. Which one, the hub's key tells.
fn reader_facts(tx: &Tx<'_>, actor: &Actor, subject: Subject) -> Vec<(&'static str, String)> {
    let member = match actor.kind {
        Kind::Operator | Kind::Supplier => !matches!(subject, Subject::Advisory(_)),
        Kind::Ceptoar
        | Kind::Isac
        | Kind::Ministry
        | Kind::NationalCenter
        | Kind::CoordinationCenter
        | Kind::Police
        | Kind::HelpDesk => false,
    };
    if !member {
        return vec![("organization", actor.organization.to_string())];
    }
    let fields = [subject.to_string(), actor.organization.to_string()];
    let mark = tx.mark("log/member", &fields.each_ref().map(String::as_bytes));
    vec![("member", actor.kind.word().to_owned()), ("mark", mark)]
}
