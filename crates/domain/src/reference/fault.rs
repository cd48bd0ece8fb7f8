//! What can be wrong with the reference data, in words, and what to do about it.

use super::TableName;
use super::event::Answer;
use super::rubric::Aspect;
use crate::handling::Tlp;
use crate::word::Code;

/// Near-miss kinds fit on one screen of tiles.
pub const NEAR_MISS_KINDS_MAX: usize = 8;

/// A fault of the data.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fault {
    /// The table it was found in.
    pub table: TableName,
    /// The row's position in the array, from 0; `None` when the table as a whole is at fault.
    pub position: Option<usize>,
    /// What is wrong.
    pub wrong: Wrong,
}

/// What can be wrong with the data.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Wrong {
    /// A regime whose rules speak of a secretariat that it cannot have.
    #[error("its rules rest on a secretariat, and `secretariat` is empty")]
    NoSecretariat,
    /// A regime in which an organization puts itself in.
    #[error("`entered_by` lists `member`: an organization would put itself where it can read")]
    EntersItself,
    /// The last day lies before the first.
    #[error("`valid_to` lies before `valid_from`")]
    Reversed,
    /// Two versions of one code hold on the same day.
    #[error("two rows with the code `{code}` hold on the same day")]
    Overlap {
        /// The code.
        code: Code,
    },
    /// A row from memory that does not ask for review.
    #[error("a row with confidence `memory` has `needs_review = false`")]
    UnreviewedMemory {
        /// The key in the row.
        field: &'static str,
    },
    /// A row is called ours and yet names another's document, or the reverse.
    #[error("confidence `ours` and source `noroshi` go together, and here is only one of them")]
    OursElsewhere {
        /// The key in the row.
        field: &'static str,
    },
    /// A code that is in no row of the table it points to.
    #[error("`{field}` names `{code}`, which is not in {file}")]
    Dangling {
        /// The key in the row.
        field: &'static str,
        /// The code given.
        code: Code,
        /// The file where it should be.
        file: &'static str,
    },
    /// An adopted sector without a ministry.
    #[error("an adopted sector has no `ministry`")]
    NoMinistry,
    /// More near-miss kinds than tiles.
    #[error("there are {count} kinds of near miss and the page has {NEAR_MISS_KINDS_MAX} tiles")]
    TooManyKinds {
        /// Kinds given.
        count: usize,
    },
    /// The helper asks two questions.
    #[error("the helper has {count} questions and needs exactly two: harm, then danger")]
    NotTwoQuestions {
        /// Questions given.
        count: usize,
    },
    /// A pair of answers with no verdict or several.
    #[error(
        "the answers harm = `{harm}`, danger = `{danger}` have {count} verdicts instead of one"
    )]
    Verdicts {
        /// Answer to the first question.
        harm: Answer,
        /// Answer to the second.
        danger: Answer,
        /// Verdicts found.
        count: usize,
    },
    /// Not each of the five rungs exactly once.
    #[error("the rungs are not 0, 1, 2, 3 and 4, once each")]
    Rungs,
    /// The bands of an aspect are missing or out of order.
    #[error("the bands of `{aspect}` do not rise from rung 0")]
    Bands {
        /// The aspect.
        aspect: Aspect,
    },
    /// A row the program relies on is missing.
    #[error("the row `{code}`, which the program relies on, is missing")]
    MissingRow {
        /// The code.
        code: String,
    },
    /// A row that the program would never use.
    #[error("the program knows no `{code}`")]
    UnknownToProgram {
        /// The code.
        code: Code,
    },
    /// A label that promises another reach than the program enforces.
    #[error("the reach of `{label}` is not what the program enforces, which is: {enforced}")]
    Reach {
        /// The label.
        label: Tlp,
        /// The circles it reaches, separated by commas.
        enforced: String,
    },
    /// A legal status that presupposes itself.
    #[error("a legal status presupposes itself")]
    PresupposesItself,
    /// Two prefectures with one number.
    #[error("the number {number} is also that of `{other}`")]
    SameNumber {
        /// The number.
        number: u8,
        /// The other prefecture.
        other: Code,
    },
}

impl Wrong {
    /// The key in the row at fault, dotted when it stands in a table inside the row; `None` when
    /// the row as a whole is.
    pub const fn field(&self) -> Option<&'static str> {
        match self {
            Self::Reversed => Some("valid_to"),
            Self::Overlap { .. } | Self::UnknownToProgram { .. } => Some("code"),
            Self::Dangling { field, .. }
            | Self::UnreviewedMemory { field }
            | Self::OursElsewhere { field } => Some(*field),
            Self::PresupposesItself => Some("presupposes"),
            Self::SameNumber { .. } => Some("number"),
            Self::Reach { .. } => Some("reaches"),
            Self::NoSecretariat => Some("secretariat"),
            Self::EntersItself => Some("entered_by"),
            Self::NoMinistry
            | Self::TooManyKinds { .. }
            | Self::NotTwoQuestions { .. }
            | Self::Verdicts { .. }
            | Self::Rungs
            | Self::Bands { .. }
            | Self::MissingRow { .. } => None,
        }
    }

    /// What to do about it.
    pub const fn advice(&self) -> &'static str {
        match self {
            Self::Reversed => "swap the two dates or correct one",
            Self::Overlap { .. } => {
                "end the older row with `valid_to` the day before the newer one begins, or choose another code"
            }
            Self::UnreviewedMemory { .. } => {
                "set `needs_review = true`, or read the document and raise `confidence`"
            }
            Self::OursElsewhere { .. } => {
                "set both `source = \"noroshi\"` and `confidence = \"ours\"`, or neither"
            }
            Self::Dangling { .. } => "correct the code or add the row it points to",
            Self::NoMinistry => {
                "name the responsible ministry, or set `standing = \"announced\"` until it is known"
            }
            Self::TooManyKinds { .. } => "join two kinds or leave one out",
            Self::NotTwoQuestions { .. } => "keep two `[[question]]` rows",
            Self::Verdicts { .. } => "let exactly one `[[verdict]]` list this pair of answers",
            Self::Rungs => "write five `[[rung]]` rows; another numbering is a `[[scale]]`",
            Self::Bands { .. } => "list its `[[band]]` rows from rung 0 upward",
            Self::MissingRow { .. } => "restore the row from the shipped file",
            Self::UnknownToProgram { .. } => "remove the row; a new one needs code as well as data",
            Self::Reach { .. } => "list exactly these circles; who is reached is decided in code",
            Self::NoSecretariat => {
                "name the kinds that can be its secretariat, or take `secretariat` out of the rules"
            }
            Self::EntersItself => "let the keeper or the secretariat put organizations in",
            Self::PresupposesItself => "name another status or leave `presupposes` out",
            Self::SameNumber { .. } => "give each prefecture its own JIS X 0401 number",
        }
    }
}
