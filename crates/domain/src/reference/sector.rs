//! Rows about who takes part: documents, ministries, sectors, services and CEPTOARs.

use jiff::civil::Date;

use super::row::{Bilingual, Provenance};
use crate::word::Code;

/// A public document that rows rest on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Document {
    /// Who published it.
    pub publisher: Bilingual,
    /// The day it was issued or last revised; `None` when not known.
    pub issued: Option<Date>,
}

/// A responsible ministry (重要インフラ所管省庁).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Ministry {
    /// The name in tables and chips: 国交省, MLIT.
    pub short: Bilingual,
}

/// A critical-infrastructure sector (重要インフラ分野).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Sector {
    /// Code of the responsible ministry; `None` only on an announced row.
    pub ministry: Option<Code>,
}

/// A critical-infrastructure service (重要インフラサービス) that operators of a sector provide.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Service {
    /// Code of the sector.
    pub sector: Code,
    /// Examples of the systems it stands on.
    pub systems: Vec<Bilingual>,
    /// What people see when it fails.
    pub outage: Bilingual,
    /// From where on a failure counts as leaving the level to be maintained (サービス維持レベル).
    pub maintenance_level: MaintenanceLevel,
}

/// The service-maintenance level of one service, with a provenance of its own: the name of a service
/// may be certain while its number is not.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MaintenanceLevel {
    /// The level in words; says so when no public number is known.
    pub text: Bilingual,
    /// Where the level comes from.
    pub provenance: Provenance,
}

/// A CEPTOAR (セプター), the information-sharing function of a sector.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Ceptoar {
    /// Code of the sector it serves.
    pub sector: Code,
    /// The body that runs the secretariat.
    pub secretariat: Bilingual,
}
