//! Updates: a source says only what has changed, and each change leaves the version before it.

use std::collections::BTreeMap;

use crate::confidential::Confidential;
use crate::handling::{Circle, Handling, Tlp};
use crate::part::field::{Field, Value};
use crate::part::{PartBody, PartKind};
use crate::word::words;

words! {
    /// Why a source takes its report back.
    pub enum WithdrawReason {
        /// It was not what it seemed.
        Mistaken = "mistaken",
        /// It was sent twice.
        Duplicate = "duplicate",
        /// It was sent to the wrong desk.
        WrongDesk = "wrong-desk",
        /// The source does not wish to share it any more.
        NotShared = "not-shared",
    }
}

/// Sorts changed answers into the parts they belong to.
pub fn by_part(change: Confidential<PartBody>) -> BTreeMap<PartKind, Confidential<PartBody>> {
    let mut sorted: BTreeMap<PartKind, BTreeMap<Field, Value>> = BTreeMap::new();
    for (field, value) in change.into_content().into_fields() {
        sorted.entry(field.part()).or_default().insert(field, value);
    }
    sorted
        .into_iter()
        .map(|(kind, fields)| (kind, Confidential::new(PartBody::new(fields))))
        .collect()
}

/// `before` with `change` laid over it; `None` when nothing is different.
pub fn laid_over(
    before: &Confidential<PartBody>,
    change: Confidential<PartBody>,
) -> Option<Confidential<PartBody>> {
    let after = before.content().clone().updated(change.into_content());
    (after != *before.content()).then(|| Confidential::new(after))
}

/// The terms of a part that an update begins: the strictest of its siblings, since its source has
/// said nothing about it yet. What names the source stays with the secretariat. `None` without
/// siblings.
pub fn terms_of_new_part<'h>(
    kind: PartKind,
    siblings: impl IntoIterator<Item = &'h Handling>,
) -> Option<Handling> {
    let met = siblings
        .into_iter()
        .cloned()
        .reduce(|one, other| one.meet(&other))?;
    Some(match kind {
        PartKind::Source => Handling {
            tlp: Tlp::Red,
            circles: [Circle::Source, Circle::Secretariat].into(),
            ..met
        },
        _ => met,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn body(text: &str) -> Confidential<PartBody> {
        let value = Value::text(Field::Headline, text).unwrap();
        Confidential::new(PartBody::new([(Field::Headline, value)].into()))
    }

    #[test]
    fn an_update_that_changes_nothing_makes_no_version() {
        assert!(laid_over(&body("a"), body("a")).is_none());
        assert!(laid_over(&body("a"), body("b")) == Some(body("b")));
    }

    #[test]
    fn changes_go_to_their_parts() {
        let fields = BTreeMap::from([
            (Field::Headline, Value::Unknown),
            (Field::Effect, Value::Unknown),
            (Field::Response, Value::Unknown),
        ]);
        let sorted = by_part(Confidential::new(PartBody::new(fields)));
        let kinds: Vec<PartKind> = sorted.keys().copied().collect();
        assert_eq!(kinds, [PartKind::Damage, PartKind::Summary]);
    }
}
