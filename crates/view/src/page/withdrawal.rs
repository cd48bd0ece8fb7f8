//! Taking an advisory back: the issuer's two forms, the list of holders, and the tombstone.

use askama::Template;
use domain::advisory::AdvisoryKind;
use domain::advisory::withdrawal::{Copies, Disposal, Why};
use domain::handling::Tlp;
use domain::time::Timestamp;

use crate::form::{Choice, Form};
use crate::layout::{Frame, sample};
use crate::page::advisory::sampled;
use crate::page::duty::kind_name;
use crate::part::Empty;
use crate::words::Words;

/// What stands where an advisory was, for those who could read it.
#[derive(Debug, Template)]
#[template(path = "withdrawal/tombstone.html")]
pub struct Tombstone {
    /// Around the page.
    pub frame: Frame,
    /// What is left.
    pub stone: Stone,
    /// What the reader can do.
    pub may: Stand,
}

/// What is left of an advisory.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Stone {
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
    /// Since when it cannot be read.
    pub lost_at: Timestamp,
    /// What happened.
    pub cause: Cause,
    /// Why; `None` when an amendment names others.
    pub why: Option<Why>,
    /// What has to be done with copies.
    pub copies: Copies,
    /// What was said to be done, and when; `None` while nobody said.
    pub confirmed: Option<(Disposal, Timestamp)>,
}

/// What happened to an advisory.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Cause {
    /// It was recalled.
    Recalled,
    /// Its handling was made stricter.
    Tightened,
    /// It was amended for others.
    Amended,
}

/// What the reader of a tombstone can do.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Stand {
    /// Says what was done with copies.
    Answers,
    /// Reads.
    Reads,
    /// Issued it.
    Issuer,
}

impl Cause {
    const fn word(self) -> &'static str {
        match self {
            Self::Recalled => "recalled",
            Self::Tightened => "tightened",
            Self::Amended => "amended",
        }
    }
}

/// What a reason is called.
pub fn why_name(why: Why, words: Words) -> String {
    words
        .t(&format!("withdrawal-why-{}", why.word()))
        .into_owned()
}

/// What was done with copies, in words.
pub fn disposal_name(disposal: Disposal, words: Words) -> String {
    words
        .t(&format!("withdrawal-disposal-{}", disposal.word()))
        .into_owned()
}

impl Stone {
    /// What happened to which advisory, as one line.
    pub fn title(&self, words: Words) -> String {
        let kind = kind_name(self.kind, words);
        words.tn(
            &format!("withdrawal-stone-{}", self.cause.word()),
            &[("kind", kind.into()), ("number", (&self.number).into())],
        )
    }

    /// Whether the reader's word on copies is awaited.
    pub const fn owes(&self) -> bool {
        self.confirmed.is_none()
    }

    fn lead(&self, words: Words) -> String {
        words
            .t(&format!("withdrawal-stone-{}-lead", self.cause.word()))
            .into_owned()
    }

    fn why(&self, words: Words) -> String {
        self.why.map_or(String::new(), |why| why_name(why, words))
    }

    fn asked(&self, words: Words) -> String {
        words
            .t(&format!("withdrawal-copies-{}", self.copies.word()))
            .into_owned()
    }

    fn asked_hint(&self, words: Words) -> String {
        words
            .t(&format!("withdrawal-copies-{}-hint", self.copies.word()))
            .into_owned()
    }

    fn said(&self, words: Words) -> String {
        self.confirmed.map_or(String::new(), |(disposal, _)| {
            let name = disposal_name(disposal, words);
            words.tn("withdrawal-stone-confirmed", &[("disposal", name.into())])
        })
    }
}

impl Tombstone {
    fn is_recalled_from_reader(&self) -> bool {
        self.stone.cause == Cause::Recalled && self.may != Stand::Issuer
    }

    fn answers_here(&self) -> bool {
        self.may == Stand::Answers
    }

    fn holders_href(&self) -> String {
        format!("{}/holders", self.stone.href)
    }

    /// The answers, the one that was asked for first.
    fn answers(&self) -> Vec<(&'static str, &'static str, String)> {
        let asked = match self.stone.copies {
            Copies::Delete => Disposal::Deleted,
            Copies::Return => Disposal::Returned,
        };
        let rest = Disposal::ALL.iter().copied().filter(|one| *one != asked);
        std::iter::once((asked, "primary"))
            .chain(rest.map(|one| (one, "secondary")))
            .map(|(one, look)| (one.word(), look, disposal_name(one, self.frame.words)))
            .collect()
    }

    /// Recalled and unanswered, answered, tightened, taken out, and the issuer's.
    pub fn samples(words: Words) -> Vec<(&'static str, Self)> {
        let page = |cause, may, confirmed| Self {
            frame: sample::officer(words, "/advisories/adv_1"),
            stone: sample_stone(words, cause, confirmed),
            may,
        };
        let said = Some((Disposal::Deleted, sample::NOW));
        vec![
            ("recalled", page(Cause::Recalled, Stand::Answers, None)),
            ("answered", page(Cause::Recalled, Stand::Answers, said)),
            ("tightened", page(Cause::Tightened, Stand::Reads, None)),
            ("amended", page(Cause::Amended, Stand::Answers, None)),
            ("issuer", page(Cause::Recalled, Stand::Issuer, None)),
        ]
    }
}

/// Lists of tombstones, below the advisories that can be read.
pub(crate) fn sample_stone(
    words: Words,
    cause: Cause,
    confirmed: Option<(Disposal, Timestamp)>,
) -> Stone {
    Stone {
        href: "/advisories/adv_1".to_owned(),
        number: "A-7KQ2XM".to_owned(),
        kind: AdvisoryKind::Alert,
        issuer: sampled::issuer(words),
        issued_at: sample::NOW.plus_seconds(-90_000),
        lost_at: sample::NOW.plus_seconds(-3_600),
        cause,
        why: (cause != Cause::Amended).then_some(Why::Wrong),
        copies: Copies::Delete,
        confirmed,
    }
}

/// The form that recalls an advisory.
#[derive(Debug, Template)]
#[template(path = "withdrawal/recall.html")]
pub struct Recall {
    /// Around the page.
    pub frame: Frame,
    /// Path of the advisory.
    pub href: String,
    /// Its number.
    pub number: String,
    /// What was chosen.
    pub form: Form,
    /// Organizations that have it.
    pub organization_count: usize,
    /// Of them, those in which somebody opened it.
    pub opened_count: usize,
}

/// The form that makes the handling stricter.
#[derive(Debug, Template)]
#[template(path = "withdrawal/tighten.html")]
pub struct Tighten {
    /// Around the page.
    pub frame: Frame,
    /// Path of the advisory.
    pub href: String,
    /// Its number.
    pub number: String,
    /// What was chosen.
    pub form: Form,
    /// The label now.
    pub tlp: Tlp,
    /// Organizations that are addressees.
    pub organizations: Vec<Choice>,
}

/// Reasons to choose from.
fn reasons(words: Words) -> Vec<Choice> {
    Why::ALL
        .iter()
        .map(|why| Choice::new(why.word(), why_name(*why, words)))
        .collect()
}

/// What holders can be asked to do with copies.
fn requests(words: Words) -> Vec<Choice> {
    Copies::ALL
        .iter()
        .map(|copies| {
            let word = copies.word();
            Choice::new(word, words.t(&format!("withdrawal-copies-{word}")))
                .hint(words.t(&format!("withdrawal-copies-{word}-hint")))
        })
        .collect()
}

impl Recall {
    fn reasons(&self) -> Vec<Choice> {
        reasons(self.frame.words)
    }

    fn requests(&self) -> Vec<Choice> {
        requests(self.frame.words)
    }

    fn opened(&self) -> String {
        self.frame.tn(
            "withdrawal-recall-opened",
            &[("count", self.opened_count.into())],
        )
    }

    /// As it opens, and with nothing chosen.
    pub fn samples(words: Words) -> Vec<(&'static str, Self)> {
        let page = |form| Self {
            frame: sample::officer(words, "/advisories/adv_1/recall"),
            href: "/advisories/adv_1".to_owned(),
            number: "A-7KQ2XM".to_owned(),
            form,
            organization_count: 62,
            opened_count: 40,
        };
        let mut wrong = Form::new("/advisories/adv_1/recall");
        wrong.reject("why", words.t("withdrawal-why-missing"));
        wrong.reject("copies", words.t("withdrawal-copies-missing"));
        let plain = Form::new("/advisories/adv_1/recall").with("copies", "delete");
        vec![("plain", page(plain)), ("wrong", page(wrong))]
    }
}

impl Tighten {
    fn reasons(&self) -> Vec<Choice> {
        reasons(self.frame.words)
    }

    fn requests(&self) -> Vec<Choice> {
        requests(self.frame.words)
    }

    /// Labels that are not wider than the present one.
    fn labels(&self) -> Vec<Choice> {
        let words = self.frame.words;
        let labels = Tlp::ALL.iter().filter(|label| **label >= self.tlp);
        labels
            .map(|label| {
                Choice::new(label.word(), label.label())
                    .hint(crate::part::tlp_meaning(*label, words))
            })
            .collect()
    }

    fn fold(&self) -> String {
        self.frame.tn(
            "withdrawal-tighten-out-fold",
            &[("count", self.organizations.len().into())],
        )
    }

    /// As it opens, and with nothing that would be stricter.
    pub fn samples(words: Words) -> Vec<(&'static str, Self)> {
        let page = |form| Self {
            frame: sample::officer(words, "/advisories/adv_1/tighten"),
            href: "/advisories/adv_1".to_owned(),
            number: "A-7KQ2XM".to_owned(),
            form,
            tlp: Tlp::Amber,
            organizations: vec![Choice::new(
                "org_1",
                sampled::say(words, "北浜電力（架空）", "Kitahama Electric (fictional)"),
            )],
        };
        let form = || {
            Form::new("/advisories/adv_1/tighten")
                .with("tlp", "amber")
                .with("copies", "delete")
        };
        let mut wrong = form();
        wrong.reject("tlp", words.t("withdrawal-tighten-nothing"));
        vec![("plain", page(form())), ("wrong", page(wrong))]
    }
}

/// Everybody an advisory was given to.
#[derive(Debug, Template)]
#[template(path = "withdrawal/holders.html")]
pub struct Holders {
    /// Around the page.
    pub frame: Frame,
    /// Path of the advisory.
    pub href: String,
    /// Its number.
    pub number: String,
    /// Those who owe an answer first.
    pub rows: Vec<HolderRow>,
}

/// One organization that was given an advisory.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct HolderRow {
    /// Its name in the reader's language.
    pub name: String,
    /// Its tiers that were named, in the reader's language.
    pub tiers: String,
    /// Persons who were named themselves.
    pub person_count: usize,
    /// Since when it could be read there.
    pub given_at: Timestamp,
    /// People who opened it.
    pub reader_count: usize,
    /// When it was first opened; `None` when nobody did.
    pub opened_at: Option<Timestamp>,
    /// Until when it could be read; `None` while it can.
    pub lost_at: Option<Timestamp>,
    /// What was said of copies, and when; `None` while nobody said.
    pub disposal: Option<(Disposal, Timestamp)>,
}

impl HolderRow {
    fn people(&self, words: Words) -> String {
        words.tn(
            "withdrawal-holders-people",
            &[("count", self.reader_count.into())],
        )
    }

    fn named(&self, words: Words) -> String {
        words.tn(
            "withdrawal-holders-named",
            &[("count", self.person_count.into())],
        )
    }

    fn said(&self, words: Words) -> String {
        self.disposal.map_or(String::new(), |(disposal, _)| {
            disposal_name(disposal, words)
        })
    }
}

impl Holders {
    fn owing_count(&self) -> usize {
        let owing = |row: &&HolderRow| row.lost_at.is_some() && row.disposal.is_none();
        self.rows.iter().filter(owing).count()
    }

    fn settled_count(&self) -> usize {
        self.rows
            .iter()
            .filter(|row| row.disposal.is_some())
            .count()
    }

    fn title(&self) -> String {
        self.frame.tn(
            "withdrawal-holders-title",
            &[("number", (&self.number).into())],
        )
    }

    /// When it was given to nobody.
    pub fn empty(&self) -> Empty {
        let words = self.frame.words;
        Empty {
            title: words.t("withdrawal-holders-empty").into_owned(),
            why: words.t("withdrawal-holders-empty-why").into_owned(),
            action: None,
            checked_at: Some(self.frame.now),
        }
    }

    /// Some who answered and some who did not, and nobody.
    pub fn samples(words: Words) -> Vec<(&'static str, Self)> {
        let row = |lost: Option<i64>, disposal, reader_count| HolderRow {
            name: sampled::say(words, "北浜電力（架空）", "Kitahama Electric (fictional)"),
            tiers: words.t("tier-ciso").into_owned(),
            person_count: 0,
            given_at: sample::NOW.plus_seconds(-90_000),
            reader_count,
            opened_at: (reader_count > 0).then(|| sample::NOW.plus_seconds(-80_000)),
            lost_at: lost.map(|seconds| sample::NOW.plus_seconds(seconds)),
            disposal,
        };
        let said = Some((Disposal::Deleted, sample::NOW));
        let page = |rows| Self {
            frame: sample::officer(words, "/advisories/adv_1/holders"),
            href: "/advisories/adv_1".to_owned(),
            number: "A-7KQ2XM".to_owned(),
            rows,
        };
        let rows = vec![
            row(Some(-3_600), None, 3),
            row(Some(-3_600), said, 1),
            row(None, None, 0),
        ];
        vec![("some", page(rows)), ("none", page(Vec::new()))]
    }
}
