//! One advisory: what must I do? The reader's own tier stands first, the others are folded.

use askama::Template;
use domain::advisory::{AdvisoryKind, Progress};
use domain::organization::Tier;
use domain::part::PartBody;
use domain::part::field::{Field, Value};
use domain::release::Visible;
use domain::time::Timestamp;

use crate::clock;
use crate::form::Form;
use crate::layout::{Frame, sample};
use crate::page::feedback::After;
use crate::part::HandlingBar;
use crate::words::Words;

pub mod sampled;

/// The page of an issued advisory.
#[derive(Debug, Template)]
#[template(path = "advisory/advisory.html")]
pub struct AdvisoryPage {
    /// Around the page.
    pub frame: Frame,
    /// Path of the advisory.
    pub href: String,
    /// Its number.
    pub number: String,
    /// Its kind.
    pub kind: AdvisoryKind,
    /// Who issued it, in the reader's language.
    pub issuer: String,
    /// When it was first issued.
    pub issued_at: Timestamp,
    /// Which text it is.
    pub revision: u32,
    /// The terms.
    pub bar: HandlingBar,
    /// The text.
    pub text: AdvisoryText,
    /// The lines that mean the reader's organization, the reader's own first.
    pub lines: Vec<Line>,
    /// By when the other tiers have to act, in order.
    pub others: Vec<(Tier, Timestamp)>,
    /// What the reader may do.
    pub may: Stand,
    /// The form of an answer that was rejected.
    pub form: Form,
    /// What stands below it once one has acted.
    pub after: After,
}

/// What a reader may do on the page.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Stand {
    /// Answers for his organization.
    Answers,
    /// Reads.
    Reads,
    /// Nobody answers any more.
    Ended,
}

/// A line that names the reader's organization.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Line {
    /// Its id, sent back with the answer.
    pub id: String,
    /// The tier.
    pub tier: Tier,
    /// By when.
    pub due_at: Timestamp,
    /// How far it has come.
    pub progress: Progress,
    /// When the next contact is told; `None` when nobody will be.
    pub escalates_at: Option<Timestamp>,
}

/// The text of an advisory, as pages read it field by field.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AdvisoryText(pub Visible<PartBody>);

impl AdvisoryText {
    /// What is written in `field`; empty when nothing is.
    pub fn of(&self, field: Field) -> &str {
        match self.0.content().value(field) {
            Some(Value::Text(text)) => text,
            _ => "",
        }
    }

    /// The title.
    pub fn title(&self) -> &str {
        self.of(Field::Title)
    }

    /// The action of `tier`; empty when it has none.
    pub fn action(&self, tier: Tier) -> &str {
        self.of(Field::action_of(tier))
    }

    /// The longer fields that hold something, with their names.
    pub fn more(&self, words: Words) -> Vec<(String, &str)> {
        [
            Field::Background,
            Field::Detail,
            Field::Products,
            Field::References,
        ]
        .into_iter()
        .map(|field| (crate::answer::field_name(field, words), self.of(field)))
        .filter(|(_, text)| !text.is_empty())
        .collect()
    }
}

impl AdvisoryPage {
    fn next_call(&self, line: &Line) -> String {
        line.escalates_at.map_or(String::new(), |at| {
            let time = clock::hour(at);
            self.frame.tn("duty-next-call", &[("time", time.into())])
        })
    }

    #[expect(clippy::unused_self, reason = "templates reach it through the page")]
    fn is_accepted(&self, line: &Line) -> bool {
        line.progress == Progress::Accepted
    }

    /// To be answered, answered, and read by the issuer.
    pub fn samples(words: Words) -> Vec<(&'static str, Self)> {
        let page = |lines, may| Self {
            frame: sample::officer(words, "/advisories/adv_1"),
            href: "/advisories/adv_1".to_owned(),
            number: "A-7KQ2XM".to_owned(),
            kind: AdvisoryKind::Alert,
            issuer: sampled::issuer(words),
            issued_at: sample::NOW.plus_seconds(-3_600),
            revision: 2,
            bar: sampled::bar(words),
            text: sampled::text(words),
            lines,
            others: vec![(Tier::Executive, sample::NOW.plus_seconds(50_000))],
            may,
            after: match may {
                Stand::Answers => After::sample(),
                _ => After::nothing("/advisories/adv_1"),
            },
            form: Form::new("/advisories/adv_1/answer"),
        };
        let mut wrong = page(vec![line(Progress::Opened)], Stand::Answers);
        wrong
            .form
            .reject("reason", words.t("advisory-reason-missing"));
        vec![
            (
                "waiting",
                page(vec![line(Progress::Delivered)], Stand::Answers),
            ),
            ("answered", page(vec![line(Progress::Done)], Stand::Answers)),
            ("reader", page(vec![line(Progress::Opened)], Stand::Reads)),
            ("issuer", page(vec![], Stand::Reads)),
            ("wrong", wrong),
        ]
    }
}

fn line(progress: Progress) -> Line {
    Line {
        id: "adr_1".to_owned(),
        tier: Tier::SystemStaff,
        due_at: sample::NOW.plus_seconds(9_000),
        progress,
        escalates_at: (progress < Progress::Accepted).then(|| sample::NOW.plus_seconds(4_500)),
    }
}
