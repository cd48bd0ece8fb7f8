//! What an amendment changes, told to addressees by the names of fields: never by the old text,
//! which is no longer theirs to read.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;
use std::str::FromStr;

use crate::confidential::Confidential;
use crate::organization::Tier;
use crate::part::field::Field;
use crate::part::{PartBody, PartKind};
use crate::time::Timestamp;
use crate::word::UnknownWord;

/// One thing that reads otherwise than before.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Changed {
    /// A field of the text.
    Text(Field),
    /// A tier's time to act by.
    Due(Tier),
}

/// The text and the times to act by of one revision.
#[derive(Clone, Copy)]
pub struct Edition<'a> {
    /// The text.
    pub body: &'a Confidential<PartBody>,
    /// By when each tier has to act.
    pub dues: &'a BTreeMap<Tier, Timestamp>,
}

/// What reads otherwise in `after` than in `before`, in the order of the form.
pub fn changed(before: Edition<'_>, after: Edition<'_>) -> BTreeSet<Changed> {
    let fields = Field::ALL.iter().copied();
    let fields = fields.filter(|field| {
        field.part() == PartKind::Advisory
            && before.body.content().value(*field) != after.body.content().value(*field)
    });
    let tiers = Tier::ALL.iter().copied();
    let tiers = tiers.filter(|tier| before.dues.get(tier) != after.dues.get(tier));
    fields
        .map(Changed::Text)
        .chain(tiers.map(Changed::Due))
        .collect()
}

/// Tiers that have to answer anew although they answered: what they have to do reads otherwise.
pub fn asked_again(changes: &BTreeSet<Changed>) -> BTreeSet<Tier> {
    let tiers = Tier::ALL.iter().copied();
    tiers
        .filter(|tier| changes.contains(&Changed::Text(Field::action_of(*tier))))
        .collect()
}

impl fmt::Display for Changed {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Text(field) => write!(out, "{}", field.word()),
            Self::Due(tier) => write!(out, "due-{tier}"),
        }
    }
}

impl FromStr for Changed {
    type Err = UnknownWord;

    fn from_str(text: &str) -> Result<Self, UnknownWord> {
        match text.strip_prefix("due-") {
            Some(tier) => tier.parse().map(Self::Due),
            None => text.parse().map(Self::Text),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::part::field::Value;

    fn text(action: &str) -> Confidential<PartBody> {
        let value = |field, text: &str| (field, Value::text(field, text).unwrap());
        Confidential::new(PartBody::new(BTreeMap::from([
            value(Field::Title, "title"),
            value(Field::ActionCiso, action),
        ])))
    }

    #[test]
    fn only_a_changed_action_asks_again() {
        let at = Timestamp::from_seconds;
        let (before, after) = (text("check"), text("update"));
        let dues = BTreeMap::from([(Tier::Ciso, at(100))]);
        let moved = BTreeMap::from([(Tier::Ciso, at(200))]);
        let of = |body, dues| Edition { body, dues };
        let later = changed(of(&before, &dues), of(&before, &moved));
        assert_eq!(later, BTreeSet::from([Changed::Due(Tier::Ciso)]));
        assert!(asked_again(&later).is_empty());
        let other = changed(of(&before, &dues), of(&after, &dues));
        assert_eq!(other, BTreeSet::from([Changed::Text(Field::ActionCiso)]));
        assert_eq!(asked_again(&other), BTreeSet::from([Tier::Ciso]));
        for change in later.into_iter().chain(other) {
            assert_eq!(change.to_string().parse(), Ok(change));
        }
    }
}
