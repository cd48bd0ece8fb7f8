//! Figures that contain each other: a week in a quarter, a sector in the whole.
//!
//! Whoever subtracts shown figures from each other gets sums of what stands behind withheld ones, and
//! each of those sums has to pass by itself.

use std::collections::BTreeMap;

use super::{Figure, SOURCES_MIN};
use crate::id::OrganizationId;

/// Who stands behind a figure, and with how many.
///
/// What came without a name counts, but is never one of the [`SOURCES_MIN`] organizations, and is
/// taken to be all of one organization: nothing in the store says otherwise, so nothing better may
/// be assumed.
#[derive(Clone, Default, PartialEq, Eq)]
pub struct Tally {
    named: BTreeMap<OrganizationId, u64>,
    unnamed: u64,
}

impl Tally {
    /// One more of `source`; `None` is without a name.
    pub fn count(&mut self, source: Option<OrganizationId>) {
        let place = match source {
            Some(source) => self.named.entry(source).or_default(),
            None => &mut self.unnamed,
        };
        *place += 1;
    }

    /// Both together.
    #[must_use]
    pub fn with(mut self, other: &Self) -> Self {
        for (source, count) in &other.named {
            *self.named.entry(*source).or_default() += count;
        }
        self.unnamed += other.unnamed;
        self
    }

    /// How many in all.
    pub fn total(&self) -> u64 {
        self.named.values().sum::<u64>() + self.unnamed
    }

    /// The figure, if it may be shown.
    pub fn figure(&self) -> Figure {
        let largest = self.named.values().max().copied().unwrap_or(0) + self.unnamed;
        let total = self.total();
        if self.named.len() >= SOURCES_MIN && largest.saturating_mul(2) <= total {
            Figure::Shown(total)
        } else {
            Figure::Withheld
        }
    }
}

/// A figure with what stands behind it and has not been told by the figures it is made of.
#[derive(Clone, PartialEq, Eq)]
pub struct Nested {
    figure: Figure,
    whole: Tally,
    untold: Tally,
}

impl Nested {
    /// A figure made of no others.
    pub fn single(whole: Tally) -> Self {
        let figure = whole.figure();
        Self::told(whole, figure)
    }

    /// A figure made of no others, that was shown or withheld when it was first published.
    pub fn told(whole: Tally, figure: Figure) -> Self {
        let untold = match figure {
            Figure::Shown(_) => Tally::default(),
            Figure::Withheld => whole.clone(),
        };
        Self {
            figure,
            whole,
            untold,
        }
    }

    /// The sum of `parts`, which have nothing in common. It is shown when it passes, and when what
    /// its withheld parts hide passes together: subtracting gives exactly that.
    ///
    /// The sets that shown figures tell apart are then disjoint and pass one by one; any sum of such
    /// sets passes too, since each has its organizations and none makes up more than half of any.
    pub fn of(parts: &[Self]) -> Self {
        let summed = |piece: fn(&Self) -> &Tally| {
            parts
                .iter()
                .fold(Tally::default(), |sum, part| sum.with(piece(part)))
        };
        let (whole, rest) = (summed(|part| &part.whole), summed(|part| &part.untold));
        let hides = parts.iter().any(|part| part.figure == Figure::Withheld);
        let figure = match whole.figure() {
            Figure::Shown(_) if hides && rest.figure() == Figure::Withheld => Figure::Withheld,
            figure => figure,
        };
        let untold = match figure {
            Figure::Shown(_) => Tally::default(),
            Figure::Withheld => rest,
        };
        Self {
            figure,
            whole,
            untold,
        }
    }

    /// The figure, as far as it may be shown.
    pub const fn figure(&self) -> Figure {
        self.figure
    }
}

#[cfg(test)]
mod tests;
