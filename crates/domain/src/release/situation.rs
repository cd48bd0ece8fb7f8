//! The declassification point of the situation: how many reports came, by sector and week.
//!
//! A report takes part only if its source offered it for statistics. A week is checked when it is
//! published and never again; a quarter is the sum of its weeks as they were published, so that a
//! correction or a withdrawal in between shows nowhere. There is one way to add up: weeks of a sector to
//! the sector's quarter, sectors to the whole quarter. A second one, such as a total over the sectors
//! of one week, would cross it, and differences of figures would no longer be of sets that were checked.
//!
//! INVARIANT: the figures of one quarter are [`Nested`] in that one way and no other.

use std::collections::{BTreeMap, BTreeSet};

use super::Released;
use super::border::OTHER_SECTORS;
use crate::handling::{Circle, Consent, Handling, Tlp};
use crate::id::OrganizationId;
use crate::reference::area::ShownSector;
use crate::statistic::{Figure, Nested, Tally};
use crate::word::Code;

/// The purpose that a source has to offer before its report is counted.
pub const COUNTED_FOR: &str = "statistics";

/// A report as far as it is counted: the row it falls in, and who sent it; `None` without a name.
#[derive(Clone, PartialEq, Eq)]
pub struct Counted {
    /// A sector, or the word for those that are too small to be named.
    pub row: Code,
    /// The source, where the store knows it.
    pub source: Option<OrganizationId>,
}

/// How far a figure reaches.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Grain {
    /// Sector and week: for those who triage.
    Week,
    /// Sector or whole, and quarter: for every member.
    Quarter,
}

/// Figures that may be shown, by row. A row that is not among them is withheld, be it small or empty.
pub type Shown = BTreeMap<Code, u64>;

/// A week as it was published, with the reports it counted.
pub struct PublishedWeek {
    /// What was shown.
    pub shown: Shown,
    /// The reports, whose number is the same now as it was then.
    pub counted: Vec<Counted>,
}

/// A quarter's figures.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct QuarterFigures {
    /// By sector.
    pub sectors: Shown,
    /// Of all sectors; `None` when it is withheld.
    pub whole: Option<u64>,
}

/// The row of a report: its sector if that may be named.
pub fn row(sector: Option<ShownSector>) -> Option<Code> {
    match sector {
        Some(ShownSector::Sector(code)) => Some(code),
        Some(ShownSector::Others) | None => OTHER_SECTORS.parse().ok(),
    }
}

/// Checks a week for the first time.
pub fn week(counted: &[Counted]) -> Released<Shown> {
    let cells = tallies(counted).into_iter();
    let shown = cells
        .filter_map(|(row, tally)| match tally.figure() {
            Figure::Shown(count) => Some((row, count)),
            Figure::Withheld => None,
        })
        .collect();
    published(Grain::Week, shown)
}

/// Checks a quarter whose weeks are all published. `rows` are those that the table has anyhow: one
/// without a report is withheld like one with a few, or the whole would tell them apart.
pub fn quarter(rows: &BTreeSet<Code>, weeks: &[PublishedWeek]) -> Released<QuarterFigures> {
    let counted = weeks.iter().flat_map(|week| &week.counted);
    let rows: BTreeSet<&Code> = counted.map(|counted| &counted.row).chain(rows).collect();
    let mut sectors = Shown::new();
    let mut nested = Vec::with_capacity(rows.len());
    for row in rows {
        let parts: Vec<Nested> = weeks.iter().map(|week| cell(week, row)).collect();
        let sector = Nested::of(&parts);
        if let Figure::Shown(count) = sector.figure() {
            sectors.insert(row.clone(), count);
        }
        nested.push(sector);
    }
    let whole = match Nested::of(&nested).figure() {
        Figure::Shown(count) => Some(count),
        Figure::Withheld => None,
    };
    published(Grain::Quarter, QuarterFigures { sectors, whole })
}

/// Figures that were published before, read back from where they are kept.
pub fn published<T>(grain: Grain, figures: T) -> Released<T> {
    let (tlp, circles) = match grain {
        Grain::Week => (
            Tlp::Amber,
            [
                Circle::Ministry,
                Circle::NationalCenter,
                Circle::Coordination,
                Circle::Police,
            ]
            .into(),
        ),
        Grain::Quarter => (Tlp::Green, [Circle::CrossSector].into()),
    };
    Released {
        content: figures,
        handling: Handling {
            tlp,
            purposes: COUNTED_FOR.parse().into_iter().collect(),
            circles,
            expires_at: None,
            consent: Consent::Granted,
        },
    }
}

/// One sector in one week, as shown or withheld then.
fn cell(week: &PublishedWeek, row: &Code) -> Nested {
    let mut tally = Tally::default();
    for counted in week.counted.iter().filter(|counted| counted.row == *row) {
        tally.count(counted.source);
    }
    let figure = week
        .shown
        .get(row)
        .map_or(Figure::Withheld, |count| Figure::Shown(*count));
    Nested::told(tally, figure)
}

fn tallies(counted: &[Counted]) -> BTreeMap<Code, Tally> {
    let mut tallies: BTreeMap<Code, Tally> = BTreeMap::new();
    for one in counted {
        tallies
            .entry(one.row.clone())
            .or_default()
            .count(one.source);
    }
    tallies
}

#[cfg(test)]
mod tests;
