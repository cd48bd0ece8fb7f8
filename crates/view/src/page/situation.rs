//! The situation: is this one attack or many?

use askama::Template;
use domain::time::Timestamp;

use crate::chart::{Heat, HeatRow, Ranked};
use crate::layout::{Frame, sample};
use crate::page::case::Exact;
use crate::table::{Cell, Table};
use crate::words::{Language, Words};

/// The page. Every figure on it was published once and does not change.
#[derive(Debug, Template)]
#[template(path = "situation/situation.html")]
pub struct SituationPage {
    /// Around the page.
    pub frame: Frame,
    /// Sectors by week; `None` for readers who see quarters alone.
    pub weeks: Option<Heat>,
    /// Sectors in the newest quarter; `None` before the first is published.
    pub quarter: Option<Ranked>,
    /// All sectors together, quarter by quarter.
    pub wholes: Option<Table>,
    /// When the newest table was published; `None` before the first.
    pub published_at: Option<Timestamp>,
}

/// What stands behind a cell, as far as this reader may see it.
#[derive(Debug, Template)]
#[template(path = "situation/pattern.html")]
pub struct PatternPage {
    /// Around the page.
    pub frame: Frame,
    /// Name of the sector.
    pub sector: String,
    /// Name of the week.
    pub week: String,
    /// The reader's own rows: address, title, facts, and since when.
    pub rows: Vec<PatternRow>,
}

/// One report of the reader's own list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PatternRow {
    /// Its page.
    pub href: String,
    /// Kind and pseudonym.
    pub title: String,
    /// Codes by name.
    pub facts: Vec<String>,
    /// Since when it is there for the reader.
    pub seen_at: Timestamp,
    /// How closely that may be told.
    pub exact: Exact,
}

fn say(words: Words, ja: &str, en: &str) -> String {
    match words.language() {
        Language::Ja => ja,
        Language::En => en,
    }
    .to_owned()
}

impl SituationPage {
    /// For those who triage, for everybody else, and before anything is published.
    pub fn samples(words: Words) -> Vec<(&'static str, Self)> {
        let frame = || sample::officer(words, "/situation");
        let sectors = [
            say(words, "電力", "Electricity"),
            say(words, "水道", "Water"),
            say(words, "その他の分野", "Other sectors"),
        ];
        let heat = Heat {
            id: "weeks".to_owned(),
            title: words.t("situation-weeks-title").into_owned(),
            axis: words.t("situation-sector").into_owned(),
            columns: vec!["11/9".to_owned(), "11/16".to_owned()],
            rows: sectors
                .iter()
                .zip([8, 5, 0])
                .map(|(label, count)| HeatRow {
                    label: label.clone(),
                    cells: vec![
                        Cell::Withheld,
                        if count > 0 {
                            Cell::Number(count)
                        } else {
                            Cell::Withheld
                        },
                    ],
                    hrefs: vec![
                        "/situation/pattern?sector=a&week=week:2026-11-09".to_owned(),
                        "/situation/pattern?sector=a&week=week:2026-11-16".to_owned(),
                    ],
                })
                .collect(),
        };
        let quarter = Ranked {
            id: "quarter".to_owned(),
            title: words.t("situation-quarter").into_owned(),
            axis: words.t("situation-sector").into_owned(),
            rows: sectors
                .iter()
                .cloned()
                .zip([Cell::Number(31), Cell::Withheld, Cell::Number(12)])
                .collect(),
        };
        let page = |weeks, quarter, published_at| Self {
            frame: frame(),
            weeks,
            quarter,
            wholes: None,
            published_at,
        };
        vec![
            (
                "weeks",
                page(Some(heat), Some(quarter.clone()), Some(sample::NOW)),
            ),
            ("quarter", page(None, Some(quarter), Some(sample::NOW))),
            ("empty", page(None, None, None)),
        ]
    }
}

impl PatternPage {
    /// With a report, and with none.
    pub fn samples(words: Words) -> Vec<(&'static str, Self)> {
        let page = |rows| Self {
            frame: sample::officer(words, "/situation/pattern"),
            sector: say(words, "電力", "Electricity"),
            week: say(words, "11/16から11/22までの週", "Week of 11/16 to 11/22"),
            rows,
        };
        let row = PatternRow {
            href: "/reports/rpt_1".to_owned(),
            title: say(words, "事案 S-7KQ2MX", "Incident S-7KQ2MX"),
            facts: vec![say(words, "電力", "Electricity")],
            seen_at: sample::NOW,
            exact: Exact::Moment,
        };
        vec![("one", page(vec![row])), ("none", page(vec![]))]
    }
}
