//! The first report: nine questions, one a page, the check of answers, and the receipt.

use askama::Template;

use crate::form::{Answer, Choice, Form};
use crate::layout::Frame;
use crate::part::{Empty, HandlingBar, Progress};

mod samples;

/// Where a first report begins: by name, by code, or where it was left off.
#[derive(Debug, Template)]
#[template(path = "report/start.html")]
pub struct Start {
    /// Around the page.
    pub frame: Frame,
    /// Posts `keeping`: `name` or `code`.
    pub form: Form,
    /// Name of the relay that will receive it; `None` when the organization is joined to none.
    pub relay: Option<String>,
    /// Whether the relay has the custodians that a sealed identity needs.
    pub can_seal: bool,
    /// What the custody that a draft by code begins with means, in honest words.
    pub code_meaning: String,
    /// What the source can still do with such a report afterwards.
    pub code_afterwards: String,
    /// Drafts of the reader that wait to be finished.
    pub drafts_count: usize,
}

/// In the place of a page that sends something, while nobody is registered to receive it.
#[derive(Debug, Template)]
#[template(path = "report/no_relay.html")]
pub struct NoRelay {
    /// Around the page.
    pub frame: Frame,
    /// Title of the page that was asked for.
    pub title: String,
}

/// The sixteen digits of a draft that names nobody.
#[derive(Template)]
#[template(path = "report/code.html")]
pub struct CodeSlip {
    /// Around the page.
    pub frame: Frame,
    /// Four groups of four digits.
    pub code: String,
    /// Where to go on.
    pub next: String,
}

/// One question.
#[derive(Template)]
#[template(path = "report/ask.html")]
pub struct Ask {
    /// Around the page.
    pub frame: Frame,
    /// Posts the fields of the question with `revision`, `window` and `from`.
    pub form: Form,
    /// The question.
    pub title: String,
    /// One or two lines below it.
    pub hint: String,
    /// Its place among the nine.
    pub progress: Progress,
    /// What it asks.
    pub fields: Vec<Asked>,
    /// Label of the box "not known yet"; `None` where there is none.
    pub unknown: Option<(String, String)>,
    /// Revision of the draft, and the window that this page is.
    pub mark: (u32, String),
    /// Page before this one.
    pub back: String,
    /// Path that takes the unfinished page while it changes.
    pub autosave: String,
    /// Whether the reader came from the check of answers: `check`, or empty.
    pub from: String,
    /// Page with the sixteen digits; `None` for a draft under its author's name.
    pub code_page: Option<String>,
    /// What another window wrote into fields of this page meanwhile: field and text.
    pub clashes: Vec<Answer>,
    /// What must be read before answering, above the fields; may be empty.
    pub warning: String,
}

/// A field as a question asks it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Asked {
    /// Name of the form's field.
    pub name: String,
    /// Its label.
    pub label: String,
    /// One line below the label; may be empty.
    pub hint: String,
    /// `required` or `optional`.
    pub need: &'static str,
    /// How it is answered.
    pub control: Control,
}

/// How a field is answered.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Control {
    /// One line; the kind of its input: text, tel, email.
    Line(&'static str),
    /// Several lines, at most 8,000 characters (`domain::part::field::PROSE_CHARS_MAX`).
    Prose,
    /// A date with or without a time.
    Moment,
    /// One of several, shown as a list.
    One(Vec<Choice>),
    /// One of a few, shown in a row.
    Row(Vec<Choice>),
    /// Any of several.
    Many(Vec<Choice>),
    /// One of a long list.
    Select(Vec<Choice>),
}

/// All answers with the terms of each part, before sending.
#[derive(Template)]
#[template(path = "report/check.html")]
pub struct Check {
    /// Around the page.
    pub frame: Frame,
    /// Posts nothing but `revision`; its errors lead to the questions.
    pub form: Form,
    /// The terms as a whole: custody, consent and purposes.
    pub terms: Vec<Answer>,
    /// What the chosen custody means, in honest words.
    pub custody_meaning: String,
    /// The parts with at least one answer.
    pub parts: Vec<PartPreview>,
    /// Last question, to go back to.
    pub back: String,
    /// What is missing: path of the question and what to do there.
    pub lacks: Vec<(String, String)>,
    /// Posts nothing: shreds the draft.
    pub discard: Form,
    /// Revision of the draft that is shown.
    pub revision: u32,
}

/// A part as it would leave.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PartPreview {
    /// Name of the part.
    pub title: String,
    /// Who can read it as soon as it is sent.
    pub at_once: String,
    /// The terms under which it may go on after the border check; `None` when it never does.
    pub bar: Option<HandlingBar>,
    /// Further sentences about it.
    pub remarks: Vec<String>,
    /// Its answers.
    pub answers: Vec<Answer>,
}

/// What the source gets after sending.
#[derive(Template)]
#[template(path = "report/receipt.html")]
pub struct ReceiptPage {
    /// Around the page.
    pub frame: Frame,
    /// Number of the report.
    pub number: String,
    /// The name it is spoken of by above the border.
    pub pseudonym: String,
    /// The sixteen digits; `None` for a report under a name.
    pub code: Option<String>,
    /// When it was accepted.
    pub at: domain::time::Timestamp,
    /// What can be done afterwards, in honest words.
    pub afterwards: String,
    /// What happens next, in order.
    pub next: Vec<String>,
    /// Page of the report; `None` for one that only its code finds.
    pub page: Option<String>,
}

/// Drafts of the reader.
#[derive(Template)]
#[template(path = "report/drafts.html")]
pub struct Drafts {
    /// Around the page.
    pub frame: Frame,
    /// Last written first.
    pub rows: Vec<DraftLine>,
    /// What to say when there are none.
    pub empty: Empty,
}

/// A draft in the list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DraftLine {
    /// Where it goes on.
    pub href: String,
    /// Its headline, or a word for "no headline yet".
    pub title: String,
    /// Questions answered.
    pub answered_count: u8,
    /// When it was last written.
    pub updated_at: domain::time::Timestamp,
    /// When it is shredded.
    pub expires_at: domain::time::Timestamp,
}

/// Asks for the sixteen digits.
#[derive(Debug, Template)]
#[template(path = "report/resume.html")]
pub struct Resume {
    /// Around the page.
    pub frame: Frame,
    /// Posts `code`.
    pub form: Form,
}
