//! Counts by two dimensions: sector by week.
//!
//! The drawing is the table itself: the number stands in each cell, the tint only helps the eye.

use crate::html::Html;
use crate::table::Cell;
use crate::words::Words;

/// A grid of released counts.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Heat {
    /// Unique on the page, `[a-z0-9-]+`.
    pub id: String,
    /// What is counted.
    pub title: String,
    /// What the rows are: `分野`.
    pub axis: String,
    /// Column names: weeks, oldest first.
    pub columns: Vec<String>,
    /// Rows in the order to be read.
    pub rows: Vec<HeatRow>,
}

/// One row of a grid.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct HeatRow {
    /// Its name.
    pub label: String,
    /// One cell per column: a number, unknown or withheld.
    pub cells: Vec<Cell>,
    /// Where each cell leads, shown or withheld; empty when none leads anywhere.
    pub hrefs: Vec<String>,
}

impl Heat {
    /// The chart.
    pub fn html(&self, words: Words) -> Html {
        let mut html = Html::new();
        html.markup("<figure class=\"chart heat\"><div class=\"table\" role=\"region\" tabindex=\"0\" aria-labelledby=\"");
        html.text(&self.id)
            .markup("-title\"><table><caption id=\"")
            .text(&self.id)
            .markup("-title\">");
        html.text(&self.title)
            .markup("</caption><thead><tr><th scope=\"col\">")
            .text(&self.axis)
            .markup("</th>");
        for column in &self.columns {
            html.markup("<th scope=\"col\" class=\"number\">")
                .text(column)
                .markup("</th>");
        }
        html.markup("</tr></thead><tbody>");
        let most = self
            .rows
            .iter()
            .flat_map(|row| &row.cells)
            .filter_map(count)
            .max()
            .unwrap_or(0);
        for row in &self.rows {
            html.markup("<tr><th scope=\"row\">")
                .text(&row.label)
                .markup("</th>");
            for (at, cell) in row.cells.iter().enumerate() {
                html.markup("<td class=\"number heat-")
                    .markup(tint(cell, most))
                    .markup("\">");
                match row.hrefs.get(at) {
                    Some(href) => {
                        let column = self.columns.get(at).map_or("", String::as_str);
                        html.markup("<a href=\"").text(href);
                        html.markup("\"><span class=\"unseen\">")
                            .text(&row.label)
                            .text(" ")
                            .text(column);
                        html.markup(" </span>")
                            .html(&cell.html(words))
                            .markup("</a>");
                    }
                    None => {
                        html.html(&cell.html(words));
                    }
                }
                html.markup("</td>");
            }
            html.markup("</tr>");
        }
        html.markup("</tbody></table></div><p class=\"hint\">")
            .text(&words.t("chart-heat-note"));
        html.markup("</p></figure>");
        html
    }
}

fn count(cell: &Cell) -> Option<u64> {
    if let Cell::Number(count) = cell {
        Some(*count)
    } else {
        None
    }
}

/// Five tints of equal width, one class for what is not told.
fn tint(cell: &Cell, most: u64) -> &'static str {
    let Some(count) = count(cell) else {
        return "none";
    };
    if count == 0 {
        return "0";
    }
    match count.saturating_mul(5).div_ceil(most.max(1)) {
        0 | 1 => "1",
        2 => "2",
        3 => "3",
        4 => "4",
        _ => "5",
    }
}
