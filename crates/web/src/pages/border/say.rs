//! What the border check says of itself, in the reader's language.

use domain::part::field::Field;
use domain::reference::area::{Area, ShownSector};
use domain::release::anonymity::{Anonymity, Offer, Step};
use domain::release::border::{Crossing, Fault};
use hub::release::Desk;
use view::answer::{Names, field_name, part_name};
use view::layout::{Message, Tone};
use view::lines::label_name;
use view::page::border::{AnonymityView, StepView};
use view::words::{Argument, Words};

/// What a step did, as the address of the page after it says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Did {
    Saved,
    Approved,
    Released,
    Withheld,
    Asked,
    Faulty,
    SecondPerson,
    Author,
    Ended,
}

impl Did {
    const ALL: [Self; 9] = [
        Self::Saved,
        Self::Approved,
        Self::Released,
        Self::Withheld,
        Self::Asked,
        Self::Faulty,
        Self::SecondPerson,
        Self::Author,
        Self::Ended,
    ];

    pub(super) const fn word(self) -> &'static str {
        match self {
            Self::Saved => "saved",
            Self::Approved => "approved",
            Self::Released => "released",
            Self::Withheld => "withheld",
            Self::Asked => "asked",
            Self::Faulty => "faulty",
            Self::SecondPerson => "second-person",
            Self::Author => "author",
            Self::Ended => "ended",
        }
    }

    /// The message for a word of the address; `None` for any other text.
    pub(super) fn message(word: Option<&str>, words: Words) -> Option<Message> {
        let did = Self::ALL.into_iter().find(|did| Some(did.word()) == word)?;
        let tone = match did {
            Self::Saved | Self::Approved | Self::Released | Self::Withheld | Self::Asked => {
                Tone::Done
            }
            Self::Faulty | Self::SecondPerson | Self::Author | Self::Ended => Tone::Warning,
        };
        Some(Message {
            tone,
            text: words.t(&format!("border-did-{}", did.word())).into_owned(),
        })
    }
}

/// The faults of a draft: the field of the form to mend, and what to do.
pub(super) fn faults(desk: &Desk, words: Words) -> Vec<(String, String)> {
    desk.faults
        .iter()
        .map(|fault| (anchor(fault), sentence(desk, fault, words)))
        .collect()
}

/// Name of a form's field for a field of a part.
pub(super) fn text_name(field: Field) -> String {
    format!("{}-{}", field.part().word(), field.word())
}

fn anchor(fault: &Fault) -> String {
    match fault {
        Fault::Undecided(kind) | Fault::Outdated(kind) | Fault::Empty(kind) => {
            format!("{}-crossing", kind.word())
        }
        Fault::NoReason(kind) => format!("{}-reason", kind.word()),
        Fault::ReachesNobody(kind) | Fault::Loosened(kind) => format!("{}-tlp", kind.word()),
        Fault::Copied { field, .. } | Fault::Unfit(field) => text_name(*field),
        Fault::Identifying { .. } => "confirm".to_owned(),
        Fault::SmallGroup => "small".to_owned(),
        Fault::NothingCrosses => String::new(),
    }
}

fn sentence(desk: &Desk, fault: &Fault, words: Words) -> String {
    let of_part = |key: &str, kind| {
        let part = part_name(kind, words);
        words.tn(key, &[("part", Argument::from(part))])
    };
    match fault {
        Fault::Undecided(kind) => of_part("border-fault-undecided", *kind),
        Fault::NoReason(kind) => of_part("border-fault-no-reason", *kind),
        Fault::ReachesNobody(kind) => of_part("border-fault-reaches-nobody", *kind),
        Fault::Empty(kind) => of_part("border-fault-empty", *kind),
        Fault::Loosened(kind) => of_part("border-fault-loosened", *kind),
        Fault::Outdated(kind) => of_part("border-fault-outdated", *kind),
        Fault::NothingCrosses => words.t("border-fault-nothing-crosses").into_owned(),
        Fault::SmallGroup => words.t("border-fault-small-group").into_owned(),
        Fault::Unfit(field) => {
            let name = field_name(*field, words);
            words.tn("border-fault-unfit", &[("field", name.into())])
        }
        Fault::Copied { field, span } => words.tn(
            "border-fault-copied",
            &[
                ("field", field_name(*field, words).into()),
                ("text", written(desk, *field, span.clone()).into()),
            ],
        ),
        Fault::Identifying { field, hit } => words.tn(
            "border-fault-identifying",
            &[
                ("field", field_name(*field, words).into()),
                ("text", written(desk, *field, hit.span.clone()).into()),
                ("label", label_name(hit.label, words).into()),
            ],
        ),
    }
}

/// The piece of the reviewer's own text that a span names.
pub(super) fn written(desk: &Desk, field: Field, span: std::ops::Range<usize>) -> String {
    desk.draft
        .content()
        .parts
        .get(&field.part())
        .and_then(|part| part.texts.get(&field))
        .and_then(|text| text.get(span))
        .unwrap_or_default()
        .to_owned()
}

/// How well the source hides, step by step.
pub(super) fn anonymity(anonymity: &Anonymity, names: Names<'_>) -> AnonymityView {
    let words = names.words;
    let steps = anonymity.steps.iter().enumerate();
    AnonymityView {
        candidates: anonymity.candidates(),
        candidates_min: anonymity.candidates_min,
        steps: steps
            .map(|(position, step)| step_view(anonymity, position, step, names))
            .collect(),
        short: if anonymity.is_short() {
            words.tn(
                "border-small-why",
                &[
                    ("count", anonymity.candidates().into()),
                    ("min", anonymity.candidates_min.into()),
                ],
            )
        } else {
            String::new()
        },
    }
}

fn step_view(anonymity: &Anonymity, position: usize, step: &Step, names: Names<'_>) -> StepView {
    let words = names.words;
    let (verdict, tone) = if position == anonymity.chosen {
        ("border-step-taken", "done")
    } else if step.offer == Offer::CountedOnly {
        ("border-step-counted", "still")
    } else if step.candidates < anonymity.candidates_min {
        ("border-step-too-few", "warning")
    } else {
        ("border-step-wider", "still")
    };
    let precision = step.shown.precision.word();
    StepView {
        sector: match &step.shown.sector {
            None => words.t("border-sector-unknown").into_owned(),
            Some(ShownSector::Sector(code)) => names.code(Field::Sector, code),
            Some(ShownSector::Others) => words.t("field-value-other-sectors").into_owned(),
        },
        area: match &step.shown.area {
            Area::Nation => words.t("border-area-nation").into_owned(),
            Area::Region(code) => names.code(Field::Region, code),
            Area::Prefecture(code) => names.code(Field::Prefecture, code),
        },
        precision: words
            .t(&format!("border-precision-{precision}"))
            .into_owned(),
        candidates: step.candidates,
        verdict: words.t(verdict).into_owned(),
        tone,
    }
}

/// Cross or withhold, in words.
pub(super) fn crossing_name(crossing: Crossing, words: Words) -> String {
    words
        .t(&format!("border-crossing-{}", crossing.word()))
        .into_owned()
}
