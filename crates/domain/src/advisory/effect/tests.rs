use super::*;
use crate::time::DAY_SECONDS;

/// Noon of the day number `day`.
fn noon(day: i64) -> Timestamp {
    Timestamp::start_of_day_in_japan(jiff::civil::date(2026, 11, 1))
        .plus_seconds(day * DAY_SECONDS + DAY_SECONDS / 2)
}

/// Organization number `number` answers on `day`.
fn answer(number: u8, day: i64, useful: Usefulness) -> Answered {
    Answered {
        organization: OrganizationId::from_random([number; 16]),
        given_at: noon(day),
        useful,
        timeliness: Timeliness::ALL[usize::from(number / 3) % 3],
        matched: Matching::ALL[usize::from(number) % 3],
    }
}

fn answers(counts: [u8; 3], day: i64) -> Vec<Answered> {
    let words = Usefulness::ALL.iter().zip(counts);
    let all = words.flat_map(|(word, count)| (0..count).map(|_| *word));
    all.zip(0_u8..)
        .map(|(word, number)| answer(number, day, word))
        .collect()
}

#[test]
fn figures_need_five_organizations() {
    let few = effect(answers([4, 0, 0], 0), noon(9));
    assert_eq!(few.useful.cells, [Figure::Withheld; 3]);
    assert_eq!(few.useful.total, Figure::Withheld);
    let enough = effect(answers([6, 6, 6], 0), noon(9));
    assert_eq!(enough.useful.cells, [Figure::Shown(6); 3]);
    assert_eq!(enough.useful.total, Figure::Shown(18));
}

#[test]
fn what_is_given_today_is_told_tomorrow() {
    let given = answers([6, 6, 6], 0);
    assert_eq!(
        effect(given.clone(), noon(0)).useful.cells,
        [Figure::Withheld; 3]
    );
    assert_eq!(effect(given, noon(1)).useful.cells, [Figure::Shown(6); 3]);
}

/// Whoever looks every day, and knows who answered between two looks, never has fewer than five
/// organizations to choose among.
#[test]
fn from_one_day_to_another_the_figures_move_by_five_organizations_or_not_at_all() {
    // One more organization each day, all but the last few saying yes.
    let given: Vec<Answered> = (0..23_u8)
        .map(|number| {
            let useful = if number > 18 {
                Usefulness::No
            } else {
                Usefulness::Yes
            };
            answer(number, i64::from(number), useful)
        })
        .collect();
    let mut last = 0;
    for day in 0..30 {
        let until = batch_until(noon(day));
        let times: Vec<Timestamp> = given.iter().map(|answer| answer.given_at).collect();
        let counted = counted_in_steps(&times, until);
        assert!(counted == last || counted - last >= SOURCES_MIN, "{day}");
        // An answer that has not been counted yet changes nothing that is shown.
        let shown = effect(given.clone(), noon(day));
        assert_eq!(shown, effect(given[..counted].to_vec(), noon(day)));
        last = counted;
    }
    assert_eq!(last, 20);
}

/// The total of a question whose answers are all shown gives away the withheld answers of another.
#[test]
fn one_question_does_not_give_another_away() {
    // Useful: 12, 3, 0. Matched: five each.
    let shown = effect(answers([12, 3, 0], 0), noon(9));
    assert_eq!(shown.matched.cells[1..], [Figure::Shown(5); 2]);
    assert_eq!(shown.useful.cells[0], Figure::Shown(12));
    assert_eq!(shown.useful.cells[1], Figure::Withheld);
    for row in [&shown.useful, &shown.timeliness, &shown.matched] {
        assert_eq!(row.total, Figure::Withheld);
    }
    let sums: Vec<bool> = [&shown.useful, &shown.timeliness, &shown.matched]
        .map(|row| row.cells.iter().all(|cell| *cell != Figure::Withheld))
        .into();
    assert_eq!(sums, [false; 3], "a full row tells its total");
}

#[test]
fn that_many_acted_is_told_in_steps() {
    let day = |day: i64| Timestamp::start_of_day_in_japan(noon(day).day_in_japan());
    let done = |count: i64| (0..count).map(|at| (day(at), 1)).collect::<Vec<_>>();
    assert_eq!(acted(&done(4), noon(30)), Figure::Withheld);
    assert_eq!(acted(&done(9), noon(30)), Figure::Shown(5));
    assert_eq!(acted(&done(10), noon(30)), Figure::Shown(10));
    assert_eq!(acted(&[(day(0), 7)], noon(1)), Figure::Shown(7));
    assert_eq!(acted(&[(day(0), 7)], noon(0)), Figure::Withheld);
}
