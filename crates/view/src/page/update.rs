//! A report as its source has it: what it says now, how it changed, and the form of an update.

use askama::Template;
use domain::time::Timestamp;

use crate::form::{Answer, Choice, Form};
use crate::layout::Frame;
use crate::page::report::{Asked, Control};
use crate::part::HandlingBar;

mod samples;

/// The report.
#[derive(Template)]
#[template(path = "update/own.html")]
pub struct OwnReportPage {
    /// Around the page.
    pub frame: Frame,
    /// Page of what became of it.
    pub became: String,
    /// The name above the border.
    pub pseudonym: String,
    /// Number, relay and the like.
    pub facts: Vec<Answer>,
    /// Kind, edition and stage as words.
    pub chips: Vec<String>,
    /// When it was accepted.
    pub accepted_at: Timestamp,
    /// What it says now, by part.
    pub parts: Vec<OwnPart>,
    /// How its fields changed.
    pub history: Vec<FieldChange>,
    /// Page on which to update it; `None` when it was withdrawn.
    pub update: Option<String>,
    /// Posts `reason`.
    pub withdraw: Form,
    /// The reasons.
    pub reasons: Vec<Choice>,
}

/// A part as it stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OwnPart {
    /// Its name.
    pub title: String,
    /// Its terms.
    pub bar: HandlingBar,
    /// Its answers.
    pub answers: Vec<Answer>,
}

/// One change of one field.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FieldChange {
    /// When.
    pub at: Timestamp,
    /// Name of the field.
    pub field: String,
    /// What it said; empty when it said nothing.
    pub before: String,
    /// What it says since.
    pub after: String,
}

/// The form of an update.
#[derive(Template)]
#[template(path = "update/update.html")]
pub struct UpdatePage {
    /// Around the page.
    pub frame: Frame,
    /// Posts the fields, `edition` and `based-on`.
    pub form: Form,
    /// The name above the border.
    pub pseudonym: String,
    /// The questions with their fields; the first is open.
    pub groups: Vec<(String, Vec<Asked>)>,
    /// Follow-up or final.
    pub editions: Vec<Choice>,
    /// How many versions there were.
    pub based_on: usize,
    /// Page of the report.
    pub back: String,
}
