//! What the own organization sent, and what became of it; the mailbox of what was sent unnamed.

use askama::Template;
use domain::time::Timestamp;

use crate::form::Form;
use crate::layout::{Frame, Tone, sample};
use crate::page::dialogue::{Dialogue, section};
use crate::words::Words;

/// The list.
#[derive(Debug, Template)]
#[template(path = "sent/list.html")]
pub struct SentList {
    /// Around the page.
    pub frame: Frame,
    /// Newest first.
    pub reports: Vec<SentLine>,
}

/// One report on the list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SentLine {
    /// Page of what became of it.
    pub href: String,
    /// What it is and the name it is spoken of by.
    pub title: String,
    /// Where it stands, in the reader's language.
    pub stage: String,
    /// How that stands out.
    pub tone: Tone,
    /// When it was accepted.
    pub accepted_at: Timestamp,
}

/// What became of one report.
#[derive(Debug, Template)]
#[template(path = "sent/report.html")]
pub struct SentReport {
    /// Around the page.
    pub frame: Frame,
    /// The name it is spoken of by.
    pub pseudonym: String,
    /// What is reported, in the reader's language.
    pub kind: String,
    /// Who may know the source, in the reader's language.
    pub custody: String,
    /// Key of what the source just answered about the outgoing text; empty otherwise.
    pub done: &'static str,
    /// What happened, newest first.
    pub events: Vec<EventLine>,
    /// For a source in batches: everything before this is told.
    pub batch_until: Option<Timestamp>,
    /// Whether the role is not told who looked.
    pub readings_hidden: bool,
    /// Page on which its terms are changed; `None` when the reader may not or nothing follows.
    pub terms: Option<String>,
    /// Page of what it says and how that changed; `None` where a code alone finds the report.
    pub history: Option<String>,
    /// The form that makes an incident of it; `None` where that is not possible.
    pub promote: Option<Form>,
    /// Page on which the source is asked about the outgoing text; `None` when it is asked nothing.
    pub question: Option<String>,
    /// The dialogue with the secretariat.
    pub dialogue: Dialogue,
    /// File with the proofs of what is told here; `None` where they are listed elsewhere.
    pub proofs: Option<String>,
    /// The form that closes the mailbox; `None` for a named report.
    pub close: Option<Form>,
}

/// One thing that happened.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct EventLine {
    /// In one sentence.
    pub text: String,
    /// Further facts; may be empty.
    pub detail: String,
    /// The instant, for a named source.
    pub moment: Option<Timestamp>,
    /// The day, for a source in batches.
    pub day: Option<Timestamp>,
}

/// Typing the code of a mailbox. Field of the form: `code`.
#[derive(Debug, Template)]
#[template(path = "sent/mailbox.html")]
pub struct MailboxPage {
    /// Around the page.
    pub frame: Frame,
    /// The form; a code is never shown again.
    pub form: Form,
    /// What is told before the form; may be empty.
    pub note: String,
}

impl SentList {
    /// With reports, and empty.
    pub fn samples(words: Words) -> Vec<(&'static str, Self)> {
        let page = |reports| Self {
            frame: sample::officer(words, "/sent"),
            reports,
        };
        let line = SentLine {
            href: "/sent/rpt_1".to_owned(),
            title: words.tn(
                "sent-line",
                &[
                    ("kind", words.t("sent-kind-near-miss").into()),
                    ("name", "S-7KQ2MD".into()),
                ],
            ),
            stage: words.t("sent-stage-received").into_owned(),
            tone: Tone::Hint,
            accepted_at: sample::NOW,
        };
        vec![("full", page(vec![line])), ("empty", page(Vec::new()))]
    }
}

impl SentReport {
    /// A named source, and one in batches.
    pub fn samples(words: Words) -> Vec<(&'static str, Self)> {
        let accepted = EventLine {
            text: words.t("sent-event-accepted").into_owned(),
            moment: Some(sample::NOW),
            ..EventLine::default()
        };
        let named = Self {
            frame: sample::officer(words, "/sent/rpt_1"),
            pseudonym: "S-7KQ2MD".to_owned(),
            kind: words.t("sent-kind-near-miss").into_owned(),
            custody: words.t("near-miss-scope-named").into_owned(),
            done: "sent-done-approved",
            events: vec![accepted.clone()],
            batch_until: None,
            readings_hidden: true,
            terms: None,
            history: None,
            promote: Some(Form::new("/near-miss/rpt_1/promote")),
            question: Some("/sent/rpt_1/outgoing".to_owned()),
            dialogue: section(words),
            proofs: None,
            close: None,
        };
        let sealed = Self {
            frame: sample::officer(words, "/mailbox"),
            pseudonym: "S-7KQ2MD".to_owned(),
            kind: words.t("sent-kind-near-miss").into_owned(),
            custody: words.t("near-miss-scope-unnamed").into_owned(),
            done: "",
            events: vec![EventLine {
                moment: None,
                day: Some(sample::NOW),
                ..accepted
            }],
            batch_until: Some(sample::NOW),
            readings_hidden: false,
            terms: None,
            history: Some("/mailbox/history".to_owned()),
            question: None,
            dialogue: section(words),
            proofs: Some("/mailbox/proofs".to_owned()),
            promote: None,
            close: Some(Form::new("/mailbox/close")),
        };
        vec![("named", named), ("sealed", sealed)]
    }
}

impl MailboxPage {
    /// Empty, and after a wrong code.
    pub fn samples(words: Words) -> Vec<(&'static str, Self)> {
        let page = |form| Self {
            frame: sample::officer(words, "/mailbox"),
            form,
            note: String::new(),
        };
        let mut wrong = Form::new("/mailbox");
        wrong.reject("code", words.t("sent-mailbox-error-unknown"));
        vec![
            ("empty", page(Form::new("/mailbox"))),
            ("wrong", page(wrong)),
        ]
    }
}
