//! The source is told, and openings end by themselves.

use domain::id::{OpeningId, ReportId};
use domain::opening::{
    OpeningStage, OpeningStep, TOLD_DAYS_DEFAULT, TOLD_DAYS_MAX, is_told, told_at,
};
use domain::time::Timestamp;
use domain::word::Code;
use seal::random::Random;
use store::custody::opening::{self, Opening};
use store::log::{Entry, View, about, record};
use store::{Reader, Stamp, StoreError, fact, organization};

use super::case::in_force;
use super::{OpeningError, log};
use crate::addressing::OrganizationLabel;
use crate::call::Hub;
use crate::set_up::{SetUp, SetUpError};

/// An opening that the source knows of.
#[derive(Debug, Clone)]
pub struct ToldOpening {
    /// Who asked.
    pub organization: OrganizationLabel,
    /// For what purpose of use.
    pub purpose: Code,
    /// When it was asked for.
    pub requested_at: Timestamp,
    /// When the source could first know.
    pub told_at: Timestamp,
    /// What has become of it.
    pub stage: OpeningStage,
    /// Each time the identity was read.
    pub read_at: Vec<Timestamp>,
}

/// The openings of a report that its source knows of at `now`, oldest first: refused and lapsed ones
/// too. For receipts; whoever calls has made sure that the source asks.
pub fn told(hub: &Hub, id: ReportId, now: Timestamp) -> Result<Vec<ToldOpening>, StoreError> {
    hub.store.read(move |reader| told_in(reader, id, now))
}

/// The same inside a transaction.
pub(crate) fn told_in(
    reader: &Reader<'_>,
    id: ReportId,
    now: Timestamp,
) -> Result<Vec<ToldOpening>, StoreError> {
    let mut openings = opening::of_report(reader, id)?;
    openings.retain(|opening| is_told(opening.requested_at, opening.told_at, now));
    let mut told = Vec::new();
    for opening in openings {
        let Some(organization) = organization::find(reader, opening.organization)? else {
            continue;
        };
        told.push(ToldOpening {
            organization: OrganizationLabel::from(&organization),
            purpose: opening.purpose.clone(),
            requested_at: opening.requested_at,
            told_at: due(&opening),
            stage: in_force(&opening, now),
            read_at: readings(reader, id, opening.id)?,
        });
    }
    Ok(told)
}

/// Which openings of a report its source knows of at `now`.
pub(crate) fn told_opening_ids(
    reader: &Reader<'_>,
    id: ReportId,
    now: Timestamp,
) -> Result<Vec<OpeningId>, StoreError> {
    let mut openings = opening::of_report(reader, id)?;
    openings.retain(|opening| is_told(opening.requested_at, opening.told_at, now));
    Ok(openings.into_iter().map(|opening| opening.id).collect())
}

/// When the source is told of `opening`, the hard maximum counted.
pub(super) fn due(opening: &Opening) -> Timestamp {
    opening
        .told_at
        .min(told_at(opening.requested_at, TOLD_DAYS_MAX))
}

/// When the identity was read under `opening`: the log knows, and nobody can take it out of there.
fn readings(
    reader: &Reader<'_>,
    report: ReportId,
    opening: OpeningId,
) -> Result<Vec<Timestamp>, StoreError> {
    let fact = format!("opening={opening}");
    let mut read_at = Vec::new();
    for entry in about(reader, View::All, &report.to_string())? {
        if entry.event != "identity-opened" {
            continue;
        }
        let Some(shown) = entry.opening(reader)? else {
            continue;
        };
        if shown.payload.lines().any(|line| line == fact) {
            read_at.push(entry.committed_at);
        }
    }
    Ok(read_at)
}

/// Ends openings whose time has run out and destroys their keys; how many. Called by the job loop.
pub fn lapse(hub: &Hub, now: Timestamp, random: &Random) -> Result<usize, OpeningError> {
    if hub
        .store
        .read(move |reader| opening::overdue(reader, now, 1))?
        .is_empty()
    {
        return Ok(0);
    }
    let stamp = Stamp {
        name: "open_seal.lapse",
        now,
        random: random.derive("open_seal.lapse"),
    };
    hub.store.write(stamp, move |tx| {
        let overdue = opening::overdue(tx, now, LAPSE_MAX)?;
        for opening in &overdue {
            let stage = opening.stage.after(OpeningStep::Lapse)?;
            opening::set_stage(tx, opening.id, stage)?;
            log(
                tx,
                "opening-ended",
                opening,
                vec![("stage", stage.word().to_owned())],
            )?;
        }
        Ok(overdue.len())
    })
}

/// After how many days a source is told.
pub fn told_days(hub: &Hub) -> Result<u16, StoreError> {
    hub.store.read(days)
}

/// Sets after how many days a source is told, for openings asked for from now on. More than
/// [`TOLD_DAYS_MAX`] is refused, and an opening under way keeps its day.
pub fn set_told_days(hub: &Hub, set_up: &SetUp<'_>, days: u16) -> Result<u16, SetUpError> {
    set_up.check()?;
    let days = days.min(TOLD_DAYS_MAX);
    hub.store
        .write(set_up.stamp("open_seal.set_told_days"), move |tx| {
            fact::write(tx, TOLD_DAYS, days.to_string().as_bytes())?;
            let entry = Entry {
                event: "opening-delay-set",
                object: tx.hub().to_owned(),
                owner: None,
                facts: vec![("days", days.to_string())],
            };
            record(tx, &entry)?;
            Ok(days)
        })
}

/// The setting; what is not a number of days is the default.
pub(super) fn days(reader: &Reader<'_>) -> Result<u16, StoreError> {
    let written = fact::find(reader, TOLD_DAYS)?;
    let days = written
        .and_then(|body| String::from_utf8(body).ok())
        .and_then(|text| text.parse::<u16>().ok())
        .unwrap_or(TOLD_DAYS_DEFAULT);
    Ok(days.min(TOLD_DAYS_MAX))
}

/// Openings ended in one run of the job.
const LAPSE_MAX: u32 = 100;
/// Name of the fact that holds the setting.
const TOLD_DAYS: &str = "opening-told-days";
