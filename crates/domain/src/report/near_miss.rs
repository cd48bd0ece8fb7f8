//! A near miss as it is told in a minute: six answers, and what may become of them.
//!
//! The six stand here once, for the page, the workbook and the interface of programs. How far a
//! near miss may travel is chosen as one of five presets, since nobody composes terms in a minute.

use std::collections::{BTreeMap, BTreeSet};

use crate::confidential::Confidential;
use crate::handling::{Circle, Consent, Tlp};
use crate::part::PartBody;
use crate::part::field::{Field, LINE_CHARS_MAX, Precision, Value};
use crate::report::draft::{Typed, typed};
use crate::report::filing::{Filing, Terms};
use crate::report::{Custody, Edition, ReportKind};
use crate::text::BoundedText;
use crate::time::Timestamp;
use crate::word::{Code, words};

/// A near miss, parsed at the door. `None` and an empty set are "not said", which is allowed
/// wherever they can stand.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NearMiss {
    /// What nearly happened.
    pub kind: Code,
    /// When; `None` is not known.
    pub occurred_at: Option<(Timestamp, Precision)>,
    /// Where it happened.
    pub places: BTreeSet<Code>,
    /// Why no harm came of it.
    pub no_harm_reason: Option<Code>,
    /// One line in the teller's own words.
    pub line: Option<BoundedText<LINE_CHARS_MAX>>,
    /// How far it may travel, and who may know from whom it came.
    pub scope: Scope,
}

words! {
    /// How far a near miss may travel, and who may know from whom it came.
    pub enum Scope {
        /// Without a name, after the border check to members, ministry, center and coordination.
        Unnamed = "unnamed",
        /// Without a name, within the CEPTOAR.
        UnnamedInside = "unnamed-inside",
        /// The CEPTOAR knows the name and may ask; beyond it as far as `Unnamed`.
        Named = "named",
        /// For the secretariat alone, which knows the name.
        NamedDesk = "named-desk",
        /// As far as `Unnamed`, and who it was is not kept anywhere.
        Stripped = "stripped",
    }
}

impl Scope {
    /// Who may know from whom it came.
    pub const fn custody(self) -> Custody {
        match self {
            Self::Unnamed | Self::UnnamedInside => Custody::Unnamed,
            Self::Named | Self::NamedDesk => Custody::Named,
            Self::Stripped => Custody::Stripped,
        }
    }

    /// The terms of travel, for `purposes`.
    pub fn terms(self, purposes: BTreeSet<Code>) -> Terms {
        let (tlp, circles, consent) = match self {
            Self::Unnamed | Self::Named | Self::Stripped => (
                Tlp::Amber,
                BTreeSet::from([
                    Circle::CeptoarMembers,
                    Circle::Ministry,
                    Circle::NationalCenter,
                    Circle::Coordination,
                ]),
                Consent::Granted,
            ),
            Self::UnnamedInside => (
                Tlp::Amber,
                BTreeSet::from([Circle::CeptoarMembers]),
                Consent::Refused,
            ),
            Self::NamedDesk => (Tlp::Red, BTreeSet::new(), Consent::Refused),
        };
        Terms {
            tlp,
            purposes,
            circles,
            consent,
        }
    }
}

impl NearMiss {
    /// The filing that says this. `sector` is the one it is routed by; `None` when it would tell
    /// too much.
    pub fn into_filing(self, sector: Option<Code>, purposes: BTreeSet<Code>) -> Filing {
        let one = |code: Code| Value::Codes(BTreeSet::from([code]));
        let occurred = self
            .occurred_at
            .map_or(Value::Unknown, |(at, to)| Value::Moment(at, to));
        let mut answers = BTreeMap::from([
            (Field::NearMissKind, one(self.kind)),
            (Field::OccurredAt, occurred),
        ]);
        if !self.places.is_empty() {
            answers.insert(Field::Place, Value::Codes(self.places));
        }
        if let Some(reason) = self.no_harm_reason {
            answers.insert(Field::NoHarmReason, one(reason));
        }
        if let Some(line) = self.line {
            let line = line.as_str().replace('\n', " ");
            answers.insert(Field::Headline, Value::Text(line));
        }
        if let Some(sector) = sector {
            answers.insert(Field::Sector, one(sector));
        }
        Filing {
            kind: ReportKind::NearMiss,
            custody: self.scope.custody(),
            edition: Edition::First,
            answers: Confidential::new(PartBody::new(answers)),
            terms: self.scope.terms(purposes),
        }
    }
}

/// What the draft of an incident already says when it was first told as a near miss, with the
/// `terms` that a draft begins with. `event_types` gives the type that each kind becomes.
pub fn promoted(
    near_miss: Vec<Confidential<PartBody>>,
    event_types: &BTreeMap<Code, Code>,
    terms: Typed,
) -> Confidential<Typed> {
    let mut answers: BTreeMap<Field, Value> = near_miss
        .into_iter()
        .flat_map(|part| part.into_content().into_fields())
        .collect();
    let kind = answers.remove(&Field::NearMissKind);
    let event = kind
        .as_ref()
        .and_then(Value::code)
        .and_then(|kind| event_types.get(kind));
    if let Some(event) = event {
        let event = Value::Codes(BTreeSet::from([event.clone()]));
        answers.insert(Field::EventTypes, event);
    }
    answers.remove(&Field::NoHarmReason);
    if let Some(at) = answers.get(&Field::OccurredAt).cloned() {
        answers.insert(Field::DetectedAt, at);
    }
    if let Some(line) = answers.get(&Field::Headline).cloned() {
        answers.insert(Field::Narrative, line);
    }
    let mut said = typed(Confidential::new(PartBody::new(answers))).into_content();
    said.extend(terms);
    Confidential::new(said)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::part::PartKind;

    fn near_miss(scope: Scope) -> NearMiss {
        NearMiss {
            kind: "slip".parse().unwrap(),
            occurred_at: None,
            places: BTreeSet::new(),
            no_harm_reason: None,
            line: BoundedText::parse_optional("一行目\n二行目").unwrap(),
            scope,
        }
    }

    fn purposes() -> BTreeSet<Code> {
        ["defense".parse().unwrap()].into()
    }

    #[test]
    fn the_kind_alone_is_a_complete_filing() {
        for scope in Scope::ALL {
            let filing = near_miss(*scope).into_filing(None, purposes());
            assert_eq!(filing.lacks(), [], "{scope}");
            assert_eq!(filing.custody, scope.custody());
        }
    }

    #[test]
    fn no_answer_of_a_near_miss_tells_the_source() {
        let parts = near_miss(Scope::Unnamed)
            .into_filing(None, purposes())
            .into_parts();
        assert!(!parts.contains_key(&PartKind::Source));
    }

    #[test]
    fn each_scope_reaches_what_it_says() {
        let reach = |scope: Scope| {
            scope
                .terms(purposes())
                .handling(PartKind::Attack)
                .reach()
                .into_iter()
                .map(Circle::word)
                .collect::<Vec<_>>()
        };
        let inner = ["source", "secretariat"];
        let wide = [
            "ceptoar-members",
            "ministry",
            "national-center",
            "coordination",
        ];
        assert_eq!(reach(Scope::NamedDesk), inner);
        assert_eq!(
            reach(Scope::UnnamedInside),
            [&inner[..], &wide[..1]].concat()
        );
        for scope in [Scope::Unnamed, Scope::Named, Scope::Stripped] {
            assert_eq!(reach(scope), [&inner[..], &wide[..]].concat(), "{scope}");
        }
    }
}
