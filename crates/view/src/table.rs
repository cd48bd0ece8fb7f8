//! Tables: for charts, which always have one, and for pages that list figures.

use crate::html::Html;
use crate::words::{Words, grouped};

/// A table with a caption, a head and rows; the first cell of a row is its heading.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Table {
    /// What the table shows.
    pub caption: String,
    /// Column headings; the first stands over the row headings.
    pub head: Vec<String>,
    /// Rows of as many cells as the head has.
    pub rows: Vec<Vec<Cell>>,
}

/// One cell. What is not known and what may not be told are never shown as zero.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Cell {
    /// Words.
    Text(String),
    /// A count.
    Number(u64),
    /// Finished HTML, such as a time or a link.
    Html(Html),
    /// Nobody told us.
    Unknown,
    /// Withheld by the release checker.
    Withheld,
}

impl Table {
    /// The table, in a frame that scrolls by itself when the page is narrow.
    pub fn html(&self, words: Words) -> Html {
        let mut html = Html::new();
        html.markup("<div class=\"table\" role=\"region\" tabindex=\"0\" aria-label=\"");
        html.text(&self.caption)
            .markup("\"><table><caption>")
            .text(&self.caption);
        html.markup("</caption><thead><tr>");
        for (index, name) in self.head.iter().enumerate() {
            html.markup(if self.is_count(index) {
                "<th scope=\"col\" class=\"number\">"
            } else {
                "<th scope=\"col\">"
            });
            html.text(name).markup("</th>");
        }
        html.markup("</tr></thead><tbody>");
        for row in &self.rows {
            html.markup("<tr>");
            for (index, cell) in row.iter().enumerate() {
                let (open, close) = match (index, cell.is_count()) {
                    (0, _) => ("<th scope=\"row\">", "</th>"),
                    (_, true) => ("<td class=\"number\">", "</td>"),
                    (_, false) => ("<td>", "</td>"),
                };
                html.markup(open).html(&cell.html(words)).markup(close);
            }
            html.markup("</tr>");
        }
        html.markup("</tbody></table></div>");
        html
    }

    fn is_count(&self, column: usize) -> bool {
        let cells = self.rows.iter().filter_map(|row| row.get(column));
        column > 0 && cells.clone().next().is_some() && cells.clone().all(Cell::is_count)
    }
}

impl Cell {
    /// The cell's content.
    pub(crate) fn html(&self, words: Words) -> Html {
        let mut html = Html::new();
        match self {
            Self::Text(text) => html.text(text),
            Self::Number(count) => html.text(&grouped(i64::try_from(*count).unwrap_or(i64::MAX))),
            Self::Html(inner) => html.html(inner),
            Self::Unknown => html.text(&words.t("chart-unknown")),
            Self::Withheld => html
                .markup("<span aria-hidden=\"true\">-</span><span class=\"unseen\">")
                .text(&words.t("chart-withheld"))
                .markup("</span>"),
        };
        html
    }

    fn is_count(&self) -> bool {
        matches!(self, Self::Number(_) | Self::Unknown | Self::Withheld)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::words::Language;

    #[test]
    fn unknown_and_withheld_are_words_and_never_zero() {
        let row = |cell| vec![Cell::Text("水道".to_owned()), cell];
        let table = Table {
            caption: "件数".to_owned(),
            head: vec!["分野".to_owned(), "件".to_owned()],
            rows: vec![
                row(Cell::Number(1200)),
                row(Cell::Unknown),
                row(Cell::Withheld),
            ],
        };
        let html = table.html(Words::new(Language::Ja)).to_string();
        assert!(
            html.contains("<th scope=\"col\" class=\"number\">件</th>"),
            "{html}"
        );
        assert!(html.contains("<td class=\"number\">1,200</td>"), "{html}");
        assert!(html.contains("<td class=\"number\">不明</td>"), "{html}");
        assert!(
            html.contains("伏せています") && !html.contains(">0<"),
            "{html}"
        );
    }
}
