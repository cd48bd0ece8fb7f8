//! Rows about what happened: event types, causes, near misses, places and systems.

use super::row::Bilingual;
use crate::word::{Code, words};

/// A group of event types or causes; carries nothing but its names.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Group;

/// A type of event (事象の類型). One report names one or more.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct EventType {
    /// Code of its group.
    pub group: Code,
}

/// A type of cause (原因の類型). One report names any number.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Cause {
    /// Code of its group.
    pub group: Code,
}

/// A kind of near miss, one tile on the page.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NearMissKind {
    /// One sentence of the sort a colleague would say.
    pub example: Bilingual,
    /// The event type proposed when the near miss is promoted to an incident.
    pub promotes_to: Code,
}

/// One of the two questions that help to decide whether something is a near miss.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Question {
    /// What the question means, in one or two sentences.
    pub help: Bilingual,
}

words! {
    /// An answer to one of the two questions.
    pub enum Answer {
        /// Yes.
        Yes = "yes",
        /// No.
        No = "no",
        /// Not sure; always allowed.
        Unsure = "unsure",
    }
}

words! {
    /// Where the two questions lead.
    pub enum Lead {
        /// To the near-miss page.
        NearMiss = "near-miss",
        /// To the first report of an incident.
        FirstReport = "first-report",
        /// To the near-miss page all the same, or to a plain count: there is no floor.
        Optional = "optional",
    }
}

/// What the answers to the two questions mean. Each pair of answers has exactly one verdict.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Verdict {
    /// Answers to the first question (was anything harmed?) that lead here.
    pub harm: Vec<Answer>,
    /// Answers to the second question (could it have been?) that lead here.
    pub danger: Vec<Answer>,
    /// Where it leads.
    pub leads_to: Lead,
    /// The sentence shown.
    pub text: Bilingual,
}

/// Why a near miss did no harm.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NoHarmReason;

/// Where something happened: IT, OT, cloud, supplier, people.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Place {
    /// What belongs there, in a few words.
    pub help: Bilingual,
}

/// A kind of system that can be hit, business systems included.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct System {
    /// Code of the place it usually belongs to.
    pub place: Code,
}
