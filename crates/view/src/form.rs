//! Forms: what was typed, what is wrong with it, what can be chosen.
//!
//! A rejected form comes back with everything that was typed. The macros in `macros/form.html`
//! read a field called `form` and draw one field per line.

use std::collections::BTreeMap;

/// A form as it stands: its target, its values and its errors, by field name.
///
/// Field names are `[a-z0-9_-]+`: they become ids in the page.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Form {
    /// Path the form is posted to.
    pub action: String,
    values: BTreeMap<String, Vec<String>>,
    errors: Vec<FieldError>,
}

/// What is wrong with one field.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FieldError {
    /// Name of the field.
    pub field: String,
    /// One sentence that says what to do, in the reader's language.
    pub message: String,
}

/// One of the things that can be chosen.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Choice {
    /// What is sent.
    pub value: String,
    /// What is read.
    pub label: String,
    /// One line of explanation or an example; may be empty.
    pub hint: String,
}

/// A line of a check-answers list.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Answer {
    /// The question.
    pub label: String,
    /// What was answered; empty shows as "not answered".
    pub value: String,
    /// Page on which to change it; empty if it cannot be changed.
    pub change: String,
}

impl Form {
    /// An empty form posted to `action`.
    pub fn new(action: impl Into<String>) -> Self {
        Self {
            action: action.into(),
            ..Self::default()
        }
    }

    /// Adds a value; a field of check boxes may have several.
    #[must_use]
    pub fn with(mut self, field: &str, value: impl Into<String>) -> Self {
        self.values
            .entry(field.to_owned())
            .or_default()
            .push(value.into());
        self
    }

    /// Makes `value` the only one of `field`.
    pub fn replace(&mut self, field: &str, value: impl Into<String>) {
        self.values.insert(field.to_owned(), vec![value.into()]);
    }

    /// Makes `values` those of `field`.
    pub fn replace_all(&mut self, field: &str, values: Vec<String>) {
        self.values.insert(field.to_owned(), values);
    }

    /// Adds an error to `field`; the page then begins with a summary of all errors.
    pub fn reject(&mut self, field: &str, message: impl Into<String>) {
        self.errors.push(FieldError {
            field: field.to_owned(),
            message: message.into(),
        });
    }

    /// The first value of `field`, or nothing.
    pub fn value(&self, field: &str) -> &str {
        self.values
            .get(field)
            .and_then(|values| values.first())
            .map_or("", String::as_str)
    }

    /// Every value of `field`.
    pub fn all(&self, field: &str) -> &[String] {
        self.values.get(field).map_or(&[], Vec::as_slice)
    }

    /// Whether `value` is among the values of `field`.
    pub fn has(&self, field: &str, value: &str) -> bool {
        self.values
            .get(field)
            .is_some_and(|values| values.iter().any(|v| v == value))
    }

    /// What is wrong with `field`; empty if nothing is.
    pub fn error(&self, field: &str) -> &str {
        self.errors
            .iter()
            .find(|error| error.field == field)
            .map_or("", |error| &error.message)
    }

    /// All errors, in the order they were found.
    pub fn errors(&self) -> &[FieldError] {
        &self.errors
    }

    /// Applies a press on a stepper's button, sent as `step=FIELD:+1` by a page without script.
    /// A value that is no number counts as zero; the result stays within `0..=most`.
    pub fn step(&mut self, pressed: &str, most: u32) {
        let Some((field, by)) = pressed.rsplit_once(':') else {
            return;
        };
        let Ok(by) = by.parse::<i32>() else { return };
        let count = self.value(field).trim().parse::<u32>().unwrap_or(0);
        let count = count.saturating_add_signed(by).min(most);
        self.replace(field, count.to_string());
    }
}

impl Choice {
    /// A choice without explanation.
    pub fn new(value: impl Into<String>, label: impl Into<String>) -> Self {
        Self {
            value: value.into(),
            label: label.into(),
            hint: String::new(),
        }
    }

    /// The same with one line of explanation.
    #[must_use]
    pub fn hint(mut self, hint: impl Into<String>) -> Self {
        self.hint = hint.into();
        self
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_rejected_form_keeps_what_was_typed() {
        let mut form = Form::new("/near-miss")
            .with("kind", "usb")
            .with("kind", "mail");
        form.reject("when", "いつのことかを選んでください");
        assert!(form.has("kind", "usb") && form.has("kind", "mail"));
        assert_eq!(form.value("kind"), "usb");
        assert_eq!(form.error("when"), "いつのことかを選んでください");
        assert_eq!((form.error("kind"), form.value("when")), ("", ""));
    }

    #[test]
    fn a_stepper_stays_in_its_range() {
        for (typed, pressed, expected) in [
            ("", "mail:+1", "1"),
            ("3", "mail:-1", "2"),
            ("0", "mail:-1", "0"),
            ("99", "mail:+1", "99"),
            ("三", "mail:+1", "1"),
            ("3", "nonsense", "3"),
        ] {
            let mut form = Form::new("/count").with("mail", typed);
            form.step(pressed, 99);
            assert_eq!(form.value("mail"), expected, "{typed} {pressed}");
        }
    }
}
