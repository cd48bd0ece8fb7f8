//! The first run: who keeps the hub and who is its first administrator.

use askama::Template;
use domain::time::Timestamp;

use crate::form::{Choice, Form};
use crate::layout::{Frame, sample};
use crate::words::Words;

/// The page. Form: `/first-run` (`code`, `kind`, `name_ja`, `name_en`, `person`, `login`, `mail`).
#[derive(Debug, Template)]
#[template(path = "first_run/first_run.html")]
pub struct FirstRunPage {
    /// Around the page.
    pub frame: Frame,
    /// What was typed, with what is wrong with it.
    pub form: Form,
    /// Kinds of organizations that can keep a hub.
    pub kinds: Vec<Choice>,
    /// Until when the code that was shown last is good; `None` when it has expired.
    pub good_until: Option<Timestamp>,
}

impl FirstRunPage {
    /// Empty; with a wrong code; after the code has expired.
    pub fn samples(words: Words) -> Vec<(&'static str, Self)> {
        let kinds = ["national-center", "isac", "ceptoar"];
        let page = |form, good_until| Self {
            frame: sample::public(words, "/first-run"),
            form,
            kinds: kinds
                .iter()
                .map(|kind| {
                    let hint = words.t(&format!("first-run-kind-hint-{kind}"));
                    Choice::new(*kind, words.t(&format!("members-kind-{kind}"))).hint(hint)
                })
                .collect(),
            good_until,
        };
        let until = Some(sample::NOW.plus_seconds(3_600));
        let mut wrong = Form::new("/first-run").with("kind", "isac");
        wrong.reject("code", words.t("first-run-wrong-code"));
        vec![
            ("empty", page(Form::new("/first-run"), until)),
            ("wrong", page(wrong, until)),
            ("expired", page(Form::new("/first-run"), None)),
        ]
    }
}
