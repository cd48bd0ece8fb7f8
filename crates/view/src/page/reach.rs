//! The reach of an advisory: who has not acted?
//!
//! One bar for all lines, one table with the same figures by hop and tier, and the lines themselves,
//! the late ones first. Everything is computed from the same tallies, so that the sums agree.

use askama::Template;
use domain::advisory::delivery::{Failure, Hop};
use domain::advisory::reach::{Tally, Urgency};
use domain::advisory::{AdvisoryKind, AdvisoryStage, Progress};
use domain::organization::Tier;
use domain::time::Timestamp;

use crate::chart::{Segment, Stacked};
use crate::clock::{self, At};
use crate::form::Form;
use crate::html::Html;
use crate::layout::Frame;
use crate::page::duty::{kind_name, progress_name, tier_name};
use crate::part::{Empty, Pager};
use crate::table::{Cell, Table};
use crate::words::Words;

pub mod phones;
pub mod sampled;

/// States in the order of the bar, from the best to the worst.
pub const STATES: [Progress; 7] = [
    Progress::Done,
    Progress::NotApplicable,
    Progress::Accepted,
    Progress::Opened,
    Progress::Delivered,
    Progress::Waiting,
    Progress::Cannot,
];

/// The page of an advisory's reach.
#[derive(Debug, Template)]
#[template(path = "reach/reach.html")]
pub struct Reach {
    /// Around the page.
    pub frame: Frame,
    /// What it is about.
    pub head: Head,
    /// Whether the reader sees every line.
    pub scope: Scope,
    /// All lines.
    pub whole: Tally,
    /// The lines of each leg of the way down that has any.
    pub hops: Vec<(Hop, Tally)>,
    /// The lines of each tier that has any.
    pub tiers: Vec<(Tier, Tally)>,
    /// This page of the lines, the most urgent first.
    pub lines: Vec<ReachItem>,
    /// Lines on which nobody has acted.
    pub open_count: usize,
    /// Lines that may be reminded now.
    pub nudgeable_count: usize,
    /// Questions that wait for the reader's desk.
    pub question_count: u64,
    /// Pages of lines.
    pub pager: Pager,
    /// What became of the mails.
    pub mails: Mails,
    /// The form of a reminder.
    pub form: Form,
}

/// An advisory as the pages around it name it: nothing of its text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Head {
    /// Path of the advisory.
    pub href: String,
    /// Its number.
    pub number: String,
    /// Its kind.
    pub kind: AdvisoryKind,
    /// Where it stands.
    pub stage: AdvisoryStage,
    /// Who issued it, in the reader's language.
    pub issuer: String,
    /// When it was first issued.
    pub issued_at: Timestamp,
}

/// How much a reader sees.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Scope {
    /// Every line, and what addressees wrote back.
    Whole,
    /// The own lines and those below.
    Below,
}

/// One line.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ReachItem {
    /// Its id, sent back when it is chosen.
    pub id: String,
    /// The organization, in the reader's language.
    pub organization: String,
    /// The tier.
    pub tier: Tier,
    /// Whether one person is named instead of the tier.
    pub named: Named,
    /// How far it has come.
    pub progress: Progress,
    /// How much it needs the issuer.
    pub urgency: Urgency,
    /// By when.
    pub due_at: Timestamp,
    /// When it came that far; `None` when nothing has happened.
    pub since: Option<Timestamp>,
    /// When it was last reminded; `None` before.
    pub nudged_at: Option<Timestamp>,
    /// When a further person was called in; `None` before.
    pub escalated_at: Option<Timestamp>,
    /// Whether it may be reminded now.
    pub may_be_nudged: bool,
}

/// Whom a line names.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Named {
    /// A tier.
    Tier,
    /// One person.
    Person,
}

/// What became of the mails.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Mails {
    /// Handed to the mail server.
    pub sent_count: usize,
    /// Waiting for the first try.
    pub waiting_count: usize,
    /// Failed and not sent; given up first.
    pub failed: Vec<FailedMail>,
    /// Whether this hub sends mail.
    pub is_configured: bool,
}

/// A mail that did not go out.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FailedMail {
    /// To whom, in the reader's language.
    pub organization: String,
    /// Why.
    pub failure: Failure,
    /// Tries so far.
    pub attempts: u32,
    /// When it is tried next; `None` when it was given up.
    pub next_at: Option<Timestamp>,
}

impl Head {
    /// Kind and number.
    pub fn title(&self, words: Words) -> String {
        let kind = kind_name(self.kind, words);
        words.tn(
            "advisory-item-title",
            &[("kind", kind.into()), ("number", (&self.number).into())],
        )
    }

    /// Path of the page called `name` of the advisory.
    pub fn page(&self, name: &str) -> String {
        format!("{}/{name}", self.href)
    }

    fn stage_name(&self, words: Words) -> String {
        words
            .t(&format!("advisory-stage-{}", self.stage.word()))
            .into_owned()
    }
}

impl Mails {
    fn given_up_count(&self) -> usize {
        let given_up = self.failed.iter().filter(|mail| mail.next_at.is_none());
        given_up.count()
    }
}

impl ReachItem {
    fn tone(&self) -> &'static str {
        crate::page::duty::progress_tone(self.progress)
    }
}

impl Reach {
    /// The bar.
    fn bar(&self) -> Html {
        let words = self.frame.words;
        let segment = |progress: &Progress| Segment {
            label: progress_name(*progress, words),
            count: self.whole.count(*progress),
        };
        Stacked {
            id: "reach".to_owned(),
            title: words.t("reach-bar").into_owned(),
            axis: words.t("reach-state").into_owned(),
            segments: STATES.iter().map(segment).collect(),
        }
        .html(words)
    }

    /// The same figures by hop and tier; the first row is the bar.
    fn table(&self) -> Html {
        let words = self.frame.words;
        let mut rows = vec![row(words.t("reach-all").into_owned(), &self.whole)];
        let hop = |(hop, tally): &(Hop, Tally)| row(hop_name(*hop, words), tally);
        rows.extend(self.hops.iter().map(hop));
        let tier = |(tier, tally): &(Tier, Tally)| row(tier_name(*tier, words), tally);
        rows.extend(self.tiers.iter().map(tier));
        let states = STATES
            .iter()
            .map(|progress| progress_name(*progress, words));
        Table {
            caption: words.t("reach-table").into_owned(),
            head: std::iter::once(words.t("reach-of-whom").into_owned())
                .chain(states)
                .chain([words.t("chart-total").into_owned()])
                .collect(),
            rows,
        }
        .html(words)
    }

    fn questions(&self) -> String {
        let count = self.question_count.into();
        self.frame.tn("question-reach-waiting", &[("count", count)])
    }

    fn open_text(&self) -> String {
        let all = self.whole.total();
        let counts = [("count", self.open_count.into()), ("all", all.into())];
        self.frame.tn("reach-open", &counts)
    }

    fn since(&self, at: impl At) -> String {
        let (at, words) = (at.at(), self.frame.words);
        words.tn(
            "reach-since",
            &[
                ("time", clock::short_moment(at, words).into()),
                ("age", clock::age(at, self.frame.now, words).into()),
            ],
        )
    }

    fn moment_in(&self, key: &str, at: impl At) -> String {
        let words = self.frame.words;
        words.tn(key, &[("time", clock::short_moment(at.at(), words).into())])
    }

    fn mail_counts(&self) -> String {
        let counts = [
            ("sent", self.mails.sent_count.into()),
            ("waiting", self.mails.waiting_count.into()),
            ("failed", self.mails.failed.len().into()),
        ];
        self.frame.tn("reach-mail-counts", &counts)
    }

    fn mail_line(&self, mail: &FailedMail) -> String {
        let words = self.frame.words;
        let why = words.t(&format!("reach-failure-{}", mail.failure.word()));
        match mail.next_at {
            Some(at) => words.tn(
                "reach-mail-again",
                &[
                    ("why", why.into()),
                    ("time", clock::short_moment(at, words).into()),
                ],
            ),
            None => words.tn(
                "reach-mail-given-up",
                &[("why", why.into()), ("tries", mail.attempts.into())],
            ),
        }
    }

    /// When nobody is named any more.
    fn empty(&self) -> Empty {
        let words = self.frame.words;
        Empty {
            title: words.t("reach-empty").into_owned(),
            why: words.t("reach-empty-why").into_owned(),
            action: None,
            checked_at: Some(self.frame.now),
        }
    }
}

fn row(name: String, tally: &Tally) -> Vec<Cell> {
    let counts = STATES.iter().map(|progress| tally.count(*progress));
    std::iter::once(Cell::Text(name))
        .chain(counts.map(Cell::Number))
        .chain([Cell::Number(tally.total())])
        .collect()
}

/// Name of a leg of the way down.
pub fn hop_name(hop: Hop, words: Words) -> String {
    words.t(&format!("reach-hop-{}", hop.word())).into_owned()
}

/// Name of an urgency.
pub fn urgency_name(urgency: Urgency, words: Words) -> String {
    words
        .t(&format!("reach-urgency-{}", urgency.word()))
        .into_owned()
}
