//! Rows about terms: purposes, circles, labels, legal statuses, downward grades and custody.

use super::row::Bilingual;
use crate::organization::OrganizationKind;
use crate::word::{Code, words};

/// A purpose of use (使用目的).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Purpose {
    /// Whether the source has to tick it by itself.
    pub offer: Offer,
    /// What a receiver may do under it.
    pub meaning: Bilingual,
}

words! {
    /// How a purpose is put before the source.
    pub enum Offer {
        /// Ticked when the page opens; the source may untick it.
        Preset = "preset",
        /// Never ticked for the source, never implied by another purpose.
        Separate = "separate",
    }
}

/// A circle: whom a part may reach. What it resolves to is decided in [`crate::handling`].
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Circle {
    /// Who is inside, in words.
    pub meaning: Bilingual,
}

/// A label of the Traffic Light Protocol. Its name is the label itself in both languages.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TlpLabel {
    /// What the label asks of a recipient.
    pub meaning: Bilingual,
    /// The circles a part under this label can reach at all.
    pub reaches: Vec<Code>,
}

/// A legal status of an organization. The three are different concepts and are never merged.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LegalStatus {
    /// The act or plan that makes the status.
    pub basis: Bilingual,
    /// What follows for reporting.
    pub duty: Bilingual,
    /// A status that its bearer must have too; `None` when it stands alone.
    pub presupposes: Option<Code>,
}

/// A class of recipients under the Act of 2025.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RecipientClass {
    /// Kinds of organizations of this hub that count as the class; empty when none do.
    pub kinds: Vec<OrganizationKind>,
}

/// A grade of analyzed material that travels downward under the Act of 2025.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DownwardGrade {
    /// What may be in it.
    pub meaning: Bilingual,
    /// Codes of the recipient classes it may go to.
    pub recipients: Vec<Code>,
    /// Whether the hub may hold the material itself.
    pub storage: Storage,
}

words! {
    /// Whether the hub may hold material of a grade.
    pub enum Storage {
        /// Kept like any advisory.
        Here = "here",
        /// Only a pointer is kept, marked "held elsewhere".
        Elsewhere = "elsewhere",
    }
}

/// Who keeps the link between a report and its source.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CustodyMode {
    /// Who can know what, in honest words.
    pub meaning: Bilingual,
    /// What the source can still do afterwards.
    pub afterwards: Bilingual,
}
