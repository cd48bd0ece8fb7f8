//! The nine questions of a first report: which fields each asks, and which have to be answered.
//!
//! Pages, the check of answers, drafts and the history all follow this one list. "Not known yet" is
//! an answer to every question but the last: the box of a question turns what is left blank there
//! into [`Value::Unknown`](crate::part::field::Value::Unknown).

use crate::part::field::Field;
use crate::word::words;

words! {
    /// A question of the first report, in the order in which they are asked.
    pub enum Question {
        /// What happened.
        What = "what",
        /// Since when.
        When = "when",
        /// Which systems, and where.
        Systems = "affected",
        /// Which services, and whether the level to be maintained was departed from.
        Services = "services",
        /// Effect on users, and spill-over.
        Effect = "effect",
        /// What is known of the attack.
        Attack = "attack",
        /// What has been done, and when recovery is expected.
        Response = "response",
        /// Whom to reach outside the affected network.
        Contact = "contact",
        /// What may be done with the report.
        Terms = "terms",
    }
}

/// Name of the form's field for the kind of report, asked with the first question.
pub const KIND: &str = "kind";
/// Names of the form's fields for the terms, asked with the last question.
pub const TERMS: [&str; 5] = ["custody", "tlp", "circles", "purposes", "consent"];

impl Question {
    /// The fields it asks, in shown order; empty for the terms, which are no part of the content.
    pub const fn fields(self) -> &'static [Field] {
        match self {
            Self::What => &[Field::EventTypes, Field::Headline, Field::Narrative],
            Self::When => &[Field::DetectedAt, Field::OccurredAt],
            Self::Systems => &[Field::Systems, Field::Place, Field::Prefecture],
            Self::Services => &[Field::Services, Field::ServiceLevel],
            Self::Effect => &[Field::Effect, Field::SpillOver],
            Self::Attack => &[Field::Causes, Field::Technique, Field::Indicators],
            Self::Response => &[Field::Response, Field::Recovery],
            Self::Contact => &[Field::ContactName, Field::ContactPhone, Field::ContactMail],
            Self::Terms => &[],
        }
    }

    /// Whether `field` may not be left blank unless the box "not known yet" of its question is
    /// ticked.
    pub const fn requires(field: Field) -> bool {
        matches!(
            field,
            Field::EventTypes
                | Field::Headline
                | Field::DetectedAt
                | Field::Systems
                | Field::ContactPhone
        )
    }

    /// The question that asks `field`; `None` for fields that the first report does not ask.
    pub fn asking(field: Field) -> Option<Self> {
        Self::ALL
            .iter()
            .copied()
            .find(|question| question.fields().contains(&field))
    }

    /// Its number, from 1.
    pub const fn number(self) -> u8 {
        self as u8 + 1
    }

    /// The one after it; `None` after the last.
    pub fn next(self) -> Option<Self> {
        Self::ALL.get(usize::from(self.number())).copied()
    }

    /// The one before it; `None` before the first.
    pub fn previous(self) -> Option<Self> {
        let before = self.number().checked_sub(2)?;
        Self::ALL.get(usize::from(before)).copied()
    }

    /// Name of the form's box that says "not known yet".
    pub const fn unknown_name(self) -> &'static str {
        match self {
            Self::What => "what-unknown",
            Self::When => "when-unknown",
            Self::Systems => "affected-unknown",
            Self::Services => "services-unknown",
            Self::Effect => "effect-unknown",
            Self::Attack => "attack-unknown",
            Self::Response => "response-unknown",
            Self::Contact => "contact-unknown",
            Self::Terms => "terms-unknown",
        }
    }

    /// The names of all form fields on its page.
    pub fn names(self) -> Vec<&'static str> {
        let mut names: Vec<&'static str> = self.fields().iter().map(|field| field.word()).collect();
        match self {
            Self::What => names.extend([KIND, self.unknown_name()]),
            Self::Terms => names.extend(TERMS),
            _ => names.push(self.unknown_name()),
        }
        names
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nine_questions_in_a_row() {
        assert_eq!(Question::ALL.len(), 9);
        let mut row = vec![Question::What];
        while let Some(next) = row.last().and_then(|last| last.next()) {
            assert_eq!(next.previous(), row.last().copied());
            row.push(next);
        }
        assert_eq!(row, Question::ALL);
        assert_eq!(Question::What.previous(), None);
    }

    #[test]
    fn at_most_four_questions_have_to_be_answered() {
        let asked = |question: &&Question| question.fields().iter().any(|f| Question::requires(*f));
        assert_eq!(Question::ALL.iter().filter(asked).count(), 4);
    }

    #[test]
    fn no_field_is_asked_twice() {
        for field in Field::ALL {
            let asking = Question::ALL
                .iter()
                .filter(|question| question.fields().contains(field))
                .count();
            assert!(asking <= 1, "{field}");
        }
    }
}
