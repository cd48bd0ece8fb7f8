//! The pages as they look with made-up content.

use super::{
    AskedQuestion, CustodyLine, NearMissPage, NearMissQuestions, ReachedVerdict, ReceiptLine,
    ReceiptPage, SectorLine,
};
use crate::form::{Choice, Form};
use crate::layout::sample;
use crate::words::{Language, Words};

fn say(words: Words, ja: &str, en: &str) -> String {
    match words.language() {
        Language::Ja => ja,
        Language::En => en,
    }
    .to_owned()
}

fn scopes(words: Words) -> Vec<Choice> {
    [
        "unnamed",
        "unnamed-inside",
        "named",
        "named-desk",
        "stripped",
    ]
    .iter()
    .map(|scope| {
        Choice::new(*scope, words.t(&format!("near-miss-scope-{scope}")))
            .hint(words.t(&format!("near-miss-scope-{scope}-hint")))
    })
    .collect()
}

fn plain(words: Words, form: Form) -> NearMissPage {
    let choice = |value: &str, ja: &str, en: &str| Choice::new(value, say(words, ja, en));
    NearMissPage {
        frame: sample::officer(words, "/near-miss"),
        form,
        form_key: "00".repeat(16),
        kinds: vec![
            choice(
                "suspicious-mail",
                "不審なメール・偽サイト",
                "Suspicious mail or fake site",
            )
            .hint(say(
                words,
                "添付を開きかけたが、電話して偽物と分かった。",
                "I was about to open an attachment, called them, and it was a fake.",
            )),
            choice("open-hole", "開いていた穴", "Open hole").hint(say(
                words,
                "保守用の機器がインターネットから見えていた。",
                "A maintenance device had been reachable from the internet.",
            )),
        ],
        whens: ["today", "yesterday", "date", "unknown"]
            .iter()
            .map(|when| Choice::new(*when, words.t(&format!("near-miss-when-{when}"))))
            .collect(),
        places: vec![
            choice("it", "IT（情報系）", "IT"),
            choice("ot", "OT（制御系）", "OT"),
        ],
        reasons: vec![
            choice("person-noticed", "人が気付いた", "A person noticed"),
            choice("unknown", "分からない", "Unknown"),
        ],
        scopes: scopes(words),
        custody: vec![CustodyLine {
            name: say(words, "名前を知らせない（封印）", "Unnamed (sealed)"),
            meaning: say(
                words,
                "組織と報告を結ぶ記録を残さない。",
                "No record links organization and report.",
            ),
            afterwards: say(
                words,
                "控えの番号で質問に答えられる。",
                "With your mailbox code you can answer questions.",
            ),
        }],
        relay: say(
            words,
            "電力セプター（架空）",
            "Electricity CEPTOAR (fictional)",
        ),
        source_count: 23,
        purposes: vec![
            say(words, "未然防止", "Prevention"),
            say(words, "統計", "Statistics"),
        ],
    }
}

pub(super) fn near_miss(words: Words) -> Vec<(&'static str, NearMissPage)> {
    let form = || {
        Form::new("/near-miss")
            .with("when", "today")
            .with("scope", "unnamed")
    };
    let mut wrong = form().with("when_text", say(words, "先週", "last week"));
    wrong.reject("kind", words.t("near-miss-error-kind"));
    wrong.reject("when_text", words.t("near-miss-error-when"));
    let mut unsealed = plain(words, Form::new("/near-miss").with("scope", "named"));
    unsealed
        .scopes
        .retain(|scope| !scope.value.starts_with("unnamed"));
    vec![
        ("empty", plain(words, form())),
        ("wrong", plain(words, wrong)),
        ("unsealed", unsealed),
    ]
}

pub(super) fn questions(words: Words) -> Vec<(&'static str, NearMissQuestions)> {
    let page = |form, verdict| NearMissQuestions {
        frame: sample::officer(words, "/near-miss/is-this-one"),
        form,
        questions: vec![AskedQuestion {
            field: "harm".to_owned(),
            name: say(words, "実際に被害が出ましたか？", "Was anything harmed?"),
            help: say(
                words,
                "サービスの停止などです。",
                "A service stopped, for example.",
            ),
        }],
        answers: ["yes", "no", "unsure"]
            .iter()
            .map(|answer| Choice::new(*answer, words.t(&format!("near-miss-helper-{answer}"))))
            .collect(),
        verdict,
    };
    let verdict = ReachedVerdict {
        name: say(words, "ヒヤリハット", "A near miss"),
        text: say(
            words,
            "ヒヤリハットとして送ってください。",
            "Send it as a near miss.",
        ),
        href: "/near-miss".to_owned(),
        label: words.t("near-miss-helper-to-near-miss").into_owned(),
    };
    vec![
        ("asked", page(Form::new(""), None)),
        (
            "answered",
            page(Form::new("").with("harm", "no"), Some(verdict)),
        ),
    ]
}

pub(super) fn receipt(words: Words) -> Vec<(&'static str, ReceiptPage)> {
    let page = |receipts| ReceiptPage {
        frame: sample::officer(words, "/near-miss/receipt"),
        receipts,
        relay: say(
            words,
            "電力セプター（架空）",
            "Electricity CEPTOAR (fictional)",
        ),
        at: sample::NOW,
        sector: Some(SectorLine {
            quarter: say(words, "2026年7月から9月", "July to September 2026"),
            sector: say(words, "電力", "Electricity"),
            count: Some(12),
        }),
    };
    let unnamed = ReceiptLine {
        pseudonym: "S-7KQ2MD".to_owned(),
        custody: say(words, "名前を知らせない（封印）", "Unnamed (sealed)"),
        mailbox_code: Some("1234 5678 9012 3452".to_owned()),
    };
    let named = ReceiptLine {
        mailbox_code: None,
        ..unnamed.clone()
    };
    vec![
        ("unnamed", page(vec![unnamed])),
        ("named", page(vec![named])),
        ("gone", page(Vec::new())),
    ]
}
