//! Telling a near miss in a minute: the page, the two questions, the receipt.

use askama::Template;
use domain::time::Timestamp;

use crate::form::{Choice, Form};
use crate::layout::{Frame, sample};
use crate::words::Words;

pub mod batch;
mod samples;

/// The page. Fields of the form: `form_key`, `kind`, `when`, `when_text`, `place`, `reason`,
/// `line`, `scope`.
#[derive(Debug, Template)]
#[template(path = "near_miss/near_miss.html")]
pub struct NearMissPage {
    /// Around the page.
    pub frame: Frame,
    /// What was typed.
    pub form: Form,
    /// Random key of this form, so that sending it twice makes one report.
    pub form_key: String,
    /// What nearly happened: eight tiles with an example each.
    pub kinds: Vec<Choice>,
    /// Today, yesterday, another day, not known.
    pub whens: Vec<Choice>,
    /// Where it happened.
    pub places: Vec<Choice>,
    /// Why no harm came of it.
    pub reasons: Vec<Choice>,
    /// How far it may travel.
    pub scopes: Vec<Choice>,
    /// Who can know what, for each mode of custody.
    pub custody: Vec<CustodyLine>,
    /// Name of the relay that receives it.
    pub relay: String,
    /// Among how many organizations an unnamed source stands.
    pub source_count: usize,
    /// Purposes that it may be used for.
    pub purposes: Vec<String>,
}

/// Who can know what under one mode of custody.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CustodyLine {
    /// Name of the mode.
    pub name: String,
    /// Who can know what.
    pub meaning: String,
    /// What the source can still do afterwards.
    pub afterwards: String,
}

impl NearMissPage {
    /// Whether the relay cannot seal: then no scope without a name is offered.
    pub fn lacks_seal(&self) -> bool {
        !self
            .scopes
            .iter()
            .any(|scope| scope.value.starts_with("unnamed"))
    }

    /// Empty, refused, and at a relay that cannot seal.
    pub fn samples(words: Words) -> Vec<(&'static str, Self)> {
        samples::near_miss(words)
    }
}

/// The two questions. Fields: `harm`, `danger`.
#[derive(Debug, Template)]
#[template(path = "near_miss/questions.html")]
pub struct NearMissQuestions {
    /// Around the page.
    pub frame: Frame,
    /// What was answered.
    pub form: Form,
    /// The questions, in order.
    pub questions: Vec<AskedQuestion>,
    /// Yes, no, not sure.
    pub answers: Vec<Choice>,
    /// Where the answers lead; `None` before both are given.
    pub verdict: Option<ReachedVerdict>,
}

/// One of the two questions.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AskedQuestion {
    /// Name of the field.
    pub field: String,
    /// The question.
    pub name: String,
    /// What it means.
    pub help: String,
}

/// Where two answers lead.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ReachedVerdict {
    /// In a few words.
    pub name: String,
    /// The advice.
    pub text: String,
    /// Page to go to.
    pub href: String,
    /// Label of the way there.
    pub label: String,
}

impl NearMissQuestions {
    /// Before and after answering.
    pub fn samples(words: Words) -> Vec<(&'static str, Self)> {
        samples::questions(words)
    }
}

/// What the source takes home, shown once.
#[derive(Debug, Template)]
#[template(path = "near_miss/receipt.html")]
pub struct ReceiptPage {
    /// Around the page.
    pub frame: Frame,
    /// One per report; empty when they were shown already.
    pub receipts: Vec<ReceiptLine>,
    /// Name of the relay that received it.
    pub relay: String,
    /// When the page is shown, which is when it was accepted, give or take a minute.
    pub at: Timestamp,
    /// What was published of the reader's sector; `None` when nothing was.
    pub sector: Option<SectorLine>,
}

/// What the newest published quarter says of a sector.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SectorLine {
    /// The quarter by name.
    pub quarter: String,
    /// The sector by name.
    pub sector: String,
    /// How many reports; `None` where that is withheld.
    pub count: Option<u64>,
}

/// One receipt.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ReceiptLine {
    /// The name under which it is spoken of.
    pub pseudonym: String,
    /// Name of the mode of custody.
    pub custody: String,
    /// The code of its mailbox, in four groups; `None` for a named report.
    pub mailbox_code: Option<String>,
}

impl ReceiptPage {
    /// Whether there is a code to be written down.
    pub fn has_codes(&self) -> bool {
        self.receipts
            .iter()
            .any(|receipt| receipt.mailbox_code.is_some())
    }

    /// The heading.
    pub fn title(&self) -> String {
        let key = if self.receipts.is_empty() {
            "near-miss-receipt-gone-title"
        } else {
            "near-miss-receipt-title"
        };
        self.frame.t(key).into_owned()
    }

    /// Unnamed, named, and shown already.
    pub fn samples(words: Words) -> Vec<(&'static str, Self)> {
        samples::receipt(words)
    }
}

/// The same form came a second time with other content, or too late to repeat its receipt.
#[derive(Debug, Template)]
#[template(path = "near_miss/repeated.html")]
pub struct RepeatedPage {
    /// Around the page.
    pub frame: Frame,
}

impl RepeatedPage {
    /// The one case.
    pub fn samples(words: Words) -> Vec<(&'static str, Self)> {
        let frame = sample::officer(words, "/near-miss");
        vec![("again", Self { frame })]
    }
}
