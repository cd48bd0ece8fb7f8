//! Reference data: the lists a government, a standard or an installation can change.
//!
//! Sectors, CEPTOARs, event types, causes, severity scales, purposes, circles and the like are rows
//! with validity dates and a source, never enums. This module holds their types, the lookups, the
//! severity rubric and the cross-checks; it reads no file. The texts are parsed in
//! `exchange::reference`, the files lie in `data/`.
//!
//! INVARIANT: a row that is only announced can be read about and never chosen.
//! INVARIANT: a row written from memory always asks for review; [`ReferenceData::check`] refuses it
//! otherwise, and the program does not start on data with faults.

use std::collections::BTreeMap;

use jiff::civil::Date;

use crate::organization::OrganizationKind;
use crate::word::Code;

pub mod area;
pub mod check;
pub mod event;
pub mod fault;
pub mod regime;
pub mod row;
pub mod rubric;
pub mod sector;
pub mod table;
pub mod terms;

use row::Row;
use table::Table;

/// Names a table by its file and the array of rows in it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct TableName {
    /// The file under `data/`.
    pub file: &'static str,
    /// The array of tables in that file, singular: `[[sector]]`.
    pub array: &'static str,
}

/// A row that a person still has to check.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Unchecked<'a> {
    /// Where it stands.
    pub table: TableName,
    /// Its code.
    pub code: &'a Code,
    /// Its name.
    pub name: &'a row::Bilingual,
    /// Code of the document it rests on.
    pub source: &'a Code,
}

/// Declares the tables once: the field, its row type, its file and its array.
macro_rules! tables {
    ($($(#[$doc:meta])* $field:ident: $row:ty = $file:literal $array:literal,)+) => {
        /// Everything the installation knows about its lists.
        #[derive(Debug, Clone, PartialEq, Eq, Default)]
        pub struct ReferenceData {
            /// The day each file was last revised, by file name.
            pub revised: BTreeMap<&'static str, Date>,
            $($(#[$doc])* pub $field: Table<$row>,)+
        }

        /// Where each table stands.
        pub mod names {
            use super::TableName;
            $(
                #[doc = concat!("`[[", $array, "]]` in `", $file, "`.")]
                #[expect(non_upper_case_globals, reason = "named like the field it stands for")]
                pub const $field: TableName = TableName { file: $file, array: $array };
            )+
            /// Every table, in declared order.
            pub const ALL: &[TableName] = &[$($field,)+];
        }

        impl ReferenceData {
            /// The faults that any row of any table can have.
            fn check_rows(&self, faults: &mut check::Faults) {
                $(faults.check_table(names::$field, &self.$field, &self.documents);)+
            }

            /// The rows that a person still has to check.
            pub fn needing_review(&self) -> Vec<Unchecked<'_>> {
                let mut found = Vec::new();
                $(found.extend(
                    self.$field
                        .rows()
                        .iter()
                        .filter(|row| row.provenance.needs_review())
                        .map(|row| Unchecked {
                            table: names::$field,
                            code: &row.code,
                            name: &row.name,
                            source: &row.provenance.source,
                        }),
                );)+
                found
            }
        }
    };
}

tables! {
    /// The public documents the other rows rest on.
    documents: sector::Document = "sources.toml" "document",
    /// Responsible ministries.
    ministries: sector::Ministry = "ministries.toml" "ministry",
    /// Critical-infrastructure sectors.
    sectors: sector::Sector = "sectors.toml" "sector",
    /// Services and their maintenance levels.
    services: sector::Service = "services.toml" "service",
    /// CEPTOARs.
    ceptoars: sector::Ceptoar = "ceptoars.toml" "ceptoar",
    /// Groups of event types.
    event_groups: event::Group = "event_types.toml" "group",
    /// Event types.
    event_types: event::EventType = "event_types.toml" "event_type",
    /// Groups of causes.
    cause_groups: event::Group = "causes.toml" "group",
    /// Causes.
    causes: event::Cause = "causes.toml" "cause",
    /// The five rungs of severity.
    rungs: rubric::Rung = "severity.toml" "rung",
    /// The numberings of the rungs.
    scales: rubric::Scale = "severity.toml" "scale",
    /// The bands of the rubric.
    bands: rubric::Band = "severity.toml" "band",
    /// Kinds of near misses.
    near_miss_kinds: event::NearMissKind = "near_miss_kinds.toml" "kind",
    /// The two questions of the helper.
    questions: event::Question = "near_miss_kinds.toml" "question",
    /// What the answers to them mean.
    verdicts: event::Verdict = "near_miss_kinds.toml" "verdict",
    /// Why a near miss did no harm.
    no_harm_reasons: event::NoHarmReason = "no_harm_reasons.toml" "reason",
    /// Where things happen.
    places: event::Place = "places.toml" "place",
    /// Kinds of systems.
    systems: event::System = "places.toml" "system",
    /// Purposes of use.
    purposes: terms::Purpose = "purposes.toml" "purpose",
    /// Circles.
    circles: terms::Circle = "circles.toml" "circle",
    /// Labels of the Traffic Light Protocol.
    tlp_labels: terms::TlpLabel = "tlp.toml" "label",
    /// Legal statuses of organizations.
    legal_statuses: terms::LegalStatus = "legal_statuses.toml" "status",
    /// Recipient classes of the Act of 2025.
    recipient_classes: terms::RecipientClass = "downward_grades.toml" "recipient_class",
    /// Downward grades of the Act of 2025.
    downward_grades: terms::DownwardGrade = "downward_grades.toml" "grade",
    /// Regions.
    regions: area::Region = "regions.toml" "region",
    /// Prefectures.
    prefectures: area::Prefecture = "regions.toml" "prefecture",
    /// Custody modes.
    custody_modes: terms::CustodyMode = "custody_modes.toml" "mode",
    /// Regimes of communities.
    regimes: regime::Regime = "regimes.toml" "regime",
}

/// The scale that is shown unless the installation sets another: the standard of 2018, 0 to 4.
pub const SCALE_DEFAULT: &str = "2018";

impl ReferenceData {
    /// The codes of the sectors people may choose on `day`, in official order.
    pub fn sector_codes(&self, day: Date) -> Vec<Code> {
        self.sectors
            .current(day)
            .map(|row| row.code.clone())
            .collect()
    }

    /// The responsible ministry of a sector on `day`; `None` when the sector did not exist then or
    /// is only announced.
    pub fn ministry_of(&self, sector: &str, day: Date) -> Option<&Row<sector::Ministry>> {
        let ministry = self.sectors.at(sector, day)?.body.ministry.as_ref()?;
        self.ministries.at(ministry.as_str(), day)
    }

    /// Whether material of the grade `grade` may go to organizations of `kind` on `day`. An unknown
    /// grade goes to nobody.
    pub fn grade_reaches(&self, grade: &str, kind: OrganizationKind, day: Date) -> bool {
        let Some(grade) = self.downward_grades.naming(grade, day) else {
            return false;
        };
        grade.body.recipients.iter().any(|class| {
            self.recipient_classes
                .naming(class.as_str(), day)
                .is_some_and(|class| class.body.kinds.contains(&kind))
        })
    }

    /// The services of a sector that people may choose on `day`, in shown order.
    pub fn services_of(
        &self,
        sector: &str,
        day: Date,
    ) -> impl Iterator<Item = &Row<sector::Service>> {
        self.services
            .current(day)
            .filter(move |row| row.body.sector.as_str() == sector)
    }

    /// The CEPTOARs of a sector on `day`, in shown order.
    pub fn ceptoars_of(
        &self,
        sector: &str,
        day: Date,
    ) -> impl Iterator<Item = &Row<sector::Ceptoar>> {
        self.ceptoars
            .current(day)
            .filter(move |row| row.body.sector.as_str() == sector)
    }

    /// What the two answers of the near-miss helper mean. Checked data has one verdict for each
    /// pair, so `None` cannot happen after [`ReferenceData::check`] found nothing.
    pub fn verdict(
        &self,
        harm: event::Answer,
        danger: event::Answer,
    ) -> Option<&Row<event::Verdict>> {
        self.verdicts
            .rows()
            .iter()
            .find(|row| row.body.harm.contains(&harm) && row.body.danger.contains(&danger))
    }
}
