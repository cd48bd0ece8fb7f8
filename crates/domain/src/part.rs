//! Parts: what can be read of a report or an advisory, each under its own terms.
//!
//! A report has four parts, since they have different owners and travel at different times; an
//! advisory and a finding have one; each message of a dialogue is one. All of them go through the same gate.

pub mod field;

use std::collections::BTreeMap;
use std::fmt;
use std::str::FromStr;

use crate::confidential::Confidential;
use crate::handling::Handling;
use crate::id::{AdvisoryId, FindingId, IdError, PartId, ReportId};
use crate::part::field::{Field, Value};
use crate::time::Timestamp;
use crate::word::words;

words! {
    /// What a part is: one of the four of a report, the text of an advisory, or a message.
    pub enum PartKind {
        /// Who reported.
        Source = "source",
        /// How the attack works: may travel early.
        Attack = "attack",
        /// What was hit and what was done about it.
        Damage = "damage",
        /// The prose.
        Summary = "summary",
        /// The text of an advisory, with its action per tier.
        Advisory = "advisory",
        /// A message of the dialogue with a source.
        Message = "message",
        /// What a carrier found about one server.
        Finding = "finding",
    }
}

words! {
    /// On which side of the border a part lives.
    pub enum Side {
        /// As the source wrote it; never crosses.
        Original = "original",
        /// As the reviewer wrote it; crosses after release.
        Outgoing = "outgoing",
    }
}

/// The content of one part: fields and what is known of each.
#[derive(Clone, PartialEq, Eq, Default)]
pub struct PartBody {
    fields: BTreeMap<Field, Value>,
}

impl PartBody {
    /// A body with these fields.
    pub fn new(fields: BTreeMap<Field, Value>) -> Self {
        Self { fields }
    }

    /// The fields in declared order.
    pub fn fields(&self) -> impl Iterator<Item = (Field, &Value)> {
        self.fields.iter().map(|(field, value)| (*field, value))
    }

    /// The fields, moved out.
    pub fn into_fields(self) -> BTreeMap<Field, Value> {
        self.fields
    }

    /// What is known of `field`; `None` when it was not asked or not answered.
    pub fn value(&self, field: Field) -> Option<&Value> {
        self.fields.get(&field)
    }

    /// Whether nothing is said.
    pub fn is_empty(&self) -> bool {
        self.fields.is_empty()
    }

    /// This body with the fields of `change` laid over it: an update says only what changed.
    #[must_use]
    pub fn updated(mut self, change: Self) -> Self {
        self.fields.extend(change.fields);
        self
    }
}

/// What a part belongs to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Subject {
    /// A report.
    Report(ReportId),
    /// An advisory.
    Advisory(AdvisoryId),
    /// A finding of a carrier.
    Finding(FindingId),
}

impl Subject {
    /// The report; `None` of anything else.
    pub fn report(self) -> Option<ReportId> {
        match self {
            Self::Report(id) => Some(id),
            Self::Advisory(_) | Self::Finding(_) => None,
        }
    }

    /// The finding; `None` of anything else.
    pub fn finding(self) -> Option<FindingId> {
        match self {
            Self::Finding(id) => Some(id),
            Self::Report(_) | Self::Advisory(_) => None,
        }
    }
}

impl fmt::Display for Subject {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Report(id) => write!(out, "{id}"),
            Self::Advisory(id) => write!(out, "{id}"),
            Self::Finding(id) => write!(out, "{id}"),
        }
    }
}

impl FromStr for Subject {
    type Err = IdError;

    fn from_str(text: &str) -> Result<Self, IdError> {
        text.parse()
            .map(Self::Advisory)
            .or_else(|_| text.parse().map(Self::Finding))
            .or_else(|_| text.parse().map(Self::Report))
    }
}

/// A part as the store holds it, before anybody may read it.
#[derive(Clone, PartialEq, Eq)]
pub struct Part {
    /// Its id.
    pub id: PartId,
    /// What it belongs to.
    pub subject: Subject,
    /// What it is.
    pub kind: PartKind,
    /// Original or outgoing.
    pub side: Side,
    /// 1 for the first, counting up with each update.
    pub version: u32,
    /// The content.
    pub body: Confidential<PartBody>,
    /// The terms.
    pub handling: Handling,
    /// When this version was written.
    pub written_at: Timestamp,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_update_replaces_only_what_it_says() {
        let text = |t: &str| Value::text(Field::Narrative, t).unwrap();
        let first =
            PartBody::new([(Field::Narrative, text("a")), (Field::Headline, text("h"))].into());
        let change = PartBody::new([(Field::Narrative, text("b"))].into());
        let now = first.updated(change);
        assert!(now.value(Field::Narrative) == Some(&text("b")));
        assert!(now.value(Field::Headline) == Some(&text("h")));
    }
}
