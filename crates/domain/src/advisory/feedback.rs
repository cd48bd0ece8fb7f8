//! Feedback: whether an advisory helped, and what it brought about.

use crate::confidential::Confidential;
use crate::text::BoundedText;
use crate::word::words;

/// Longest remark or reason, in characters.
pub const REMARK_CHARS_MAX: usize = 1_000;

/// A remark or a reason, bounded at the door.
pub type Remark = BoundedText<REMARK_CHARS_MAX>;

words! {
    /// Was it useful?
    pub enum Usefulness {
        /// Yes.
        Yes = "yes",
        /// In part.
        Partly = "partly",
        /// No.
        No = "no",
    }
}

words! {
    /// When did it arrive, relative to need?
    pub enum Timeliness {
        /// Before it was needed.
        Before = "before",
        /// In time.
        InTime = "in-time",
        /// Too late.
        Late = "late",
    }
}

words! {
    /// Did it match something there?
    pub enum Matching {
        /// Something was found.
        Yes = "yes",
        /// Nothing was found.
        No = "no",
        /// Not known.
        Unknown = "unknown",
    }
}

/// What an addressee says of an advisory afterwards.
#[derive(Clone, PartialEq, Eq)]
pub struct Feedback {
    /// Was it useful?
    pub useful: Usefulness,
    /// When did it arrive, relative to need?
    pub timeliness: Timeliness,
    /// Did it match something there?
    pub matched: Matching,
    /// Why nothing could be done, or anything else; `None` when nothing was written.
    pub remark: Option<Confidential<Remark>>,
}
