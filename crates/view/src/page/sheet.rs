//! Tables sent as files: the page that takes one, and the dry run that says what would become of
//! each row.
//!
//! Near misses, people and the duty roster come in by the same two pages. Between the two the rows
//! travel in the form itself: the hub keeps nothing of a file that was not confirmed.

use askama::Template;

use crate::form::Form;
use crate::html::Html;
use crate::layout::{Frame, sample};
use crate::table::{Cell, Table};
use crate::words::{Language, Words};

/// What the rows of a file are. What reading them in does, and does not yet do, is said in the words
/// of each.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Matter {
    /// Near misses: they are sent.
    NearMisses,
    /// People: they are invited.
    People,
    /// Turns on duty: they replace those of the roster.
    Turns,
    /// Organizations: they are entered.
    Organizations,
}

impl Matter {
    /// All of them.
    pub const ALL: [Self; 4] = [
        Self::NearMisses,
        Self::People,
        Self::Turns,
        Self::Organizations,
    ];

    const fn word(self) -> &'static str {
        match self {
            Self::NearMisses => "near-misses",
            Self::People => "people",
            Self::Turns => "turns",
            Self::Organizations => "organizations",
        }
    }

    fn template_how(self, words: Words) -> String {
        words
            .t(&format!("sheet-template-how-{}", self.word()))
            .into_owned()
    }

    fn upload_how(self, words: Words) -> String {
        words
            .t(&format!("sheet-upload-how-{}", self.word()))
            .into_owned()
    }

    fn nothing_done(self, words: Words) -> String {
        words
            .t(&format!("sheet-nothing-done-{}", self.word()))
            .into_owned()
    }
}

/// The page that takes a file, sent as `file`.
#[derive(Debug, Template)]
#[template(path = "sheet/upload.html")]
pub struct Upload {
    /// Around the page.
    pub frame: Frame,
    /// What the rows are.
    pub matter: Matter,
    /// Where the file is sent, and what was wrong with the last one.
    pub form: Form,
    /// Heading of the page.
    pub title: String,
    /// What it is for, in one or two sentences.
    pub lead: String,
    /// Way back: path and label.
    pub back: (String, String),
    /// Templates: path and label.
    pub templates: Vec<(String, String)>,
    /// Rows of one file.
    pub rows_max: usize,
    /// What else to know beforehand.
    pub notes: Vec<String>,
}

/// The dry run.
#[derive(Debug, Template)]
#[template(path = "sheet/check.html")]
pub struct Check {
    /// Around the page.
    pub frame: Frame,
    /// What the rows are.
    pub matter: Matter,
    /// Where another file is sent, and the rows as they travel: each name with its value.
    pub form: Form,
    /// What the forms of this page carry.
    pub carried: Vec<(String, String)>,
    /// Way back: path and label.
    pub back: (String, String),
    /// Heading of the page.
    pub title: String,
    /// What would happen, in one sentence.
    pub lead: String,
    /// What else to know before confirming.
    pub warnings: Vec<String>,
    /// Headings of the file that were passed over.
    pub unknown_headings: Vec<String>,
    /// Headings of the table, without those of the row's number and of what becomes of it.
    pub head: Vec<String>,
    /// The rows.
    pub rows: Vec<CheckedRow>,
    /// What has to be mended before anything is sent.
    pub faults: Vec<FaultLine>,
    /// Where the rows are confirmed: path and label. `None` when there is nothing to confirm.
    pub confirm: Option<(String, String)>,
    /// Where the same workbook with notes on the faulty cells is made.
    pub marked_action: String,
}

/// A row as it was read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CheckedRow {
    /// Its number in the file.
    pub number: u32,
    /// What will become of it, in a few words.
    pub fate: String,
    /// How loud that is: still, done, hint, warning, failure.
    pub tone: &'static str,
    /// Its cells.
    pub cells: Vec<String>,
}

/// Something to be mended.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FaultLine {
    /// Number of the row.
    pub row: u32,
    /// Heading of the column.
    pub column: String,
    /// What stands there.
    pub typed: String,
    /// What is wrong and what to do.
    pub why: String,
}

impl Check {
    /// The rows as a table.
    pub fn table(&self) -> Html {
        let words = self.frame.words;
        let own = ["sheet-row", "sheet-fate"].map(|key| words.t(key).into_owned());
        let rows = self.rows.iter().map(|row| {
            let mut chip = Html::new();
            chip.markup("<span class=\"chip ")
                .markup(row.tone)
                .markup("\">")
                .text(&row.fate)
                .markup("</span>");
            let head = [Cell::Text(row.number.to_string()), Cell::Html(chip)];
            let cells = row.cells.iter().cloned().map(Cell::Text);
            head.into_iter().chain(cells).collect()
        });
        Table {
            caption: words.t("sheet-rows").into_owned(),
            head: own.into_iter().chain(self.head.iter().cloned()).collect(),
            rows: rows.collect(),
        }
        .html(words)
    }

    /// What has to be mended, as a table.
    pub fn fault_table(&self) -> Html {
        let words = self.frame.words;
        let head = ["sheet-row", "sheet-column", "sheet-typed", "sheet-why"];
        let rows = self.faults.iter().map(|fault| {
            vec![
                Cell::Text(fault.row.to_string()),
                Cell::Text(fault.column.clone()),
                Cell::Text(fault.typed.clone()),
                Cell::Text(fault.why.clone()),
            ]
        });
        Table {
            caption: words.t("sheet-faults").into_owned(),
            head: head.iter().map(|key| words.t(key).into_owned()).collect(),
            rows: rows.collect(),
        }
        .html(words)
    }
}

fn say(words: Words, ja: &str, en: &str) -> String {
    match words.language() {
        Language::Ja => ja,
        Language::En => en,
    }
    .to_owned()
}

impl Upload {
    /// Before a file, and after one that could not be read.
    pub fn samples(words: Words) -> Vec<(&'static str, Self)> {
        let page = |form| Self {
            frame: sample::officer(words, "/near-miss/batch"),
            matter: Matter::NearMisses,
            form,
            title: words.t("near-miss-batch-title").into_owned(),
            lead: words.t("near-miss-batch-lead").into_owned(),
            back: (
                "/near-miss".to_owned(),
                words.t("near-miss-title").into_owned(),
            ),
            templates: vec![(
                "/near-miss/batch/template.xlsx".to_owned(),
                words.t("sheet-template-xlsx").into_owned(),
            )],
            rows_max: 50,
            notes: vec![words.t("near-miss-batch-note-together").into_owned()],
        };
        let empty = Form::new("/near-miss/batch");
        let mut refused = empty.clone();
        refused.reject("file", words.t("sheet-error-no-headings"));
        vec![("empty", page(empty)), ("refused", page(refused))]
    }
}

impl Check {
    /// All well, and with faults.
    pub fn samples(words: Words) -> Vec<(&'static str, Self)> {
        let row = |number, fate: &str, tone| CheckedRow {
            number,
            fate: words.t(fate).into_owned(),
            tone,
            cells: vec![
                say(words, "開いていた穴", "Open hole"),
                say(words, "宛先を誤った", "Wrong addressee"),
            ],
        };
        let page = |faults: Vec<FaultLine>, rows| Self {
            frame: sample::officer(words, "/near-miss/batch"),
            matter: Matter::NearMisses,
            form: Form::new("/near-miss/batch"),
            carried: vec![("rows".to_owned(), "[]".to_owned())],
            back: (
                "/near-miss/batch".to_owned(),
                words.t("near-miss-batch-title").into_owned(),
            ),
            title: words.t("sheet-check-title").into_owned(),
            lead: words.tn("near-miss-batch-will-send", &[("count", 2.into())]),
            warnings: vec![words.t("near-miss-batch-no-key").into_owned()],
            unknown_headings: vec![say(words, "備考", "Remarks")],
            head: ["kind", "line"]
                .map(|word| {
                    words
                        .t(&format!("near-miss-batch-column-{word}"))
                        .into_owned()
                })
                .into(),
            rows,
            confirm: faults.is_empty().then(|| {
                (
                    "/near-miss/batch/send".to_owned(),
                    words.tn("near-miss-batch-send", &[("count", 2.into())]),
                )
            }),
            faults,
            marked_action: "/near-miss/batch/marked".to_owned(),
        };
        let fault = FaultLine {
            row: 3,
            column: words.t("near-miss-batch-column-kind").into_owned(),
            typed: say(words, "何か", "something"),
            why: words.t("sheet-why-not-offered").into_owned(),
        };
        let well = vec![
            row(2, "near-miss-batch-fate-send", "hint"),
            row(3, "near-miss-batch-fate-before", "still"),
        ];
        let wrong = vec![
            row(2, "near-miss-batch-fate-send", "hint"),
            row(3, "sheet-fate-mend", "failure"),
        ];
        vec![
            ("well", page(vec![], well)),
            ("wrong", page(vec![fault], wrong)),
        ]
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A list of people sends no report in any case: the page has to say what did not happen.
    #[test]
    fn each_kind_of_list_says_in_its_own_words_that_nothing_is_done() {
        for language in Language::ALL {
            let words = Words::new(language);
            let mut said = std::collections::BTreeSet::new();
            for matter in Matter::ALL {
                let (_, mut check) = Check::samples(words).remove(1);
                check.matter = matter;
                let (_, mut upload) = Upload::samples(words).remove(0);
                upload.matter = matter;
                let (check, upload) = (check.render().unwrap(), upload.render().unwrap());
                for (page, text) in [
                    (&check, matter.nothing_done(words)),
                    (&upload, matter.upload_how(words)),
                    (&upload, matter.template_how(words)),
                ] {
                    assert!(page.contains(&text), "{matter:?}: {text}");
                    let is_of_sending = ["送っ", "送り", "send", "sent"]
                        .iter()
                        .any(|word| text.contains(word));
                    assert_eq!(is_of_sending, matter == Matter::NearMisses, "{text}");
                    assert!(said.insert(text.clone()), "twice: {text}");
                }
            }
        }
    }
}
