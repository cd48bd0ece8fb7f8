//! Counts side by side, one lying bar each: sectors in a quarter.

use super::{Figure, Place, element};
use crate::html::Html;
use crate::table::{Cell, Table};
use crate::words::Words;

/// Released counts by name.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Ranked {
    /// Unique on the page, `[a-z0-9-]+`.
    pub id: String,
    /// What is counted.
    pub title: String,
    /// What the rows are: `分野`.
    pub axis: String,
    /// Rows in the order to be read: a name, and a number or withheld.
    pub rows: Vec<(String, Cell)>,
}

/// Height of one row: a line of text and a bar.
const ROW: i64 = 40;

impl Ranked {
    /// The chart.
    pub fn html(&self, words: Words) -> Html {
        let shown = || self.rows.iter().filter_map(|(_, cell)| count(cell));
        let withheld = self.rows.len() - shown().count();
        let description = words.tn(
            "chart-ranked",
            &[
                ("most", shown().max().unwrap_or(0).into()),
                ("withheld", withheld.into()),
            ],
        );
        Figure {
            id: &self.id,
            title: &self.title,
            description: &description,
            height: ROW * i64::try_from(self.rows.len()).unwrap_or(0),
            drawing: &self.drawing(shown().max().unwrap_or(0)),
            legend: None,
            table: &self.table(words),
        }
        .html(words)
    }

    fn drawing(&self, most: u64) -> Html {
        let mut html = Html::new();
        for ((name, cell), row) in self.rows.iter().zip(0_i64..) {
            let top = row * ROW;
            text(&mut html, ("0", top + 15), "start row-name", name);
            // The number stands behind the longest bar, where it never meets a name.
            let number = count(cell).map_or("-".to_owned(), |count| count.to_string());
            text(&mut html, ("100%", top + 32), "end count", &number);
            let length = count(cell).unwrap_or(0).saturating_mul(85);
            let part = i64::try_from(length).unwrap_or(i64::MAX);
            let whole = i64::try_from(most.max(1).saturating_mul(100)).unwrap_or(i64::MAX);
            let (y, width) = ((top + 21).to_string(), Place::at(part, whole).text());
            element(
                &mut html,
                "rect",
                &[
                    ("x", "0"),
                    ("y", &y),
                    ("width", &width),
                    ("height", "12"),
                    ("class", "fill s0"),
                ],
            );
        }
        html
    }

    fn table(&self, words: Words) -> Table {
        Table {
            caption: self.title.clone(),
            head: vec![self.axis.clone(), words.t("chart-count").into_owned()],
            rows: self
                .rows
                .iter()
                .map(|(name, cell)| vec![Cell::Text(name.clone()), cell.clone()])
                .collect(),
        }
    }
}

fn count(cell: &Cell) -> Option<u64> {
    match cell {
        Cell::Number(count) => Some(*count),
        _ => None,
    }
}

fn text(html: &mut Html, (x, y): (&str, i64), class: &str, text: &str) {
    html.markup("<text x=\"").text(x).markup("\" y=\"");
    html.number(y).markup("\" class=\"").markup("");
    html.text(class).markup("\">").text(text).markup("</text>");
}
