//! The duty page: is there anything I must do now? And the list of everything that was received.

use askama::Template;
use domain::advisory::{AdvisoryKind, Progress};
use domain::handling::Tlp;
use domain::organization::Tier;
use domain::time::{DAY_SECONDS, Timestamp};

use crate::chart::day_ticks;
use crate::clock;
use crate::html::Html;
use crate::layout::{Frame, sample};
use crate::page::withdrawal::{Cause, Stone, sample_stone};
use crate::part::Empty;
use crate::words::{Language, Words};

/// The duty page.
#[derive(Debug, Template)]
#[template(path = "duty/duty.html")]
pub struct Duty {
    /// Around the page.
    pub frame: Frame,
    /// Lines that mean the reader, the most urgent first.
    pub items: Vec<Item>,
    /// Lines for other tiers of the reader's organization.
    pub others: Vec<Item>,
    /// Advisories taken back, for which the word on copies is awaited.
    pub stones: Vec<Stone>,
    /// The last 24 hours.
    pub day: Day,
}

/// What came and what was answered in the 24 hours before the page was made.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Day {
    /// When lines came, in any order.
    pub arrived: Vec<Timestamp>,
    /// Lines that were taken on or answered.
    pub answered_count: usize,
    /// When a line last came, be it earlier; `None` when none ever did.
    pub last_at: Option<Timestamp>,
}

/// Everything that was received, the newest first.
#[derive(Debug, Template)]
#[template(path = "duty/list.html")]
pub struct Received {
    /// Around the page.
    pub frame: Frame,
    /// The lines.
    pub items: Vec<Item>,
    /// What was taken back, the latest first.
    pub stones: Vec<Stone>,
}

/// One line of the inbox: no text of the advisory is in it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Item {
    /// Path of the advisory.
    pub href: String,
    /// Its number.
    pub number: String,
    /// Its kind.
    pub kind: AdvisoryKind,
    /// Who issued it, in the reader's language.
    pub issuer: String,
    /// The tier that has to act.
    pub tier: Tier,
    /// By when.
    pub due_at: Timestamp,
    /// When it came; `None` when it is not handed over yet.
    pub arrived_at: Option<Timestamp>,
    /// When the next contact is told; `None` when nobody will be.
    pub escalates_at: Option<Timestamp>,
    /// The label; `None` when it was recalled.
    pub tlp: Option<Tlp>,
    /// How far it has come.
    pub progress: Progress,
    /// When the issuer closed it; `None` while answers are waited for.
    pub closed_at: Option<Timestamp>,
}

impl Item {
    /// Kind and number, as the line's title.
    pub fn title(&self, words: Words) -> String {
        let kind = kind_name(self.kind, words);
        words.tn(
            "advisory-item-title",
            &[("kind", kind.into()), ("number", (&self.number).into())],
        )
    }

    /// When it came and how long ago that is.
    pub fn arrived(&self, now: Timestamp, words: Words) -> String {
        self.arrived_at.map_or(String::new(), |at| {
            let parts = [
                ("time", clock::short_moment(at, words).into()),
                ("age", clock::age(at, now, words).into()),
            ];
            words.tn("duty-arrived", &parts)
        })
    }

    /// Whether the time to act has passed.
    pub fn is_overdue(&self, now: Timestamp) -> bool {
        self.closed_at.is_none() && self.due_at < now && !self.progress.is_settled()
    }

    /// When the next contact is told, as one sentence with a clock time.
    pub fn next_call(&self, words: Words) -> String {
        self.escalates_at.map_or(String::new(), |at| {
            let time = clock::short_moment(at, words);
            words.tn("duty-next-call", &[("time", time.into())])
        })
    }
}

impl Duty {
    /// When nothing waits.
    pub fn empty(&self) -> Empty {
        let words = self.frame.words;
        Empty {
            title: words.t("duty-empty").into_owned(),
            why: words.t("duty-empty-why").into_owned(),
            action: None,
            checked_at: self.day.last_at,
        }
    }

    fn day_text(&self) -> String {
        let counts = [
            ("arrived", self.day.arrived.len().into()),
            ("answered", self.day.answered_count.into()),
        ];
        self.frame.tn("duty-day", &counts)
    }

    /// A line of 24 hours with a tick for each that came.
    fn day_line(&self) -> Html {
        let from = self.frame.now.plus_seconds(-DAY_SECONDS);
        day_ticks(&self.day.arrived, from, self.frame.now)
    }

    /// A quiet night, and a night that is not.
    pub fn samples(words: Words) -> Vec<(&'static str, Self)> {
        let quiet = Self {
            frame: sample::officer(words, "/duty"),
            items: Vec::new(),
            others: Vec::new(),
            day: Day {
                last_at: Some(sample::NOW.plus_seconds(-90_000)),
                ..Day::default()
            },
            stones: Vec::new(),
        };
        let busy = Self {
            frame: sample::officer(words, "/duty"),
            items: vec![
                item(words, Progress::Delivered, -600),
                item(words, Progress::Opened, 9_000),
            ],
            others: vec![item(words, Progress::Accepted, 90_000)],
            day: Day {
                arrived: vec![
                    sample::NOW.plus_seconds(-7_200),
                    sample::NOW.plus_seconds(-50_000),
                ],
                answered_count: 1,
                last_at: Some(sample::NOW.plus_seconds(-7_200)),
            },
            stones: vec![sample_stone(words, Cause::Recalled, None)],
        };
        vec![("quiet", quiet), ("busy", busy)]
    }
}

impl Received {
    /// When nothing ever came.
    pub fn empty(&self) -> Empty {
        let words = self.frame.words;
        Empty {
            title: words.t("advisory-list-empty").into_owned(),
            why: words.t("advisory-list-empty-why").into_owned(),
            action: None,
            checked_at: None,
        }
    }

    /// Some, and none.
    pub fn samples(words: Words) -> Vec<(&'static str, Self)> {
        let all = Progress::ALL.iter();
        let some = Self {
            frame: sample::officer(words, "/advisories"),
            items: all.map(|progress| item(words, *progress, 9_000)).collect(),
            stones: vec![sample_stone(words, Cause::Tightened, None)],
        };
        let none = Self {
            frame: sample::officer(words, "/advisories"),
            items: Vec::new(),
            stones: Vec::new(),
        };
        vec![("some", some), ("none", none)]
    }
}

/// Name of a kind of advisory.
pub fn kind_name(kind: AdvisoryKind, words: Words) -> String {
    words
        .t(&format!("advisory-kind-{}", kind.word()))
        .into_owned()
}

/// Name of a tier.
pub fn tier_name(tier: Tier, words: Words) -> String {
    words.t(&format!("tier-{}", tier.word())).into_owned()
}

/// Name of how far an addressee has come.
pub fn progress_name(progress: Progress, words: Words) -> String {
    words
        .t(&format!("advisory-progress-{}", progress.word()))
        .into_owned()
}

/// How loud a progress is shown.
pub fn progress_tone(progress: Progress) -> &'static str {
    match progress {
        Progress::Waiting | Progress::Delivered | Progress::Opened => "warning",
        Progress::Accepted => "hint",
        Progress::Done => "done",
        Progress::NotApplicable => "plain",
        Progress::Cannot => "failure",
    }
}

fn item(words: Words, progress: Progress, due_in_seconds: i64) -> Item {
    Item {
        href: "/advisories/adv_1".to_owned(),
        number: "A-7KQ2XM".to_owned(),
        kind: AdvisoryKind::Alert,
        issuer: match words.language() {
            Language::Ja => "国家サイバー統括センター(架空)",
            Language::En => "National center (fictional)",
        }
        .to_owned(),
        tier: Tier::SystemStaff,
        due_at: sample::NOW.plus_seconds(due_in_seconds),
        arrived_at: (progress > Progress::Waiting).then(|| sample::NOW.plus_seconds(-7_200)),
        escalates_at: (due_in_seconds > 0 && progress < Progress::Accepted)
            .then(|| sample::NOW.plus_seconds(due_in_seconds / 2)),
        tlp: Some(Tlp::Amber),
        progress,
        closed_at: None,
    }
}
