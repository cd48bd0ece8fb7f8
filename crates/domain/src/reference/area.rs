//! Rows about regions, and the steps by which a place or a sector is generalized.
//!
//! A published cell that fits fewer than k organizations is widened step by step until it fits
//! enough; the steps are here, the decision is the release's.

use super::ReferenceData;
use crate::word::Code;

/// One of the eight customary regions.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Region;

/// A prefecture.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Prefecture {
    /// Code of its region.
    pub region: Code,
    /// Its number in JIS X 0401, 1 to 47, which ISO 3166-2:JP shares.
    pub number: u8,
}

/// A place at one of three widths.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum Area {
    /// One prefecture.
    Prefecture(Code),
    /// One region.
    Region(Code),
    /// The whole country; also what an unknown place is widened to.
    Nation,
}

/// A sector as far as it may be shown.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum ShownSector {
    /// The sector itself.
    Sector(Code),
    /// "Other sectors" (その他分野): the sector is too small to be named.
    Others,
}

/// Below this number of operators a sector is not a published dimension of its own.
pub const SECTOR_OPERATORS_MIN: u32 = 10;

impl ReferenceData {
    /// The next wider area: prefecture, region, nation. An unknown code widens to the nation, since
    /// a wrong narrow place is worse than a wide one.
    pub fn widen(&self, area: &Area) -> Area {
        match area {
            Area::Prefecture(code) => self
                .prefectures
                .versions(code.as_str())
                .next()
                .map_or(Area::Nation, |row| Area::Region(row.body.region.clone())),
            Area::Region(_) | Area::Nation => Area::Nation,
        }
    }

    /// The sector as it may stand in an outgoing text or table, where `operator_count` is the number
    /// of its operators in the hub.
    pub fn shown_sector(&self, sector: &Code, operator_count: u32) -> ShownSector {
        if operator_count < SECTOR_OPERATORS_MIN || !self.sectors.knows(sector.as_str()) {
            ShownSector::Others
        } else {
            ShownSector::Sector(sector.clone())
        }
    }
}
