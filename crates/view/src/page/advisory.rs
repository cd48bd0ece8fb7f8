//! One advisory: what must I do? The reader's own tier stands first, the others are folded.

use askama::Template;
use domain::advisory::amendment::Changed;
use domain::advisory::{AdvisoryKind, Progress};
use domain::organization::Tier;
use domain::part::PartBody;
use domain::part::field::{Field, Value};
use domain::release::Visible;
use domain::time::Timestamp;

use crate::clock;
use crate::form::Form;
use crate::layout::{Frame, sample};
use crate::page::duty::{progress_name, tier_name};
use crate::page::feedback::After;
use crate::page::question::Questions;
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
    /// What was asked about it, and asking.
    pub questions: Questions,
    /// What stands below it once one has acted.
    pub after: After,
    /// What the text in force changed of the one before.
    pub change: Change,
    /// When the issuer closed it; `None` while answers are waited for.
    pub closed_at: Option<Timestamp>,
    /// What the issuer can do; `None` for addressees.
    pub desk: Option<Desk>,
}

/// How the text in force differs from the one before.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub enum Change {
    /// It is the first text.
    #[default]
    First,
    /// These fields and times read otherwise.
    Amended(Vec<Changed>),
    /// The text is the same under stricter terms.
    Tightened,
}

/// What an issuer can do with an advisory of its own.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Desk {
    /// What writing may be done.
    pub amending: Amending,
    /// Whether it may be tightened, closed and recalled by this reader.
    pub withdraws: Withdraws,
    /// Whether this reader may see who holds it.
    pub holders: Holders,
}

/// Whether a reader may see the holders.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Holders {
    /// Yes.
    Shown,
    /// No.
    Hidden,
}

/// Whether an amendment can be written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Amending {
    /// It can be begun.
    Begin,
    /// One is under work.
    UnderWork,
    /// Not by this reader, or not any more.
    No,
}

/// Whether a reader may tighten and recall.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Withdraws {
    /// Yes.
    Yes,
    /// It is closed: it may be recalled, and nothing else.
    RecallOnly,
    /// No.
    No,
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
    /// What was answered to the text before, when it is asked again; `None` otherwise.
    pub earlier: Option<Progress>,
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

impl Desk {
    fn is_under_work(self) -> bool {
        self.amending == Amending::UnderWork
    }

    fn may_amend(self) -> bool {
        self.amending == Amending::Begin
    }

    fn may_withdraw(self) -> bool {
        self.withdraws == Withdraws::Yes
    }

    fn may_recall(self) -> bool {
        self.withdraws != Withdraws::No
    }

    fn shows_holders(self) -> bool {
        self.holders == Holders::Shown
    }
}

impl AdvisoryPage {
    fn page(&self, name: &str) -> String {
        format!("{}/{name}", self.href)
    }

    /// Names of what changed, in the order of the form.
    fn changes(&self) -> Vec<String> {
        let Change::Amended(changes) = &self.change else {
            return Vec::new();
        };
        changes
            .iter()
            .map(|change| changed_name(*change, self.frame.words))
            .collect()
    }

    fn is_changed(&self, field: Field) -> bool {
        matches!(&self.change, Change::Amended(changes) if changes.contains(&Changed::Text(field)))
    }

    fn amended(&self) -> String {
        self.frame
            .tn("withdrawal-amended", &[("revision", self.revision.into())])
    }

    fn again(&self, line: &Line) -> String {
        line.earlier.map_or(String::new(), |progress| {
            let progress = progress_name(progress, self.frame.words);
            self.frame
                .tn("withdrawal-again", &[("progress", progress.into())])
        })
    }

    fn next_call(&self, line: &Line) -> String {
        line.escalates_at.map_or(String::new(), |at| {
            let time = clock::short_moment(at, self.frame.words);
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
            questions: Questions::sample(words, may),
            after: match may {
                Stand::Answers => After::sample(),
                _ => After::nothing("/advisories/adv_1"),
            },
            form: Form::new("/advisories/adv_1/answer"),
            change: Change::First,
            closed_at: None,
            desk: None,
        };
        let mut wrong = page(vec![line(Progress::Opened)], Stand::Answers);
        wrong
            .form
            .reject("reason", words.t("advisory-reason-missing"));
        let mut issuer = page(vec![], Stand::Reads);
        issuer.questions = Questions::sample_desk(words);
        issuer.desk = Some(Desk {
            amending: Amending::Begin,
            withdraws: Withdraws::Yes,
            holders: Holders::Shown,
        });
        let mut closed = page(vec![line(Progress::Opened)], Stand::Ended);
        closed.closed_at = Some(sample::NOW.plus_seconds(-600));
        closed.desk = Some(Desk {
            amending: Amending::No,
            withdraws: Withdraws::RecallOnly,
            holders: Holders::Hidden,
        });
        issuer.change = Change::Tightened;
        let mut again = page(
            vec![Line {
                earlier: Some(Progress::Done),
                ..line(Progress::Delivered)
            }],
            Stand::Answers,
        );
        again.change = Change::Amended(vec![
            Changed::Text(Field::ActionSystemStaff),
            Changed::Due(Tier::Executive),
        ]);
        let mut unasked = page(vec![line(Progress::Opened)], Stand::Answers);
        unasked.questions = Questions::sample_wrong(words);
        vec![
            ("unasked", unasked),
            (
                "waiting",
                page(vec![line(Progress::Delivered)], Stand::Answers),
            ),
            ("answered", page(vec![line(Progress::Done)], Stand::Answers)),
            ("reader", page(vec![line(Progress::Opened)], Stand::Reads)),
            ("issuer", issuer),
            ("closed", closed),
            ("again", again),
            ("wrong", wrong),
        ]
    }
}

/// Name of something that changed.
pub fn changed_name(change: Changed, words: Words) -> String {
    match change {
        Changed::Text(field) => crate::answer::field_name(field, words),
        Changed::Due(tier) => words.tn(
            "withdrawal-changed-due",
            &[("tier", tier_name(tier, words).into())],
        ),
    }
}

fn line(progress: Progress) -> Line {
    Line {
        id: "adr_1".to_owned(),
        tier: Tier::SystemStaff,
        due_at: sample::NOW.plus_seconds(9_000),
        progress,
        earlier: None,
        escalates_at: (progress < Progress::Accepted).then(|| sample::NOW.plus_seconds(4_500)),
    }
}
