use super::super::row::{Bilingual, Confidence, Provenance, Review, Row, Standing, Validity};
use super::super::table::Table;
use super::*;

/// A rubric of five bands for each aspect, named `users-0` to `harm-4`.
fn reference() -> ReferenceData {
    let mut rows = Vec::new();
    for aspect in Aspect::ALL {
        for severity in Severity::all() {
            rows.push(Row {
                code: code(&format!("{aspect}-{}", severity.rung())),
                name: Bilingual::parse("帯", "band").unwrap(),
                note: None,
                standing: Standing::Adopted,
                validity: Validity::default(),
                provenance: Provenance {
                    source: code("noroshi"),
                    confidence: Confidence::Ours,
                    review: Review::Settled,
                },
                body: Band {
                    aspect: *aspect,
                    severity,
                },
            });
        }
    }
    ReferenceData {
        bands: Table::new(rows),
        ..ReferenceData::default()
    }
}

fn code(text: &str) -> Code {
    text.parse().unwrap()
}

/// Assesses rungs in the order users, duration, area, harm; `-` is unknown.
fn assess(answers: &str) -> Assessment {
    let [users, duration, area, harm]: [&str; 4] = answers
        .split(' ')
        .collect::<Vec<_>>()
        .try_into()
        .expect("four answers");
    let band =
        |aspect: Aspect, rung: &str| (rung != "-").then(|| code(&format!("{aspect}-{rung}")));
    reference()
        .assess(&Bands {
            users: band(Aspect::Users, users),
            duration: band(Aspect::Duration, duration),
            area: band(Aspect::Area, area),
            harm: band(Aspect::Harm, harm),
        })
        .expect("the bands are in the rubric")
}

#[test]
fn the_overall_rung_is_the_higher_of_sustainability_and_safety() {
    // users duration area harm -> sustainability safety overall
    let cases = [
        ("0 0 0 0", 0, 0, 0),
        ("1 3 2 0", 3, 0, 3),
        ("1 0 0 4", 1, 4, 4),
        ("2 2 2 2", 2, 2, 2),
    ];
    for (answers, sustainability, safety, overall) in cases {
        let found = assess(answers);
        let rung = |severity: Option<Severity>| severity.unwrap().rung();
        assert_eq!(
            (
                rung(found.sustainability),
                rung(found.safety),
                rung(found.overall)
            ),
            (sustainability, safety, overall),
            "{answers}"
        );
        assert_eq!(found.bound, Bound::Exact);
    }
}

#[test]
fn the_working_names_every_band_and_what_decided() {
    let found = assess("3 1 3 -");
    let deciding: Vec<Aspect> = found
        .working
        .iter()
        .filter(|step| step.weight == Weight::Decides)
        .map(|step| step.aspect)
        .collect();
    assert_eq!(deciding, [Aspect::Users, Aspect::Area]);
    assert_eq!(
        found.working[1].answer,
        Some((code("duration-1"), Severity::from_rung(1).unwrap()))
    );
    assert_eq!(found.working[3].answer, None);
}

#[test]
fn what_is_unknown_leaves_a_lower_bound_and_never_a_zero() {
    assert_eq!(assess("2 - 1 0").bound, Bound::AtLeast);
    let nothing = assess("- - - -");
    assert_eq!(nothing.overall, None);
    assert_eq!(nothing.bound, Bound::AtLeast);
    assert!(
        nothing
            .working
            .iter()
            .all(|step| step.weight == Weight::Follows)
    );
    // Nothing can rise above the highest rung.
    assert_eq!(assess("4 - - -").bound, Bound::Exact);
}

#[test]
fn a_band_of_another_aspect_is_refused() {
    let bands = Bands {
        users: Some(code("harm-4")),
        ..Bands::default()
    };
    assert_eq!(
        reference().assess(&bands),
        Err(NotABand {
            aspect: Aspect::Users,
            band: code("harm-4")
        })
    );
}

#[test]
fn one_rung_has_a_number_on_each_scale() {
    let of_2018 = Scale { lowest: 0 };
    let of_2016 = Scale { lowest: 1 };
    for severity in Severity::all() {
        assert_eq!(of_2018.number(severity), severity.rung());
        assert_eq!(of_2016.number(severity), severity.rung() + 1);
        assert_eq!(of_2016.severity(severity.rung() + 1), Some(severity));
    }
    assert_eq!(of_2018.severity(5), None);
    assert_eq!(of_2016.severity(0), None);
    assert_eq!(of_2016.severity(6), None);
}
