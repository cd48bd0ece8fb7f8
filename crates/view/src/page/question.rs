//! Questions to the issuer of an advisory: what stands on the advisory's page, and the issuer's page
//! of one question.

use askama::Template;
use domain::advisory::question::{AnsweredTo, OPEN_QUESTIONS_MAX};
use domain::organization::Tier;
use domain::release::Visible;
use domain::time::Timestamp;

use crate::form::{Choice, Form};
use crate::layout::{Frame, sample};
use crate::page::advisory::{Stand, sampled};
use crate::page::duty::tier_name;
use crate::page::reach::Head;
use crate::page::reach::sampled::{head, say, seen};
use crate::part::HandlingBar;
use crate::words::Words;

/// What stands about questions on the page of an advisory.
#[derive(Debug, Clone, Default)]
pub struct Questions {
    /// What was answered to everybody, in the order of the answers.
    pub told: Vec<Told>,
    /// What the reader's side asked, oldest first.
    pub own: Vec<Own>,
    /// Whether the reader can ask.
    pub asking: Asking,
    /// What was asked, for the issuer: what waits first.
    pub desk: Option<Vec<DeskItem>>,
}

/// A question and its answer for everybody.
#[derive(Debug, Clone)]
pub struct Told {
    /// The question in the issuer's words.
    pub wording: Visible<String>,
    /// The answer.
    pub answer: Visible<String>,
    /// When it was answered.
    pub at: Timestamp,
}

/// A question of the reader's side.
#[derive(Debug, Clone)]
pub struct Own {
    /// What was asked.
    pub text: Visible<String>,
    /// When.
    pub asked_at: Timestamp,
    /// The answer; `None` while it waits.
    pub answered: Option<Answered>,
}

/// An answer.
#[derive(Debug, Clone)]
pub struct Answered {
    /// Whom it is for.
    pub to: AnsweredTo,
    /// When.
    pub at: Timestamp,
    /// What it says.
    pub text: Visible<String>,
}

/// Whether a reader can ask.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub enum Asking {
    /// No.
    #[default]
    No,
    /// Yes, by this form. Field: `question`.
    Open(Form),
    /// As many wait as may.
    Full,
}

/// A question as the issuer's list shows it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DeskItem {
    /// Its page.
    pub href: String,
    /// Who asked, in the reader's language.
    pub who: String,
    /// For which tier.
    pub tier: Tier,
    /// When.
    pub at: Timestamp,
    /// Where it stands.
    pub standing: Standing,
}

/// Where a question stands, for its issuer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Standing {
    /// It waits.
    Waits,
    /// An answer for everybody waits for a second person.
    Proposed,
    /// It was answered.
    Answered(AnsweredTo),
    /// Nobody waits for an answer any more.
    Ended,
}

/// One question, for the desk that issued the advisory.
#[derive(Debug, Template)]
#[template(path = "question/question.html")]
pub struct QuestionPage {
    /// Around the page.
    pub frame: Frame,
    /// The advisory.
    pub head: Head,
    /// Its terms: those of an answer for everybody.
    pub bar: HandlingBar,
    /// The question.
    pub item: DeskItem,
    /// What was asked.
    pub text: Visible<String>,
    /// What everybody will be answered once another person sends it; `None` when nothing waits.
    pub proposed: Option<Proposed>,
    /// What can be done, or was.
    pub reply: ReplyView,
}

/// An answer for everybody, before another person sends it.
#[derive(Debug, Clone)]
pub struct Proposed {
    /// The question in the issuer's words.
    pub wording: Visible<String>,
    /// The answer.
    pub text: Visible<String>,
    /// The version that is sent.
    pub version: u32,
    /// The revision of the advisory whose readers it goes to.
    pub revision: u32,
    /// When it was written.
    pub at: Timestamp,
    /// Organizations that are addressees.
    pub organization_count: usize,
    /// What the reader can do with it.
    pub turn: Turn,
}

/// What a reader can do with an answer for everybody that waits.
#[derive(Debug, Clone)]
pub enum Turn {
    /// Send it. Fields: `then`, `version`, `revision`.
    Send(Form),
    /// Wait: it is his own.
    OwnWork,
    /// Wait for who issues.
    Wait,
}

/// What can be done with a question.
#[derive(Debug, Clone)]
pub enum ReplyView {
    /// It can be answered. Fields: `to`, `wording`, `answer`, `based-on`.
    Form(Form, MayAnswer),
    /// It was answered.
    Given(Answered, Option<Visible<String>>),
    /// Nobody waits for an answer any more.
    Ended,
}

/// Whom a reader may answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum MayAnswer {
    /// The asker.
    Asker,
    /// The asker or everybody.
    Everybody,
}

/// That as many questions wait as may.
pub fn full(words: Words) -> String {
    words.tn("question-full", &[("count", OPEN_QUESTIONS_MAX.into())])
}

impl Questions {
    /// Whether the reader's side asked, or can ask.
    pub fn has_own(&self) -> bool {
        !self.own.is_empty() || self.asking != Asking::No
    }

    /// How many wait for the issuer.
    pub fn waiting_count(&self) -> usize {
        let items = self.desk.iter().flatten();
        items
            .filter(|item| matches!(item.standing, Standing::Waits | Standing::Proposed))
            .count()
    }

    /// The same with what is wrong with the reader's question, if he is one who asks.
    #[must_use]
    pub fn with_form(mut self, form: Form) -> Self {
        if self.asking != Asking::No {
            self.asking = Asking::Open(form);
        }
        self
    }

    /// The form with errors, for the summary at the top of the page; `None` when nothing is wrong.
    pub fn wrong(&self) -> Option<&Form> {
        match &self.asking {
            Asking::Open(form) if !form.errors().is_empty() => Some(form),
            _ => None,
        }
    }

    /// An addressee's, with one question that waits and one that was answered; nothing for others.
    pub(crate) fn sample(words: Words, may: Stand) -> Self {
        if may != Stand::Answers {
            return Self::default();
        }
        Self {
            told: vec![told(words)],
            own: vec![
                Own {
                    text: asked(words),
                    asked_at: sample::NOW.plus_seconds(-2_400),
                    answered: Some(answered(words, AnsweredTo::Asker)),
                },
                Own {
                    text: asked(words),
                    asked_at: sample::NOW.plus_seconds(-900),
                    answered: None,
                },
            ],
            asking: Asking::Open(Form::new("/advisories/adv_1/questions")),
            desk: None,
        }
    }

    /// An addressee's who sent nothing.
    pub(crate) fn sample_wrong(words: Words) -> Self {
        let mut form = Form::new("/advisories/adv_1/questions");
        form.reject("question", words.t("question-missing"));
        Self {
            asking: Asking::Open(form),
            ..Self::default()
        }
    }

    /// An issuer's.
    pub(crate) fn sample_desk(words: Words) -> Self {
        let standings = [
            Standing::Waits,
            Standing::Proposed,
            Standing::Answered(AnsweredTo::Everybody),
            Standing::Ended,
        ];
        Self {
            told: vec![told(words)],
            desk: Some(standings.map(|standing| item(words, standing)).into()),
            ..Self::default()
        }
    }
}

impl Standing {
    /// What it is called.
    pub fn name(self, words: Words) -> String {
        let key = match self {
            Self::Waits => "question-waits",
            Self::Proposed => "question-proposed",
            Self::Answered(AnsweredTo::Asker) => "question-answered-asker",
            Self::Answered(AnsweredTo::Everybody) => "question-answered-everybody",
            Self::Ended => "question-line-ended",
        };
        words.t(key).into_owned()
    }

    /// How its chip looks.
    pub const fn tone(self) -> &'static str {
        match self {
            Self::Waits | Self::Proposed => "warning",
            Self::Answered(_) => "done",
            Self::Ended => "still",
        }
    }
}

impl Own {
    /// Where it stands.
    pub fn standing(&self) -> Standing {
        self.answered
            .as_ref()
            .map_or(Standing::Waits, |answer| Standing::Answered(answer.to))
    }
}

impl QuestionPage {
    fn heading(&self) -> String {
        let tier = tier_name(self.item.tier, self.frame.words);
        let who = self.item.who.as_str();
        self.frame.tn(
            "question-from",
            &[("who", who.into()), ("tier", tier.into())],
        )
    }

    fn choices(&self) -> Vec<Choice> {
        let words = self.frame.words;
        AnsweredTo::ALL
            .iter()
            .map(|to| {
                Choice::new(to.word(), words.t(&format!("question-to-{}", to.word())))
                    .hint(words.t(&format!("question-to-{}-hint", to.word())))
            })
            .collect()
    }

    /// As it opens, for who may answer the asker alone, wrong, proposed to who sends, to who wrote and
    /// to who waits, answered, and too late.
    pub fn samples(words: Words) -> Vec<(&'static str, Self)> {
        let page = |standing, reply| Self {
            frame: sample::officer(words, "/questions/qst_1"),
            head: head(words),
            bar: sampled::bar(words),
            item: item(words, standing),
            text: asked(words),
            proposed: None,
            reply,
        };
        let waiting = |turn| Self {
            proposed: Some(proposed(words, turn)),
            ..page(
                Standing::Proposed,
                ReplyView::Form(
                    Form::new("/questions/qst_1")
                        .with("to", AnsweredTo::Everybody.word())
                        .with("based-on", "1"),
                    MayAnswer::Everybody,
                ),
            )
        };
        let form = || {
            Form::new("/questions/qst_1")
                .with("to", AnsweredTo::Asker.word())
                .with("based-on", "0")
        };
        let mut wrong = form();
        wrong.replace("to", AnsweredTo::Everybody.word());
        wrong.reject("wording", words.t("question-wording-missing"));
        let to_all = AnsweredTo::Everybody;
        let given = ReplyView::Given(answered(words, to_all), Some(told(words).wording));
        vec![
            (
                "waits",
                page(
                    Standing::Waits,
                    ReplyView::Form(form(), MayAnswer::Everybody),
                ),
            ),
            (
                "asker",
                page(Standing::Waits, ReplyView::Form(form(), MayAnswer::Asker)),
            ),
            (
                "wrong",
                page(
                    Standing::Waits,
                    ReplyView::Form(wrong, MayAnswer::Everybody),
                ),
            ),
            ("send", waiting(Turn::Send(Form::new("/questions/qst_1")))),
            ("own", waiting(Turn::OwnWork)),
            ("second", waiting(Turn::Wait)),
            ("answered", page(Standing::Answered(to_all), given)),
            ("ended", page(Standing::Ended, ReplyView::Ended)),
        ]
    }
}

fn asked(words: Words) -> Visible<String> {
    seen(say(
        words,
        "夜間は保守員がいません。更新は翌朝の始業後でもよいですか。",
        "Nobody is here at night. May the update wait until the morning?",
    ))
}

fn answered(words: Words, to: AnsweredTo) -> Answered {
    Answered {
        to,
        at: sample::NOW.plus_seconds(-1_200),
        text: told(words).answer,
    }
}

fn proposed(words: Words, turn: Turn) -> Proposed {
    let told = told(words);
    Proposed {
        wording: told.wording,
        text: told.answer,
        version: 1,
        revision: 1,
        at: told.at,
        organization_count: 12,
        turn,
    }
}

fn told(words: Words) -> Told {
    Told {
        wording: seen(say(
            words,
            "期限までに更新できない場合はどうすればよいか。",
            "What if the update cannot be applied in time?",
        )),
        answer: seen(say(
            words,
            "先に外部からの管理画面への接続を止めてください。更新は翌営業日でかまいません。",
            "Close the management page to the outside first. The update may follow on the next day.",
        )),
        at: sample::NOW.plus_seconds(-1_200),
    }
}

fn item(words: Words, standing: Standing) -> DeskItem {
    DeskItem {
        href: "/questions/qst_1".to_owned(),
        who: say(words, "北浜電力（架空）", "Kitahama Electric (fictional)"),
        tier: Tier::SystemStaff,
        at: sample::NOW.plus_seconds(-900),
        standing,
    }
}
