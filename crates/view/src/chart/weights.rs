//! What each reason adds to a score, or takes from it: lying bars to either side of a line.

use super::{Figure, Place, element};
use crate::html::Html;
use crate::table::{Cell, Table};
use crate::words::Words;

/// Weights by name.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Weights {
    /// Unique on the page, `[a-z0-9-]+`.
    pub id: String,
    /// What is weighed.
    pub title: String,
    /// Rows in the order to be read.
    pub rows: Vec<Weight>,
}

/// One reason.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Weight {
    /// Its name, a few words.
    pub name: String,
    /// What it adds, in tenths; negative where it takes away.
    pub tenths: i32,
    /// The score without it, as text.
    pub without: String,
}

/// Height of one row: a line of text and a bar.
const ROW: i64 = 40;
/// Where the line stands from which bars go to either side, in hundredths of a percent.
const LINE: i64 = 3_000;
/// How far a bar may go to the right and to the left.
const RIGHT: i64 = 6_900;
const LEFT: i64 = 2_900;

impl Weights {
    /// The chart.
    pub fn html(&self, words: Words) -> Html {
        let side = |above: bool| {
            self.rows
                .iter()
                .filter(|row| (row.tenths > 0) == above)
                .count()
        };
        let description = words.tn(
            "chart-weights",
            &[("for", side(true).into()), ("against", side(false).into())],
        );
        Figure {
            id: &self.id,
            title: &self.title,
            description: &description,
            height: ROW * i64::try_from(self.rows.len()).unwrap_or(0),
            drawing: &self.drawing(),
            legend: None,
            table: &self.table(words),
        }
        .html(words)
    }

    fn drawing(&self) -> Html {
        let mut html = Html::new();
        let longest = |above: bool| {
            let of_side = self.rows.iter().filter(|row| (row.tenths > 0) == above);
            of_side
                .map(|row| i64::from(row.tenths.unsigned_abs()))
                .max()
                .unwrap_or(0)
        };
        // One scale for both sides, so that lengths compare.
        let scale = (longest(true) * LEFT).max(longest(false) * RIGHT).max(1);
        for (row, place) in self.rows.iter().zip(0_i64..) {
            let top = place * ROW;
            html.markup("<text x=\"0\" y=\"").number(top + 15);
            html.markup("\" class=\"start row-name\">")
                .text(&row.name)
                .markup("</text>");
            html.markup("<text x=\"100%\" y=\"").number(top + 15);
            html.markup("\" class=\"end count\">")
                .text(&signed(row.tenths))
                .markup("</text>");
            let length = i64::from(row.tenths.unsigned_abs()) * LEFT * RIGHT / scale;
            let (begin, class) = if row.tenths > 0 {
                (LINE, "fill s0")
            } else {
                (LINE - length, "fill s1")
            };
            let line = Place(LINE).text();
            let (from, to) = ((top + 19).to_string(), (top + 35).to_string());
            element(
                &mut html,
                "line",
                &[
                    ("x1", &line),
                    ("y1", &from),
                    ("x2", &line),
                    ("y2", &to),
                    ("class", "axis"),
                ],
            );
            let (x, width, y) = (
                Place(begin).text(),
                Place(length).text(),
                (top + 21).to_string(),
            );
            element(
                &mut html,
                "rect",
                &[
                    ("x", &x),
                    ("y", &y),
                    ("width", &width),
                    ("height", "12"),
                    ("class", class),
                ],
            );
        }
        html
    }

    fn table(&self, words: Words) -> Table {
        let rows = self.rows.iter().map(|row| {
            vec![
                Cell::Text(row.name.clone()),
                Cell::Text(signed(row.tenths)),
                Cell::Text(row.without.clone()),
            ]
        });
        Table {
            caption: self.title.clone(),
            head: vec![
                words.t("chart-reason").into_owned(),
                words.t("chart-weight").into_owned(),
                words.t("chart-without").into_owned(),
            ],
            rows: rows.collect(),
        }
    }
}

fn signed(tenths: i32) -> String {
    let sign = match tenths.signum() {
        1 => "+",
        -1 => "-",
        _ => "",
    };
    let size = tenths.unsigned_abs();
    format!("{sign}{}.{}", size / 10, size % 10)
}
