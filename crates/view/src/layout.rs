//! What stands around every page: who is looking, in which world, in which language.
//!
//! A page struct has a field called `frame`; `layout/page.html` and the macros read it by that name.

use std::borrow::Cow;

use crate::asset::asset_path;
use domain::time::Timestamp;

use crate::clock::{self, At};
use crate::html::Html;
use crate::words::{Argument, Language, Words};

/// Everything a page shows that is not its own subject.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Frame {
    /// The words of the reader's language.
    pub words: Words,
    /// Path and query under which a GET shows this page, without `lang`: the language switch and
    /// the sign-in return to it.
    pub path: String,
    /// The hub that speaks.
    pub hub: HubLine,
    /// Strips across the top: which world this is.
    pub banners: Vec<Banner>,
    /// The person signed in; `None` on public pages.
    pub actor: Option<ActorLine>,
    /// The pages this person works with, in order.
    pub nav: Vec<NavItem>,
    /// What the last action did, shown once.
    pub message: Option<Message>,
    /// Token that every form sends back; empty on pages without forms.
    pub csrf: String,
    /// The time of the answer, for ages.
    pub now: Timestamp,
}

/// The hub as the footer names it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct HubLine {
    /// Display name of the hub.
    pub name: String,
    /// The log's newest signed checkpoint; `None` before the first.
    pub checkpoint: Option<Checkpoint>,
    /// Telephone number of the hub's desk, as one dials it.
    pub phone: Option<String>,
}

/// A signed checkpoint of the log.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Checkpoint {
    /// Entries it covers.
    pub entry_count: u64,
    /// When it was signed.
    pub at: Timestamp,
}

/// The person signed in, as the header shows it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ActorLine {
    /// Organization's name, as stored.
    pub organization: String,
    /// Person's name, as stored.
    pub person: String,
    /// Role, in the reader's language.
    pub role: String,
    /// Purpose of use that this session works under, in the reader's language.
    pub purpose: String,
}

/// One entry of the navigation.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NavItem {
    /// Path of the page.
    pub href: String,
    /// Its name, in the reader's language.
    pub label: String,
    /// Items that wait there; `None` where waiting has no meaning.
    pub waiting_count: Option<u64>,
}

/// A strip across the top of every page, file and printed sheet.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Banner {
    /// Synthetic nation: nothing here is real.
    Demo,
    /// An exercise runs; the text is its name.
    Drill(String),
}

/// What an action did.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Message {
    /// How it went.
    pub tone: Tone,
    /// One sentence, in the reader's language.
    pub text: String,
}

/// How loud a message is. Each tone has its own icon and word, so color is never alone.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Tone {
    /// It worked.
    Done,
    /// Good to know.
    Hint,
    /// Read this before going on.
    Warning,
    /// It did not work.
    Failure,
}

/// An entry of the language switch.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LanguageLink {
    /// The language it leads to.
    pub language: Language,
    /// This page in that language.
    pub href: String,
}

impl Frame {
    /// The sentence of `key`.
    pub fn t(&self, key: &str) -> Cow<'static, str> {
        self.words.t(key)
    }

    /// The sentence of `key` with `arguments`.
    pub fn tn(&self, key: &str, arguments: &[(&str, Argument<'_>)]) -> String {
        self.words.tn(key, arguments)
    }

    /// Path of the asset called `name`.
    #[expect(clippy::unused_self, reason = "templates reach it through the frame")]
    pub fn asset(&self, name: &str) -> &'static str {
        asset_path(name)
    }

    /// `at` in Japan time and UTC.
    pub fn moment(&self, at: impl At) -> Html {
        clock::moment(at.at(), self.words)
    }

    /// `at` in Japan time alone, for lists; the page an entry leads to shows UTC as well.
    pub fn jst(&self, at: impl At) -> Html {
        clock::jst_time(at.at(), self.words)
    }

    /// The day of `at`.
    pub fn date(&self, at: impl At) -> Html {
        clock::date(at.at(), self.words)
    }

    /// How long ago `at` was when the page was made. Only beside a written time.
    pub fn age(&self, at: impl At) -> String {
        clock::age(at.at(), self.now, self.words)
    }

    /// This page in each language.
    pub fn language_links(&self) -> Vec<LanguageLink> {
        let link = |language| LanguageLink {
            language,
            href: self.path_in(language),
        };
        Language::ALL.into_iter().map(link).collect()
    }

    /// Whether `item` is where the reader stands: the longest entry that begins this page's path.
    pub fn is_current(&self, item: &NavItem) -> bool {
        let path = self.path.split(['?', '#']).next().unwrap_or_default();
        let covers = |href: &str| {
            path.strip_prefix(href)
                .is_some_and(|rest| rest.is_empty() || rest.starts_with('/') || href.ends_with('/'))
        };
        covers(&item.href)
            && !self
                .nav
                .iter()
                .any(|other| other.href.len() > item.href.len() && covers(&other.href))
    }

    /// Class of `<body>`, which style and print sheets read the world from.
    pub fn world_class(&self) -> &'static str {
        let drill = self
            .banners
            .iter()
            .any(|banner| matches!(banner, Banner::Drill(_)));
        match (drill, self.banners.is_empty()) {
            (true, _) => "world-drill",
            (false, false) => "world-demo",
            (false, true) => "world-real",
        }
    }

    fn path_in(&self, language: Language) -> String {
        let (path, query) = self.path.split_once('?').unwrap_or((&self.path, ""));
        let mut kept: Vec<&str> = query.split('&').collect();
        kept.retain(|pair| !pair.is_empty() && !pair.starts_with("lang="));
        let own = format!("lang={}", language.tag());
        kept.push(&own);
        format!("{path}?{}", kept.join("&"))
    }
}

impl Tone {
    /// CSS class and icon name.
    pub fn class(self) -> &'static str {
        match self {
            Self::Done => "done",
            Self::Hint => "hint",
            Self::Warning => "warning",
            Self::Failure => "failure",
        }
    }

    /// The tone as a word, for readers who see no color and no icon.
    pub fn word(self, words: Words) -> Cow<'static, str> {
        match self {
            Self::Done => words.t("layout-tone-done"),
            Self::Hint => words.t("layout-tone-hint"),
            Self::Warning => words.t("layout-tone-warning"),
            Self::Failure => words.t("layout-tone-failure"),
        }
    }
}

pub mod sample;

#[cfg(test)]
mod tests;
