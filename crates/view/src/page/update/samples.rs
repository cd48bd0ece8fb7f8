//! The pages of a source's own report with made-up content.

use domain::handling::Tlp;

use super::{
    Clash, Compared, FieldChange, OwnPart, OwnReportPage, UpdateCheck, UpdateClash, UpdatePage,
};
use crate::form::{Answer, Choice, Form};
use crate::layout::sample;
use crate::page::case::Exact;
use crate::page::report::{Asked, Control};
use crate::part::HandlingBar;
use crate::words::{Language, Words};

fn say(words: Words, ja: &str, en: &str) -> String {
    match words.language() {
        Language::Ja => ja,
        Language::En => en,
    }
    .to_owned()
}

impl OwnReportPage {
    /// Updated once, and withdrawn.
    pub fn samples(words: Words) -> Vec<(&'static str, Self)> {
        let mut withdrawn = Self::sample(words);
        withdrawn.update = None;
        withdrawn.history.clear();
        vec![("updated", Self::sample(words)), ("withdrawn", withdrawn)]
    }

    fn sample(words: Words) -> Self {
        let answer = |ja, en, value: &str| Answer {
            label: say(words, ja, en),
            value: value.to_owned(),
            change: String::new(),
        };
        Self {
            frame: sample::officer(words, "/sent/rpt_0/history"),
            became: "/sent/rpt_0".to_owned(),
            pseudonym: "S-7K2Q9X".to_owned(),
            facts: vec![answer("報告番号", "Report number", "rpt_0")],
            chips: vec![say(words, "続報", "Follow-up")],
            accepted_at: sample::NOW,
            parts: vec![OwnPart {
                title: say(words, "概要", "Summary"),
                bar: HandlingBar {
                    tlp: Tlp::Amber,
                    purposes: vec![say(words, "防御", "Defense")],
                    circles: vec![],
                    expires_at: None,
                },
                answers: vec![answer("ひとことで言うと", "In one line", "-")],
            }],
            history: vec![FieldChange {
                at: sample::NOW,
                field: say(words, "経緯", "Course of events"),
                before: String::new(),
                after: say(words, "切り離した", "Disconnected"),
            }],
            opinions: vec![],
            rate: None,
            reaches: vec![],
            update: Some("/sent/rpt_0/update".to_owned()),
            exact: Exact::Moment,
            holders: vec![words.t("sent-organization-ceptoar").into_owned()],
            withdraw: Form::new("/sent/rpt_0/withdraw"),
            reasons: vec![Choice::new(
                "duplicate",
                say(words, "二度送った", "Sent twice"),
            )],
        }
    }
}

impl UpdatePage {
    /// Fresh, and rejected.
    pub fn samples(words: Words) -> Vec<(&'static str, Self)> {
        let page = |form| Self {
            frame: sample::officer(words, "/sent/rpt_0/update"),
            form,
            pseudonym: "S-7K2Q9X".to_owned(),
            groups: vec![(
                say(words, "何が起きましたか", "What happened?"),
                vec![Asked {
                    name: "headline".to_owned(),
                    label: say(words, "ひとことで言うと", "In one line"),
                    hint: String::new(),
                    need: "optional",
                    control: Control::Line("text"),
                }],
            )],
            editions: vec![Choice::new("final", say(words, "最終報", "Final"))],
            based_on: 3,
            back: "/sent/rpt_0".to_owned(),
        };
        let mut wrong = Form::new("/sent/rpt_0/update");
        wrong.reject(
            "main",
            say(words, "変わったところがありません", "Nothing is different"),
        );
        vec![
            ("fresh", page(Form::new("/sent/rpt_0/update"))),
            ("wrong", page(wrong)),
        ]
    }
}

impl UpdateCheck {
    /// With a change, and after somebody else's.
    pub fn samples(words: Words) -> Vec<(&'static str, Self)> {
        let page = |note: String| Self {
            frame: sample::officer(words, "/sent/rpt_0/update"),
            form: Form::new("/sent/rpt_0/update"),
            pseudonym: "S-7K2Q9X".to_owned(),
            carried: vec![("headline".to_owned(), "-".to_owned())],
            changes: vec![Compared {
                field: say(words, "経緯", "Course of events"),
                before: String::new(),
                after: say(words, "切り離した", "Disconnected"),
            }],
            edition: say(words, "続報", "Follow-up"),
            note,
            back: "/sent/rpt_0/history".to_owned(),
        };
        vec![
            ("change", page(String::new())),
            ("overtaken", page(words.t("update-overtaken").into_owned())),
        ]
    }
}

impl UpdateClash {
    /// Two texts for one field, and nothing chosen.
    pub fn samples(words: Words) -> Vec<(&'static str, Self)> {
        let choice =
            |value: &str, key: &str, text: &str| Choice::new(value, words.t(key)).hint(text);
        let mut form = Form::new("/sent/rpt_0/update");
        form.reject("choose-effect", words.t("update-clash-choose"));
        let page = Self {
            frame: sample::officer(words, "/sent/rpt_0/update"),
            form,
            pseudonym: "S-7K2Q9X".to_owned(),
            carried: vec![("headline".to_owned(), "-".to_owned())],
            clashes: vec![Clash {
                name: "choose-effect".to_owned(),
                label: say(words, "影響", "Effect"),
                choices: vec![
                    choice("theirs", "update-clash-theirs", "120"),
                    choice("mine", "update-clash-mine", "150"),
                ],
            }],
            back: "/sent/rpt_0/history".to_owned(),
        };
        vec![("unchosen", page)]
    }
}
