//! One candidate: what speaks for it and against it, who says what, and what became of it.

use askama::Template;
use domain::confidential::Confidential;
use domain::finding::{
    Candidate, Decibans, Evidence, EvidenceCode, FindingTier, Fit, Judgment, LIST_FRESH_DAYS,
    LifeStep, Measure, OUTSIDE_LINES_MAX, Outside, OutsideLine,
};
use domain::handling::Tlp;
use domain::release::Visible;
use domain::text::BoundedText;
use domain::time::{DAY_SECONDS, Timestamp};

use super::{judgment_name, judgment_tone, place, sentence, step_name};
use crate::chart::{ClientHours, Weight, Weights};
use crate::evidence;
use crate::form::{Choice, Form};
use crate::html::Html;
use crate::layout::{Frame, sample};
use crate::part::HandlingBar;
use crate::words::{Language, Words};

/// One candidate.
#[derive(Debug, Template)]
#[template(path = "finding/candidate.html")]
pub struct CandidatePage {
    /// Around the page.
    pub frame: Frame,
    /// What was found.
    pub found: Visible<Candidate>,
    /// The terms, the strictest of what the reader may see.
    pub bar: HandlingBar,
    /// Whether the reader's own carrier found it.
    pub own: bool,
    /// Whether its sharing is over, and it is there for the reader's carrier alone.
    pub ended: bool,
    /// Takes back what the reader's carrier found; `None` when there is nothing to take back.
    pub withdraw: Option<Form>,
    /// What lists from outside say of the server.
    pub outside: Visible<Outside>,
    /// What desks say of it, the latest first.
    pub said: Vec<SaidRow>,
    /// What became of it, in the order in which it happened.
    pub steps: Vec<HappenedRow>,
    /// Where the address stands: path, title, and since when that is there for the reader.
    pub mentions: Vec<MentionRow>,
    /// Posts `judgment`, `reason` and `days`; `None` when the reader does not judge.
    pub judge: Option<Form>,
    /// Posts `step` and `happened`; `None` as well.
    pub note: Option<Form>,
    /// The steps that the reader notes.
    pub steps_noted: Vec<LifeStep>,
    /// Where the reader's carrier counts the users it tells; `None` of others.
    pub users_href: Option<String>,
    /// Where an advisory about it is begun; `None` when the reader writes none.
    pub advise_href: Option<String>,
    /// Operators in whose own networks it lies, to whom such an advisory is proposed: name and network.
    pub holders: Vec<(String, String)>,
}

/// What a desk says.
#[derive(Debug)]
pub struct SaidRow {
    /// Whose word it is.
    pub who: String,
    /// What it takes the server to be.
    pub judgment: Judgment,
    /// Why; `None` where the reader may not read all that it rests on.
    pub reason: Option<Visible<String>>,
    /// Since when.
    pub given_at: Timestamp,
    /// Until when.
    pub expires_at: Timestamp,
}

/// What became of the server.
#[derive(Debug)]
pub struct HappenedRow {
    /// Whose word it is.
    pub who: String,
    /// What.
    pub step: LifeStep,
    /// When.
    pub happened_at: Timestamp,
}

/// Where the address stands.
#[derive(Debug)]
pub struct MentionRow {
    /// Its page.
    pub href: String,
    /// What it is.
    pub title: String,
    /// Since when, to the day.
    pub seen_at: Timestamp,
}

impl CandidatePage {
    fn title(&self) -> String {
        place(self.found.content().server, *self.words())
    }

    fn words(&self) -> &Words {
        &self.frame.words
    }

    /// Each reason: its sentence, what it adds, and the score without it.
    fn reasons(&self) -> Vec<(String, String, String)> {
        let found = self.found.content();
        let rows = found.evidence.iter().map(|each| {
            (
                sentence(*self.words(), each.code, each.value.value()),
                signed(each.weight),
                found.score_without(each.code).to_string(),
            )
        });
        rows.collect()
    }

    /// The weights as lying bars.
    fn weights(&self) -> Html {
        let found = self.found.content();
        let rows = found.evidence.iter().map(|each| Weight {
            name: evidence::name(*self.words(), each.code.word()),
            tenths: each.weight.tenths(),
            without: found.score_without(each.code).to_string(),
        });
        Weights {
            id: "weights".to_owned(),
            title: self.frame.t("finding-weights").into_owned(),
            rows: rows.collect(),
        }
        .html(*self.words())
    }

    /// How a line of a list names the server, in words.
    fn fit(&self, line: &OutsideLine) -> String {
        match line.fit {
            Fit::Port => self.frame.tn(
                "finding-outside-port",
                &[("port", self.found.content().server.port.to_string().into())],
            ),
            Fit::Address => self.frame.t("finding-outside-address").into_owned(),
            Fit::OtherPort(port) => self.frame.tn(
                "finding-outside-other-port",
                &[("port", port.to_string().into())],
            ),
        }
    }

    /// What is said where no list names the server.
    fn on_no_list(&self) -> String {
        match self.outside.content().list_count {
            0 => self.frame.t("finding-outside-no-list").into_owned(),
            count => self
                .frame
                .tn("finding-outside-none", &[("count", count.into())]),
        }
    }

    /// Clients in each hour of the day, as Japan counts its hours.
    fn hours(&self) -> Html {
        ClientHours {
            id: "hours".to_owned(),
            title: self.frame.t("finding-hours").into_owned(),
            utc: self.found.content().hours,
        }
        .html(*self.words())
    }

    /// How long after it was found something happened to it, in words.
    fn after_found(&self, at: Timestamp) -> String {
        let hours = at.seconds_since(self.found.content().first_at).max(0) / 3_600;
        if hours < 48 {
            self.frame
                .tn("finding-after-hours", &[("count", hours.into())])
        } else {
            self.frame
                .tn("finding-after-days", &[("count", (hours / 24).into())])
        }
    }

    fn judgments(&self) -> Vec<Choice> {
        let all = Judgment::ALL.iter();
        all.map(|one| Choice::new(one.word(), judgment_name(*one, *self.words())))
            .collect()
    }

    fn steps_to_note(&self) -> Vec<Choice> {
        let offered = self.steps_noted.iter();
        offered
            .map(|one| Choice::new(one.word(), step_name(*one, *self.words())))
            .collect()
    }

    /// For an analyst, and for a reader who only reads.
    pub fn samples(words: Words) -> Vec<(&'static str, Self)> {
        let why = match words.language() {
            Language::Ja => "検体の設定にある通信先と一致した",
            Language::En => "It is the address in the configuration of a sample",
        };
        let page = |judge: Option<Form>, advise_href: Option<&str>| Self {
            frame: sample::officer(words, "/findings/cnd_00000000000000000000000000"),
            found: sample_candidate(),
            bar: HandlingBar {
                tlp: Tlp::Amber,
                purposes: vec![],
                circles: vec![],
                expires_at: Some(sample::NOW.plus_seconds(2_000_000)),
            },
            own: judge.is_none(),
            ended: judge.as_ref().is_some_and(|form| !form.errors().is_empty()),
            withdraw: judge
                .is_none()
                .then(|| Form::new("/findings/cnd_00000000000000000000000000/withdraw")),
            outside: sample_outside(judge.is_some()),
            said: vec![SaidRow {
                who: words.t("finding-by-national-center").into_owned(),
                judgment: Judgment::Malicious,
                reason: judge
                    .is_some()
                    .then(|| domain::release::own(Confidential::new(why.to_owned()))),
                given_at: sample::NOW.plus_seconds(-7_200),
                expires_at: sample::NOW.plus_seconds(2_000_000),
            }],
            steps: vec![HappenedRow {
                who: words.t("finding-by-isac").into_owned(),
                step: LifeStep::Shared,
                happened_at: sample::NOW.plus_seconds(-3_600),
            }],
            steps_noted: vec![LifeStep::Blocked, LifeStep::Seized],
            mentions: vec![],
            note: judge
                .as_ref()
                .map(|_| Form::new("/findings/cnd_00000000000000000000000000/steps")),
            judge,
            users_href: None,
            holders: advise_href
                .map(|_| {
                    (
                        words.t("finding-own").into_owned(),
                        "203.0.113.0/24".to_owned(),
                    )
                })
                .into_iter()
                .collect(),
            advise_href: advise_href.map(str::to_owned),
        };
        let mut wrong = Form::new("/findings/cnd_00000000000000000000000000/judge");
        wrong.reject("reason", words.t("finding-reason-missing"));
        let fine = Form::new("/findings/cnd_00000000000000000000000000/judge");
        vec![
            ("analyst", page(Some(fine), Some("/advisories/new"))),
            ("wrong", page(Some(wrong), None)),
            ("reader", page(None, None)),
        ]
    }
}

impl SaidRow {
    fn name(&self, words: Words) -> String {
        judgment_name(self.judgment, words)
    }

    fn tone(&self) -> &'static str {
        judgment_tone(self.judgment)
    }

    /// The label of what the desk saw; `None` where the reason is not shown.
    fn label(&self) -> Option<&'static str> {
        let reason = self.reason.as_ref()?;
        Some(reason.handling().tlp.label())
    }

    fn has_expired(&self, frame: &Frame) -> bool {
        self.expires_at <= frame.now
    }
}

/// A weight with its sign.
fn signed(weight: Decibans) -> String {
    if weight.tenths() > 0 {
        format!("+{weight}")
    } else {
        weight.to_string()
    }
}

/// Two lines, one of them old; or none.
fn sample_outside(named: bool) -> Visible<Outside> {
    let line = |list: &str, fit, trail: &str, days: i64| {
        Some(OutsideLine {
            list: list.parse().ok()?,
            source: BoundedText::parse_optional("https://lists.example/").ok()?,
            fit,
            trail: BoundedText::parse_optional(trail).ok()?,
            imported_at: sample::NOW.plus_seconds(-days * DAY_SECONDS),
        })
    };
    let lines = [
        line("c2-tracker", Fit::Port, "mirai", 1),
        line("honeypots", Fit::OtherPort(23), "", LIST_FRESH_DAYS + 1),
    ];
    let lines = lines.into_iter().flatten().filter(|_| named);
    domain::release::own(Confidential::new(Outside {
        lines: lines.collect(),
        more: named,
        list_count: 2,
    }))
}

pub(super) fn sample_candidate() -> Visible<Candidate> {
    let mut hours = [None; 24];
    for (told, place) in hours.iter_mut().zip(0_u32..) {
        *told = (place % 5 != 0).then_some(if place % 2 == 0 { 20 } else { 50 });
    }
    let each = |code, value, tenths| Evidence {
        code,
        value: Measure::nearest(value),
        weight: Decibans::from_tenths(tenths),
    };
    domain::release::own(Confidential::new(Candidate {
        server: domain::finding::Server {
            address: std::net::IpAddr::from([203, 0, 113, 9]),
            port: 4_444,
            protocol: 6,
        },
        score: Decibans::from_tenths(312),
        tier: FindingTier::Share,
        carriers: Some(2),
        clients: Some(50),
        first_at: sample::NOW.plus_seconds(-500_000),
        last_at: sample::NOW.plus_seconds(-3_600),
        hours,
        evidence: vec![
            each(EvidenceCode::Automation, 61.0, 143),
            each(EvidenceCode::OddPort, 4_444.0, 89),
            each(EvidenceCode::Cloud, 2.0, -60),
            each(EvidenceCode::Carriers, 2.0, 40),
        ],
    }))
}
