use std::collections::BTreeSet;

use super::*;

fn organization(number: u8) -> OrganizationId {
    OrganizationId::from_random([number; 16])
}

fn tally(named: &[(u8, u64)], unnamed: u64) -> Tally {
    let mut tally = Tally::default();
    for (source, count) in named {
        for _ in 0..*count {
            tally.count(Some(organization(*source)));
        }
    }
    for _ in 0..unnamed {
        tally.count(None);
    }
    tally
}

#[test]
fn what_came_without_a_name_counts_and_hides_behind_the_named() {
    let five = [(1, 1), (2, 1), (3, 1), (4, 1), (5, 1)];
    for (named, unnamed, expected) in [
        (&five[..], 0, Figure::Shown(5)),
        (&five[..], 3, Figure::Shown(8)),
        // Were the four of one organization that is among the five, it would have five of nine.
        (&five[..], 4, Figure::Withheld),
        (&five[..4], 1, Figure::Withheld),
        (&[][..], 50, Figure::Withheld),
        (&[][..], 0, Figure::Withheld),
    ] {
        assert_eq!(tally(named, unnamed).figure(), expected, "{unnamed}");
    }
}

#[test]
fn a_quarter_does_not_give_away_its_quiet_weeks() {
    let open = || Nested::single(tally(&[(1, 1), (2, 1), (3, 1), (4, 1), (5, 1)], 0));
    let one = || Nested::single(tally(&[(6, 1)], 0));
    assert_eq!(Nested::of(&[open(), open()]).figure(), Figure::Shown(10));
    assert_eq!(Nested::of(&[open(), one()]).figure(), Figure::Withheld);
    // A week with nothing in it is withheld too: else "-" would mean "somebody".
    let none = || Nested::single(Tally::default());
    assert_eq!(Nested::of(&[open(), none()]).figure(), Figure::Withheld);
    let others = || Nested::single(tally(&[(1, 1), (2, 1), (7, 1), (8, 1)], 0));
    let both = Nested::of(&[open(), one(), others()]);
    assert_eq!(both.figure(), Figure::Shown(10));
    // What a withheld sum hides is still hidden one step up.
    let withheld = Nested::of(&[open(), one()]);
    assert_eq!(Nested::of(&[withheld, open()]).figure(), Figure::Withheld);
}

/// The attacker has every shown figure of a country of two sectors and three weeks and adds and
/// subtracts them in all ways. Whenever the result is the number of reports in some set of cells,
/// that set passes by itself: no single source and no four can be told apart.
#[test]
fn no_sum_or_difference_of_shown_figures_is_of_fewer_than_k() {
    const WEEKS: usize = 3;
    let mut draw = Lcg(7);
    let (mut told, mut kept) = (0, 0);
    for _ in 0..400 {
        let cells: Vec<Tally> = (0..2 * WEEKS).map(|_| drawn(&mut draw)).collect();
        let single: Vec<Nested> = cells.iter().cloned().map(Nested::single).collect();
        let sectors: Vec<Nested> = single.chunks(WEEKS).map(Nested::of).collect();
        let all = Nested::of(&sectors);
        let mut shown: Vec<BTreeSet<usize>> = Vec::new();
        let mut note = |figure: &Nested, places: std::ops::Range<usize>| match figure.figure() {
            Figure::Shown(_) => shown.push(places.collect()),
            Figure::Withheld => kept += 1,
        };
        for (place, cell) in single.iter().enumerate() {
            note(cell, place..place + 1);
        }
        for (place, sector) in sectors.iter().enumerate() {
            note(sector, place * WEEKS..(place + 1) * WEEKS);
        }
        note(&all, 0..2 * WEEKS);
        for set in derivable(&shown, 2 * WEEKS) {
            let behind = set
                .iter()
                .fold(Tally::default(), |sum, place| sum.with(&cells[*place]));
            assert!(
                matches!(behind.figure(), Figure::Shown(_)),
                "{shown:?} {set:?}"
            );
            told += 1;
        }
    }
    assert!(told > 400 && kept > 400, "{told} {kept}");
}

/// Every set of cells whose sum is some figures minus others, each taken once at most.
fn derivable(shown: &[BTreeSet<usize>], cells: usize) -> BTreeSet<BTreeSet<usize>> {
    let mut sums: BTreeSet<Vec<i8>> = [vec![0; cells]].into();
    for figure in shown {
        let more: Vec<Vec<i8>> = sums
            .iter()
            .flat_map(|sum| [1, -1].map(|sign| (sum.clone(), sign)))
            .map(|(mut sum, sign)| {
                for place in figure {
                    sum[*place] += sign;
                }
                sum
            })
            .collect();
        sums.extend(more);
    }
    sums.into_iter()
        .filter(|sum| sum.iter().all(|times| (0..=1).contains(times)))
        .map(|sum| (0..cells).filter(|place| sum[*place] == 1).collect())
        .filter(|set: &BTreeSet<usize>| !set.is_empty())
        .collect()
}

/// Mostly a few sources, sometimes many.
fn drawn(draw: &mut Lcg) -> Tally {
    let sources = [0, 1, 2, 4, 6, 8, 9][draw.below(7)];
    let named: Vec<(u8, u64)> = (0..sources)
        .map(|_| (draw.below(9), 1 + draw.below(2)))
        .map(|(source, count)| (u8::try_from(source).unwrap(), count as u64))
        .collect();
    tally(&named, draw.below(3) as u64)
}

struct Lcg(u64);

impl Lcg {
    fn below(&mut self, most: usize) -> usize {
        self.0 = self
            .0
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1);
        usize::try_from((self.0 >> 33) % most as u64).unwrap()
    }
}
