//! Handling: the terms under which a part of an item may travel.
//!
//! Handlings combine by meet: the stricter label, the purposes and circles both allow, the earlier
//! expiry, the narrower consent. A meet can be empty; it is then shown as such and reaches nobody.
//! A part's handling gets only stricter unless its source loosens it ([`Handling::tightened`]).

use std::collections::BTreeSet;

use crate::time::Timestamp;
use crate::word::{Code, words};

/// Terms of travel of one part.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Handling {
    /// The label, TLP 2.0 (FIRST, 2022).
    pub tlp: Tlp,
    /// Purposes of use the source offered the part for; codes of the reference data.
    pub purposes: BTreeSet<Code>,
    /// Circles the part may reach.
    pub circles: BTreeSet<Circle>,
    /// When the part stops being shared; `None` is until its retention ends.
    pub expires_at: Option<Timestamp>,
    /// Whether the source agreed to passing the part on to the national center.
    pub consent: Consent,
}

/// A handling asked for is wider than the one in force.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error(
    "the handling asked for is wider than the one in force ({what}); only the source may widen it"
)]
pub struct Loosened {
    what: &'static str,
}

impl Handling {
    /// The strictest combination of two handlings; may be empty.
    #[must_use]
    pub fn meet(&self, other: &Self) -> Self {
        Self {
            tlp: self.tlp.max(other.tlp),
            purposes: self
                .purposes
                .intersection(&other.purposes)
                .cloned()
                .collect(),
            circles: self.circles.intersection(&other.circles).copied().collect(),
            expires_at: match (self.expires_at, other.expires_at) {
                (Some(a), Some(b)) => Some(a.min(b)),
                (a, b) => a.or(b),
            },
            consent: self.consent.min(other.consent),
        }
    }

    /// Whether nobody can be reached under these terms.
    pub fn is_empty(&self) -> bool {
        self.purposes.is_empty() || self.reach().is_empty()
    }

    /// The circles that label, list and consent together allow.
    pub fn reach(&self) -> BTreeSet<Circle> {
        self.circles
            .iter()
            .copied()
            .filter(|circle| self.tlp.reaches(*circle))
            .filter(|circle| *circle != Circle::NationalCenter || self.consent == Consent::Granted)
            .collect()
    }

    /// `next`, if it is nowhere wider than this handling.
    ///
    /// # Errors
    /// [`Loosened`] names the first aspect in which `next` is wider.
    pub fn tightened(&self, next: Self) -> Result<Self, Loosened> {
        let wider = |what| Err(Loosened { what });
        if next.tlp < self.tlp {
            return wider("label");
        }
        if !next.purposes.is_subset(&self.purposes) {
            return wider("purposes");
        }
        if !next.circles.is_subset(&self.circles) {
            return wider("circles");
        }
        if next.consent > self.consent {
            return wider("consent");
        }
        match (self.expires_at, next.expires_at) {
            (Some(_), None) => wider("expiry"),
            (Some(now), Some(later)) if later > now => wider("expiry"),
            _ => Ok(next),
        }
    }
}

words! {
    /// Traffic Light Protocol 2.0, least strict first. Labels are never translated.
    pub enum Tlp {
        /// Disclosure is not limited.
        Clear = "clear",
        /// Limited disclosure, within the community.
        Green = "green",
        /// Limited disclosure, recipients' organizations and their clients.
        Amber = "amber",
        /// Limited disclosure, recipients' organizations only.
        AmberStrict = "amber-strict",
        /// For the eyes and ears of individual recipients only.
        Red = "red",
    }
}

impl Tlp {
    /// The label as the standard writes it, `TLP:AMBER+STRICT` for example.
    pub const fn label(self) -> &'static str {
        match self {
            Self::Clear => "TLP:CLEAR",
            Self::Green => "TLP:GREEN",
            Self::Amber => "TLP:AMBER",
            Self::AmberStrict => "TLP:AMBER+STRICT",
            Self::Red => "TLP:RED",
        }
    }

    /// Whether the label lets a part reach that circle at all.
    pub const fn reaches(self, circle: Circle) -> bool {
        let widest = match circle {
            Circle::Source | Circle::Secretariat => Self::Red,
            Circle::Ministry | Circle::NationalCenter => Self::AmberStrict,
            Circle::Coordination | Circle::Police | Circle::CeptoarMembers => Self::Amber,
            Circle::CrossSector => Self::Green,
            Circle::Public => Self::Clear,
        };
        self as u8 <= widest as u8
    }
}

words! {
    /// Whom a part may reach. A set of circles, resolved to organizations and communities, never
    /// expanded to members.
    pub enum Circle {
        /// The organization the part came from.
        Source = "source",
        /// The secretariat that received it.
        Secretariat = "secretariat",
        /// The members of that CEPTOAR or ISAC.
        CeptoarMembers = "ceptoar-members",
        /// The responsible ministry.
        Ministry = "ministry",
        /// The national center; needs the source's consent.
        NationalCenter = "national-center",
        /// The coordination center.
        Coordination = "coordination",
        /// The police.
        Police = "police",
        /// Every operator under the action plan.
        CrossSector = "cross-sector",
        /// Everyone.
        Public = "public",
    }
}

words! {
    /// The source's answer to "may this be passed on to the national center?". Mandatory.
    pub enum Consent {
        /// No.
        Refused = "refused",
        /// Not decided yet: treated as no until answered.
        Undecided = "undecided",
        /// Yes.
        Granted = "granted",
    }
}

#[cfg(test)]
mod tests;
