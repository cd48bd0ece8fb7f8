//! Finished HTML, and the few ways to make it outside a template.

use std::fmt;

use askama::filters::HtmlSafe;

/// HTML that is already escaped: a template prints it as it stands.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Html(String);

impl Html {
    /// Starts empty.
    pub fn new() -> Self {
        Self::default()
    }

    /// The HTML of `text`: what a reader sees is exactly `text`.
    pub fn from_text(text: &str) -> Self {
        let mut html = Self::new();
        html.text(text);
        html
    }

    /// Appends markup written in this crate, never text from outside.
    pub(crate) fn markup(&mut self, markup: &str) -> &mut Self {
        self.0.push_str(markup);
        self
    }

    /// Appends `text`, escaped for element content and quoted attributes.
    pub(crate) fn text(&mut self, text: &str) -> &mut Self {
        for letter in text.chars() {
            match letter {
                '&' => self.0.push_str("&amp;"),
                '<' => self.0.push_str("&lt;"),
                '>' => self.0.push_str("&gt;"),
                '"' => self.0.push_str("&quot;"),
                '\'' => self.0.push_str("&#39;"),
                other => self.0.push(other),
            }
        }
        self
    }

    /// Appends a number, which needs no escaping.
    pub(crate) fn number(&mut self, number: i64) -> &mut Self {
        self.0.push_str(&number.to_string());
        self
    }

    /// Appends another piece.
    pub(crate) fn html(&mut self, piece: &Self) -> &mut Self {
        self.0.push_str(&piece.0);
        self
    }

    /// The HTML as a string.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Whether there is nothing to show.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

impl fmt::Display for Html {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl HtmlSafe for Html {}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_from_outside_cannot_open_a_tag_or_leave_an_attribute() {
        let html = Html::from_text("<b onclick='x'>\"&");
        assert_eq!(html.as_str(), "&lt;b onclick=&#39;x&#39;&gt;&quot;&amp;");
    }
}
