//! The terms of one's own report after sending: tighter at once, wider with care.

use askama::Template;
use domain::handling::Tlp;
use domain::time::Timestamp;

use crate::form::{Choice, Form};
use crate::layout::{Frame, sample};
use crate::words::{Language, Words};

/// The page. Fields per part, with its word in front: `summary-tlp`, `summary-purposes`,
/// `summary-circles`, `summary-consent`; and `based_on`, `care`.
#[derive(Debug, Template)]
#[template(path = "terms/terms.html")]
pub struct TermsPage {
    /// Around the page.
    pub frame: Frame,
    /// The terms in force, or as typed.
    pub form: Form,
    /// The name it is spoken of by.
    pub pseudonym: String,
    /// How many versions there were.
    pub based_on: usize,
    /// Page of the report.
    pub back: String,
    /// The parts.
    pub parts: Vec<TermsPart>,
    /// The labels.
    pub labels: Vec<Choice>,
    /// The purposes of use.
    pub purposes: Vec<Choice>,
    /// The circles.
    pub circles: Vec<Choice>,
    /// The three answers about the national center.
    pub consents: Vec<Choice>,
    /// What happened: key of a message; empty before anything did.
    pub done: &'static str,
    /// For what waits: parts by name with those whom the wider terms would reach after the border.
    pub waiting: Vec<(String, Vec<String>)>,
}

/// One part.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TermsPart {
    /// Its word, in front of its fields.
    pub word: String,
    /// Its name.
    pub title: String,
    /// The label it was released under; `None` while it has not left.
    pub released: Option<Tlp>,
    /// Who has it already, by name.
    pub holders: Vec<String>,
}

/// Tightenings that a reader is told of.
#[derive(Debug, Template)]
#[template(path = "terms/narrowed.html")]
pub struct NarrowedPage {
    /// Around the page.
    pub frame: Frame,
    /// Newest first.
    pub rows: Vec<NarrowedRow>,
}

/// One tightening.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NarrowedRow {
    /// Kind and pseudonym.
    pub title: String,
    /// Page of the report; `None` when it is not there for the reader any more.
    pub href: Option<String>,
    /// Which part.
    pub part: String,
    /// The day.
    pub at: Timestamp,
}

impl TermsPage {
    /// As it stands, and with something waiting.
    pub fn samples(words: Words) -> Vec<(&'static str, Self)> {
        let say = |ja: &str, en: &str| say(words, ja, en);
        let page = |waiting| Self {
            frame: sample::officer(words, "/sent/rpt_1/terms"),
            form: Form::new("/sent/rpt_1/terms").with("summary-tlp", "amber"),
            pseudonym: "S-7KQ2MX".to_owned(),
            based_on: 3,
            back: "/sent/rpt_1".to_owned(),
            parts: vec![TermsPart {
                word: "summary".to_owned(),
                title: say("概要", "Summary"),
                released: Some(Tlp::Amber),
                holders: vec![say("所管省庁", "Ministry")],
            }],
            labels: vec![Choice::new("amber", "TLP:AMBER")],
            purposes: vec![Choice::new("defense", say("未然防止", "Prevention"))],
            circles: vec![Choice::new("ministry", say("所管省庁", "Ministry"))],
            consents: vec![Choice::new("granted", say("渡してよい", "Yes"))],
            done: "",
            waiting,
        };
        let reached = vec![(say("概要", "Summary"), vec![say("警察", "Police")])];
        vec![("now", page(vec![])), ("waiting", page(reached))]
    }
}

impl NarrowedPage {
    /// Two, and none.
    pub fn samples(words: Words) -> Vec<(&'static str, Self)> {
        let page = |rows| Self {
            frame: sample::officer(words, "/triage/narrowed"),
            rows,
        };
        let row = |href: Option<&str>| NarrowedRow {
            title: say(words, "事案 S-7KQ2MX", "Incident S-7KQ2MX"),
            href: href.map(str::to_owned),
            part: say(words, "概要", "Summary"),
            at: sample::NOW,
        };
        vec![
            ("two", page(vec![row(Some("/reports/rpt_1")), row(None)])),
            ("none", page(vec![])),
        ]
    }
}

fn say(words: Words, ja: &str, en: &str) -> String {
    match words.language() {
        Language::Ja => ja,
        Language::En => en,
    }
    .to_owned()
}
