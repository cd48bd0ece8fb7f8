//! The pages of the first report with made-up content.

use domain::handling::Tlp;

use super::{
    Ask, Asked, Check, CodeSlip, Control, DraftLine, Drafts, NoRelay, PartPreview, ReceiptPage,
    Resume, Start,
};
use crate::form::{Answer, Choice, Form};
use crate::layout::sample;
use crate::part::{Empty, HandlingBar, Progress};
use crate::words::{Language, Words};

fn say(words: Words, ja: &str, en: &str) -> String {
    match words.language() {
        Language::Ja => ja,
        Language::En => en,
    }
    .to_owned()
}

fn relay(words: Words) -> String {
    say(
        words,
        "電力セプター事務局（架空）",
        "Electricity CEPTOAR (fictional)",
    )
}

impl NoRelay {
    /// Asked for the page of near misses.
    pub fn samples(words: Words) -> Vec<(&'static str, Self)> {
        let page = Self {
            frame: sample::officer(words, "/near-miss"),
            title: words.t("near-miss-title").into_owned(),
        };
        vec![("near-miss", page)]
    }
}

impl Start {
    /// With drafts, and for an organization that is joined to no relay.
    pub fn samples(words: Words) -> Vec<(&'static str, Self)> {
        let page = |relay, drafts_count| Self {
            frame: sample::officer(words, "/reports/new"),
            form: Form::new("/reports/new"),
            relay,
            can_seal: drafts_count > 0,
            code_meaning: say(
                words,
                "組織と報告を結ぶ記録を残さない。",
                "No record links organization and report.",
            ),
            code_afterwards: say(
                words,
                "控えの番号で質問に答えられる。",
                "With your mailbox code you can answer questions.",
            ),
            drafts_count,
        };
        vec![
            ("drafts", page(Some(relay(words)), 2)),
            ("alone", page(None, 0)),
        ]
    }
}

impl CodeSlip {
    /// One slip.
    pub fn samples(words: Words) -> Vec<(&'static str, Self)> {
        let page = Self {
            frame: sample::officer(words, "/drafts/drf_0/code"),
            code: "1234 5678 9012 3456".to_owned(),
            next: "/drafts/drf_0/what".to_owned(),
        };
        vec![("slip", page)]
    }
}

impl Ask {
    /// Fresh, rejected with another window's text, and as the last question.
    pub fn samples(words: Words) -> Vec<(&'static str, Self)> {
        let mut wrong = Self::sample(words);
        wrong.form.reject(
            "event-types",
            say(words, "起きたことを選んでください", "Choose what happened"),
        );
        wrong.clashes = vec![Answer {
            label: say(words, "ひとことで言うと", "In one line"),
            value: say(words, "別の画面の文", "Text of the other window"),
            change: String::new(),
        }];
        let mut sealed = Self::sample(words);
        "check".clone_into(&mut sealed.from);
        sealed.code_page = Some("/drafts/drf_0/code".to_owned());
        sealed.warning = say(words, "保存されません。", "This is not kept.");
        vec![
            ("fresh", Self::sample(words)),
            ("wrong", wrong),
            ("sealed", sealed),
        ]
    }

    fn sample(words: Words) -> Self {
        let choices = || {
            vec![
                Choice::new("a", say(words, "マルウェア等の感染", "Malware infection")),
                Choice::new("b", say(words, "情報の漏えい", "Information leak")).hint(say(
                    words,
                    "説明",
                    "Explanation",
                )),
            ]
        };
        let asked = |name: &str, need, control| Asked {
            name: name.to_owned(),
            label: say(words, "項目", "Field"),
            hint: String::new(),
            need,
            control,
        };
        Self {
            frame: sample::officer(words, "/drafts/drf_0/what"),
            form: Form::new("/drafts/drf_0/what"),
            title: say(words, "何が起きましたか", "What happened?"),
            hint: say(words, "ひとことで書いてください。", "One line is enough."),
            progress: Progress { now: 1, most: 9 },
            fields: vec![
                asked("kind", "required", Control::Row(choices())),
                asked("event-types", "required", Control::Many(choices())),
                asked("headline", "required", Control::Line("text")),
                asked("narrative", "optional", Control::Prose),
                asked("detected-at", "required", Control::Moment),
                asked("custody", "required", Control::One(choices())),
                asked("prefecture", "optional", Control::Select(choices())),
            ],
            unknown: Some((
                "what-unknown".to_owned(),
                say(words, "まだ分からない", "Not known yet"),
            )),
            mark: (3, "w1".to_owned()),
            back: "/reports/new".to_owned(),
            autosave: "/drafts/drf_0/what/autosave".to_owned(),
            from: String::new(),
            code_page: None,
            clashes: vec![],
            warning: String::new(),
        }
    }
}

impl Check {
    /// Ready to send, and with something missing.
    pub fn samples(words: Words) -> Vec<(&'static str, Self)> {
        let mut lacking = Self::sample(words);
        lacking.lacks = vec![(
            "/drafts/drf_0/when?from=check".to_owned(),
            say(words, "いつからかを答えてください", "Say since when"),
        )];
        lacking.parts.truncate(1);
        vec![("ready", Self::sample(words)), ("lacking", lacking)]
    }

    fn sample(words: Words) -> Self {
        let answer = |ja, en, value_ja, value_en| Answer {
            label: say(words, ja, en),
            value: say(words, value_ja, value_en),
            change: "/drafts/drf_0/what?from=check".to_owned(),
        };
        Self {
            frame: sample::officer(words, "/drafts/drf_0/check"),
            form: Form::new("/drafts/drf_0/check"),
            terms: vec![answer("同意", "Consent", "渡してよい", "May be passed on")],
            custody_meaning: say(
                words,
                "送った組織と事務局だけが見られる。",
                "Source and secretariat see it.",
            ),
            parts: vec![
                PartPreview {
                    title: say(words, "概要", "Summary"),
                    at_once: say(
                        words,
                        "自組織と事務局だけ",
                        "your organization and the secretariat",
                    ),
                    bar: Some(HandlingBar {
                        tlp: Tlp::Amber,
                        purposes: vec![say(words, "防御", "Defense")],
                        circles: vec![relay(words)],
                        expires_at: None,
                    }),
                    remarks: vec![],
                    answers: vec![answer(
                        "ひとことで言うと",
                        "In one line",
                        "止まった",
                        "It stopped",
                    )],
                },
                PartPreview {
                    title: say(words, "報告元", "Source"),
                    at_once: say(words, "誰も読めません", "nobody"),
                    bar: None,
                    remarks: vec![say(words, "先へ出ません。", "It goes no further.")],
                    answers: vec![answer("連絡先の電話", "Phone", "", "")],
                },
            ],
            back: "/drafts/drf_0/terms".to_owned(),
            lacks: vec![],
            discard: Form::new("/drafts/drf_0/discard"),
            revision: 9,
        }
    }
}

impl ReceiptPage {
    /// Named, and with digits.
    pub fn samples(words: Words) -> Vec<(&'static str, Self)> {
        let page = |code, page| Self {
            frame: sample::officer(words, "/reports/rpt_0/receipt"),
            number: "rpt_4m2c8q0v7k3t9x1r5n6p0w2y8z".to_owned(),
            pseudonym: "S-7K2Q9X".to_owned(),
            code,
            at: sample::NOW,
            afterwards: say(words, "続報を出せます。", "You can send updates."),
            next: vec![say(
                words,
                "事務局が確かめます。",
                "The secretariat reads it.",
            )],
            page,
        };
        vec![
            ("named", page(None, Some("/reports/rpt_0".to_owned()))),
            (
                "unnamed",
                page(Some("1234 5678 9012 3456".to_owned()), None),
            ),
        ]
    }
}

impl Drafts {
    /// Some, and none.
    pub fn samples(words: Words) -> Vec<(&'static str, Self)> {
        let page = |rows| Self {
            frame: sample::officer(words, "/drafts"),
            rows,
            empty: Empty {
                title: say(words, "下書きはありません", "There are no drafts"),
                why: say(words, "よい状態です。", "This is fine."),
                action: None,
                checked_at: Some(sample::NOW),
            },
        };
        let row = DraftLine {
            href: "/drafts/drf_0/when".to_owned(),
            title: say(words, "監視端末が止まった", "A monitoring terminal stopped"),
            answered_count: 3,
            updated_at: sample::NOW,
            expires_at: sample::NOW.plus_seconds(14 * 86_400),
        };
        vec![("some", page(vec![row])), ("none", page(vec![]))]
    }
}

impl Resume {
    /// Empty, and with wrong digits.
    pub fn samples(words: Words) -> Vec<(&'static str, Self)> {
        let page = |form| Self {
            frame: sample::officer(words, "/drafts/resume"),
            form,
        };
        let mut wrong = Form::new("/drafts/resume").with("code", "1234 5678");
        wrong.reject("code", say(words, "16桁です", "It has 16 digits"));
        vec![
            ("empty", page(Form::new("/drafts/resume"))),
            ("wrong", page(wrong)),
        ]
    }
}
