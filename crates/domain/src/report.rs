//! Reports: what goes up, in four parts that travel under their own terms.
//!
//! A report is its control record (kind, custody, stage) and its parts. Everything a person could
//! read about it stands in a part: `source` (who), `attack` (technical information), `damage` (what
//! was hit and what was done), `summary` (prose). The control record holds nothing a reader may not
//! know.

pub mod closing;
pub mod draft;
pub mod filing;
pub mod near_miss;
pub mod question;
pub mod receipt;
pub mod stage;
pub mod terms;
pub mod update;

use crate::id::{OrganizationId, ReportId};
use crate::time::Timestamp;
use crate::word::{Code, words};

words! {
    /// What kind of thing is reported.
    pub enum ReportKind {
        /// Nothing broke, but the conditions were dangerous (予兆・ヒヤリハット).
        NearMiss = "near-miss",
        /// A sign that something is coming.
        Precursor = "precursor",
        /// Something happened.
        Incident = "incident",
    }
}

words! {
    /// Who can know whom a report came from (law 6).
    pub enum Custody {
        /// Source and CEPTOAR see the link inside their hub; above it there is a sealed block and a
        /// pseudonym per report.
        Named = "named",
        /// No row links organization and report; the identity is sealed 2-of-3 among custodians.
        Unnamed = "unnamed",
        /// Like unnamed, but the identity is not kept at all: the strip goes back to the source.
        Stripped = "stripped",
    }
}

words! {
    /// Which report of a series this is (第一報, 続報, 最終報).
    pub enum Edition {
        /// The first report.
        First = "first",
        /// A follow-up.
        FollowUp = "follow-up",
        /// The final report.
        Final = "final",
    }
}

words! {
    /// The way a report came by.
    pub enum Channel {
        /// A page, by the source itself.
        Web = "web",
        /// A program of the source's, with a token.
        Api = "api",
        /// Rows of a file, by the source itself.
        Batch = "batch",
        /// A call, written down by a clerk.
        Phone = "phone",
        /// A fax, typed in by a clerk.
        Fax = "fax",
    }
}

/// The control record of a report: nothing here tells who reported, unless the custody is named.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Report {
    /// Its id.
    pub id: ReportId,
    /// The hub it was accepted at.
    pub origin_hub: String,
    /// What is reported.
    pub kind: ReportKind,
    /// Who can know the source.
    pub custody: Custody,
    /// The relay that received it: a CEPTOAR's or ISAC's secretariat.
    pub relay: OrganizationId,
    /// Where it stands.
    pub stage: stage::Stage,
    /// The name under which it is spoken of above the border, made for this report alone.
    pub pseudonym: String,
    /// The latest edition.
    pub edition: Edition,
    /// The sector, as a code of the reference data; the outgoing parts carry the generalized one.
    pub sector: Option<Code>,
    /// When it was accepted.
    pub accepted_at: Timestamp,
}
