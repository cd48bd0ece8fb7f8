//! The own organization's public networks.

use askama::Template;
use domain::time::Timestamp;

use crate::form::Form;
use crate::layout::{Frame, sample};
use crate::words::Words;

/// The page. The form posts `networks`, one a line, with `as_of`.
#[derive(Debug, Template)]
#[template(path = "settings/networks.html")]
pub struct Networks {
    /// Around the page.
    pub frame: Frame,
    /// The networks as they stand.
    pub networks: Vec<String>,
    /// Since when; `None` while there are none.
    pub as_of: Option<Timestamp>,
    /// Posts to `/settings/networks`.
    pub form: Form,
}

impl Networks {
    /// None yet; two; a list with wrong lines.
    pub fn samples(words: Words) -> Vec<(&'static str, Self)> {
        let page = |networks: &[&str]| Self {
            frame: sample::officer(words, "/settings/networks"),
            networks: networks.iter().map(|one| (*one).to_owned()).collect(),
            as_of: (!networks.is_empty()).then_some(sample::NOW),
            form: Form::new("/settings/networks").with("networks", networks.join("\n")),
        };
        let mut wrong = page(&[]);
        let line = [("line", "2".into())];
        let why = words.tn("settings-networks-unreadable", &line);
        wrong.form.reject("networks", why);
        vec![
            ("none", page(&[])),
            ("some", page(&["203.0.113.0/24", "2001:db8::/32"])),
            ("wrong", wrong),
        ]
    }
}
