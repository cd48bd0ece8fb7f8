use super::*;
use crate::reference::area::{Prefecture, Region};
use crate::reference::row::{Bilingual, Confidence, Provenance, Review, Row, Standing, Validity};
use crate::reference::sector::Sector;
use crate::reference::table::Table;

fn row<T>(code: &str, body: T) -> Row<T> {
    Row {
        code: code.parse().unwrap(),
        name: Bilingual::parse("名", "name").unwrap(),
        note: None,
        standing: Standing::Adopted,
        validity: Validity::default(),
        provenance: Provenance {
            source: "noroshi".parse().unwrap(),
            confidence: Confidence::Ours,
            review: Review::Settled,
        },
        body,
    }
}

fn reference() -> ReferenceData {
    let prefecture = |code: &str, region: &str| {
        row(
            code,
            Prefecture {
                region: region.parse().unwrap(),
                number: 1,
            },
        )
    };
    ReferenceData {
        sectors: Table::new(vec![row("electricity", Sector { ministry: None })]),
        regions: Table::new(vec![row("kanto", Region), row("tohoku", Region)]),
        prefectures: Table::new(vec![
            prefecture("tokyo", "kanto"),
            prefecture("chiba", "kanto"),
            prefecture("aomori", "tohoku"),
        ]),
        ..ReferenceData::default()
    }
}

fn members(places: &[(&str, usize)]) -> Vec<Candidate> {
    places
        .iter()
        .flat_map(|(prefecture, count)| {
            std::iter::repeat_n(
                Candidate {
                    sector: Some("electricity".parse().unwrap()),
                    prefecture: Some(prefecture.parse().unwrap()),
                },
                *count,
            )
        })
        .collect()
}

fn origin(sector_operators: u32) -> Origin {
    Origin {
        kind: ReportKind::Incident,
        sector: Some("electricity".parse().unwrap()),
        prefecture: Some("tokyo".parse().unwrap()),
        sector_operators,
    }
}

fn counts(anonymity: &Anonymity) -> Vec<u32> {
    anonymity.steps.iter().map(|step| step.candidates).collect()
}

#[test]
fn the_place_is_widened_until_enough_fit() {
    let found = anonymity(
        &reference(),
        &origin(30),
        &members(&[("tokyo", 2), ("chiba", 3), ("aomori", 4)]),
        5,
    );
    assert_eq!(counts(&found), [2, 5, 9, 9]);
    let shown = found.shown().unwrap();
    assert_eq!(shown.area, Area::Region("kanto".parse().unwrap()));
    assert_eq!(shown.precision, Precision::Hour);
    assert!(!found.is_short());
}

#[test]
fn a_prefecture_never_crosses_however_many_fit() {
    let found = anonymity(&reference(), &origin(30), &members(&[("tokyo", 50)]), 5);
    assert_eq!(found.chosen, 1);
}

#[test]
fn a_small_sector_is_never_named() {
    let found = anonymity(&reference(), &origin(9), &members(&[("tokyo", 9)]), 5);
    assert!(
        found
            .steps
            .iter()
            .filter(|step| step.offer == Offer::Open)
            .all(|step| step.shown.sector == Some(ShownSector::Others))
    );
}

#[test]
fn too_few_everywhere_is_said_and_times_go_to_the_month() {
    let found = anonymity(
        &reference(),
        &origin(30),
        &members(&[("tokyo", 1), ("aomori", 2)]),
        5,
    );
    assert!(found.is_short());
    assert_eq!(found.candidates(), 3);
    assert_eq!(found.shown().unwrap().precision, Precision::Month);
}

#[test]
fn an_unknown_place_is_the_nation() {
    let mut unnamed = origin(30);
    unnamed.prefecture = None;
    let found = anonymity(&reference(), &unnamed, &members(&[("tokyo", 6)]), 5);
    assert_eq!(found.shown().unwrap().area, Area::Nation);
}

#[test]
fn times_are_rounded_down_in_japan() {
    // 2026-11-21 03:12 in Japan.
    let at = Timestamp::from_seconds(1_795_198_320);
    let round = |precision| match rounded(Value::Moment(at, Precision::Minute), precision) {
        Value::Moment(at, _) => at.to_jiff().to_string(),
        _ => unreachable!(),
    };
    assert_eq!(round(Precision::Hour), "2026-11-20T18:00:00Z");
    assert_eq!(round(Precision::Day), "2026-11-20T15:00:00Z");
    assert_eq!(round(Precision::Month), "2026-10-31T15:00:00Z");
    let vague = Value::Moment(at, Precision::Month);
    assert!(
        rounded(vague.clone(), Precision::Hour) != vague,
        "a vague time is rounded to itself"
    );
}
