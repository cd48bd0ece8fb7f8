//! What an author typed, read once at the door.

use std::collections::{BTreeMap, BTreeSet};

use domain::advisory::chosen::Chosen;
use domain::confidential::Confidential;
use domain::id::OrganizationId;
use domain::organization::Tier;
use domain::part::field::{Field, FieldError, PROSE_CHARS_MAX, Value};
use domain::part::{PartBody, PartKind};
use domain::text::TextError;
use domain::time::Timestamp;
use exchange::moment;
use hub::compose::Writing;
use view::form::Form;
use view::page::duty::tier_name;
use view::words::Words;

use crate::form::Posted;
use crate::problem::Problem;

/// Reads the form; what cannot be read is rejected beside its field.
///
/// # Errors
/// [`Problem::Malformed`] for what no form of ours sends.
pub(super) fn read(
    posted: &Posted,
    form: &mut Form,
    words: Words,
    now: Timestamp,
) -> Result<Writing, Problem> {
    let malformed = |_| Problem::Malformed;
    Ok(Writing {
        kind: posted.one("kind").parse().map_err(malformed)?,
        grade: posted.one("grade").parse().map_err(malformed)?,
        body: body(posted, form, words),
        chosen: chosen(posted)?,
        dues: dues(posted, form, words, now),
        tlp: posted.one("tlp").parse().map_err(malformed)?,
        purposes: all(posted, "purposes")?,
        reports: all(posted, "reports")?,
    })
}

/// Whom a form shows as chosen; what is not a choice falls away.
pub(super) fn marked(form: &Form) -> BTreeSet<Chosen> {
    form.all("to")
        .iter()
        .filter_map(|value| value.parse().ok())
        .collect()
}

/// Whom the author chose.
fn chosen(posted: &Posted) -> Result<BTreeSet<Chosen>, Problem> {
    all(posted, "to")
}

/// The organizations among the choices, which stay in the table.
pub(super) fn organizations(chosen: &BTreeSet<Chosen>) -> BTreeSet<OrganizationId> {
    chosen
        .iter()
        .filter_map(|choice| match choice {
            Chosen::Organization(id, _) | Chosen::Person(_, id, _) => Some(*id),
            Chosen::Community(..) => None,
        })
        .collect()
}

/// The form as it shows what was saved.
pub(super) fn filled(
    form: Form,
    body: &PartBody,
    chosen: &BTreeSet<Chosen>,
    dues: &BTreeMap<Tier, Timestamp>,
) -> Form {
    let mut form = form;
    for (field, value) in body.fields() {
        if let Value::Text(text) = value {
            form = form.with(field.word(), text);
        }
    }
    for choice in chosen {
        form = form.with("to", choice.to_string());
    }
    for (tier, due_at) in dues {
        form = form.with(&due_field(*tier), moment::due_text(*due_at));
    }
    form
}

fn due_field(tier: Tier) -> String {
    format!("due-{tier}")
}

fn all<T: std::str::FromStr + Ord>(posted: &Posted, name: &str) -> Result<BTreeSet<T>, Problem> {
    posted
        .all(name)
        .iter()
        .map(|value| value.parse().map_err(|_| Problem::Malformed))
        .collect()
}

fn body(posted: &Posted, form: &mut Form, words: Words) -> Confidential<PartBody> {
    let mut fields = BTreeMap::new();
    for field in Field::ALL {
        let raw = posted.one(field.word());
        if field.part() != PartKind::Advisory || raw.trim().is_empty() {
            continue;
        }
        match Value::text(*field, raw) {
            Ok(value) => {
                fields.insert(*field, value);
            }
            Err(error) => form.reject(field.word(), text_fault(&error, words)),
        }
    }
    Confidential::new(PartBody::new(fields))
}

fn text_fault(error: &FieldError, words: Words) -> String {
    match error {
        FieldError::Text(TextError::TooLong { chars_max, .. }) => {
            words.tn("compose-text-too-long", &[("count", (*chars_max).into())])
        }
        FieldError::Text(_) => words.t("compose-text-bad").into_owned(),
        FieldError::TooMany { .. } | FieldError::WrongShape { .. } => words.tn(
            "compose-text-too-long",
            &[("count", PROSE_CHARS_MAX.into())],
        ),
    }
}

fn dues(
    posted: &Posted,
    form: &mut Form,
    words: Words,
    now: Timestamp,
) -> BTreeMap<Tier, Timestamp> {
    let mut dues = BTreeMap::new();
    for tier in Tier::ALL {
        let name = due_field(*tier);
        let raw = posted.one(&name);
        if raw.trim().is_empty() {
            continue;
        }
        if let Ok(due_at) = moment::parse_due(raw, now) {
            dues.insert(*tier, due_at);
        } else {
            let tier = tier_name(*tier, words);
            let text = words.tn("compose-due-unreadable", &[("tier", tier.into())]);
            form.reject(&name, text);
        }
    }
    dues
}
