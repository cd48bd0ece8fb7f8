//! Answers as people read them: the name of a field, and what is known of it.
//!
//! Codes are named from the reference data as they were called on the day of the item; a code that
//! left the lists is shown as it is stored, never hidden.

use domain::part::PartKind;
use domain::part::field::{Answer, Field, Precision, Value};
use domain::reference::ReferenceData;
use domain::reference::row::{Bilingual, Row};
use domain::reference::table::Table;
use domain::release::border::OTHER_SECTORS;
use domain::report::stage::Stage;
use domain::report::{Custody, Edition, ReportKind};
use domain::time::Timestamp;
use domain::word::Code;
use jiff::civil::Date;

use crate::clock;
use crate::words::{Argument, Language, Words};

/// The lists that codes are named from, on the day of the item that holds them.
#[derive(Clone, Copy)]
pub struct Names<'a> {
    /// The lists.
    pub reference: &'a ReferenceData,
    /// The day whose names are used.
    pub day: Date,
    /// The reader's language.
    pub words: Words,
}

impl Names<'_> {
    /// What is known of `field`, as text for one reader.
    pub fn value(self, field: Field, value: &Value) -> String {
        match value {
            Value::Unknown => self.words.t("field-value-unknown").into_owned(),
            // Findings have pages of their own.
            Value::Finding(found) => found.server.defanged(),
            Value::Text(text) => text.clone(),
            Value::Moment(at, precision) => moment(*at, *precision, self.words),
            Value::Answer(Answer::Yes) => self.words.t("field-value-yes").into_owned(),
            Value::Answer(Answer::No) => self.words.t("field-value-no").into_owned(),
            Value::Codes(codes) => {
                let named: Vec<String> = codes.iter().map(|code| self.code(field, code)).collect();
                named.join(self.words.t("part-and").as_ref())
            }
        }
    }

    /// The name of a code that stands in `field`.
    pub fn code(self, field: Field, code: &Code) -> String {
        let lists = self.reference;
        let name = match field {
            Field::EventTypes => self.find(&lists.event_types, code),
            Field::Causes => self.find(&lists.causes, code),
            Field::Place => self.find(&lists.places, code),
            Field::Services => self.find(&lists.services, code),
            Field::Prefecture => self.find(&lists.prefectures, code),
            Field::Region => self.find(&lists.regions, code),
            // Sectors too small to be named are shown as one.
            Field::Sector if code.as_str() == OTHER_SECTORS => {
                Some(self.words.t("field-value-other-sectors").into_owned())
            }
            Field::Sector => self.find(&lists.sectors, code),
            Field::NearMissKind => self.find(&lists.near_miss_kinds, code),
            Field::NoHarmReason => self.find(&lists.no_harm_reasons, code),
            _ => None,
        };
        name.unwrap_or_else(|| {
            let code = Argument::from(code.as_str());
            self.words.tn("field-value-not-listed", &[("code", code)])
        })
    }

    /// The name of a purpose of use.
    pub fn purpose(self, code: &Code) -> String {
        self.find(&self.reference.purposes, code)
            .unwrap_or_else(|| code.to_string())
    }

    /// The names of purposes of use, in the order of their list.
    pub fn purposes<'c>(self, codes: impl IntoIterator<Item = &'c Code>) -> Vec<String> {
        codes.into_iter().map(|code| self.purpose(code)).collect()
    }

    fn find<T>(self, table: &Table<T>, code: &Code) -> Option<String> {
        let row: &Row<T> = table.naming(code.as_str(), self.day)?;
        Some(chosen(&row.name, self.words))
    }
}

/// A text of the reference data in the reader's language.
pub fn chosen(text: &Bilingual, words: Words) -> String {
    match words.language() {
        Language::Ja => text.ja(),
        Language::En => text.en(),
    }
    .to_owned()
}

/// Name of `field`.
pub fn field_name(field: Field, words: Words) -> String {
    words.t(&format!("field-{}", field.word())).into_owned()
}

/// Name of a kind of part.
pub fn part_name(kind: PartKind, words: Words) -> String {
    words.t(&format!("field-part-{}", kind.word())).into_owned()
}

/// Name of a kind of report.
pub fn kind_name(kind: ReportKind, words: Words) -> String {
    words.t(&format!("field-kind-{}", kind.word())).into_owned()
}

/// Name of a custody.
pub fn custody_name(custody: Custody, words: Words) -> String {
    words
        .t(&format!("field-custody-{}", custody.word()))
        .into_owned()
}

/// Name of an edition: first report, follow-up, final report.
pub fn edition_name(edition: Edition, words: Words) -> String {
    words
        .t(&format!("field-edition-{}", edition.word()))
        .into_owned()
}

/// Name of a stage.
pub fn stage_name(stage: Stage, words: Words) -> String {
    words
        .t(&format!("field-stage-{}", stage.word()))
        .into_owned()
}

/// A moment with as much of it as is known, in Japan time.
pub fn moment(at: Timestamp, precision: Precision, words: Words) -> String {
    match precision {
        Precision::Minute => clock::jst(at, words),
        Precision::Hour => words.tn(
            "field-value-hour",
            &[
                ("day", Argument::from(clock::day_text(at, words))),
                ("hour", Argument::from(clock::hour(at).replace(":00", ""))),
            ],
        ),
        Precision::Day => clock::day_text(at, words),
        Precision::Month => clock::month_text(at, words),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_word_of_the_domain_has_a_name() {
        for language in Language::ALL {
            let words = Words::new(language);
            let names = Field::ALL
                .iter()
                .map(|field| field_name(*field, words))
                .chain(PartKind::ALL.iter().map(|kind| part_name(*kind, words)))
                .chain(ReportKind::ALL.iter().map(|kind| kind_name(*kind, words)))
                .chain(Custody::ALL.iter().map(|mode| custody_name(*mode, words)))
                .chain(Edition::ALL.iter().map(|one| edition_name(*one, words)))
                .chain(Stage::ALL.iter().map(|stage| stage_name(*stage, words)));
            for name in names {
                assert!(!name.starts_with('['), "{language:?}: {name}");
            }
        }
    }

    #[test]
    fn a_moment_says_no_more_than_is_known() {
        let at = Timestamp::from_seconds(1_795_197_600);
        let ja = |precision| moment(at, precision, Words::new(Language::Ja));
        assert_eq!(ja(Precision::Minute), "2026年11月21日（土） 03:00 JST");
        assert_eq!(ja(Precision::Hour), "2026年11月21日（土） 03時ごろ");
        assert_eq!(ja(Precision::Day), "2026年11月21日（土）");
        assert_eq!(ja(Precision::Month), "2026年11月");
        let en = moment(at, Precision::Month, Words::new(Language::En));
        assert_eq!(en, "Nov 2026");
    }

    #[test]
    fn a_code_that_left_the_lists_is_shown_as_it_is() {
        let reference = ReferenceData::default();
        let names = Names {
            reference: &reference,
            day: Date::constant(2026, 11, 21),
            words: Words::new(Language::En),
        };
        let code: Code = "leak".parse().unwrap();
        let shown = names.value(Field::EventTypes, &Value::Codes([code].into()));
        assert_eq!(shown, "leak (not in the list)");
    }
}
