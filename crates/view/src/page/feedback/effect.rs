//! The effect of an advisory: what was it worth?

use askama::Template;
use domain::advisory::effect::{Effect, effect};
use domain::advisory::feedback::{Matching, Timeliness, Usefulness};
use domain::release::Visible;
use domain::statistic::{Figure, Figures};
use domain::time::Timestamp;

use crate::html::Html;
use crate::layout::{Frame, sample};
use crate::page::reach::{Head, sampled};
use crate::table::{Cell, Table};
use crate::words::Words;

/// The page of an advisory's effect, for the desk that issued it.
#[derive(Debug, Template)]
#[template(path = "feedback/effect.html")]
pub struct EffectPage {
    /// Around the page.
    pub frame: Frame,
    /// What it is about.
    pub head: Head,
    /// The figures.
    pub effect: Effect,
    /// Everything answered before this is counted.
    pub until: Timestamp,
    /// The share of users who were cured, in tenths; `None` of an advisory about no C&C candidate.
    pub cured_tenths: Option<Figure>,
    /// Median time until somebody took it on, in seconds; `None` when nobody did.
    pub accepted_seconds: Option<i64>,
    /// Median time until it was done, in seconds; `None` when nobody did.
    pub done_seconds: Option<i64>,
    /// Who cannot act, in the reader's language, and why.
    pub reasons: Vec<(String, Visible<String>)>,
    /// Remarks without names.
    pub remarks: Vec<Visible<String>>,
}

impl EffectPage {
    /// The share of users who were cured, in words.
    fn cured(&self, figure: &Figure) -> String {
        match figure {
            Figure::Shown(tenths) => {
                let percent = tenths * 10;
                self.frame
                    .tn("feedback-cured-share", &[("percent", percent.into())])
            }
            Figure::Withheld => self.frame.t("chart-withheld").into_owned(),
        }
    }

    fn tables(&self) -> Vec<Html> {
        let useful = Usefulness::ALL.iter().map(|word| word.word());
        let timeliness = Timeliness::ALL.iter().map(|word| word.word());
        let matched = Matching::ALL.iter().map(|word| word.word());
        vec![
            self.table("useful", useful, &self.effect.useful),
            self.table("timeliness", timeliness, &self.effect.timeliness),
            self.table("matched", matched, &self.effect.matched),
        ]
    }

    fn table(
        &self,
        question: &str,
        answers: impl Iterator<Item = &'static str>,
        figures: &Figures,
    ) -> Html {
        let words = self.frame.words;
        let answer = |word| words.t(&format!("feedback-{question}-{word}")).into_owned();
        let mut rows: Vec<Vec<Cell>> = answers
            .zip(&figures.cells)
            .map(|(word, figure)| vec![Cell::Text(answer(word)), cell(*figure)])
            .collect();
        let total = Cell::Text(words.t("chart-total").into_owned());
        rows.push(vec![total, cell(figures.total)]);
        Table {
            caption: words.t(&format!("feedback-{question}")).into_owned(),
            head: vec![
                words.t("feedback-answer").into_owned(),
                words.t("feedback-organizations").into_owned(),
            ],
            rows,
        }
        .html(words)
    }

    /// A span of time in words; a dash when nothing happened.
    fn span(&self, seconds: Option<i64>) -> String {
        let Some(seconds) = seconds else {
            return self.frame.t("feedback-span-none").into_owned();
        };
        if seconds < 60 {
            return self.frame.t("feedback-span-short").into_owned();
        }
        let (hours, minutes) = (seconds / 3_600, seconds % 3_600 / 60);
        let parts = [("hours", hours.into()), ("minutes", minutes.into())];
        self.frame.tn("feedback-span", &parts)
    }

    /// Nothing counted yet, and answers with a reason and a remark.
    pub fn samples(words: Words) -> Vec<(&'static str, Self)> {
        let page = |effect, reasons, remarks| Self {
            frame: sample::officer(words, "/advisories/adv_1/effect"),
            head: sampled::head(words),
            effect,
            cured_tenths: Some(Figure::Withheld),
            until: sample::NOW.plus_seconds(-11_520),
            accepted_seconds: Some(4_920),
            done_seconds: None,
            reasons,
            remarks,
        };
        let none = effect(Vec::new(), sample::NOW);
        let row = |cells: [Figure; 3], total| Figures {
            cells: cells.into(),
            total,
        };
        let (some, few) = (Figure::Shown(14), Figure::Withheld);
        let counted = Effect {
            useful: row([some, Figure::Shown(6), few], few),
            timeliness: row([few, some, few], few),
            matched: row([Figure::Shown(5), some, few], few),
        };
        let reason = sampled::seen(sampled::say(
            words,
            "次の定期点検まで止められません。",
            "We cannot stop it before the next inspection.",
        ));
        let remark = sampled::seen(sampled::say(
            words,
            "対象の型番が先にあると早く確かめられます。",
            "Product numbers at the top would have saved us time.",
        ));
        let who = sampled::say(words, "北浜電力（架空）", "Kitahama Electric (fictional)");
        vec![
            ("none", page(none, vec![], vec![])),
            ("some", page(counted, vec![(who, reason)], vec![remark])),
        ]
    }
}

fn cell(figure: Figure) -> Cell {
    match figure {
        Figure::Shown(count) => Cell::Number(count),
        Figure::Withheld => Cell::Withheld,
    }
}
