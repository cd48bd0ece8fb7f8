//! The list of reports at a desk: at the relay before the border, above it after release.

use askama::Template;

use crate::layout::{Frame, sample};
use crate::page::case::Exact;
use crate::part::{Empty, Pager, SeverityMark};
use crate::words::{Language, Words};
use domain::severity::Severity;
use domain::time::Timestamp;

pub mod ages;

use ages::{AgeRow, Ages};

/// The page. Rows carry codes and times, never a text.
#[derive(Debug, Template)]
#[template(path = "intake/intake.html")]
pub struct Intake {
    /// Around the page.
    pub frame: Frame,
    /// Whose desk it is.
    pub desk: Desk,
    /// The reports, newest first.
    pub rows: Vec<Row>,
    /// Older ones.
    pub pager: Pager,
    /// How old the open ones are; `None` on pages after the first.
    pub ages: Option<Ages>,
}

/// On which side of the border the reader sits.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Desk {
    /// At a CEPTOAR or ISAC, before the border.
    Relay,
    /// At a ministry or center, after it.
    Above,
    /// At a member of the communities that something was released to.
    Member,
}

/// One report.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Row {
    /// Page of the report.
    pub href: String,
    /// Kind and pseudonym.
    pub title: String,
    /// The highest opinion on its severity; `None` while nobody gave one.
    pub severity: Option<SeverityMark>,
    /// Where it stands; empty above the border.
    pub stage: String,
    /// Tone of the stage's chip.
    pub tone: &'static str,
    /// Who can know the source, in a few words; empty at a member.
    pub custody: String,
    /// What it is about: codes by name.
    pub facets: Vec<String>,
    /// Since when it is there for the reader.
    pub seen_at: Timestamp,
    /// How closely that is told.
    pub exact: Exact,
}

impl Intake {
    fn empty(&self) -> Empty {
        let words = self.frame.words;
        let (title, why) = match self.desk {
            Desk::Relay => ("intake-empty-relay", "intake-empty-relay-why"),
            Desk::Above => ("intake-empty-above", "intake-empty-above-why"),
            Desk::Member => ("intake-empty-shared", "intake-empty-shared-why"),
        };
        Empty {
            title: words.t(title).into_owned(),
            why: words.t(why).into_owned(),
            action: None,
            checked_at: Some(self.frame.now),
        }
    }

    /// The picture, where there is something to see.
    fn picture(&self) -> Option<&Ages> {
        self.ages.as_ref().filter(|ages| ages.has_any())
    }

    /// What the picture counts.
    fn counted(&self) -> String {
        let key = match self.desk {
            Desk::Relay => "intake-ages-lead",
            Desk::Above | Desk::Member => "intake-ages-lead-above",
        };
        self.frame.t(key).into_owned()
    }

    fn title(&self) -> String {
        let key = match self.desk {
            Desk::Relay => "intake-title",
            Desk::Above => "intake-title-above",
            Desk::Member => "intake-title-shared",
        };
        self.frame.t(key).into_owned()
    }

    fn lead(&self) -> String {
        let key = match self.desk {
            Desk::Relay => "intake-lead",
            Desk::Above => "intake-lead-above",
            Desk::Member => "intake-lead-shared",
        };
        self.frame.t(key).into_owned()
    }

    /// A relay, a ministry and a member with something to read, and a relay and a member with nothing.
    pub fn samples(words: Words) -> Vec<(&'static str, Self)> {
        let say = |ja: &str, en: &str| match words.language() {
            Language::Ja => ja.to_owned(),
            Language::En => en.to_owned(),
        };
        let row = |desk| Row {
            href: "/reports/rpt_00000000000000000000000000".to_owned(),
            title: say("事案 S-7KQ2MX", "Incident S-7KQ2MX"),
            severity: None,
            stage: match desk {
                Desk::Relay => say("受付済み", "Received"),
                Desk::Above | Desk::Member => String::new(),
            },
            tone: "warning",
            custody: match desk {
                Desk::Relay | Desk::Above => say("報告元は封印", "Source sealed"),
                Desk::Member => String::new(),
            },
            facets: vec![say("マルウェア感染", "Malware infection")],
            seen_at: sample::NOW.plus_seconds(-900),
            exact: Exact::Moment,
        };
        let page = |desk, rows: Vec<Row>, pager| Self {
            frame: sample::officer(words, "/intake"),
            desk,
            ages: (desk != Desk::Member).then(|| sample_ages(words, &rows)),
            rows,
            pager,
        };
        let older = Pager {
            first_href: None,
            next_href: Some("/intake?after=x".to_owned()),
        };
        vec![
            ("relay", page(Desk::Relay, vec![row(Desk::Relay)], older)),
            (
                "above",
                page(Desk::Above, vec![row(Desk::Above)], Pager::default()),
            ),
            ("empty", page(Desk::Relay, vec![], Pager::default())),
            (
                "member",
                page(Desk::Member, vec![row(Desk::Member)], Pager::default()),
            ),
            ("member-empty", page(Desk::Member, vec![], Pager::default())),
        ]
    }
}

/// Made-up figures, none where there are no rows.
fn sample_ages(words: Words, rows: &[Row]) -> Ages {
    let word = |rung: Severity| match (rung.rung(), words.language()) {
        (3.., Language::Ja) => "大きな影響が発生",
        (3.., Language::En) => "Great effect",
        (_, Language::Ja) => "一定の影響が発生",
        (_, Language::En) => "Some effect",
    };
    let row = |mark: Option<Severity>, counts: [u64; ages::CLASSES]| AgeRow {
        mark: mark.map(|rung| SeverityMark {
            rung,
            number: rung.rung().to_string(),
            word: word(rung).to_owned(),
        }),
        counts: if rows.is_empty() {
            [0; ages::CLASSES]
        } else {
            counts
        },
    };
    let counts = [[0, 0, 1, 0, 12], [0, 0, 0, 0, 0], [1, 3, 0, 2, 7]];
    let rungs = Severity::all().into_iter().skip(2).rev();
    let rated = rungs
        .zip(counts)
        .map(|(rung, counts)| row(Some(rung), counts));
    Ages {
        rows: rated.chain([row(None, [2, 9, 4, 0, 31])]).collect(),
        newest: Some(1_000),
    }
}
