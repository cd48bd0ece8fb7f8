//! What a review is judged by, brought together: the report, its originals, the register.

use std::collections::BTreeMap;

use domain::actor::Actor;
use domain::audience::{AudienceKey, CircleMap};
use domain::confidential::Confidential;
use domain::handling::Handling;
use domain::id::{OrganizationId, ReviewId};
use domain::organization::OrganizationKind;
use domain::part::field::{Field, Value};
use domain::part::{Part, PartBody, PartKind, Side, Subject};
use domain::policy::{Action, permits};
use domain::reference::ReferenceData;
use domain::release::anonymity::{Anonymity, CANDIDATES_MIN, Candidate, Origin, anonymity};
use domain::release::border::{
    self, Crossing, Draft, Fault, PartDraft, PlannedPart, compose, kept_by_relay,
};
use domain::release::detector::{Detector, Hit};
use domain::report::Report;
use store::organization::Organization;
use store::report::SourceLink;
use store::review::Review;
use store::{Reader, StoreError, organization, part, report, review};

use super::{PartRevision, ReviewError, Revision};
use crate::intake::OpenedPart;

/// Everything but the draft.
pub(crate) struct Bench {
    pub(super) report: Report,
    pub(super) source: Option<SourceLink>,
    pub(super) originals: Vec<Part>,
    pub(super) anonymity: Anonymity,
    pub(super) map: CircleMap,
    detector: Detector,
}

/// The review `id` with its bench, for staff of the relay that keeps that border.
pub(super) fn of_review(
    reader: &Reader<'_>,
    reference: &ReferenceData,
    actor: &Actor,
    id: ReviewId,
) -> Result<(Review, Bench), ReviewError> {
    if !permits(actor, Action::ReviewBorder) && !permits(actor, Action::ApproveRelease) {
        return Err(ReviewError::NotFound);
    }
    let relay = actor.organization;
    let review = review::find(reader, id, relay)?.ok_or(ReviewError::NotFound)?;
    let report = report::find(reader, review.report)?.ok_or(ReviewError::NotFound)?;
    Ok((review, Bench::of_report(reader, reference, report)?))
}

/// Names of those who would receive something.
pub(super) fn names(
    reader: &Reader<'_>,
    plan: &BTreeMap<PartKind, PlannedPart>,
) -> Result<BTreeMap<AudienceKey, (String, String)>, StoreError> {
    let communities = organization::communities(reader)?;
    let mut names = BTreeMap::new();
    for row in plan.values().flat_map(|part| &part.audience) {
        let name = match row.key {
            AudienceKey::Organization(id, _) => {
                organization::find(reader, id)?.map(|found| (found.name_ja, found.name_en))
            }
            AudienceKey::Community(id, _) => communities
                .iter()
                .find(|found| found.id == id)
                .map(|found| (found.name_ja.clone(), found.name_en.clone())),
            AudienceKey::Public | AudienceKey::Person(_) => None,
        };
        if let Some(name) = name {
            names.insert(row.key, name);
        }
    }
    Ok(names)
}

impl Bench {
    pub(crate) fn of_report(
        reader: &Reader<'_>,
        reference: &ReferenceData,
        report: Report,
    ) -> Result<Self, StoreError> {
        let source = report::source(reader, report.id)?;
        let originals = part::latest_for_work(reader, Subject::Report(report.id), Side::Original)?;
        let members: Vec<Organization> = organization::reporting_to(reader, report.relay)?
            .into_iter()
            .filter(|member| member.kind == OrganizationKind::Operator)
            .collect();
        let origin = origin(reader, &report, source, &originals)?;
        let candidates: Vec<Candidate> = members
            .iter()
            .map(|member| Candidate {
                sector: member.sector.clone(),
                prefecture: member.prefecture.clone(),
            })
            .collect();
        let names = members.iter().flat_map(|member| {
            [member.name_ja.as_str(), member.name_en.as_str()]
                .into_iter()
                .chain(member.known_names.iter().map(String::as_str))
        });
        Ok(Self {
            anonymity: anonymity(reference, &origin, &candidates, CANDIDATES_MIN),
            detector: Detector::new(names),
            map: organization::circle_map(
                reader,
                report.relay,
                source.map(|link| link.organization),
            )?,
            report,
            source,
            originals,
        })
    }

    /// Knows the names by which texts give the source away.
    pub(crate) fn detector(&self) -> &Detector {
        &self.detector
    }

    /// The newest version of each original part.
    pub(crate) fn originals(&self) -> &[Part] {
        &self.originals
    }

    /// Who may ask for proofs of what is done here; nobody when the custody names nobody.
    pub(super) fn owner(&self) -> Option<OrganizationId> {
        self.source.map(|link| link.organization)
    }

    pub(super) fn anonymity_figures(&self) -> (u32, u32) {
        (self.anonymity.candidates(), self.anonymity.candidates_min)
    }

    pub(super) fn faults(&self, draft: &Draft) -> Vec<Fault> {
        border::faults(&border::Review {
            draft,
            originals: &self.originals,
            anonymity: &self.anonymity,
            detector: &self.detector,
        })
    }

    /// What the detector finds in the reviewer's sentences.
    pub(super) fn hits(&self, draft: &Draft) -> Vec<(Field, Hit)> {
        let texts = draft.parts.values().flat_map(|part| &part.texts);
        texts
            .flat_map(|(field, text)| {
                let hits = self.detector.hits(text);
                hits.into_iter().map(|hit| (*field, hit))
            })
            .collect()
    }

    /// What the detector finds in the originals that this reader has before his eyes.
    pub(super) fn original_hits(&self, originals: &[OpenedPart]) -> Vec<(Field, Hit)> {
        let mut found = Vec::new();
        for part in originals
            .iter()
            .filter(|part| part.kind != PartKind::Source)
        {
            for (field, value) in part.body.content().fields() {
                if let Value::Text(text) = value {
                    let hits = self.detector.hits(text);
                    found.extend(hits.into_iter().map(|hit| (field, hit)));
                }
            }
        }
        found
    }

    /// What would leave, for parts that are not withheld.
    pub(super) fn composed(&self, draft: &Draft) -> BTreeMap<PartKind, Confidential<PartBody>> {
        let Some(shown) = self.anonymity.shown() else {
            return BTreeMap::new();
        };
        draft
            .parts
            .iter()
            .filter(|(_, part)| part.crossing != Some(Crossing::Withhold))
            .filter_map(|(kind, part)| Some((*kind, compose(self.original(*kind)?, part, shown))))
            .collect()
    }

    pub(super) fn original(&self, kind: PartKind) -> Option<&Part> {
        self.originals.iter().find(|part| part.kind == kind)
    }

    /// The draft that a form's change makes. Expiry and consent are the source's and stay.
    pub(super) fn revised(&self, change: Revision) -> Draft {
        let parts = change
            .parts
            .into_iter()
            .filter_map(|(kind, part)| {
                let original = self.original(kind)?;
                border::CROSSING_KINDS
                    .contains(&kind)
                    .then(|| (kind, revised_part(original, part)))
            })
            .collect();
        Draft {
            parts,
            confirmed: change.confirmed,
            small_group: change.small_group,
        }
    }
}

fn revised_part(original: &Part, change: PartRevision) -> PartDraft {
    let handling = Handling {
        tlp: change.tlp,
        purposes: change.purposes,
        circles: change.circles,
        expires_at: original.handling.expires_at,
        consent: original.handling.consent,
    };
    PartDraft {
        original: change.original,
        crossing: change.crossing,
        reason: change
            .reason
            .map_or(String::new(), |reason| reason.as_str().to_owned()),
        texts: change.texts,
        left_out: change.left_out,
        handling: kept_by_relay(handling, &original.handling),
    }
}

/// Where the report comes from, as far as the relay may know.
fn origin(
    reader: &Reader<'_>,
    report: &Report,
    source: Option<SourceLink>,
    originals: &[Part],
) -> Result<Origin, StoreError> {
    let organization = match source {
        Some(link) => organization::find(reader, link.organization)?,
        None => None,
    };
    let (own_sector, own_prefecture) =
        organization.map_or((None, None), |found| (found.sector, found.prefecture));
    let sector = report.sector.clone().or(own_sector);
    let sector_operators = match &sector {
        Some(sector) => organization::count_in_sector(reader, OrganizationKind::Operator, sector)?,
        None => 0,
    };
    Ok(Origin {
        kind: report.kind,
        prefecture: border::written_prefecture(originals).or(own_prefecture),
        sector,
        sector_operators,
    })
}
