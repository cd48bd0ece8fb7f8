//! Telling users: the numbers of a carrier's own desk, and a text for its letters.

use askama::Template;
use domain::finding::{Campaign, Candidate};
use domain::release::Visible;
use domain::time::Timestamp;

use super::place;
use crate::form::Form;
use crate::layout::{Frame, sample};
use crate::letter;
use crate::words::{Language, Words};

/// The page of a carrier's desk.
#[derive(Debug, Template)]
#[template(path = "finding/users.html")]
pub struct UsersPage {
    /// Around the page.
    pub frame: Frame,
    /// Page of the candidate.
    pub back: String,
    /// What was found; `None` when its sharing has ended.
    pub found: Option<Visible<Candidate>>,
    /// The last call that the carrier itself saw; `None` when it saw none.
    pub seen_at: Option<Timestamp>,
    /// The numbers, and since when they stand.
    pub numbers: Option<(Campaign, Timestamp)>,
    /// Posts `concerned`, `told`, `cured` and `uncured`, with `as_of`.
    pub form: Form,
}

impl UsersPage {
    /// The text for a letter, in both languages: the language's own name, its tag, the paragraphs.
    fn letters(&self) -> Vec<(&'static str, &'static str, Vec<String>)> {
        Language::ALL
            .into_iter()
            .map(|language| {
                let words = Words::new(language);
                let paragraphs = letter::paragraphs(words, self.seen_at);
                (language.own_name(), language.tag(), paragraphs)
            })
            .collect()
    }

    fn title(&self) -> String {
        match &self.found {
            Some(found) => place(found.content().server, self.frame.words),
            None => self.frame.t("finding-users-ended").into_owned(),
        }
    }

    /// Before the first number, with numbers, and with wrong ones.
    pub fn samples(words: Words) -> Vec<(&'static str, Self)> {
        let page = |numbers: Option<(Campaign, Timestamp)>, form| Self {
            frame: sample::officer(words, "/findings/cnd_00000000000000000000000000/users"),
            back: "/findings/cnd_00000000000000000000000000".to_owned(),
            found: numbers.is_some().then(super::candidate::sample_candidate),
            seen_at: numbers.map(|(_, at)| at),
            numbers,
            form,
        };
        let form = || Form::new("/findings/cnd_00000000000000000000000000/users");
        let numbers = Campaign::new(40, 36, 20, 9)
            .ok()
            .map(|one| (one, sample::NOW));
        let mut wrong = form().with("concerned", "3").with("told", "5");
        wrong.reject("told", words.t("finding-users-told-wrong"));
        vec![
            ("empty", page(None, form())),
            ("full", page(numbers, form().with("concerned", "40"))),
            ("wrong", page(None, wrong)),
        ]
    }
}
