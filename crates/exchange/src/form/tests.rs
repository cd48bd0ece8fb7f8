use domain::handling::Circle;
use domain::part::field::{Answer, Precision};
use domain::report::question::Question;
use domain::report::{Custody, ReportKind};

use super::first_report::{Known, check, read};
use super::*;

const NOW: Timestamp = Timestamp::from_seconds(1_795_198_320);

fn lists() -> ReferenceData {
    crate::reference::shipped().unwrap()
}

fn typed(pairs: &[(&str, &[&str])]) -> Typed {
    pairs
        .iter()
        .map(|(name, values)| {
            let values = values.iter().map(|value| (*value).to_owned()).collect();
            (name.parse().unwrap(), values)
        })
        .collect()
}

/// Four answers and the terms: the least that can be sent.
fn least() -> Typed {
    typed(&[
        ("event-types", &["malware-infection"]),
        ("headline", &["監視端末が暗号化された"]),
        ("detected-at", &["２０２６／１１／２１ ３時"]),
        ("systems", &["監視端末12台"]),
        ("contact-phone", &["03-5550-0123"]),
        ("custody", &["named"]),
        ("tlp", &["amber"]),
        ("purposes", &["defense", "statistics"]),
        ("circles", &["ministry"]),
        ("consent", &["undecided"]),
    ])
}

fn wrongs(question: Question, pairs: &[(&str, &[&str])]) -> Vec<(&'static str, Why)> {
    let lists = lists();
    let setting = Setting {
        reference: &lists,
        now: NOW,
    };
    check(question, &typed(pairs), setting)
        .into_iter()
        .map(|wrong| (wrong.name, wrong.why))
        .collect()
}

#[test]
fn four_answers_and_the_terms_make_a_report() {
    let lists = lists();
    let setting = Setting {
        reference: &lists,
        now: NOW,
    };
    let known = Known {
        organization: "北浜電力".to_owned(),
        sector: Some("electricity".parse().unwrap()),
        relay_sector: None,
    };
    let filing = read(&least(), setting, &known).unwrap_or_else(|wrongs| panic!("{wrongs:?}"));
    assert_eq!(filing.lacks(), []);
    assert_eq!(
        (filing.kind, filing.custody),
        (ReportKind::Incident, Custody::Named)
    );
    assert_eq!(filing.terms.circles, [Circle::Ministry].into());
    assert_eq!(filing.sector(), known.sector);
}

#[test]
fn the_box_of_a_question_answers_what_is_left_blank() {
    let unknown = [("when-unknown", &["yes"][..])];
    assert_eq!(wrongs(Question::When, &unknown), []);
    assert_eq!(wrongs(Question::When, &[]), [("detected-at", Why::Missing)]);
    // A text that cannot be read is not taken for unknown.
    let both = [("when-unknown", &["yes"][..]), ("detected-at", &["さっき"])];
    assert_eq!(
        wrongs(Question::When, &both),
        [("detected-at", Why::Moment(MomentError::Unreadable))]
    );
}

#[test]
fn every_fault_of_a_page_is_told_at_once() {
    let long = "あ".repeat(201);
    let found = wrongs(
        Question::What,
        &[
            ("event-types", &["no-such-type"]),
            ("headline", &[&long]),
            ("narrative", &["a\u{202e}b"]),
        ],
    );
    let too_long = Why::TooLong {
        chars: 201,
        chars_max: 200,
    };
    assert_eq!(
        found,
        [
            ("event-types", Why::NotOffered),
            ("headline", too_long),
            ("narrative", Why::Invisible { position: 2 }),
        ]
    );
}

#[test]
fn consent_and_purposes_have_to_be_chosen() {
    let found = wrongs(
        Question::Terms,
        &[("custody", &["unnamed"]), ("tlp", &["amber"])],
    );
    assert_eq!(
        found,
        [("consent", Why::NotChosen), ("purposes", Why::NotChosen)]
    );
    let public = [
        ("custody", &["named"][..]),
        ("tlp", &["clear"]),
        ("consent", &["granted"]),
        ("purposes", &["defense"]),
        ("circles", &["public"]),
    ];
    assert_eq!(
        wrongs(Question::Terms, &public),
        [("tlp", Why::NotOffered), ("circles", Why::NotOffered)]
    );
}

#[test]
fn each_shape_is_read() {
    let lists = lists();
    let setting = Setting {
        reference: &lists,
        now: NOW,
    };
    let typed = typed(&[
        ("service-level", &["no"]),
        ("occurred-at", &["R8.11.20"]),
        ("causes", &["vulnerability", "unknown"]),
        ("prefecture", &[""]),
    ]);
    let mut answers = Answers::default();
    for field in [
        Field::ServiceLevel,
        Field::OccurredAt,
        Field::Causes,
        Field::Prefecture,
    ] {
        answers.read(field, &typed, Blank::Silence, setting);
    }
    assert_eq!(answers.wrongs, []);
    assert!(answers.values.get(&Field::ServiceLevel) == Some(&Value::Answer(Answer::No)));
    assert!(matches!(
        answers.values.get(&Field::OccurredAt),
        Some(Value::Moment(_, Precision::Day))
    ));
    assert!(!answers.values.contains_key(&Field::Prefecture));
}
