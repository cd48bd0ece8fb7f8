//! Severity: five rungs of effect on the nation's life.
//!
//! The rung is stored; which number it bears is the scale's matter (0 to 4 in the standard of 2018,
//! 1 to 5 in the draft of 2016), and the scale is reference data.

use crate::word::words;

/// One of five rungs, 0 (no effect) to 4 (extremely grave).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Severity(u8);

impl Severity {
    /// The highest rung.
    pub const HIGHEST: Self = Self(4);

    /// The rung with that number, 0 to 4; `None` beyond.
    pub const fn from_rung(rung: u8) -> Option<Self> {
        if rung <= 4 { Some(Self(rung)) } else { None }
    }

    /// The rung, 0 to 4.
    pub const fn rung(self) -> u8 {
        self.0
    }

    /// All rungs, lowest first.
    pub fn all() -> [Self; 5] {
        [Self(0), Self(1), Self(2), Self(3), Self(4)]
    }
}

words! {
    /// To whom an opinion is shown. Given on an original, it tells of the original.
    pub enum Reach {
        /// Those who may read an original of the report: its relay, and its source by name.
        Desk = "desk",
        /// Those who may read any part of the report.
        Readers = "readers",
    }
}

/// Whose opinion a severity is. All three are kept, each with its author and time.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Standpoint {
    /// The reporting operator's proposal.
    Operator,
    /// The CEPTOAR's or ministry's adjustment.
    Relay,
    /// The national center's final word.
    Center,
}
