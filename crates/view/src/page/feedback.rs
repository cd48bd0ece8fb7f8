//! Feedback: what stands below an advisory once one has acted, and its form as a page of its own.

use askama::Template;
use domain::advisory::feedback::{Matching, Timeliness, Usefulness};
use domain::release::Visible;

use crate::form::{Choice, Form};
use crate::layout::{Frame, sample};
use crate::page::reach::{Head, sampled};
use crate::words::Words;

pub mod effect;

/// What stands below an advisory.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct After {
    /// Path of the advisory.
    pub href: String,
    /// Whether the reader's organization is asked.
    pub asked: Asked,
    /// How many organizations have acted; `None` where that is not told.
    pub acted_count: Option<u64>,
    /// Whether the reader may look at the reach.
    pub watches: bool,
}

/// Where an organization stands with its feedback.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Asked {
    /// It is not asked.
    Not,
    /// It is: this is the form, empty or with what it said.
    Open(Form, Said),
    /// What it said stays.
    Counted(Answers),
}

/// Whether an organization has answered.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Said {
    /// It has, and may correct it.
    Yes,
    /// It has not.
    No,
}

/// What an organization said.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Answers {
    /// Was it useful?
    pub useful: Usefulness,
    /// When did it arrive, relative to need?
    pub timeliness: Timeliness,
    /// Did it match something there?
    pub matched: Matching,
    /// The remark; `None` when none was written.
    pub remark: Option<Visible<String>>,
}

/// The form alone, when something in it is wrong or it is corrected.
#[derive(Debug, Template)]
#[template(path = "feedback/feedback.html")]
pub struct FeedbackPage {
    /// Around the page.
    pub frame: Frame,
    /// What it is about.
    pub href: String,
    /// The form.
    pub form: Form,
}

impl After {
    /// Nothing at all.
    pub fn nothing(href: &str) -> Self {
        Self {
            href: href.to_owned(),
            asked: Asked::Not,
            acted_count: None,
            watches: false,
        }
    }

    /// Path of the page called `name` of the advisory.
    pub fn page(&self, name: &str) -> String {
        format!("{}/{name}", self.href)
    }

    /// A form to be filled in by somebody who may also look at the reach.
    pub fn sample() -> Self {
        Self {
            href: "/advisories/adv_1".to_owned(),
            asked: Asked::Open(Form::new("/advisories/adv_1/feedback"), Said::No),
            acted_count: Some(24),
            watches: true,
        }
    }
}

impl Answers {
    /// The answers as words, each with its question.
    pub fn lines(&self, words: Words) -> Vec<(String, String)> {
        let line = |question: &str, answer: &str| {
            (
                words.t(&format!("feedback-{question}")).into_owned(),
                words
                    .t(&format!("feedback-{question}-{answer}"))
                    .into_owned(),
            )
        };
        vec![
            line("useful", self.useful.word()),
            line("timeliness", self.timeliness.word()),
            line("matched", self.matched.word()),
        ]
    }
}

/// The answers to a question: `useful`, `timeliness` or `matched`.
pub fn choices(question: &str, words: Words) -> Vec<Choice> {
    let answers: Vec<&'static str> = match question {
        "useful" => Usefulness::ALL.iter().map(|word| word.word()).collect(),
        "timeliness" => Timeliness::ALL.iter().map(|word| word.word()).collect(),
        _ => Matching::ALL.iter().map(|word| word.word()).collect(),
    };
    answers
        .into_iter()
        .map(|answer| Choice::new(answer, words.t(&format!("feedback-{question}-{answer}"))))
        .collect()
}

impl FeedbackPage {
    /// With nothing chosen.
    pub fn samples(words: Words) -> Vec<(&'static str, Self)> {
        let head: Head = sampled::head(words);
        let mut form = Form::new("/advisories/adv_1/feedback").with("useful", "yes");
        form.reject("matched", words.t("feedback-missing"));
        let page = Self {
            frame: sample::officer(words, "/advisories/adv_1/feedback"),
            href: head.href,
            form,
        };
        vec![("wrong", page)]
    }
}
