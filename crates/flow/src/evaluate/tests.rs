use super::measure::VERDICTS_MIN;
use super::*;
use crate::draw::draws;

fn server(family: Option<&str>, score: f64) -> Judged {
    Judged {
        family: family.map(str::to_owned),
        scores: vec![score, 0.0],
        weights: vec![(EvidenceCode::Automation, score)],
    }
}

/// Four commanding servers of two families among a hundred others: scores 100, 99, 98, and one in
/// the middle.
fn servers() -> Vec<Judged> {
    let mut servers: Vec<Judged> = (0..100).map(|n| server(None, f64::from(n))).collect();
    servers.extend([
        server(Some("mirai"), 100.0),
        server(Some("mirai"), 99.5),
        server(Some("torii"), 98.5),
        server(Some("torii"), 49.5),
    ]);
    servers
}

#[test]
fn recall_is_what_is_found_before_the_budget_is_spent() {
    let ranking = Ranking::of(&servers(), |server| server.scores[0]);
    for (budget, recall) in [(0.0, 0.5), (0.01, 0.75), (0.5, 1.0)] {
        assert!((ranking.recall(budget) - recall).abs() < 1e-9, "{budget}");
    }
    // Of the four, 100, 100, 99 and 50 harmless ones stand behind.
    assert!((ranking.area() - 349.0 / 400.0).abs() < 1e-9);
    // The fourth is found after fifty wrong ones: 1, 1, 3/4, 4/54.
    let precision = (1.0 + 1.0 + 0.75 + 4.0 / 54.0) / 4.0;
    assert!((ranking.precision() - precision).abs() < 1e-9);
}

#[test]
fn servers_of_one_score_are_found_together_or_not_at_all() {
    let ranking = Ranking::of(&servers(), |server| server.scores[1]);
    assert!(ranking.recall(0.05).abs() < f64::EPSILON);
    assert!((ranking.area() - 0.5).abs() < 1e-9);
}

#[test]
fn a_server_of_which_nothing_was_seen_is_missed_at_every_budget() {
    let mut servers = servers();
    servers.extend((0..4).map(|_| Judged::missed("remcos".to_owned(), 2)));
    let ranking = Ranking::of(&servers, |server| server.scores[0]);
    for (budget, recall) in [(0.0, 0.25), (0.5, 0.5), (1.0, 0.5)] {
        assert!((ranking.recall(budget) - recall).abs() < 1e-9, "{budget}");
    }
    assert!((ranking.area() - 349.0 / 800.0).abs() < 1e-9);
    let precision = (1.0 + 1.0 + 0.75 + 4.0 / 54.0) / 8.0;
    assert!((ranking.precision() - precision).abs() < 1e-9);
    // Nothing harmless makes none of them found.
    let alone = Ranking::of(&servers[103..], |server| server.scores[0]);
    assert!((alone.recall(0.05) - 0.2).abs() < 1e-9);
}

#[test]
fn intervals_are_wide_when_families_are_few() {
    let measured = measure(&servers(), draws(1));
    let [ours, nothing] = &measured[..] else {
        panic!("{}", measured.len())
    };
    let at_one_percent = ours.recall[1];
    assert!(
        at_one_percent.low <= 0.5 && at_one_percent.high >= 1.0,
        "{at_one_percent:?}"
    );
    assert!(ours.area > nothing.area);
}

#[test]
fn all_of_six_or_none_of_six_proves_little() {
    let mut servers: Vec<Judged> = (0..100).map(|n| server(None, f64::from(n))).collect();
    servers.extend((0..6).map(|n| server(Some("mirai"), 100.0 + f64::from(n))));
    let measured = measure(&servers, draws(1));
    let [ours, nothing] = &measured[..] else {
        panic!("{}", measured.len())
    };
    for (recall, low, high) in [
        (ours.recall[0], 0.6097, 1.0),
        (nothing.recall[0], 0.0, 0.3903),
    ] {
        assert!((recall.low - low).abs() < 1e-3, "{recall:?}");
        assert!((recall.high - high).abs() < 1e-3, "{recall:?}");
    }
}

#[test]
fn without_its_only_evidence_nothing_is_left() {
    let ablation = ablation(&servers());
    let [(code, area, recall)] = &ablation[..] else {
        panic!("{}", ablation.len())
    };
    assert_eq!(*code, EvidenceCode::Automation);
    assert!((area - 0.5).abs() < 1e-9);
    assert!(recall.iter().all(|recall| recall.abs() < f64::EPSILON));
}

#[test]
fn a_probability_is_claimed_with_verdicts_only_and_fits_them() {
    let few = vec![(30.0, true); VERDICTS_MIN - 1];
    assert_eq!(Calibration::fit(&few), None);
    let mut draw = draws(1);
    let verdicts: Vec<(f64, bool)> = (0..4_000)
        .map(|n| {
            let score = f64::from(n % 40);
            let truth = 1.0 / (1.0 + (4.0 - 0.2 * score).exp());
            let drawn = u32::try_from(draw() % 1_000_000).unwrap();
            (score, f64::from(drawn) / 1_000_000.0 < truth)
        })
        .collect();
    let fitted = Calibration::fit(&verdicts).unwrap();
    assert!(
        (fitted.offset + 4.0).abs() < 0.5 && (fitted.slope - 0.2).abs() < 0.03,
        "{fitted:?}"
    );
    assert!(fitted.brier(&verdicts) < 0.2);
    // Verdicts that the score separates have an end too.
    let apart: Vec<(f64, bool)> = (0..100).map(|n| (f64::from(n), n >= 50)).collect();
    let fitted = Calibration::fit(&apart).unwrap();
    assert!(
        fitted.probability(99.0) > 0.95 && fitted.probability(0.0) < 0.05,
        "{fitted:?}"
    );
}
