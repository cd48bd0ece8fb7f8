//! Cross-checks of the reference data: what a parser of one file cannot see.
//!
//! A fault names its table and row and says what is wrong and what to do; file and line are added
//! by `exchange::reference`, which knows where each row was written.

use std::collections::{BTreeMap, BTreeSet};

use super::event::Answer;
use super::row::{Bilingual, Confidence, Provenance, Review, Row, Standing};
use super::rubric::Aspect;
use super::table::Table;
use super::{ReferenceData, TableName, names, sector};
use crate::handling::{Circle, Tlp};
use crate::report::Custody;
use crate::severity::Severity;
use crate::word::Code;

/// Near-miss kinds fit on one screen of tiles.
pub const NEAR_MISS_KINDS_MAX: usize = 8;

/// The source of everything that is Noroshi's own.
pub const OWN_SOURCE: &str = "noroshi";

impl ReferenceData {
    /// All faults of the data, in the order of tables and rows; empty when it may be used.
    pub fn check(&self) -> Vec<Fault> {
        let mut faults = Faults::default();
        self.check_rows(&mut faults);
        self.check_sectors(&mut faults);
        self.check_events(&mut faults);
        self.check_severity(&mut faults);
        self.check_terms(&mut faults);
        self.check_regions(&mut faults);
        faults.found.sort_by_key(|fault| {
            let table = names::ALL.iter().position(|name| *name == fault.table);
            (table, fault.position)
        });
        faults.found
    }

    fn check_sectors(&self, faults: &mut Faults) {
        for (position, row) in self.sectors.rows().iter().enumerate() {
            match &row.body.ministry {
                Some(ministry) => {
                    let at = (names::sectors, position, "ministry");
                    faults.check_code(at, ministry, &self.ministries, names::ministries);
                }
                None if row.standing == Standing::Adopted => {
                    faults.row(names::sectors, position, Wrong::NoMinistry);
                }
                None => {}
            }
        }
        for (position, row) in self.services.rows().iter().enumerate() {
            let at = (names::services, position, "sector");
            faults.check_code(at, &row.body.sector, &self.sectors, names::sectors);
            let level = &row.body.maintenance_level;
            let at = (names::services, position);
            faults.check_text(at, "maintenance_level.text", &level.text);
            faults.check_provenance(at, &level.provenance, &self.documents);
            faults.check_text(at, "outage", &row.body.outage);
            for system in &row.body.systems {
                faults.check_text(at, "systems", system);
            }
        }
        for (position, row) in self.ceptoars.rows().iter().enumerate() {
            let at = (names::ceptoars, position, "sector");
            faults.check_code(at, &row.body.sector, &self.sectors, names::sectors);
            faults.check_text(
                (names::ceptoars, position),
                "secretariat",
                &row.body.secretariat,
            );
        }
        for (position, row) in self.ministries.rows().iter().enumerate() {
            faults.check_text((names::ministries, position), "short", &row.body.short);
        }
    }

    fn check_events(&self, faults: &mut Faults) {
        for (position, row) in self.event_types.rows().iter().enumerate() {
            let at = (names::event_types, position, "group");
            faults.check_code(at, &row.body.group, &self.event_groups, names::event_groups);
        }
        for (position, row) in self.causes.rows().iter().enumerate() {
            let at = (names::causes, position, "group");
            faults.check_code(at, &row.body.group, &self.cause_groups, names::cause_groups);
        }
        for (position, row) in self.systems.rows().iter().enumerate() {
            let at = (names::systems, position, "place");
            faults.check_code(at, &row.body.place, &self.places, names::places);
        }
        for (position, row) in self.near_miss_kinds.rows().iter().enumerate() {
            let at = (names::near_miss_kinds, position, "promotes_to");
            faults.check_code(
                at,
                &row.body.promotes_to,
                &self.event_types,
                names::event_types,
            );
            faults.check_text(
                (names::near_miss_kinds, position),
                "example",
                &row.body.example,
            );
        }
        let kinds = self.near_miss_kinds.rows().len();
        if kinds > NEAR_MISS_KINDS_MAX {
            faults.table(names::near_miss_kinds, Wrong::TooManyKinds { count: kinds });
        }
        let questions = self.questions.rows().len();
        if questions != 2 {
            faults.table(
                names::questions,
                Wrong::NotTwoQuestions { count: questions },
            );
        }
        for harm in Answer::ALL {
            for danger in Answer::ALL {
                let verdicts = self.verdicts.rows().iter();
                let count = verdicts
                    .filter(|row| row.body.harm.contains(harm) && row.body.danger.contains(danger))
                    .count();
                if count != 1 {
                    let (harm, danger) = (*harm, *danger);
                    faults.table(
                        names::verdicts,
                        Wrong::Verdicts {
                            harm,
                            danger,
                            count,
                        },
                    );
                }
            }
        }
    }

    fn check_severity(&self, faults: &mut Faults) {
        let mut rungs: Vec<Severity> = self
            .rungs
            .rows()
            .iter()
            .map(|row| row.body.severity)
            .collect();
        rungs.sort_unstable();
        if rungs != Severity::all() {
            faults.table(names::rungs, Wrong::Rungs);
        }
        if !self.scales.knows(super::SCALE_DEFAULT) {
            let code = super::SCALE_DEFAULT.to_owned();
            faults.table(names::scales, Wrong::MissingRow { code });
        }
        for aspect in Aspect::ALL {
            let bands = self.bands.rows().iter();
            let rungs: Vec<u8> = bands
                .filter(|row| row.body.aspect == *aspect)
                .map(|row| row.body.severity.rung())
                .collect();
            if rungs.first() != Some(&0) || !rungs.is_sorted() {
                faults.table(names::bands, Wrong::Bands { aspect: *aspect });
            }
        }
    }

    fn check_terms(&self, faults: &mut Faults) {
        let words = |all: &[Tlp]| all.iter().map(|label| label.word()).collect::<Vec<_>>();
        faults.check_words(names::tlp_labels, &self.tlp_labels, &words(Tlp::ALL));
        let circles: Vec<&str> = Circle::ALL.iter().map(|circle| circle.word()).collect();
        faults.check_words(names::circles, &self.circles, &circles);
        let custodies: Vec<&str> = Custody::ALL.iter().map(|custody| custody.word()).collect();
        faults.check_words(names::custody_modes, &self.custody_modes, &custodies);
        self.check_reach(faults);
        for (position, row) in self.legal_statuses.rows().iter().enumerate() {
            if let Some(other) = &row.body.presupposes {
                let at = (names::legal_statuses, position, "presupposes");
                faults.check_code(at, other, &self.legal_statuses, names::legal_statuses);
                if *other == row.code {
                    faults.row(names::legal_statuses, position, Wrong::PresupposesItself);
                }
            }
        }
        for (position, row) in self.downward_grades.rows().iter().enumerate() {
            for class in &row.body.recipients {
                let at = (names::downward_grades, position, "recipients");
                faults.check_code(at, class, &self.recipient_classes, names::recipient_classes);
            }
        }
    }

    /// A label's row may only promise the reach that [`Tlp::reaches`] enforces.
    fn check_reach(&self, faults: &mut Faults) {
        for (position, row) in self.tlp_labels.rows().iter().enumerate() {
            let Ok(label) = row.code.as_str().parse::<Tlp>() else {
                continue;
            };
            let circles = Circle::ALL.iter().filter(|circle| label.reaches(**circle));
            let enforced: BTreeSet<&str> = circles.map(|circle| circle.word()).collect();
            let written: BTreeSet<&str> = row.body.reaches.iter().map(Code::as_str).collect();
            if enforced != written {
                let enforced = enforced.into_iter().collect::<Vec<_>>().join(", ");
                faults.row(
                    names::tlp_labels,
                    position,
                    Wrong::Reach { label, enforced },
                );
            }
        }
    }

    fn check_regions(&self, faults: &mut Faults) {
        let mut seen: BTreeMap<u8, &Code> = BTreeMap::new();
        for (position, row) in self.prefectures.rows().iter().enumerate() {
            let at = (names::prefectures, position, "region");
            faults.check_code(at, &row.body.region, &self.regions, names::regions);
            let number = row.body.number;
            if let Some(other) = seen.insert(number, &row.code)
                && *other != row.code
            {
                let other = other.clone();
                faults.row(
                    names::prefectures,
                    position,
                    Wrong::SameNumber { number, other },
                );
            }
        }
    }
}

/// A fault of the data.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fault {
    /// The table it was found in.
    pub table: TableName,
    /// The row's position in the array, from 0; `None` when the table as a whole is at fault.
    pub position: Option<usize>,
    /// What is wrong.
    pub wrong: Wrong,
}

/// What can be wrong with the data.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Wrong {
    /// A text lacks one language.
    #[error("`{field}` lacks its {language} text")]
    EmptyText {
        /// The key in the row.
        field: &'static str,
        /// The key of the language.
        language: &'static str,
    },
    /// The last day lies before the first.
    #[error("`valid_to` lies before `valid_from`")]
    Reversed,
    /// Two versions of one code hold on the same day.
    #[error("two rows with the code `{code}` hold on the same day")]
    Overlap {
        /// The code.
        code: Code,
    },
    /// A row from memory that does not ask for review.
    #[error("a row with confidence `memory` has `needs_review = false`")]
    UnreviewedMemory,
    /// A row is called ours and yet names another's document, or the reverse.
    #[error("confidence `ours` and source `noroshi` go together, and here is only one of them")]
    OursElsewhere,
    /// A code that is in no row of the table it points to.
    #[error("`{field}` names `{code}`, which is not in {file}")]
    Dangling {
        /// The key in the row.
        field: &'static str,
        /// The code given.
        code: Code,
        /// The file where it should be.
        file: &'static str,
    },
    /// An adopted sector without a ministry.
    #[error("an adopted sector has no `ministry`")]
    NoMinistry,
    /// More near-miss kinds than tiles.
    #[error("there are {count} kinds of near miss and the page has {NEAR_MISS_KINDS_MAX} tiles")]
    TooManyKinds {
        /// Kinds given.
        count: usize,
    },
    /// The helper asks two questions.
    #[error("the helper has {count} questions and needs exactly two: harm, then danger")]
    NotTwoQuestions {
        /// Questions given.
        count: usize,
    },
    /// A pair of answers with no verdict or several.
    #[error(
        "the answers harm = `{harm}`, danger = `{danger}` have {count} verdicts instead of one"
    )]
    Verdicts {
        /// Answer to the first question.
        harm: Answer,
        /// Answer to the second.
        danger: Answer,
        /// Verdicts found.
        count: usize,
    },
    /// Not each of the five rungs exactly once.
    #[error("the rungs are not 0, 1, 2, 3 and 4, once each")]
    Rungs,
    /// The bands of an aspect are missing or out of order.
    #[error("the bands of `{aspect}` do not rise from rung 0")]
    Bands {
        /// The aspect.
        aspect: Aspect,
    },
    /// A row the program relies on is missing.
    #[error("the row `{code}`, which the program relies on, is missing")]
    MissingRow {
        /// The code.
        code: String,
    },
    /// A row that the program would never use.
    #[error("the program knows no `{code}`")]
    UnknownToProgram {
        /// The code.
        code: Code,
    },
    /// A label that promises another reach than the program enforces.
    #[error("the reach of `{label}` is not what the program enforces, which is: {enforced}")]
    Reach {
        /// The label.
        label: Tlp,
        /// The circles it reaches, separated by commas.
        enforced: String,
    },
    /// A legal status that presupposes itself.
    #[error("a legal status presupposes itself")]
    PresupposesItself,
    /// Two prefectures with one number.
    #[error("the number {number} is also that of `{other}`")]
    SameNumber {
        /// The number.
        number: u8,
        /// The other prefecture.
        other: Code,
    },
}

impl Wrong {
    /// The key in the row at fault, dotted when it stands in a table inside the row; `None` when
    /// the row as a whole is.
    pub const fn field(&self) -> Option<&'static str> {
        match self {
            Self::EmptyText { field, .. } | Self::Dangling { field, .. } => Some(*field),
            Self::Reversed => Some("valid_to"),
            Self::Overlap { .. } | Self::UnknownToProgram { .. } => Some("code"),
            Self::UnreviewedMemory => Some("needs_review"),
            Self::OursElsewhere => Some("source"),
            Self::PresupposesItself => Some("presupposes"),
            Self::SameNumber { .. } => Some("number"),
            Self::Reach { .. } => Some("reaches"),
            Self::NoMinistry
            | Self::TooManyKinds { .. }
            | Self::NotTwoQuestions { .. }
            | Self::Verdicts { .. }
            | Self::Rungs
            | Self::Bands { .. }
            | Self::MissingRow { .. } => None,
        }
    }

    /// What to do about it.
    pub const fn advice(&self) -> &'static str {
        match self {
            Self::EmptyText { .. } => "write both languages: { ja = \"…\", en = \"…\" }",
            Self::Reversed => "swap the two dates or correct one",
            Self::Overlap { .. } => {
                "end the older row with `valid_to` the day before the newer one begins, or choose another code"
            }
            Self::UnreviewedMemory => {
                "set `needs_review = true`, or read the document and raise `confidence`"
            }
            Self::OursElsewhere => {
                "set both `source = \"noroshi\"` and `confidence = \"ours\"`, or neither"
            }
            Self::Dangling { .. } => "correct the code or add the row it points to",
            Self::NoMinistry => {
                "name the responsible ministry, or set `standing = \"announced\"` until it is known"
            }
            Self::TooManyKinds { .. } => "join two kinds or leave one out",
            Self::NotTwoQuestions { .. } => "keep two `[[question]]` rows",
            Self::Verdicts { .. } => "let exactly one `[[verdict]]` list this pair of answers",
            Self::Rungs => "write five `[[rung]]` rows; another numbering is a `[[scale]]`",
            Self::Bands { .. } => "list its `[[band]]` rows from rung 0 upward",
            Self::MissingRow { .. } => "restore the row from the shipped file",
            Self::UnknownToProgram { .. } => "remove the row; a new one needs code as well as data",
            Self::Reach { .. } => "list exactly these circles; who is reached is decided in code",
            Self::PresupposesItself => "name another status or leave `presupposes` out",
            Self::SameNumber { .. } => "give each prefecture its own JIS X 0401 number",
        }
    }
}

/// Collects faults.
#[derive(Debug, Default)]
pub struct Faults {
    found: Vec<Fault>,
}

impl Faults {
    fn row(&mut self, table: TableName, position: usize, wrong: Wrong) {
        self.found.push(Fault {
            table,
            position: Some(position),
            wrong,
        });
    }

    fn table(&mut self, table: TableName, wrong: Wrong) {
        self.found.push(Fault {
            table,
            position: None,
            wrong,
        });
    }

    /// The faults that any row can have.
    pub(super) fn check_table<T>(
        &mut self,
        name: TableName,
        table: &Table<T>,
        documents: &Table<sector::Document>,
    ) {
        for (position, row) in table.rows().iter().enumerate() {
            let at = (name, position);
            self.check_text(at, "name", &row.name);
            if let Some(note) = &row.note {
                self.check_text(at, "note", note);
            }
            if row.validity.is_reversed() {
                self.row(name, position, Wrong::Reversed);
            }
            let is_repeated =
                |other: &Row<T>| other.code == row.code && other.validity.overlaps(row.validity);
            if table.rows().iter().take(position).any(is_repeated) {
                let code = row.code.clone();
                self.row(name, position, Wrong::Overlap { code });
            }
            self.check_provenance(at, &row.provenance, documents);
        }
    }

    /// A table whose rows explain choices that code makes: one row for each word, and no other.
    fn check_words<T>(&mut self, name: TableName, table: &Table<T>, words: &[&str]) {
        for word in words {
            if !table.knows(word) {
                let code = (*word).to_owned();
                self.table(name, Wrong::MissingRow { code });
            }
        }
        for (position, row) in table.rows().iter().enumerate() {
            if !words.contains(&row.code.as_str()) {
                let code = row.code.clone();
                self.row(name, position, Wrong::UnknownToProgram { code });
            }
        }
    }

    fn check_provenance(
        &mut self,
        (table, position): (TableName, usize),
        provenance: &Provenance,
        documents: &Table<sector::Document>,
    ) {
        let Provenance {
            source,
            confidence,
            review,
        } = provenance;
        self.check_code(
            (table, position, "source"),
            source,
            documents,
            names::documents,
        );
        if *confidence == Confidence::Memory && *review == Review::Settled {
            self.row(table, position, Wrong::UnreviewedMemory);
        }
        if (*confidence == Confidence::Ours) != (source.as_str() == OWN_SOURCE) {
            self.row(table, position, Wrong::OursElsewhere);
        }
    }

    fn check_code<T>(
        &mut self,
        (table, position, field): (TableName, usize, &'static str),
        code: &Code,
        target: &Table<T>,
        target_name: TableName,
    ) {
        if !target.knows(code.as_str()) {
            let (code, file) = (code.clone(), target_name.file);
            self.row(table, position, Wrong::Dangling { field, code, file });
        }
    }

    fn check_text(
        &mut self,
        (table, position): (TableName, usize),
        field: &'static str,
        text: &Bilingual,
    ) {
        for (language, text) in [("ja", &text.ja), ("en", &text.en)] {
            if text.trim().is_empty() {
                self.row(table, position, Wrong::EmptyText { field, language });
            }
        }
    }
}
