//! The trust page: who saw our data, and can we prove it?

use askama::Template;

use crate::chart::{Bar, Bars};
use crate::clock;
use crate::layout::{Checkpoint, Frame, sample};
use crate::part::{Empty, Pager};
use crate::words::Words;
use domain::count::{Period, PeriodKind};
use domain::time::Timestamp;

/// The page.
#[derive(Debug, Template)]
#[template(path = "trust/trust.html")]
pub struct Trust {
    /// Around the page.
    pub frame: Frame,
    /// The newest checkpoint; `None` before the first.
    pub head: Option<Checkpoint>,
    /// The key that verifies the log; `None` before the first checkpoint.
    pub key: Option<String>,
    /// How often reports sent by name were read, week by week; `None` for readers who are not told.
    pub weeks: Option<Bars>,
    /// Entries that are there for the reader, newest first.
    pub rows: Vec<TrustRow>,
    /// The list when it is empty.
    pub empty: Empty,
    /// Further pages.
    pub pager: Pager,
    /// How long things are kept.
    pub terms: Vec<TermRow>,
    /// Who keeps the seals of the reader's relay; `None` where there is none.
    pub custodians: Option<String>,
}

/// An entry of the log.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TrustRow {
    /// What happened, in the reader's language.
    pub event: String,
    /// What it is about: an id.
    pub object: String,
    /// When it was committed.
    pub at: Timestamp,
    /// Path of the proof; `None` while the entry waits for its batch.
    pub proof: Option<String>,
    /// Whether its content was lawfully destroyed.
    pub state: EntryState,
}

/// Whether an entry still opens.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum EntryState {
    /// It opens.
    Opens,
    /// Its content was destroyed; the proof remains.
    Erased,
}

/// How long a kind of item is kept.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TermRow {
    /// The kind, in the reader's language.
    pub kind: String,
    /// Days to erasure.
    pub days: i64,
}

/// The chart of readings in `counts`, oldest week first.
pub fn readings(counts: &[(Period, u64)], words: Words) -> Bars {
    let bar = |(week, count): &(Period, u64)| Bar {
        label: clock::short_day(Timestamp::start_of_day_in_japan(week.start()), words),
        count: Some(*count),
    };
    Bars {
        id: "readings".to_owned(),
        title: words.t("trust-weeks-chart").into_owned(),
        axis: words.t("trust-weeks-axis").into_owned(),
        counts: counts.iter().map(bar).collect(),
    }
}

impl Trust {
    /// In use, and on the first day.
    pub fn samples(words: Words) -> Vec<(&'static str, Self)> {
        let at = |hours: i64| Timestamp::from_micros(sample::NOW.micros() - hours * 3_600_000_000);
        let row = |event: &str, hours, proof: Option<&str>, state| TrustRow {
            event: words.t(event).into_owned(),
            object: "rpt_4v6x0m2k9d8s7q1w3e5r0t2y4h".to_owned(),
            at: at(hours),
            proof: proof.map(str::to_owned),
            state,
        };
        let empty = Empty {
            title: words.t("trust-empty").into_owned(),
            why: words.t("trust-empty-why").into_owned(),
            action: None,
            checked_at: Some(at(0)),
        };
        let week = Period::of(PeriodKind::Week, sample::NOW.day_in_japan());
        let weeks = std::iter::successors(Some(week), |week| Some(week.previous()));
        let mut weeks: Vec<(Period, u64)> =
            weeks.zip([2, 6, 0, 1, 0, 0, 14, 3, 0, 0, 1, 0]).collect();
        weeks.reverse();
        let page = |rows, head, key| Self {
            frame: sample::officer(words, "/trust"),
            weeks: Some(readings(&weeks, words)),
            head,
            key,
            rows,
            empty: empty.clone(),
            pager: Pager::default(),
            terms: vec![TermRow {
                kind: words.t("trust-kind-incident").into_owned(),
                days: 1_825,
            }],
            custodians: Some("/custodians".to_owned()),
        };
        let rows = vec![
            row("trust-event-part-read", 1, None, EntryState::Opens),
            row(
                "trust-event-report-accepted",
                30,
                Some("/trust/proof/cmm_0"),
                EntryState::Opens,
            ),
            row(
                "trust-event-report-accepted",
                900,
                Some("/trust/proof/cmm_1"),
                EntryState::Erased,
            ),
        ];
        let head = Some(Checkpoint {
            entry_count: 4_096,
            at: at(0),
        });
        let key = Some("hub.denryoku.example+4a1f0c2b+AZ8c1mB0".to_owned());
        vec![
            ("used", page(rows, head, key)),
            ("fresh", page(vec![], None, None)),
        ]
    }
}
