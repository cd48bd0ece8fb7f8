//! The trust page: who saw our data, and can we prove it?

use askama::Template;

use crate::layout::{Checkpoint, Frame, sample};
use crate::part::{Empty, Pager};
use crate::words::Words;
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
        let page = |rows, head, key| Self {
            frame: sample::officer(words, "/trust"),
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
