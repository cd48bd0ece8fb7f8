//! Parts of a whole in one bar: how far an advisory has come.

use super::{Figure, Place, element};
use crate::html::Html;
use crate::table::{Cell, Table};
use crate::words::{Words, grouped};

/// A whole and its parts.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Stacked {
    /// Unique on the page, `[a-z0-9-]+`.
    pub id: String,
    /// What the whole is.
    pub title: String,
    /// What the parts are: `状態`.
    pub axis: String,
    /// The parts from the best to the worst, at most [`SEGMENTS_MAX`]; each counted once, so that
    /// they add up to the whole.
    pub segments: Vec<Segment>,
}

/// One part.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Segment {
    /// Its name.
    pub label: String,
    /// How many.
    pub count: u64,
}

/// As many patterns as can be told apart without color.
pub const SEGMENTS_MAX: usize = 7;

const HEIGHT: i64 = 40;

impl Stacked {
    /// The chart. Parts beyond [`SEGMENTS_MAX`] share the last pattern.
    pub fn html(&self, words: Words) -> Html {
        let total: u64 = self.segments.iter().map(|segment| segment.count).sum();
        let first = self.segments.first();
        let description = words.tn(
            "chart-stacked",
            &[
                ("total", total.into()),
                ("label", first.map_or("", |segment| &segment.label).into()),
                ("count", first.map_or(0, |segment| segment.count).into()),
            ],
        );
        Figure {
            id: &self.id,
            title: &self.title,
            description: &description,
            height: HEIGHT,
            drawing: &drawing(self, total),
            legend: Some(&legend(self)),
            table: &table(self, total, words),
        }
        .html(words)
    }
}

fn drawing(chart: &Stacked, total: u64) -> Html {
    let mut html = Html::new();
    html.markup("<defs>");
    for style in 0..SEGMENTS_MAX {
        pattern(&mut html, &format!("{}-{style}", chart.id), style);
    }
    html.markup("</defs>");
    let whole = i64::try_from(total).unwrap_or(i64::MAX);
    let mut before = 0_i64;
    for (index, segment) in chart.segments.iter().enumerate() {
        let count = i64::try_from(segment.count).unwrap_or(i64::MAX);
        let left = Place::at(before, whole);
        before = before.saturating_add(count);
        let right = Place::at(before, whole);
        if right <= left {
            continue;
        }
        let fill = format!("url(#{}-{})", chart.id, index.min(SEGMENTS_MAX - 1));
        let (x, width) = (left.text(), Place(right.0 - left.0).text());
        element(
            &mut html,
            "rect",
            &[
                ("x", &x),
                ("y", "0"),
                ("width", &width),
                ("height", "40"),
                ("fill", &fill),
                ("class", "part"),
            ],
        );
    }
    html
}

/// Pattern number `style`: solid, rising lines, dots, crossed lines, level lines, empty,
/// upright lines.
pub(super) fn pattern(html: &mut Html, id: &str, style: usize) {
    html.markup("<pattern id=\"").text(id);
    html.markup("\" width=\"8\" height=\"8\" patternUnits=\"userSpaceOnUse\"><rect width=\"8\" height=\"8\" class=\"ground s");
    html.markup(&style.to_string()).markup("\"/>");
    html.markup(match style {
        1 => "<path d=\"M-2 2 2-2M0 8 8 0M6 10l4-4\" class=\"stroke\"/>",
        2 => "<circle cx=\"4\" cy=\"4\" r=\"1.6\" class=\"dot\"/>",
        3 => "<path d=\"M0 0 8 8M8 0 0 8\" class=\"stroke\"/>",
        4 => "<path d=\"M0 4h8\" class=\"stroke\"/>",
        6 => "<path d=\"M4 0v8\" class=\"stroke\"/>",
        _ => "",
    });
    html.markup("</pattern>");
}

fn legend(chart: &Stacked) -> Html {
    let mut html = Html::new();
    html.markup("<ul class=\"legend\">");
    for (index, segment) in chart.segments.iter().enumerate() {
        html.markup("<li><svg width=\"24\" height=\"16\" aria-hidden=\"true\"><rect width=\"24\" height=\"16\" class=\"part\" fill=\"url(#");
        html.text(&chart.id)
            .markup("-")
            .markup(&index.min(SEGMENTS_MAX - 1).to_string());
        html.markup(")\"/></svg> ")
            .text(&segment.label)
            .markup(" <b>");
        html.text(&grouped(i64::try_from(segment.count).unwrap_or(i64::MAX)))
            .markup("</b></li>");
    }
    html.markup("</ul>");
    html
}

fn table(chart: &Stacked, total: u64, words: Words) -> Table {
    let row = |label: &str, count: u64| vec![Cell::Text(label.to_owned()), Cell::Number(count)];
    let mut rows: Vec<_> = chart
        .segments
        .iter()
        .map(|part| row(&part.label, part.count))
        .collect();
    rows.push(row(&words.t("chart-total"), total));
    Table {
        caption: chart.title.clone(),
        head: vec![chart.axis.clone(), words.t("chart-count").into_owned()],
        rows,
    }
}
