//! Cross-checks of the reference data: what a parser of one file cannot see.
//!
//! A fault names its table and row and says what is wrong and what to do; file and line are added
//! by `exchange::reference`, which knows where each row was written.

use std::collections::{BTreeMap, BTreeSet};

use super::event::Answer;
use super::fault::{Fault, NEAR_MISS_KINDS_MAX, Wrong};
use super::regime::Number;
use super::row::{Confidence, Provenance, Review, Row, Standing};
use super::rubric::Aspect;
use super::table::Table;
use super::{ReferenceData, TableName, names, sector};
use crate::handling::{Circle, Tlp};
use crate::organization::CommunityKind;
use crate::policy::Hand;
use crate::report::Custody;
use crate::severity::Severity;
use crate::word::Code;

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
        self.check_regimes(&mut faults);
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
            faults.check_provenance(at, &LEVEL_KEYS, &level.provenance, &self.documents);
        }
        for (position, row) in self.ceptoars.rows().iter().enumerate() {
            let at = (names::ceptoars, position, "sector");
            faults.check_code(at, &row.body.sector, &self.sectors, names::sectors);
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
            let enforced: Vec<&str> = circles.map(|circle| circle.word()).collect();
            let written: BTreeSet<&str> = row.body.reaches.iter().map(Code::as_str).collect();
            if enforced.iter().copied().collect::<BTreeSet<_>>() != written {
                let enforced = enforced.join(", ");
                faults.row(
                    names::tlp_labels,
                    position,
                    Wrong::Reach { label, enforced },
                );
            }
        }
    }

    /// One row for each kind of community; what rests on a secretariat needs one.
    fn check_regimes(&self, faults: &mut Faults) {
        let kinds: Vec<&str> = CommunityKind::ALL.iter().map(|kind| kind.word()).collect();
        faults.check_words(names::regimes, &self.regimes, &kinds);
        for (position, row) in self.regimes.rows().iter().enumerate() {
            let regime = &row.body;
            let hands = [&regime.entered_by, &regime.ended_by, &regime.shown_to];
            let rests = regime.number == Number::OnePerSecretariat
                || hands.iter().any(|hands| hands.contains(&Hand::Secretariat));
            if rests && regime.secretariat.is_empty() {
                faults.row(names::regimes, position, Wrong::NoSecretariat);
            }
            if regime.entered_by.contains(&Hand::Member) {
                faults.row(names::regimes, position, Wrong::EntersItself);
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

/// How the keys of a provenance are called where it stands.
struct ProvenanceKeys {
    source: &'static str,
    review: &'static str,
}

/// In a row itself.
const ROW_KEYS: ProvenanceKeys = ProvenanceKeys {
    source: "source",
    review: "needs_review",
};

/// In the maintenance level of a service.
const LEVEL_KEYS: ProvenanceKeys = ProvenanceKeys {
    source: "maintenance_level.source",
    review: "maintenance_level.needs_review",
};

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
            if row.validity.is_reversed() {
                self.row(name, position, Wrong::Reversed);
            }
            let is_repeated =
                |other: &Row<T>| other.code == row.code && other.validity.overlaps(row.validity);
            if table.rows().iter().take(position).any(is_repeated) {
                let code = row.code.clone();
                self.row(name, position, Wrong::Overlap { code });
            }
            self.check_provenance(at, &ROW_KEYS, &row.provenance, documents);
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
        keys: &ProvenanceKeys,
        provenance: &Provenance,
        documents: &Table<sector::Document>,
    ) {
        let Provenance {
            source,
            confidence,
            review,
        } = provenance;
        self.check_code(
            (table, position, keys.source),
            source,
            documents,
            names::documents,
        );
        if *confidence == Confidence::Memory && *review == Review::Settled {
            self.row(
                table,
                position,
                Wrong::UnreviewedMemory { field: keys.review },
            );
        }
        if (*confidence == Confidence::Ours) != (source.as_str() == OWN_SOURCE) {
            self.row(table, position, Wrong::OursElsewhere { field: keys.source });
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
}
