//! What still stands between a draft and its release.

use std::ops::Range;

use super::{Crossing, Draft, PartDraft, SmallGroup, compose, copied::copied};
use crate::part::field::{Field, Value};
use crate::part::{Part, PartKind};
use crate::release::anonymity::Anonymity;
use crate::release::detector::{Detector, Hit};
use crate::text::fold;

/// A draft with what it is judged by.
pub struct Review<'a> {
    /// The draft.
    pub draft: &'a Draft,
    /// The newest version of each original part.
    pub originals: &'a [Part],
    /// How well the source hides.
    pub anonymity: &'a Anonymity,
    /// Knows the names by which texts give the source away.
    pub detector: &'a Detector,
}

/// One reason why a draft cannot be released yet. Spans are bytes of the outgoing text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Fault {
    /// Nobody has decided about the part.
    Undecided(PartKind),
    /// A part is withheld without a reason.
    NoReason(PartKind),
    /// Every part is withheld: end the review without a release instead.
    NothingCrosses,
    /// The part crosses with nothing in it.
    Empty(PartKind),
    /// The terms reach nobody above the border.
    ReachesNobody(PartKind),
    /// The terms are wider than the source's.
    Loosened(PartKind),
    /// A newer version of the original came in after the draft was begun.
    Outdated(PartKind),
    /// A run of the text stands in the original word for word.
    Copied {
        /// The field.
        field: Field,
        /// The run.
        span: Range<usize>,
    },
    /// A string that may identify the source stands in the text and nobody let it stand.
    Identifying {
        /// The field.
        field: Field,
        /// What was found.
        hit: Hit,
    },
    /// A text does not fit its field.
    Unfit(Field),
    /// Fewer candidates than asked for, and nobody took that upon himself.
    SmallGroup,
}

/// Everything that stands between the draft and its release; empty when it may be approved.
pub fn faults(review: &Review<'_>) -> Vec<Fault> {
    let mut found = Vec::new();
    for (kind, part) in &review.draft.parts {
        part_faults(review, *kind, part, &mut found);
    }
    let crosses = |part: &PartDraft| part.crossing == Some(Crossing::Cross);
    let decided = review
        .draft
        .parts
        .values()
        .all(|part| part.crossing.is_some());
    if decided && !review.draft.parts.values().any(crosses) {
        found.push(Fault::NothingCrosses);
    }
    if review.anonymity.is_short() && review.draft.small_group == SmallGroup::Open {
        found.push(Fault::SmallGroup);
    }
    found
}

fn part_faults(review: &Review<'_>, kind: PartKind, part: &PartDraft, found: &mut Vec<Fault>) {
    let Some(original) = review.originals.iter().find(|o| o.kind == kind) else {
        found.push(Fault::Outdated(kind));
        return;
    };
    if original.id != part.original {
        found.push(Fault::Outdated(kind));
    }
    match part.crossing {
        None => found.push(Fault::Undecided(kind)),
        Some(Crossing::Withhold) if part.reason.trim().is_empty() => {
            found.push(Fault::NoReason(kind));
        }
        Some(Crossing::Withhold) => {}
        Some(Crossing::Cross) => {
            if original.handling.tightened(part.handling.clone()).is_err() {
                found.push(Fault::Loosened(kind));
            }
            if !super::reaches_beyond(&part.handling) {
                found.push(Fault::ReachesNobody(kind));
            }
            if let Some(shown) = review.anonymity.shown()
                && compose(original, part, shown)
                    .content()
                    .fields()
                    .next()
                    .is_none()
            {
                found.push(Fault::Empty(kind));
            }
            text_faults(review, part, found);
        }
    }
}

fn text_faults(review: &Review<'_>, part: &PartDraft, found: &mut Vec<Fault>) {
    let prose: Vec<&str> = review.originals.iter().flat_map(prose).collect();
    for (field, text) in &part.texts {
        if Value::text(*field, text).is_err() {
            found.push(Fault::Unfit(*field));
        }
        found.extend(copies(*field, text, &prose));
        for hit in review.detector.hits(text) {
            let spelled = text.get(hit.span.clone()).unwrap_or_default();
            if !review.draft.confirmed.contains(&(*field, fold(spelled))) {
                found.push(Fault::Identifying { field: *field, hit });
            }
        }
    }
}

/// Copies in one field. Indicators are a list: each line is looked at by itself, so that a list of
/// addresses can be passed on and a sentence cannot.
fn copies(field: Field, text: &str, originals: &[&str]) -> Option<Fault> {
    let mut at = 0;
    let pieces: Vec<(usize, &str)> = if field == Field::Indicators {
        text.split_inclusive('\n')
            .map(|line| {
                let start = at;
                at += line.len();
                (start, line)
            })
            .collect()
    } else {
        vec![(0, text)]
    };
    pieces.into_iter().find_map(|(start, piece)| {
        copied(piece, originals).map(|span| Fault::Copied {
            field,
            span: span.start + start..span.end + start,
        })
    })
}

/// The sentences of an original.
pub(super) fn prose(original: &Part) -> Vec<&str> {
    original
        .body
        .content()
        .fields()
        .filter_map(|(_, value)| match value {
            Value::Text(text) => Some(text.as_str()),
            _ => None,
        })
        .collect()
}
