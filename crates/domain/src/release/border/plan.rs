//! The dry run: who would receive which part, which is withheld, and why.

use std::collections::BTreeMap;

use super::{Crossing, Draft, kept_by_relay};
use crate::audience::{Audience, CircleMap, audience};
use crate::handling::{Circle, Consent, Handling};
use crate::organization::Clearance;
use crate::part::{Part, PartKind};
use crate::word::words;

/// What would happen to one part.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PlannedPart {
    /// Whether it crosses; `None` while undecided.
    pub crossing: Option<Crossing>,
    /// The terms it would cross under.
    pub handling: Handling,
    /// Its audience: the very rows that a release writes. Empty when it does not cross.
    pub audience: Vec<Audience>,
    /// What becomes of every circle.
    pub circles: BTreeMap<Circle, Outcome>,
}

words! {
    /// Why a circle receives a part or does not.
    pub enum Outcome {
        /// It receives it.
        Receives = "receives",
        /// The part is withheld.
        Withheld = "withheld",
        /// The source did not offer it to this circle.
        NotOffered = "not-offered",
        /// The reviewer took the circle out.
        TakenOut = "taken-out",
        /// The label does not reach that far.
        LabelStops = "label-stops",
        /// The source did not agree to pass it on.
        NoConsent = "no-consent",
        /// No purpose of use is left.
        NoPurpose = "no-purpose",
        /// This hub has nobody who fills the circle, or a row must not name it.
        NobodyThere = "nobody-there",
    }
}

/// What would happen if the draft were released now.
pub fn plan(
    draft: &Draft,
    originals: &[Part],
    map: &CircleMap,
    clearance: Clearance,
) -> BTreeMap<PartKind, PlannedPart> {
    let mut planned = BTreeMap::new();
    for (kind, part) in &draft.parts {
        let Some(original) = originals.iter().find(|original| original.kind == *kind) else {
            continue;
        };
        let handling = kept_by_relay(part.handling.clone(), &original.handling);
        let crosses = part.crossing == Some(Crossing::Cross);
        let rows = if crosses {
            audience(&handling, map, clearance)
        } else {
            Vec::new()
        };
        let circles = Circle::ALL
            .iter()
            .map(|circle| {
                let receives = map
                    .key(*circle)
                    .is_some_and(|key| rows.iter().any(|row| row.key == key));
                let outcome = if receives && handling.reach().contains(circle) {
                    Outcome::Receives
                } else if part.crossing == Some(Crossing::Withhold) {
                    Outcome::Withheld
                } else {
                    why_not(*circle, &handling, &original.handling, map)
                };
                (*circle, outcome)
            })
            .collect();
        planned.insert(
            *kind,
            PlannedPart {
                crossing: part.crossing,
                handling,
                audience: rows,
                circles,
            },
        );
    }
    planned
}

fn why_not(circle: Circle, handling: &Handling, original: &Handling, map: &CircleMap) -> Outcome {
    if !original.circles.contains(&circle) {
        Outcome::NotOffered
    } else if !handling.circles.contains(&circle) {
        Outcome::TakenOut
    } else if handling.purposes.is_empty() {
        Outcome::NoPurpose
    } else if !handling.tlp.reaches(circle) {
        Outcome::LabelStops
    } else if circle == Circle::NationalCenter && handling.consent != Consent::Granted {
        Outcome::NoConsent
    } else if map.key(circle).is_none() {
        Outcome::NobodyThere
    } else {
        // Undecided, with everything else in order.
        Outcome::Receives
    }
}
