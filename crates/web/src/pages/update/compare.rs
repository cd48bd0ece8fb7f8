//! What an update says, beside what the report said when its writer looked and what it says now.

use std::collections::{BTreeMap, BTreeSet};

use domain::part::field::{Field, Value};

/// Answers by field.
pub(super) type Said = BTreeMap<Field, Value>;

/// An update laid beside the report.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Beside {
    /// Fields that the writer changed and somebody else changed otherwise meanwhile.
    pub(super) clashes: BTreeSet<Field>,
    /// What the writer changed, whoever else did.
    pub(super) mine: BTreeSet<Field>,
}

/// Which of two texts stays.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Stays {
    /// What was sent first.
    Theirs,
    /// What the writer wrote.
    Mine,
}

/// Lays `typed` beside what the report said `before` the writer began and what it says `now`.
pub(super) fn beside(fields: &[Field], before: &Said, now: &Said, typed: &Said) -> Beside {
    let said = difference(fields, before, typed);
    let clashes = said
        .iter()
        .filter(|(field, mine)| {
            let theirs = now.get(field).unwrap_or(&Value::Unknown);
            let first = before.get(field).unwrap_or(&Value::Unknown);
            theirs != first && theirs != *mine
        })
        .map(|(field, _)| *field)
        .collect();
    Beside {
        clashes,
        mine: said.into_keys().collect(),
    }
}

/// What the report would say: `now`, with what the writer changed laid over it, except where the
/// other text stays.
pub(super) fn laid_over(
    beside: &Beside,
    now: &Said,
    typed: &Said,
    chosen: &BTreeMap<Field, Stays>,
) -> Said {
    let mut after = now.clone();
    for field in &beside.mine {
        if beside.clashes.contains(field) && chosen.get(field) == Some(&Stays::Theirs) {
            continue;
        }
        let mine = typed.get(field).cloned().unwrap_or(Value::Unknown);
        after.insert(*field, mine);
    }
    after
}

/// What is different; an answer that was taken out is now unknown.
pub(super) fn difference(fields: &[Field], before: &Said, after: &Said) -> Said {
    fields
        .iter()
        .filter_map(|field| match (before.get(field), after.get(field)) {
            (Some(before), Some(after)) if before == after => None,
            (None, Some(Value::Unknown)) => None,
            (_, Some(after)) => Some((*field, after.clone())),
            (Some(before), None) if *before != Value::Unknown => Some((*field, Value::Unknown)),
            (_, None) => None,
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    const FIELDS: [Field; 4] = [
        Field::Headline,
        Field::Systems,
        Field::Effect,
        Field::Recovery,
    ];

    fn said(pairs: &[(Field, &str)]) -> Said {
        let value = |(field, text): &(Field, &str)| (*field, Value::text(*field, text).unwrap());
        pairs.iter().map(value).collect()
    }

    #[test]
    fn only_what_is_different_is_sent() {
        let mut before = said(&[(Field::Headline, "a"), (Field::Systems, "b")]);
        before.insert(Field::Effect, Value::Unknown);
        let after = said(&[(Field::Headline, "a"), (Field::Recovery, "c")]);
        let sent = difference(&FIELDS, &before, &after);
        let fields: Vec<Field> = sent.keys().copied().collect();
        assert_eq!(fields, [Field::Systems, Field::Recovery]);
        assert!(sent.get(&Field::Systems) == Some(&Value::Unknown));
    }

    #[test]
    fn two_people_clash_only_where_both_wrote_different_things() {
        let before = said(&[(Field::Headline, "a"), (Field::Systems, "b")]);
        let now = said(&[
            (Field::Headline, "theirs"),
            (Field::Systems, "b"),
            (Field::Effect, "same"),
        ]);
        let typed = said(&[
            (Field::Headline, "mine"),
            (Field::Systems, "mine"),
            (Field::Effect, "same"),
        ]);
        let found = beside(&FIELDS, &before, &now, &typed);
        assert_eq!(found.clashes, [Field::Headline].into());
        let after = |stays| {
            let chosen = BTreeMap::from([(Field::Headline, stays)]);
            laid_over(&found, &now, &typed, &chosen)
        };
        let expected = |headline| {
            said(&[
                (Field::Headline, headline),
                (Field::Systems, "mine"),
                (Field::Effect, "same"),
            ])
        };
        assert!(after(Stays::Theirs) == expected("theirs"));
        assert!(after(Stays::Mine) == expected("mine"));
    }

    #[test]
    fn what_the_writer_did_not_touch_stays_as_somebody_else_left_it() {
        let before = said(&[(Field::Headline, "a")]);
        let now = said(&[(Field::Headline, "theirs")]);
        let found = beside(&FIELDS, &before, &now, &before);
        assert!(found.clashes.is_empty() && found.mine.is_empty());
        assert!(laid_over(&found, &now, &before, &BTreeMap::new()) == now);
    }
}
