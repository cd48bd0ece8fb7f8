use domain::handling::{Circle, Tlp};
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
/// The meeting that counted thirteen sectors and eighteen CEPTOARs.
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
                .any(|(table, code, _)| *table == names::ceptoars && **code == row.code);
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

/// Replaces `from` once in a shipped file and gives the one fault that makes.
fn fault(file: &str, from: &str, to: &str) -> Fault {
    let text = text_of(file);
    assert!(text.contains(from), "{file} has no `{from}`");
    let faults = with_replacements(&[(file, &text.replacen(from, to, 1))]).unwrap_err();
    assert_eq!(faults.len(), 1, "{faults:#?}");
    faults[0].clone()
}

fn text_of(file: &str) -> &'static str {
    SHIPPED.iter().find(|(name, _)| *name == file).unwrap().1
}

/// The line, from 1, on which `part` begins for the first time.
fn line_of(text: &str, part: &str) -> u32 {
    let before = text.split(part).next().unwrap();
    u32::try_from(before.matches('\n').count() + 1).unwrap()
}

/// File, what stands there, what is written instead, part of the fault, part of the advice.
const BAD: &[(&str, &str, &str, &str, &str)] = &[
    (
        "sectors.toml",
        "code = \"finance\"",
        "code = \"Finance\"",
        "`Finance`",
        "one of these",
    ),
    (
        "sectors.toml",
        "ministry = \"fsa\"",
        "ministry = \"fbi\"",
        "ministries.toml",
        "add the row",
    ),
    (
        "sectors.toml",
        "ministry = \"fsa\"",
        "minister = \"fsa\"",
        "unknown key `minister`",
        "ministry",
    ),
    (
        "sectors.toml",
        "valid_to = 2024-03-31",
        "valid_to = \"2024\"",
        "not a day",
        "without quotes",
    ),
    (
        "sectors.toml",
        "valid_from = 2024-04-01",
        "valid_from = 2024-03-01",
        "same day",
        "valid_to",
    ),
    (
        "sectors.toml",
        "standing = \"announced\"",
        "standing = \"maybe\"",
        "adopted, announced",
        "one of",
    ),
    (
        "sectors.toml",
        "standing = \"announced\"",
        "standing = \"adopted\"",
        "no `ministry`",
        "announced",
    ),
    (
        "ministries.toml",
        "needs_review = false",
        "needs_review = \"no\"",
        "true or false",
        "without quotes",
    ),
    (
        "ministries.toml",
        "source = \"cybersecurity-2024\"",
        "source = \"rumor\"",
        "sources.toml",
        "correct",
    ),
    (
        "ministries.toml",
        "source = \"cybersecurity-2024\"",
        "source = \"noroshi\"",
        "ours",
        "both",
    ),
    (
        "ministries.toml",
        "ja = \"金融庁\"",
        "ja = \" \"",
        "`ja` is blank",
        "fill in both",
    ),
    (
        "circles.toml",
        "code = \"public\"",
        "code = \"friends\"",
        "friends",
        "remove the row",
    ),
    (
        "severity.toml",
        "rung = 4",
        "rung = 5",
        "no rung 5",
        "0 to 4",
    ),
    (
        "severity.toml",
        "lowest = 0",
        "lowest = -1",
        "not a whole number",
        "digits",
    ),
    (
        "regions.toml",
        "number = 47",
        "number = 48",
        "no prefecture 48",
        "1 to 47",
    ),
    (
        "regions.toml",
        "number = 47",
        "number = 46",
        "`kagoshima`",
        "own",
    ),
    (
        "legal_statuses.toml",
        "\"designated-operator\"\nvalid_from",
        "\"special-operator\"\nvalid_from",
        "itself",
        "another",
    ),
];

#[test]
fn a_bad_file_tells_line_and_advice() {
    for (file, from, to, what, advice) in BAD {
        let text = text_of(file);
        let faults = with_replacements(&[(*file, &text.replacen(from, to, 1))]).unwrap_err();
        let found = faults
            .iter()
            .find(|fault| fault.what.contains(*what))
            .unwrap_or_else(|| panic!("{to}: {faults:#?}"));
        assert_eq!(found.file, *file);
        assert!(found.advice.contains(*advice), "{found}");
        let changed = line_of(text, from);
        let line = found.line.unwrap();
        // A row's own fault may stand on its first line, a few above the changed key.
        assert!(
            line <= changed + 1 && changed <= line + 6,
            "{found}, changed {changed}"
        );
    }
}

#[test]
fn a_missing_key_stands_on_the_line_of_its_row() {
    let text = text_of("ministries.toml");
    let found = fault(
        "ministries.toml",
        "short = { ja = \"総務省\", en = \"MIC\" }\n",
        "",
    );
    assert_eq!(found.line, Some(line_of(text, "code = \"mic\"") - 1));
    assert_eq!(
        found.to_string(),
        format!(
            "ministries.toml:{}: `short` is missing; add `short = …` to this row",
            found.line.unwrap()
        )
    );
}

#[test]
fn a_fault_inside_a_row_stands_on_its_own_line() {
    let text = text_of("services.toml");
    let from = "source = \"telecom-accident-page\"";
    let found = fault("services.toml", from, "source = \"rumor\"");
    assert_eq!(found.line, Some(line_of(text, from)));
    let from = "text = { ja = \"目安：15分以上";
    let found = fault(
        "services.toml",
        from,
        "text = { de = \"\", ja = \"目安：15分以上",
    );
    assert_eq!(found.line, Some(line_of(text, from)));
    assert!(found.what.contains("`de`"), "{found}");
}

#[test]
fn all_faults_are_told_in_one_run() {
    let text = text_of("circles.toml")
        .replacen("code = \"source\"", "code = \"\"", 1)
        .replacen("needs_review = false", "needs_reviews = false", 1);
    let other = text_of("purposes.toml").replacen("offer = \"preset\"", "offer = \"always\"", 1);
    let faults =
        with_replacements(&[("circles.toml", &text), ("purposes.toml", &other)]).unwrap_err();
    let files: Vec<&str> = faults.iter().map(|fault| fault.file.as_str()).collect();
    // An empty code, a missing key and an unknown one; then the other file.
    assert_eq!(
        files,
        [
            "circles.toml",
            "circles.toml",
            "circles.toml",
            "purposes.toml"
        ]
    );
}

#[test]
fn sizes_are_bounded_and_files_are_known() {
    let long = format!("# {}\n", "x".repeat(FILE_BYTES_MAX));
    let refused =
        |name: &str, text: &str| with_replacements(&[(name, text)]).unwrap_err().remove(0);
    assert!(refused("tlp.toml", &long).what.contains("262144"));
    assert!(refused("rumors.toml", "").advice.contains("sectors.toml"));

    let row = "[[reason]]\n".repeat(ROWS_MAX + 1);
    let many = format!("format = 1\nrevised = 2026-11-22\n{row}");
    assert!(refused("no_harm_reasons.toml", &many).what.contains("400"));

    let wide = "あ".repeat(TEXT_CHARS_MAX + 1);
    let text = text_of("tlp.toml").replacen("TLP:RED", &wide, 1);
    assert!(refused("tlp.toml", &text).what.contains("600"));

    let broken = refused("tlp.toml", "format = 1\nrevised =\n");
    assert_eq!(broken.line, Some(2));
    let newer = text_of("tlp.toml").replacen("format = 1", "format = 2", 1);
    assert!(refused("tlp.toml", &newer).advice.contains("convert"));

    let files: Vec<_> = SHIPPED
        .iter()
        .copied()
        .filter(|(name, _)| *name != "tlp.toml")
        .collect();
    let missing = parse_all(&files).unwrap_err();
    assert_eq!(
        (missing[0].file.as_str(), missing[0].line),
        ("tlp.toml", None)
    );
}
