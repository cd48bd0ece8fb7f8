//! The picture above a desk's list: how old the open reports are, by severity.

use crate::chart::{Column, Fill, Multiples, Panel};
use crate::part::SeverityMark;
use crate::words::Words;

/// As many classes of age as the picture has: within an hour, a day, three days, seven days, older.
pub const CLASSES: usize = 5;

/// The open reports of a desk.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Ages {
    /// One row for each severity of the scale, the gravest first, and one for those without.
    pub rows: Vec<AgeRow>,
    /// How many reports were looked at, the newest first; `None` when all were.
    pub newest: Option<u64>,
}

/// The open reports of one severity.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AgeRow {
    /// The severity; `None` for those that nobody rated.
    pub mark: Option<SeverityMark>,
    /// How many, by class of age, the youngest first.
    pub counts: [u64; CLASSES],
}

impl Ages {
    /// Whether there is an open report to show.
    pub fn has_any(&self) -> bool {
        self.rows.iter().flat_map(|row| row.counts).sum::<u64>() > 0
    }

    /// That older reports are not counted; empty when all are.
    pub fn limit(&self, words: Words) -> String {
        self.newest.map_or(String::new(), |count| {
            words.tn("intake-ages-newest", &[("count", count.into())])
        })
    }

    /// The picture.
    pub fn chart(&self, words: Words) -> Multiples {
        let column = |class: &str| Column {
            label: words.t(&format!("intake-age-{class}-short")).into_owned(),
            name: words.t(&format!("intake-age-{class}")).into_owned(),
        };
        let panel = |row: &AgeRow| Panel {
            label: match &row.mark {
                Some(mark) => words.tn(
                    "intake-age-severity",
                    &[
                        ("number", mark.number.as_str().into()),
                        ("word", mark.word.as_str().into()),
                    ],
                ),
                None => words.t("intake-age-unrated").into_owned(),
            },
            counts: row.counts.to_vec(),
            fill: match row.mark {
                Some(_) => Fill::Solid,
                None => Fill::Hatched,
            },
        };
        Multiples {
            id: "ages".to_owned(),
            title: words.t("intake-ages").into_owned(),
            axis: words.t("case-severity").into_owned(),
            columns: ["hour", "day", "three-days", "week", "older"]
                .map(column)
                .into(),
            panels: self.rows.iter().map(panel).collect(),
        }
    }
}
