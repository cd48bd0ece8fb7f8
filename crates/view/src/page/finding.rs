//! Findings of carriers: sending them in, the list of candidates, and one candidate.

pub mod candidate;
pub mod send;
pub mod users;

use askama::Template;
use domain::finding::{Candidate, EvidenceCode, FindingTier, Judgment, LifeStep, Server};
use domain::release::Visible;

use crate::evidence;
use crate::layout::{Frame, sample};
use crate::part::{Empty, Pager};
use crate::words::Words;

/// Reasons that the list names on either side.
const REASONS_NAMED: usize = 3;

/// The list of candidates.
#[derive(Debug, Template)]
#[template(path = "finding/list.html")]
pub struct FindingList {
    /// Around the page.
    pub frame: Frame,
    /// The candidates, the highest score first.
    pub rows: Vec<FindingRow>,
    /// Candidates on one page.
    pub most: u32,
    /// The pages before and after.
    pub pager: Pager,
    /// Whether the reader sends findings in.
    pub sends: bool,
}

/// One candidate in the list.
#[derive(Debug)]
pub struct FindingRow {
    /// Its page.
    pub href: String,
    /// What was found.
    pub found: Visible<Candidate>,
    /// Whether the reader's own carrier found it.
    pub own: bool,
    /// Whether the sharing is over and it is there for its carrier alone.
    pub ended: bool,
    /// Judgments in force: whose, and what.
    pub judgments: Vec<(String, Judgment)>,
    /// The last thing that happened to it.
    pub step: Option<LifeStep>,
    /// How many lists from outside name the server.
    pub list_count: u64,
}

impl FindingList {
    fn empty(&self) -> Empty {
        let (action, why) = if self.sends {
            let action = (
                "/findings/new".to_owned(),
                self.frame.t("finding-send").into_owned(),
            );
            (Some(action), "finding-empty-why-carrier")
        } else {
            (None, "finding-empty-why")
        };
        Empty {
            title: self.frame.t("finding-empty").into_owned(),
            why: self.frame.t(why).into_owned(),
            action,
            checked_at: Some(self.frame.now),
        }
    }

    /// With candidates, and without.
    pub fn samples(words: Words) -> Vec<(&'static str, Self)> {
        let page = |rows, sends: bool| Self {
            frame: sample::officer(words, "/findings"),
            pager: Pager {
                first_href: None,
                next_href: sends.then(|| "/findings?after=x".to_owned()),
            },
            rows,
            most: 100,
            sends,
        };
        let row = FindingRow {
            href: "/findings/cnd_00000000000000000000000000".to_owned(),
            found: candidate::sample_candidate(),
            own: true,
            ended: true,
            judgments: vec![(words.t("finding-by-own").into_owned(), Judgment::Malicious)],
            step: Some(LifeStep::Blocked),
            list_count: 2,
        };
        vec![
            ("full", page(vec![row], true)),
            ("empty", page(vec![], false)),
            ("empty-carrier", page(vec![], true)),
        ]
    }
}

impl FindingRow {
    fn title(&self, words: Words) -> String {
        place(self.found.content().server, words)
    }

    /// What speaks for it, in a few words.
    fn reasons_for(&self, words: Words) -> String {
        self.reasons(words, |weight| weight > 0)
    }

    /// What speaks against it, in a few words; empty when nothing does.
    fn reasons_against(&self, words: Words) -> String {
        self.reasons(words, |weight| weight < 0)
    }

    fn reasons(&self, words: Words, side: impl Fn(i32) -> bool) -> String {
        let of_side = self
            .found
            .content()
            .evidence
            .iter()
            .filter(|each| side(each.weight.tenths()));
        let named: Vec<String> = of_side
            .take(REASONS_NAMED)
            .map(|each| evidence::name(words, each.code.word()))
            .collect();
        named.join(words.t("part-and").as_ref())
    }
}

/// Where something answers, as one names it: `203.0.113.9 TCP/4444`.
pub fn place(server: Server, words: Words) -> String {
    let address = server.address.to_string();
    let port = server.port.to_string();
    match server.protocol_name() {
        Some(protocol) => words.tn(
            "finding-place",
            &[
                ("address", address.into()),
                ("protocol", protocol.into()),
                ("port", port.into()),
            ],
        ),
        None => words.tn(
            "finding-place-numbered",
            &[
                ("address", address.into()),
                ("protocol", server.protocol.to_string().into()),
                ("port", port.into()),
            ],
        ),
    }
}

/// How loud a tier is.
pub const fn tier_tone(tier: FindingTier) -> &'static str {
    match tier {
        FindingTier::Low | FindingTier::Watch => "still",
        FindingTier::Review => "hint",
        FindingTier::Share => "warning",
    }
}

/// Number of clients in words: at least so many, or fewer than may be told.
pub fn clients(told: Option<u32>, words: Words) -> String {
    match told {
        Some(count) => words.tn("finding-clients-from", &[("count", count.into())]),
        None => words.t("finding-clients-few").into_owned(),
    }
}

/// Name of what an analyst takes a server to be.
pub fn judgment_name(judgment: Judgment, words: Words) -> String {
    words
        .t(&format!("finding-judgment-{judgment}"))
        .into_owned()
}

/// Name of what happened to a server.
pub fn step_name(step: LifeStep, words: Words) -> String {
    words.t(&format!("finding-step-{step}")).into_owned()
}

/// How loud a judgment is.
pub const fn judgment_tone(judgment: Judgment) -> &'static str {
    match judgment {
        Judgment::Malicious => "failure",
        Judgment::Harmless => "done",
        Judgment::Unclear => "still",
    }
}

/// The sentence of a piece of evidence.
fn sentence(words: Words, code: EvidenceCode, value: f64) -> String {
    evidence::sentence(words, code.word(), value)
}
