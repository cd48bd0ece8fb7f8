//! Search: what was asked, and what of it the reader may see, newest first.

use askama::Template;
use domain::confidential::Confidential;
use domain::handling::Tlp;
use domain::release::Visible;
use domain::time::Timestamp;

use crate::form::{Choice, Form};
use crate::layout::{Frame, sample};
use crate::page::case::Exact;
use crate::part::{Empty, Pager};
use crate::words::{Language, Words};

/// The page. Without `excerpts` its rows carry codes and times, never a text.
#[derive(Debug, Template)]
#[template(path = "search/search.html")]
pub struct Search {
    /// Around the page.
    pub frame: Frame,
    /// What was asked, to ask again.
    pub form: Form,
    /// Kinds to narrow by.
    pub kinds: Vec<Choice>,
    /// What was found; `None` before anything was asked, or when it could not be.
    pub rows: Option<Vec<Row>>,
    /// Older ones.
    pub pager: Pager,
    /// Where the sentences that were met stand beside the rows; `None` when they do already, or
    /// there are none.
    pub excerpts: Option<String>,
    /// Whether this page shows such sentences: then it says that this is noted.
    pub noted: Noted,
}

/// Whether texts on this page were noted as read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Noted {
    /// No text is on the page.
    Nothing,
    /// The sentences shown were noted.
    Excerpts,
}

/// One thing found.
#[derive(Debug)]
pub struct Row {
    /// Its page.
    pub href: String,
    /// Kind and name.
    pub title: String,
    /// Names of the parts that meet a term.
    pub parts: Vec<String>,
    /// What it is about: codes by name.
    pub facets: Vec<String>,
    /// Since when it is there for the reader.
    pub seen_at: Timestamp,
    /// How closely that time is told.
    pub exact: Exact,
    /// The sentence that was met, with the field it stands in before it.
    pub excerpt: Option<Visible<(String, String)>>,
}

impl Row {
    fn tlp(&self) -> Option<Tlp> {
        self.excerpt.as_ref().map(|text| text.handling().tlp)
    }
}

impl Search {
    fn empty(&self) -> Empty {
        Empty {
            title: self.frame.t("search-empty").into_owned(),
            why: self.frame.t("search-empty-why").into_owned(),
            action: None,
            // A search receives nothing: there is no time at which something last came.
            checked_at: None,
        }
    }

    /// Before a question, with results, with sentences, with none, and with a question that cannot
    /// be asked.
    pub fn samples(words: Words) -> Vec<(&'static str, Self)> {
        let say = |ja: &str, en: &str| match words.language() {
            Language::Ja => ja.to_owned(),
            Language::En => en.to_owned(),
        };
        let row = |excerpt| Row {
            href: "/reports/rpt_00000000000000000000000000".to_owned(),
            title: say("事案 S-7KQ2MX", "Incident S-7KQ2MX"),
            parts: vec![say("概要", "Summary")],
            facets: vec![say("マルウェア感染", "Malware infection")],
            seen_at: sample::NOW.plus_seconds(-900),
            exact: Exact::Moment,
            excerpt,
        };
        let sentence = || {
            domain::release::own(Confidential::new((
                say("経緯", "Course of events"),
                say("VPN装置を止めた。", "The VPN device was stopped."),
            )))
        };
        let page = |form: Form, rows, noted, excerpts: Option<&str>| Self {
            frame: sample::officer(words, "/search?q=VPN"),
            form,
            kinds: vec![Choice::new("incident", say("事案", "Incident"))],
            rows,
            pager: Pager::default(),
            excerpts: excerpts.map(ToOwned::to_owned),
            noted,
        };
        let asked = || Form::new("/search").with("q", "VPN");
        let mut refused = Form::new("/search").with("q", "水");
        refused.reject("q", words.t("search-too-short"));
        let ask = Some("/search?q=VPN&texts=yes");
        let nothing = Noted::Nothing;
        vec![
            ("blank", page(Form::new("/search"), None, nothing, None)),
            ("found", page(asked(), Some(vec![row(None)]), nothing, ask)),
            (
                "sentences",
                page(
                    asked(),
                    Some(vec![row(Some(sentence()))]),
                    Noted::Excerpts,
                    None,
                ),
            ),
            ("empty", page(asked(), Some(vec![]), nothing, None)),
            ("refused", page(refused, None, nothing, None)),
        ]
    }
}
