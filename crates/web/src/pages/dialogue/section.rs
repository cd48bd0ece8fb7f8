//! The dialogue as a section of a page, on either side.

use domain::dialogue::{DUE_DAYS, MESSAGE_CHARS_MAX, MessageText, PassageStage, Voice};
use domain::organization::OrganizationKind;
use domain::report::Custody;
use domain::report::receipt::When;
use domain::text::TextError;
use domain::time::Timestamp;
use hub::dialogue::{Asking, Dialogue as Had, Said};
use hub::intake::Head;
use view::form::{Choice, Form};
use view::page::dialogue::{Dialogue, MessageView, Side};
use view::words::Words;

use crate::pages::sent::whose::Whose;

/// Name of the text's field.
pub(super) const TEXT: &str = "text";

/// Most questions offered to be answered: the newest.
const QUESTIONS_SHOWN: usize = 5;

/// Characters of a question by which it is told from others.
const QUESTION_CHARS: usize = 40;

/// The section on a source's page.
pub(in crate::pages) fn of_source(words: Words, whose: &Whose, had: Had) -> Dialogue {
    let lead = if whose.is_named() {
        "dialogue-lead-source-named"
    } else {
        "dialogue-lead-source-unnamed"
    };
    let questions = questions(words, &had.messages);
    let newest = questions.first().map(|choice| choice.value.clone());
    let form = Form::new(whose.path("/messages")).with("to", newest.unwrap_or_default());
    Dialogue {
        title: words.t("dialogue-title-source").into_owned(),
        lead: words.t(lead).into_owned(),
        empty: words.t("dialogue-empty-source").into_owned(),
        form: (had.asking == Asking::Source).then_some(form),
        messages: had
            .messages
            .into_iter()
            .map(|said| message(words, said, Reader::Source))
            .collect(),
        label: words.t("dialogue-say-text").into_owned(),
        hint: words.t("dialogue-say-hint").into_owned(),
        questions,
        days: Vec::new(),
    }
}

/// The section on a desk's page about the report under `head`.
pub(in crate::pages) fn at_desk(words: Words, head: &Head, had: Had) -> Dialogue {
    let lead = match (&head.at_relay, head.custody) {
        (None, _) => "dialogue-lead-above",
        (Some(_), Custody::Named) => "dialogue-lead-relay-named",
        (Some(_), Custody::Unnamed | Custody::Stripped) => "dialogue-lead-relay-unnamed",
    };
    let reader = if head.at_relay.is_some() {
        Reader::Relay
    } else {
        Reader::Above
    };
    let form = Form::new(format!("/reports/{}/questions", head.id)).with("due", "none");
    Dialogue {
        title: words.t("dialogue-title").into_owned(),
        lead: words.t(lead).into_owned(),
        empty: words.t("dialogue-empty-desk").into_owned(),
        form: (had.asking != Asking::Closed).then_some(form),
        messages: had
            .messages
            .into_iter()
            .map(|said| message(words, said, reader))
            .collect(),
        label: words.t("dialogue-ask-text").into_owned(),
        hint: words.t("dialogue-ask-hint").into_owned(),
        questions: Vec::new(),
        days: days(words),
    }
}

/// Who reads a message.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Reader {
    Source,
    Relay,
    Above,
}

/// One message as `reader` has it.
pub(super) fn message(words: Words, said: Said, reader: Reader) -> MessageView {
    let own = match said.voice {
        Voice::Source => reader == Reader::Source,
        Voice::Staff(kind) if kind.is_relay() => reader == Reader::Relay,
        Voice::Staff(_) => reader == Reader::Above,
    };
    let (moment, day) = match said.at {
        When::Moment(at) => (Some(at), None),
        When::Day(day) => (None, Some(Timestamp::start_of_day_in_japan(day))),
    };
    let act = said.passage.filter(|_| reader == Reader::Relay);
    let act = act.and_then(|stage| act_on(&said, stage));
    MessageView {
        who: who(words, &said, reader),
        side: if own { Side::Ours } else { Side::Theirs },
        moment,
        day,
        state: said.passage.map_or(String::new(), |stage| {
            words.t(&format!("dialogue-stage-{stage}")).into_owned()
        }),
        due: said.due,
        act: act.map(|key| (format!("/messages/{}", said.id), words.t(key).into_owned())),
        id: said.id.to_string(),
        text: said.text,
    }
}

fn act_on(said: &Said, stage: PassageStage) -> Option<&'static str> {
    match (stage, said.voice) {
        (PassageStage::Waiting, Voice::Source) => Some("dialogue-act-answer"),
        (PassageStage::Waiting, Voice::Staff(_)) => Some("dialogue-act-question"),
        (PassageStage::Written, _) => Some("dialogue-act-pass"),
        (PassageStage::Passed | PassageStage::Withheld, _) => None,
    }
}

fn who(words: Words, said: &Said, reader: Reader) -> String {
    let name = |kind: OrganizationKind| words.t(&format!("sent-organization-{kind}"));
    let asker = name(said.asker);
    match said.voice {
        Voice::Source => {
            let you = reader == Reader::Source;
            let key = match (you, said.asker.is_relay()) {
                (true, true) => "dialogue-who-you",
                (true, false) => "dialogue-who-you-for",
                (false, true) => "dialogue-who-source",
                (false, false) => "dialogue-who-source-for",
            };
            if said.asker.is_relay() {
                words.t(key).into_owned()
            } else {
                words.tn(key, &[("asker", asker.into())])
            }
        }
        Voice::Staff(kind) if kind == said.asker => {
            words.tn("dialogue-who-staff", &[("organization", name(kind).into())])
        }
        Voice::Staff(kind) => words.tn(
            "dialogue-who-passing",
            &[("organization", name(kind).into()), ("asker", asker.into())],
        ),
    }
}

/// What a source can answer: the newest questions first, and at last none of them.
fn questions(words: Words, messages: &[Said]) -> Vec<Choice> {
    let asked = messages
        .iter()
        .rev()
        .filter(|said| said.voice != Voice::Source)
        .take(QUESTIONS_SHOWN);
    let mut choices: Vec<Choice> = asked
        .map(|said| {
            let label = words.tn(
                "dialogue-to-question",
                &[
                    ("who", who(words, said, Reader::Source).into()),
                    ("words", beginning(said.text.content()).into()),
                ],
            );
            Choice::new(said.id.to_string(), label)
        })
        .collect();
    if !choices.is_empty() {
        choices.push(Choice::new("none", words.t("dialogue-to-nothing")));
    }
    choices
}

fn beginning(text: &str) -> String {
    let line = text.lines().next().unwrap_or_default();
    if line.chars().count() <= QUESTION_CHARS {
        return line.to_owned();
    }
    line.chars().take(QUESTION_CHARS).chain(['…']).collect()
}

fn days(words: Words) -> Vec<Choice> {
    let none = Choice::new("none", words.t("dialogue-due-none"));
    let days = DUE_DAYS.iter().map(|days| {
        let label = words.tn("dialogue-days", &[("days", (*days).into())]);
        Choice::new(days.to_string(), label)
    });
    std::iter::once(none).chain(days).collect()
}

/// The text that was typed, or the key of what is wrong with it.
pub(super) fn typed(raw: &str) -> Result<MessageText, &'static str> {
    const { assert!(MESSAGE_CHARS_MAX == 4_000, "the words say how much") };
    MessageText::parse(raw).map_err(|error| match error {
        TextError::Empty => "dialogue-error-text",
        TextError::TooLong { .. } | TextError::Invisible { .. } => "dialogue-error-long",
    })
}
