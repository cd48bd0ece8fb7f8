//! Every component once: what page authors copy from, and what the page tests read.

use askama::Template;
use domain::handling::Tlp;
use domain::severity::Severity;

use crate::chart::{Bars, ClockStrip, Heat, Stacked, Timeline};
use crate::form::{Answer, Choice, Form};
use crate::layout::{Frame, Message, Tone, sample};
use crate::part::{Empty, HandlingBar, Pager, Progress, SeverityMark};
use crate::words::{Language, Words};

mod charts;

/// The page. Its own texts are samples, so they stand here and not among the words.
#[derive(Debug, Template)]
#[template(path = "components/components.html")]
pub struct Components {
    /// Around the page.
    pub frame: Frame,
    form: Form,
    kinds: Vec<Choice>,
    places: Vec<Choice>,
    sectors: Vec<Choice>,
    answers: Vec<Answer>,
    bar: HandlingBar,
    dead_bar: HandlingBar,
    empty: Empty,
    pager: Pager,
    grave: SeverityMark,
    minor: SeverityMark,
    progress: Progress,
    weeks: Bars,
    reach: Stacked,
    sectors_by_week: Heat,
    case: Timeline,
    clocks: ClockStrip,
}

impl Components {
    /// As it comes, and as a rejected form during an exercise.
    pub fn samples(words: Words) -> Vec<(&'static str, Self)> {
        let plain = Self::new(words, sample::officer(words, "/duty"));
        let mut wrong = Self::new(words, sample::drill(words, "/near-miss"));
        let say = |ja: &str, en: &str| chosen(words, ja, en);
        wrong.form.reject(
            "kind",
            say("何があったかを選んでください", "Choose what happened"),
        );
        wrong.form.reject(
            "when",
            say(
                "日付を読み取れません。2026/11/21 のように書いてください",
                "We cannot read the date. Write it like 2026/11/21",
            ),
        );
        wrong.form.reject(
            "note",
            say("200文字以内にしてください", "Use at most 200 characters"),
        );
        wrong
            .form
            .reject("sector", say("分野を選んでください", "Choose a sector"));
        wrong.form.reject(
            "agree",
            say(
                "確認してから印を付けてください",
                "Read it, then tick the box",
            ),
        );
        wrong.form.reject(
            "mail",
            say(
                "0以上の整数を入れてください",
                "Enter a whole number, zero or more",
            ),
        );
        vec![("plain", plain), ("wrong", wrong)]
    }

    fn new(words: Words, mut frame: Frame) -> Self {
        let say = |ja: &str, en: &str| chosen(words, ja, en);
        frame.message = Some(Message {
            tone: Tone::Done,
            text: say("報告を受け付けました。", "Your report has been received."),
        });
        Self {
            form: Form::new("/near-miss")
                .with("where", "ot")
                .with("place", "ot")
                .with("mail", "3")
                .with(
                    "note",
                    say(
                        "保守用PCに私物のUSBメモリーが挿さっていた。",
                        "A private USB stick was found in the maintenance PC.",
                    ),
                ),
            kinds: kinds(words),
            places: places(words),
            sectors: vec![
                Choice::new("electricity", say("電力", "Electricity")),
                Choice::new("water", say("水道", "Water")),
                Choice::new("rail", say("鉄道", "Railways")),
            ],
            answers: answers(words),
            bar: HandlingBar {
                tlp: Tlp::AmberStrict,
                purposes: vec![say("防御", "Defense"), say("統計", "Statistics")],
                circles: vec![say(
                    "受け付けたセプター事務局",
                    "the CEPTOAR secretariat that received it",
                )],
                expires_at: Some(sample::NOW.plus_seconds(90 * 86_400)),
            },
            dead_bar: HandlingBar {
                tlp: Tlp::Red,
                purposes: Vec::new(),
                circles: Vec::new(),
                expires_at: None,
            },
            empty: Empty {
                title: say("今日の未対応は0件です", "Nothing waits for you today"),
                why: say(
                    "あなた宛ての注意喚起はすべて引き受け済みです。よい状態です。",
                    "Every advisory addressed to you has been accepted. This is how it should be.",
                ),
                action: Some((
                    "/advisories".to_owned(),
                    say("引き受けたものを見る", "See what was accepted"),
                )),
                checked_at: Some(sample::NOW.plus_seconds(-3_480)),
            },
            pager: Pager {
                first_href: Some("?".to_owned()),
                next_href: Some("?after=c_8f2".to_owned()),
            },
            grave: mark(3, "3", say("重大", "Grave")),
            minor: mark(1, "1", say("軽微", "Minor")),
            progress: Progress { now: 3, most: 9 },
            weeks: charts::weeks(words),
            reach: charts::reach(words),
            sectors_by_week: charts::sectors_by_week(words),
            case: charts::case(words),
            clocks: charts::clocks(words),
            frame,
        }
    }

    fn say(&self, ja: &'static str, en: &'static str) -> String {
        chosen(self.frame.words, ja, en)
    }
}

fn mark(rung: u8, number: &str, word: String) -> SeverityMark {
    let rung = Severity::from_rung(rung).unwrap_or(Severity::HIGHEST);
    SeverityMark {
        rung,
        number: number.to_owned(),
        word,
    }
}

fn chosen(words: Words, ja: &str, en: &str) -> String {
    if words.language() == Language::Ja {
        ja
    } else {
        en
    }
    .to_owned()
}

fn kinds(words: Words) -> Vec<Choice> {
    [
        (
            "mail",
            "不審なメール・添付",
            "Suspicious mail",
            "開きかけた、入力しかけた",
            "Almost opened, almost typed in",
        ),
        (
            "usb",
            "USB・持ち込み機器",
            "USB or brought-in device",
            "制御系の端末に挿した",
            "Plugged into an OT machine",
        ),
        (
            "setting",
            "設定の誤り",
            "Wrong setting",
            "外から見える状態だった",
            "It could be reached from outside",
        ),
        (
            "supplier",
            "委託先・保守",
            "Supplier or maintenance",
            "遠隔保守の口が開いたまま",
            "Remote access left open",
        ),
    ]
    .map(|(value, ja, en, hint_ja, hint_en)| {
        Choice::new(value, chosen(words, ja, en)).hint(chosen(words, hint_ja, hint_en))
    })
    .into()
}

fn places(words: Words) -> Vec<Choice> {
    [
        ("it", "情報系", "IT"),
        ("ot", "制御系", "OT"),
        ("cloud", "クラウド", "Cloud"),
        ("unknown", "不明", "Unknown"),
    ]
    .map(|(value, ja, en)| Choice::new(value, chosen(words, ja, en)))
    .into()
}

fn answers(words: Words) -> Vec<Answer> {
    let row = |label: (&str, &str), value: (&str, &str), change: &str| Answer {
        label: chosen(words, label.0, label.1),
        value: chosen(words, value.0, value.1),
        change: change.to_owned(),
    };
    vec![
        row(
            ("何が起きましたか", "What happened?"),
            ("不審なメール・添付", "Suspicious mail"),
            "/first-report/1",
        ),
        row(
            ("いつからですか", "Since when?"),
            ("2026年11月21日 03:12 頃", "Around 03:12 on 21 Nov 2026"),
            "/first-report/2",
        ),
        row(
            ("影響を受けたサービス", "Services affected"),
            ("", ""),
            "/first-report/3",
        ),
    ]
}
