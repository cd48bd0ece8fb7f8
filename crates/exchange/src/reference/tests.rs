use domain::handling::{Circle, Tlp};
use domain::organization::OrganizationKind;
use domain::reference::area::{Area, SECTOR_OPERATORS_MIN, ShownSector};
use domain::reference::event::{Answer, Lead};
use domain::reference::row::Confidence;
use domain::reference::rubric::{Aspect, Bands, Bound};
use domain::reference::{SCALE_DEFAULT, fault::NEAR_MISS_KINDS_MAX};
use domain::severity::Severity;
use domain::word::Code;
use jiff::civil::{Date, date};

use super::*;

/// A day after the standard of 2026 came into force.
const TODAY: Date = date(2026, 11, 22);
/// A day on which thirteen sectors and eighteen CEPTOARs were counted in public.
const IN_2016: Date = date(2016, 12, 9);

fn data() -> ReferenceData {
    shipped().unwrap_or_else(|faults| {
        let lines: Vec<String> = faults.iter().map(ToString::to_string).collect();
        panic!("the shipped files have faults:\n{}", lines.join("\n"))
    })
}

fn code(text: &str) -> Code {
    text.parse().unwrap()
}

#[test]
fn the_shipped_data_parses_and_checks_clean() {
    let data = data();
    assert_eq!(data.revised.len(), SHIPPED.len());
    let names: Vec<&str> = SHIPPED.iter().map(|(name, _)| *name).collect();
    let mut expected = file_names();
    expected.sort_unstable();
    assert_eq!(names, expected);
}

#[test]
fn counts_agree_with_the_published_ones() {
    let data = data();
    assert_eq!(data.sector_codes(TODAY).len(), 15);
    assert_eq!(data.ceptoars.current(TODAY).count(), 21);
    assert_eq!(data.sector_codes(IN_2016).len(), 13);
    assert_eq!(data.ceptoars.current(IN_2016).count(), 18);
    assert_eq!(data.tlp_labels.current(TODAY).count(), 5);
    assert_eq!(data.legal_statuses.current(TODAY).count(), 3);
    assert_eq!(data.recipient_classes.rows().len(), 6);
    assert_eq!(data.regions.rows().len(), 8);
    assert_eq!(data.prefectures.rows().len(), 47);
    assert_eq!(data.no_harm_reasons.rows().len(), 6);
    assert_eq!(data.places.rows().len(), 5);
    assert_eq!(data.near_miss_kinds.rows().len(), NEAR_MISS_KINDS_MAX);
    let of_the_act = data.downward_grades.rows().iter();
    let of_the_act = of_the_act.filter(|row| row.validity.from == Some(date(2026, 10, 1)));
    assert_eq!(of_the_act.count(), 3);
}

#[test]
fn every_sector_has_a_ceptoar_a_service_and_a_ministry() {
    let data = data();
    for sector in data.sector_codes(TODAY) {
        assert!(
            data.ceptoars_of(sector.as_str(), TODAY).count() > 0,
            "{sector}"
        );
        assert!(
            data.services_of(sector.as_str(), TODAY).count() > 0,
            "{sector}"
        );
        assert!(
            data.ministry_of(sector.as_str(), TODAY).is_some(),
            "{sector}"
        );
    }
}

#[test]
fn the_sixteenth_sector_is_told_and_cannot_be_chosen() {
    let data = data();
    let announced: Vec<_> = data.sectors.announced(TODAY).collect();
    assert_eq!(announced.len(), 1);
    let row = announced[0];
    assert!(row.provenance.needs_review());
    assert_eq!(row.body.ministry, None);
    assert_eq!(data.sectors.selectable(row.code.as_str(), TODAY), None);
    assert!(!data.sector_codes(TODAY).contains(&row.code));
}

#[test]
fn water_changed_its_ministry_in_april_2024() {
    let data = data();
    let ministry = |day| {
        data.ministry_of("water", day)
            .unwrap()
            .code
            .as_str()
            .to_owned()
    };
    assert_eq!(ministry(date(2024, 3, 31)), "mhlw");
    assert_eq!(ministry(date(2024, 4, 1)), "mlit");
}

#[test]
fn what_is_from_memory_asks_for_review_and_so_do_its_levels() {
    let data = data();
    let open = data.needing_review();
    for row in data.ceptoars.rows() {
        if row.provenance.confidence == Confidence::Memory {
            let is_told = open
                .iter()
                .any(|open| open.table == names::ceptoars && *open.code == row.code);
            assert!(is_told, "{}", row.code);
        }
    }
    for row in data.services.rows() {
        let level = &row.body.maintenance_level.provenance;
        assert!(
            level.confidence != Confidence::Memory || level.needs_review(),
            "{}",
            row.code
        );
    }
    // The check itself, on a row that hides its doubt.
    let text = text_of("causes.toml").replacen(
        "confidence = \"memory\"\nneeds_review = true",
        "confidence = \"memory\"\nneeds_review = false",
        1,
    );
    let faults = with_replacements(&[("causes.toml", &text)]).unwrap_err();
    assert_eq!(faults.len(), 1);
    assert_eq!(
        faults[0].line,
        Some(line_of(&text, "\"memory\"\nneeds_review = false") + 1)
    );
    assert!(faults[0].what.contains("memory"), "{}", faults[0]);
}

#[test]
fn five_rungs_on_both_scales() {
    let data = data();
    let scale = |code: &str| data.scales.at(code, TODAY).unwrap().body.clone();
    let numbers = |code: &str| {
        Severity::all()
            .map(|severity| scale(code).number(severity))
            .to_vec()
    };
    assert_eq!(numbers(SCALE_DEFAULT), [0, 1, 2, 3, 4]);
    assert_eq!(numbers("draft-2016"), [1, 2, 3, 4, 5]);
}

#[test]
fn the_shipped_rubric_rates_the_published_anchors() {
    let data = data();
    let overall = |users: &str, duration: &str, area: &str, harm: &str| {
        let found = data
            .assess(&Bands {
                users: Some(code(users)),
                duration: Some(code(duration)),
                area: Some(code(area)),
                harm: Some(code(harm)),
            })
            .unwrap();
        assert_eq!(found.bound, Bound::Exact);
        assert_eq!(found.working.len(), Aspect::ALL.len());
        found.overall.unwrap().rung()
    };
    // A defaced web page with no more damage: 0 to 1.
    assert!(overall("users-none", "duration-under-1h", "area-site", "harm-none") <= 1);
    // A power or telecom outage by attack: 2 to 4.
    let outage = overall(
        "users-under-1000000",
        "duration-under-6h",
        "area-prefecture",
        "harm-goods",
    );
    assert!((2..=4).contains(&outage), "{outage}");
    assert!(
        data.bands
            .rows()
            .iter()
            .all(|row| row.provenance.confidence == Confidence::Ours)
    );
}

#[test]
fn labels_promise_the_reach_that_is_enforced() {
    let data = data();
    for label in Tlp::ALL {
        let row = data.tlp_labels.at(label.word(), TODAY).unwrap();
        assert_eq!(row.name.ja(), label.label());
        assert_eq!(row.name.en(), label.label());
    }
    let reached = |label: &str| data.tlp_labels.at(label, TODAY).unwrap().body.reaches.len();
    assert_eq!(reached("clear"), Circle::ALL.len());
    let text = text_of("tlp.toml").replacen("\"secretariat\"]", "\"secretariat\", \"public\"]", 1);
    let faults = with_replacements(&[("tlp.toml", &text)]).unwrap_err();
    assert_eq!(faults.len(), 1);
    assert!(
        faults[0].what.contains("source, secretariat"),
        "{}",
        faults[0]
    );
}

#[test]
fn the_near_miss_helper_has_an_answer_for_every_pair() {
    let data = data();
    let lead = |harm, danger| data.verdict(harm, danger).unwrap().body.leads_to;
    assert_eq!(lead(Answer::Yes, Answer::No), Lead::FirstReport);
    assert_eq!(lead(Answer::No, Answer::Yes), Lead::NearMiss);
    assert_eq!(lead(Answer::Unsure, Answer::Unsure), Lead::NearMiss);
    assert_eq!(lead(Answer::No, Answer::No), Lead::Optional);
}

#[test]
fn places_widen_by_steps_and_small_sectors_lose_their_name() {
    let data = data();
    let region = data.widen(&Area::Prefecture(code("mie")));
    assert_eq!(region, Area::Region(code("kinki")));
    assert_eq!(data.widen(&region), Area::Nation);
    assert_eq!(
        data.widen(&Area::Prefecture(code("atlantis"))),
        Area::Nation
    );
    let shown = |count| data.shown_sector(&code("ports"), count);
    assert_eq!(shown(SECTOR_OPERATORS_MIN - 1), ShownSector::Others);
    assert_eq!(
        shown(SECTOR_OPERATORS_MIN),
        ShownSector::Sector(code("ports"))
    );
    assert_eq!(
        data.shown_sector(&code("atlantis"), 500),
        ShownSector::Others
    );
}

pub(super) fn text_of(file: &str) -> &'static str {
    SHIPPED.iter().find(|(name, _)| *name == file).unwrap().1
}

/// The line, from 1, on which `part` begins for the first time.
pub(super) fn line_of(text: &str, part: &str) -> u32 {
    let before = text.split(part).next().unwrap();
    u32::try_from(before.matches('\n').count() + 1).unwrap()
}

#[test]
fn each_grade_goes_to_its_recipients_only() {
    let data = data();
    let reached = |grade: &str| -> Vec<OrganizationKind> {
        let kinds = OrganizationKind::ALL.iter().copied();
        kinds
            .filter(|kind| data.grade_reaches(grade, *kind, date(2026, 11, 1)))
            .collect()
    };
    assert_eq!(
        reached("comprehensive"),
        [
            OrganizationKind::Ministry,
            OrganizationKind::NationalCenter,
            OrganizationKind::Police
        ]
    );
    let provision = reached("for-provision");
    assert!(provision.contains(&OrganizationKind::Operator));
    assert!(!provision.contains(&OrganizationKind::Supplier));
    assert_eq!(reached("for-publicity"), OrganizationKind::ALL);
    assert_eq!(reached("outside-act"), OrganizationKind::ALL);
    assert_eq!(reached("unheard-of"), []);
}
