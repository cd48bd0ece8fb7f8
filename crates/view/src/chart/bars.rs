//! Counts over time, one bar each: twelve weeks of one's own counts.

use super::{Figure, Place, element, label};
use crate::html::Html;
use crate::table::{Cell, Table};
use crate::words::Words;

/// A row of counts.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Bars {
    /// Unique on the page, `[a-z0-9-]+`.
    pub id: String,
    /// What is counted.
    pub title: String,
    /// What the bars stand for: `週`.
    pub axis: String,
    /// Oldest first.
    pub counts: Vec<Bar>,
}

/// One count.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Bar {
    /// Short name under the bar: `11/21`.
    pub label: String,
    /// The count; `None` if nobody told us, which is not zero.
    pub count: Option<u64>,
}

const HEIGHT: i64 = 176;
const BASE: i64 = 148;
const TOP: i64 = 24;

impl Bars {
    /// The chart.
    pub fn html(&self, words: Words) -> Html {
        let most = self
            .counts
            .iter()
            .filter_map(|bar| bar.count)
            .max()
            .unwrap_or(0);
        let total: u64 = self.counts.iter().filter_map(|bar| bar.count).sum();
        let unknown_count = self.counts.iter().filter(|bar| bar.count.is_none()).count();
        let description = words.tn(
            "chart-bars",
            &[
                ("total", total.into()),
                ("most", most.into()),
                ("unknown", unknown_count.into()),
            ],
        );
        Figure {
            id: &self.id,
            title: &self.title,
            description: &description,
            height: HEIGHT,
            drawing: &drawing(self, most),
            legend: None,
            table: &table(self, words),
        }
        .html(words)
    }
}

fn drawing(chart: &Bars, most: u64) -> Html {
    let mut html = Html::new();
    let slots = i64::try_from(chart.counts.len()).unwrap_or(1).max(1);
    // On a phone a slot is 24 px wide: with more than six bars every second or third has a name.
    let every = usize::try_from((slots + 5) / 6).unwrap_or(1).max(1);
    for ((index, bar), slot) in chart.counts.iter().enumerate().zip(0_i64..) {
        let middle = Place::at(2 * slot + 1, 2 * slots);
        let left = Place::at(20 * slot + 3, 20 * slots).text();
        let width = Place::at(14, 20 * slots).text();
        let height = bar.count.map_or(20, |count| bar_height(count, most));
        let (y, tall) = ((BASE - height).to_string(), height.to_string());
        let class = if bar.count.is_some() {
            "fill s0"
        } else {
            "unknown"
        };
        element(
            &mut html,
            "rect",
            &[
                ("x", &left),
                ("y", &y),
                ("width", &width),
                ("height", &tall),
                ("class", class),
            ],
        );
        let count = bar.count.map_or("?".to_owned(), |count| count.to_string());
        label(&mut html, middle, BASE - height - 6, "count", &count);
        // Counted from the newest, so that the last bar always has its name.
        if (chart.counts.len() - 1 - index).is_multiple_of(every) {
            label(&mut html, middle, BASE + 20, "name", &bar.label);
        }
    }
    let base = BASE.to_string();
    element(
        &mut html,
        "line",
        &[
            ("x1", "0"),
            ("y1", &base),
            ("x2", "100%"),
            ("y2", &base),
            ("class", "axis"),
        ],
    );
    html
}

fn bar_height(count: u64, most: u64) -> i64 {
    if count == 0 {
        return 0;
    }
    let room = u64::try_from(BASE - TOP).unwrap_or(1);
    i64::try_from((count.saturating_mul(room) / most.max(1)).max(2)).unwrap_or(2)
}

fn table(chart: &Bars, words: Words) -> Table {
    let row = |bar: &Bar| {
        vec![
            Cell::Text(bar.label.clone()),
            bar.count.map_or(Cell::Unknown, Cell::Number),
        ]
    };
    Table {
        caption: chart.title.clone(),
        head: vec![chart.axis.clone(), words.t("chart-count").into_owned()],
        rows: chart.counts.iter().map(row).collect(),
    }
}
