use super::super::tests::{line_of, text_of};
use super::super::{
    FILE_BYTES_MAX, Fault, ROWS_MAX, SHIPPED, TEXT_CHARS_MAX, parse_all, with_replacements,
};

/// Replaces `from` once in a shipped file and gives the one fault that makes.
fn fault(file: &str, from: &str, to: &str) -> Fault {
    let text = text_of(file);
    assert!(text.contains(from), "{file} has no `{from}`");
    let faults = with_replacements(&[(file, &text.replacen(from, to, 1))]).unwrap_err();
    assert_eq!(faults.len(), 1, "{faults:#?}");
    faults[0].clone()
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
fn a_table_that_does_not_add_up_is_told_at_its_first_row() {
    // file, array, what stands there, what is written instead, part of the fault
    let cases = [
        (
            "near_miss_kinds.toml",
            "verdict",
            "danger = [\"no\"]",
            "danger = [\"yes\", \"no\"]",
            "2 verdicts instead of one",
        ),
        (
            "near_miss_kinds.toml",
            "verdict",
            "danger = [\"yes\", \"unsure\"]",
            "danger = [\"unsure\"]",
            "0 verdicts instead of one",
        ),
        (
            "severity.toml",
            "rung",
            "rung = 4",
            "rung = 3",
            "0, 1, 2, 3 and 4",
        ),
        (
            "severity.toml",
            "band",
            "aspect = \"area\"\nrung = 0",
            "aspect = \"area\"\nrung = 1",
            "`area`",
        ),
        (
            "severity.toml",
            "scale",
            "code = \"2018\"",
            "code = \"2019\"",
            "`2018`",
        ),
        (
            "tlp.toml",
            "label",
            "code = \"green\"",
            "code = \"lime\"",
            "`green`, which the program",
        ),
    ];
    for (file, array, from, to, what) in cases {
        let text = text_of(file).replacen(from, to, 1);
        let faults = with_replacements(&[(file, &text)]).unwrap_err();
        let found = faults.iter().find(|fault| fault.what.contains(what));
        let found = found.unwrap_or_else(|| panic!("{to}: {faults:#?}"));
        assert_eq!(
            found.line,
            Some(line_of(&text, &format!("[[{array}]]"))),
            "{found}"
        );
    }
}

#[test]
fn the_near_miss_page_has_eight_tiles_and_two_questions() {
    let text = text_of("near_miss_kinds.toml");
    let refused = |text: &str| {
        let faults = with_replacements(&[("near_miss_kinds.toml", text)]).unwrap_err();
        assert_eq!(faults.len(), 1, "{faults:#?}");
        faults[0].what.clone()
    };
    let (kinds, rest) = text.split_once("[[question]]").unwrap();
    let last = kinds.rsplit_once("[[kind]]").unwrap().1;
    let ninth = last.replacen("\"other\"", "\"ninth\"", 1);
    let nine = format!("{kinds}[[kind]]{ninth}[[question]]{rest}");
    assert!(refused(&nine).contains("9 kinds"));
    let (_, verdicts) = rest.split_once("[[verdict]]").unwrap();
    let question = rest.split_once("[[question]]").unwrap().0;
    let one = format!("{kinds}[[question]]{question}[[verdict]]{verdicts}");
    assert!(refused(&one).contains("1 questions"));
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
