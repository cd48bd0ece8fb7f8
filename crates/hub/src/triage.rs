//! Rating what one may read: severity by the rubric, with its working, each opinion kept.
//!
//! INVARIANT: an opinion is shown to those who may read a part of the report, and to nobody else.

use domain::id::{OpinionId, ReportId};
use domain::organization::OrganizationKind;
use domain::part::Subject;
use domain::policy::Action;
use domain::reference::rubric::{Aspect, Bands};
use domain::severity::Standpoint;
use store::log::{Entry, record};
use store::{StoreError, opinion, organization, report};

use crate::call::{Call, Hub, ReadError};
use crate::intake::readable;

pub use store::opinion::Opinion;

/// Why no opinion was kept.
#[derive(Debug, thiserror::Error)]
pub enum RateError {
    /// The report is not there for the caller, or his role gives no opinion.
    #[error("nothing is here")]
    NotFound,
    /// Nothing is known on any aspect.
    #[error("choose at least one band; what is unknown may stay unknown")]
    NothingKnown,
    /// The store failed.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// An opinion with the name of the organization that holds it, in Japanese and English.
pub struct Held {
    /// The opinion.
    pub opinion: Opinion,
    /// Names of its organization.
    pub names: (String, String),
}

/// Keeps the caller's opinion on `id`, worked out from `bands`.
pub fn rate(hub: &Hub, call: &Call<'_>, id: ReportId, bands: &Bands) -> Result<(), RateError> {
    let standpoint = standpoint(call.actor.kind)
        .filter(|_| call.may(Action::RateSeverity))
        .ok_or(RateError::NotFound)?;
    let severity = hub
        .reference
        .assess(bands)
        .ok()
        .and_then(|assessment| assessment.overall)
        .ok_or(RateError::NothingKnown)?;
    let (actor, now) = (call.actor.clone(), call.now);
    let opinion_id = OpinionId::from_random(call.random.derive("triage.rate.id").bytes());
    let working = working(bands);
    hub.store.write(call.stamp("triage.rate"), move |tx| {
        let _report = report::find(tx, id)?.ok_or(RateError::NotFound)?;
        if readable(tx, &actor, Subject::Report(id), now)?.is_empty() {
            return Err(RateError::NotFound);
        }
        let opinion = Opinion {
            id: opinion_id,
            report: id,
            standpoint,
            organization: actor.organization,
            person: actor.person,
            severity,
            working,
            given_at: now,
        };
        opinion::insert(tx, &opinion)?;
        let entry = Entry {
            event: "severity-rated",
            object: id.to_string(),
            owner: report::source(tx, id)?.map(|link| link.organization),
            facts: vec![
                ("organization", actor.organization.to_string()),
                ("rung", severity.rung().to_string()),
            ],
        };
        Ok(record(tx, &entry)?)
    })
}

/// The opinions on a report that the caller may read, newest first.
pub fn opinions(hub: &Hub, call: &Call<'_>, id: ReportId) -> Result<Vec<Held>, ReadError> {
    let (actor, now) = (call.actor.clone(), call.now);
    hub.store.read(move |reader| {
        if readable(reader, &actor, Subject::Report(id), now)?.is_empty() {
            return Err(ReadError::NotFound);
        }
        opinion::of_report(reader, id)?
            .into_iter()
            .map(|opinion| {
                let found = organization::find(reader, opinion.organization)?;
                let names =
                    found.map_or_else(Default::default, |found| (found.name_ja, found.name_en));
                Ok(Held { opinion, names })
            })
            .collect()
    })
}

/// The bands that a stored working names, by aspect.
pub fn bands_of(working: &str) -> Vec<(Aspect, String)> {
    working
        .lines()
        .filter_map(|line| {
            let (aspect, band) = line.split_once('=')?;
            Some((aspect.parse().ok()?, band.to_owned()))
        })
        .collect()
}

fn working(bands: &Bands) -> String {
    let lines = [
        (Aspect::Users, &bands.users),
        (Aspect::Duration, &bands.duration),
        (Aspect::Area, &bands.area),
        (Aspect::Harm, &bands.harm),
    ];
    let lines: Vec<String> = lines
        .into_iter()
        .filter_map(|(aspect, band)| band.as_ref().map(|band| format!("{aspect}={band}")))
        .collect();
    lines.join("\n")
}

/// From where an organization judges. The operator's own opinion comes with its report.
const fn standpoint(kind: OrganizationKind) -> Option<Standpoint> {
    match kind {
        OrganizationKind::Operator | OrganizationKind::Supplier => Some(Standpoint::Operator),
        OrganizationKind::Ceptoar | OrganizationKind::Isac | OrganizationKind::Ministry => {
            Some(Standpoint::Relay)
        }
        OrganizationKind::NationalCenter => Some(Standpoint::Center),
        OrganizationKind::CoordinationCenter
        | OrganizationKind::Police
        | OrganizationKind::HelpDesk => None,
    }
}
