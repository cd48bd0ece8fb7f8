//! Sending findings in: the page that takes them, and what was understood of them.

use askama::Template;
use domain::confidential::Confidential;
use domain::finding::{Finding, FindingTier};
use domain::release::Visible;

use crate::evidence;
use crate::form::{Choice, Form};
use crate::layout::{Frame, sample};
use crate::words::Words;

/// The page that takes findings, as a file or as text.
#[derive(Debug, Template)]
#[template(path = "finding/new.html")]
pub struct SendPage {
    /// Around the page.
    pub frame: Frame,
    /// Posts `text` and `file`.
    pub form: Form,
    /// Lines that are no findings: their numbers, and what is wrong.
    pub wrong: Vec<(usize, String)>,
    /// Findings that one text may hold.
    pub most: usize,
}

/// What was understood, and the terms under which it goes.
#[derive(Debug, Template)]
#[template(path = "finding/check.html")]
pub struct SendCheck {
    /// Around the page.
    pub frame: Frame,
    /// Posts `text` with the terms.
    pub form: Form,
    /// What was understood, in the order of the lines.
    pub findings: Visible<Vec<Finding>>,
    /// Labels to choose from.
    pub labels: Vec<Choice>,
    /// Circles to choose from.
    pub circles: Vec<Choice>,
    /// Purposes to choose from.
    pub purposes: Vec<Choice>,
}

impl SendPage {
    /// Empty, and with wrong lines.
    pub fn samples(words: Words) -> Vec<(&'static str, Self)> {
        let page = |form, wrong| Self {
            frame: sample::officer(words, "/findings/new"),
            form,
            wrong,
            most: 200,
        };
        let form = Form::new("/findings/new");
        let mut refused = form.clone().with("text", "{\"server\":\"192.168.1.4\"}");
        refused.reject("text", words.t("finding-wrong-lines"));
        let why = words.t("finding-wrong-address").into_owned();
        vec![
            ("empty", page(form, vec![])),
            ("wrong", page(refused, vec![(3, why)])),
        ]
    }
}

impl SendCheck {
    fn tier(&self, tier: FindingTier) -> String {
        evidence::tier(self.frame.words, tier.word())
    }

    /// With one finding.
    pub fn samples(words: Words) -> Vec<(&'static str, Self)> {
        let candidate = super::candidate::sample_candidate();
        let found = candidate.content();
        let finding = Finding {
            server: found.server,
            score: found.score,
            tier: found.tier,
            clients: found.clients,
            first_at: found.first_at,
            last_at: found.last_at,
            hours: found.hours,
            evidence: found.evidence.clone(),
        };
        let page = Self {
            frame: sample::officer(words, "/findings/new"),
            form: Form::new("/findings/send")
                .with("text", "{}")
                .with("tlp", "amber"),
            findings: domain::release::own(Confidential::new(vec![finding])),
            labels: vec![Choice::new("amber", "TLP:AMBER")],
            circles: vec![],
            purposes: vec![],
        };
        vec![("full", page)]
    }
}
