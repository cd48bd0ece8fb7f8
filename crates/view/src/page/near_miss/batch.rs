//! The receipts of a batch, shown by the answer to the press that sent it.

use askama::Template;
use domain::time::Timestamp;

use crate::layout::{Frame, sample};
use crate::words::{Language, Words};

/// What the source of a batch takes home.
#[derive(Debug, Template)]
#[template(path = "near_miss/batch.html")]
pub struct BatchReceipts {
    /// Around the page.
    pub frame: Frame,
    /// Name of the relay that received it.
    pub relay: String,
    /// When the page is shown, which is when it was accepted, give or take some minutes.
    pub at: Timestamp,
    /// One per row that was accepted.
    pub lines: Vec<BatchReceipt>,
    /// Numbers of the rows that were sent before and are not sent again.
    pub before: Vec<u32>,
}

/// The receipt of one row.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BatchReceipt {
    /// Number of the row in the file.
    pub row: u32,
    /// What nearly happened, to know the row by.
    pub kind: String,
    /// The name under which it is spoken of.
    pub pseudonym: String,
    /// Name of the mode of custody.
    pub custody: String,
    /// The code of its mailbox, in four groups; `None` for a named report.
    pub mailbox_code: Option<String>,
}

impl BatchReceipts {
    /// Whether there is a code to be written down.
    pub fn has_codes(&self) -> bool {
        self.lines.iter().any(|line| line.mailbox_code.is_some())
    }

    /// The rows sent before, in one sentence.
    pub fn before_rows(&self) -> String {
        let rows: Vec<String> = self.before.iter().map(u32::to_string).collect();
        let rows = rows.join(self.frame.t("part-and").as_ref());
        self.frame
            .tn("near-miss-batch-before", &[("rows", rows.into())])
    }

    /// Some with codes and one without; and nothing new.
    pub fn samples(words: Words) -> Vec<(&'static str, Self)> {
        let ja = words.language() == Language::Ja;
        let line = |row, code: Option<&str>| BatchReceipt {
            row,
            kind: if ja {
                "開いていた穴"
            } else {
                "Open hole"
            }
            .to_owned(),
            pseudonym: "S-7KQ2XM".to_owned(),
            custody: if ja {
                "名前を知らせない"
            } else {
                "Unnamed"
            }
            .to_owned(),
            mailbox_code: code.map(str::to_owned),
        };
        let page = |lines, before| Self {
            frame: sample::officer(words, "/near-miss/batch"),
            relay: if ja {
                "電力セプター事務局（架空）"
            } else {
                "Electricity CEPTOAR (fictional)"
            }
            .to_owned(),
            at: sample::NOW,
            lines,
            before,
        };
        vec![
            (
                "some",
                page(
                    vec![line(2, Some("1234 5678 9012 3456")), line(4, None)],
                    vec![3],
                ),
            ),
            ("nothing-new", page(vec![], vec![2, 3])),
        ]
    }
}
