//! What can be chosen, and how each field of the nine questions is asked.

use domain::handling::Consent;
use domain::part::field::{Field, Shape};
use domain::reference::ReferenceData;
use domain::reference::row::Row;
use domain::reference::terms::CustodyMode;
use domain::report::Custody;
use domain::report::question::{KIND, Question};
use domain::time::Timestamp;
use exchange::form::terms::{CIRCLES, LABELS};
use hub::draft::{Desk, Sealing};
use view::answer::chosen;
use view::form::Choice;
use view::page::report::{Asked, Control};
use view::part::{circle_name, consent_name, tlp_meaning};
use view::words::Words;

use crate::lists::{marked, row_name};

/// What choices are made from.
#[derive(Clone, Copy)]
pub(in crate::pages) struct Lists<'a> {
    pub(in crate::pages) reference: &'a ReferenceData,
    pub(in crate::pages) now: Timestamp,
    pub(in crate::pages) words: Words,
    pub(in crate::pages) desk: &'a Desk,
}

/// How the fields of `question` are asked.
pub(in crate::pages) fn fields(question: Question, lists: Lists<'_>) -> Vec<Asked> {
    match question {
        Question::Terms => terms(lists),
        Question::What => {
            let mut asked = vec![kind(lists.words)];
            asked.extend(question.fields().iter().map(|field| ask(*field, lists)));
            asked
        }
        _ => question
            .fields()
            .iter()
            .map(|field| ask(*field, lists))
            .filter(|asked| !matches!(&asked.control, Control::Many(choices) if choices.is_empty()))
            .collect(),
    }
}

/// How `field` is asked.
pub(in crate::pages) fn ask(field: Field, lists: Lists<'_>) -> Asked {
    let control = match (field, field.shape()) {
        (Field::ContactPhone, _) => Control::Line("tel"),
        (Field::ContactMail, _) => Control::Line("email"),
        (_, Shape::Line | Shape::Finding) => Control::Line("text"),
        (_, Shape::Prose) => Control::Prose,
        (_, Shape::Moment) => Control::Moment,
        (_, Shape::YesNo) => Control::Row(yes_no(lists.words)),
        (_, Shape::OneCode) => Control::Select(codes(field, lists)),
        (_, Shape::ManyCodes) => Control::Many(codes(field, lists)),
    };
    let need = if Question::requires(field) {
        "required"
    } else {
        "optional"
    };
    Asked {
        name: field.word().to_owned(),
        label: label(field.word(), lists.words),
        hint: hint(field.word(), lists.words),
        need,
        control,
    }
}

/// The label of a form's field on these pages.
pub(in crate::pages) fn label(name: &str, words: Words) -> String {
    let own = format!("report-field-{name}");
    if words.has(&own) {
        words.t(&own).into_owned()
    } else {
        words.t(&format!("field-{name}")).into_owned()
    }
}

fn hint(name: &str, words: Words) -> String {
    let key = format!("report-field-{name}-hint");
    if words.has(&key) {
        words.t(&key).into_owned()
    } else {
        String::new()
    }
}

/// Whether something has happened or is only coming.
pub(in crate::pages) fn kind(words: Words) -> Asked {
    let choice = |word: &str| {
        Choice::new(word, words.t(&format!("field-kind-{word}")))
            .hint(words.t(&format!("report-field-kind-{word}-hint")))
    };
    Asked {
        name: KIND.to_owned(),
        label: label(KIND, words),
        hint: String::new(),
        need: "required",
        control: Control::Row(vec![choice("incident"), choice("precursor")]),
    }
}

fn yes_no(words: Words) -> Vec<Choice> {
    ["yes", "no", "unknown"]
        .map(|word| Choice::new(word, words.t(&format!("field-value-{word}"))))
        .into()
}

fn codes(field: Field, lists: Lists<'_>) -> Vec<Choice> {
    let Lists {
        reference,
        now,
        words,
        desk,
    } = lists;
    let day = now.day_in_japan();
    match field {
        Field::EventTypes => reference
            .event_types
            .current(day)
            .map(|row| plain(row, words))
            .collect(),
        Field::Causes => reference
            .causes
            .current(day)
            .map(|row| plain(row, words))
            .collect(),
        Field::Prefecture => reference
            .prefectures
            .current(day)
            .map(|row| plain(row, words))
            .collect(),
        Field::Place => reference
            .places
            .current(day)
            .map(|row| plain(row, words).hint(chosen(&row.body.help, words)))
            .collect(),
        Field::Services => desk
            .sector
            .iter()
            .flat_map(|sector| reference.services_of(sector.as_str(), day))
            .map(|row| {
                let level = &row.body.maintenance_level;
                let text = chosen(&level.text, words);
                plain(row, words).hint(marked(words, text, &level.provenance))
            })
            .collect(),
        _ => Vec::new(),
    }
}

fn plain<T>(row: &Row<T>, words: Words) -> Choice {
    Choice::new(row.code.as_str(), row_name(words, row))
}

fn terms(lists: Lists<'_>) -> Vec<Asked> {
    let Lists {
        reference,
        now,
        words,
        desk,
    } = lists;
    let day = now.day_in_japan();
    let custody = reference
        .custody_modes
        .current(day)
        .filter(|row| {
            desk.sealing == Sealing::Possible || row.code.as_str() != Custody::Unnamed.word()
        })
        .map(|row| plain(row, words).hint(chosen(&row.body.meaning, words)))
        .collect();
    vec![
        asked("custody", Control::One(custody), words),
        asked(
            "purposes",
            Control::Many(purposes(reference, now, words)),
            words,
        ),
        asked(
            "circles",
            Control::Many(circles(reference, now, words)),
            words,
        ),
        asked("tlp", Control::One(labels(words)), words),
        asked("consent", Control::One(consents(words)), words),
    ]
}

/// A field of the terms.
pub(in crate::pages) fn asked(name: &str, control: Control, words: Words) -> Asked {
    Asked {
        name: name.to_owned(),
        label: label(name, words),
        hint: hint(name, words),
        need: if name == "circles" {
            "optional"
        } else {
            "required"
        },
        control,
    }
}

/// The purposes of use, in the order of their list.
pub(in crate::pages) fn purposes(
    reference: &ReferenceData,
    now: Timestamp,
    words: Words,
) -> Vec<Choice> {
    reference
        .purposes
        .current(now.day_in_japan())
        .map(|row| plain(row, words).hint(chosen(&row.body.meaning, words)))
        .collect()
}

/// The circles a source may choose.
pub(in crate::pages) fn circles(
    reference: &ReferenceData,
    now: Timestamp,
    words: Words,
) -> Vec<Choice> {
    CIRCLES
        .iter()
        .map(|circle| {
            let choice = Choice::new(circle.word(), circle_name(*circle, words));
            match reference.circles.at(circle.word(), now.day_in_japan()) {
                Some(row) => choice.hint(chosen(&row.body.meaning, words)),
                None => choice,
            }
        })
        .collect()
}

/// The labels a source may choose.
pub(in crate::pages) fn labels(words: Words) -> Vec<Choice> {
    LABELS
        .iter()
        .map(|tlp| Choice::new(tlp.word(), tlp.label()).hint(tlp_meaning(*tlp, words)))
        .collect()
}

/// The three answers about the national center; none is preset.
pub(in crate::pages) fn consents(words: Words) -> Vec<Choice> {
    [Consent::Granted, Consent::Refused, Consent::Undecided]
        .map(|consent| Choice::new(consent.word(), consent_name(consent, words)))
        .into()
}

/// What a custody means, in honest words.
pub(in crate::pages) fn custody_mode(
    reference: &ReferenceData,
    custody: Custody,
    now: Timestamp,
) -> Option<&CustodyMode> {
    reference
        .custody_modes
        .naming(custody.word(), now.day_in_japan())
        .map(|row| &row.body)
}
