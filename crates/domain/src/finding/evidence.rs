//! Reasons for and against a finding: codes with a number and a weight, no sentences.

use crate::word::words;

words! {
    /// What a piece of evidence is about. The codes are those of the flow room, which tells the unit
    /// of each number; the hub's tests compare the two lists.
    pub enum EvidenceCode {
        /// Its clients come back by the clock.
        Automation = "automation",
        /// It is called evenly over the day.
        Flat = "flat",
        /// Calls are of one size.
        Uniform = "uniform",
        /// Calls are short and go both ways alike.
        SmallTalk = "small-talk",
        /// Packets carry next to nothing.
        SmallPackets = "small-packets",
        /// Calls fail and are tried again.
        Failures = "failures",
        /// A port of no usual service.
        OddPort = "odd-port",
        /// A port of a service whose talk never has this size.
        NotTheService = "not-the-service",
        /// Sessions are held open.
        HeldOpen = "held-open",
        /// Clients send far more than they receive.
        Upload = "upload",
        /// Its clients call equally often.
        Alike = "alike",
        /// Its clients search the network for open doors.
        ScanningClients = "scanning-clients",
        /// Lists of known servers name it.
        Known = "known",
        /// It was not there before.
        Novel = "novel",
        /// Other carriers found it too.
        Carriers = "carriers",
        /// An address of a network that delivers for many.
        Delivery = "delivery",
        /// An address of a cloud that anybody rents.
        Cloud = "cloud",
        /// An address of a network that a vendor runs for its own products.
        Vendor = "vendor",
        /// A resolver, a clock, a tunnel or another service for everybody.
        PublicService = "public-service",
        /// Many unlike clients use it.
        Popular = "popular",
        /// A port on which programs poll by nature.
        PollingPort = "polling-port",
        /// One of many doors that were tried in vain.
        ScanTarget = "scan-target",
        /// More than any talk needs, as when it is attacked.
        Flood = "flood",
        /// An analyst judged it harmless.
        JudgedBenign = "judged-benign",
    }
}

/// A weight or a score in tenths of a deciban: one hundred make a suspicion ten times likelier.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct Decibans(i32);

/// The number of a piece of evidence in millionths of the unit of its code.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct Measure(i64);

/// A reason, with its number and what it adds to the score.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Evidence {
    /// What it is about.
    pub code: EvidenceCode,
    /// The number, in the unit of the code.
    pub value: Measure,
    /// What it adds to the score; negative where it speaks against.
    pub weight: Decibans,
}

impl Decibans {
    /// That many tenths of a deciban.
    pub const fn from_tenths(tenths: i32) -> Self {
        Self(tenths)
    }

    /// The nearest tenth of `decibans`; what is beyond the range becomes its end.
    #[expect(
        clippy::cast_possible_truncation,
        reason = "a float beyond i32 becomes its end"
    )]
    pub fn nearest(decibans: f64) -> Self {
        Self((decibans * 10.0).round() as i32)
    }

    /// Tenths of a deciban.
    pub const fn tenths(self) -> i32 {
        self.0
    }

    /// This and `other` together.
    #[must_use]
    pub const fn plus(self, other: Self) -> Self {
        Self(self.0.saturating_add(other.0))
    }

    /// This without `other`.
    #[must_use]
    pub const fn minus(self, other: Self) -> Self {
        Self(self.0.saturating_sub(other.0))
    }
}

impl std::fmt::Display for Decibans {
    /// `14.3` or `-0.5`: decibans with one decimal.
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let sign = if self.0 < 0 { "-" } else { "" };
        let tenths = self.0.unsigned_abs();
        write!(out, "{sign}{}.{}", tenths / 10, tenths % 10)
    }
}

impl Measure {
    /// That many millionths.
    pub const fn from_millionths(millionths: i64) -> Self {
        Self(millionths)
    }

    /// The nearest millionth of `value`; what is beyond the range becomes its end.
    #[expect(
        clippy::cast_possible_truncation,
        reason = "a float beyond i64 becomes its end"
    )]
    pub fn nearest(value: f64) -> Self {
        Self((value * 1_000_000.0).round() as i64)
    }

    /// Millionths.
    pub const fn millionths(self) -> i64 {
        self.0
    }

    /// The number, for sentences.
    #[expect(clippy::cast_precision_loss, reason = "sentences show two digits")]
    pub fn value(self) -> f64 {
        self.0 as f64 / 1_000_000.0
    }
}
