//! The border check: what a reviewer decides about each part, and what would leave.
//!
//! A draft holds decisions and the reviewer's own sentences. Codes and times of the original are
//! never typed again: [`compose`] takes them over, generalized, each time it is asked, so that a
//! draft cannot go stale. Prose starts empty.
//!
//! INVARIANT: no sentence of the original reaches [`compose`]'s result; [`faults`] refuses sentences
//! that a reviewer copied.
//! INVARIANT: the source part never crosses: above the border there are a sealed block and a
//! pseudonym.

mod copied;
mod fault;
mod passage;
mod plan;

use std::collections::{BTreeMap, BTreeSet};

use crate::confidential::Confidential;
use crate::handling::{Circle, Handling};
use crate::id::PartId;
use crate::part::field::{Field, Shape, Value};
use crate::part::{Part, PartBody, PartKind};
use crate::reference::area::{Area, ShownSector};
use crate::release::anonymity::{Generalization, rounded};
use crate::word::{Code, words};

pub(crate) use copied::copies;
pub use fault::{Fault, Review, faults};
pub use passage::{Passage, passage_faults, passage_text};
pub use plan::{Outcome, PlannedPart, plan};

/// What a reviewer has decided and written so far.
#[derive(Clone, PartialEq, Eq, Default)]
pub struct Draft {
    /// One entry for each part that could cross.
    pub parts: BTreeMap<PartKind, PartDraft>,
    /// Strings that the detector found in the outgoing text and a reviewer let stand, folded.
    pub confirmed: BTreeSet<(Field, String)>,
    /// Whether a reviewer takes it upon himself that fewer candidates fit than asked for.
    pub small_group: SmallGroup,
}

/// What a reviewer has decided about one part.
#[derive(Clone, PartialEq, Eq)]
pub struct PartDraft {
    /// The version of the original that was looked at.
    pub original: PartId,
    /// Whether it crosses; `None` while undecided.
    pub crossing: Option<Crossing>,
    /// Why it is withheld, or what was weighed; may be empty when it crosses.
    pub reason: String,
    /// The reviewer's own sentences, by field.
    pub texts: BTreeMap<Field, String>,
    /// Codes and times that are left out although the original has them.
    pub left_out: BTreeSet<Field>,
    /// The terms it would cross under.
    pub handling: Handling,
}

words! {
    /// Whether a part crosses.
    pub enum Crossing {
        /// It leaves, under the draft's terms.
        Cross = "cross",
        /// It stays.
        Withhold = "withhold",
    }
}

words! {
    /// What is done about a group of candidates that is smaller than asked for.
    #[derive(Default)]
    pub enum SmallGroup {
        /// Nobody has taken it upon himself.
        #[default]
        Open = "open",
        /// A reviewer has, and both approvals rest on it.
        Accepted = "accepted",
    }
}

words! {
    /// Where a review stands.
    pub enum ReviewStage {
        /// Being worked on; it may have one approval.
        Open = "open",
        /// Two persons approved, and what they approved has left.
        Released = "released",
        /// It ended with nothing crossing.
        Withheld = "withheld",
    }
}

words! {
    /// What the author of the report says to the outgoing text.
    #[derive(Default)]
    pub enum AuthorAnswer {
        /// He was not asked.
        #[default]
        NotAsked = "not-asked",
        /// He was asked and has not answered; until he does nothing leaves.
        Asked = "asked",
        /// He agrees.
        Approved = "approved",
        /// He does not: the review ends with nothing crossing.
        Refused = "refused",
        /// He let the deadline pass, which withholds.
        Silent = "silent",
    }
}

/// The kinds of parts that can cross, in the order they are reviewed.
pub const CROSSING_KINDS: [PartKind; 3] = [PartKind::Summary, PartKind::Attack, PartKind::Damage];

/// Code of the sector that stands for all sectors too small to be named.
pub const OTHER_SECTORS: &str = "others";

/// The draft a review begins with: nothing decided, nothing written, the terms of the source.
pub fn begin(originals: &[Part]) -> Draft {
    let parts = originals
        .iter()
        .filter(|part| CROSSING_KINDS.contains(&part.kind))
        .map(|part| {
            let draft = PartDraft {
                original: part.id,
                crossing: None,
                reason: String::new(),
                texts: BTreeMap::new(),
                left_out: BTreeSet::new(),
                handling: part.handling.clone(),
            };
            (part.kind, draft)
        })
        .collect();
    Draft {
        parts,
        ..Draft::default()
    }
}

/// The draft with every part withheld; `reason` stands where a part had none.
pub fn withheld(draft: Confidential<Draft>, reason: &str) -> Confidential<Draft> {
    let mut draft = draft.into_content();
    for part in draft.parts.values_mut() {
        part.crossing = Some(Crossing::Withhold);
        if part.reason.is_empty() {
            reason.clone_into(&mut part.reason);
        }
    }
    Confidential::new(draft)
}

/// The prefecture that the source wrote down; the relay reads it under named custody only.
pub fn written_prefecture(originals: &[Part]) -> Option<Code> {
    let source = originals
        .iter()
        .find(|part| part.kind == PartKind::Source)?;
    let value = source.body.content().value(Field::Prefecture)?;
    value.code().cloned()
}

/// The outgoing body of one part: the original's codes and times, generalized, and the reviewer's
/// sentences.
pub fn compose(
    original: &Part,
    draft: &PartDraft,
    shown: &Generalization,
) -> Confidential<PartBody> {
    let mut fields: BTreeMap<Field, Value> = original
        .body
        .content()
        .fields()
        .filter(|(field, _)| taken_over(*field, shown) && !draft.left_out.contains(field))
        .map(|(field, value)| (field, rounded(value.clone(), shown.precision)))
        .collect();
    if original.kind == PartKind::Summary {
        for (field, code) in [
            (Field::Sector, sector_code(shown.sector.as_ref())),
            (Field::Region, region_code(&shown.area)),
        ] {
            match code {
                Some(code) if !draft.left_out.contains(&field) => {
                    fields.insert(field, Value::Codes([code].into()));
                }
                _ => {}
            }
        }
    }
    for (field, text) in &draft.texts {
        if field.part() == original.kind
            && let Ok(text) = Value::text(*field, text)
        {
            fields.insert(*field, text);
        }
    }
    Confidential::new(PartBody::new(fields))
}

/// The fields of `kind` that a reviewer writes himself.
pub fn written_fields(kind: PartKind) -> impl Iterator<Item = Field> {
    Field::ALL
        .iter()
        .copied()
        .filter(move |field| field.part() == kind && field.is_free_text())
}

/// The fields of `kind` that are taken over from the original unless left out.
pub fn coded_fields(kind: PartKind) -> impl Iterator<Item = Field> {
    Field::ALL
        .iter()
        .copied()
        .filter(move |field| field.part() == kind && !field.is_free_text())
}

/// The terms of a part with the secretariat kept inside: it holds what it releases, and answers
/// questions about it.
pub fn kept_by_relay(mut handling: Handling, original: &Handling) -> Handling {
    let inner = [Circle::Source, Circle::Secretariat];
    let kept = original
        .circles
        .iter()
        .copied()
        .filter(|circle| inner.contains(circle));
    handling.circles.extend(kept);
    handling
}

/// Whether somebody outside the relay and the source is reached.
pub fn reaches_beyond(handling: &Handling) -> bool {
    let inner = [Circle::Source, Circle::Secretariat];
    !handling.purposes.is_empty()
        && handling
            .reach()
            .iter()
            .any(|circle| !inner.contains(circle))
}

/// Whether a field's codes or time go over as they are. Sector and region are set from what is
/// shown; a service names its sector and stays behind when the sector is not shown.
fn taken_over(field: Field, shown: &Generalization) -> bool {
    match field {
        Field::Sector | Field::Region | Field::Prefecture => false,
        Field::Services => matches!(shown.sector, Some(ShownSector::Sector(_))),
        _ => !matches!(field.shape(), Shape::Line | Shape::Prose),
    }
}

fn sector_code(sector: Option<&ShownSector>) -> Option<Code> {
    match sector? {
        ShownSector::Sector(code) => Some(code.clone()),
        ShownSector::Others => OTHER_SECTORS.parse().ok(),
    }
}

/// A prefecture never crosses.
fn region_code(area: &Area) -> Option<Code> {
    match area {
        Area::Region(code) => Some(code.clone()),
        Area::Prefecture(_) | Area::Nation => None,
    }
}

#[cfg(test)]
mod tests;
