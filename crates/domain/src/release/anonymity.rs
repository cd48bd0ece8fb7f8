//! How well a source hides: one of how many, at each step of generalization.
//!
//! The reader above the border is taken to know which relay a report came through, so that the
//! candidates are the operators that report to that relay and no others. The steps widen the place
//! first, then the sector, then the time. The first step with enough candidates is taken. A
//! prefecture is counted and never crosses.

use jiff::ToSpan as _;

use crate::part::field::{Precision, Value};
use crate::reference::ReferenceData;
use crate::reference::area::{Area, ShownSector};
use crate::report::ReportKind;
use crate::time::Timestamp;
use crate::word::Code;

/// Candidates asked for unless the installation says otherwise.
pub const CANDIDATES_MIN: u32 = 5;

/// An operator as far as the register tells where it belongs.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Candidate {
    /// Its sector; `None` when the register has none.
    pub sector: Option<Code>,
    /// Prefecture of its seat; `None` when the register has none.
    pub prefecture: Option<Code>,
}

/// What an outgoing summary says of sector, place and time.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Generalization {
    /// The sector; `None` when it is not known.
    pub sector: Option<ShownSector>,
    /// The place.
    pub area: Area,
    /// The finest precision of its times.
    pub precision: Precision,
}

/// One step of widening, and how many operators it fits.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Step {
    /// What would be said.
    pub shown: Generalization,
    /// Operators of the relay that it fits, the source among them.
    pub candidates: u32,
    /// Whether the step may cross at all.
    pub offer: Offer,
}

/// Whether a step may be chosen.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Offer {
    /// It may cross when it fits enough.
    Open,
    /// Counted for comparison only.
    CountedOnly,
}

/// The steps, and which of them is taken.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Anonymity {
    /// From the narrowest to the widest; never empty.
    pub steps: Vec<Step>,
    /// Position of the step taken.
    pub chosen: usize,
    /// Candidates asked for.
    pub candidates_min: u32,
}

/// What is known of a report before it is generalized.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Origin {
    /// Near misses are rounded to the day, others to the hour.
    pub kind: ReportKind,
    /// Sector the source named; `None` when it named none.
    pub sector: Option<Code>,
    /// Prefecture, where the relay may know it.
    pub prefecture: Option<Code>,
    /// Operators of that sector in the whole hub.
    pub sector_operators: u32,
}

/// Counts the candidates at each step and takes the first that fits `candidates_min`; the widest
/// with times to the month when none does.
pub fn anonymity(
    reference: &ReferenceData,
    origin: &Origin,
    candidates: &[Candidate],
    candidates_min: u32,
) -> Anonymity {
    let finest = match origin.kind {
        ReportKind::NearMiss => Precision::Day,
        ReportKind::Precursor | ReportKind::Incident => Precision::Hour,
    };
    let named = origin.sector.clone().map(ShownSector::Sector);
    let shown = origin
        .sector
        .as_ref()
        .map(|sector| reference.shown_sector(sector, origin.sector_operators));
    let mut steps = Vec::new();
    let mut step = |sector: &Option<ShownSector>, area: &Area, precision, offer| {
        let counted = |candidate: &&Candidate| fits(reference, candidate, sector.as_ref(), area);
        steps.push(Step {
            shown: Generalization {
                sector: sector.clone(),
                area: area.clone(),
                precision,
            },
            candidates: u32::try_from(candidates.iter().filter(counted).count())
                .unwrap_or(u32::MAX),
            offer,
        });
    };
    if let Some(prefecture) = &origin.prefecture {
        let area = Area::Prefecture(prefecture.clone());
        step(&named, &area, finest, Offer::CountedOnly);
        let area = reference.widen(&area);
        if area != Area::Nation {
            step(&shown, &area, finest, Offer::Open);
        }
    }
    step(&shown, &Area::Nation, finest, Offer::Open);
    if shown.is_some() && shown != Some(ShownSector::Others) {
        let others = Some(ShownSector::Others);
        let day = finest.max(Precision::Day);
        step(&others, &Area::Nation, day, Offer::Open);
    }
    let fitting = steps
        .iter()
        .position(|step| step.offer == Offer::Open && step.candidates >= candidates_min);
    let widest = steps.len().saturating_sub(1);
    if fitting.is_none()
        && let Some(step) = steps.get_mut(widest)
    {
        step.shown.precision = Precision::Month;
    }
    Anonymity {
        steps,
        chosen: fitting.unwrap_or(widest),
        candidates_min,
    }
}

/// Whether `candidate` could be the source behind what is shown. One of which the register does not
/// know enough is not counted: a number must not promise more cover than there is.
fn fits(
    reference: &ReferenceData,
    candidate: &Candidate,
    sector: Option<&ShownSector>,
    area: &Area,
) -> bool {
    let in_sector = match sector {
        None | Some(ShownSector::Others) => true,
        Some(ShownSector::Sector(code)) => candidate.sector.as_ref() == Some(code),
    };
    let in_area = match area {
        Area::Nation => true,
        Area::Prefecture(code) => candidate.prefecture.as_ref() == Some(code),
        Area::Region(_) => candidate
            .prefecture
            .as_ref()
            .is_some_and(|code| reference.widen(&Area::Prefecture(code.clone())) == *area),
    };
    in_sector && in_area
}

impl Anonymity {
    /// What the outgoing summary says.
    pub fn shown(&self) -> Option<&Generalization> {
        self.steps.get(self.chosen).map(|step| &step.shown)
    }

    /// Candidates at the step taken.
    pub fn candidates(&self) -> u32 {
        self.steps
            .get(self.chosen)
            .map_or(0, |step| step.candidates)
    }

    /// Whether even the widest step fits fewer than were asked for.
    pub fn is_short(&self) -> bool {
        self.candidates() < self.candidates_min
    }
}

/// `value` with an instant rounded down to `finest`, in Japan time; other values as they are.
pub fn rounded(value: Value, finest: Precision) -> Value {
    match value {
        Value::Moment(at, known) => {
            let precision = known.max(finest);
            Value::Moment(floor(at, precision), precision)
        }
        other => other,
    }
}

fn floor(at: Timestamp, precision: Precision) -> Timestamp {
    const HOUR_SECONDS: i64 = 3_600;
    let day = at.day_in_japan();
    match precision {
        Precision::Minute => Timestamp::from_seconds(at.seconds().div_euclid(60) * 60),
        Precision::Hour => {
            Timestamp::from_seconds(at.seconds().div_euclid(HOUR_SECONDS) * HOUR_SECONDS)
        }
        Precision::Day => Timestamp::start_of_day_in_japan(day),
        Precision::Month => {
            let first = day.saturating_sub(i32::from(day.day() - 1).days());
            Timestamp::start_of_day_in_japan(first)
        }
    }
}

#[cfg(test)]
mod tests;
