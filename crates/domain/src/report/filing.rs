//! A report as it arrives at the door: answers, terms, and what the source chose about itself.

use std::collections::{BTreeMap, BTreeSet};

use crate::confidential::Confidential;
use crate::handling::{Circle, Consent, Handling, Tlp};
use crate::part::field::{Field, Value};
use crate::part::{PartBody, PartKind};
use crate::report::{Custody, Edition, ReportKind};
use crate::word::Code;

/// What a source hands in, parsed but not yet accepted.
pub struct Filing {
    /// What is reported.
    pub kind: ReportKind,
    /// Who may know the source.
    pub custody: Custody,
    /// First, follow-up or final.
    pub edition: Edition,
    /// Every answer, of all parts.
    pub answers: Confidential<PartBody>,
    /// The terms the source set.
    pub terms: Terms,
}

/// What the source lets happen with its report.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Terms {
    /// The label of attack, damage and summary.
    pub tlp: Tlp,
    /// Purposes of use it offers.
    pub purposes: BTreeSet<Code>,
    /// Circles that attack information may reach. Damage and summary reach the same without the
    /// members of the CEPTOAR and other sectors: who was hit is not theirs to know.
    pub circles: BTreeSet<Circle>,
    /// Whether it may be passed on to the national center.
    pub consent: Consent,
}

/// What a filing lacks.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum FilingLack {
    /// A question that has to be answered, if only with "unknown".
    #[error("`{}` has no answer; answer it or choose unknown", .0.word())]
    Answer(Field),
    /// No purpose of use.
    #[error("no purpose of use is chosen; a report without one may be used for nothing")]
    Purpose,
}

impl Filing {
    /// What is missing before it can be accepted.
    pub fn lacks(&self) -> Vec<FilingLack> {
        let required: &[Field] = match self.kind {
            ReportKind::NearMiss => &[Field::NearMissKind, Field::OccurredAt],
            ReportKind::Precursor | ReportKind::Incident => &[
                Field::EventTypes,
                Field::DetectedAt,
                Field::Systems,
                Field::Headline,
            ],
        };
        let answers = self.answers.content();
        // Prose says at least as much as the one line that would head it.
        let says = |field: Field| {
            answers.value(field).is_some()
                || (field == Field::Headline && answers.value(Field::Narrative).is_some())
        };
        let mut lacks: Vec<FilingLack> = required
            .iter()
            .filter(|field| !says(**field))
            .map(|field| FilingLack::Answer(*field))
            .collect();
        if self.terms.purposes.is_empty() {
            lacks.push(FilingLack::Purpose);
        }
        lacks
    }

    /// The sector the source named, for routing.
    pub fn sector(&self) -> Option<Code> {
        self.answers
            .content()
            .value(Field::Sector)
            .and_then(Value::code)
            .cloned()
    }

    /// The answers sorted into parts, each with its handling. Parts with no answer are left out;
    /// for custody that names nobody the source part is kept apart from the others by the caller.
    pub fn into_parts(self) -> BTreeMap<PartKind, (Confidential<PartBody>, Handling)> {
        let mut sorted: BTreeMap<PartKind, BTreeMap<Field, Value>> = BTreeMap::new();
        for (field, value) in self.answers.into_content().into_fields() {
            sorted.entry(field.part()).or_default().insert(field, value);
        }
        sorted
            .into_iter()
            .map(|(kind, fields)| {
                (
                    kind,
                    (
                        Confidential::new(PartBody::new(fields)),
                        self.terms.handling(kind),
                    ),
                )
            })
            .collect()
    }
}

impl Terms {
    /// The handling of one part under these terms.
    pub fn handling(&self, kind: PartKind) -> Handling {
        let inner = [Circle::Source, Circle::Secretariat];
        let mut circles: BTreeSet<Circle> = self.circles.clone();
        let tlp = match kind {
            PartKind::Source => {
                circles.clear();
                Tlp::Red
            }
            PartKind::Attack | PartKind::Advisory | PartKind::Message | PartKind::Finding => {
                self.tlp
            }
            PartKind::Damage | PartKind::Summary => {
                circles.remove(&Circle::CeptoarMembers);
                circles.remove(&Circle::CrossSector);
                circles.remove(&Circle::Public);
                self.tlp.max(Tlp::Amber)
            }
        };
        circles.extend(inner);
        Handling {
            tlp,
            purposes: self.purposes.clone(),
            circles,
            expires_at: None,
            consent: self.consent,
        }
    }
}

impl Handling {
    /// The terms of an original before the border: the source and its secretariat, nobody else.
    #[must_use]
    pub fn before_the_border(&self) -> Self {
        let inner: BTreeSet<Circle> = [Circle::Source, Circle::Secretariat].into();
        Self {
            circles: self.circles.intersection(&inner).copied().collect(),
            ..self.clone()
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn filing() -> Filing {
        let fields = BTreeMap::from([
            (
                Field::Organization,
                Value::text(Field::Organization, "北浜電力").unwrap(),
            ),
            (
                Field::NearMissKind,
                Value::Codes(["phishing".parse().unwrap()].into()),
            ),
            (Field::OccurredAt, Value::Unknown),
            (Field::Headline, Value::text(Field::Headline, "x").unwrap()),
        ]);
        Filing {
            kind: ReportKind::NearMiss,
            custody: Custody::Named,
            edition: Edition::First,
            answers: Confidential::new(PartBody::new(fields)),
            terms: Terms {
                tlp: Tlp::Green,
                purposes: ["defense".parse().unwrap()].into(),
                circles: [Circle::Ministry, Circle::CeptoarMembers].into(),
                consent: Consent::Undecided,
            },
        }
    }

    #[test]
    fn unknown_is_an_answer_and_silence_is_not() {
        assert_eq!(filing().lacks(), []);
        let mut empty = filing();
        empty.answers = Confidential::new(PartBody::default());
        assert_eq!(empty.lacks().len(), 2);
    }

    #[test]
    fn each_part_travels_under_its_own_terms() {
        let parts = filing().into_parts();
        let handling = |kind| &parts.get(&kind).unwrap().1;
        assert_eq!(handling(PartKind::Source).tlp, Tlp::Red);
        assert_eq!(
            handling(PartKind::Source).circles,
            [Circle::Source, Circle::Secretariat].into()
        );
        assert!(
            handling(PartKind::Attack)
                .circles
                .contains(&Circle::CeptoarMembers)
        );
        assert!(
            !handling(PartKind::Summary)
                .circles
                .contains(&Circle::CeptoarMembers)
        );
        let original = handling(PartKind::Attack).before_the_border();
        assert_eq!(
            original.circles,
            [Circle::Source, Circle::Secretariat].into()
        );
    }
}
