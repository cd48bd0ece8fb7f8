//! Posted forms: what was typed or chosen, read into answers, with all that is wrong told at once.
//!
//! A form's field bears the word of the [`Field`] it asks. Pure: no page, no sentence. What is
//! wrong is a [`Wrong`]: the field's name and the reason, which the page puts into words.

use std::collections::{BTreeMap, BTreeSet};

use domain::part::field::{CODES_MAX, Field, FieldError, Shape, Value};
use domain::reference::ReferenceData;
use domain::report::draft::Typed;
use domain::text::TextError;
use domain::time::Timestamp;
use domain::word::Code;

use crate::moment::{self, MomentError};

pub mod first_report;
pub mod terms;

/// What is wrong with one field of a form.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Wrong {
    /// Name of the form's field.
    pub name: &'static str,
    /// What is wrong.
    pub why: Why,
}

/// Why an answer was not taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Why {
    /// It has to be answered, if only with "not known yet".
    #[error("answer this, or tick that it is not known yet")]
    Missing,
    /// Nothing is chosen where something has to be.
    #[error("choose one")]
    NotChosen,
    /// Longer than its limit.
    #[error("{chars} characters, and the limit is {chars_max}; shorten it")]
    TooLong {
        /// Characters given.
        chars: usize,
        /// Characters allowed.
        chars_max: usize,
    },
    /// An invisible character.
    #[error("an invisible character at position {position}; remove it")]
    Invisible {
        /// Position, counted in characters from 1.
        position: usize,
    },
    /// No moment, or none that can be.
    #[error(transparent)]
    Moment(#[from] MomentError),
    /// A choice that is not offered: the list has changed, or the form was made by hand.
    #[error("this choice is not offered; choose again")]
    NotOffered,
    /// More choices than a field holds.
    #[error("{count} choices, and the limit is {CODES_MAX}; keep the main ones")]
    TooMany {
        /// Choices made.
        count: usize,
    },
}

/// What a form is read against.
#[derive(Clone, Copy)]
pub struct Setting<'a> {
    /// The lists that choices come from.
    pub reference: &'a ReferenceData,
    /// The time of reading: choices are those of this day, and nothing happened after it.
    pub now: Timestamp,
}

/// How a blank answer is taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Blank {
    /// As no answer.
    Silence,
    /// As "not known yet", since the box of the question is ticked.
    Unknown,
}

/// Answers read, and what is wrong with the others.
#[derive(Default)]
pub struct Answers {
    /// What was answered.
    pub values: BTreeMap<Field, Value>,
    /// What could not be taken.
    pub wrongs: Vec<Wrong>,
}

impl Answers {
    /// Reads the answer to `field`; nothing when it is blank.
    pub fn read(&mut self, field: Field, typed: &Typed, blank: Blank, setting: Setting<'_>) {
        match read_one(field, all(typed, field.word()), setting) {
            Ok(Some(value)) => {
                self.values.insert(field, value);
            }
            Ok(None) if blank == Blank::Unknown => {
                self.values.insert(field, Value::Unknown);
            }
            Ok(None) => {}
            Err(why) => self.wrongs.push(Wrong {
                name: field.word(),
                why,
            }),
        }
    }

    /// Notes that `field` lacks an answer, unless it has one or something else is wrong with it.
    pub fn require(&mut self, field: Field) {
        let told = self.wrongs.iter().any(|wrong| wrong.name == field.word());
        if !told && !self.values.contains_key(&field) {
            self.wrongs.push(Wrong {
                name: field.word(),
                why: Why::Missing,
            });
        }
    }
}

/// The word that stands for "not known" among choices.
pub const UNKNOWN: &str = "unknown";

/// Every value typed under `name`.
pub fn all<'t>(typed: &'t Typed, name: &str) -> &'t [String] {
    typed.get(name).map_or(&[], Vec::as_slice)
}

/// The first value typed under `name`; empty when there is none.
pub fn one<'t>(typed: &'t Typed, name: &str) -> &'t str {
    all(typed, name).first().map_or("", String::as_str)
}

fn read_one(field: Field, typed: &[String], setting: Setting<'_>) -> Result<Option<Value>, Why> {
    let first = typed.first().map_or("", |text| text.trim());
    match field.shape() {
        Shape::Line | Shape::Prose => match Value::text(field, first) {
            Ok(value) => Ok(Some(value)),
            Err(FieldError::Text(TextError::Empty)) => Ok(None),
            Err(error) => Err(why(&error)),
        },
        Shape::Moment if first.is_empty() => Ok(None),
        Shape::Moment => {
            let (at, precision) = moment::parse(first, setting.now)?;
            Ok(Some(Value::Moment(at, precision)))
        }
        Shape::YesNo => match first {
            "" => Ok(None),
            UNKNOWN => Ok(Some(Value::Unknown)),
            word => word
                .parse()
                .map(|answer| Some(Value::Answer(answer)))
                .map_err(|_| Why::NotOffered),
        },
        Shape::OneCode | Shape::ManyCodes => codes(field, typed, setting),
        // A program makes it; no form asks for it.
        Shape::Finding => Err(Why::NotOffered),
    }
}

fn codes(field: Field, typed: &[String], setting: Setting<'_>) -> Result<Option<Value>, Why> {
    let mut chosen: BTreeSet<Code> = BTreeSet::new();
    for word in typed.iter().filter(|word| !word.is_empty()) {
        if !is_offered(field, word, setting) {
            return Err(Why::NotOffered);
        }
        chosen.insert(word.parse().map_err(|_| Why::NotOffered)?);
    }
    if chosen.is_empty() {
        return Ok(None);
    }
    Value::codes(field, chosen)
        .map(Some)
        .map_err(|error| why(&error))
}

/// Whether `code` may be chosen for `field` on the day of reading.
fn is_offered(field: Field, code: &str, setting: Setting<'_>) -> bool {
    let (lists, day) = (setting.reference, setting.now.day_in_japan());
    match field {
        Field::EventTypes => lists.event_types.selectable(code, day).is_some(),
        Field::Causes => lists.causes.selectable(code, day).is_some(),
        Field::Place => lists.places.selectable(code, day).is_some(),
        Field::Services => lists.services.selectable(code, day).is_some(),
        Field::Prefecture => lists.prefectures.selectable(code, day).is_some(),
        Field::Region => lists.regions.selectable(code, day).is_some(),
        Field::Sector => lists.sectors.selectable(code, day).is_some(),
        Field::NearMissKind => lists.near_miss_kinds.selectable(code, day).is_some(),
        Field::NoHarmReason => lists.no_harm_reasons.selectable(code, day).is_some(),
        _ => false,
    }
}

fn why(error: &FieldError) -> Why {
    match error {
        FieldError::Text(TextError::Empty) => Why::Missing,
        FieldError::Text(TextError::TooLong { chars, chars_max }) => Why::TooLong {
            chars: *chars,
            chars_max: *chars_max,
        },
        FieldError::Text(TextError::Invisible { position, .. }) => Why::Invisible {
            position: *position,
        },
        FieldError::TooMany { count } => Why::TooMany { count: *count },
        FieldError::WrongShape { .. } => Why::NotOffered,
    }
}

#[cfg(test)]
mod tests;
