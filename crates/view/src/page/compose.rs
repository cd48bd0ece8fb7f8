//! Writing an advisory: who must do what by when? And the check before it is issued.

use askama::Template;
use domain::advisory::{AdvisoryKind, AdvisoryStage, Lack};
use domain::handling::Tlp;
use domain::organization::{OrganizationKind, Tier};
use domain::part::field::Field;
use domain::time::Timestamp;

use crate::answer::field_name;
use crate::form::{Choice, Form};
use crate::layout::{Frame, sample};
use crate::page::advisory::{AdvisoryText, sampled};
use crate::page::duty::{kind_name, tier_name};
use crate::part::{Empty, HandlingBar};
use crate::words::Words;

/// The form.
#[derive(Debug, Template)]
#[template(path = "compose/edit.html")]
pub struct Compose {
    /// Around the page.
    pub frame: Frame,
    /// What was typed.
    pub form: Form,
    /// Whether it is a first text or an amendment.
    pub writes: Writes,
    /// Whom one can choose, in groups.
    pub groups: Vec<Group>,
    /// People to name, by organization; empty unless persons are named.
    pub people: Vec<People>,
    /// How many it reaches; `None` while nobody is chosen.
    pub reach: Option<Reach>,
    /// What to know before going on, each a sentence.
    pub cautions: Vec<String>,
    /// Purposes of use.
    pub purposes: Vec<Choice>,
    /// Dissemination grades.
    pub grades: Vec<Choice>,
    /// Reports the reader may see, newest first.
    pub reports: Vec<Choice>,
}

/// What is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Writes {
    /// A first text.
    First,
    /// An amendment: kind, grade, terms and reports stay.
    Amendment,
}

/// Organizations that stand together.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Group {
    /// What holds them together.
    pub label: String,
    /// The community as a whole; `None` where there is none to choose.
    pub whole: Option<Choice>,
    /// The organizations.
    pub rows: Vec<Choice>,
}

/// People of one organization.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct People {
    /// The organization, in the reader's language.
    pub label: String,
    /// Its people with tier and role.
    pub rows: Vec<Choice>,
}

/// The check before approval.
#[derive(Debug, Template)]
#[template(path = "compose/check.html")]
pub struct Check {
    /// Around the page.
    pub frame: Frame,
    /// Path of the advisory.
    pub href: String,
    /// Its number.
    pub number: String,
    /// Its kind.
    pub kind: AdvisoryKind,
    /// The terms.
    pub bar: HandlingBar,
    /// The text.
    pub text: AdvisoryText,
    /// Tiers with the time to act by.
    pub dues: Vec<(Tier, Option<Timestamp>)>,
    /// Organizations named, with their tiers, in the reader's language.
    pub named: Vec<(String, String)>,
    /// How many it reaches.
    pub reach: Reach,
    /// What to know before going on, each a sentence.
    pub cautions: Vec<String>,
    /// What is missing.
    pub lacks: Vec<Lack>,
    /// What it changes of the advisory in force; `None` for a first text.
    pub amendment: Option<Amendment>,
    /// Version of the text, sent back by the second person.
    pub version: u32,
    /// Where it stands with this reader.
    pub turn: Turn,
}

/// How many an advisory would reach.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Reach {
    /// Organizations.
    pub organization_count: usize,
    /// People.
    pub person_count: usize,
    /// Organizations where nobody can be told.
    pub unreachable_count: usize,
}

/// What an amendment would change.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Amendment {
    /// Fields and times, in the reader's language.
    pub changes: Vec<String>,
    /// Organizations that join the addressees.
    pub added: Vec<String>,
    /// Organizations that lose sight.
    pub removed: Vec<String>,
    /// Tiers that answer anew, in the reader's language.
    pub again: Vec<String>,
}

/// Whose turn it is, from the reader's point of view.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Turn {
    /// The reader may ask for approval.
    Propose,
    /// The reader may issue it or send it back.
    Issue,
    /// It waits for somebody else.
    Wait,
    /// It waits, and the reader is the author.
    OwnWork,
}

/// The advisories of the reader's organization.
#[derive(Debug, Template)]
#[template(path = "compose/list.html")]
pub struct Written {
    /// Around the page.
    pub frame: Frame,
    /// The newest first.
    pub items: Vec<WrittenItem>,
}

/// One advisory of the reader's organization.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WrittenItem {
    /// Where it leads: the check while it is under work, the reach afterwards.
    pub href: String,
    /// Its number.
    pub number: String,
    /// Its kind.
    pub kind: AdvisoryKind,
    /// Where it stands.
    pub stage: AdvisoryStage,
    /// When it was issued, or when writing began.
    pub at: Timestamp,
    /// Questions of addressees that wait for an answer.
    pub question_count: u64,
}

impl Compose {
    /// Kinds of advisories.
    pub fn kinds(&self) -> Vec<Choice> {
        let words = self.frame.words;
        AdvisoryKind::ALL
            .iter()
            .map(|kind| {
                let word = kind.word();
                Choice::new(word, words.t(&format!("advisory-kind-{word}")))
                    .hint(words.t(&format!("compose-kind-{word}-hint")))
            })
            .collect()
    }

    /// Labels with what they allow.
    pub fn labels(&self) -> Vec<Choice> {
        let words = self.frame.words;
        Tlp::ALL
            .iter()
            .map(|tlp| {
                Choice::new(tlp.word(), tlp.label()).hint(crate::part::tlp_meaning(*tlp, words))
            })
            .collect()
    }

    /// Tiers with the names of their fields.
    fn tiers(&self) -> Vec<TierFields> {
        let words = self.frame.words;
        Tier::ALL
            .iter()
            .map(|tier| TierFields {
                word: tier.word(),
                name: tier_name(*tier, words),
                action: Field::action_of(*tier).word(),
                action_label: field_name(Field::action_of(*tier), words),
                due: format!("due-{}", tier.word()),
            })
            .collect()
    }

    fn more(&self) -> Vec<(&'static str, String)> {
        MORE.map(|field| (field.word(), field_name(field, self.frame.words)))
            .into()
    }

    /// Whether one of the longer fields holds something or is wrong.
    fn has_more(&self) -> bool {
        MORE.iter().any(|field| {
            let name = field.word();
            !self.form.value(name).is_empty() || !self.form.error(name).is_empty()
        })
    }

    fn is_amendment(&self) -> bool {
        self.writes == Writes::Amendment
    }

    fn title(&self) -> std::borrow::Cow<'static, str> {
        match self.writes {
            Writes::First => self.frame.t("compose-title"),
            Writes::Amendment => self.frame.t("compose-amend-title"),
        }
    }

    /// How many of a group are chosen; empty when none is.
    fn marked(&self, group: &Group) -> String {
        let rows = group.whole.iter().chain(&group.rows);
        let count = rows.filter(|row| self.form.has("who", &row.value)).count();
        if count == 0 {
            return String::new();
        }
        self.frame.tn("compose-marked", &[("count", count.into())])
    }

    fn size(&self, group: &Group) -> String {
        let whole = group.whole.as_ref().map(|whole| whole.hint.clone());
        whole.unwrap_or_else(|| {
            self.frame
                .tn("compose-members", &[("count", group.rows.len().into())])
        })
    }

    fn estimate(&self) -> String {
        self.reach
            .map_or(String::new(), |reach| reach.estimate(self.frame.words))
    }

    fn unreachable(&self) -> String {
        self.reach
            .map_or(String::new(), |reach| reach.unreachable(self.frame.words))
    }

    fn name(&self, field: Field) -> String {
        field_name(field, self.frame.words)
    }

    /// As it opens, and with everything missing.
    pub fn samples(words: Words) -> Vec<(&'static str, Self)> {
        let mut wrong = sample_compose(words);
        wrong.people = vec![People {
            label: sampled::say(words, "北浜電力（架空）", "Kitahama Electric (fictional)"),
            rows: vec![Choice::new(
                "psn_1/org_1/ciso",
                sampled::say(words, "青井 環", "Aoi Tamaki"),
            )],
        }];
        wrong.cautions = vec![words.t("compose-uneven").into_owned()];
        let mut amendment = sample_compose(words);
        amendment.writes = Writes::Amendment;
        for lack in [
            Lack::Title,
            Lack::Action(Tier::OtStaff),
            Lack::Addressee,
            Lack::Purpose,
        ] {
            wrong
                .form
                .reject(lack_field(lack).as_str(), lack_text(lack, words));
        }
        vec![
            ("plain", sample_compose(words)),
            ("wrong", wrong),
            ("amendment", amendment),
        ]
    }
}

/// The longer fields, folded away.
const MORE: [Field; 4] = [
    Field::Background,
    Field::Detail,
    Field::Products,
    Field::References,
];

impl Reach {
    fn estimate(self, words: Words) -> String {
        words.tn(
            "compose-estimate",
            &[
                ("organizations", self.organization_count.into()),
                ("persons", self.person_count.into()),
            ],
        )
    }

    /// Organizations where nobody can be told; empty when there are none.
    fn unreachable(self, words: Words) -> String {
        if self.unreachable_count == 0 {
            return String::new();
        }
        words.tn(
            "compose-unreachable",
            &[("count", self.unreachable_count.into())],
        )
    }
}

/// A tier in the form.
#[derive(Debug)]
struct TierFields {
    word: &'static str,
    name: String,
    action: &'static str,
    action_label: String,
    due: String,
}

/// Name of the field that a lack is shown beside.
pub fn lack_field(lack: Lack) -> String {
    match lack {
        Lack::Addressee | Lack::TooManyAddressees => "who".to_owned(),
        Lack::PersonsOnly => "to".to_owned(),
        Lack::Grade(_) => "grade".to_owned(),
        Lack::Title => Field::Title.word().to_owned(),
        Lack::Gist => Field::Gist.word().to_owned(),
        Lack::HeldElsewhere(field) => field.word().to_owned(),
        Lack::Action(tier) | Lack::AddresseeOf(tier) => Field::action_of(tier).word().to_owned(),
        Lack::Undated(tier) | Lack::Due(tier) => format!("due-{tier}"),
        Lack::Purpose => "purposes".to_owned(),
    }
}

/// Name of a kind of organization.
pub fn organization_kind_name(kind: OrganizationKind, words: Words) -> String {
    words
        .t(&format!("sent-organization-{}", kind.word()))
        .into_owned()
}

/// What a lack asks the author to do.
pub fn lack_text(lack: Lack, words: Words) -> String {
    let of_tier = |key: &str, tier: Tier| words.tn(key, &[("tier", tier_name(tier, words).into())]);
    match lack {
        Lack::Addressee => words.t("compose-lack-addressee").into_owned(),
        Lack::TooManyAddressees => words.t("compose-lack-too-many").into_owned(),
        Lack::Grade(kind) => words.tn(
            "compose-lack-grade",
            &[("kind", organization_kind_name(kind, words).into())],
        ),
        Lack::Title => words.t("compose-lack-title").into_owned(),
        Lack::Gist => words.t("compose-lack-gist").into_owned(),
        Lack::HeldElsewhere(field) => words.tn(
            "compose-lack-held-elsewhere",
            &[("field", field_name(field, words).into())],
        ),
        Lack::Action(tier) => of_tier("compose-lack-action", tier),
        Lack::AddresseeOf(tier) => of_tier("compose-lack-addressee-of", tier),
        Lack::Undated(tier) => of_tier("compose-lack-undated", tier),
        Lack::Due(tier) => of_tier("compose-lack-due", tier),
        Lack::Purpose => words.t("compose-lack-purpose").into_owned(),
        Lack::PersonsOnly => words.t("compose-lack-persons-only").into_owned(),
    }
}

impl Check {
    fn estimate(&self) -> String {
        self.reach.estimate(self.frame.words)
    }

    fn unreachable(&self) -> String {
        self.reach.unreachable(self.frame.words)
    }

    /// Where a lack is mended.
    fn lack_href(&self, lack: Lack) -> String {
        format!("{}#{}", self.edit_href(), lack_field(lack))
    }

    /// What `tier` sees, as the title of its preview.
    fn seen_by(&self, tier: Tier) -> String {
        let tier = tier_name(tier, self.frame.words);
        self.frame.tn("compose-seen-by", &[("tier", tier.into())])
    }

    fn title(&self) -> std::borrow::Cow<'static, str> {
        if self.amendment.is_some() {
            self.frame.t("compose-check-amend-title")
        } else {
            self.frame.t("compose-check-title")
        }
    }

    fn edit_href(&self) -> String {
        format!("{}/edit", self.href)
    }

    fn lack(&self, lack: Lack) -> String {
        lack_text(lack, self.frame.words)
    }

    /// The author's view, the second person's, and one with something missing.
    pub fn samples(words: Words) -> Vec<(&'static str, Self)> {
        let page = |turn, lacks| Self {
            frame: sample::officer(words, "/advisories/adv_1/check"),
            href: "/advisories/adv_1".to_owned(),
            number: "A-7KQ2XM".to_owned(),
            kind: AdvisoryKind::Alert,
            bar: sampled::bar(words),
            text: sampled::text(words),
            dues: vec![
                (Tier::Executive, Some(sample::NOW.plus_seconds(50_000))),
                (Tier::SystemStaff, None),
            ],
            named: vec![(
                sampled::say(words, "北浜電力（架空）", "Kitahama Electric (fictional)"),
                tier_name(Tier::SystemStaff, words),
            )],
            reach: Reach {
                organization_count: 62,
                person_count: 148,
                unreachable_count: 2,
            },
            cautions: vec![words.tn(
                "compose-rests-on",
                &[
                    ("server", "203.0.113.9 TCP/4444".into()),
                    ("label", "TLP:RED".into()),
                ],
            )],
            lacks,
            amendment: None,
            version: 3,
            turn,
        };
        let mut amended = page(Turn::Issue, vec![]);
        amended.amendment = Some(Amendment {
            changes: vec![field_name(Field::Gist, words)],
            added: vec![],
            removed: vec![sampled::issuer(words)],
            again: vec![tier_name(Tier::SystemStaff, words)],
        });
        vec![
            (
                "lacking",
                page(Turn::Propose, vec![Lack::Undated(Tier::SystemStaff)]),
            ),
            ("second", page(Turn::Issue, vec![])),
            ("amendment", amended),
            ("own", page(Turn::OwnWork, vec![])),
            ("waiting", page(Turn::Wait, vec![])),
        ]
    }
}

impl WrittenItem {
    /// How many questions wait; `None` when none does.
    fn waiting_questions(&self, words: Words) -> Option<String> {
        let count = self.question_count;
        (count > 0).then(|| words.tn("question-chip", &[("count", count.into())]))
    }

    /// Kind and number, as the line's title.
    pub fn title(&self, words: Words) -> String {
        let kind = kind_name(self.kind, words);
        words.tn(
            "advisory-item-title",
            &[("kind", kind.into()), ("number", (&self.number).into())],
        )
    }

    fn stage_name(&self, words: Words) -> String {
        words
            .t(&format!("advisory-stage-{}", self.stage.word()))
            .into_owned()
    }

    fn tone(&self) -> &'static str {
        match self.stage {
            AdvisoryStage::Draft | AdvisoryStage::Closed => "plain",
            AdvisoryStage::Proposed => "warning",
            AdvisoryStage::Issued => "hint",
            AdvisoryStage::Recalled => "failure",
        }
    }
}

impl Written {
    /// When nothing was ever written.
    pub fn empty(&self) -> Empty {
        let words = self.frame.words;
        Empty {
            title: words.t("compose-list-empty").into_owned(),
            why: words.t("compose-list-empty-why").into_owned(),
            action: None,
            checked_at: Some(self.frame.now),
        }
    }

    /// Some, and none.
    pub fn samples(words: Words) -> Vec<(&'static str, Self)> {
        let item = |stage| WrittenItem {
            href: "/advisories/adv_1/reach".to_owned(),
            number: "A-7KQ2XM".to_owned(),
            kind: AdvisoryKind::Vulnerability,
            stage,
            at: sample::NOW.plus_seconds(-7_200),
            question_count: u64::from(stage == AdvisoryStage::Issued),
        };
        let page = |items| Self {
            frame: sample::officer(words, "/advisories/issued"),
            items,
        };
        let all = AdvisoryStage::ALL.iter().map(|stage| item(*stage));
        vec![("some", page(all.collect())), ("none", page(Vec::new()))]
    }
}

fn sample_compose(words: Words) -> Compose {
    let say = |ja: &str, en: &str| sampled::say(words, ja, en);
    Compose {
        frame: sample::officer(words, "/advisories/new"),
        form: Form::new("/advisories/new")
            .with("kind", "alert")
            .with("tlp", "amber")
            .with("who", "org_1")
            .with("tier", "ciso"),
        writes: Writes::First,
        people: Vec::new(),
        reach: Some(Reach {
            organization_count: 62,
            person_count: 148,
            unreachable_count: 2,
        }),
        cautions: Vec::new(),
        groups: vec![
            Group {
                label: say("電力セプター", "Electricity CEPTOAR"),
                whole: Some(
                    Choice::new("cmt_1", say("構成員すべて", "All members"))
                        .hint(say("12組織", "12 organizations")),
                ),
                rows: vec![Choice::new(
                    "org_1",
                    say("北浜電力（架空）", "Kitahama Electric (fictional)"),
                )],
            },
            Group {
                label: say("省庁", "Ministries"),
                whole: None,
                rows: vec![Choice::new(
                    "org_2",
                    say("経済産業省（架空）", "Ministry of economy (fictional)"),
                )],
            },
        ],
        purposes: vec![Choice::new("defense", say("防御", "Defense"))],
        grades: vec![Choice::new(
            "outside-act",
            say("法の区分によらない注意喚起", "Outside the Act"),
        )],
        reports: vec![Choice::new("rpt_1", "S-7Q2KXM")],
    }
}
