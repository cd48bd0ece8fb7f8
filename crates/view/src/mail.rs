//! Mail as plain text: the twin of a page, readable on any terminal and over the telephone.
//!
//! Lines hold 36 full-width characters. INVARIANT: the first line of a letter from an exercise or
//! a demo says so, and so does its subject; the label stands above the text.

use domain::handling::Tlp;

use crate::layout::{Banner, HubLine};
use crate::words::Words;

pub mod advisory;
pub mod invitation;
mod wrap;

pub use wrap::{CELLS_MAX, cells, wrap};

/// A letter before it is laid out.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Letter<'a> {
    /// The words of the addressee's language.
    pub words: Words,
    /// The hub that writes.
    pub hub: &'a HubLine,
    /// Which world this is.
    pub banners: &'a [Banner],
    /// Label of what the letter contains; `None` when it contains nothing that is shared.
    pub tlp: Option<Tlp>,
    /// One line: subject and heading.
    pub title: String,
    /// The body, in order.
    pub blocks: Vec<Block>,
}

/// A part of a letter's body.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Block {
    /// Sentences.
    Paragraph(String),
    /// Labels and values.
    Facts(Vec<(String, String)>),
    /// What to do, in order.
    Steps(Vec<String>),
    /// An address on a line of its own, with what it leads to.
    Link {
        /// What it leads to.
        label: String,
        /// The address; never broken.
        url: String,
    },
}

impl Letter<'_> {
    /// The subject line: world, label, title.
    pub fn subject(&self) -> String {
        let mut subject = String::new();
        for banner in self.banners {
            subject.push_str(
                &self
                    .words
                    .tn("mail-mark", &[("world", world(banner, self.words).into())]),
            );
        }
        let title = one_line(&self.title);
        let Some(tlp) = self.tlp else {
            return subject + &title;
        };
        subject
            + &self.words.tn(
                "mail-subject",
                &[("tlp", tlp.label().into()), ("title", title.into())],
            )
    }

    /// The text, lines ending in `\n`.
    pub fn text(&self) -> String {
        let mut text = String::new();
        for banner in self.banners {
            let note = match banner {
                Banner::Demo => self.words.t("layout-demo-note"),
                Banner::Drill(_) => self.words.t("layout-drill-note"),
            };
            let mark = self
                .words
                .tn("mail-mark", &[("world", world(banner, self.words).into())]);
            push(&mut text, &wrap(&format!("{mark}{note}"), ""));
        }
        if let Some(tlp) = self.tlp {
            push(&mut text, tlp.label());
        }
        push(&mut text, &wrap(&one_line(&self.title), ""));
        push(&mut text, RULE);
        for block in &self.blocks {
            text.push('\n');
            push(&mut text, &block.text());
        }
        text.push('\n');
        push(&mut text, RULE);
        push(&mut text, &self.footer());
        text
    }

    fn footer(&self) -> String {
        let mut lines = vec![self.hub.name.clone()];
        if let Some(phone) = &self.hub.phone {
            lines.push(self.words.tn("mail-phone", &[("phone", phone.into())]));
        }
        lines.push(wrap(&self.words.t("mail-footer"), ""));
        lines.join("\n")
    }
}

impl Block {
    fn text(&self) -> String {
        match self {
            Self::Paragraph(sentences) => wrap(sentences, ""),
            Self::Facts(facts) => {
                let line =
                    |(label, value): &(String, String)| wrap(&format!("{label}: {value}"), "  ");
                facts.iter().map(line).collect::<Vec<_>>().join("\n")
            }
            Self::Steps(steps) => {
                let line =
                    |(number, step): (usize, &String)| wrap(&format!("{number}. {step}"), "   ");
                (1..).zip(steps).map(line).collect::<Vec<_>>().join("\n")
            }
            Self::Link { label, url } => format!("{}\n{url}", wrap(label, "")),
        }
    }
}

const RULE: &str = "------------------------------------------------------------------------";

fn world(banner: &Banner, words: Words) -> String {
    match banner {
        Banner::Demo => words.t("layout-demo").into_owned(),
        Banner::Drill(_) => words.t("layout-drill").into_owned(),
    }
}

/// A title must not begin a new header or a new line.
fn one_line(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

fn push(text: &mut String, line: &str) {
    text.push_str(line);
    text.push('\n');
}

#[cfg(test)]
mod tests;
