//! Charts drawn on the server: inline SVG with the same figures in a table beneath.
//!
//! Horizontal places are percentages and heights are pixels, so letters keep their size on a phone.
//! INVARIANT: nothing is told by color alone; every figure stands in the table; the same input
//! gives the same bytes.

use crate::html::Html;
use crate::table::Table;
use crate::words::Words;

mod bars;
mod client_hours;
mod clock_strip;
mod day_ticks;
mod heat;
mod multiples;
mod ranked;
mod stacked;
mod timeline;
mod weights;

pub use bars::{Bar, Bars};
pub use client_hours::ClientHours;
pub use clock_strip::{Clock, ClockStrip};
pub use day_ticks::day_ticks;
pub use heat::{Heat, HeatRow};
pub use multiples::{Column, Fill, Multiples, Panel};
pub use ranked::Ranked;
pub use stacked::{SEGMENTS_MAX, Segment, Stacked};
pub use timeline::{Event, Timeline};
pub use weights::{Weight, Weights};

/// A place on the horizontal axis in hundredths of a percent, kept whole so that output is exact.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
struct Place(i64);

impl Place {
    const END: Self = Self(10_000);

    /// The place `part / whole` of the way; the start if `whole` is nothing.
    fn at(part: i64, whole: i64) -> Self {
        if whole <= 0 {
            return Self(0);
        }
        let hundredths = i128::from(part) * 10_000 / i128::from(whole);
        Self(i64::try_from(hundredths.clamp(0, 10_000)).unwrap_or(0))
    }

    fn text(self) -> String {
        format!("{}.{:02}%", self.0 / 100, self.0 % 100)
    }
}

/// The figure around a drawing: caption, drawing with its description, table.
struct Figure<'a> {
    /// Unique on the page; ids of the parts begin with it.
    id: &'a str,
    title: &'a str,
    /// What the drawing shows, in one sentence.
    description: &'a str,
    height: i64,
    drawing: &'a Html,
    /// Shown below the drawing, before the table: a legend.
    legend: Option<&'a Html>,
    table: &'a Table,
}

impl Figure<'_> {
    fn html(&self, words: Words) -> Html {
        let mut html = Html::new();
        html.markup("<figure class=\"chart\"><figcaption id=\"")
            .text(self.id);
        html.markup("-title\">")
            .text(self.title)
            .markup("</figcaption><svg role=\"img\" aria-labelledby=\"");
        html.text(self.id)
            .markup("-title ")
            .text(self.id)
            .markup("-desc\" width=\"100%\" height=\"");
        html.number(self.height)
            .markup("\"><desc id=\"")
            .text(self.id)
            .markup("-desc\">");
        html.text(self.description)
            .markup("</desc>")
            .html(self.drawing)
            .markup("</svg>");
        if let Some(legend) = self.legend {
            html.html(legend);
        }
        html.markup("<details class=\"fold\"><summary>")
            .text(&words.t("chart-table"));
        html.markup("</summary><div>")
            .html(&self.table.html(words))
            .markup("</div></details></figure>");
        html
    }
}

/// Attributes of one drawn thing, written in order: `("x", "4%")`.
fn element(html: &mut Html, name: &str, attributes: &[(&str, &str)]) {
    html.markup("<").markup(name);
    for (attribute, value) in attributes {
        html.markup(" ")
            .markup(attribute)
            .markup("=\"")
            .text(value)
            .markup("\"");
    }
    html.markup("/>");
}

/// One text, anchored at `x`.
fn label(html: &mut Html, x: Place, y: i64, class: &str, text: &str) {
    html.markup("<text x=\"")
        .text(&x.text())
        .markup("\" y=\"")
        .number(y)
        .markup("\" class=\"");
    html.markup(class)
        .markup("\">")
        .text(text)
        .markup("</text>");
}

#[cfg(test)]
mod tests;
