use super::*;
use crate::part::field::Field;

fn code(text: &str) -> Code {
    text.parse().unwrap()
}

fn page(window: &str, based_on: u32, typed: &[(&str, &[&str])]) -> Page {
    let typed = typed
        .iter()
        .map(|(name, values)| (code(name), values.iter().map(|v| (*v).to_owned()).collect()))
        .collect();
    Page {
        window: code(window),
        based_on,
        typed,
    }
}

fn draft() -> Draft {
    let organization = OrganizationId::from_random([1; 16]);
    Draft::new(
        DraftId::from_random([2; 16]),
        organization,
        Timestamp::from_seconds(0),
    )
}

const NOW: Timestamp = Timestamp::from_seconds(7);

#[test]
fn one_window_writes_as_often_as_it_likes() {
    let mut draft = draft();
    for text in ["a", "ab", "abc"] {
        // The page still carries the revision it was made from.
        let written = draft.write(page("w1", 1, &[("headline", &[text])]), NOW);
        assert_eq!(written.unwrap().clashes, []);
    }
    assert_eq!((draft.one("headline"), draft.revision), ("abc", 4));
}

#[test]
fn what_another_window_wrote_is_not_overwritten_unread() {
    let mut draft = draft();
    draft
        .write(page("w1", 1, &[("headline", &["one"])]), NOW)
        .unwrap();
    let late = &[("headline", &["two"][..]), ("narrative", &["mine"][..])];
    let first = draft.write(page("w2", 1, late), NOW).unwrap();
    assert_eq!(first.clashes, [code("headline")]);
    assert_eq!(
        (draft.one("headline"), draft.one("narrative")),
        ("one", "mine"),
        "the field that nobody else touched is kept"
    );
    // Told about it, the author sends again: the last write wins.
    let again = draft.write(page("w2", first.revision, late), NOW).unwrap();
    assert_eq!(again.clashes, []);
    assert_eq!(draft.one("headline"), "two");
}

#[test]
fn the_same_text_from_two_windows_is_no_clash() {
    let mut draft = draft();
    draft
        .write(page("w1", 1, &[("headline", &["x"])]), NOW)
        .unwrap();
    let same = draft.write(page("w2", 1, &[("headline", &["x"])]), NOW);
    let expected = Written {
        revision: 2,
        clashes: vec![],
    };
    assert_eq!(same, Ok(expected));
}

#[test]
fn a_box_can_be_unticked() {
    let mut draft = draft();
    draft
        .write(page("w1", 1, &[("causes", &["a", "b"])]), NOW)
        .unwrap();
    draft.write(page("w1", 2, &[("causes", &[])]), NOW).unwrap();
    assert!(!draft.says("causes"));
}

#[test]
fn a_draft_has_a_limit_and_keeps_what_it_had() {
    let mut draft = draft();
    let long = "x".repeat(DRAFT_BYTES_MAX + 1);
    let full = draft.write(page("w1", 1, &[("narrative", &[&long])]), NOW);
    assert_eq!(full, Err(DraftFull));
    assert_eq!((draft.one("narrative"), draft.revision), ("", 1));
}

#[test]
fn answers_are_spelled_as_one_would_type_them() {
    let at = Timestamp::from_seconds(1_795_198_320);
    let answers = BTreeMap::from([
        (
            Field::Headline,
            Value::text(Field::Headline, "止まった").unwrap(),
        ),
        (Field::EventTypes, Value::Codes([code("leak")].into())),
        (Field::DetectedAt, Value::Moment(at, Precision::Day)),
        (Field::OccurredAt, Value::Moment(at, Precision::Minute)),
        (Field::Systems, Value::Unknown),
    ]);
    let typed = typed(Confidential::new(PartBody::new(answers))).into_content();
    let one = |name: &str| typed.get(name).map(|values| values.join(","));
    assert_eq!(one("headline").as_deref(), Some("止まった"));
    assert_eq!(one("event-types").as_deref(), Some("leak"));
    assert_eq!(one("detected-at").as_deref(), Some("2026/11/21"));
    assert_eq!(one("occurred-at").as_deref(), Some("2026/11/21 03:12"));
    assert_eq!(one("systems"), None);
}
