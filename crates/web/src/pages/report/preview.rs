//! A draft as it would leave: each part with its answers, who reads it at once, and how far it may
//! go after the border check.

use std::collections::BTreeMap;

use domain::handling::{Circle, Consent, Handling};
use domain::part::PartKind;
use domain::part::field::{Field, Value};
use domain::reference::ReferenceData;
use domain::report::Custody;
use domain::report::draft::Draft;
use domain::report::filing::Terms;
use domain::report::question::{KIND, Question};
use domain::time::Timestamp;
use exchange::form::{Setting, first_report, terms};
use hub::draft::Desk;
use view::answer::{Names, chosen, custody_name, kind_name, part_name};
use view::form::{Answer, Form};
use view::layout::Frame;
use view::page::report::{Check, PartPreview};
use view::part::{HandlingBar, consent_name};
use view::words::Words;

use super::begin::relay_name;
use super::choices::{custody_mode, label};

/// What a preview is made from.
pub(super) struct Preview<'a> {
    pub(super) reference: &'a ReferenceData,
    pub(super) now: Timestamp,
    pub(super) words: Words,
    pub(super) desk: &'a Desk,
    pub(super) draft: &'a Draft,
}

/// The parts in the order of the page: what can be recognized last.
const PARTS: [PartKind; 4] = [
    PartKind::Summary,
    PartKind::Attack,
    PartKind::Damage,
    PartKind::Source,
];

impl Preview<'_> {
    /// The page.
    pub(super) fn page(&self, frame: Frame, form: Form, lacks: Vec<(String, String)>) -> Check {
        let typed = self.draft.typed();
        let setting = Setting {
            reference: self.reference,
            now: self.now,
        };
        let (values, _) = first_report::answers(&typed, setting);
        let mut ignored = Vec::new();
        let custody = terms::custody(&typed, &mut ignored);
        let terms = terms::read(&typed, setting, &mut ignored);
        let parts = PARTS
            .iter()
            .filter_map(|kind| self.part(*kind, &values, custody?, terms.as_ref()?))
            .collect();
        let meaning = custody
            .and_then(|custody| custody_mode(self.reference, custody, self.now))
            .map(|mode| chosen(&mode.meaning, self.words));
        let id = self.draft.id;
        Check {
            frame,
            form,
            terms: self.terms(custody, terms.as_ref()),
            custody_meaning: meaning.unwrap_or_default(),
            parts,
            back: format!("/drafts/{id}/{}", Question::Terms),
            lacks,
            discard: Form::new(format!("/drafts/{id}/discard")),
            revision: self.draft.revision,
        }
    }

    fn part(
        &self,
        kind: PartKind,
        values: &BTreeMap<Field, Value>,
        custody: Custody,
        terms: &Terms,
    ) -> Option<PartPreview> {
        let names = self.names();
        let answers: Vec<Answer> = Field::ALL
            .iter()
            .filter(|field| field.part() == kind)
            .filter_map(|field| {
                Some(Answer {
                    label: label(field.word(), self.words),
                    value: names.value(*field, values.get(field)?),
                    change: self.change(Question::asking(*field)?, field.word()),
                })
            })
            .collect();
        if answers.is_empty() {
            return None;
        }
        let handling = terms.handling(kind);
        let travels = kind != PartKind::Source;
        let purposes = names.purposes(&handling.purposes);
        Some(PartPreview {
            title: part_name(kind, self.words),
            at_once: self.at_once(kind, custody),
            bar: travels.then(|| HandlingBar::new(&handling, purposes, self.words)),
            remarks: self.remarks(kind, &handling),
            answers,
        })
    }

    fn at_once(&self, kind: PartKind, custody: Custody) -> String {
        let relay = relay_name(self.desk, self.words).unwrap_or_default();
        let key = match (kind, custody) {
            (_, Custody::Named) => "report-check-at-once-named",
            (PartKind::Source, Custody::Unnamed) => "report-check-at-once-sealed",
            (PartKind::Source, Custody::Stripped) => "report-check-at-once-stripped",
            _ => "report-check-at-once-unnamed",
        };
        self.words.tn(key, &[("relay", relay.into())])
    }

    fn remarks(&self, kind: PartKind, handling: &Handling) -> Vec<String> {
        let mut keys = Vec::new();
        match kind {
            PartKind::Source => keys.push("report-check-source-stays"),
            PartKind::Summary => keys.push("report-check-prose-stays"),
            _ => {}
        }
        let asked = handling.circles.contains(&Circle::NationalCenter);
        if asked && handling.consent != Consent::Granted {
            keys.push("report-check-consent-needed");
        }
        keys.into_iter()
            .map(|key| self.words.t(key).into_owned())
            .collect()
    }

    fn terms(&self, custody: Option<Custody>, terms: Option<&Terms>) -> Vec<Answer> {
        let words = self.words;
        let row = |name: &str, value: String, question: Question| Answer {
            label: label(name, words),
            value,
            change: self.change(question, name),
        };
        let kind = first_report::kind(&self.draft.typed());
        let custody = custody.map(|custody| custody_name(custody, words));
        let consent = terms.map(|terms| consent_name(terms.consent, words));
        let purposes = terms.map(|terms| {
            let joint = words.t("part-and");
            self.names().purposes(&terms.purposes).join(joint.as_ref())
        });
        vec![
            row(KIND, kind_name(kind, words), Question::What),
            row("custody", custody.unwrap_or_default(), Question::Terms),
            row("purposes", purposes.unwrap_or_default(), Question::Terms),
            row("consent", consent.unwrap_or_default(), Question::Terms),
        ]
    }

    fn names(&self) -> Names<'_> {
        Names {
            reference: self.reference,
            day: self.now.day_in_japan(),
            words: self.words,
        }
    }

    fn change(&self, question: Question, name: &str) -> String {
        format!("/drafts/{}/{question}?from=check#{name}", self.draft.id)
    }
}
