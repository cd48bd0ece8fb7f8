//! Help: whom to call, what to do when, what the words mean. Linked from the foot of every page.

use askama::Template;

use crate::layout::{Frame, sample};
use crate::words::Words;

/// The page. The desk's telephone number is the frame's.
#[derive(Debug, Template)]
#[template(path = "help/help.html")]
pub struct Help {
    /// Around the page.
    pub frame: Frame,
    /// What the lists hold that a person still has to check; empty when nothing is open.
    pub unchecked: Vec<UncheckedList>,
}

/// One list's rows that a person still has to check.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct UncheckedList {
    /// Name of the list.
    pub title: String,
    /// Name of each row, and the document it rests on.
    pub rows: Vec<(String, String)>,
}

/// What somebody may have met, as the ends of the keys of question and advice.
pub const CASES: &[&str] = &[
    "ransom", "mail", "odd", "near", "advisory", "code", "wrong", "down",
];

/// Words that are explained, as the ends of their keys.
pub const TERMS: &[&str] = &[
    "report",
    "near-miss",
    "ceptoar",
    "seal",
    "pseudonym",
    "mailbox",
    "tlp",
    "purpose",
    "border",
    "log",
];

impl Help {
    /// For a visitor and for somebody signed in.
    pub fn samples(words: Words) -> Vec<(&'static str, Self)> {
        vec![
            (
                "public",
                Self {
                    frame: sample::public(words, "/help"),
                    unchecked: Vec::new(),
                },
            ),
            (
                "officer",
                Self {
                    frame: sample::officer(words, "/help"),
                    unchecked: vec![UncheckedList {
                        title: words.t("reference-list-sectors").into_owned(),
                        rows: vec![(
                            "空港 / Airports".to_owned(),
                            "行動計画 / Action plan".to_owned(),
                        )],
                    }],
                },
            ),
        ]
    }

    /// What may be met: question and advice.
    pub fn cases(&self) -> Vec<(String, String)> {
        let text = |end: &str| self.frame.t(&format!("help-case-{end}")).into_owned();
        CASES
            .iter()
            .map(|end| (text(end), text(&format!("{end}-is"))))
            .collect()
    }

    /// Words: word and meaning.
    pub fn terms(&self) -> Vec<(String, String)> {
        let text = |end: &str| self.frame.t(&format!("help-term-{end}")).into_owned();
        TERMS
            .iter()
            .map(|end| (text(end), text(&format!("{end}-is"))))
            .collect()
    }
}
