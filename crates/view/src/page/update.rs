//! A report as its source has it: what it says now, how it changed, and the form of an update.

use askama::Template;
use domain::time::Timestamp;

use crate::form::{Answer, Choice, Form};
use crate::layout::Frame;
use crate::page::case::{AspectField, Exact, OpinionView};
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
    /// Opinions on its severity that are shown to the source, newest first.
    pub opinions: Vec<OpinionView>,
    /// Gives the source's own; `None` when the reader gives none.
    pub rate: Option<(Form, Vec<AspectField>)>,
    /// To whom it can be shown; empty where there is no choice.
    pub reaches: Vec<Choice>,
    /// Page on which to update it; `None` when it was withdrawn.
    pub update: Option<String>,
    /// How closely its times are told.
    pub exact: Exact,
    /// Who holds it, beside the source: they are told when it is taken back.
    pub holders: Vec<String>,
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

impl UpdatePage {
    /// Whether something is said in one of `fields`, or is wrong there.
    fn says(&self, fields: &[Asked]) -> bool {
        fields.iter().any(|field| {
            !self.form.value(&field.name).is_empty() || !self.form.error(&field.name).is_empty()
        })
    }
}

/// What an update would change, before it is sent.
#[derive(Template)]
#[template(path = "update/check.html")]
pub struct UpdateCheck {
    /// Around the page.
    pub frame: Frame,
    /// Posts what is carried, with `then`: `send` or `edit`.
    pub form: Form,
    /// The name above the border.
    pub pseudonym: String,
    /// What the form carries along: names and values.
    pub carried: Vec<(String, String)>,
    /// What would change.
    pub changes: Vec<Compared>,
    /// Follow-up or final.
    pub edition: String,
    /// Said when somebody else updated it meanwhile and nothing clashes; empty otherwise.
    pub note: String,
    /// Page of the report.
    pub back: String,
}

/// One field before and after.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Compared {
    /// Name of the field.
    pub field: String,
    /// What it says; empty when it says nothing.
    pub before: String,
    /// What it would say.
    pub after: String,
}

/// Somebody else changed the same fields first: which of the two stays?
#[derive(Template)]
#[template(path = "update/clash.html")]
pub struct UpdateClash {
    /// Around the page.
    pub frame: Frame,
    /// Posts what is carried and a choice for each field.
    pub form: Form,
    /// The name above the border.
    pub pseudonym: String,
    /// What the form carries along: names and values.
    pub carried: Vec<(String, String)>,
    /// The fields, each with both texts.
    pub clashes: Vec<Clash>,
    /// Page of the report.
    pub back: String,
}

/// One field that two people changed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Clash {
    /// Name of the form's field.
    pub name: String,
    /// Name of the field.
    pub label: String,
    /// What was sent first, and what the reader wrote.
    pub choices: Vec<Choice>,
}
