//! The dialogue with a source: a section of pages on both sides, and the desk of what waits.

use askama::Template;
use domain::confidential::Confidential;
use domain::handling::Tlp;
use domain::release::{Visible, own};
use domain::time::Timestamp;

use crate::form::{Choice, Form};
use crate::layout::{Frame, sample};
use crate::page::case::chosen;
use crate::part::HandlingBar;
use crate::words::Words;

/// The section of a page: what was said, and the form that says more.
#[derive(Debug, Clone, Default)]
pub struct Dialogue {
    /// With whom.
    pub title: String,
    /// Who reads it, and what may be written.
    pub lead: String,
    /// What stands there while nobody has said anything.
    pub empty: String,
    /// Oldest first.
    pub messages: Vec<MessageView>,
    /// Posts `text`, and `to` or `due`; `None` when nothing can be added.
    pub form: Option<Form>,
    /// Label of the text.
    pub label: String,
    /// Hint of the text.
    pub hint: String,
    /// Questions that can be answered, for a source.
    pub questions: Vec<Choice>,
    /// Days within which an answer is hoped for, for a desk.
    pub days: Vec<Choice>,
}

/// One message.
#[derive(Debug, Clone)]
pub struct MessageView {
    /// Its id, for anchors.
    pub id: String,
    /// Who speaks, and for whom.
    pub who: String,
    /// Whether the reader's side says it.
    pub side: Side,
    /// The instant, where it is told.
    pub moment: Option<Timestamp>,
    /// The day, where nothing closer is told.
    pub day: Option<Timestamp>,
    /// What is said.
    pub text: Visible<String>,
    /// How far it has come, in a word; may be empty.
    pub state: String,
    /// The day by which an answer is hoped for.
    pub due: Option<Timestamp>,
    /// Page on which to do something about it, and its label.
    pub act: Option<(String, String)>,
}

/// On which side of a dialogue a message was written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Side {
    /// The reader's.
    Ours,
    /// The other.
    Theirs,
}

impl Side {
    /// The class of its box.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Ours => "ours",
            Self::Theirs => "theirs",
        }
    }
}

/// The desk of a message that waits at the relay.
#[derive(Debug, Clone, Template)]
#[template(path = "dialogue/passage.html")]
pub struct Passage {
    /// Around the page.
    pub frame: Frame,
    /// Page of the report.
    pub back: String,
    /// What is to be done.
    pub heading: String,
    /// Kind and pseudonym of the report.
    pub title: String,
    /// How far it has come.
    pub stage: String,
    /// What happens to it.
    pub lead: String,
    /// What still stands in the way.
    pub faults: Vec<String>,
    /// Its terms.
    pub bar: HandlingBar,
    /// The message.
    pub said: Vec<MessageView>,
    /// Posts `text`, `revision` and `confirm`; `None` when the reader writes nothing here.
    pub form: Option<Form>,
    /// Label of the text.
    pub own_label: String,
    /// Hint of the text.
    pub own_hint: String,
    /// Label of the button.
    pub send: String,
    /// Strings found in the text, to be let stand one by one.
    pub hits: Vec<Choice>,
    /// What is written, for those who do not write.
    pub written: Option<Visible<String>>,
    /// Passes it on: posts `revision`.
    pub pass: Option<Form>,
    /// Keeps it.
    pub hold: Option<Form>,
    /// What keeping it means.
    pub hold_lead: String,
}

impl Passage {
    /// A question on its way down, an answer half written, and one to be passed on.
    pub fn samples(words: Words) -> Vec<(&'static str, Self)> {
        let t = |key: &str| words.t(key).into_owned();
        let question = Self {
            frame: sample::officer(words, "/messages/msg_1"),
            back: "/reports/rpt_1#dialogue".to_owned(),
            heading: t("dialogue-forward-title"),
            title: "S-7KQ2MX".to_owned(),
            stage: t("dialogue-stage-waiting"),
            lead: t("dialogue-forward-lead"),
            faults: Vec::new(),
            bar: HandlingBar {
                tlp: Tlp::Amber,
                purposes: vec![chosen(words, "防御", "Defense")],
                circles: Vec::new(),
                expires_at: None,
            },
            said: vec![message(words, Side::Theirs)],
            form: Some(Form::new("/messages/msg_1").with("revision", "1")),
            own_label: t("dialogue-forward-text"),
            own_hint: t("dialogue-forward-hint"),
            send: t("dialogue-forward"),
            hits: Vec::new(),
            written: None,
            pass: None,
            hold: Some(Form::new("/messages/msg_1/hold")),
            hold_lead: t("dialogue-hold-question"),
        };
        let mut answer = question.clone();
        answer.heading = t("dialogue-answer-title");
        answer.lead = t("dialogue-answer-lead");
        answer.own_label = t("dialogue-answer-text");
        answer.own_hint = t("dialogue-answer-hint");
        answer.send = t("dialogue-answer-save");
        answer.faults = vec![t("dialogue-copied")];
        answer.hits = vec![Choice::new("hmi-03", "HMI-03")];
        answer.hold_lead = t("dialogue-hold-answer");
        let mut written = answer.clone();
        written.faults.clear();
        written.hits.clear();
        written.form = None;
        written.written = Some(own(Confidential::new(chosen(
            words,
            "機器はすでに網から外してあるとのこと。",
            "The machine is off the network already.",
        ))));
        written.pass = Some(Form::new("/messages/msg_1/pass").with("revision", "2"));
        vec![
            ("question", question),
            ("answer", answer),
            ("written", written),
        ]
    }
}

/// A message, for samples.
pub(super) fn message(words: Words, side: Side) -> MessageView {
    MessageView {
        id: "msg_1".to_owned(),
        who: words.t("dialogue-who-source").into_owned(),
        side,
        moment: None,
        day: Some(sample::NOW),
        text: own(Confidential::new(chosen(
            words,
            "監視端末は昨夜のうちに切り離しました。\n型番は調べています。",
            "We disconnected the terminal last night.\nWe are looking up its model.",
        ))),
        state: words.t("dialogue-stage-waiting").into_owned(),
        due: Some(sample::NOW),
        act: Some((
            "/messages/msg_1".to_owned(),
            words.t("dialogue-act-answer").into_owned(),
        )),
    }
}

/// The section, for samples of other pages.
pub(super) fn section(words: Words) -> Dialogue {
    let t = |key: &str| words.t(key).into_owned();
    let mut ours = message(words, Side::Ours);
    "msg_2".clone_into(&mut ours.id);
    Dialogue {
        title: t("dialogue-title"),
        lead: t("dialogue-lead-relay-unnamed"),
        empty: t("dialogue-empty-desk"),
        messages: vec![message(words, Side::Theirs), ours],
        form: Some(Form::new("/reports/rpt_1/questions")),
        label: t("dialogue-ask-text"),
        hint: t("dialogue-ask-hint"),
        questions: Vec::new(),
        days: vec![Choice::new(
            "3",
            words.tn("dialogue-days", &[("days", 3.into())]),
        )],
    }
}
