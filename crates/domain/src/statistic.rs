//! The release checker of statistics: which figures may be shown (law 15).
//!
//! A figure is shown when at least [`SOURCES_MIN`] organizations stand behind it and none of them
//! makes up more than half; otherwise it is withheld, which is never shown as zero. A total is
//! withheld when it would give a withheld figure away.

mod nested;

use crate::time::Timestamp;

pub use nested::{Nested, Tally};

/// Least number of organizations behind a figure.
pub const SOURCES_MIN: usize = 5;

/// A figure, as far as it may be shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Figure {
    /// It may be shown.
    Shown(u64),
    /// Too few organizations stand behind it, or one of them stands out.
    Withheld,
}

/// A row of figures with its total.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Figures {
    /// One figure per cell.
    pub cells: Vec<Figure>,
    /// The sum of all cells.
    pub total: Figure,
}

/// Checks a row of cells; each cell has one count per organization, at the same place in every
/// cell. An organization that counted zero does not stand behind a figure.
pub fn check(cells: &[Vec<u64>]) -> Figures {
    let shown: Vec<Figure> = cells.iter().map(|cell| figure(cell)).collect();
    let withheld: Vec<&Vec<u64>> = cells
        .iter()
        .zip(&shown)
        .filter(|(_, figure)| **figure == Figure::Withheld)
        .map(|(cell, _)| cell)
        .collect();
    // Whoever subtracts the shown figures from the total gets the sum of the withheld ones: that
    // sum must pass by itself.
    let rest = figure(&summed(&withheld));
    let everything: Vec<&Vec<u64>> = cells.iter().collect();
    let total = match figure(&summed(&everything)) {
        Figure::Shown(sum) if withheld.is_empty() || rest != Figure::Withheld => Figure::Shown(sum),
        _ => Figure::Withheld,
    };
    Figures {
        cells: shown,
        total,
    }
}

/// Checks rows of cells that count the same organizations, each organization once in every row: their
/// totals are one number. When one row withholds it, so do all, and a row whose cells would all be
/// shown, and so add up to it, withholds its smallest.
pub fn check_together<const N: usize>(rows: [&[Vec<u64>]; N]) -> [Figures; N] {
    let mut checked = rows.map(check);
    if checked.iter().all(|row| row.total != Figure::Withheld) {
        return checked;
    }
    for row in &mut checked {
        row.total = Figure::Withheld;
        if row.cells.contains(&Figure::Withheld) {
            continue;
        }
        let smallest = row.cells.iter_mut().min_by_key(|cell| match cell {
            Figure::Shown(count) => *count,
            Figure::Withheld => 0,
        });
        if let Some(smallest) = smallest {
            *smallest = Figure::Withheld;
        }
    }
    checked
}

/// How many of the contributions made at `times`, one per organization and sorted, are counted in
/// figures shown up to `until`. Whole days in Japan are added up until at least [`SOURCES_MIN`]
/// organizations are new, so that two figures of different days differ by that many organizations
/// or not at all.
pub fn counted_in_steps(times: &[Timestamp], until: Timestamp) -> usize {
    let past = times.iter().take_while(|at| **at < until);
    let mut days: Vec<(Timestamp, u64)> = Vec::new();
    for at in past {
        let day = Timestamp::start_of_day_in_japan(at.day_in_japan());
        match days.last_mut() {
            Some((last, count)) if *last == day => *count += 1,
            _ => days.push((day, 1)),
        }
    }
    usize::try_from(counted_in_steps_by_day(&days, until)).unwrap_or(usize::MAX)
}

/// As [`counted_in_steps`], with the days' begins in Japan, in their order, and how many
/// organizations contributed on each. `until` is the begin of a day.
pub fn counted_in_steps_by_day(days: &[(Timestamp, u64)], until: Timestamp) -> u64 {
    let (mut seen, mut counted) = (0_u64, 0_u64);
    for (_, count) in days.iter().take_while(|(day, _)| *day < until) {
        seen = seen.saturating_add(*count);
        if seen - counted >= SOURCES_MIN as u64 {
            counted = seen;
        }
    }
    counted
}

fn figure(counts: &[u64]) -> Figure {
    let sum: u64 = counts.iter().sum();
    let sources = counts.iter().filter(|count| **count > 0).count();
    let largest = counts.iter().max().copied().unwrap_or(0);
    if sources >= SOURCES_MIN && largest.saturating_mul(2) <= sum {
        Figure::Shown(sum)
    } else {
        Figure::Withheld
    }
}

/// The cells added up, organization by organization.
fn summed(cells: &[&Vec<u64>]) -> Vec<u64> {
    let organizations = cells.iter().map(|cell| cell.len()).max().unwrap_or(0);
    (0..organizations)
        .map(|place| cells.iter().filter_map(|cell| cell.get(place)).sum())
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_figure_needs_five_organizations_and_no_giant() {
        for (counts, expected) in [
            (vec![1, 1, 1, 1, 1], Figure::Shown(5)),
            (vec![5, 5, 5, 5, 0], Figure::Withheld),
            (vec![4, 1, 1, 1, 1], Figure::Shown(8)),
            (vec![5, 1, 1, 1, 1], Figure::Withheld),
            (vec![0, 0, 0, 0, 0, 0], Figure::Withheld),
            (vec![], Figure::Withheld),
        ] {
            assert_eq!(figure(&counts), expected, "{counts:?}");
        }
    }

    /// That many organizations, from number `first` on, of 20.
    fn ones(first: usize, count: usize) -> Vec<u64> {
        (0..20)
            .map(|place| u64::from((first..first + count).contains(&place)))
            .collect()
    }

    #[test]
    fn rows_over_the_same_organizations_do_not_give_each_other_away() {
        let uneven = [ones(0, 12), ones(12, 3), ones(15, 0)];
        let even = [ones(0, 5), ones(5, 5), ones(10, 5)];
        assert_eq!(check(&even).total, Figure::Shown(15));
        let [one, other] = check_together([&uneven, &even]);
        let (five, none) = (Figure::Shown(5), Figure::Withheld);
        assert_eq!(one.cells, [Figure::Shown(12), none, none]);
        assert_eq!(other.cells, [none, five, five]);
        assert_eq!([one.total, other.total], [none, none]);
        let [one, other] = check_together([&even, &even]);
        assert_eq!(one, check(&even));
        assert_eq!(other, check(&even));
    }

    #[test]
    fn a_total_does_not_give_away_what_is_withheld() {
        let open = vec![2, 2, 2, 2, 2];
        let few = vec![1, 0, 0, 0, 0];
        let row = check(&[open.clone(), few.clone()]);
        assert_eq!(row.cells, [Figure::Shown(10), Figure::Withheld]);
        assert_eq!(row.total, Figure::Withheld);
        // Withheld alone, but together five organizations stand behind them.
        let others = vec![0, 1, 1, 1, 1];
        let row = check(&[open.clone(), few, others]);
        assert_eq!(row.total, Figure::Shown(15));
        assert_eq!(check(&[open.clone(), open]).total, Figure::Shown(20));
    }
}
