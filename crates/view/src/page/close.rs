//! Closing a report or an advisory: what ends by it, and what stays.

use askama::Template;
use domain::report::closing::CloseReason;

use crate::form::{Choice, Form};
use crate::layout::{Frame, sample};
use crate::words::Words;

/// The form that closes a report.
#[derive(Debug, Template)]
#[template(path = "close/report.html")]
pub struct CloseReport {
    /// Around the page.
    pub frame: Frame,
    /// Path of the report.
    pub href: String,
    /// Kind and pseudonym.
    pub subject: String,
    /// The form. Field: `reason`.
    pub form: Form,
}

/// The form that closes an advisory.
#[derive(Debug, Template)]
#[template(path = "close/advisory.html")]
pub struct CloseAdvisory {
    /// Around the page.
    pub frame: Frame,
    /// Path of the advisory.
    pub href: String,
    /// Kind and number.
    pub subject: String,
    /// Addressees that have given no final answer.
    pub waiting_count: usize,
    /// The form, without fields.
    pub form: Form,
}

/// What a reason is called.
pub fn close_reason_name(reason: CloseReason, words: Words) -> String {
    words
        .t(&format!("close-reason-{}", reason.word()))
        .into_owned()
}

impl CloseReport {
    fn reasons(&self) -> Vec<Choice> {
        let words = self.frame.words;
        CloseReason::ALL
            .iter()
            .map(|reason| Choice::new(reason.word(), close_reason_name(*reason, words)))
            .collect()
    }

    /// As it opens, and with nothing chosen.
    pub fn samples(words: Words) -> Vec<(&'static str, Self)> {
        let page = |form| Self {
            frame: sample::officer(words, "/reports/rpt_1/close"),
            href: "/reports/rpt_1".to_owned(),
            subject: words.tn(
                "case-title",
                &[
                    ("kind", words.t("sent-kind-incident").into()),
                    ("pseudonym", "S-7KQ2MX".into()),
                ],
            ),
            form,
        };
        let plain = Form::new("/reports/rpt_1/close");
        let mut wrong = Form::new("/reports/rpt_1/close");
        wrong.reject("reason", words.t("close-reason-missing"));
        vec![("plain", page(plain)), ("wrong", page(wrong))]
    }
}

impl CloseAdvisory {
    /// With addressees who have not answered, and when all have.
    pub fn samples(words: Words) -> Vec<(&'static str, Self)> {
        let page = |waiting_count| Self {
            frame: sample::officer(words, "/advisories/adv_1/close"),
            href: "/advisories/adv_1".to_owned(),
            subject: words.tn(
                "advisory-item-title",
                &[
                    ("kind", words.t("advisory-kind-alert").into()),
                    ("number", "A-7KQ2XM".into()),
                ],
            ),
            waiting_count,
            form: Form::new("/advisories/adv_1/close"),
        };
        vec![("waiting", page(12)), ("answered", page(0))]
    }
}
