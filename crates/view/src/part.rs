//! Pieces of pages with content of their own: handling bars, empty lists, paging.
//!
//! The macros in `macros/part.html` draw them.

use domain::handling::{Circle, Consent, Handling, Tlp};
use domain::severity::Severity;
use domain::time::Timestamp;

use crate::words::Words;

/// The terms under which an item may travel, as one bar above the item.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct HandlingBar {
    /// The label.
    pub tlp: Tlp,
    /// Purposes of use, in the reader's language; empty means nobody may use it.
    pub purposes: Vec<String>,
    /// Circles it reaches, in the reader's language; empty means nobody.
    pub circles: Vec<String>,
    /// When sharing ends; `None` is when retention ends.
    pub expires_at: Option<Timestamp>,
}

/// A list with nothing in it: why, whether that is good, what to do.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Empty {
    /// What there is none of, as a sentence: `未対応の注意喚起は0件です`.
    pub title: String,
    /// Why, and whether that is good.
    pub why: String,
    /// What to do: path and label; `None` if nothing is to be done.
    pub action: Option<(String, String)>,
    /// When something last arrived or was last checked: tells zero from broken. `None` is never.
    pub checked_at: Option<Timestamp>,
}

/// Where a reader stands in a long list. Cursors are opaque; nothing is counted beyond the page.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Pager {
    /// Back to the newest; `None` on the first page.
    pub first_href: Option<String>,
    /// Older items; `None` on the last page.
    pub next_href: Option<String>,
}

/// A severity as pages show it: the number and word of the scale in use beside a shape.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SeverityMark {
    /// The rung; fills the shape.
    pub rung: Severity,
    /// Its number on the scale in use.
    pub number: String,
    /// Its name on the scale in use, in the reader's language.
    pub word: String,
}

/// Where one stands in a row of questions.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Progress {
    /// This question, from 1.
    pub now: u8,
    /// All questions.
    pub most: u8,
}

impl SeverityMark {
    /// Whether the shape's step, 0 to 4, is filled.
    pub fn fills(&self, step: u8) -> bool {
        step <= self.rung.rung()
    }
}

impl Progress {
    /// How far one has come, 0 to 100.
    pub fn percent(self) -> u16 {
        u16::from(self.now) * 100 / u16::from(self.most.max(1))
    }
}

impl HandlingBar {
    /// The bar for `handling`; `purposes` are the names of its purposes in the reader's language.
    pub fn new(handling: &Handling, purposes: Vec<String>, words: Words) -> Self {
        let reach = handling.reach();
        Self {
            tlp: handling.tlp,
            purposes,
            circles: reach
                .into_iter()
                .map(|circle| circle_name(circle, words))
                .collect(),
            expires_at: handling.expires_at,
        }
    }
}

/// Name of `circle`.
pub fn circle_name(circle: Circle, words: Words) -> String {
    words
        .t(&format!("part-circle-{}", circle.word()))
        .into_owned()
}

/// Name of the answer to "may this be passed on to the national center?".
pub fn consent_name(consent: Consent, words: Words) -> String {
    words
        .t(&format!("part-consent-{}", consent.word()))
        .into_owned()
}

/// What `tlp` allows, in one line. The label itself is never translated.
pub fn tlp_meaning(tlp: Tlp, words: Words) -> String {
    words.t(&format!("part-tlp-{}", tlp.word())).into_owned()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::words::Language;

    #[test]
    fn every_word_of_the_domain_has_a_name() {
        for language in Language::ALL {
            let words = Words::new(language);
            let circles = Circle::ALL.iter().map(|circle| circle_name(*circle, words));
            let consents = Consent::ALL
                .iter()
                .map(|consent| consent_name(*consent, words));
            let labels = Tlp::ALL.iter().map(|tlp| tlp_meaning(*tlp, words));
            for name in circles.chain(consents).chain(labels) {
                assert!(!name.starts_with('['), "{language:?}: {name}");
            }
        }
    }
}
