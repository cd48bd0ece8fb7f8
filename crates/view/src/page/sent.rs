//! What the own organization sent under its name, and what became of it.

use askama::Template;
use domain::time::Timestamp;

use crate::layout::{Frame, Tone, sample};
use crate::part::Empty;
use crate::words::Words;

/// The list.
#[derive(Debug, Template)]
#[template(path = "sent/list.html")]
pub struct SentList {
    /// Around the page.
    pub frame: Frame,
    /// Newest first.
    pub reports: Vec<SentLine>,
    /// What stands there when nothing was sent.
    pub empty: Empty,
}

/// One report on the list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SentLine {
    /// What is reported, in the reader's language.
    pub kind: String,
    /// The name above the border.
    pub pseudonym: String,
    /// Where it stands, in the reader's language.
    pub stage: String,
    /// How that stands out.
    pub tone: Tone,
    /// When it was accepted.
    pub accepted_at: Timestamp,
}

impl SentList {
    /// With reports, and empty.
    pub fn samples(words: Words) -> Vec<(&'static str, Self)> {
        let page = |reports| Self {
            frame: sample::officer(words, "/sent"),
            reports,
            empty: Empty {
                title: words.t("sent-empty").into_owned(),
                why: words.t("sent-empty-why").into_owned(),
                action: None,
                checked_at: Some(sample::NOW),
            },
        };
        let line = SentLine {
            kind: words.t("sent-kind-near-miss").into_owned(),
            pseudonym: "S-7KQ2MD".to_owned(),
            stage: words.t("sent-stage-received").into_owned(),
            tone: Tone::Hint,
            accepted_at: sample::NOW,
        };
        vec![("full", page(vec![line])), ("empty", page(Vec::new()))]
    }
}
