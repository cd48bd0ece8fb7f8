//! Counting near misses without telling them: zero is one press, eight kinds otherwise.

use askama::Template;
use domain::count::{Period, PeriodKind, Quarter};
use domain::statistic::Figure;
use domain::time::Timestamp;

use crate::chart::{Bar, Bars};
use crate::clock;
use crate::form::{Choice, Form};
use crate::layout::{Frame, sample};
use crate::table::{Cell, Table};
use crate::words::{Argument, Language, Words};

/// The page. Fields of the form: `period`, one per kind by its code, `nil`, and `step` of a
/// stepper's button.
#[derive(Debug, Template)]
#[template(path = "count/count.html")]
pub struct CountPage {
    /// Around the page.
    pub frame: Frame,
    /// The counts as typed or as sent before.
    pub form: Form,
    /// The period, as it stands in the address.
    pub period: String,
    /// Its name.
    pub period_name: String,
    /// Label of the button that counts zero.
    pub nil_label: String,
    /// Periods that one can go to.
    pub periods: Vec<Choice>,
    /// How many were counted in this period before; `None` when nothing was.
    pub counted: Option<u64>,
    /// The kinds to count.
    pub kinds: Vec<Choice>,
    /// Own counts of the last periods.
    pub history: Bars,
    /// What they counted, as far as it may be shown.
    pub others: Table,
}

/// Name of a period: `11/16から11/22までの週`, `November 2026`.
pub fn period_name(period: Period, words: Words) -> String {
    let short = |day| clock::short_day(Timestamp::start_of_day_in_japan(day), words);
    match period.kind() {
        PeriodKind::Week => words.tn(
            "count-week",
            &[
                ("first", short(period.start()).into()),
                ("last", short(period.last_day()).into()),
            ],
        ),
        PeriodKind::Month => words.tn(
            "count-month",
            &[
                ("year", period.start().year().to_string().into()),
                ("month", Argument::Number(period.start().month().into())),
            ],
        ),
    }
}

/// The chart of own counts, oldest first; `None` is not counted, or not known any more.
pub fn history(counts: &[(Period, Option<u64>)], words: Words) -> Bars {
    let name = |period: Period| match period.kind() {
        PeriodKind::Week => {
            clock::short_day(Timestamp::start_of_day_in_japan(period.start()), words)
        }
        PeriodKind::Month => words.tn(
            "count-month-short",
            &[("month", Argument::Number(period.start().month().into()))],
        ),
    };
    let weekly = counts
        .last()
        .is_none_or(|(period, _)| period.kind() == PeriodKind::Week);
    let (title, axis) = if weekly {
        ("count-history-weeks", "count-axis-week")
    } else {
        ("count-history-months", "count-axis-month")
    };
    Bars {
        id: "own-counts".to_owned(),
        title: words.t(title).into_owned(),
        axis: words.t(axis).into_owned(),
        counts: counts
            .iter()
            .map(|(period, count)| Bar {
                label: name(*period),
                count: *count,
            })
            .collect(),
    }
}

/// What the figures of a relay's members in `quarter` are called.
pub fn others_title(relay: &str, quarter: Quarter, words: Words) -> String {
    let month = |period: Period| Argument::Number(period.start().month().into());
    let first = Period::of(PeriodKind::Month, quarter.start());
    words.tn(
        "count-others",
        &[
            ("relay", relay.into()),
            ("year", quarter.start().year().to_string().into()),
            ("first", month(first)),
            ("last", month(first.next().next())),
        ],
    )
}

/// What the members of a relay counted; the last row is the total.
pub fn others(rows: Vec<(String, Figure)>, total: Figure, title: &str, words: Words) -> Table {
    let cell = |figure| match figure {
        Figure::Shown(count) => Cell::Number(count),
        Figure::Withheld => Cell::Withheld,
    };
    let total = (words.t("count-total").into_owned(), total);
    Table {
        caption: title.to_owned(),
        head: vec![
            words.t("count-axis-kind").into_owned(),
            words.t("chart-count").into_owned(),
        ],
        rows: rows
            .into_iter()
            .chain([total])
            .map(|(name, figure)| vec![Cell::Text(name), cell(figure)])
            .collect(),
    }
}

impl CountPage {
    /// Not counted yet, counted, and refused.
    pub fn samples(words: Words) -> Vec<(&'static str, Self)> {
        let mut wrong = Form::new("/count").with("slip", "三");
        wrong.reject("slip", words.t("count-error-number"));
        wrong.reject("period", words.t("count-error-closed"));
        let counted = Form::new("/count").with("slip", "2");
        vec![
            ("empty", sample_page(words, Form::new("/count"), None)),
            ("counted", sample_page(words, counted, Some(2))),
            ("wrong", sample_page(words, wrong, None)),
        ]
    }
}

fn sample_page(words: Words, form: Form, counted: Option<u64>) -> CountPage {
    let say = |ja: &str, en: &str| match words.language() {
        Language::Ja => ja.to_owned(),
        Language::En => en.to_owned(),
    };
    let week = Period::of(PeriodKind::Week, sample::NOW.day_in_japan());
    let counts: Vec<(Period, Option<u64>)> = week
        .run_up(12)
        .into_iter()
        .zip(
            [
                None,
                None,
                Some(0),
                Some(3),
                Some(1),
                Some(0),
                None,
                Some(2),
            ]
            .into_iter()
            .cycle(),
        )
        .collect();
    let relay = say(
        "電力セプター（架空）",
        "the Electricity CEPTOAR (fictional)",
    );
    let title = others_title(&relay, week.quarter().previous(), words);
    let name = say("操作・設定の誤り", "Slip in operation or setting");
    CountPage {
        frame: sample::officer(words, "/count"),
        form,
        period: week.to_string(),
        period_name: period_name(week, words),
        nil_label: words.t("count-nil-week").into_owned(),
        periods: vec![
            Choice::new(week.to_string(), words.t("count-this-week")),
            Choice::new(week.previous().to_string(), words.t("count-last-week")),
        ],
        counted,
        kinds: vec![Choice::new("slip", name.clone())],
        history: history(&counts, words),
        others: others(
            vec![(name, Figure::Withheld)],
            Figure::Shown(41),
            &title,
            words,
        ),
    }
}
