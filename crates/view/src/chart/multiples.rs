//! The same small bar chart once per kind, on one scale: open reports by age, for each severity.

use super::stacked::pattern;
use super::{Place, element, label};
use crate::html::Html;
use crate::table::{Cell, Table};
use crate::words::Words;

/// Small charts with the same columns, and one table of all their figures.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Multiples {
    /// Unique on the page, `[a-z0-9-]+`.
    pub id: String,
    /// What is counted.
    pub title: String,
    /// What the panels are: `深刻度`.
    pub axis: String,
    /// What the bars of every panel stand for, in order.
    pub columns: Vec<Column>,
    /// One chart each.
    pub panels: Vec<Panel>,
}

/// What one bar of every panel stands for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Column {
    /// Under the bar, two or three letters wide: `3日`.
    pub label: String,
    /// In full, for the table and for readers who see no drawing: `3日未満`.
    pub name: String,
}

/// One small chart.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Panel {
    /// What it counts.
    pub label: String,
    /// One count per column.
    pub counts: Vec<u64>,
    /// How its bars are filled.
    pub fill: Fill,
}

/// How bars are filled, so that a panel apart is told without color.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fill {
    /// All over.
    Solid,
    /// With rising lines: what is not judged yet.
    Hatched,
}

const HEIGHT: i64 = 108;
const BASE: i64 = 86;
const TOP: i64 = 22;
/// The pattern of rising lines.
const RISING: usize = 1;

impl Multiples {
    /// The charts.
    pub fn html(&self, words: Words) -> Html {
        let counts = self.panels.iter().flat_map(|panel| &panel.counts);
        let most = counts.copied().max().unwrap_or(0);
        let mut html = Html::new();
        html.markup("<figure class=\"chart\"><figcaption>")
            .text(&self.title)
            .markup("</figcaption><ul class=\"multiples\">");
        for (panel, number) in self.panels.iter().zip(0_i64..) {
            self.panel(&mut html, panel, number, most, words);
        }
        html.markup("</ul><details class=\"fold\"><summary>")
            .text(&words.t("chart-table"))
            .markup("</summary><div>")
            .html(&self.table(words).html(words))
            .markup("</div></details></figure>");
        html
    }

    fn panel(&self, html: &mut Html, panel: &Panel, number: i64, most: u64, words: Words) {
        let id = format!("{}-{number}", self.id);
        html.markup("<li><p class=\"panel-name\" id=\"")
            .text(&id)
            .markup("-title\">")
            .text(&panel.label)
            .markup("</p><svg role=\"img\" aria-labelledby=\"")
            .text(&id)
            .markup("-title ")
            .text(&id)
            .markup("-desc\" width=\"100%\" height=\"")
            .number(HEIGHT)
            .markup("\"><desc id=\"")
            .text(&id)
            .markup("-desc\">")
            .text(&self.description(panel, words))
            .markup("</desc>");
        if panel.fill == Fill::Hatched {
            html.markup("<defs>");
            pattern(html, &format!("{id}-lines"), RISING);
            html.markup("</defs>");
        }
        self.bars(html, panel, &id, most);
        html.markup("</svg></li>");
    }

    fn bars(&self, html: &mut Html, panel: &Panel, id: &str, most: u64) {
        let slots = i64::try_from(self.columns.len()).unwrap_or(1).max(1);
        let fill = format!("url(#{id}-lines)");
        for ((column, count), slot) in self.columns.iter().zip(&panel.counts).zip(0_i64..) {
            let middle = Place::at(2 * slot + 1, 2 * slots);
            let height = bar_height(*count, most);
            let (y, tall) = ((BASE - height).to_string(), height.to_string());
            let left = Place::at(20 * slot + 3, 20 * slots).text();
            let width = Place::at(14, 20 * slots).text();
            let (class, fill) = match panel.fill {
                Fill::Solid => ("fill s0", None),
                Fill::Hatched => ("part", Some(("fill", fill.as_str()))),
            };
            let mut attributes = vec![
                ("x", left.as_str()),
                ("y", y.as_str()),
                ("width", width.as_str()),
                ("height", tall.as_str()),
                ("class", class),
            ];
            attributes.extend(fill);
            if *count > 0 {
                element(html, "rect", &attributes);
            }
            label(html, middle, BASE - height - 6, "count", &count.to_string());
            label(html, middle, BASE + 16, "name", &column.label);
        }
        let base = BASE.to_string();
        element(
            html,
            "line",
            &[
                ("x1", "0"),
                ("y1", &base),
                ("x2", "100%"),
                ("y2", &base),
                ("class", "axis"),
            ],
        );
    }

    fn description(&self, panel: &Panel, words: Words) -> String {
        let total: u64 = panel.counts.iter().sum();
        let tallest = self.columns.iter().zip(&panel.counts);
        // The first of equal ones.
        let tallest = tallest.rev().max_by_key(|(_, count)| **count);
        match tallest {
            Some((column, count)) if total > 0 => words.tn(
                "chart-multiples",
                &[
                    ("total", total.into()),
                    ("label", column.name.as_str().into()),
                    ("count", (*count).into()),
                ],
            ),
            _ => words.t("chart-multiples-none").into_owned(),
        }
    }

    fn table(&self, words: Words) -> Table {
        let names = self.columns.iter().map(|column| column.name.clone());
        let row = |panel: &Panel| {
            let counts = panel.counts.iter().copied().map(Cell::Number);
            let total = Cell::Number(panel.counts.iter().sum());
            std::iter::once(Cell::Text(panel.label.clone()))
                .chain(counts)
                .chain([total])
                .collect()
        };
        Table {
            caption: self.title.clone(),
            head: std::iter::once(self.axis.clone())
                .chain(names)
                .chain([words.t("chart-total").into_owned()])
                .collect(),
            rows: self.panels.iter().map(row).collect(),
        }
    }
}

fn bar_height(count: u64, most: u64) -> i64 {
    if count == 0 {
        return 0;
    }
    let room = u64::try_from(BASE - TOP).unwrap_or(1);
    i64::try_from((count.saturating_mul(room) / most.max(1)).max(2)).unwrap_or(2)
}
