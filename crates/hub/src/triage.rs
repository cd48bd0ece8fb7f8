//! Rating what one may read: severity by the rubric, with its working, each opinion kept.
//!
//! INVARIANT: an opinion is shown to those who may read a part of the report, and to nobody else; an
//! opinion on an original stays with those who may read an original, until its holder says otherwise
//! of a report that was released.

use domain::id::{OpinionId, ReportId};
use domain::organization::OrganizationKind;
use domain::part::{Side, Subject};
use domain::policy::Action;
use domain::reference::rubric::{Aspect, Bands};
use domain::severity::{Reach, Standpoint};
use store::log::{Entry, record};
use store::part::{Sight, latest_for_work};
use store::{StoreError, opinion, organization, report};

use crate::call::{Call, Hub, ReadError};
use crate::intake::{Reading, readable};

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

impl From<ReadError> for RateError {
    fn from(error: ReadError) -> Self {
        match error {
            ReadError::NotFound => Self::NotFound,
            ReadError::Store(source) => Self::Store(source),
        }
    }
}

/// An opinion with the name of the organization that holds it, in Japanese and English.
pub struct Held {
    /// The opinion.
    pub opinion: Opinion,
    /// Names of its organization; `None` for the source's own opinion above the border, where nobody
    /// learns who the source is.
    pub names: Option<(String, String)>,
}

/// Keeps the caller's opinion on `id`, worked out from `bands`. Who reads originals chooses its
/// reach; before a release, and whatever he chooses, it stays at the desk.
pub fn rate(
    hub: &Hub,
    call: &Call<'_>,
    id: ReportId,
    bands: &Bands,
    reach: Reach,
) -> Result<(), RateError> {
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
    let reading = Reading::of(call);
    hub.store.write(call.stamp("triage.rate"), move |tx| {
        let _report = report::find(tx, id)?.ok_or(RateError::NotFound)?;
        // A member of a community that it was released to would be taken for its source.
        reading.must_be_allowed(tx, &actor, id)?;
        let parts = readable(tx, &actor, Subject::Report(id), now)?;
        if parts.is_empty() {
            return Err(RateError::NotFound);
        }
        let on = |side| parts.iter().any(|part| part.side == side);
        let subject = Subject::Report(id);
        let released = !latest_for_work(tx, subject, Side::Outgoing)?.is_empty();
        let reach = match (on(Side::Original), released) {
            (true, true) => reach,
            (true, false) => Reach::Desk,
            (false, _) => Reach::Readers,
        };
        let opinion = Opinion {
            id: opinion_id,
            report: id,
            standpoint,
            organization: actor.organization,
            person: actor.person,
            severity,
            working,
            reach,
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
                ("reach", reach.word().to_owned()),
            ],
        };
        Ok(record(tx, &entry)?)
    })
}

/// The opinions on a report that the caller may read, newest first.
pub fn opinions(hub: &Hub, call: &Call<'_>, id: ReportId) -> Result<Vec<Held>, ReadError> {
    let (actor, now) = (call.actor.clone(), call.now);
    let reading = Reading::of(call);
    hub.store.read(move |reader| {
        reading.must_be_allowed(reader, &actor, id)?;
        let parts = readable(reader, &actor, Subject::Report(id), now)?;
        if parts.is_empty() {
            return Err(ReadError::NotFound);
        }
        let reads_original = parts.iter().any(|part| part.side == Side::Original);
        opinion::visible(reader, &Sight::of(&actor, now), actor.organization, id)?
            .into_iter()
            .map(|opinion| {
                if opinion.standpoint == Standpoint::Operator && !reads_original {
                    let names = None;
                    return Ok(Held { opinion, names });
                }
                let found = organization::find(reader, opinion.organization)?;
                let names =
                    found.map_or_else(Default::default, |found| (found.name_ja, found.name_en));
                Ok(Held {
                    opinion,
                    names: Some(names),
                })
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
