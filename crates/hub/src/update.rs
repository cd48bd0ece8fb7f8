//! The source's own report: reading it back with its history, updating it, taking it back.
//!
//! An update says only what changed. Each changed part gets a new version under the terms and for
//! the audience of the one before; what has crossed the border stays as it was released until the
//! relay reviews the new version.
//!
//! INVARIANT: only the organization that a report is filed under by name, or whoever opened its
//! mailbox, comes this way.
//! INVARIANT: an update by mailbox says nothing about who the source is: what names it was sealed
//! or not kept, and is not taken in again.

pub mod terms;
mod withdraw;

use std::collections::BTreeSet;

use domain::audience::{Audience, audience};
use domain::confidential::Confidential;
use domain::handling::Handling;
use domain::id::{OrganizationId, PartId, ReportId};
use domain::organization::Clearance;
use domain::part::{Part, PartBody, PartKind, Side, Subject};
use domain::policy::Action;
use domain::release::{Visible, own};
use domain::report::stage::{Stage, Step};
use domain::report::update::{by_part, laid_over, terms_of_new_part};
use domain::report::{Channel, Edition, Report};
use domain::time::Timestamp;
use store::log::{Entry, record};
use store::part::history::versions_for_work;
use store::{Reader, StoreError, Tx, closing, organization, part, report};

use crate::call::{Call, Hub};
use crate::claim::{Claim, Proven};

pub use withdraw::{Holder, holders, withdraw};

/// A report as its source reads it back.
pub struct OwnReport {
    /// Its control record.
    pub report: Report,
    /// Every version of every part, oldest first.
    pub versions: Vec<OwnVersion>,
    /// Name of its relay, in Japanese and English.
    pub relay_names: (String, String),
    /// The way it came by.
    pub channel: Channel,
    /// Name of the organization whose clerk wrote it down, in Japanese and English; `None` when the
    /// source sent it itself.
    pub written_by: Option<(String, String)>,
}

/// One version of a part.
pub struct OwnVersion {
    /// Which of the four.
    pub kind: PartKind,
    /// 1 for the first.
    pub version: u32,
    /// When it was written.
    pub written_at: Timestamp,
    /// The terms it stands under.
    pub handling: Handling,
    /// What it says.
    pub body: Visible<PartBody>,
}

/// What a source sends as an update.
pub struct Change {
    /// How many versions there were when the source looked.
    pub based_on: usize,
    /// Follow-up or final.
    pub edition: Edition,
    /// The answers that changed; those that are as before are passed over.
    pub answers: Confidential<PartBody>,
}

/// Why nothing was changed.
#[derive(Debug, thiserror::Error)]
pub enum UpdateError {
    /// It is not there, or not the caller's.
    #[error("no report of yours is here")]
    NotFound,
    /// Somebody else has updated it since the page was made.
    #[error("the report has changed since; look at it again")]
    Changed,
    /// Nothing is different.
    #[error("nothing has changed; say what is new")]
    Nothing,
    /// It was taken back, or its texts were erased, and nothing follows that.
    #[error("the report was withdrawn; send a new one")]
    Withdrawn,
    /// Its parts would share no purpose of use, so that nobody could read what is said of them all.
    #[error("the parts must keep one purpose of use in common")]
    Apart,
    /// The store failed.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// Reads back a report that is the caller's.
pub fn read(hub: &Hub, call: &Call<'_>, claim: impl Into<Claim>) -> Result<OwnReport, UpdateError> {
    let may = call.may(Action::Submit) || call.may(Action::ReadReceipts);
    if !may {
        return Err(UpdateError::NotFound);
    }
    let (claim, organization) = (claim.into(), call.actor.organization);
    hub.store.read(move |reader| {
        let report = mine(reader, &claim, organization)?.report;
        let versions = versions_for_work(reader, Subject::Report(report.id), Side::Original)?;
        let relay = organization::find(reader, report.relay)?.ok_or(UpdateError::NotFound)?;
        let provenance = report::provenance(reader, report.id)?.ok_or(UpdateError::NotFound)?;
        let clerk = match provenance.clerk {
            Some(clerk) => organization::find(reader, clerk.organization)?,
            None => None,
        };
        Ok(OwnReport {
            channel: provenance.channel,
            written_by: clerk.map(|clerk| (clerk.name_ja, clerk.name_en)),
            report,
            versions: versions.into_iter().map(version).collect(),
            relay_names: (relay.name_ja, relay.name_en),
        })
    })
}

/// Accepts an update; the kinds of the parts that changed.
pub fn update(
    hub: &Hub,
    call: &Call<'_>,
    claim: impl Into<Claim>,
    change: Change,
) -> Result<BTreeSet<PartKind>, UpdateError> {
    if !call.may(Action::Submit) {
        return Err(UpdateError::NotFound);
    }
    let (claim, organization) = (claim.into(), call.actor.organization);
    hub.store.write(call.stamp("report.update"), move |tx| {
        let Proven { report, source } = mine(tx, &claim, organization)?;
        let id = report.id;
        if report.stage == Stage::Withdrawn {
            return Err(UpdateError::Withdrawn);
        }
        let subject = Subject::Report(id);
        if versions_for_work(tx, subject, Side::Original)?.len() != change.based_on {
            return Err(UpdateError::Changed);
        }
        let latest = part::latest_for_work(tx, subject, Side::Original)?;
        if latest.is_empty() {
            return Err(UpdateError::Withdrawn);
        }
        let mut changed = BTreeSet::new();
        for (kind, body) in by_part(change.answers) {
            if kind == PartKind::Source && source.is_none() {
                continue;
            }
            let next = match latest.iter().find(|part| part.kind == kind) {
                Some(before) => next_version(tx, before, body)?,
                None => first_version(tx, &report, source, kind, body, &latest)?,
            };
            if let Some((part, rows)) = next {
                part::insert(tx, &part, &rows)?;
                changed.insert(kind);
            }
        }
        if changed.is_empty() && change.edition == report.edition {
            return Err(UpdateError::Nothing);
        }
        report::set_edition(tx, id, change.edition)?;
        if let Ok(stage) = report.stage.after(Step::Reopen) {
            report::set_stage(tx, id, stage)?;
            closing::reopen(tx, id)?;
            log(tx, "report-reopened", id, source, Vec::new())?;
        }
        let kinds: Vec<&str> = changed.iter().map(|kind| kind.word()).collect();
        let facts = vec![
            ("edition", change.edition.word().to_owned()),
            ("parts", kinds.join(",")),
        ];
        log(tx, "report-updated", id, source, facts)?;
        Ok(changed)
    })
}

/// The report, if the claim to it holds.
fn mine(
    reader: &Reader<'_>,
    claim: &Claim,
    organization: OrganizationId,
) -> Result<Proven, UpdateError> {
    claim
        .proven(reader, organization)?
        .ok_or(UpdateError::NotFound)
}

/// The version after `before`, for the audience it has now; `None` when nothing is different.
fn next_version(
    tx: &Tx<'_>,
    before: &Part,
    change: Confidential<PartBody>,
) -> Result<Option<(Part, Vec<Audience>)>, StoreError> {
    let Some(body) = laid_over(&before.body, change) else {
        return Ok(None);
    };
    let in_force = |row: &Audience| row.expires_at.is_none_or(|end| end > tx.now());
    let rows = part::grants(tx, before.id)?;
    let part = Part {
        id: PartId::from_random(tx.random_bytes()),
        version: before.version.saturating_add(1),
        body,
        written_at: tx.now(),
        ..before.clone()
    };
    Ok(Some((part, rows.into_iter().filter(in_force).collect())))
}

/// A part that the report did not have yet.
fn first_version(
    tx: &Tx<'_>,
    report: &Report,
    source: Option<OrganizationId>,
    kind: PartKind,
    body: Confidential<PartBody>,
    siblings: &[Part],
) -> Result<Option<(Part, Vec<Audience>)>, UpdateError> {
    // What names the source stays narrower than what the others are to take after.
    let outer = siblings.iter().filter(|part| part.kind != PartKind::Source);
    let terms = terms_of_new_part(kind, outer.map(|part| &part.handling));
    let Some(handling) = terms.or_else(|| siblings.first().map(|part| part.handling.clone()))
    else {
        return Ok(None);
    };
    if handling.purposes.is_empty() {
        return Err(UpdateError::Apart);
    }
    let map = organization::circle_map(tx, report.relay, source)?;
    let rows = audience(&handling.before_the_border(), &map, Clearance::default());
    let part = Part {
        id: PartId::from_random(tx.random_bytes()),
        subject: Subject::Report(report.id),
        kind,
        side: Side::Original,
        version: 1,
        body,
        handling,
        written_at: tx.now(),
    };
    Ok(Some((part, rows)))
}

fn version(part: Part) -> OwnVersion {
    OwnVersion {
        kind: part.kind,
        version: part.version,
        written_at: part.written_at,
        handling: part.handling,
        body: own(part.body),
    }
}

fn log(
    tx: &Tx<'_>,
    event: &'static str,
    id: ReportId,
    owner: Option<OrganizationId>,
    facts: Vec<(&'static str, String)>,
) -> Result<(), StoreError> {
    let entry = Entry {
        event,
        object: id.to_string(),
        owner,
        facts,
    };
    record(tx, &entry)
}
